/* /api/webhooks: what Shopify sent, and what became of it. Never the bodies. */
#include "app/callers.h"
#include "app/lists.h"
#include "base/uuid.h"
#include "ops.h"
#include "store/webhook.h"

struct webhooks_query {
	const char *topic;
	const char *state;
	const char *after;
	int64_t limit;
	const char *shop;
};

static const char *const states[] = { "kept", "applied", "ignored", "duplicate",
	"unreadable", "failed", NULL };

static const struct field query_fields[] = {
	FIELD_TEXT(webhooks_query, topic, .max = 100),
	FIELD_WORD(webhooks_query, state, .words = states),
	FIELD_TEXT(webhooks_query, after, .max = 36, .ok = list_after_ok,
	    .rule = "a cursor that a list gave as next"),
	FIELD_INT(webhooks_query, limit, .min = 1, .max = LIST_LIMIT_MAX,
	    .fallback = "50"),
	FIELD_TEXT(webhooks_query, shop, .max = 100,
	    .note = "The operator: of one shop only."),
	FIELD_END,
};
const struct shape webhooks_query = SHAPE(webhooks_query, query_fields);

static const struct field item_fields[] = {
	R_TEXT("id"),
	R_TEXT("shop_id", .note = "0: of no shop that we know."),
	R_TEXT("domain"),
	R_TEXT("topic"),
	R_WORD("state", states),
	R_TEXT("reason", .null = true, .note = "Of the state, in words."),
	R_TIME("triggered_at", .null = true, .note = "At Shopify."),
	R_TIME("received_at"),
	R_TIME("applied_at", .null = true),
	R_INT("applied_ms", .null = true,
	    .note = "From receiving it to its state."),
	R_INT("bytes", .note = "Of the body as it came."),
	R_TEXT("webhook_id", .null = true, .note = "The delivery's id."),
	R_TEXT("event_id", .null = true),
	R_TEXT("api_version", .null = true),
	R_TEXT("trace", .null = true),
	FIELD_END,
};
const struct shape webhook_reply = REPLY_SHAPE("webhook_reply", item_fields);
static const struct field list_fields[] = {
	R_LIST("items", &webhook_reply),
	R_TEXT("next", .null = true),
	FIELD_END,
};
const struct shape webhooks_reply = REPLY_SHAPE("webhooks_reply", list_fields);

static void
write_webhook(struct jw *w, const struct webhookview *v)
{
	jw_text(w, "id", v->id);
	jw_id(w, "shop_id", v->shop_id);
	jw_text(w, "domain", v->domain);
	jw_text(w, "topic", v->topic);
	jw_text(w, "state", v->state);
	jw_text(w, "reason", v->reason);
	jw_time(w, "triggered_at", (int64_t)v->triggered_at);
	jw_time(w, "received_at", (int64_t)v->received_at);
	jw_time(w, "applied_at", (int64_t)v->applied_at);
	if (v->applied_at > 0)
		jw_int(w, "applied_ms",
		    (int64_t)((v->applied_at - v->received_at) * 1000));
	else
		jw_null(w, "applied_ms");
	jw_int(w, "bytes", v->bytes);
	jw_text(w, "webhook_id", v->webhook_id);
	jw_text(w, "event_id", v->event_id);
	jw_text(w, "api_version", v->api_version);
	jw_text(w, "trace", v->trace);
}

enum rc
webhooks_list(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct webhooks_query *in = rq->query;
	const struct webhookview_ask ask = {
		.after = in->after,
		.topic = in->topic,
		.state = in->state,
		.limit = (int)in->limit,
	};
	struct webhookview *list;
	struct jw *w;
	size_t n, i;

	TRY(ops_scope(cx, rq, in->shop));
	TRY(webhookview_list(cx, &ask, &list, &n));
	w = reply_json(rp, 200);
	jw_list(w, "items");
	for (i = 0; i < n; i++) {
		jw_object(w, NULL);
		write_webhook(w, &list[i]);
		jw_close(w);
	}
	return list_end(
	    rp, w, n ? list[n - 1].id : NULL, n == (size_t)in->limit);
}

enum rc
webhooks_show(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct shop_query *in = rq->query;
	struct webhookview v;

	TRY(ops_scope(cx, rq, in->shop));
	if (!uuid_ok(rq->params[0]))
		return RC_ABSENT; /* as one that is not there */
	TRY(webhookview_load(cx, rq->params[0], &v));
	write_webhook(reply_json(rp, 200), &v);
	return reply_end(rp);
}
