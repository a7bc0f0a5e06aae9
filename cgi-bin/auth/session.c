/* /api/auth/session: this browser's session, and who is calling. */
#include "store/session.h"
#include "app/callers.h"
#include "app/lists.h"
#include "app/scopes.h"
#include "auth.h"
#include "base/conf.h"
#include "base/log.h"
#include "store/apikey.h"

struct session_body {
	const char *key;
};

static const struct field session_body_fields[] = {
	FIELD_TEXT(session_body, key, .need = true, .hide = true, .min = 1,
	    .max = 200, .note = "An API key, of a shop or the operator's."),
	FIELD_END,
};
const struct shape session_body = SHAPE(session_body, session_body_fields);

static const char *const kinds[] = { "session", "key", "id_token", NULL };

static const struct field session_reply_fields[] = {
	R_WORD("kind", kinds, .note = "How the caller is known."),
	R_TEXT("id", .null = true),
	R_BOOL("operator"),
	R_TEXT("shop_id", .null = true),
	R_TEXT("shop", .null = true),
	R_TEXT("status", .null = true, .note = "The shop's."),
	R_TEXTS("scopes", .note = "What the shop granted."),
	R_TEXTS("needed", .note = "What this app needs."),
	R_TEXTS("missing", .note = "Needed, but not granted."),
	FIELD_END,
};
const struct shape session_reply =
    REPLY_SHAPE("session_reply", session_reply_fields);

enum rc
session_begin(struct cx *cx, const struct req *rq, struct reply *rp,
    int32_t shop_epoch, struct session *out)
{
	const char *cookie;

	TRY(session_mint(cx, rq->who.user_id, req_header(rq, "User-Agent"),
	    shop_epoch, out, &cookie));
	reply_cookie(cx, rp, SESSION_COOKIE, cookie, conf_int(C_SESSION_MAX_S));
	log_info(cx, "session.begun", L_TEXT("id", out->id));
	return RC_OK;
}

static const char *
kind_of(const struct who *who)
{
	if (who->by & (BY_SHOP_SESSION | BY_OPERATOR_SESSION))
		return "session";
	return who->by == BY_ID_TOKEN ? "id_token" : "key";
}

static void
write_shop(struct cx *cx, struct jw *w, const struct shop *shop)
{
	const struct scopes needed = scopes_needed(cx);
	const struct scopes granted = scopes_of(cx, shop ? shop->scopes : NULL);

	if (shop)
		jw_id(w, "shop_id", shop->id);
	else
		jw_null(w, "shop_id");
	jw_text(w, "shop", shop ? shop->domain : NULL);
	jw_text(w, "status", shop ? shop->status : NULL);
	scopes_write(w, "scopes", granted);
	scopes_write(w, "needed", needed);
	scopes_write(w, "missing",
	    shop ? scopes_missing(cx, needed, granted)
		 : (struct scopes){ NULL, 0 });
}

static enum rc
show(struct cx *cx, const struct who *who, struct reply *rp, int status)
{
	struct shop shop;
	struct jw *w;

	if (who->shop_id)
		TRY(shop_load(cx, who->shop_id, &shop));
	w = reply_json(rp, status);
	jw_text(w, "kind", kind_of(who));
	jw_text(w, "id", who->id);
	jw_bool(w, "operator", (who->by & BY_OPERATOR) != 0);
	write_shop(cx, w, who->shop_id ? &shop : NULL);
	return reply_end(rp);
}

/* A session of a shop dies with the shop's epoch; the operator's has none. */
static enum rc
epoch_of(struct cx *cx, int64_t shop_id, int32_t *out)
{
	*out = 0;
	return shop_id ? shop_epoch(cx, shop_id, out) : RC_OK;
}

/* POST /api/auth/session: only keys that may do everything sign a browser in,
 * or a session would be more than the key it came from. */
enum rc
session_create(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct session_body *in = rq->body;
	struct session session;
	struct apikey key;
	struct who who = { .by = BY_SHOP_SESSION };
	int32_t epoch;
	enum rc rc = apikey_find(cx, in->key, &key);

	if (rc == RC_ABSENT)
		return rc_fail(cx, RC_AUTH, "no valid key");
	TRY(rc);
	if (key.n_scopes != 1 || !text_same(key.scopes[0], "*"))
		return rc_fail(cx, RC_DENIED,
		    "a browser is signed in by a key of scope * only");
	cx->shop_id = key.shop_id;
	TRY(epoch_of(cx, key.shop_id, &epoch));
	TRY(session_begin(cx, rq, rp, epoch, &session));
	if (key.operator)
		who.by = BY_OPERATOR_SESSION;
	who.shop_id = key.shop_id;
	who.id = session.id;
	return show(cx, &who, rp, 201);
}

/* GET /api/auth/session */
enum rc
session_show(struct cx *cx, const struct req *rq, struct reply *rp)
{
	return show(cx, &rq->who, rp, 200);
}

/* DELETE /api/auth/session: the next request with its cookie is nobody's. */
enum rc
session_end(struct cx *cx, const struct req *rq, struct reply *rp)
{
	TRY(session_drop(cx, rq->who.shop_id, rq->who.id));
	reply_cookie(cx, rp, SESSION_COOKIE, "", 0);
	log_info(cx, "session.ended", L_TEXT("id", rq->who.id));
	return reply_empty(rp, 204);
}
