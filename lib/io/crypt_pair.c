/* X25519 (RFC 7748): a pair, and what two halves agree on. */
#include <openssl/evp.h>

#include "io/crypt.h"

enum { HALF_BYTES = 32 };

enum rc
crypt_pair(struct cx *cx, unsigned char private[32], unsigned char public[32])
{
	EVP_PKEY *pair = EVP_PKEY_Q_keygen(NULL, NULL, "X25519");
	size_t private_n = HALF_BYTES, public_n = HALF_BYTES;
	const bool good =
	    pair &&
	    EVP_PKEY_get_raw_private_key(pair, private, &private_n) == 1 &&
	    EVP_PKEY_get_raw_public_key(pair, public, &public_n) == 1;

	EVP_PKEY_free(pair);
	if (!good)
		return rc_fail(cx, RC_BUSY, "OpenSSL made no X25519 pair");
	return RC_OK;
}

static bool
derive(EVP_PKEY *own, EVP_PKEY *other, unsigned char out[32])
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(own, NULL);
	size_t n = HALF_BYTES;
	const bool good = ctx && EVP_PKEY_derive_init(ctx) == 1 &&
			  EVP_PKEY_derive_set_peer(ctx, other) == 1 &&
			  EVP_PKEY_derive(ctx, out, &n) == 1 && n == HALF_BYTES;

	EVP_PKEY_CTX_free(ctx);
	return good;
}

enum rc
crypt_agree(struct cx *cx, const unsigned char private[32],
    const unsigned char public[32], unsigned char out[32])
{
	EVP_PKEY *own = EVP_PKEY_new_raw_private_key(
	    EVP_PKEY_X25519, NULL, private, HALF_BYTES);
	EVP_PKEY *other = EVP_PKEY_new_raw_public_key(
	    EVP_PKEY_X25519, NULL, public, HALF_BYTES);
	const bool good = own && other && derive(own, other, out);

	EVP_PKEY_free(own);
	EVP_PKEY_free(other);
	if (!good)
		return rc_fail(cx, RC_INPUT, "no key comes of these halves");
	return RC_OK;
}
