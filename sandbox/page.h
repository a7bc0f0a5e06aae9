/* Connections: a piece of a list, its cursors, what comes before and after. */
#ifndef SANDBOX_PAGE_H
#define SANDBOX_PAGE_H

#include "sort.h"

struct page {
	struct list nodes;
	bool has_next;
	bool has_previous;
	size_t from; /* the first node's place in the whole list */
	const struct sort *sort; /* NULL: the list's own order */
};

enum { PAGE_FIRST_MAX = 250, PAGE_OBJECTS_MAX = 25000 };

/*
 * The piece of `all` that first, last, after, before and reverse ask for. All
 * is in the order of `sort`, or (NULL) in an order of its own. A wrong
 * argument is said in the run's problems and gives a null.
 */
struct value page_of(struct run *run, struct list all, const struct sort *sort,
    const struct plan_field *f);

/* How many objects a connection is asked for: first or last. */
int64_t page_size(const struct plan_field *f);

/* PageInfo's two functions of its page. */
value_fn page_start_cursor;
value_fn page_end_cursor;

#endif
