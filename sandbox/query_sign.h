/* Shopify's signature on what it sends a browser with (shopify.md 2.2). */
#ifndef SANDBOX_QUERY_SIGN_H
#define SANDBOX_QUERY_SIGN_H

#include "base/pairs.h"

/*
 * The HMAC-SHA256 with `secret`, lower-case hex, of the pairs but hmac and
 * signature, sorted by name and joined with &, values percent-encoded.
 */
enum rc query_hmac(struct cx *cx, struct slice secret, const struct pair *items,
    size_t n, const char **out) MUST_USE;

/* "a=1&b=2&hmac=...": the pairs as they come, signed with the app's secret. */
enum rc query_signed(struct cx *cx, const struct pair *items, size_t n,
    const char **out) MUST_USE;

/* The unpadded base64 of admin.shopify.com/store/{name}. */
const char *query_host(struct arena *mem, const char *shop);

#endif
