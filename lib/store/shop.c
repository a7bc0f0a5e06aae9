/* Shops as we know them. */
#include "store/shop.h"

enum rc
shop_find(struct cx *cx, const char *domain, struct shop *out)
{
	struct row row;

	*out = (struct shop){ 0 };
	TRY(db_one(cx, Q_SHOP_FIND, ARGS(a_text(domain)), &row));
	out->id = row_int(row, 0);
	out->domain = row_text(row, 1);
	out->status = row_text(row, 2);
	out->epoch = (int32_t)row_int(row, 3);
	out->scopes = row_text(row, 4);
	return RC_OK;
}

static void
shop_read(struct row row, struct shop *out)
{
	*out = (struct shop){
		.id = row_int(row, 0),
		.domain = row_text(row, 1),
		.name = row_text(row, 2),
		.status = row_text(row, 3),
		.status_reason = row_text(row, 4),
		.currency = row_text(row, 5),
		.country = row_text(row, 6),
		.plan = row_text(row, 7),
		.scopes = row_text(row, 8),
		.epoch = (int32_t)row_int(row, 9),
		.installed_at = row_int(row, 10),
		.updated_at = row_int(row, 11),
		.token_kind = row_text(row, 12),
		.token_expires_at = row_int(row, 13),
		.refresh_expires_at = row_int(row, 14),
		.token_failed = row_text(row, 15),
	};
}

enum rc
shop_load(struct cx *cx, int64_t shop_id, struct shop *out)
{
	struct row row;

	TRY(db_one(cx, Q_SHOP_LOAD, ARGS(a_int(shop_id)), &row));
	shop_read(row, out);
	return RC_OK;
}

enum rc
shop_list(struct cx *cx, int64_t after, int limit, struct shop **out, size_t *n)
{
	struct rows rows;
	size_t i;

	TRY(db_all(cx, Q_SHOP_LIST, ARGS(a_int(after), a_int(limit)), &rows));
	*out = ARENA_ARRAY(cx->mem, struct shop, rows.n + 1);
	*n = rows.n;
	for (i = 0; i < rows.n; i++)
		shop_read(rows_at(&rows, i), &(*out)[i]);
	return RC_OK;
}

enum rc
shop_save(struct cx *cx, struct shop *shop, const char *time_zone,
    const char *const *scopes, size_t n_scopes)
{
	struct row row;

	TRY(db_one(cx, Q_SHOP_SAVE,
	    ARGS(a_int(shop->id), a_text(shop->domain), a_text(shop->name),
		a_text(shop->currency), a_text(time_zone),
		a_text(shop->country), a_text(shop->plan),
		a_texts(scopes, n_scopes)),
	    &row));
	shop->epoch = (int32_t)row_int(row, 0);
	return RC_OK;
}

enum rc
shop_renew(struct cx *cx, const struct shop *shop, const char *time_zone,
    const char *const *scopes, size_t n_scopes)
{
	int64_t changed;

	TRY(db_run(cx, Q_SHOP_RENEW,
	    ARGS(a_int(shop->id), a_text(shop->name), a_text(shop->currency),
		a_text(time_zone), a_text(shop->country), a_text(shop->plan),
		a_texts(scopes, n_scopes), a_int(shop->epoch)),
	    &changed));
	if (changed == 1)
		return RC_OK;
	return rc_fail(
	    cx, RC_CONFLICT, "it is from before the shop was installed anew");
}

enum rc
shop_mark(struct cx *cx, int64_t shop_id, int32_t epoch, const char *status,
    const char *reason)
{
	return db_run(cx, Q_SHOP_STATUS_SAVE,
	    ARGS(a_int(shop_id), a_text(status), a_text(reason), a_int(epoch)),
	    NULL);
}

enum rc
shop_resume(struct cx *cx, int64_t shop_id)
{
	return db_run(cx, Q_SHOP_RESUME, ARGS(a_int(shop_id)), NULL);
}

enum rc
shop_epoch(struct cx *cx, int64_t shop_id, int32_t *out)
{
	struct row row;

	TRY(db_one(cx, Q_SHOP_EPOCH_LOAD, ARGS(a_int(shop_id)), &row));
	*out = (int32_t)row_int(row, 0);
	return RC_OK;
}

enum rc
shop_fence(struct cx *cx, int64_t shop_id, int32_t epoch)
{
	struct row row;
	const enum rc rc =
	    db_one(cx, Q_SHOP_FENCE, ARGS(a_int(shop_id), a_int(epoch)), &row);

	if (rc == RC_ABSENT)
		return rc_fail(cx, RC_CONFLICT,
		    "it is from before the shop was installed anew");
	return rc;
}

enum rc
shop_end(struct cx *cx, int64_t shop_id, int64_t triggered_at, int32_t *epoch)
{
	struct row row;

	TRY(db_one(cx, Q_SHOP_UNINSTALL,
	    ARGS(a_int(shop_id), triggered_at ? a_int(triggered_at) : a_null()),
	    &row));
	*epoch = (int32_t)row_int(row, 0);
	return RC_OK;
}

enum rc
shop_forget_access(struct cx *cx, int64_t shop_id)
{
	static const enum query steps[] = { Q_TOKEN_DROP, Q_SESSION_DROP_ALL,
		Q_KEY_DROP_ALL, Q_SUBSCRIPTION_DROP_ALL, Q_CHANGED_DROP_ALL,
		Q_PULL_CANCEL_ALL, Q_PULL_PART_CANCEL_ALL };
	size_t i;

	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		TRY(db_run(cx, steps[i], ARGS(a_int(shop_id)), NULL));
	return RC_OK;
}
