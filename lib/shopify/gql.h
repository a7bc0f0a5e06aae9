/* Shopify's Admin GraphQL: one call, its cost, and what its refusals mean. */
#ifndef SHOPIFY_GQL_H
#define SHOPIFY_GQL_H

#include "base/conf.h"
#include "base/cx.h"
#include "base/json.h"
#include "gen/graphql.h"

/* extensions.cost (shopify.md 4.1); points. */
struct gql_cost {
	double requested;
	double actual;
	double available;
	double maximum; /* 0 when the answer had no cost block */
	double restore_per_s;
};

/* Why a shop cannot be called now, whoever asks (shopify.md 4.3). */
struct gql_reply {
	struct json data;
	struct gql_cost cost;
	const char *pause; /* with RC_DENIED: pause the shop, for this reason */
	const char *access; /* with RC_DENIED: what Shopify would not show */
};

/*
 * Sends document `doc` with `variables` (a JSON object's text) to the shop.
 * RC_OK: data, without errors. RC_LIMITED: throttled, cx->retry_after_ms is
 * when (requested - available) / restore rate is over. RC_TOO_BIG: over 1,000
 * points, ask for a smaller page. RC_TOKEN: the token is not accepted.
 * RC_DENIED: see pause and access. RC_UNPROCESSABLE: Shopify ignored a filter.
 * RC_REMOTE: no usable answer, try again. RC_BUG: the document is wrong.
 */
enum rc gql_call(struct cx *cx, const char *shop, struct secret token,
    enum gql_doc doc, struct slice variables, struct gql_reply *out) MUST_USE;

/* What a status and body of an answer mean; gql_call's second half, apart so
 * that it can be tested without a network. */
enum rc gql_read(struct cx *cx, long status, struct slice body,
    int64_t retry_after_ms, struct gql_reply *out) MUST_USE;

#endif
