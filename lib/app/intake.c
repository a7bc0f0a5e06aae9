/* What a read of Shopify's objects becomes: records, saved together. */
#include "app/intake.h"
#include "app/before.h"
#include "io/count.h"

enum { BATCH_MAX_BYTES = 32 << 20 };

#define SAVED_BY(q) Q_##q##_SAVE
#define COPIED_BY(q) Q_##q##_SAVE_TEMP, Q_##q##_SAVE_COPY, Q_##q##_SAVE_COPIED

const struct intake_row intake_rows[IN_TABLES] = {
	[IN_PRODUCT] = { "products", &map_product, IN_OBJECT, SAVED_BY(PRODUCT),
	    COPIED_BY(PRODUCT) },
	[IN_VARIANT] = { "variants", &map_variant, IN_CHILD, SAVED_BY(VARIANT),
	    COPIED_BY(VARIANT) },
	[IN_CUSTOMER] = { "customers", &map_customer, IN_OBJECT,
	    SAVED_BY(CUSTOMER), COPIED_BY(CUSTOMER) },
	[IN_ORDER] = { "orders", &map_order, IN_OBJECT, SAVED_BY(ORDER),
	    COPIED_BY(ORDER) },
	[IN_ORDER_STUB] = { "orders", &map_order, IN_STUB, SAVED_BY(ORDER_STUB),
	    COPIED_BY(ORDER_STUB) },
	[IN_LINE] = { "lines", &map_order_line, IN_CHILD, SAVED_BY(ORDER_LINE),
	    COPIED_BY(ORDER_LINE) },
	[IN_TRANSACTION] = { "transactions", &map_order_transaction, IN_CHILD,
	    SAVED_BY(ORDER_TRANSACTION), COPIED_BY(ORDER_TRANSACTION) },
	[IN_REFUND] = { "refunds", &map_refund, IN_CHILD, SAVED_BY(REFUND),
	    COPIED_BY(REFUND) },
	[IN_REFUND_LINE] = { "refund_lines", &map_refund_line, IN_CHILD,
	    SAVED_BY(REFUND_LINE), Q_COUNT, Q_COUNT, Q_COUNT },
};

const char *
intake_word(enum intake_table table)
{
	return intake_rows[table].word;
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

static enum rc
put(struct cx *cx, struct intake *in, enum intake_table table,
    struct json object, const struct map_owner *owner, int64_t *id)
{
	struct intake_batch *batch = &in->batches[table];

	if (batch->n == 0)
		jw_list(&batch->w, NULL);
	TRY(map_record(
	    cx, intake_rows[table].map, object, owner, &batch->w, id));
	batch->n++;
	return RC_OK;
}

/* What the object does not say is as it was. */
static enum rc
put_in_part(struct cx *cx, struct intake *in, enum intake_table table,
    struct json object, const struct map_owner *owner, int64_t *id)
{
	struct map_owner mine = *owner;
	struct map_before before;

	TRY(map_id(cx, intake_rows[table].map, object, id));
	TRY(before_load(cx, intake_rows[table].word, *id, &before));
	if (in->alone && before.row.node &&
	    !jbool_or(before.row, "partial", false))
		return RC_OK;
	mine.before = &before;
	return put(cx, in, table, object, &mine, id);
}

enum rc
intake_record(struct cx *cx, struct intake *in, enum intake_table table,
    struct json object, const struct map_owner *owner, int64_t *id)
{
	return in->partial ? put_in_part(cx, in, table, object, owner, id)
			   : put(cx, in, table, object, owner, id);
}

void
intake_count(struct cx *cx, enum intake_table table, int64_t n)
{
	count_add(M_pull_rows_total,
	    text_fmt(cx->mem, "resource=\"%s\"", intake_rows[table].word), n);
}

static enum rc
save_batch(struct cx *cx, const struct intake *in, enum intake_table table,
    struct intake_batch *batch)
{
	const struct intake_row *t = &intake_rows[table];
	const struct arg list[] = {
		a_int(in->shop->id),
		a_text(buf_text(&batch->text)),
		a_text(in->pull_id),
		a_bool(in->partial || t->is == IN_STUB),
		a_text(in->look),
	};

	jw_close(&batch->w);
	TRY(jw_end(&batch->w));
	TRY(db_run(cx, t->save,
	    (struct args){ t->is == IN_CHILD ? 4 : 5, list }, NULL));
	intake_count(cx, table, batch->n);
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
	if (in->n_cut > 0)
		TRY(db_run(cx, Q_ORDER_CUT,
		    ARGS(a_int(in->shop->id), a_ints(in->cut, in->n_cut)),
		    NULL));
	if (in->n_products == 0)
		return RC_OK;
	return db_run(cx, Q_VARIANT_GONE,
	    ARGS(a_int(in->shop->id), a_ints(in->products, in->n_products),
		a_texts(in->products_at, in->n_products),
		a_ints(in->variants, in->n_variants)),
	    NULL);
}
