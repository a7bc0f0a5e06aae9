/*
 * What must be there before it is needed, and what is old: partitions ahead,
 * the inbox's key pairs, deliveries seen long ago, what has lapsed or ended. It
 * comes every minute. Safe to run twice, and by several: each step says what is
 * left to do.
 */
#include "app/body.h"
#include "base/log.h"
#include "store/cache.h"
#include "store/changed.h"
#include "store/forget.h"
#include "store/inbox.h"
#include "table.h"

enum {
	DAYS_AHEAD = 3,
	WEBHOOK_DAYS = 30,
	PACKAGE_DAYS = 30,
	JOB_DAYS_MOST = 3650,
	NO_SHOP = 0
};

typedef enum rc step_fn(struct cx *cx);

/* How long jobs that have ended are kept, with results and notes. */
static enum rc
job_days(struct cx *cx, int64_t *out)
{
	*out = conf_int(C_JOB_DAYS);
	if (*out >= 1 && *out <= JOB_DAYS_MOST)
		return RC_OK;
	return rc_field(cx, RC_INPUT, "JOB_DAYS", "a number from 1 to 3650",
	    conf_text(C_JOB_DAYS));
}

/* A day that is in use now is dropped a minute later. */
static enum rc
days_of(struct cx *cx, const char *table, int64_t kept)
{
	TRY(db_run(
	    cx, Q_PART_AHEAD, ARGS(a_text(table), a_int(DAYS_AHEAD)), NULL));
	return db_run(cx, Q_PART_DROP, ARGS(a_text(table), a_int(kept)), NULL);
}

static enum rc
partitions(struct cx *cx)
{
	int64_t days;

	TRY(days_of(cx, "webhook", WEBHOOK_DAYS));
	TRY(job_days(cx, &days));
	return days_of(cx, "job_done", days);
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
		Q_SESSION_PRUNE, Q_IDEMPOTENCY_PRUNE, Q_JOB_PROGRESS_PRUNE,
		Q_JOB_PERIOD_PRUNE };
	int64_t days;
	size_t i;

	for (i = 0; i < sizeof(old) / sizeof(old[0]); i++)
		TRY(db_run(cx, old[i], NO_ARGS, NULL));
	TRY(db_run(cx, Q_STATE_PRUNE, ARGS(a_int(NO_SHOP)), NULL));
	TRY(job_days(cx, &days));
	TRY(db_run(cx, Q_FIGURE_MINUTE_PRUNE, ARGS(a_int(days)), NULL));
	TRY(db_run(cx, Q_JOB_ATTEMPT_PRUNE, ARGS(a_int(days)), NULL));
	TRY(db_run(cx, Q_JOB_NOTE_PRUNE, ARGS(a_int(days)), NULL));
	TRY(db_run(cx, Q_BATCH_PRUNE, ARGS(a_int(days)), NULL));
	TRY(db_run(cx, Q_HANDLER_RESULT_PRUNE, ARGS(a_int(days)), NULL));
	TRY(db_run(
	    cx, Q_PRIVACY_PACKAGE_PRUNE, ARGS(a_int(PACKAGE_DAYS)), NULL));
	TRY(db_run(cx, Q_ACCESS_PRUNE, ARGS(a_int(conf_int(C_ACCESS_LOG_DAYS))),
	    NULL));
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

/* A dump of before was restored: what was forgotten since is here again. */
static enum rc
forgotten(struct cx *cx)
{
	const struct job_new again = {
		.kind = JOB_FORGET_AGAIN,
		.unique = "forget_again",
		.priority = JOB_EVENT,
	};
	struct forgotten *list;
	const char *until;
	size_t n;

	TRY(forgotten_list(cx, 1, &list, &n, &until));
	if (n == 0)
		return RC_OK;
	TRY(job_put(cx, &again, NULL));
	job_wake(cx);
	return RC_OK;
}

/* What is said of a failure does not outlive the next. */
static const char *
words_of(struct cx *cx, enum rc rc)
{
	return text_dup(cx->mem,
	    cx->fault.sentence ? cx->fault.sentence : rc_row(rc)->title);
}

/* What goes wrong in one step is said, and stands in no other's way; the job
 * ends as the first of them did. */
enum rc
housekeeping_run(struct cx *cx, const struct job *job)
{
	static step_fn *const steps[] = { failed, inbox, forgotten, partitions,
		late, prune };
	const char *wrong = NULL;
	enum rc first = RC_OK;
	size_t i;

	(void)job;
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		const enum rc rc = steps[i](cx);

		if (rc == RC_STOPPED)
			return rc;
		if (rc == RC_OK)
			continue;
		log_fault(cx, "housekeeping.fault");
		if (first == RC_OK) {
			first = rc;
			wrong = words_of(cx, rc);
		}
		rc_forget(cx);
	}
	return first == RC_OK ? first : rc_fail(cx, first, "%s", wrong);
}
