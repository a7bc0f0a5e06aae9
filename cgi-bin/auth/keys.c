/* /api/auth/keys: API keys of a shop or the operator. */
#include "app/callers.h"
#include "app/lists.h"
#include "auth.h"
#include "base/log.h"
#include "base/uuid.h"
#include "store/apikey.h"

/* POST /api/auth/keys: mint a key; its secret shows once. */
struct key_new {
	const char *label; /* what the merchant calls it */
	int64_t days; /* until it lapses; 0 = never */
	struct words scopes; /* empty: what the caller itself may do */
	const char *shop; /* the operator: of which shop; absent: its own */
};

static const struct field key_new_fields[] = {
	FIELD_TEXT(key_new, label, .need = true, .min = 1, .max = 80,
	    .note = "What you call it."),
	FIELD_INT(key_new, days, .min = 0, .max = 3650, .fallback = "0",
	    .note = "Days until it lapses; 0 = never."),
	FIELD_WORDS(key_new, scopes, .need = true, .words = apikey_scopes,
	    .min = 1, .max = 12, .note = "What it may do; * is everything."),
	FIELD_TEXT(key_new, shop, .max = 100,
	    .note = "The operator: whose key it is; absent: the operator's."),
	FIELD_END,
};
const struct shape key_new = SHAPE(key_new, key_new_fields);

#define KEY_FIELDS                                                             \
	R_TEXT("id"), R_TEXT("label"),                                         \
	    R_TEXT("prefix", .note = "Its first characters."),                 \
	    R_TEXTS("scopes"), R_BOOL("operator"),                             \
	    R_TEXT("shop", .null = true), R_TIME("created_at"),                \
	    R_TIME("expires_at", .null = true),                                \
	    R_TIME("last_used_at", .null = true),                              \
	    R_TIME("revoked_at", .null = true)

static const struct field key_reply_fields[] = {
	KEY_FIELDS,
	R_TEXT("secret", .note = "The key itself; it is not shown again."),
	FIELD_END,
};
const struct shape key_reply = REPLY_SHAPE("key_reply", key_reply_fields);

static const struct field item_fields[] = { KEY_FIELDS, FIELD_END };
static const struct shape item = REPLY_SHAPE("key_item", item_fields);
static const struct field keys_fields[] = {
	R_LIST("items", &item),
	R_TEXT("next", .null = true),
	FIELD_END,
};
const struct shape keys_reply = REPLY_SHAPE("keys_reply", keys_fields);

static void
write_key(struct jw *w, const struct apikey *key, const char *domain)
{
	size_t i;

	jw_text(w, "id", key->id);
	jw_text(w, "label", key->label);
	jw_text(w, "prefix", key->prefix);
	jw_list(w, "scopes");
	for (i = 0; i < key->n_scopes; i++)
		jw_text(w, NULL, key->scopes[i]);
	jw_close(w);
	jw_bool(w, "operator", key->operator);
	jw_text(w, "shop", domain);
	jw_time(w, "created_at", key->created_at);
	jw_time(w, "expires_at", key->expires_at);
	jw_time(w, "last_used_at", key->last_used_at);
	jw_time(w, "revoked_at", key->revoked_at);
}

enum rc
keys_list(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct list_query *in = rq->query;
	struct apikey *list;
	const char *domain;
	struct jw *w;
	size_t n, i;

	TRY(caller_scope(cx, rq, in->shop, &domain));
	TRY(apikey_list(cx, cx->shop_id, in->after, (int)in->limit, &list, &n));
	w = reply_json(rp, 200);
	jw_list(w, "items");
	for (i = 0; i < n; i++) {
		jw_object(w, NULL);
		write_key(w, &list[i], domain);
		jw_close(w);
	}
	return list_end(
	    rp, w, n ? list[n - 1].id : NULL, n == (size_t)in->limit);
}

/* Nobody hands out more than they have. */
static enum rc
check_scopes(struct cx *cx, const struct req *rq, struct words scopes)
{
	size_t i;

	for (i = 0; i < scopes.n; i++)
		if (!scope_in(rq->who.scopes, rq->who.n_scopes, scopes.list[i]))
			return rc_fail(cx, RC_DENIED,
			    "the caller has no scope %s to give",
			    scopes.list[i]);
	return RC_OK;
}

enum rc
keys_create(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct key_new *in = rq->body;
	struct apikey key = {
		.label = in->label,
		.scopes = in->scopes.list,
		.n_scopes = in->scopes.n,
	};
	const char *domain, *secret;
	struct jw *w;

	TRY(check_scopes(cx, rq, in->scopes));
	TRY(caller_scope(cx, rq, in->shop, &domain));
	TRY(apikey_mint(cx, &key, in->days, &secret));
	log_info(cx, "key.minted", L_TEXT("id", key.id));
	w = reply_json(rp, 201);
	write_key(w, &key, domain);
	jw_text(w, "secret", secret);
	return reply_end(rp);
}

enum rc
keys_revoke(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct shop_query *in = rq->query;
	const char *domain;

	TRY(caller_scope(cx, rq, in->shop, &domain));
	if (!uuid_ok(rq->params[0]))
		return rc_fail(cx, RC_ABSENT, "no such key");
	TRY(apikey_drop(cx, cx->shop_id, rq->params[0]));
	log_info(cx, "key.revoked", L_TEXT("id", rq->params[0]));
	return reply_empty(rp, 204);
}
