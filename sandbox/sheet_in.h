/* Between the files that read a sheet. */
#ifndef SANDBOX_SHEET_IN_H
#define SANDBOX_SHEET_IN_H

#include "csv.h"
#include "sheet.h"
#include "sheet_index.h"

/* One line of the file. */
struct entry {
	const char *invoice;
	const char *code;
	const char *description;
	int64_t quantity;
	int64_t at;
	int64_t price_cents;
	int64_t customer; /* 0: not known */
	const char *country;
	size_t line;
};

/* An order while its lines come in. */
struct open_order {
	struct order order;
	struct gather lines;
};

struct sheet {
	struct cx *cx;
	struct shop *shop;
	struct arena *mem;
	struct sheet_index products; /* by code */
	struct sheet_index orders; /* by invoice */
	struct sheet_index customers; /* by number */
	struct gather all[STOCK_COUNT];
};

/* Past the heading, which must be as it should. */
enum rc sheet_heading(struct cx *cx, struct csv *csv) MUST_USE;

/* The next line that is not blank; RC_ABSENT at the end. */
enum rc sheet_entry(struct cx *cx, struct csv *csv, struct entry *out) MUST_USE;

/* The entry's product or customer (NULL: not known), made when it is new. */
struct product *sheet_product(struct sheet *s, const struct entry *e);
struct customer *sheet_customer(struct sheet *s, const struct entry *e);
/* NULL where the country is none. */
const struct address *sheet_address(
    struct sheet *s, const char *country, int64_t id);

/* The entry as a line of its order. */
void sheet_line(struct sheet *s, const struct entry *e);
/* What can only be said of an order when all lines are there. */
void sheet_close_order(struct sheet *s, struct open_order *open);

#endif
