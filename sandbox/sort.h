/* The orders a connection can come in. */
#ifndef SANDBOX_SORT_H
#define SANDBOX_SORT_H

#include "stock.h"

/* What a thing is sorted by; ties go by id. */
struct sort_key {
	int64_t number;
	const char *text; /* NULL: by number */
};

/* A sort key's row: "UPDATED_AT" and where the value lies. */
struct sort {
	enum stock stock;
	const char *name;
	enum how how; /* HOW_INT, HOW_TIME or HOW_TEXT */
	size_t offset;
};

/* The row, or ID's for RELEVANCE and what is not known. */
const struct sort *sort_find(enum stock stock, const char *name);

struct sort_key sort_key(const struct sort *sort, const void *thing);

/* <0, 0, >0: a thing (its key and id) against another. */
int sort_compare(
    struct sort_key a, int64_t a_id, struct sort_key b, int64_t b_id);

/* All of a kind in that order; kept by the shop for the next time. */
struct list sort_view(struct shop *shop, const struct sort *sort);

/* Once things of a kind have changed, came or went: what is kept is as if it
 * were asked for now. Lists that sort_view gave before are no longer good. */
void sort_again(struct shop *shop, enum stock stock);

#endif
