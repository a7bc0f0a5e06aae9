/*
 * What must be there before it is needed, and what is old: partitions ahead,
 * the inbox's key pairs, deliveries seen long ago, what has lapsed or ended. It
 * comes back every minute by itself. Safe to run twice, and by several: each
 * step says what is left to do.
 */
#include "app/body.h"
#include "base/log.h"
#include "store/cache.h"
#include "store/changed.h"
#include "store/inbox.h"
#include "table.h"

enum {
	AGAIN_MS = 60000,
	DAYS_AHEAD = 3,
	DAYS_KEPT = 30, /* of jobs that ended and webhooks that came */
	NO_SHOP = 0
};

typedef enum rc step_fn(struct cx *cx);

static enum rc
partitions(struct cx *cx)
{
	static const char *const tables[] = { "job_done", "webhook" };
	size_t i;

	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		TRY(db_run(cx, Q_PART_AHEAD,
		    ARGS(a_text(tables[i]), a_int(DAYS_AHEAD)), NULL));
		TRY(db_run(cx, Q_PART_DROP,
		    ARGS(a_text(tables[i]), a_int(DAYS_KEPT)), NULL));
	}
	return RC_OK;
}

/* What failed must not keep a pair alive till its row is old. */
static enum rc
failed(struct cx *cx)
{
	size_t n;

	TRY(body_fail_late(cx, &n));
	if (n > 0)
		log_info(cx, "webhook.failed_late", L_INT("bodies", n));
	return RC_OK;
}

/* A pair an hour; what nothing is sealed by any more is destroyed. */
static enum rc
inbox(struct cx *cx)
{
	struct inbox_public newest;
	int64_t spent;
	enum rc rc = inbox_public_load(cx, &newest);

	if (rc == RC_ABSENT || (rc == RC_OK && !newest.fresh))
		rc = inbox_make(cx);
	TRY(rc);
	TRY(inbox_destroy_spent(cx, &spent));
	if (spent > 0)
		log_info(cx, "inbox.destroyed", L_INT("pairs", spent));
	return RC_OK;
}

static enum rc
prune(struct cx *cx)
{
	static const enum query old[] = { Q_WEBHOOK_SEEN_PRUNE,
		Q_WEBHOOK_BODY_PRUNE, Q_GONE_PRUNE, Q_WORKER_PRUNE,
		Q_SESSION_PRUNE, Q_IDEMPOTENCY_PRUNE, Q_JOB_PROGRESS_PRUNE };
	size_t i;

	for (i = 0; i < sizeof(old) / sizeof(old[0]); i++)
		TRY(db_run(cx, old[i], NO_ARGS, NULL));
	TRY(db_run(cx, Q_STATE_PRUNE, ARGS(a_int(NO_SHOP)), NULL));
	TRY(db_run(cx, Q_JOB_NOTE_PRUNE, ARGS(a_int(DAYS_KEPT)), NULL));
	return limit_prune(cx);
}

/* Whose job died, or whose shop had no token for a while. */
static enum rc
late(struct cx *cx)
{
	size_t n;

	TRY(changed_put_late(cx, &n));
	if (n > 0)
		job_wake(cx);
	return RC_OK;
}

/* What goes wrong in one step is said, and stands in no other's way. */
static enum rc
go_through(struct cx *cx, const char **wrong)
{
	static step_fn *const steps[] = { failed, inbox, partitions, late,
		prune };
	size_t i;

	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		const enum rc rc = steps[i](cx);

		if (rc == RC_STOPPED)
			return rc;
		if (rc == RC_OK)
			continue;
		log_fault(cx, "housekeeping.fault");
		*wrong =
		    text_dup(cx->mem, cx->fault.sentence ? cx->fault.sentence
							 : rc_row(rc)->title);
		rc_forget(cx);
	}
	return RC_OK;
}

enum rc
housekeeping_run(struct cx *cx, const struct job *job)
{
	const char *wrong = "done";

	(void)job;
	TRY(go_through(cx, &wrong));
	cx->retry_after_ms = AGAIN_MS;
	return rc_fail(cx, RC_LIMITED, "%s; again in a minute", wrong);
}
