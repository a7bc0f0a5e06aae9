/* Shopify's tokens of a shop: sealed rows and the refresher's lease. */
#include <string.h>

#include "base/uuid.h"
#include "store/token.h"

static struct blob_place
place(struct cx *cx, int64_t shop_id, const char *column)
{
	return (struct blob_place){ shop_id, "token", column,
		text_fmt(cx->mem, "%lld", (long long)shop_id) };
}

/* Both refresh columns share one place, since one moves into the other. */
static enum rc
open_column(struct cx *cx, const struct keys *keys, const char *column,
    struct slice blob, struct secret *out)
{
	const struct blob_place at = place(cx, keys->shop_id, column);
	const struct blob_key *key;
	struct slice plain;
	uint32_t id;

	*out = (struct secret){ NULL, 0 };
	if (!blob.p)
		return RC_OK;
	if (!blob_key_id(blob, &id) || !(key = keys_find(keys, id)))
		return rc_fail(cx, RC_BUG, "no key opens the shop's token");
	TRY(blob_open(cx, key, &at, blob, &plain));
	*out = (struct secret){ plain.p, plain.n };
	return RC_OK;
}

static enum rc
seal_column(struct cx *cx, const struct keys *keys, const char *column,
    struct secret secret, struct slice *out)
{
	const struct blob_place at = place(cx, keys->shop_id, column);

	*out = (struct slice){ NULL, 0 };
	if (!secret.p)
		return RC_OK;
	return blob_seal(
	    cx, &keys->list[0], &at, (struct slice){ secret.p, secret.n }, out);
}

enum rc
token_load(struct cx *cx, const struct keys *keys, struct token *out)
{
	struct row row;

	TRY(db_one(cx, Q_TOKEN_LOAD, ARGS(a_int(keys->shop_id)), &row));
	out->kind = row_text(row, 0);
	out->access_sealed = row_bytes(row, 1);
	out->expires = row_bool(row, 2);
	out->seconds_left = row_int(row, 3);
	out->failed = row_text(row, 4);
	out->refreshing = row_bool(row, 5);
	return open_column(
	    cx, keys, "access", out->access_sealed, &out->access);
}

enum rc
token_save(
    struct cx *cx, const struct keys *keys, const struct token_pair *pair)
{
	struct slice access, refresh;

	TRY(seal_column(cx, keys, "access", pair->access, &access));
	TRY(seal_column(cx, keys, "refresh", pair->refresh, &refresh));
	return db_run(cx, Q_TOKEN_SAVE,
	    ARGS(a_int(keys->shop_id), a_text(pair->kind), a_bytes(access),
		a_bytes(refresh), a_int(pair->expires_in_s),
		a_int(pair->refresh_expires_in_s)),
	    NULL);
}

enum rc
token_lease(struct cx *cx, const struct keys *keys, int64_t fresh_s,
    struct token_lease *out)
{
	struct row row;
	enum rc rc;

	TRY(uuid_mint(cx, &out->holder));
	rc = db_one(cx, Q_TOKEN_LEASE_TAKE,
	    ARGS(a_int(keys->shop_id), a_text(out->holder), a_int(fresh_s)),
	    &row);
	if (rc == RC_ABSENT)
		return RC_CONFLICT;
	TRY(rc);
	out->kind = row_text(row, 1);
	out->by_previous = false;
	TRY(open_column(
	    cx, keys, "refresh", row_bytes(row, 2), &out->previous));
	return open_column(
	    cx, keys, "refresh", row_bytes(row, 0), &out->refresh);
}

enum rc
token_refreshed(struct cx *cx, const struct keys *keys,
    const struct token_lease *lease, const struct token_pair *pair)
{
	struct slice access, refresh;
	int64_t changed;

	TRY(seal_column(cx, keys, "access", pair->access, &access));
	TRY(seal_column(cx, keys, "refresh", pair->refresh, &refresh));
	TRY(db_run(cx, Q_TOKEN_REFRESHED,
	    ARGS(a_int(keys->shop_id), a_text(lease->holder), a_bytes(access),
		a_bytes(refresh), a_int(pair->expires_in_s),
		a_int(pair->refresh_expires_in_s), a_bool(lease->by_previous)),
	    &changed));
	return changed == 1 ? RC_OK : RC_CONFLICT;
}

enum rc
token_lease_end(struct cx *cx, int64_t shop_id, const struct token_lease *lease,
    const char *dead)
{
	int64_t changed;

	TRY(db_run(cx, Q_TOKEN_LEASE_DROP,
	    ARGS(a_int(shop_id), a_text(lease->holder), a_text(dead)),
	    &changed));
	return changed == 1 ? RC_OK : RC_CONFLICT;
}

enum rc
token_expire(struct cx *cx, int64_t shop_id, const struct token *refused)
{
	return db_run(cx, Q_TOKEN_EXPIRE,
	    ARGS(a_int(shop_id), a_bytes(refused->access_sealed)), NULL);
}

enum rc
token_idle_list(
    struct cx *cx, int64_t idle_s, int most, struct token_idle **out, size_t *n)
{
	struct rows rows;
	size_t i;

	if (!cx->every_shop)
		return rc_fail(cx, RC_BUG, "one shop's view is not all shops'");
	TRY(db_all(cx, Q_TOKEN_IDLE, ARGS(a_int(idle_s), a_int(most)), &rows));
	*out = ARENA_ARRAY(cx->mem, struct token_idle, rows.n + 1);
	*n = rows.n;
	for (i = 0; i < rows.n; i++) {
		(*out)[i].shop_id = row_int(rows_at(&rows, i), 0);
		(*out)[i].shop_epoch = (int32_t)row_int(rows_at(&rows, i), 1);
	}
	return RC_OK;
}
