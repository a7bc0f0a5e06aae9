/* Pulled rows as they lie, a page at a time: what the API shows. */
#ifndef STORE_ROWS_H
#define STORE_ROWS_H

#include "store/keyring.h"

struct pulled_row {
	int64_t id;
	const char *json; /* its columns, none of them personal */
	struct slice sealed; /* p NULL: nothing is */
	struct subject subject; /* whose key sealed it */
};

struct pulled_rows {
	const char *table; /* for the place of a blob */
	struct pulled_row *list;
	size_t n;
};

struct rows_ask {
	const char *word; /* "products", "lines", ... */
	int64_t after; /* go on behind this number; 0: from the newest */
	int64_t id; /* one row; 0: a page */
	int limit;
};

/* What may be asked for, ended by NULL. */
extern const char *const pulled_words[];

/* Rows of cx->shop_id; RC_ABSENT when one was asked for and is not there. */
enum rc pulled_rows_load(struct cx *cx, const struct rows_ask *ask,
    struct pulled_rows *out) MUST_USE;

#endif
