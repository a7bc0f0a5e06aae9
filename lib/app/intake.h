/* What a read of Shopify's objects becomes: records of every table it touches,
 * saved together. Pulls, previews and re-reads all come through here. */
#ifndef APP_INTAKE_H
#define APP_INTAKE_H

#include "app/map.h"
#include "store/shop.h"

/* Tables in the order in which they are saved: parents first. */
enum intake_table {
	IN_PRODUCT,
	IN_VARIANT,
	IN_CUSTOMER,
	IN_ORDER,
	IN_ORDER_STUB, /* came with its transactions only */
	IN_LINE,
	IN_TRANSACTION,
	IN_REFUND,
	IN_REFUND_LINE,
	IN_TABLES
};

/* The word people know a table by: "products", "lines". */
const char *intake_word(enum intake_table table);

/* Records of one table that wait to be saved. */
struct intake_batch {
	struct buf text; /* a JSON list */
	struct jw w;
	int64_t n;
};

struct intake {
	const struct shop *shop;
	const char *pull_id; /* NULL outside a pull */
	/* When the read began, as Postgres wrote it: what was marked as gone
	 * since stays so. */
	const char *look;
	bool partial; /* not whole objects: what they say of themselves */
	struct keys keys;
	struct intake_batch batches[IN_TABLES];
	/* Products read whole, as of when, and every variant they named. */
	int64_t *products, *variants;
	const char **products_at;
	size_t n_products, n_variants;
	double cost_points; /* of the further reads it took */
};

/* Begins one, before the first read; the shop's keys are made where they are
 * missing. */
enum rc intake_begin(struct cx *cx, struct intake *in, const struct shop *shop,
    const char *pull_id) MUST_USE;

/*
 * Take lists of Shopify's objects, as the page documents give them, and read
 * from Shopify what a page could not hold (more variants, lines, transactions,
 * refunds; refund lines). Nothing is written yet; no transaction may be open.
 */
enum rc intake_products(
    struct cx *cx, struct intake *in, struct json nodes) MUST_USE;
enum rc intake_customers(
    struct cx *cx, struct intake *in, struct json nodes) MUST_USE;
enum rc intake_orders(
    struct cx *cx, struct intake *in, struct json nodes) MUST_USE;
/* Orders as transactions_page gives them, for their transactions: an order that
 * we have stays as it is. */
enum rc intake_transactions(
    struct cx *cx, struct intake *in, struct json nodes) MUST_USE;

/* Writes all of it, inside the caller's transaction; RC_CONFLICT when the shop
 * was installed anew since in->shop was loaded. */
enum rc intake_save(struct cx *cx, struct intake *in) MUST_USE;

/* One record into its table's batch. */
enum rc intake_record(struct cx *cx, struct intake *in, enum intake_table table,
    struct json object, const struct map_owner *owner, int64_t *id) MUST_USE;

#endif
