/* What a read of Shopify's objects becomes: records of every table it touches,
 * saved together. Pulls, previews and re-reads all come through here. */
#ifndef APP_INTAKE_H
#define APP_INTAKE_H

#include "app/map.h"
#include "shopify/topic.h"
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

/* How a table's records are saved: IN_OBJECT and IN_STUB can be gone by
 * themselves, which the query is told of by when the read began. */
struct intake_row {
	const char *word;
	const struct map *map;
	enum { IN_CHILD, IN_OBJECT, IN_STUB } is;
	enum query save; /* a JSON list of records */
	enum query temp, copy, copied; /* rows, by a table of the session */
};
extern const struct intake_row intake_rows[IN_TABLES];

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
	/* Not whole objects: what they do not say stays as it is, nothing is
	 * read on, and rows are marked so. */
	bool partial;
	bool
	    alone; /* parts of an order without it: none replaces a whole one */
	struct keys keys;
	struct intake_batch batches[IN_TABLES];
	/* Products read whole, as of when, and every variant they named. */
	int64_t *products, *variants;
	const char **products_at;
	size_t n_products, n_variants;
	double cost_points; /* of the further reads it took */
	int64_t *cut; /* orders of which Shopify gave not all */
	size_t n_cut;
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

/* The parts of orders alone, of which nothing else is written. */
enum rc intake_order_parts(
    struct cx *cx, struct intake *in, struct json nodes) MUST_USE;

/*
 * Takes what a webhook's payload says, for a shop that cannot be read: in part.
 * What is gone stays gone. RC_ABSENT (not noted): it says nothing, or is of an
 * order that we do not have. Codes as payload_nodes'.
 */
enum rc intake_payload(struct cx *cx, struct intake *in,
    const struct topic *topic, struct json payload) MUST_USE;

/* Writes all of it, inside the caller's transaction; RC_CONFLICT when the shop
 * was installed anew since in->shop was loaded. */
enum rc intake_save(struct cx *cx, struct intake *in) MUST_USE;

/* An order and whose data it is: the customer's or, without one, its own. */
struct intake_order {
	const char *gid;
	int64_t id;
	const char *updated_at;
	struct subject subject;
};
enum rc intake_order_read(
    struct cx *cx, struct json node, struct intake_order *out) MUST_USE;
/* What a child of it needs; `keys` NULL: nothing of it is sealed. */
struct map_owner intake_order_child(
    const struct keys *keys, const struct intake_order *order);

/* Lines of the refund of that number (an int64_t), which was saved or is saved
 * with them; a reread_fn. */
enum rc intake_refund_lines(struct cx *cx, struct intake *in, struct json nodes,
    void *refund_id) MUST_USE;

/* So many rows of it were saved: for the figures. */
void intake_count(struct cx *cx, enum intake_table table, int64_t n);

/* One record into its table's batch. */
enum rc intake_record(struct cx *cx, struct intake *in, enum intake_table table,
    struct json object, const struct map_owner *owner, int64_t *id) MUST_USE;

#endif
