/* What Shopify signs with the client secret (shopify.md 2.2). */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/code.h"
#include "io/crypt.h"
#include "shopify/sign.h"

enum { SKEW_S = 90, QUERY_MAX_BYTES = 32 << 10 };

/* A file that cannot be read is our fault, never the caller's. */
static enum rc
secret_of(struct cx *cx, enum conf c, struct secret *out)
{
	const enum rc rc = conf_secret(cx, c, out);
	const char *why;

	if (rc == RC_OK || rc == RC_ABSENT)
		return rc;
	why = text_dup(cx->mem, cx->fault.sentence);
	rc_forget(cx);
	return rc_fail(cx, RC_BUG, "%s: %s", conf_row(c)->name, why);
}

enum rc
sign_secrets(struct cx *cx, struct sign_secrets *out)
{
	enum rc rc;

	memset(out, 0, sizeof(*out));
	rc = secret_of(cx, C_SHOPIFY_API_SECRET_FILE, &out->now);
	if (rc == RC_ABSENT)
		return rc_fail(
		    cx, RC_BUG, "SHOPIFY_API_SECRET_FILE is not set");
	TRY(rc);
	rc = secret_of(cx, C_SHOPIFY_API_SECRET_PREVIOUS_FILE, &out->before);
	return rc == RC_ABSENT ? RC_OK : rc;
}

static enum rc
check_one(struct cx *cx, struct secret secret, struct slice data,
    const unsigned char mac[32], bool *good)
{
	unsigned char own[SHA256_BYTES];

	TRY(crypt_hmac(cx, (struct slice){ secret.p, secret.n }, data, own));
	if (crypt_same(own, mac, sizeof(own)))
		*good = true;
	return RC_OK;
}

enum rc
sign_check(struct cx *cx, const struct sign_secrets *secrets, struct slice data,
    const unsigned char mac[32], bool *good)
{
	*good = false;
	TRY(check_one(cx, secrets->now, data, mac, good));
	if (!secrets->before.p)
		return RC_OK;
	return check_one(cx, secrets->before, data, mac, good);
}

static int
by_name(const void *a, const void *b)
{
	const struct pair *pa = a;
	const struct pair *pb = b;

	return strcmp(pa->name, pb->name);
}

static bool
is_signed(const char *name)
{
	return strcmp(name, "hmac") != 0 && strcmp(name, "signature") != 0;
}

const char *
sign_query_text(struct cx *cx, const struct pairs *query)
{
	struct buf b = buf_new(cx->mem, QUERY_MAX_BYTES);
	struct pair *sorted =
	    ARENA_ARRAY(cx->mem, struct pair, query->n ? query->n : 1);
	size_t i;

	if (query->n > 0)
		memcpy(sorted, query->items, query->n * sizeof(*sorted));
	qsort(sorted, query->n, sizeof(*sorted), by_name);
	for (i = 0; i < query->n; i++) {
		if (!is_signed(sorted[i].name))
			continue;
		buf_addf(&b, "%s%s=%s", b.n > 0 ? "&" : "", sorted[i].name,
		    percent_of(cx->mem, sorted[i].value));
	}
	return buf_text(&b);
}

static enum rc
refuse_repeats(struct cx *cx, const struct pairs *query)
{
	static const char *const single[] = { "hmac", "shop", "timestamp",
		"state", "code", "host", NULL };
	int i;

	for (i = 0; single[i]; i++)
		if (pairs_count(query, single[i]) > 1)
			return rc_field(cx, RC_INPUT, single[i], "given once",
			    "given more than once");
	return RC_OK;
}

static enum rc
check_fresh(struct cx *cx, const struct pairs *query, int64_t now)
{
	const char *text = pairs_find(query, "timestamp");
	int64_t at;

	if (!text || !text_int(text, 0, INT64_MAX / 2, &at) ||
	    at > now + SKEW_S || at < now - SKEW_S)
		return rc_field(cx, RC_INPUT, "timestamp",
		    "epoch seconds within 90 s of now", text);
	return RC_OK;
}

enum rc
sign_query(struct cx *cx, const struct sign_secrets *secrets,
    const struct pairs *query, int64_t now)
{
	const char *hex = pairs_find(query, "hmac");
	unsigned char mac[SHA256_BYTES];
	bool good;

	TRY(refuse_repeats(cx, query));
	TRY(check_fresh(cx, query, now));
	if (!hex || !hex_to(slice_of(hex), mac, sizeof(mac)))
		return rc_field(cx, RC_INPUT, "hmac", "64 hex digits",
		    hex ? "other" : NULL);
	TRY(sign_check(
	    cx, secrets, slice_of(sign_query_text(cx, query)), mac, &good));
	if (!good)
		return rc_fail(cx, RC_AUTH, "the query's hmac is wrong");
	return RC_OK;
}

enum rc
sign_webhook(struct cx *cx, const struct sign_secrets *secrets,
    struct slice body, const char *header)
{
	struct slice mac;
	bool good;

	if (!header || !base64_to(cx->mem, slice_of(header), &mac) ||
	    mac.n != SHA256_BYTES)
		return rc_fail(cx, RC_AUTH, "no hmac of 32 bytes in base64");
	TRY(sign_check(cx, secrets, body, (const unsigned char *)mac.p, &good));
	return good ? RC_OK : rc_fail(cx, RC_AUTH, "the hmac is wrong");
}
