/* /api/rates: how many jobs of a queue, or calls to a provider, may start. */
#include "app/rates.h"
#include "ops.h"

static const struct field item_fields[] = {
	R_TEXT("key"),
	R_ANY("per_s", .note = "A number: starts a second."),
	R_ANY("burst", .note = "A number: so many at once after a rest."),
	R_INT("tokens",
	    .note = "Starts that it would let pass now; below 0: that many "
		    "too early."),
	R_TIME("hold_until", .null = true, .note = "A provider said wait."),
	FIELD_END,
};
const struct shape rate_reply = REPLY_SHAPE("rate_reply", item_fields);
static const struct field list_fields[] = {
	R_LIST("items", &rate_reply),
	FIELD_END,
};
const struct shape rates_reply = REPLY_SHAPE("rates_reply", list_fields);

struct rate_body {
	struct json per_s;
	struct json burst;
};

static const struct field body_fields[] = {
	FIELD_ANY(rate_body, per_s, .need = true,
	    .note = "A number above 0: starts a second."),
	FIELD_ANY(rate_body, burst, .need = true,
	    .note = "A number from 1: so many at once after a rest."),
	FIELD_END,
};
const struct shape rate_body = SHAPE(rate_body, body_fields);

enum rc
rates_list(struct cx *cx, const struct req *rq, struct reply *rp)
{
	(void)rq;
	TRY(rates_write(cx, reply_json(rp, 200)));
	return reply_end(rp);
}

enum rc
rates_put(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct rate_body *in = rq->body;

	TRY(rate_put_write(
	    cx, rq->params[0], in->per_s, in->burst, reply_json(rp, 200)));
	return reply_end(rp);
}

enum rc
rates_drop(struct cx *cx, const struct req *rq, struct reply *rp)
{
	TRY(rate_drop_named(cx, rq->params[0]));
	return reply_empty(rp, 204);
}
