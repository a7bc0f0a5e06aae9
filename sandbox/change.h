/* Changing a shop's things: by a mutation, by control, by the admin's page. */
#ifndef SANDBOX_CHANGE_H
#define SANDBOX_CHANGE_H

#include "event.h"

/* What is to be changed; NULL stays as it is. */
struct change {
	const char *title;
	const char *html;
	const char *seo_title;
	const char *seo_description;
	const char *note;
	const char *tags; /* "a, b" */
};

/* Which kind a word is of: "products", "orders" or "customers"; STOCK_COUNT
 * for none. And back. */
enum stock change_stock(const char *word);
const char *change_word(enum stock stock);

/*
 * Changes a thing, whose updatedAt moves on by a second at least, and tells who
 * subscribes. With nothing in `c` a product's title or a note says how often it
 * was changed. RC_ABSENT: there is no such thing.
 */
enum rc change_thing(struct cx *cx, struct outbox *o, struct shop *shop,
    enum stock stock, int64_t id, const struct change *c) MUST_USE;

/* Makes a thing, a copy of one that there is; *id is its number. */
enum rc change_make(struct cx *cx, struct outbox *o, struct shop *shop,
    enum stock stock, const struct change *c, int64_t *id) MUST_USE;

/* Takes a thing away, with its children. */
enum rc change_remove(struct cx *cx, struct outbox *o, struct shop *shop,
    enum stock stock, int64_t id) MUST_USE;

/* Takes the app off the shop: its tokens die, app/uninstalled goes out, then
 * the subscriptions are gone; shop/redact follows. */
enum rc change_uninstall(
    struct cx *cx, struct outbox *o, struct shop *shop) MUST_USE;

/* The app's scopes on the shop are these from now on; tokens that are out
 * too. */
enum rc change_scopes(struct cx *cx, struct outbox *o, struct shop *shop,
    const char *scopes) MUST_USE;

#endif
