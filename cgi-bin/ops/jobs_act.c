/* POST /api/jobs/...: cancelling, trying again. */
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
