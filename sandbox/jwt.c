/* JSON Web Tokens with HS256 (RFC 7515, 7519). */
#include <string.h>

#include "base/clock.h"
#include "base/code.h"
#include "base/conf.h"
#include "base/uuid.h"
#include "io/crypt.h"
#include "jwt.h"

enum { LIFE_S = 60, LEEWAY_S = 10, TOKEN_BYTES_MAX = 16 << 10 };

static bool
dropped(struct json in, const char *claim)
{
	const struct json list = jat(in, "drop");
	size_t i;

	for (i = 0; i < jlen(list); i++)
		if (text_same(jtext_or(jitem(list, i), "", ""), claim))
			return true;
	return false;
}

static void
claim_text(struct jw *w, struct json in, const char *name, const char *usual)
{
	if (!dropped(in, name))
		jw_text(w, name, jtext_or(in, name, usual));
}

static void
claim_time(struct jw *w, struct json in, const char *name, int64_t at)
{
	if (!dropped(in, name))
		jw_int(w, name, at + jint_or(in, "skew_s", 0));
}

static enum rc
claims(struct cx *cx, const char *shop, struct json in, const char **out)
{
	struct buf b = buf_new(cx->mem, TOKEN_BYTES_MAX);
	struct jw w = jw_new(&b);
	const int64_t now = clock_wall();
	const char *jti;

	TRY(uuid_mint(cx, &jti));
	jw_object(&w, NULL);
	claim_text(&w, in, "iss", text_fmt(cx->mem, "https://%s/admin", shop));
	claim_text(&w, in, "dest", text_fmt(cx->mem, "https://%s", shop));
	claim_text(&w, in, "aud", conf_text(C_SHOPIFY_API_KEY));
	claim_text(&w, in, "sub", "42");
	claim_time(&w, in, "exp", now + LIFE_S);
	claim_time(&w, in, "nbf", now);
	claim_time(&w, in, "iat", now);
	claim_text(&w, in, "jti", jti);
	claim_text(&w, in, "sid",
	    "aaea182f2732d44c23057c0fea584021a4485b2bd25d3eb7fd349313ad24c685");
	claim_text(&w, in, "sig",
	    "f07cf3740270c17fb61c700b2f0f2e7f2f4fc8ff48426221738f7a39e4c475bf");
	jw_close(&w);
	*out = base64url_of(cx->mem, b.p, b.n);
	return jw_end(&w);
}

static enum rc
signature(struct cx *cx, struct slice secret, const char *signed_part,
    const char **out)
{
	unsigned char mac[SHA256_BYTES];

	TRY(crypt_hmac(cx, secret, slice_of(signed_part), mac));
	*out = base64url_of(cx->mem, mac, sizeof(mac));
	return RC_OK;
}

static enum rc
secret_named(struct cx *cx, const char *name, struct slice *out)
{
	struct secret s = { "not the secret", 14 };

	if (text_same(name, "previous"))
		TRY(conf_secret(cx, C_SHOPIFY_API_SECRET_PREVIOUS_FILE, &s));
	else if (!text_same(name, "wrong"))
		TRY(conf_secret(cx, C_SHOPIFY_API_SECRET_FILE, &s));
	*out = (struct slice){ s.p, s.n };
	return RC_OK;
}

enum rc
jwt_mint(struct cx *cx, const char *shop, struct json in, const char **out)
{
	const char *alg = jtext_or(in, "alg", "HS256");
	const char *head =
	    text_fmt(cx->mem, "{\"alg\":\"%s\",\"typ\":\"JWT\"}", alg);
	const char *body, *signed_part, *mac = "";
	struct slice secret;

	TRY(secret_named(cx, jtext_or(in, "secret", ""), &secret));
	TRY(claims(cx, shop, in, &body));
	signed_part = text_fmt(
	    cx->mem, "%s.%s", base64url_of(cx->mem, head, strlen(head)), body);
	if (!text_same(alg, "none"))
		TRY(signature(cx, secret, signed_part, &mac));
	*out = text_fmt(cx->mem, "%s.%s", signed_part, mac);
	return RC_OK;
}

/* ---- verifying, as Shopify does at the exchange */

static bool
signed_with(struct cx *cx, const char *secret_name, const char *signed_part,
    struct slice mac)
{
	struct slice secret;
	const char *right;

	if (secret_named(cx, secret_name, &secret) != RC_OK ||
	    signature(cx, secret, signed_part, &right) != RC_OK) {
		rc_forget(cx);
		return false;
	}
	return mac.n == strlen(right) && crypt_same(mac.p, right, mac.n);
}

static bool
read_part(struct cx *cx, struct slice part, struct json *out)
{
	struct slice plain;

	if (!base64url_to(cx->mem, part, &plain))
		return false;
	if (json_read(cx, plain, TOKEN_BYTES_MAX, RC_AUTH, out) == RC_OK)
		return true;
	rc_forget(cx);
	return false;
}

static bool
claims_ok(struct cx *cx, const char *shop, struct json c)
{
	const int64_t now = clock_wall();
	const char *dest = text_fmt(cx->mem, "https://%s", shop);

	return text_same(jtext_or(c, "dest", ""), dest) &&
	       text_same(
		   jtext_or(c, "aud", ""), conf_text(C_SHOPIFY_API_KEY)) &&
	       now < jint_or(c, "exp", 0) + LEEWAY_S &&
	       now >= jint_or(c, "nbf", INT64_MAX - LEEWAY_S) - LEEWAY_S;
}

enum rc
jwt_verify(struct cx *cx, const char *shop, const char *token)
{
	struct slice rest = slice_of(token), head, body;
	struct json h, c;
	const char *signed_part;

	if (!text_next(&rest, '.', &head) || !text_next(&rest, '.', &body))
		return RC_AUTH;
	signed_part =
	    text_of(cx->mem, (struct slice){ token, head.n + 1 + body.n });
	if (!read_part(cx, head, &h) || !read_part(cx, body, &c) ||
	    !text_same(jtext_or(h, "alg", ""), "HS256"))
		return RC_AUTH;
	if (!signed_with(cx, "", signed_part, rest) &&
	    !signed_with(cx, "previous", signed_part, rest))
		return RC_AUTH;
	return claims_ok(cx, shop, c) ? RC_OK : RC_AUTH;
}
