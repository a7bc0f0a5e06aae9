/* Shopify's Admin GraphQL: one call, its cost, and what its refusals mean. */
#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "io/count.h"
#include "io/http.h"
#include "shopify/gql.h"
#include "shopify/gql_text.h"

enum {
	ASK_MAX_BYTES = 256 << 10,
	ANSWER_MAX_BYTES = 16 << 20,
	TREE_MAX_BYTES = 4 << 20, /* a tree costs 16 times its text */
	TIMEOUT_MS = 30000,
	THROTTLED_MAX_S = 60 /* a bucket is full in 20 */
};

static enum rc
ask_body(struct cx *cx, const struct gql_text *doc, struct slice variables,
    struct slice *out)
{
	struct buf b = buf_new(cx->mem, ASK_MAX_BYTES);
	struct jw w = jw_new(&b);

	jw_object(&w, NULL);
	jw_text(&w, "query", doc->text);
	jw_raw(&w, "variables", variables);
	if (doc->operation)
		jw_text(&w, "operationName", doc->operation);
	jw_close(&w);
	TRY(jw_end(&w));
	*out = buf_slice(&b);
	return RC_OK;
}

static enum rc
send(struct cx *cx, const char *shop, struct secret token, struct slice body,
    struct http_res *res)
{
	const struct http_header headers[] = {
		{ "Content-Type", "application/json" },
		{ "Accept", "application/json" },
		{ "X-Shopify-Access-Token", token.p },
		{ NULL, NULL },
	};
	struct http_req req = {
		.method = "POST",
		.headers = headers,
		.body = body,
		.max_bytes = ANSWER_MAX_BYTES,
		.timeout_ms = TIMEOUT_MS,
	};
	const char *path = text_fmt(
	    cx->mem, "/admin/api/%s/graphql.json", conf_text(C_API_VERSION));

	TRY(http_url(cx, shop, path, NULL, &req.url));
	return http_do(cx, &req, res);
}

static double
number_or(struct cx *cx, struct json j, const char *path, double fallback)
{
	double value;

	if (jat(j, path).node && jget_real(cx, j, path, &value) == RC_OK)
		return value;
	return fallback;
}

static void
cost_read(struct cx *cx, struct json root, struct gql_cost *out)
{
	const struct json cost = jat(root, "extensions.cost");
	const struct json now = jat(cost, "throttleStatus");

	out->requested = number_or(cx, cost, "requestedQueryCost", 0);
	out->actual = number_or(cx, cost, "actualQueryCost", 0);
	out->available = number_or(cx, now, "currentlyAvailable", 0);
	out->maximum = number_or(cx, now, "maximumAvailable", 0);
	out->restore_per_s = number_or(cx, now, "restoreRate", 0);
}

/* How long until the bucket holds what was asked for (shopify.md 4.2); never
 * longer than a full one takes, whatever the numbers say. */
static int64_t
throttled_ms(const struct gql_cost *cost)
{
	const double short_of = cost->requested - cost->available;

	if (!(cost->restore_per_s > 0 && short_of > 0))
		return 1000;
	if (short_of / cost->restore_per_s > THROTTLED_MAX_S)
		return THROTTLED_MAX_S * 1000;
	return (int64_t)(short_of / cost->restore_per_s * 1000) + 1;
}

static enum rc
pause_shop(
    struct cx *cx, struct gql_reply *out, const char *reason, long status)
{
	out->pause = reason;
	return rc_fail(cx, RC_DENIED, "%s (Shopify said %ld)", reason, status);
}

/* A text of shopify.md 2.7 makes a 403 a fault of the token. */
static enum rc
forbidden(struct cx *cx, struct slice body, struct gql_reply *out)
{
	if (memmem(body.p, body.n, "Non-expiring access tokens", 26))
		return rc_fail(cx, RC_TOKEN,
		    "Shopify takes no non-expiring token of this app (403)");
	return pause_shop(cx, out, "the shop is not available to us", 403);
}

static enum rc
status_read(struct cx *cx, long status, struct slice body,
    int64_t retry_after_ms, struct gql_reply *out)
{
	switch (status) {
	case 200:
		return RC_OK;
	case 400:
		return rc_fail(
		    cx, RC_BUG, "Shopify cannot read our call (400)");
	case 401:
		return rc_fail(cx, RC_TOKEN, "Shopify refused the token (401)");
	case 402:
		return pause_shop(cx, out, "the shop is frozen", status);
	case 403:
		return forbidden(cx, body, out);
	case 404:
		return pause_shop(cx, out, "the shop is gone", status);
	case 423:
		return pause_shop(cx, out, "the shop is locked", status);
	case 430:
		return pause_shop(
		    cx, out, "Shopify's security check refused us", status);
	case 429:
		cx->retry_after_ms = retry_after_ms > 0 ? retry_after_ms : 2000;
		return rc_fail(cx, RC_LIMITED, "Shopify said 429");
	default:
		return rc_fail(cx, RC_REMOTE, "Shopify said %ld", status);
	}
}

/* errors[0].extensions.code of shopify.md 4.2. */
static enum rc
errors_read(struct cx *cx, struct json error, struct gql_reply *out)
{
	const char *code = jtext_or(error, "extensions.code", "");
	const char *message =
	    text_cut(cx->mem, jtext_or(error, "message", "no message"), 200);

	if (text_same(code, "THROTTLED")) {
		cx->retry_after_ms = throttled_ms(&out->cost);
		count_add(M_shopify_throttled_total, NULL, 1);
		return rc_fail(cx, RC_LIMITED, "Shopify throttled the call");
	}
	if (text_same(code, "MAX_COST_EXCEEDED"))
		return rc_fail(
		    cx, RC_TOO_BIG, "the page costs more than Shopify allows");
	if (text_same(code, "ACCESS_DENIED")) {
		out->access = message;
		return rc_fail(cx, RC_DENIED, "%s", message);
	}
	if (text_same(code, "SHOP_INACTIVE"))
		return pause_shop(cx, out, "the shop is not active", 200);
	if (text_same(code, "INTERNAL_SERVER_ERROR") || code[0] == '\0')
		return rc_fail(cx, RC_REMOTE, "Shopify failed: %s", message);
	return rc_fail(
	    cx, RC_BUG, "Shopify refused the document: %s: %s", code, message);
}

/* A filter that Shopify ignored would give rows nobody asked for. */
static enum rc
warnings_read(struct cx *cx, struct json root)
{
	const struct json search = jat(root, "extensions.search");
	size_t i;

	for (i = 0; i < jlen(search); i++) {
		const struct json warning =
		    jitem(jat(jitem(search, i), "warnings"), 0);

		if (warning.node)
			return rc_fail(cx, RC_UNPROCESSABLE,
			    "Shopify ignored the filter: %s",
			    text_cut(cx->mem,
				jtext_or(warning, "message",
				    jtext_or(warning, "code", "")),
				200));
	}
	return RC_OK;
}

enum rc
gql_read(struct cx *cx, long status, struct slice body, int64_t retry_after_ms,
    struct gql_reply *out)
{
	struct json root;

	memset(out, 0, sizeof(*out));
	TRY(status_read(cx, status, body, retry_after_ms, out));
	TRY(json_read(cx, body, TREE_MAX_BYTES, RC_REMOTE, &root));
	cost_read(cx, root, &out->cost);
	if (jlen(jat(root, "errors")) > 0)
		return errors_read(cx, jitem(jat(root, "errors"), 0), out);
	TRY(warnings_read(cx, root));
	return jget_object(cx, root, "data", &out->data);
}

/* A version that is no longer served is answered by another (shopify.md 1). */
static void
note_version(struct cx *cx, const struct http_res *res)
{
	const char *served = http_header_of(cx, res, "X-Shopify-API-Version");

	if (served && !text_same(served, conf_text(C_API_VERSION)))
		log_warn(cx, "shopify.version",
		    L_TEXT("asked", conf_text(C_API_VERSION)),
		    L_TEXT("served", served));
}

static void
note_call(struct cx *cx, const struct gql_text *doc, enum rc rc,
    const struct gql_reply *reply)
{
	count_add(M_shopify_calls_total,
	    text_fmt(cx->mem, "document=\"%s\",outcome=\"%s\"", doc->name,
		rc_row(rc)->code),
	    1);
	count_add(
	    M_shopify_cost_points_total, NULL, (int64_t)reply->cost.actual);
}

enum rc
gql_call(struct cx *cx, const char *shop, struct secret token, enum gql_doc doc,
    struct slice variables, struct gql_reply *out)
{
	const struct gql_text *text = &gql_texts[doc];
	struct http_res res;
	struct slice body;
	enum rc rc;

	memset(out, 0, sizeof(*out));
	TRY(ask_body(cx, text, variables, &body));
	TRY(send(cx, shop, token, body, &res));
	note_version(cx, &res);
	rc = gql_read(cx, res.status, res.body, res.retry_after_ms, out);
	note_call(cx, text, rc, out);
	return rc;
}
