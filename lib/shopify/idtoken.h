/* App Bridge session tokens: JWT, HS256 only (shopify.md 2.5, SEC-3). */
#ifndef SHOPIFY_IDTOKEN_H
#define SHOPIFY_IDTOKEN_H

#include "base/cx.h"
#include "shopify/sign.h"

struct idtoken {
	const char *shop; /* from `dest`, in lower case */
	int64_t user_id; /* from `sub`; 0 when it has none */
	const char *session; /* `sid`, may be NULL */
	int64_t expires_at;
};

/*
 * Checks signature (either secret), exp and nbf with 10 s leeway around `now`,
 * aud = client_id, host of iss = host of dest. RC_AUTH, always with the same
 * words, for whatever is wrong.
 */
enum rc idtoken_read(struct cx *cx, const struct sign_secrets *secrets,
    const char *client_id, const char *token, int64_t now,
    struct idtoken *out) MUST_USE;

/* The first step alone: a compact JWS of HS256 with a good signature; its
 * payload's bytes. RC_AUTH. */
enum rc idtoken_verify(struct cx *cx, const struct sign_secrets *secrets,
    const char *token, struct slice *payload) MUST_USE;

#endif
