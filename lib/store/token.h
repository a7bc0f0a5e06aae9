/* Shopify's tokens of a shop: sealed rows and the refresher's lease. */
#ifndef STORE_TOKEN_H
#define STORE_TOKEN_H

#include "io/db.h"
#include "store/keyring.h"

struct token {
	const char *kind; /* expiring, non_expiring, client_credentials */
	struct secret access;
	struct slice access_sealed; /* names the very token in token_expire */
	bool expires;
	int64_t seconds_left; /* when it expires; below 0: lapsed */
	const char *failed; /* why it is dead for good, or NULL */
	bool refreshing; /* somebody holds the lease */
};

/* Tokens of a grant to keep; seconds, 0 = not said. */
struct token_pair {
	const char *kind;
	struct secret access;
	struct secret refresh; /* p NULL: none */
	int64_t expires_in_s;
	int64_t refresh_expires_in_s;
};

/* What a holder of the lease refreshes with. */
struct token_lease {
	const char *holder;
	const char *kind;
	struct secret refresh; /* p NULL: none (client credentials) */
	struct secret previous; /* the one before it; p NULL: none */
	bool by_previous; /* it was the one before that gave the new pair */
};

/* RC_ABSENT when the shop has none. */
enum rc token_load(
    struct cx *cx, const struct keys *keys, struct token *out) MUST_USE;

/* Replaces whatever was there: a new install or exchange. */
enum rc token_save(struct cx *cx, const struct keys *keys,
    const struct token_pair *pair) MUST_USE;

/* Becomes the refresher for 30 s; RC_CONFLICT (not noted) when another is, or
 * the token has more than `fresh_s` seconds left by now. */
enum rc token_lease(struct cx *cx, const struct keys *keys, int64_t fresh_s,
    struct token_lease *out) MUST_USE;

/* Keeps the new pair, in one statement, and ends the lease; RC_CONFLICT when
 * the lease was lost meanwhile. */
enum rc token_refreshed(struct cx *cx, const struct keys *keys,
    const struct token_lease *lease, const struct token_pair *pair) MUST_USE;

/* Ends the lease without a new token; `dead` says why there will be none, or
 * NULL. RC_CONFLICT when the lease was lost meanwhile: nothing is said of what
 * took the token's place. */
enum rc token_lease_end(struct cx *cx, int64_t shop_id,
    const struct token_lease *lease, const char *dead) MUST_USE;

/* A shop whose token nothing has refreshed for long. */
struct token_idle {
	int64_t shop_id;
	int32_t shop_epoch;
};

/* Of all shops (needs cx->every_shop), the longest idle first: those that were
 * not refreshed for so many seconds and can be. */
enum rc token_idle_list(struct cx *cx, int64_t idle_s, int most,
    struct token_idle **out, size_t *n) MUST_USE;

/* Shopify refused this access token: it counts as lapsed from now on. */
enum rc token_expire(
    struct cx *cx, int64_t shop_id, const struct token *refused) MUST_USE;

#endif
