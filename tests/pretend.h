/* A Shopify out of a test's hand: every *.myshopify.com, behind TLS. */
#ifndef TEST_PRETEND_H
#define TEST_PRETEND_H

#include "test.h"

/* Starts it and points the settings there; http_start is the caller's, once a
 * process. It ends with the test. */
void pretend_start(void);

/*
 * What it answers to calls of `what`: a grant ("code", "refresh_token",
 * "token-exchange", "client_credentials") or an operation ("OrdersPage").
 * Answers are given in the order of these calls, the last one again and again.
 * Status 0: it hangs up without one. To what nobody spoke of it says 500.
 */
void pretend_says(const char *what, int status, const char *body);
/* An operation's answer with `data`, and a cost block. */
void pretend_data(const char *what, const char *data);
/* MAX_COST_EXCEEDED. */
void pretend_too_dear(const char *what);

/* Each answer takes this long, from now on. */
void pretend_slow(int ms);

/* How often it was called for `what`, and what the last call said. */
int pretend_calls(const char *what);
const char *pretend_got(const char *what);
/* What stood in the last call's X-Shopify-Access-Token; "" for none. */
const char *pretend_token(void);

/* Whether the last call for `what` said so. */
#define GOT(what, part)                                                        \
	ATF_CHECK_MSG(strstr(pretend_got(what), (part)), "no %s in: %s",       \
	    (part), pretend_got(what))

#endif
