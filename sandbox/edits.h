/* What was changed of a shop's things since it was made up or read: kept, so
 * that a restart has it too. */
#ifndef SANDBOX_EDITS_H
#define SANDBOX_EDITS_H

#include "base/json.h"
#include "stock.h"

/* All that was done to one thing. A text that is NULL is as it was. */
struct edit {
	const char *shop;
	int64_t stock; /* STOCK_PRODUCT, STOCK_ORDER or STOCK_CUSTOMER */
	int64_t id;
	int64_t from; /* a copy of this one, made by us; 0: it was there */
	int64_t children; /* the first id of a copy's variants or lines */
	int64_t payments; /* and of its transactions */
	int64_t number; /* of an order that is a copy */
	int64_t made_at;
	int64_t at; /* when it was changed last */
	int64_t times; /* how often */
	int64_t gone;
	const char *title;
	const char *html;
	const char *seo_title;
	const char *seo_description;
	const char *note;
	const char *tags; /* "a, b" */
	struct edit *next;
};

struct edits {
	struct arena *mem; /* as long as the process */
	struct edit *first; /* as they were first made */
};

/* The thing's edit: the one that is there, or a new one. */
struct edit *edits_of(
    struct edits *e, const char *shop, enum stock stock, int64_t id);

/* The text, to stand in an edit. */
const char *edits_text(struct edits *e, const char *text);

/* An id for one more of a kind on the shop: none that there is or was. */
int64_t edits_new_id(
    const struct edits *e, const struct shop *shop, enum stock stock);

/* Onto a shop that was just made: all of it, in order. */
void edits_replay(const struct edits *e, struct shop *shop);

/* To and from the state file. */
void edits_write(struct jw *w, const char *name, const struct edits *e);
void edits_read(struct edits *e, struct json in);

/* ---- onto the things; sort_again is the caller's */

/* The thing is as the edit has it, updated at its time. */
void edit_apply(struct shop *shop, const struct edit *edit);

/* Makes the thing, as a copy of edit->from; nothing when that is not there. */
void edit_copy(struct shop *shop, const struct edit *edit);

/* Takes the thing away, with what belongs to it. */
void edit_remove(struct shop *shop, const struct edit *edit);

/* A thing to write, or NULL. */
void *edit_thing(struct shop *shop, enum stock stock, int64_t id);

#endif
