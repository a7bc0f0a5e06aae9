/* /api/auth/sessions: every browser that is signed in. */
#include "app/callers.h"
#include "app/lists.h"
#include "auth.h"
#include "base/log.h"
#include "base/uuid.h"
#include "store/session.h"

static const struct field item_fields[] = {
	R_TEXT("id"),
	R_BOOL("current", .note = "Whether it is the one that asks."),
	R_BOOL("operator"),
	R_TEXT("shop", .null = true),
	R_TEXT("agent", .null = true, .note = "The browser's own name."),
	R_TIME("created_at"),
	R_TIME("seen_at"),
	R_TIME("expires_at"),
	R_TIME("idle_until"),
	FIELD_END,
};
static const struct shape item = REPLY_SHAPE("session_item", item_fields);
static const struct field sessions_fields[] = {
	R_LIST("items", &item),
	R_TEXT("next", .null = true),
	FIELD_END,
};
const struct shape sessions_reply =
    REPLY_SHAPE("sessions_reply", sessions_fields);

static void
write_item(struct jw *w, const struct session *s, const struct req *rq,
    const char *domain)
{
	jw_object(w, NULL);
	jw_text(w, "id", s->id);
	jw_bool(w, "current", rq->who.id && text_same(s->id, rq->who.id));
	jw_bool(w, "operator", s->operator);
	jw_text(w, "shop", domain);
	jw_text(w, "agent", s->agent);
	jw_time(w, "created_at", s->created_at);
	jw_time(w, "seen_at", s->seen_at);
	jw_time(w, "expires_at", s->expires_at);
	jw_time(w, "idle_until", s->idle_until);
	jw_close(w);
}

enum rc
sessions_list(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct list_query *in = rq->query;
	struct session *list;
	const char *domain;
	struct jw *w;
	size_t n, i;

	TRY(caller_scope(cx, rq, in->shop, &domain));
	TRY(session_list(
	    cx, cx->shop_id, in->after, (int)in->limit, &list, &n));
	w = reply_json(rp, 200);
	jw_list(w, "items");
	for (i = 0; i < n; i++)
		write_item(w, &list[i], rq, domain);
	return list_end(
	    rp, w, n ? list[n - 1].id : NULL, n == (size_t)in->limit);
}

enum rc
sessions_end(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct shop_query *in = rq->query;
	const char *domain;

	TRY(caller_scope(cx, rq, in->shop, &domain));
	if (!uuid_ok(rq->params[0]))
		return rc_fail(cx, RC_ABSENT, "no such session");
	TRY(session_drop(cx, cx->shop_id, rq->params[0]));
	log_info(cx, "session.ended", L_TEXT("id", rq->params[0]));
	return reply_empty(rp, 204);
}
