/* Between the files that read a search and apply it. */
#ifndef SANDBOX_SEARCH_IN_H
#define SANDBOX_SEARCH_IN_H

#include "search.h"

enum field_kind {
	BY_TIME,
	BY_NUMBER,
	BY_TEXT, /* the whole value, or with * at the end its beginning */
	BY_FLAG,
	BY_TEXTS,
	BY_STATUS, /* of an order: open, closed, cancelled, any */
	BY_SKU, /* of a product's variants */
	BY_CUSTOMER /* an order's customer, by number */
};

struct search_field {
	enum stock stock;
	const char *name;
	enum field_kind kind;
	size_t offset;
};

/* "updated_at:>='x'": a field, how it compares, a value. */
struct term {
	const char *field; /* NULL: words without one */
	const char *compare; /* "", ">", ">=", "<", "<=" */
	const char *value;
	bool not ;
	const struct search_field *row;
	int64_t number; /* of a time or number */
	struct term *next;
};

/* The terms that filter, in no order; what is not good for it is warned of. */
const struct term *search_terms(
    struct run *run, enum stock stock, const char *query);

/* Whether a thing meets all of them. */
bool search_matches(enum stock stock, const struct term *t, const void *thing);

#endif
