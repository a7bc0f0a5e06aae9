/* Certificates for tests, good ones and bad. */
#ifndef TEST_CERT_H
#define TEST_CERT_H

#include <openssl/ssl.h>
#include <stdbool.h>

enum cert_signer { BY_OUR_CA, BY_ANOTHER_CA, BY_ITSELF };

struct cert {
	const char *common_name; /* NULL: "test" */
	const char *names; /* "DNS:good.test,IP:127.0.0.1"; NULL: none */
	const char *usage; /* "serverAuth", "clientAuth"; NULL: not said */
	int rsa_bits; /* 0: a P-256 key */
	long from_s; /* of now, when it begins */
	long until_s; /* of now, when it ends; 0: in a day */
	enum cert_signer signer;
};

/* Makes the CA that BY_OUR_CA means, and writes its certificate. */
void cert_ca(const char *path);

/* Gives a certificate like `c` and its key to `ctx`. */
void cert_use(SSL_CTX *ctx, const struct cert *c);

#endif
