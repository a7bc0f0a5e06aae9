/* /api/jobs: what is queued, running and done. */
#include "app/callers.h"
#include "app/lists.h"
#include "ops.h"
#include "store/jobview.h"

struct jobs_query {
	const char *state;
	const char *kind;
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
	FIELD_WORD(jobs_query, state, .words = states),
	FIELD_TEXT(jobs_query, kind, .max = 80),
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
	    R_INT("priority", .null = true), R_INT("attempt"),                 \
	    R_INT("max_attempts", .null = true), R_TIME("created_at"),         \
	    R_TIME("run_at", .null = true),                                    \
	    R_TIME("started_at", .null = true),                                \
	    R_TIME("finished_at", .null = true),                               \
	    R_TEXT("error", .null = true), R_ANY("args", .null = true),        \
	    R_ANY("result", .null = true), R_TEXT("trace", .null = true)

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
static const struct field job_fields[] = {
	JOB_FIELDS,
	R_TEXT("why", .null = true, .note = "Why it is not running now."),
	R_OBJECT("progress", &progress_shape, .null = true),
	R_LIST("notes", &note_shape),
	FIELD_END,
};
const struct shape job_reply = REPLY_SHAPE("job_reply", job_fields);

static const char *
queue_word(int queue)
{
	static const char *const words[] = { "?", "default", "pulls",
		"webhooks", "tokens", "ai", "bulk" };
	const int n = (int)(sizeof(words) / sizeof(words[0]));

	return words[queue > 0 && queue < n ? queue : 0];
}

static const char *
number_text(struct jw *w, int64_t n)
{
	return text_fmt(w->out->mem, "%lld", (long long)n);
}

static void
write_json(struct jw *w, const char *name, const char *json)
{
	if (json)
		jw_raw(w, name, slice_of(json));
	else
		jw_null(w, name);
}

static void
write_job(struct jw *w, const struct jobview *job)
{
	jw_text(w, "id", number_text(w, job->id));
	jw_text(w, "queue", queue_word(job->queue));
	jw_text(w, "kind", job->kind);
	jw_text(w, "state", job->state);
	jw_text(w, "shop_id", number_text(w, job->shop_id));
	if (job->priority < 0) {
		jw_null(w, "priority");
		jw_null(w, "max_attempts");
	} else {
		jw_int(w, "priority", job->priority);
		jw_int(w, "max_attempts", job->max_attempts);
	}
	jw_int(w, "attempt", job->attempt);
	jw_time(w, "created_at", job->created_at);
	jw_time(w, "run_at", job->run_at);
	jw_time(w, "started_at", job->started_at);
	jw_time(w, "finished_at", job->finished_at);
	jw_text(w, "error", job->error);
	write_json(w, "args", job->args);
	write_json(w, "result", job->result);
	jw_text(w, "trace", job->trace);
}

enum rc
ops_scope(struct cx *cx, const struct req *rq, const char *named)
{
	struct shop shop;

	if (!named && cx->every_shop)
		return RC_OK;
	return caller_shop(cx, rq, named, &shop);
}

enum rc
jobs_list(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct jobs_query *in = rq->query;
	struct jobview_ask ask = {
		.state = in->state,
		.kind = in->kind,
		.limit = (int)in->limit,
	};
	const char *last = NULL;
	struct jobview *list;
	struct jw *w;
	size_t n, i;

	if (in->after && !text_int(in->after, 1, INT64_MAX, &ask.after))
		return rc_fail(cx, RC_BUG, "the shape let a cursor pass");
	TRY(ops_scope(cx, rq, in->shop));
	TRY(jobview_list(cx, &ask, &list, &n));
	w = reply_json(rp, 200);
	jw_list(w, "items");
	for (i = 0; i < n; i++) {
		jw_object(w, NULL);
		write_job(w, &list[i]);
		jw_close(w);
		last = number_text(w, list[i].id);
	}
	return list_end(rp, w, last, n == (size_t)in->limit);
}

static enum rc
write_progress(struct cx *cx, struct jw *w, const struct jobview *job)
{
	int64_t done, total;
	const char *note;
	const enum rc rc = jobview_progress(cx, job, &done, &total, &note);

	if (rc == RC_ABSENT) {
		jw_null(w, "progress");
		return RC_OK;
	}
	TRY(rc);
	jw_object(w, "progress");
	jw_int(w, "done", done);
	if (total < 0)
		jw_null(w, "total");
	else
		jw_int(w, "total", total);
	jw_text(w, "note", note);
	jw_close(w);
	return RC_OK;
}

static enum rc
write_notes(struct cx *cx, struct jw *w, const struct jobview *job)
{
	struct jobnote *notes;
	size_t n, i;

	TRY(jobview_notes(cx, job, &notes, &n));
	jw_list(w, "notes");
	for (i = 0; i < n; i++) {
		jw_object(w, NULL);
		jw_time(w, "at", notes[i].at);
		jw_text(w, "text", notes[i].text);
		jw_close(w);
	}
	jw_close(w);
	return RC_OK;
}

enum rc
jobs_show(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct shop_query *in = rq->query;
	struct jobview job;
	const char *why;
	struct jw *w;
	int64_t id;

	TRY(ops_scope(cx, rq, in->shop));
	if (!text_int(rq->params[0], 1, INT64_MAX, &id))
		return rc_fail(cx, RC_ABSENT, "no such job");
	TRY(jobview_load(cx, id, &job));
	TRY(jobview_why(cx, &job, &why));
	w = reply_json(rp, 200);
	write_job(w, &job);
	jw_text(w, "why", why);
	TRY(write_progress(cx, w, &job));
	TRY(write_notes(cx, w, &job));
	return reply_end(rp);
}
