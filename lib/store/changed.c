/* What webhooks said has changed, until it is read again. */
#include "store/changed.h"
#include "store/job.h"

enum rc
changed_note(struct cx *cx, const char *type, int64_t id)
{
	return db_run(cx, Q_CHANGED_NOTE,
	    ARGS(a_int(cx->shop_id), a_text(type), a_int(id)), NULL);
}

enum rc
changed_put(
    struct cx *cx, int64_t shop_id, int32_t shop_epoch, const char *type)
{
	const struct job_new job = {
		.kind = JOB_CHANGED_REFRESH,
		.shop_id = shop_id,
		.shop_epoch = shop_epoch,
		.args = text_fmt(cx->mem, "{\"type\":\"%s\"}", type),
		.unique = text_fmt(cx->mem, "changed:%lld:%d:%s",
		    (long long)shop_id, (int)shop_epoch, type),
		.priority = JOB_EVENT,
	};

	return job_put(cx, &job, NULL);
}

enum rc
changed_put_late(struct cx *cx, size_t *n)
{
	struct rows rows;
	size_t i;

	*n = 0;
	if (!cx->every_shop)
		return rc_fail(cx, RC_BUG, "one shop's view is not all shops'");
	TRY(db_all(cx, Q_CHANGED_LATE, NO_ARGS, &rows));
	for (i = 0; i < rows.n; i++) {
		const struct row row = rows_at(&rows, i);

		TRY(changed_put(cx, row_int(row, 0), (int32_t)row_int(row, 1),
		    row_text(row, 2)));
	}
	*n = rows.n;
	return RC_OK;
}

enum rc
changed_load(struct cx *cx, const char *type, int limit, struct changed *out)
{
	struct rows rows;
	size_t i;

	TRY(db_all(cx, Q_CHANGED_LIST,
	    ARGS(a_int(cx->shop_id), a_text(type), a_int(limit)), &rows));
	*out = (struct changed){
		.type = type,
		.ids = ARENA_ARRAY(cx->mem, int64_t, rows.n + 1),
		.n = rows.n,
		.at = rows.n ? row_text(rows_at(&rows, 0), 1) : NULL,
		.oldest_ms = rows.n ? row_int(rows_at(&rows, 0), 2) : 0,
	};
	for (i = 0; i < rows.n; i++)
		out->ids[i] = row_int(rows_at(&rows, i), 0);
	return RC_OK;
}

enum rc
changed_drop(struct cx *cx, const struct changed *read)
{
	return db_run(cx, Q_CHANGED_DROP,
	    ARGS(a_int(cx->shop_id), a_text(read->type),
		a_ints(read->ids, read->n), a_text(read->at)),
	    NULL);
}

enum rc
changed_more(struct cx *cx, const char *type, bool *out)
{
	struct row row;

	TRY(db_one(
	    cx, Q_CHANGED_MORE, ARGS(a_int(cx->shop_id), a_text(type)), &row));
	*out = row_bool(row, 0);
	return RC_OK;
}

static const struct table {
	const char *type;
	enum query gone;
} tables[] = {
	{ "products", Q_PRODUCT_GONE },
	{ "orders", Q_ORDER_GONE },
	{ "customers", Q_CUSTOMER_GONE },
};

/* NULL for an unknown type, which is noted. */
static const struct table *
table_of(struct cx *cx, const char *type)
{
	size_t i;

	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		if (text_same(tables[i].type, type))
			return &tables[i];
	(void)rc_fail(cx, RC_BUG, "nothing of type %s can go", type);
	return NULL;
}

enum rc
changed_gone(struct cx *cx, const char *type, const int64_t *ids, size_t n)
{
	const struct table *table = table_of(cx, type);
	struct row row;

	if (table == NULL)
		return RC_BUG;
	TRY(db_one(cx, Q_GONE_LOCK, ARGS(a_int(cx->shop_id)), &row));
	TRY(db_run(cx, Q_GONE_NOTE,
	    ARGS(a_int(cx->shop_id), a_text(type), a_ints(ids, n)), NULL));
	return db_run(
	    cx, table->gone, ARGS(a_int(cx->shop_id), a_ints(ids, n)), NULL);
}
