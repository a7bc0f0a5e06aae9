/* App Bridge session tokens: JWT, HS256 only (shopify.md 2.5, SEC-3). */
#include <string.h>

#include "base/code.h"
#include "base/json.h"
#include "io/crypt.h"
#include "shopify/idtoken.h"
#include "shopify/name.h"

enum { TOKEN_MAX_BYTES = 4 << 10, LEEWAY_S = 10 };

static enum rc
refuse(struct cx *cx)
{
	rc_forget(cx);
	return rc_fail(cx, RC_AUTH, "the session token is not valid");
}

/* Exactly three parts, none of them empty. */
static bool
split(const char *token, struct slice parts[3])
{
	const char *p = token;
	int i;

	for (i = 0; i < 3; i++) {
		parts[i].p = p;
		parts[i].n = strcspn(p, ".");
		p += parts[i].n;
		if (parts[i].n == 0 || *p != (i < 2 ? '.' : '\0'))
			return false;
		p++;
	}
	return true;
}

/* HS256 and nothing that could bring another key or another reading. */
static bool
header_ok(struct json header)
{
	static const char *const barred[] = { "jku", "jwk", "x5u", "x5c", "x5t",
		"crit", "b64", NULL };
	int i;

	if (!text_same(jtext_or(header, "alg", ""), "HS256"))
		return false;
	for (i = 0; barred[i]; i++)
		if (jat(header, barred[i]).node)
			return false;
	return true;
}

/* A compact JWS taken apart; nothing of it is believed yet. */
struct jws {
	struct json header;
	struct slice payload;
	struct slice mac;
	struct slice covered; /* what the signature is over */
};

static bool
jws_read(struct cx *cx, const char *token, struct jws *out)
{
	struct slice parts[3], header;

	if (!token || strlen(token) > TOKEN_MAX_BYTES || !split(token, parts))
		return false;
	out->covered.p = token;
	out->covered.n = parts[0].n + 1 + parts[1].n;
	return base64url_to(cx->mem, parts[0], &header) &&
	       base64url_to(cx->mem, parts[1], &out->payload) &&
	       base64url_to(cx->mem, parts[2], &out->mac) &&
	       out->mac.n == SHA256_BYTES &&
	       json_read(cx, header, TOKEN_MAX_BYTES, RC_AUTH, &out->header) ==
		   RC_OK;
}

static enum rc
verify(struct cx *cx, const struct sign_secrets *secrets, const char *token,
    struct jws *out)
{
	bool good;

	if (!jws_read(cx, token, out) || !header_ok(out->header))
		return refuse(cx);
	TRY(sign_check(cx, secrets, out->covered,
	    (const unsigned char *)out->mac.p, &good));
	return good ? RC_OK : refuse(cx);
}

enum rc
idtoken_verify(struct cx *cx, const struct sign_secrets *secrets,
    const char *token, struct slice *payload)
{
	struct jws jws;

	TRY(verify(cx, secrets, token, &jws));
	*payload = jws.payload;
	return RC_OK;
}

/* "https://shop/..." to its shop; NULL when it is none. */
static const char *
shop_of(struct cx *cx, const char *url, const char *path)
{
	const char *shop;
	const char *host;
	size_t n;

	if (!url || !text_starts(url, "https://"))
		return NULL;
	host = url + strlen("https://");
	n = strcspn(host, "/");
	if (!text_same(host + n, path))
		return NULL;
	if (shop_name(cx, text_fmt(cx->mem, "%.*s", (int)n, host), &shop) !=
	    RC_OK)
		return NULL;
	return shop;
}

static bool
times_ok(struct json claims, int64_t now)
{
	const int64_t exp = jint_or(claims, "exp", 0);
	const int64_t nbf = jint_or(claims, "nbf", INT64_MAX);

	return exp > now - LEEWAY_S && nbf <= now + LEEWAY_S;
}

static bool
claims_ok(struct cx *cx, struct json claims, const char *client_id, int64_t now,
    struct idtoken *out)
{
	const char *iss = jtext_or(claims, "iss", NULL);
	const char *issuer = shop_of(cx, iss, "/admin");

	out->shop = shop_of(cx, jtext_or(claims, "dest", NULL), "");
	out->session = jtext_or(claims, "sid", NULL);
	out->expires_at = jint_or(claims, "exp", 0);
	out->user_id = 0;
	if (!text_int(
		jtext_or(claims, "sub", "0"), 0, INT64_MAX, &out->user_id))
		out->user_id = 0;
	return times_ok(claims, now) && out->shop && issuer &&
	       text_same(out->shop, issuer) && client_id[0] != '\0' &&
	       text_same(jtext_or(claims, "aud", ""), client_id);
}

enum rc
idtoken_read(struct cx *cx, const struct sign_secrets *secrets,
    const char *client_id, const char *token, int64_t now, struct idtoken *out)
{
	struct json claims;
	struct jws jws;

	TRY(verify(cx, secrets, token, &jws));
	/* We have one key, so a token that names one is not Shopify's. */
	if (jat(jws.header, "kid").node ||
	    json_read(cx, jws.payload, TOKEN_MAX_BYTES, RC_AUTH, &claims) !=
		RC_OK ||
	    json_kind(claims) != JSON_OBJECT ||
	    !claims_ok(cx, claims, client_id, now, out))
		return refuse(cx);
	rc_forget(cx);
	return RC_OK;
}
