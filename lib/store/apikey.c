/* API keys of ours: shown once, kept as SHA-256 (security.md D7). */
#include <string.h>

#include "base/code.h"
#include "base/uuid.h"
#include "io/crypt.h"
#include "store/apikey.h"
#include "store/mint.h"

/* "sk_" + 43 characters of base62 + 6 hex digits of CRC-32. */
enum { PREFIX_CHARS = 3, BODY_CHARS = 43, SUM_CHARS = 6, SHOWN_CHARS = 9 };

const char *const apikey_scopes[] = { "*", "shops:read", "sessions:read",
	"sessions:write", "keys:read", "keys:write", "pulls:read",
	"pulls:write", "jobs:read", "jobs:write", "webhooks:read",
	"privacy:read", "privacy:write", "metrics:read", NULL };

static char *
checksum(struct cx *cx, const char *secret)
{
	return text_fmt(cx->mem, "%06x",
	    crc32_of(secret, PREFIX_CHARS + BODY_CHARS) & 0xffffffU);
}

/* Misspelt and foreign strings never reach the database. */
static bool
well_formed(struct cx *cx, const char *secret)
{
	return strlen(secret) == PREFIX_CHARS + BODY_CHARS + SUM_CHARS &&
	       text_starts(secret, "sk_") &&
	       text_same(
		   checksum(cx, secret), secret + PREFIX_CHARS + BODY_CHARS);
}

static enum rc
key_mint(struct cx *cx, const char **out)
{
	unsigned char *bits = arena_alloc_secret(cx->mem, 32);
	const char *body;

	TRY(crypt_random(cx, bits, 32));
	body = text_fmt(cx->mem, "sk_%s", base62_of32(cx->mem, bits));
	*out = text_fmt(cx->mem, "%s%s", body, checksum(cx, body));
	return RC_OK;
}

enum rc
apikey_mint(
    struct cx *cx, struct apikey *key, int64_t days, const char **secret)
{
	struct slice hash;
	struct row row;

	TRY(key_mint(cx, secret));
	TRY(mint_hash(cx, *secret, &hash));
	TRY(uuid_mint(cx, &key->id));
	key->shop_id = cx->shop_id;
	key->operator= cx->shop_id == 0;
	key->prefix = text_fmt(cx->mem, "%.*s", SHOWN_CHARS, *secret);
	TRY(db_one(cx, Q_KEY_PUT,
	    ARGS(a_int(key->shop_id), a_text(key->id), a_bytes(hash),
		a_text(key->prefix), a_text(key->label),
		a_texts(key->scopes, key->n_scopes), a_bool(key->operator),
		a_int(days)),
	    &row));
	key->created_at = row_int(row, 0);
	key->expires_at = row_int(row, 1);
	return RC_OK;
}

enum rc
apikey_find(struct cx *cx, const char *secret, struct apikey *out)
{
	struct slice hash;
	struct row row;

	if (!well_formed(cx, secret))
		return RC_ABSENT;
	TRY(mint_hash(cx, secret, &hash));
	TRY(db_one(cx, Q_KEY_FIND, ARGS(a_bytes(hash)), &row));
	*out = (struct apikey){
		.shop_id = row_int(row, 0),
		.id = row_text(row, 1),
		.operator= row_bool(row, 3),
		.shop = row_text(row, 4),
		.status = row_text(row, 5),
		.stale = row_bool(row, 6),
	};
	out->n_scopes = row_texts(cx, row, 2, &out->scopes);
	return RC_OK;
}

enum rc
apikey_used(struct cx *cx, int64_t shop_id, const char *id)
{
	return db_run(cx, Q_KEY_USED, ARGS(a_int(shop_id), a_text(id)), NULL);
}

static void
apikey_read(struct cx *cx, int64_t shop_id, struct row row, struct apikey *out)
{
	*out = (struct apikey){
		.shop_id = shop_id,
		.id = row_text(row, 0),
		.label = row_text(row, 1),
		.prefix = row_text(row, 2),
		.operator= row_bool(row, 4),
		.created_at = row_int(row, 5),
		.expires_at = row_int(row, 6),
		.last_used_at = row_int(row, 7),
		.revoked_at = row_int(row, 8),
	};
	out->n_scopes = row_texts(cx, row, 3, &out->scopes);
}

enum rc
apikey_list(struct cx *cx, int64_t shop_id, const char *after, int limit,
    struct apikey **out, size_t *n)
{
	struct rows rows;
	size_t i;

	TRY(db_all(cx, Q_KEY_LIST,
	    ARGS(a_int(shop_id), a_text(after), a_int(limit)), &rows));
	*out = ARENA_ARRAY(cx->mem, struct apikey, rows.n + 1);
	*n = rows.n;
	for (i = 0; i < rows.n; i++)
		apikey_read(cx, shop_id, rows_at(&rows, i), &(*out)[i]);
	return RC_OK;
}

enum rc
apikey_drop(struct cx *cx, int64_t shop_id, const char *id)
{
	int64_t changed;

	TRY(db_run(cx, Q_KEY_DROP, ARGS(a_int(shop_id), a_text(id)), &changed));
	return changed == 1 ? RC_OK : RC_ABSENT;
}

bool
scope_in(const char *const *scopes, size_t n, const char *scope)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (text_same(scopes[i], "*") || text_same(scopes[i], scope))
			return true;
	return false;
}
