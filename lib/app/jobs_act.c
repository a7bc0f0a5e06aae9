/* What is done to jobs, and what came of it, in JSON. */
#include "app/jobs.h"
#include "store/cancel.h"
#include "store/job.h"

/* Why an act upon a live job found none: it was never there, or has ended. */
static enum rc
not_live(struct cx *cx, int64_t id)
{
	struct jobview job;

	TRY(jobview_load(cx, id, &job));
	return rc_fail(cx, RC_CONFLICT, "job %lld has ended: it is %s",
	    (long long)id, job.state);
}

enum rc
job_cancel_write(struct cx *cx, int64_t id, struct jw *w)
{
	bool asked;
	const enum rc rc = cancel_job(cx, id, &asked);

	if (rc == RC_ABSENT)
		return not_live(cx, id);
	TRY(rc);
	jw_id(w, "id", id);
	jw_text(w, "became", asked ? "asked" : "cancelled");
	return RC_OK;
}

/* ---- once more */

static enum rc
retry(struct cx *cx, const struct jobview *job, int64_t *by)
{
	*by = job->id;
	if (job->finished_at)
		return replay_one(cx, job->id, by);
	return retry_now(cx, job->id);
}

enum rc
job_retry_write(struct cx *cx, int64_t id, struct jw *w)
{
	struct jobview job;
	int64_t by;

	TRY(jobview_load(cx, id, &job));
	TRY(retry(cx, &job, &by));
	job_wake(cx);
	jw_id(w, "id", id);
	jw_id(w, "job", by);
	return RC_OK;
}

enum rc
jobs_replay_write(struct cx *cx, const struct jobs_replay *r, struct jw *w)
{
	int64_t count, put = 0;

	TRY(replay_count(cx, &r->filter, &count));
	if (!r->dry_run && count > 0) {
		TRY(replay_all(cx, &r->filter, r->spread_s, &put));
		job_wake(cx);
	}
	jw_int(w, "count", count);
	jw_int(w, "put", put);
	jw_bool(w, "dry_run", r->dry_run);
	return RC_OK;
}
