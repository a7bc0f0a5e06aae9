/* Certificates for tests, made in memory. */
#include "cert.h"

#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>

static struct {
	EVP_PKEY *key;
	X509 *cert;
} ca;

static void
need(bool ok, const char *what)
{
	if (ok)
		return;
	(void)fprintf(stderr, "no certificate: %s\n", what);
	exit(EXIT_FAILURE);
}

static void
extend(X509 *x, X509 *issuer, int nid, const char *value)
{
	X509_EXTENSION *e;
	X509V3_CTX ctx;

	if (!value)
		return;
	X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
	e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	need(e && X509_add_ext(x, e, -1) == 1, value);
	X509_EXTENSION_free(e);
}

static X509 *
blank(const struct cert *c, EVP_PKEY *key)
{
	const char *name = c->common_name ? c->common_name : "test";
	static long serial = 1;
	X509 *x = X509_new();

	need(x && X509_set_version(x, X509_VERSION_3) == 1 &&
		 ASN1_INTEGER_set(X509_get_serialNumber(x), serial++) == 1 &&
		 X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN",
		     MBSTRING_UTF8, (const unsigned char *)name, -1, -1,
		     0) == 1 &&
		 X509_gmtime_adj(X509_getm_notBefore(x), c->from_s) &&
		 X509_gmtime_adj(
		     X509_getm_notAfter(x), c->until_s ? c->until_s : 86400) &&
		 X509_set_pubkey(x, key) == 1,
	    name);
	return x;
}

static void
sign(X509 *x, X509 *issuer, EVP_PKEY *issuer_key)
{
	need(X509_set_issuer_name(x, X509_get_subject_name(issuer)) == 1 &&
		 X509_sign(x, issuer_key, EVP_sha256()) > 0,
	    "not signed");
}

static X509 *
new_ca(const char *name, EVP_PKEY **key)
{
	const struct cert c = { .common_name = name, .from_s = -7 * 86400 };
	X509 *x;

	*key = EVP_EC_gen("P-256");
	need(*key, "no key");
	x = blank(&c, *key);
	extend(x, x, NID_basic_constraints, "critical,CA:TRUE");
	extend(x, x, NID_key_usage, "critical,keyCertSign");
	extend(x, x, NID_subject_key_identifier, "hash");
	sign(x, x, *key);
	return x;
}

void
cert_ca(const char *path)
{
	FILE *f = fopen(path, "w");

	X509_free(ca.cert);
	EVP_PKEY_free(ca.key);
	ca.cert = new_ca("Our CA", &ca.key);
	need(f && PEM_write_X509(f, ca.cert) == 1 && fclose(f) == 0, path);
}

static void
sign_by(X509 *x, EVP_PKEY *key, enum cert_signer signer)
{
	EVP_PKEY *other_key;
	X509 *other;

	if (signer == BY_OUR_CA) {
		sign(x, ca.cert, ca.key);
	} else if (signer == BY_ITSELF) {
		sign(x, x, key);
	} else {
		other = new_ca("Another CA", &other_key);
		sign(x, other, other_key);
		X509_free(other);
		EVP_PKEY_free(other_key);
	}
}

void
cert_use(SSL_CTX *ctx, const struct cert *c)
{
	EVP_PKEY *key = c->rsa_bits ? EVP_RSA_gen((unsigned)c->rsa_bits)
				    : EVP_EC_gen("P-256");
	X509 *x;

	need(key, "no key");
	x = blank(c, key);
	extend(x, ca.cert, NID_subject_alt_name, c->names);
	extend(x, ca.cert, NID_ext_key_usage, c->usage);
	sign_by(x, key, c->signer);
	need(SSL_CTX_use_certificate(ctx, x) == 1 &&
		 SSL_CTX_use_PrivateKey(ctx, key) == 1,
	    "not taken");
	X509_free(x);
	EVP_PKEY_free(key);
}
