/* /api/jobs: what is queued, running and done. */
#include "app/jobs.h"
#include "app/callers.h"
#include "app/lists.h"
#include "ops.h"

struct jobs_query {
	struct words state;
	const char *kind;
	const char *queue;
	int64_t since;
	int64_t before;
	const char *text;
	const char *batch;
	const char *after;
	int64_t limit;
	const char *shop;
};

static const char *const states[] = { "scheduled", "available", "running",
	"blocked", "completed", "dead", "cancelled", NULL };

static bool
number_ok(const char *text)
{
	int64_t n;

	return text_int(text, 1, INT64_MAX, &n);
}

static const struct field query_fields[] = {
	FIELD_WORDS(jobs_query, state, .words = states,
	    .note = "Any of these; live ones first, then how one ended."),
	FIELD_TEXT(jobs_query, kind, .max = 80),
	FIELD_TEXT(jobs_query, queue, .max = 80),
	FIELD_TIME(jobs_query, since, .note = "Put then or later."),
	FIELD_TIME(jobs_query, before, .note = "Put before."),
	FIELD_TEXT(jobs_query, text, .max = 200,
	    .note = "Stands in the arguments, whatever the case. Completed "
		    "jobs keep none."),
	FIELD_TEXT(jobs_query, batch, .max = 20, .ok = number_ok,
	    .rule = "the id of a batch"),
	FIELD_TEXT(jobs_query, after, .max = 20, .ok = number_ok,
	    .rule = "a cursor that a list gave as next"),
	FIELD_INT(jobs_query, limit, .min = 1, .max = LIST_LIMIT_MAX,
	    .fallback = "50"),
	FIELD_TEXT(jobs_query, shop, .max = 100,
	    .note = "The operator: of one shop only."),
	FIELD_END,
};
const struct shape jobs_query = SHAPE(jobs_query, query_fields);

#define JOB_FIELDS                                                             \
	R_TEXT("id"), R_TEXT("queue"), R_TEXT("kind"),                         \
	    R_WORD("state", states), R_TEXT("shop_id"),                        \
	    R_INT("priority", .null = true, .note = "0 goes first."),          \
	    R_INT("attempt"), R_INT("max_attempts", .null = true),             \
	    R_TIME("created_at"), R_TIME("run_at", .null = true),              \
	    R_TIME("started_at", .null = true),                                \
	    R_TIME("finished_at", .null = true),                               \
	    R_TEXT("error", .null = true), R_ANY("args", .null = true),        \
	    R_ANY("result", .null = true), R_TEXT("trace", .null = true),      \
	    R_TEXT("batch", .null = true),                                     \
	    R_TIME("cancel_at", .null = true,                                  \
		.note = "When somebody asked it to stop.")

static const struct field item_fields[] = { JOB_FIELDS, FIELD_END };
static const struct shape item = REPLY_SHAPE("job_item", item_fields);
static const struct field list_fields[] = {
	R_LIST("items", &item),
	R_TEXT("next", .null = true),
	FIELD_END,
};
const struct shape jobs_reply = REPLY_SHAPE("jobs_reply", list_fields);

static const struct field note_fields[] = {
	R_TIME("at"),
	R_TEXT("text"),
	FIELD_END,
};
static const struct shape note_shape = REPLY_SHAPE("job_note", note_fields);
static const struct field progress_fields[] = {
	R_INT("done"),
	R_INT("total", .null = true),
	R_TEXT("note", .null = true),
	FIELD_END,
};
static const struct shape progress_shape =
    REPLY_SHAPE("job_progress", progress_fields);
static const struct field why_fields[] = {
	R_WORD(
	    "word", jobwhy_words, .note = "next: nothing stands in its way."),
	R_TEXT("text", .note = "The same in words."),
	R_TIME("until", .null = true),
	FIELD_END,
};
static const struct shape why_shape = REPLY_SHAPE("job_why", why_fields);
static const struct field holder_fields[] = {
	R_TEXT("worker"),
	R_TIME("lease_until"),
	R_BOOL("alive", .note = "Its lease has not ended."),
	FIELD_END,
};
static const struct shape holder_shape =
    REPLY_SHAPE("job_holder", holder_fields);
static const struct field kin_fields[] = {
	R_TEXT("id"),
	R_TEXT("kind"),
	R_WORD("state", states),
	FIELD_END,
};
static const struct shape kin_shape = REPLY_SHAPE("job_kin", kin_fields);
static const char *const event_words[] = { "put", "started", "retry", "lost",
	"suspect", "note", "cancel", "due", "completed", "dead", "cancelled",
	NULL };
static const struct field event_fields[] = {
	R_TIME("at"),
	R_WORD("what", event_words),
	R_TEXT("text", .null = true),
	FIELD_END,
};
static const struct shape event_shape = REPLY_SHAPE("job_event", event_fields);
static const char *const attempt_words[] = { "retry", "lost", "suspect", NULL };
static const struct field attempt_fields[] = {
	R_INT("attempt"),
	R_WORD("became", attempt_words,
	    .note = "It failed; its process died; its process died while it "
		    "ran beside others."),
	R_TIME("at"),
	R_TEXT("error", .null = true),
	FIELD_END,
};
static const struct shape attempt_shape =
    REPLY_SHAPE("job_attempt", attempt_fields);
static const struct field job_fields[] = {
	JOB_FIELDS,
	R_TEXT("replayed_by", .null = true,
	    .note = "The job that does this dead one once more."),
	R_OBJECT("why", &why_shape, .null = true,
	    .note = "Why it is not running now; null when it is, or has "
		    "ended."),
	R_OBJECT("holder", &holder_shape, .null = true,
	    .note = "The jobd that has it."),
	R_OBJECT("progress", &progress_shape, .null = true),
	R_LIST("parents", &kin_shape, .note = "Those it waits for."),
	R_LIST("children", &kin_shape, .note = "Those that wait for it."),
	R_LIST("attempts", &attempt_shape,
	    .note = "Those that were followed by another, oldest first."),
	R_LIST("notes", &note_shape),
	R_LIST("timeline", &event_shape, .note = "Oldest first."),
	FIELD_END,
};
const struct shape job_reply = REPLY_SHAPE("job_reply", job_fields);

enum rc
ops_scope(struct cx *cx, const struct req *rq, const char *named)
{
	struct shop shop;

	if (!named && cx->every_shop)
		return RC_OK;
	return caller_shop(cx, rq, named, &shop);
}

enum rc
ops_number(struct cx *cx, const struct req *rq, const char *what, int64_t *id)
{
	if (!text_int(rq->params[0], 1, INT64_MAX, id))
		return rc_fail(cx, RC_ABSENT, "no such %s", what);
	return RC_OK;
}

enum rc
jobs_list(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct jobs_query *in = rq->query;
	struct jobview_ask ask = {
		.states = in->state.list,
		.n_states = in->state.n,
		.kind = in->kind,
		.queue = in->queue,
		.since = in->since,
		.before = in->before,
		.text = in->text,
		.limit = (int)in->limit,
	};

	if ((in->after && !text_int(in->after, 1, INT64_MAX, &ask.after)) ||
	    (in->batch && !text_int(in->batch, 1, INT64_MAX, &ask.batch_id)))
		return rc_fail(cx, RC_BUG, "the shape let a number pass");
	TRY(ops_scope(cx, rq, in->shop));
	TRY(jobs_write(cx, &ask, reply_json(rp, 200)));
	return reply_end(rp);
}

enum rc
jobs_show(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct shop_query *in = rq->query;
	int64_t id;

	TRY(ops_scope(cx, rq, in->shop));
	TRY(ops_number(cx, rq, "job", &id));
	TRY(job_write(cx, id, reply_json(rp, 200)));
	return reply_end(rp);
}
