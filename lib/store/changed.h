/* What webhooks said has changed, until it is read again. */
#ifndef STORE_CHANGED_H
#define STORE_CHANGED_H

#include "io/db.h"

/* Of one type of cx->shop_id, the oldest first. */
struct changed {
	const char *type; /* "products", "orders", "customers" */
	int64_t *ids;
	size_t n;
	const char *at; /* the moment of the look, as Postgres wrote it */
	int64_t oldest_ms; /* how long ago the first was noted */
};

enum rc changed_note(struct cx *cx, const char *type, int64_t id) MUST_USE;

/* Puts the job that reads them; from inside its own run it goes round once
 * more. Wake jobd behind the commit. */
enum rc changed_put(struct cx *cx, int64_t shop_id, int32_t shop_epoch,
    const char *type) MUST_USE;

/* Puts it for what was noted ten minutes ago and more, of every shop that can
 * be read; needs cx->every_shop. *n says for how many of shop and type. */
enum rc changed_put_late(struct cx *cx, size_t *n) MUST_USE;

enum rc changed_load(
    struct cx *cx, const char *type, int limit, struct changed *out) MUST_USE;

/* They were read; what changed again after the look stays. */
enum rc changed_drop(struct cx *cx, const struct changed *read) MUST_USE;

enum rc changed_more(struct cx *cx, const char *type, bool *out) MUST_USE;

/* Shopify has these no more, and no read that began before brings them back. In
 * the caller's transaction, before it saves rows of the shop. RC_BUG for an
 * unknown type. */
enum rc changed_gone(
    struct cx *cx, const char *type, const int64_t *ids, size_t n) MUST_USE;

#endif
