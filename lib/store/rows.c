/* Pulled rows as they lie, a page at a time: what the API shows. */
#include "store/rows.h"

static const struct {
	const char *word;
	const char *table;
	enum query query;
} tables[] = {
	{ "products", "product", Q_PRODUCT_ROWS },
	{ "variants", "variant", Q_VARIANT_ROWS },
	{ "orders", "orders", Q_ORDER_ROWS },
	{ "lines", "order_line", Q_ORDER_LINE_ROWS },
	{ "transactions", "order_transaction", Q_ORDER_TRANSACTION_ROWS },
	{ "refunds", "refund", Q_REFUND_ROWS },
	{ "refund_lines", "refund_line", Q_REFUND_LINE_ROWS },
	{ "customers", "customer", Q_CUSTOMER_ROWS },
};

const char *const pulled_words[] = { "products", "variants", "orders", "lines",
	"transactions", "refunds", "refund_lines", "customers", NULL };

static int
table_find(const char *word)
{
	int i;

	for (i = 0; pulled_words[i]; i++)
		if (text_same(tables[i].word, word))
			return i;
	return -1;
}

static void
row_read(struct row row, struct pulled_row *out)
{
	const char *kind = row_text(row, 3);

	*out = (struct pulled_row){
		.id = row_int(row, 0),
		.json = row_text(row, 1),
		.sealed = row_bytes(row, 2),
		.subject = { kind ? kind[0] : '\0', row_int(row, 4) },
	};
}

enum rc
pulled_rows_load(
    struct cx *cx, const struct rows_ask *ask, struct pulled_rows *out)
{
	const int at = table_find(ask->word);
	struct rows rows;
	size_t i;

	if (at < 0)
		return rc_field(cx, RC_INPUT, "resource",
		    "one of the tables that are pulled", ask->word);
	TRY(db_all(cx, tables[at].query,
	    ARGS(a_int(cx->shop_id), ask->after ? a_int(ask->after) : a_null(),
		ask->id ? a_int(ask->id) : a_null(), a_int(ask->limit)),
	    &rows));
	if (ask->id && rows.n == 0)
		return rc_fail(cx, RC_ABSENT, "no such row");
	out->table = tables[at].table;
	out->list = ARENA_ARRAY(cx->mem, struct pulled_row, rows.n + 1);
	out->n = rows.n;
	for (i = 0; i < rows.n; i++)
		row_read(rows_at(&rows, i), &out->list[i]);
	return RC_OK;
}
