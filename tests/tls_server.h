/* A server of its own process that answers by TLS as a test wants it to. */
#ifndef TEST_TLS_SERVER_H
#define TEST_TLS_SERVER_H

#include <stddef.h>
#include <sys/types.h>

#include "cert.h"

struct tls_peer; /* who is being answered */

/* Answers one request; false closes the connection. */
typedef bool tls_answer(
    struct tls_peer *peer, const char *head, const char *body);

struct tls_server {
	struct cert cert;
	int lowest, highest; /* TLS1_VERSION ...; 0: as OpenSSL has it */
	bool plain; /* it speaks HTTP without TLS */
	tls_answer *answer; /* NULL: tls_ok */
	int port; /* from here on: set by tls_start */
	pid_t pid;
	int report;
};

/* What one connection came to. */
struct tls_report {
	bool shook_hands;
	int requests;
	size_t bytes; /* of requests, that is after the handshake */
};

void tls_start(struct tls_server *s);
void tls_stop(struct tls_server *s);

/* The report of the next connection that ended; false when none does within
 * `ms`. */
bool tls_next(struct tls_server *s, int ms, struct tls_report *out);

void tls_say(struct tls_peer *peer, const void *p, size_t n);
void tls_say_text(struct tls_peer *peer, const char *text);

/* "200 OK" and "ok"; the request itself as the answer's body. */
tls_answer tls_ok, tls_echo;

#endif
