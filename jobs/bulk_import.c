/*
 * Reads the file of a bulk operation into our tables. Safe to run twice: what
 * is kept of it, and how far that is, commit together; the next run goes on
 * there.
 */
#include <sys/resource.h>

#include "app/bulk.h"
#include "base/clock.h"
#include "base/log.h"
#include "table.h"

static enum rc
is_left(struct cx *cx, const struct bulk_work *work, bool *out)
{
	struct bulk_left shorts, refunds;

	TRY(bulk_left_list(cx, &work->part, "short", 1, &shorts));
	TRY(bulk_left_list(cx, &work->part, "refund", 1, &refunds));
	*out = shorts.n > 0 || refunds.n > 0;
	return RC_OK;
}

/* All of it is kept: what it left to be done is the next job's. */
static enum rc
end(struct cx *cx, const struct bulk_work *work)
{
	bool left;

	TRY(db_begin(cx));
	TRY(job_fence(cx));
	TRY(bulk_settle(cx, &work->part));
	TRY(is_left(cx, work, &left));
	if (left)
		TRY(bulk_job_put(cx, work, JOB_BULK_REPAIR, 0));
	else
		TRY(bulk_end(cx, work));
	TRY(job_commit(cx));
	if (left)
		job_wake(cx);
	return RC_OK;
}

/* What it cost: the most memory that this process ever had, which must not grow
 * with the file, and its own time. */
static void
say_cost(struct cx *cx, const struct bulk_part *part, int64_t began_ms)
{
	struct rusage usage = { .ru_maxrss = 0 };

	(void)getrusage(RUSAGE_SELF, &usage);
	log_info(cx, "bulk.read", L_TEXT("resource", part->resource),
	    L_INT("lines", part->read_lines), L_INT("bytes", part->read_bytes),
	    L_INT("rss_kb", usage.ru_maxrss),
	    L_INT("ms", clock_ms() - began_ms),
	    L_INT("cpu_ms",
		usage.ru_utime.tv_sec * 1000 + usage.ru_utime.tv_usec / 1000));
}

enum rc
bulk_import_run(struct cx *cx, const struct job *job)
{
	const int64_t began_ms = clock_ms();
	struct bulk_work work;
	struct bulk_op op;

	TRY(bulk_work_load(cx, job, &work));
	if (work.over)
		return RC_OK;
	TRY(bulk_look(cx, &work, &op));
	if (op.is == BULK_HAS_BROKEN) /* EXPIRED since */
		return bulk_broken(cx, &work, &op);
	if (op.is == BULK_GOES_ON || op.url == NULL)
		return rc_fail(
		    cx, RC_REMOTE, "Shopify gives no file (%s)", op.status);
	TRY(bulk_import(cx, &work, &op));
	say_cost(cx, &work.part, began_ms);
	return end(cx, &work);
}
