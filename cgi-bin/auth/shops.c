/* /api/auth/shops: the shops that have this app, their scopes and tokens. */
#include "app/callers.h"
#include "app/lists.h"
#include "app/scopes.h"
#include "auth.h"
#include "base/clock.h"

struct shops_query {
	const char *after;
	int64_t limit;
};

static bool
number_ok(const char *text)
{
	int64_t n;

	return text_int(text, 1, INT64_MAX, &n);
}

static const struct field query_fields[] = {
	FIELD_TEXT(shops_query, after, .max = 20, .ok = number_ok,
	    .rule = "a cursor that a list gave as next"),
	FIELD_INT(shops_query, limit, .min = 1, .max = LIST_LIMIT_MAX,
	    .fallback = "50"),
	FIELD_END,
};
const struct shape shops_query = SHAPE(shops_query, query_fields);

static const char *const token_states[] = { "ok", "expired", "failed", "none",
	NULL };
static const struct field token_fields[] = {
	R_TEXT("kind", .null = true),
	R_WORD("state", token_states),
	R_TIME("expires_at", .null = true),
	R_TIME("refresh_expires_at", .null = true),
	FIELD_END,
};
static const struct shape token = REPLY_SHAPE("shop_token", token_fields);

static const struct field shop_fields[] = {
	R_TEXT("shop_id", .note = "Shopify's number of the shop."),
	R_TEXT("domain"),
	R_TEXT("name", .null = true),
	R_TEXT("status"),
	R_TEXT("status_reason", .null = true),
	R_TEXT("currency", .null = true),
	R_TEXT("country", .null = true),
	R_TEXT("plan", .null = true),
	R_TEXTS("scopes", .note = "Granted."),
	R_TEXTS("missing", .note = "Needed, but not granted."),
	R_OBJECT("token", &token),
	R_TIME("installed_at"),
	R_TIME("updated_at"),
	FIELD_END,
};
const struct shape shop_reply = REPLY_SHAPE("shop_reply", shop_fields);
static const struct field shops_fields[] = {
	R_LIST("items", &shop_reply),
	R_TEXT("next", .null = true),
	FIELD_END,
};
const struct shape shops_reply = REPLY_SHAPE("shops_reply", shops_fields);

static const char *
token_state(const struct shop *shop)
{
	if (!shop->token_kind)
		return "none";
	if (shop->token_failed)
		return "failed";
	return shop->token_expires_at && shop->token_expires_at < clock_wall()
		   ? "expired"
		   : "ok";
}

static void
write_token(struct jw *w, const struct shop *shop)
{
	jw_object(w, "token");
	jw_text(w, "kind", shop->token_kind);
	jw_text(w, "state", token_state(shop));
	jw_time(w, "expires_at", shop->token_expires_at);
	jw_time(w, "refresh_expires_at", shop->refresh_expires_at);
	jw_close(w);
}

static void
write_shop(struct cx *cx, struct jw *w, const struct shop *shop)
{
	const struct scopes granted = scopes_of(cx, shop->scopes);

	jw_id(w, "shop_id", shop->id);
	jw_text(w, "domain", shop->domain);
	jw_text(w, "name", shop->name);
	jw_text(w, "status", shop->status);
	jw_text(w, "status_reason", shop->status_reason);
	jw_text(w, "currency", shop->currency);
	jw_text(w, "country", shop->country);
	jw_text(w, "plan", shop->plan);
	scopes_write(w, "scopes", granted);
	scopes_write(
	    w, "missing", scopes_missing(cx, scopes_needed(cx), granted));
	write_token(w, shop);
	jw_time(w, "installed_at", shop->installed_at);
	jw_time(w, "updated_at", shop->updated_at);
}

/* The operator sees all, a shop's caller its own. */
static enum rc
list(struct cx *cx, const struct req *rq, int64_t after, int limit,
    struct shop **out, size_t *n)
{
	if (rq->who.by & BY_OPERATOR)
		return shop_list(cx, after, limit, out, n);
	*out = ARENA_NEW(cx->mem, struct shop);
	*n = after < rq->who.shop_id;
	return shop_load(cx, rq->who.shop_id, *out);
}

enum rc
shops_list(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct shops_query *in = rq->query;
	const char *last = NULL;
	struct shop *shops;
	int64_t after = 0;
	struct jw *w;
	size_t n, i;

	if (in->after && !text_int(in->after, 1, INT64_MAX, &after))
		return rc_fail(cx, RC_BUG, "the shape let a cursor pass");
	TRY(list(cx, rq, after, (int)in->limit, &shops, &n));
	w = reply_json(rp, 200);
	jw_list(w, "items");
	for (i = 0; i < n; i++) {
		jw_object(w, NULL);
		write_shop(cx, w, &shops[i]);
		jw_close(w);
		last = text_fmt(cx->mem, "%lld", (long long)shops[i].id);
	}
	return list_end(rp, w, last, n == (size_t)in->limit);
}

/* By number or by name; another shop's is as one that does not exist. */
static enum rc
find(struct cx *cx, const struct req *rq, struct shop *out)
{
	int64_t id;

	if (!text_int(rq->params[0], 1, INT64_MAX, &id)) {
		if (caller_shop(cx, rq, rq->params[0], out) == RC_OK)
			return RC_OK;
		rc_forget(cx);
		return rc_fail(cx, RC_ABSENT, "no such shop");
	}
	if (!(rq->who.by & BY_OPERATOR) && id != rq->who.shop_id)
		return rc_fail(cx, RC_ABSENT, "no such shop");
	return shop_load(cx, id, out);
}

enum rc
shops_show(struct cx *cx, const struct req *rq, struct reply *rp)
{
	struct shop shop;

	TRY(find(cx, rq, &shop));
	write_shop(cx, reply_json(rp, 200), &shop);
	return reply_end(rp);
}
