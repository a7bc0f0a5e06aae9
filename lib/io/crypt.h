/* OpenSSL's primitives in our words: random, hash, HMAC, HKDF, AES-256-GCM. */
#ifndef IO_CRYPT_H
#define IO_CRYPT_H

#include <stdbool.h>

#include "base/cx.h"
#include "base/text.h"

enum { SHA256_BYTES = 32, GCM_NONCE_BYTES = 12, GCM_TAG_BYTES = 16 };

/* Fetches the algorithms once a process; RC_BUSY when OpenSSL has none. */
enum rc crypt_start(struct cx *cx) MUST_USE;

/* RC_BUSY when there are no random bytes: never a weaker source (SEC-6). */
enum rc crypt_random(struct cx *cx, void *out, size_t n) MUST_USE;

/* Constant time for a given n (CRYPTO_memcmp, SEC-4). */
bool crypt_same(const void *a, const void *b, size_t n);

enum rc crypt_sha256(
    struct cx *cx, struct slice data, unsigned char out[32]) MUST_USE;
enum rc crypt_hmac(struct cx *cx, struct slice key, struct slice data,
    unsigned char out[32]) MUST_USE;
/* RFC 5869; n <= 8160 else RC_BUG. */
enum rc crypt_hkdf(struct cx *cx, struct slice key, struct slice salt,
    struct slice info, unsigned char *out, size_t n) MUST_USE;

/* out takes data.n bytes and then the 16-byte tag. */
enum rc crypt_gcm_seal(struct cx *cx, const unsigned char key[32],
    const unsigned char nonce[12], struct slice aad, struct slice data,
    unsigned char *out) MUST_USE;
/* data includes the tag; RC_INPUT when it was changed. */
enum rc crypt_gcm_open(struct cx *cx, const unsigned char key[32],
    const unsigned char nonce[12], struct slice aad, struct slice data,
    unsigned char *out) MUST_USE;

/* A new X25519 pair (RFC 7748). */
enum rc crypt_pair(struct cx *cx, unsigned char private[32],
    unsigned char public[32]) MUST_USE;
/* What both sides can make of one's private and the other's public half.
 * RC_INPUT for a public half of small order. */
enum rc crypt_agree(struct cx *cx, const unsigned char private[32],
    const unsigned char public[32], unsigned char out[32]) MUST_USE;

#endif
