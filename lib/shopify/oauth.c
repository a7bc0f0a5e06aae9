/* Shopify's OAuth: the authorize address and the four grants (shopify.md 2). */
#include <string.h>

#include "base/buf.h"
#include "base/code.h"
#include "base/json.h"
#include "base/pairs.h"
#include "io/http.h"
#include "shopify/oauth.h"
#include "shopify/sign.h"

enum { ANSWER_MAX_BYTES = 64 << 10, TIMEOUT_MS = 10000 };

#define TOKEN_PATH "/admin/oauth/access_token"
#define EXCHANGE "urn:ietf:params:oauth:grant-type:token-exchange"
#define ID_TOKEN "urn:ietf:params:oauth:token-type:id_token"
#define OFFLINE "urn:shopify:params:oauth:token-type:offline-access-token"

const char *
token_kind_text(enum token_kind kind)
{
	static const char *const text[] = { "expiring", "non_expiring",
		"client_credentials" };

	return text[kind];
}

/* "https://{shop}" with the shop put in. */
static const char *
admin_origin(struct cx *cx, const char *shop)
{
	const char *pattern = conf_text(C_ADMIN_ORIGIN);
	const char *gap = strstr(pattern, "{shop}");

	if (!gap)
		return pattern;
	return text_fmt(cx->mem, "%.*s%s%s", (int)(gap - pattern), pattern,
	    shop, gap + strlen("{shop}"));
}

enum rc
oauth_authorize_url(
    struct cx *cx, const char *shop, const char *state, const char **out)
{
	const struct pair query[] = {
		{ "client_id", conf_text(C_SHOPIFY_API_KEY) },
		{ "scope", conf_text(C_SCOPES) },
		{ "redirect_uri",
		    text_fmt(cx->mem, "%s/api/auth/shopify/callback",
			conf_text(C_APP_URL)) },
		{ "state", state },
	};

	if (conf_text(C_SHOPIFY_API_KEY)[0] == '\0' ||
	    conf_text(C_APP_URL)[0] == '\0')
		return rc_fail(cx, RC_BUG,
		    "SHOPIFY_API_KEY and APP_URL must be set to install");
	*out = text_fmt(cx->mem, "%s/admin/oauth/authorize?%s",
	    admin_origin(cx, shop), pairs_text(cx->mem, query, 4));
	return RC_OK;
}

/* A grant's request: who we are, and the grant's own members. */
static enum rc
grant_body(struct cx *cx, const struct pair *own, size_t n, struct slice *out)
{
	struct buf b = buf_new(cx->mem, ANSWER_MAX_BYTES);
	struct jw w = jw_new(&b);
	struct sign_secrets secrets;
	size_t i;

	TRY(sign_secrets(cx, &secrets));
	jw_object(&w, NULL);
	jw_text(&w, "client_id", conf_text(C_SHOPIFY_API_KEY));
	jw_textn(&w, "client_secret",
	    (struct slice){ secrets.now.p, secrets.now.n });
	for (i = 0; i < n; i++)
		jw_text(&w, own[i].name, own[i].value);
	jw_close(&w);
	TRY(jw_end(&w));
	*out = buf_slice(&b);
	return RC_OK;
}

/* What a status that is no success means; see shopify.md 2.3, 2.4, 2.7. */
static enum rc
refused(struct cx *cx, long status)
{
	if (status == 400)
		return rc_fail(cx, RC_INPUT, "Shopify refused the grant (400)");
	if (status == 401)
		return rc_fail(cx, RC_TOKEN,
		    "Shopify says that the refresh token is dead (401)");
	if (status == 429 || status >= 500)
		return rc_fail(cx, RC_REMOTE,
		    "Shopify's token end point said %ld", status);
	return rc_fail(
	    cx, RC_DENIED, "Shopify's token end point said %ld", status);
}

static struct secret
secret_copy(struct cx *cx, const char *text)
{
	struct secret s = { NULL, 0 };
	char *p;

	if (!text)
		return s;
	s.n = strlen(text);
	p = arena_alloc_secret(cx->mem, s.n + 1);
	memcpy(p, text, s.n);
	s.p = p;
	return s;
}

/* It goes into a header: visible ASCII, and at least one of it. */
static bool
is_token(const char *text)
{
	size_t i;

	for (i = 0; text[i] != '\0'; i++)
		if (text[i] <= ' ' || text[i] > '~')
			return false;
	return i > 0;
}

static enum rc
grant_read(struct cx *cx, struct slice body, struct oauth_grant *out)
{
	struct json j;
	const char *access;

	TRY(json_read(cx, body, ANSWER_MAX_BYTES, RC_REMOTE, &j));
	TRY(jget_text(cx, j, "access_token", &access));
	if (!is_token(access))
		return rc_fail(cx, RC_REMOTE,
		    "Shopify's token end point gave no usable token");
	out->access = secret_copy(cx, access);
	out->refresh = secret_copy(cx, jtext_or(j, "refresh_token", NULL));
	out->scope = jtext_or(j, "scope", NULL);
	out->expires_in_s = jint_or(j, "expires_in", 0);
	out->refresh_expires_in_s = jint_or(j, "refresh_token_expires_in", 0);
	return RC_OK;
}

static enum rc
grant(struct cx *cx, const char *shop, const struct pair *own, size_t n,
    struct oauth_grant *out)
{
	static const struct http_header headers[] = {
		{ "Content-Type", "application/json" },
		{ "Accept", "application/json" },
		{ NULL, NULL },
	};
	struct http_req req = {
		.method = "POST",
		.headers = headers,
		.max_bytes = ANSWER_MAX_BYTES,
		.timeout_ms = TIMEOUT_MS,
	};
	struct http_res res;

	TRY(http_url(cx, shop, TOKEN_PATH, NULL, &req.url));
	TRY(grant_body(cx, own, n, &req.body));
	TRY(http_do(cx, &req, &res));
	if (res.status != 200)
		return refused(cx, res.status);
	return grant_read(cx, res.body, out);
}

/* A token that came with a refresh token expires, even where the answer left
 * expires_in out (shopify.md 2.7 and 9.1). */
static void
set_kind(struct oauth_grant *g)
{
	g->kind = g->refresh.p || g->expires_in_s > 0 ? TOKEN_EXPIRING
						      : TOKEN_NON_EXPIRING;
}

enum rc
oauth_code(
    struct cx *cx, const char *shop, const char *code, struct oauth_grant *out)
{
	const struct pair own[] = { { "code", code }, { "expiring", "1" } };

	TRY(grant(cx, shop, own, 2, out));
	set_kind(out);
	return RC_OK;
}

enum rc
oauth_refresh(struct cx *cx, const char *shop, struct secret refresh,
    struct oauth_grant *out)
{
	const struct pair own[] = {
		{ "grant_type", "refresh_token" },
		{ "refresh_token", refresh.p },
	};

	TRY(grant(cx, shop, own, 2, out));
	set_kind(out);
	return RC_OK;
}

enum rc
oauth_exchange(struct cx *cx, const char *shop, const char *id_token,
    struct oauth_grant *out)
{
	const struct pair own[] = {
		{ "grant_type", EXCHANGE },
		{ "subject_token", id_token },
		{ "subject_token_type", ID_TOKEN },
		{ "requested_token_type", OFFLINE },
		{ "expiring", "1" },
	};

	TRY(grant(cx, shop, own, 5, out));
	set_kind(out);
	return RC_OK;
}

enum rc
oauth_client_credentials(
    struct cx *cx, const char *shop, struct oauth_grant *out)
{
	const struct pair own[] = { { "grant_type", "client_credentials" } };

	TRY(grant(cx, shop, own, 1, out));
	out->kind = TOKEN_CLIENT_CREDENTIALS;
	return RC_OK;
}
