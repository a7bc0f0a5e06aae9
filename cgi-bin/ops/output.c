/* /api/jobs/:id/output: what a handler's program gave back, opened. It may be
 * personal, so it asks for the scope that rows ask for. */
#include "app/callers.h"
#include "app/lists.h"
#include "app/sealing.h"
#include "ops.h"
#include "store/handler.h"
#include "store/jobview.h"
#include "store/privacy.h"

static const struct field output_fields[] = {
	R_TEXT("job_id"),
	R_TEXT("handler"),
	R_TIME("at"),
	R_INT("bytes", .note = "That the program wrote."),
	R_BOOL("cut", .note = "Of more than 64 KB the first 64 are kept."),
	R_ANY("output", .null = true,
	    .note = "{\"text\"}, or {\"base64\"} of what is no text; null: "
		    "whose data it is was forgotten."),
	FIELD_END,
};
const struct shape output_reply = REPLY_SHAPE("output_reply", output_fields);

static void
write_output(struct jw *w, const struct handler_result *r, const char *plain)
{
	jw_text(
	    w, "job_id", text_fmt(w->out->mem, "%lld", (long long)r->job_id));
	jw_text(w, "handler", r->handler);
	jw_time(w, "at", r->at);
	jw_int(w, "bytes", r->bytes);
	jw_bool(w, "cut", r->cut);
	if (plain)
		jw_raw(w, "output", slice_of(plain));
	else
		jw_null(w, "output");
}

/* Whoever opens personal data is noted, before they leave. */
static enum rc
note_access(struct cx *cx, const struct req *rq, const struct handler_result *r)
{
	const struct access a = {
		.who = caller_text(cx, rq),
		.through = "GET /api/jobs/:id/output",
		.what = "handler_result",
		.subjects = &r->subject,
		.n = 1,
	};

	return access_put(cx, &a);
}

enum rc
output_show(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct shop_query *in = rq->query;
	struct handler_result result;
	struct blob_place place;
	struct jobview job;
	const char *plain;
	int64_t id;

	TRY(ops_scope(cx, rq, in->shop));
	TRY(ops_number(cx, rq, "job", &id));
	TRY(jobview_load(cx, id, &job));
	TRY(handler_result_load(cx, job.shop_id, id, &result));
	place = handler_result_place(cx, job.shop_id, id);
	TRY(sealing_open(
	    cx, result.subject, &place, job.shop_id, result.sealed, &plain));
	cx->shop_id = job.shop_id; /* whose it is, for the note */
	if (plain)
		TRY(note_access(cx, rq, &result));
	write_output(reply_json(rp, 200), &result, plain);
	return reply_end(rp);
}
