/* What Shopify signs with the client secret (shopify.md 2.2). */
#ifndef SHOPIFY_SIGN_H
#define SHOPIFY_SIGN_H

#include "base/conf.h"
#include "base/cx.h"
#include "base/pairs.h"

/* The client secret and, while a rotation goes on, the one before it. */
struct sign_secrets {
	struct secret now;
	struct secret before; /* p is NULL when there is none */
};

/* From the files that the settings name; wiped with the arena. RC_BUG when
 * there is none, or one cannot be read. */
enum rc sign_secrets(struct cx *cx, struct sign_secrets *out) MUST_USE;

/* Whether `mac` is HMAC-SHA256 of `data` under either secret; constant time. */
enum rc sign_check(struct cx *cx, const struct sign_secrets *secrets,
    struct slice data, const unsigned char mac[32], bool *good) MUST_USE;

/*
 * A query string that Shopify signed: every parameter but hmac and signature,
 * sorted, values percent-encoded anew, HMAC in hex. `hmac`, `shop`,
 * `timestamp`, `state`, `code`, `host` at most once; `timestamp` within 90 s of
 * `now`. RC_INPUT names the parameter at fault; RC_AUTH when the hmac is wrong.
 */
enum rc sign_query(struct cx *cx, const struct sign_secrets *secrets,
    const struct pairs *query, int64_t now) MUST_USE;

/* The text that sign_query takes the HMAC of; the sandbox signs it too. */
const char *sign_query_text(struct cx *cx, const struct pairs *query);

/*
 * A webhook's body against the base64 of its X-Shopify-Hmac-Sha256 header,
 * under either secret, before anything in it is parsed (shopify.md 3.2, SEC-9).
 * RC_AUTH when the header is absent, no base64 of 32 bytes, or wrong.
 */
enum rc sign_webhook(struct cx *cx, const struct sign_secrets *secrets,
    struct slice body, const char *header) MUST_USE;

#endif
