/* What is done to jobs, and what came of it, in JSON. */
#include "app/jobs.h"
#include "store/cancel.h"

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
