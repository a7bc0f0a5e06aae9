/* Lists over the API: {items, next}, paged by an opaque cursor. */
#ifndef APP_LISTS_H
#define APP_LISTS_H

#include "web/reply.h"
#include "web/shape.h"

enum { LIST_LIMIT = 50, LIST_LIMIT_MAX = 250 };

/* ?after=&limit=&shop= of lists whose ids are UUIDs. */
struct list_query {
	const char *after;
	int64_t limit;
	const char *shop; /* the operator says which */
};
extern const struct shape list_query;

/* ?shop= alone. */
struct shop_query {
	const char *shop;
};
extern const struct shape shop_query;

/* "some text": a UUID, for shapes. */
bool list_after_ok(const char *text);

/* Closes the list that was opened under "items" and writes "next": `last`, the
 * last item's id, when the page was full. */
enum rc list_end(
    struct reply *rp, struct jw *w, const char *last, bool full) MUST_USE;

#endif
