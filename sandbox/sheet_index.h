/* Finding things by a text while a sheet is read, and their ids. */
#ifndef SANDBOX_SHEET_INDEX_H
#define SANDBOX_SHEET_INDEX_H

#include "stock.h"

/* A hash table from text to thing; starts empty. */
struct sheet_index {
	struct arena *mem;
	struct sheet_slot *slots;
	size_t cap; /* a power of two */
	size_t n;
};

void *sheet_index_find(const struct sheet_index *ix, const char *key);
/* `key` must not be in it, and must stay. */
void sheet_index_put(struct sheet_index *ix, const char *key, void *thing);

enum sheet_kind {
	SHEET_PRODUCT = 1,
	SHEET_VARIANT,
	SHEET_OPTION,
	SHEET_ITEM,
	SHEET_ORDER,
	SHEET_TRANSACTION,
	SHEET_REFUND,
	SHEET_CUSTOMER,
	SHEET_ADDRESS,
	SHEET_ROW
};

/* Above 2^53, from the exact text: codes that differ by case differ here. */
int64_t sheet_id(enum sheet_kind kind, const char *text);

/* A line item's, from its line in the file. */
int64_t sheet_row_id(size_t line);

#endif
