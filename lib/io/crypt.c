/* OpenSSL's primitives: the one file that includes its EVP headers. */
#include "io/crypt.h"

#include <limits.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>

enum { HKDF_MAX_BYTES = 255 * SHA256_BYTES };

/* Fetched once: OpenSSL 3.0 looks an algorithm up anew at each implicit use. */
static struct {
	EVP_MD *sha256;
	EVP_MAC *hmac;
	EVP_MAC_CTX *hmac_sha256; /* without a key; copied for each use */
	EVP_KDF *hkdf;
	EVP_CIPHER *gcm;
	bool ready;
} alg;

static bool
hmac_fetch(void)
{
	char digest[] = "SHA256";
	const OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(
		    OSSL_MAC_PARAM_DIGEST, digest, 0),
		OSSL_PARAM_construct_end(),
	};

	alg.hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	if (!alg.hmac)
		return false;
	alg.hmac_sha256 = EVP_MAC_CTX_new(alg.hmac);
	return alg.hmac_sha256 &&
	       EVP_MAC_CTX_set_params(alg.hmac_sha256, params) == 1;
}

enum rc
crypt_start(struct cx *cx)
{
	if (alg.ready)
		return RC_OK;
	alg.sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	alg.hkdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	alg.gcm = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
	alg.ready = hmac_fetch() && alg.sha256 && alg.hkdf && alg.gcm;
	if (!alg.ready)
		return rc_fail(
		    cx, RC_BUSY, "OpenSSL lacks SHA-256, HKDF or AES-256-GCM");
	return RC_OK;
}

enum rc
crypt_random(struct cx *cx, void *out, size_t n)
{
	if (n > INT_MAX || RAND_bytes(out, (int)n) != 1)
		return rc_fail(cx, RC_BUSY, "no random bytes");
	return RC_OK;
}

bool
crypt_same(const void *a, const void *b, size_t n)
{
	return CRYPTO_memcmp(a, b, n) == 0;
}

/* OpenSSL takes NULL for "leave this step out", which no step of ours is. */
static const unsigned char *
bytes(struct slice s)
{
	return (const unsigned char *)(s.p ? s.p : "");
}

enum rc
crypt_sha256(struct cx *cx, struct slice data, unsigned char out[32])
{
	TRY(crypt_start(cx));
	if (EVP_Digest(bytes(data), data.n, out, NULL, alg.sha256, NULL) != 1)
		return rc_fail(cx, RC_BUSY, "OpenSSL made no SHA-256");
	return RC_OK;
}

enum rc
crypt_hmac(
    struct cx *cx, struct slice key, struct slice data, unsigned char out[32])
{
	EVP_MAC_CTX *mac;
	bool ok;

	TRY(crypt_start(cx));
	mac = EVP_MAC_CTX_dup(alg.hmac_sha256);
	ok = mac && EVP_MAC_init(mac, bytes(key), key.n, NULL) == 1 &&
	     EVP_MAC_update(mac, bytes(data), data.n) == 1 &&
	     EVP_MAC_final(mac, out, NULL, SHA256_BYTES) == 1;
	EVP_MAC_CTX_free(mac);
	if (!ok)
		return rc_fail(cx, RC_BUSY, "OpenSSL made no HMAC");
	return RC_OK;
}

static OSSL_PARAM
octets(const char *name, struct slice s)
{
	/* OpenSSL only reads it, its type does not say so. */
	return OSSL_PARAM_construct_octet_string(
	    name, (void *)(uintptr_t)bytes(s), s.n);
}

enum rc
crypt_hkdf(struct cx *cx, struct slice key, struct slice salt,
    struct slice info, unsigned char *out, size_t n)
{
	char digest[] = "SHA256";
	const OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(
		    OSSL_KDF_PARAM_DIGEST, digest, 0),
		octets(OSSL_KDF_PARAM_KEY, key),
		octets(OSSL_KDF_PARAM_SALT, salt),
		octets(OSSL_KDF_PARAM_INFO, info),
		OSSL_PARAM_construct_end(),
	};
	EVP_KDF_CTX *kdf;
	bool ok;

	if (n > HKDF_MAX_BYTES)
		return rc_fail(cx, RC_BUG, "HKDF gives no %zu bytes", n);
	TRY(crypt_start(cx));
	kdf = EVP_KDF_CTX_new(alg.hkdf);
	ok = kdf && EVP_KDF_derive(kdf, out, n, params) == 1;
	EVP_KDF_CTX_free(kdf);
	if (!ok)
		return rc_fail(cx, RC_BUSY, "OpenSSL derived no key");
	return RC_OK;
}

static bool
gcm_seal(EVP_CIPHER_CTX *gcm, const unsigned char *key,
    const unsigned char *nonce, struct slice aad, struct slice data,
    unsigned char *out)
{
	int n;

	return gcm &&
	       EVP_EncryptInit_ex2(gcm, alg.gcm, key, nonce, NULL) == 1 &&
	       EVP_EncryptUpdate(gcm, NULL, &n, bytes(aad), (int)aad.n) == 1 &&
	       EVP_EncryptUpdate(gcm, out, &n, bytes(data), (int)data.n) == 1 &&
	       EVP_EncryptFinal_ex(gcm, out + data.n, &n) == 1 &&
	       EVP_CIPHER_CTX_ctrl(gcm, EVP_CTRL_AEAD_GET_TAG, GCM_TAG_BYTES,
		   out + data.n) == 1;
}

enum rc
crypt_gcm_seal(struct cx *cx, const unsigned char key[32],
    const unsigned char nonce[12], struct slice aad, struct slice data,
    unsigned char *out)
{
	EVP_CIPHER_CTX *gcm;
	bool ok;

	if (data.n > INT_MAX - GCM_TAG_BYTES || aad.n > INT_MAX)
		return rc_fail(cx, RC_BUG, "too long to seal: %zu", data.n);
	TRY(crypt_start(cx));
	gcm = EVP_CIPHER_CTX_new();
	ok = gcm_seal(gcm, key, nonce, aad, data, out);
	EVP_CIPHER_CTX_free(gcm);
	if (!ok)
		return rc_fail(cx, RC_BUSY, "OpenSSL sealed nothing");
	return RC_OK;
}

/* All of it but the last step, which tells whether the tag is right. */
static bool
gcm_begin(EVP_CIPHER_CTX *gcm, const unsigned char *key,
    const unsigned char *nonce, struct slice aad, struct slice data,
    unsigned char *out)
{
	void *tag = (void *)(uintptr_t)(bytes(data) + data.n);
	int n;

	return gcm &&
	       EVP_DecryptInit_ex2(gcm, alg.gcm, key, nonce, NULL) == 1 &&
	       EVP_DecryptUpdate(gcm, NULL, &n, bytes(aad), (int)aad.n) == 1 &&
	       EVP_DecryptUpdate(gcm, out, &n, bytes(data), (int)data.n) == 1 &&
	       EVP_CIPHER_CTX_ctrl(
		   gcm, EVP_CTRL_AEAD_SET_TAG, GCM_TAG_BYTES, tag) == 1;
}

enum rc
crypt_gcm_open(struct cx *cx, const unsigned char key[32],
    const unsigned char nonce[12], struct slice aad, struct slice data,
    unsigned char *out)
{
	EVP_CIPHER_CTX *gcm;
	bool begun, whole;
	int n;

	if (data.n < GCM_TAG_BYTES || data.n > INT_MAX || aad.n > INT_MAX)
		return rc_fail(cx, RC_INPUT, "no sealed bytes: %zu", data.n);
	data.n -= GCM_TAG_BYTES;
	TRY(crypt_start(cx));
	gcm = EVP_CIPHER_CTX_new();
	begun = gcm_begin(gcm, key, nonce, aad, data, out);
	whole = begun && EVP_DecryptFinal_ex(gcm, out + data.n, &n) == 1;
	EVP_CIPHER_CTX_free(gcm);
	if (!whole) /* nobody may read what was not proved */
		OPENSSL_cleanse(out, data.n);
	if (!begun)
		return rc_fail(cx, RC_BUSY, "OpenSSL opened nothing");
	if (!whole)
		return rc_fail(cx, RC_INPUT, "sealed bytes were changed");
	return RC_OK;
}
