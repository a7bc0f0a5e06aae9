/* Sealed blobs (security.md D2): what tokens and personal data lie in. */
#ifndef IO_BLOB_H
#define IO_BLOB_H

#include "base/cx.h"
#include "base/text.h"

/* A key and its number: a KEK's, or a shop's or data subject's key. */
struct blob_key {
	uint32_t id;
	unsigned char bytes[32];
};

/* Where a blob belongs; it opens nowhere else. */
struct blob_place {
	int64_t shop_id;
	const char *table;
	const char *column;
	const char *row; /* the row's id as text */
};

/*
 * ver 1 | key id 4 | salt 24 | nonce 12 | ciphertext | tag 16; the message key
 * is HKDF(key, salt, "stockroom blob"); AAD = ver | id | the place, each part
 * with its length. In the arena. RC_BUSY without random bytes.
 */
enum rc blob_seal(struct cx *cx, const struct blob_key *key,
    const struct blob_place *place, struct slice plain,
    struct slice *out) MUST_USE;

/* RC_BUG, logged as a security event, when it does not open here with this key:
 * cut, changed, moved or another version. The plain text is wiped with the
 * arena. */
enum rc blob_open(struct cx *cx, const struct blob_key *key,
    const struct blob_place *place, struct slice blob,
    struct slice *plain) MUST_USE;

/* The number of the key a blob was sealed with; false when it is none. */
bool blob_key_id(struct slice blob, uint32_t *id) MUST_USE;

#endif
