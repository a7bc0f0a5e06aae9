/* What a read of Shopify's objects becomes: records, saved together. */
#include "app/intake.h"
#include "io/count.h"

enum { BATCH_MAX_BYTES = 32 << 20 };

struct table_row {
	const char *word;
	const struct map *map;
	enum query save;
	enum { CHILD, OBJECT, STUB } is; /* OBJECT, STUB: by itself gone */
};

static const struct table_row tables[IN_TABLES] = {
	[IN_PRODUCT] = { "products", &map_product, Q_PRODUCT_SAVE, OBJECT },
	[IN_VARIANT] = { "variants", &map_variant, Q_VARIANT_SAVE, CHILD },
	[IN_CUSTOMER] = { "customers", &map_customer, Q_CUSTOMER_SAVE, OBJECT },
	[IN_ORDER] = { "orders", &map_order, Q_ORDER_SAVE, OBJECT },
	[IN_ORDER_STUB] = { "orders", &map_order, Q_ORDER_STUB_SAVE, STUB },
	[IN_LINE] = { "lines", &map_order_line, Q_ORDER_LINE_SAVE, CHILD },
	[IN_TRANSACTION] = { "transactions", &map_order_transaction,
	    Q_ORDER_TRANSACTION_SAVE, CHILD },
	[IN_REFUND] = { "refunds", &map_refund, Q_REFUND_SAVE, CHILD },
	[IN_REFUND_LINE] = { "refund_lines", &map_refund_line,
	    Q_REFUND_LINE_SAVE, CHILD },
};

const char *
intake_word(enum intake_table table)
{
	return tables[table].word;
}

enum rc
intake_begin(struct cx *cx, struct intake *in, const struct shop *shop,
    const char *pull_id)
{
	struct row row;
	int i;

	*in = (struct intake){ .shop = shop, .pull_id = pull_id };
	TRY(db_one(cx, Q_INTAKE_LOOK, NO_ARGS, &row));
	in->look = row_text(row, 0);
	for (i = 0; i < IN_TABLES; i++) {
		in->batches[i].text = buf_new(cx->mem, BATCH_MAX_BYTES);
		in->batches[i].w = jw_new(&in->batches[i].text);
	}
	return keys_load(cx, shop->id, KEYS_MAKE, &in->keys);
}

enum rc
intake_record(struct cx *cx, struct intake *in, enum intake_table table,
    struct json object, const struct map_owner *owner, int64_t *id)
{
	struct intake_batch *batch = &in->batches[table];

	if (batch->n == 0)
		jw_list(&batch->w, NULL);
	TRY(map_record(cx, tables[table].map, object, owner, &batch->w, id));
	batch->n++;
	return RC_OK;
}

static enum rc
save_batch(struct cx *cx, const struct intake *in, enum intake_table table,
    struct intake_batch *batch)
{
	const struct table_row *t = &tables[table];
	const struct arg list[] = {
		a_int(in->shop->id),
		a_text(buf_text(&batch->text)),
		a_text(in->pull_id),
		a_bool(in->partial || t->is == STUB),
		a_text(in->look),
	};

	jw_close(&batch->w);
	TRY(jw_end(&batch->w));
	TRY(db_run(
	    cx, t->save, (struct args){ t->is == CHILD ? 4 : 5, list }, NULL));
	count_add(M_pull_rows_total,
	    text_fmt(cx->mem, "resource=\"%s\"", t->word), batch->n);
	return RC_OK;
}

enum rc
intake_save(struct cx *cx, struct intake *in)
{
	int i;

	/* Held until the end: nothing is marked as gone meanwhile. */
	TRY(shop_fence(cx, in->shop->id, in->shop->epoch));
	for (i = 0; i < IN_TABLES; i++)
		if (in->batches[i].n > 0)
			TRY(save_batch(
			    cx, in, (enum intake_table)i, &in->batches[i]));
	if (in->n_products == 0)
		return RC_OK;
	return db_run(cx, Q_VARIANT_GONE,
	    ARGS(a_int(in->shop->id), a_ints(in->products, in->n_products),
		a_texts(in->products_at, in->n_products),
		a_ints(in->variants, in->n_variants)),
	    NULL);
}
