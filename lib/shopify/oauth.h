/* Shopify's OAuth: the authorize address and the four grants (shopify.md 2). */
#ifndef SHOPIFY_OAUTH_H
#define SHOPIFY_OAUTH_H

#include "base/conf.h"
#include "base/cx.h"

enum token_kind {
	TOKEN_EXPIRING,
	TOKEN_NON_EXPIRING,
	TOKEN_CLIENT_CREDENTIALS
};

/* "expiring", "non_expiring", "client_credentials": as table token has it. */
const char *token_kind_text(enum token_kind kind);

/* What a grant gives; secrets are wiped with the arena. */
struct oauth_grant {
	enum token_kind kind;
	struct secret access;
	struct secret refresh; /* p is NULL when there is none */
	const char *scope; /* comma list as granted; NULL when not said */
	int64_t expires_in_s; /* 0: not said */
	int64_t refresh_expires_in_s;
};

/* Where the browser goes to install: ADMIN_ORIGIN's authorize page for `shop`
 * with SCOPES, our callback and `state`. RC_INPUT when a setting is unusable.
 */
enum rc oauth_authorize_url(struct cx *cx, const char *shop, const char *state,
    const char **out) MUST_USE;

/*
 * The grants. RC_INPUT: Shopify says 400 (a code or subject token that is used
 * up or not valid). RC_TOKEN: 401, the refresh token is dead for good.
 * RC_DENIED: another 4xx. RC_REMOTE: no usable answer; the same token may be
 * tried again.
 */
enum rc oauth_code(struct cx *cx, const char *shop, const char *code,
    struct oauth_grant *out) MUST_USE;
enum rc oauth_refresh(struct cx *cx, const char *shop, struct secret refresh,
    struct oauth_grant *out) MUST_USE;
enum rc oauth_exchange(struct cx *cx, const char *shop, const char *id_token,
    struct oauth_grant *out) MUST_USE;
enum rc oauth_client_credentials(
    struct cx *cx, const char *shop, struct oauth_grant *out) MUST_USE;

#endif
