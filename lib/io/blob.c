/* Sealed blobs: their layout, and what ties one to its place. */
#include "io/blob.h"
#include "io/blob_place.h"

#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "io/count.h"
#include "io/crypt.h"

enum {
	VERSION = 1,
	AT_ID = 1,
	AT_SALT = 5,
	SALT_BYTES = 24,
	AT_NONCE = AT_SALT + SALT_BYTES,
	AT_BODY = AT_NONCE + GCM_NONCE_BYTES,
	LEAST_BYTES = AT_BODY + GCM_TAG_BYTES,
	KEY_BYTES = 32,
	AAD_MAX_BYTES = 4096
};

void
number_put(unsigned char *out, size_t n, uint64_t value)
{
	for (size_t i = n; i-- > 0; value >>= 8)
		out[i] = (unsigned char)value;
}

static void
part_add(struct buf *b, const void *p, size_t n)
{
	unsigned char length[4];

	number_put(length, sizeof(length), n);
	buf_addn(b, length, sizeof(length));
	buf_addn(b, p, n);
}

enum rc
place_bytes(struct cx *cx, const unsigned char head[PLACE_HEAD_BYTES],
    const struct blob_place *place, struct slice *out)
{
	struct buf b = buf_new(cx->mem, AAD_MAX_BYTES);
	unsigned char shop[8];

	number_put(shop, sizeof(shop), (uint64_t)place->shop_id);
	part_add(&b, head, PLACE_HEAD_BYTES);
	part_add(&b, shop, sizeof(shop));
	part_add(&b, place->table, strlen(place->table));
	part_add(&b, place->column, strlen(place->column));
	part_add(&b, place->row, strlen(place->row));
	if (buf_full(&b))
		return rc_fail(cx, RC_BUG, "a blob's place is too long: %s.%s",
		    place->table, place->column);
	*out = buf_slice(&b);
	return RC_OK;
}

/* A key for this one blob, so that random nonces never meet. */
static enum rc
message_key(struct cx *cx, const struct blob_key *key,
    const unsigned char *blob, unsigned char out[KEY_BYTES])
{
	const struct slice from = { (const char *)key->bytes, KEY_BYTES };
	const struct slice salt = { (const char *)blob + AT_SALT, SALT_BYTES };

	return crypt_hkdf(
	    cx, from, salt, slice_of("stockroom blob"), out, KEY_BYTES);
}

static enum rc
seal(struct cx *cx, const struct blob_key *key, struct slice aad,
    struct slice plain, unsigned char *blob)
{
	unsigned char mk[KEY_BYTES];
	enum rc rc;

	rc = message_key(cx, key, blob, mk);
	if (rc == RC_OK)
		rc = crypt_gcm_seal(
		    cx, mk, blob + AT_NONCE, aad, plain, blob + AT_BODY);
	explicit_bzero(mk, sizeof(mk));
	return rc;
}

enum rc
blob_seal(struct cx *cx, const struct blob_key *key,
    const struct blob_place *place, struct slice plain, struct slice *out)
{
	unsigned char *blob = arena_alloc(cx->mem, LEAST_BYTES + plain.n);
	struct slice aad;

	blob[0] = VERSION;
	number_put(blob + AT_ID, 4, key->id);
	TRY(place_bytes(cx, blob, place, &aad));
	TRY(crypt_random(cx, blob + AT_SALT, AT_BODY - AT_SALT));
	TRY(seal(cx, key, aad, plain, blob));
	*out = (struct slice){ (const char *)blob, LEAST_BYTES + plain.n };
	return RC_OK;
}

enum rc
blob_refuse(struct cx *cx, const struct blob_place *place, const char *why)
{
	log_err(cx, "security.blob", L_TEXT("table", place->table),
	    L_TEXT("column", place->column), L_TEXT("why", why));
	count_add(M_security_events_total, "kind=\"blob\"", 1);
	rc_forget(cx);
	return rc_fail(cx, RC_BUG, "a blob of %s.%s does not open: %s",
	    place->table, place->column, why);
}

static enum rc
open_body(struct cx *cx, const struct blob_key *key, struct slice aad,
    struct slice blob, unsigned char *out)
{
	const unsigned char *p = (const unsigned char *)blob.p;
	const struct slice body = { blob.p + AT_BODY, blob.n - AT_BODY };
	unsigned char mk[KEY_BYTES];
	enum rc rc;

	rc = message_key(cx, key, p, mk);
	if (rc == RC_OK)
		rc = crypt_gcm_open(cx, mk, p + AT_NONCE, aad, body, out);
	explicit_bzero(mk, sizeof(mk));
	return rc;
}

enum rc
blob_open(struct cx *cx, const struct blob_key *key,
    const struct blob_place *place, struct slice blob, struct slice *plain)
{
	unsigned char *out;
	struct slice aad;
	uint32_t id;
	enum rc rc;

	if (!blob_key_id(blob, &id))
		return blob_refuse(cx, place, "it is none");
	if (id != key->id)
		return blob_refuse(cx, place, "it was sealed with another key");
	TRY(place_bytes(cx, (const unsigned char *)blob.p, place, &aad));
	/* A byte more than it holds: the text in it ends with a NUL. */
	out = arena_alloc_secret(cx->mem, blob.n - LEAST_BYTES + 1);
	rc = open_body(cx, key, aad, blob, out);
	if (rc == RC_INPUT)
		return blob_refuse(cx, place, "it was changed or moved");
	if (rc != RC_OK)
		return rc;
	*plain = (struct slice){ (const char *)out, blob.n - LEAST_BYTES };
	return RC_OK;
}

bool
place_key_id(
    struct slice blob, unsigned char version, size_t least, uint32_t *id)
{
	const unsigned char *p = (const unsigned char *)blob.p;

	if (blob.n < least || p[0] != version)
		return false;
	*id = (uint32_t)p[AT_ID] << 24 | (uint32_t)p[AT_ID + 1] << 16 |
	      (uint32_t)p[AT_ID + 2] << 8 | p[AT_ID + 3];
	return true;
}

bool
blob_key_id(struct slice blob, uint32_t *id)
{
	return place_key_id(blob, VERSION, LEAST_BYTES, id);
}
