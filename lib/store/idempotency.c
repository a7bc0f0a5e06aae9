/* Idempotency-Key: the first answer is kept and given again for a day. */
#include <string.h>

#include "io/crypt.h"
#include "store/idempotency.h"
#include "store/mint.h"

enum { KEY_MAX_BYTES = 200 };

static enum rc
kept(struct cx *cx, const char *route, struct slice body_hash,
    struct idempotency *out)
{
	struct row row;
	struct slice first;

	TRY(db_one(cx, Q_IDEMPOTENCY_LOAD,
	    ARGS(a_int(cx->shop_id), a_bytes(out->hash)), &row));
	first = row_bytes(row, 1);
	if (!text_same(row_text(row, 0), route) ||
	    !slice_same(first, body_hash))
		return rc_field(cx, RC_UNPROCESSABLE, "Idempotency-Key",
		    "a new key for another request",
		    "a key that was used for another request");
	if (row_null(row, 2))
		return rc_fail(cx, RC_CONFLICT,
		    "the first call with this key is still under way");
	out->repeat = true;
	out->status = (int)row_int(row, 2);
	out->reply = row_text(row, 3);
	out->location = row_text(row, 4);
	return RC_OK;
}

enum rc
idempotency_take(struct cx *cx, const char *caller, const char *key,
    const char *route, struct slice body, struct idempotency *out)
{
	struct slice body_hash;
	unsigned char *hash = arena_alloc(cx->mem, SHA256_BYTES);
	int64_t claimed;

	*out = (struct idempotency){ .repeat = false };
	if (strlen(key) > KEY_MAX_BYTES || key[0] == '\0')
		return rc_field(cx, RC_INPUT, "Idempotency-Key",
		    "text of 1 to 200 bytes", key);
	TRY(mint_hash(cx, text_fmt(cx->mem, "%s %s", caller, key), &out->hash));
	TRY(crypt_sha256(cx, body, hash));
	body_hash = (struct slice){ (const char *)hash, SHA256_BYTES };
	TRY(db_run(cx, Q_IDEMPOTENCY_PUT,
	    ARGS(a_int(cx->shop_id), a_bytes(out->hash), a_text(route),
		a_bytes(body_hash)),
	    &claimed));
	return claimed == 1 ? RC_OK : kept(cx, route, body_hash, out);
}

enum rc
idempotency_done(struct cx *cx, const struct idempotency *own, int status,
    struct slice reply, const char *location)
{
	return db_run(cx, Q_IDEMPOTENCY_DONE,
	    ARGS(a_int(cx->shop_id), a_bytes(own->hash), a_int(status),
		a_text(text_of(cx->mem, reply)), a_text(location)),
	    NULL);
}

/* The call may have failed inside a transaction; why it did stays noted. */
void
idempotency_drop(struct cx *cx, const struct idempotency *own)
{
	const struct fault why = cx->fault;

	db_rollback(cx);
	if (db_run(cx, Q_IDEMPOTENCY_DROP,
		ARGS(a_int(cx->shop_id), a_bytes(own->hash)), NULL) != RC_OK)
		cx->fault = why;
}
