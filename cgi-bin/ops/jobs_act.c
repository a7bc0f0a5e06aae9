/* POST /api/jobs/...: cancelling, trying again, replaying. */
#include "app/jobs.h"
#include "app/lists.h"
#include "ops.h"

static const char *const became_words[] = { "cancelled", "asked", NULL };
static const struct field cancel_fields[] = {
	R_TEXT("id"),
	R_WORD("became", became_words,
	    .note = "asked: it runs, and stops at its next safe point."),
	FIELD_END,
};
const struct shape job_cancel_reply =
    REPLY_SHAPE("job_cancel_reply", cancel_fields);

enum rc
jobs_cancel(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct shop_query *in = rq->query;
	int64_t id;

	TRY(ops_scope(cx, rq, in->shop));
	TRY(ops_number(cx, rq, "job", &id));
	TRY(job_cancel_write(cx, id, reply_json(rp, 200)));
	return reply_end(rp);
}

static const struct field retry_fields[] = {
	R_TEXT("id"),
	R_TEXT("job", .note = "The job that does it; a dead one's is new."),
	FIELD_END,
};
const struct shape job_retry_reply =
    REPLY_SHAPE("job_retry_reply", retry_fields);

enum rc
jobs_retry(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct shop_query *in = rq->query;
	int64_t id;

	TRY(ops_scope(cx, rq, in->shop));
	TRY(ops_number(cx, rq, "job", &id));
	TRY(job_retry_write(cx, id, reply_json(rp, 200)));
	return reply_end(rp);
}

/* ---- replay */

struct replay_body {
	const char *queue;
	const char *kind;
	int64_t since;
	int64_t before;
	int64_t spread_s;
	bool dry_run;
	const char *shop;
};

static const struct field replay_fields[] = {
	FIELD_TEXT(replay_body, queue, .max = 80),
	FIELD_TEXT(replay_body, kind, .max = 80),
	FIELD_TIME(
	    replay_body, since, .note = "Those that ended then or later."),
	FIELD_TIME(replay_body, before, .note = "Those that ended before."),
	FIELD_INT(replay_body, spread_s, .min = 0, .max = REPLAY_SPREAD_MOST_S,
	    .fallback = "0", .note = "Put over so many seconds, evenly."),
	FIELD_BOOL(replay_body, dry_run, .fallback = "false",
	    .note = "Say how many there are, and do nothing."),
	FIELD_TEXT(replay_body, shop, .max = 100,
	    .note = "The operator: of one shop only."),
	FIELD_END,
};
const struct shape replay_body = SHAPE(replay_body, replay_fields);

static const struct field replayed_fields[] = {
	R_INT("count", .note = "Dead ones that the filter lets pass."),
	R_INT("put", .note = "Put once more; say it again for the rest."),
	R_BOOL("dry_run"),
	FIELD_END,
};
const struct shape replay_reply = REPLY_SHAPE("replay_reply", replayed_fields);

enum rc
jobs_replay(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct replay_body *in = rq->body;
	struct jobs_replay r = {
		.filter = { .queue = in->queue,
		    .kind = in->kind,
		    .from = in->since,
		    .until = in->before },
		.spread_s = in->spread_s,
		.dry_run = in->dry_run,
	};

	TRY(ops_scope(cx, rq, in->shop));
	if (in->shop)
		r.filter.shop_id = cx->shop_id;
	TRY(jobs_replay_write(cx, &r, reply_json(rp, 200)));
	return reply_end(rp);
}
