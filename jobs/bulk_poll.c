/*
 * Looks how far Shopify is, more and more rarely; its webhook makes us look at
 * once. Safe to run twice: it looks, and puts the job that is next.
 */
#include "app/bulk.h"
#include "base/log.h"
#include "table.h"

enum { LEAST_MS = 500, MOST_MS = 60000 };

/* A quarter of the time that it has taken so far. */
static enum rc
later(struct cx *cx, const struct bulk_work *work, const struct bulk_op *op)
{
	int64_t ms = (int64_t)(work->part.age_s * 250);

	if (ms < LEAST_MS)
		ms = LEAST_MS;
	cx->retry_after_ms = ms < MOST_MS ? ms : MOST_MS;
	return rc_fail(cx, RC_LIMITED,
	    "Shopify is gathering the objects: %s, %lld so far", op->status,
	    (long long)op->objects);
}

/* Nothing was selected: no file, and that is success (shopify.md 5). */
static enum rc
end_empty(struct cx *cx, const struct bulk_work *work)
{
	TRY(db_begin(cx));
	TRY(job_fence(cx));
	TRY(bulk_settle(cx, &work->part));
	TRY(bulk_end(cx, work));
	return job_commit(cx);
}

static enum rc
go_on(struct cx *cx, const struct bulk_work *work)
{
	TRY(db_begin(cx));
	TRY(job_fence(cx));
	TRY(bulk_job_put(cx, work, JOB_BULK_IMPORT, 0));
	TRY(job_commit(cx));
	job_wake(cx);
	return RC_OK;
}

static enum rc
done(struct cx *cx, const struct bulk_work *work, const struct bulk_op *op)
{
	log_info(cx, "bulk.done", L_TEXT("resource", work->part.resource),
	    L_INT("objects", op->objects), L_INT("bytes", op->bytes));
	if (op->url != NULL)
		return go_on(cx, work);
	if (op->objects == 0)
		return end_empty(cx, work);
	return rc_fail(cx, RC_REMOTE,
	    "Shopify counts %lld objects and gives no file",
	    (long long)op->objects);
}

enum rc
bulk_poll_run(struct cx *cx, const struct job *job)
{
	struct bulk_work work;
	struct bulk_op op;

	TRY(bulk_work_load(cx, job, &work));
	if (work.over)
		return RC_OK;
	TRY(bulk_look(cx, &work, &op));
	if (op.is == BULK_GOES_ON)
		return later(cx, &work, &op);
	if (op.is == BULK_IS_DONE)
		return done(cx, &work, &op);
	log_warn(cx, "bulk.broken", L_TEXT("resource", work.part.resource),
	    L_TEXT("status", op.status));
	return bulk_broken(cx, &work, &op);
}
