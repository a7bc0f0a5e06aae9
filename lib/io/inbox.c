/* Blobs that their maker cannot open: X25519, HKDF, AES-256-GCM. */
#include "io/inbox.h"

#include <string.h>

#include "io/blob_place.h"
#include "io/crypt.h"

enum {
	VERSION = 2,
	AT_ID = 1,
	AT_EPHEMERAL = 5,
	AT_NONCE = AT_EPHEMERAL + 32,
	AT_BODY = AT_NONCE + GCM_NONCE_BYTES,
	LEAST_BYTES = AT_BODY + GCM_TAG_BYTES
};
_Static_assert((int)AT_BODY == (int)INBOX_HEAD_BYTES, "inbox.h tells the head");

static struct slice
half(const unsigned char bytes[32])
{
	return (struct slice){ (const char *)bytes, 32 };
}

enum rc
inbox_door_open(struct cx *cx, uint32_t id, const unsigned char public[32],
    struct inbox_door *out)
{
	unsigned char own[32];
	enum rc rc;

	out->id = id;
	TRY(crypt_pair(cx, own, out->ephemeral));
	rc = crypt_agree(cx, own, public, out->secret);
	explicit_bzero(own, sizeof(own));
	return rc;
}

/* A key for this one blob: its own nonce and ephemeral half are in it. */
static enum rc
message_key(struct cx *cx, const unsigned char secret[32],
    const unsigned char *blob, unsigned char out[32])
{
	const struct slice salt = { (const char *)blob + AT_EPHEMERAL,
		AT_BODY - AT_EPHEMERAL };

	return crypt_hkdf(
	    cx, half(secret), salt, slice_of("stockroom inbox"), out, 32);
}

enum rc
inbox_seal(struct cx *cx, const struct inbox_door *door,
    const struct blob_place *place, char *body, size_t n, struct slice *out)
{
	unsigned char *blob = (unsigned char *)body - AT_BODY;
	unsigned char key[32];
	struct slice aad;
	enum rc rc;

	blob[0] = VERSION;
	number_put(blob + AT_ID, 4, door->id);
	memcpy(blob + AT_EPHEMERAL, door->ephemeral, 32);
	TRY(crypt_random(cx, blob + AT_NONCE, GCM_NONCE_BYTES));
	TRY(place_bytes(cx, blob, place, &aad));
	TRY(message_key(cx, door->secret, blob, key));
	rc = crypt_gcm_seal(cx, key, blob + AT_NONCE, aad,
	    (struct slice){ body, n }, blob + AT_BODY);
	explicit_bzero(key, sizeof(key));
	*out = (struct slice){ (const char *)blob, LEAST_BYTES + n };
	return rc;
}

bool
inbox_id(struct slice blob, uint32_t *id)
{
	return place_key_id(blob, VERSION, LEAST_BYTES, id);
}

static enum rc
open_with(struct cx *cx, const unsigned char secret[32], struct slice aad,
    struct slice blob, unsigned char *out)
{
	const unsigned char *p = (const unsigned char *)blob.p;
	unsigned char key[32];
	enum rc rc = message_key(cx, secret, p, key);

	if (rc == RC_OK)
		rc = crypt_gcm_open(cx, key, p + AT_NONCE, aad,
		    (struct slice){ blob.p + AT_BODY, blob.n - AT_BODY }, out);
	explicit_bzero(key, sizeof(key));
	return rc;
}

enum rc
inbox_open(struct cx *cx, const unsigned char private[32],
    const struct blob_place *place, struct slice blob, struct slice *plain)
{
	const unsigned char *p = (const unsigned char *)blob.p;
	unsigned char secret[32];
	unsigned char *out;
	struct slice aad;
	uint32_t id;
	enum rc rc;

	if (!inbox_id(blob, &id))
		return blob_refuse(cx, place, "it is none of the inbox");
	TRY(place_bytes(cx, p, place, &aad));
	out = arena_alloc_secret(cx->mem, blob.n - LEAST_BYTES + 1);
	rc = crypt_agree(cx, private, p + AT_EPHEMERAL, secret);
	if (rc == RC_OK)
		rc = open_with(cx, secret, aad, blob, out);
	explicit_bzero(secret, sizeof(secret));
	if (rc == RC_INPUT)
		return blob_refuse(cx, place, "it was changed or moved");
	TRY(rc);
	*plain = (struct slice){ (const char *)out, blob.n - LEAST_BYTES };
	return RC_OK;
}
