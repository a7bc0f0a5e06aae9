/* Certificates: what curl does not ask by itself (SEC-22). */
#include "io/http_in.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

enum {
	SECURITY_LEVEL = 2, /* 112 bits: RSA from 2048, no SHA-1, no TLS 1.1 */
	HOST_FLAGS = X509_CHECK_FLAG_NEVER_CHECK_SUBJECT |
		     X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS
};

/*
 * The name is checked here, within the handshake, because curl takes a
 * certificate without alternative names by its common name (RFC 9525 forbids
 * it). curl checks the name once more behind us.
 */
static bool
set_name(X509_VERIFY_PARAM *param, const char *host)
{
	X509_VERIFY_PARAM_set_hostflags(param, HOST_FLAGS);
	return X509_VERIFY_PARAM_set1_ip_asc(param, host) == 1 ||
	       X509_VERIFY_PARAM_set1_host(param, host, 0) == 1;
}

CURLcode
http_tls_rules(CURL *easy, void *ssl_ctx, void *host)
{
	SSL_CTX *ctx = ssl_ctx;
	X509_VERIFY_PARAM *param = SSL_CTX_get0_param(ctx);

	(void)easy;
	SSL_CTX_set_security_level(ctx, SECURITY_LEVEL);
	if (SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) != 1 ||
	    X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_SSL_SERVER) !=
		1 ||
	    !set_name(param, host))
		return CURLE_SSL_CERTPROBLEM;
	return CURLE_OK;
}
