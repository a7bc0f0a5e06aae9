/* /api/queues: what waits in each, its caps, and whether it is paused. */
#include "app/queues.h"
#include "app/callers.h"
#include "ops.h"
#include "store/queue.h"

static const struct field rate_fields[] = {
	R_TEXT("key"),
	R_ANY("per_s", .note = "A number: starts a second."),
	R_ANY("burst", .note = "A number: so many at once after a rest."),
	R_INT("tokens", .note = "Starts that it would let pass now."),
	R_TIME("hold_until", .null = true, .note = "A provider said wait."),
	FIELD_END,
};
static const struct shape rate = REPLY_SHAPE("queue_rate", rate_fields);
static const struct field shop_fields[] = {
	R_TEXT("shop_id"),
	R_INT("max_running", .note = "0: the shop is paused there."),
	FIELD_END,
};
static const struct shape shop = REPLY_SHAPE("queue_shop", shop_fields);
static const struct field item_fields[] = {
	R_TEXT("name"),
	R_BOOL("paused", .note = "Nothing starts; what runs goes on."),
	R_INT("max_running"),
	R_INT("max_running_per_shop"),
	R_INT("scheduled", .note = "Jobs that wait for their time."),
	R_INT("available", .note = "Jobs that could run."),
	R_INT("running"),
	R_INT("blocked", .note = "Jobs that wait for others."),
	R_INT("oldest_s", .note = "The oldest that could run has waited."),
	R_OBJECT("rate", &rate, .null = true),
	R_LIST("shops", &shop, .note = "Shops with a cap of their own."),
	FIELD_END,
};
const struct shape queue_reply = REPLY_SHAPE("queue_reply", item_fields);
static const struct field list_fields[] = {
	R_LIST("items", &queue_reply),
	FIELD_END,
};
const struct shape queues_reply = REPLY_SHAPE("queues_reply", list_fields);

struct queue_body {
	bool paused, has_paused;
	int64_t max_running;
	bool has_max;
	int64_t max_running_per_shop;
	bool has_per_shop;
	const char *rate;
	bool has_rate;
};

static const struct field body_fields[] = {
	FIELD_BOOL(queue_body, paused, GIVEN(queue_body, has_paused)),
	FIELD_INT(queue_body, max_running, .min = 0, .max = QUEUE_RUNNING_MOST,
	    GIVEN(queue_body, has_max)),
	FIELD_INT(queue_body, max_running_per_shop, .min = 0,
	    .max = QUEUE_RUNNING_MOST, GIVEN(queue_body, has_per_shop)),
	FIELD_TEXT(queue_body, rate, .max = 80, GIVEN(queue_body, has_rate),
	    .note = "The rate that counts its starts; empty: none."),
	FIELD_END,
};
const struct shape queue_body = SHAPE(queue_body, body_fields);

struct queue_shop_body {
	int64_t max_running;
};

static const struct field shop_body_fields[] = {
	FIELD_INT(queue_shop_body, max_running, .need = true, .min = 0,
	    .max = QUEUE_RUNNING_MOST, .note = "0: the shop is paused there."),
	FIELD_END,
};
const struct shape queue_shop_body = SHAPE(queue_shop_body, shop_body_fields);

enum rc
queues_list(struct cx *cx, const struct req *rq, struct reply *rp)
{
	(void)rq;
	TRY(queues_write(cx, reply_json(rp, 200)));
	return reply_end(rp);
}

enum rc
queues_change(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct queue_body *in = rq->body;
	const struct queue_change c = {
		.has_paused = in->has_paused,
		.paused = in->paused,
		.max_running = in->has_max ? in->max_running : -1,
		.max_running_per_shop =
		    in->has_per_shop ? in->max_running_per_shop : -1,
		.has_rate = in->has_rate,
		.rate = in->rate,
	};

	TRY(queue_change_write(cx, rq->params[0], &c, reply_json(rp, 200)));
	return reply_end(rp);
}

/* The shop in the path, by name or number; it is the operator who asks. */
static enum rc
path_shop(struct cx *cx, const struct req *rq, int64_t *shop_id)
{
	struct shop shop_row;

	if (text_int(rq->params[1], 1, INT64_MAX, shop_id))
		return shop_load(cx, *shop_id, &shop_row);
	TRY(caller_shop(cx, rq, rq->params[1], &shop_row));
	*shop_id = shop_row.id;
	cx->every_shop = true; /* which caller_shop has ended */
	return RC_OK;
}

enum rc
queues_shop_cap(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct queue_shop_body *in = rq->body;
	int64_t shop_id;

	TRY(path_shop(cx, rq, &shop_id));
	TRY(queue_shop_write(
	    cx, rq->params[0], shop_id, in->max_running, reply_json(rp, 200)));
	return reply_end(rp);
}

enum rc
queues_shop_uncap(struct cx *cx, const struct req *rq, struct reply *rp)
{
	int64_t shop_id;

	TRY(path_shop(cx, rq, &shop_id));
	TRY(queue_shop_write(
	    cx, rq->params[0], shop_id, -1, reply_json(rp, 200)));
	return reply_end(rp);
}
