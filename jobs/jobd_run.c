/* One run of a job, in the child: who it is for, the handler, how it ended. */
#include <sys/resource.h>

#include "base/clock.h"
#include "base/log.h"
#include "jobd.h"
#include "table.h"

/* With RC_LIMITED and no word of when: not at once again. */
enum { LIMITED_MS = 1000 };
enum { WORDS_BYTES = 2000 };

static enum rc
job_of(struct cx *cx, const struct frame *f, struct job *out)
{
	*out = (struct job){
		.id = f->id,
		.epoch = (int32_t)f->epoch,
		.kind = (enum job_kind)f->kind,
		.shop_id = f->shop_id,
		.shop_epoch = (int32_t)f->shop_epoch,
		.attempt = (int)f->attempt,
		.max_attempts = (int)f->max_attempts,
	};
	return json_read(cx, f->args, FRAME_MAX_BYTES, RC_INPUT, &out->args);
}

/* Whose rows are seen, and who it is in the log. */
static void
enter(struct cx *cx, const struct frame *f)
{
	cx_reset(cx);
	cx->shop_id = f->shop_id;
	cx->every_shop = f->shop_id == 0;
	cx->trace = f->trace.n > 0 ? f->trace.p : NULL;
	cx->job_id = f->id;
	cx->job_epoch = (int32_t)f->epoch;
}

/* Work left from before a reinstall is void (security.md D14), but for a kind
 * that judges it itself. */
static enum rc
epoch_check(struct cx *cx, const struct frame *f, bool any_epoch)
{
	if (f->shop_id == 0)
		return RC_OK;
	if (f->shop_now < 0)
		return rc_fail(cx, RC_ABSENT, "its shop is not known");
	if (f->shop_now != f->shop_epoch && !any_epoch)
		return rc_fail(cx, RC_CONFLICT,
		    "it is from before the shop was installed anew");
	return RC_OK;
}

static enum rc
run(struct cx *cx, const struct frame *f, const struct job *job)
{
	const struct job_handler *handler = job_handler(job->kind);

	if (handler->run == NULL)
		return rc_fail(cx, RC_BUG, "nothing runs this kind of job");
	TRY(epoch_check(cx, f, handler->any_epoch));
	return handler->run(cx, job);
}

/* ---- how it ended */

/*
 * Told to stop: a cancel is final; who runs past his own soft limit has failed,
 * or he would come back for ever; the rest is no fault of the job.
 */
static enum job_said
said_of(enum rc rc)
{
	if (rc == RC_STOPPED && child_told() == WHY_CANCEL)
		return JOB_CANCELLED;
	if (rc == RC_STOPPED && child_told() == WHY_SOFT)
		return JOB_FAILED;
	return rc == RC_OK ? JOB_COMPLETED : rc_row(rc)->job;
}

/* There are words for every end but a good one: for the log, the job's row and
 * the handler's last words. */
static void
note(struct cx *cx, enum rc rc, const struct frame *f)
{
	if (rc == RC_STOPPED && child_told() == WHY_SOFT)
		rc_forget(cx);
	if (rc == RC_OK || cx->fault.rc != RC_OK)
		return;
	if (rc == RC_STOPPED && child_told() == WHY_SOFT)
		(void)rc_fail(cx, rc, "stopped at its soft limit of %d s",
		    (int)(f->soft_ms / 1000));
	else
		(void)rc_fail(cx, rc, "%s", rc_row(rc)->title);
}

static int64_t
floor_of(const struct cx *cx, enum rc rc)
{
	if (rc == RC_OK || rc == RC_STOPPED)
		return 0;
	if (rc == RC_LIMITED && cx->retry_after_ms <= 0)
		return LIMITED_MS;
	return cx->retry_after_ms;
}

static bool
ends_dead(const struct frame *f, enum job_said said)
{
	return said == JOB_DEAD ||
	       (said == JOB_FAILED && f->attempt >= f->max_attempts);
}

/*
 * Tells whoever waits for the job, with the failure still in cx. Not when the
 * job went to another meanwhile: that one will end it.
 */
static void
last_words(struct cx *cx, const struct job *job)
{
	const struct job_handler *handler = job_handler(job->kind);
	struct fault fault = cx->fault;
	enum rc rc;

	if (handler->dead == NULL)
		return;
	fault.sentence = text_dup(cx->mem, fault.sentence);
	rc_forget(cx);
	rc = job_fence(cx);
	cx->fault = fault;
	if (rc != RC_STOPPED)
		handler->dead(cx, job);
	db_rollback(cx);
}

static int64_t
rss_kb(void)
{
	struct rusage usage;

	return getrusage(RUSAGE_SELF, &usage) == 0 ? usage.ru_maxrss : 0;
}

static void
say_end(struct cx *cx, const struct frame *answer, int64_t began_ms)
{
	const char *kind = job_kind_row((enum job_kind)answer->kind)->word;
	const char *outcome = answer->said == SAID_SETTLED
				  ? "settled"
				  : job_said_text((enum job_said)answer->said);

	log_info(cx, "job.end", L_TEXT("kind", kind),
	    L_TEXT("outcome", outcome), L_INT("ms", clock_ms() - began_ms));
}

static struct frame
answer_to(struct cx *cx, const struct frame *f, enum rc rc)
{
	struct frame answer = {
		.type = FRAME_DONE,
		.id = f->id,
		.epoch = f->epoch,
		.kind = f->kind,
		.said = cx->job_settled ? SAID_SETTLED : said_of(rc),
		.floor_ms = floor_of(cx, rc),
		.rss_kb = rss_kb(),
	};

	if (rc != RC_OK)
		answer.words = slice_of(
		    text_cut(cx->mem, cx->fault.sentence, WORDS_BYTES));
	return answer;
}

void
run_job(struct cx *cx, const struct frame *f, struct frame *answer)
{
	const int64_t began_ms = clock_ms();
	struct job job;
	enum rc rc;

	enter(cx, f);
	log_info(cx, "job.start",
	    L_TEXT("kind", job_kind_row((enum job_kind)f->kind)->word),
	    L_INT("attempt", f->attempt));
	rc = job_of(cx, f, &job);
	if (f->type == FRAME_BURY)
		rc = rc_fail(cx, RC_BUG, "%s", f->words.p);
	else if (rc == RC_OK)
		rc = run(cx, f, &job);
	note(cx, rc, f);
	db_rollback(cx); /* or it would hold up jobd's settlement */
	*answer = answer_to(cx, f, rc);
	if (rc != RC_OK && !cx->job_settled)
		log_fault(cx, "job.fault");
	if (!cx->job_settled && ends_dead(f, (enum job_said)answer->said))
		last_words(cx, &job);
	say_end(cx, answer, began_ms);
}
