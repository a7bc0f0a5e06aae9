/* /api/schedules: what is put by the clock. */
#include "app/schedules.h"
#include "ops.h"

static const char *const owners[] = { "stockroom", "file", "operator", NULL };

static const struct field item_fields[] = {
	R_TEXT("name"),
	R_WORD("owner", owners, .note = "Who makes it and drops it."),
	R_TEXT("kind"),
	R_TEXT("shop_id"),
	R_ANY("args"),
	R_INT("priority"),
	R_TEXT("spec", .note = "As crontab(5) has it, or every 15m."),
	R_TEXT("tz"),
	R_BOOL("paused"),
	R_BOOL(
	    "changed", .note = "Its time is an operator's, not its owner's."),
	R_TIME("next_at"),
	R_TIME("fired_at", .null = true),
	R_TEXT("job", .null = true, .note = "That it put last."),
	FIELD_END,
};
const struct shape schedule_reply = REPLY_SHAPE("schedule_reply", item_fields);
static const struct field list_fields[] = {
	R_LIST("items", &schedule_reply),
	FIELD_END,
};
const struct shape schedules_reply =
    REPLY_SHAPE("schedules_reply", list_fields);

struct schedule_body {
	bool paused;
	const char *spec;
	const char *tz;
	bool has_paused;
};

static const struct field body_fields[] = {
	FIELD_BOOL(schedule_body, paused, GIVEN(schedule_body, has_paused)),
	FIELD_TEXT(schedule_body, spec, .max = 200,
	    .note = "As crontab(5) has it, or every 15m."),
	FIELD_TEXT(schedule_body, tz, .max = 80,
	    .note = "A zone of the tz database; UTC."),
	FIELD_END,
};
const struct shape schedule_body = SHAPE(schedule_body, body_fields);

enum rc
schedules_list(struct cx *cx, const struct req *rq, struct reply *rp)
{
	(void)rq;
	TRY(schedules_write(cx, reply_json(rp, 200)));
	return reply_end(rp);
}

enum rc
schedules_change(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct schedule_body *in = rq->body;
	const struct schedule_change c = {
		.has_paused = in->has_paused,
		.paused = in->paused,
		.spec = in->spec,
		.tz = in->tz,
	};

	TRY(schedule_change_write(cx, rq->params[0], &c, reply_json(rp, 200)));
	return reply_end(rp);
}

enum rc
schedules_run(struct cx *cx, const struct req *rq, struct reply *rp)
{
	TRY(schedule_run_write(cx, rq->params[0], reply_json(rp, 200)));
	return reply_end(rp);
}

/* ---- the operator's own */

struct schedule_put {
	const char *kind;
	const char *spec;
	const char *tz;
	struct json args;
	int64_t priority;
	const char *shop;
};

static const struct field put_fields[] = {
	FIELD_TEXT(schedule_put, kind, .need = true, .max = 80),
	FIELD_TEXT(schedule_put, spec, .need = true, .max = 200,
	    .note = "As crontab(5) has it, or every 15m."),
	FIELD_TEXT(schedule_put, tz, .max = 80,
	    .note = "A zone of the tz database; UTC."),
	FIELD_ANY(schedule_put, args, .note = "An object, 8 KB at most."),
	FIELD_INT(schedule_put, priority, .min = 0, .max = 9, .fallback = "4",
	    .note = "0 goes first."),
	FIELD_TEXT(schedule_put, shop, .max = 100,
	    .note = "Whose job it puts; of no shop when left out."),
	FIELD_END,
};
const struct shape schedule_put = SHAPE(schedule_put, put_fields);

enum rc
schedules_put(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct schedule_put *in = rq->body;
	struct schedule_new n = { .name = rq->params[0],
		.kind = in->kind,
		.spec = in->spec,
		.tz = in->tz,
		.args = in->args,
		.priority = in->priority };

	TRY(ops_scope(cx, rq, in->shop));
	n.shop_id = cx->shop_id;
	cx->every_shop = true; /* which a named shop has ended */
	TRY(schedule_put_write(cx, &n, reply_json(rp, 200)));
	return reply_end(rp);
}

enum rc
schedules_drop(struct cx *cx, const struct req *rq, struct reply *rp)
{
	TRY(schedule_drop(cx, rq->params[0]));
	return reply_empty(rp, 204);
}
