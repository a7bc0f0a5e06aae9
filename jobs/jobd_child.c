/*
 * A child: it waits for a job, runs it, says how it ended, and forgets. It
 * goes when jobd's end of the socket closes.
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sysexits.h>
#include <unistd.h>

#include "app/start.h"
#include "base/clock.h"
#include "base/log.h"
#include "io/count.h"
#include "io/wait.h"
#include "jobd.h"
#include "store/shop.h"
#include "table.h"

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/* A second more than the role's statement_timeout, which is met first. */
enum { DEADLINE_MS = 31 * 1000 };
/* With RC_LIMITED and no word of when: not at once again. */
enum { LIMITED_MS = 1000 };
enum { WORDS_BYTES = 2000, ADDRESS_SPACE = 1 << 30 };

/* One a process: should_stop has no argument. */
static struct {
	struct cx cx;
	struct arena *mem; /* for what is read while a job runs */
	int fd;
	int64_t id; /* the run that is going on */
	int64_t epoch;
	enum frame_why why; /* it was told to stop */
	bool gone; /* jobd is */
} me;

/* ---- being told to stop */

static void
hear(const struct frame *f)
{
	if (f->type == FRAME_STOP && f->id == me.id && f->epoch == me.epoch)
		me.why = (enum frame_why)f->why;
}

/* Asked often: one call of the kernel when there is no word. */
static bool
told_to_stop(void)
{
	struct frame f;
	enum rc rc;

	if (me.gone)
		return true;
	while ((rc = frame_take(me.mem, me.fd, &f)) == RC_OK)
		hear(&f);
	me.gone = rc != RC_ABSENT;
	arena_empty(me.mem);
	return me.gone || me.why != WHY_NONE;
}

/* ---- one job */

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
	me.id = f->id;
	me.epoch = f->epoch;
	me.why = WHY_NONE;
}

/* Work left from before a reinstall is void (security.md D14). */
static enum rc
epoch_check(struct cx *cx, const struct job *job)
{
	int32_t now;
	enum rc rc;

	if (job->shop_id == 0)
		return RC_OK;
	rc = shop_epoch(cx, job->shop_id, &now);
	if (rc == RC_ABSENT)
		return rc_fail(cx, RC_ABSENT, "its shop is not known");
	TRY(rc);
	if (now != job->shop_epoch)
		return rc_fail(cx, RC_CONFLICT,
		    "it is from before the shop was installed anew");
	return RC_OK;
}

static enum rc
run(struct cx *cx, const struct job *job)
{
	const struct job_handler *handler = job_handler(job->kind);

	if (handler->run == NULL)
		return rc_fail(cx, RC_BUG, "nothing runs this kind of job");
	TRY(epoch_check(cx, job));
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
	if (rc == RC_STOPPED && me.why == WHY_CANCEL)
		return JOB_CANCELLED;
	if (rc == RC_STOPPED && me.why == WHY_SOFT)
		return JOB_FAILED;
	return rc == RC_OK ? JOB_COMPLETED : rc_row(rc)->job;
}

/* There are words for every end but a good one: for the log, the job's row and
 * the handler's last words. */
static void
note(struct cx *cx, enum rc rc, const struct frame *f)
{
	if (rc == RC_STOPPED && me.why == WHY_SOFT)
		rc_forget(cx);
	if (rc == RC_OK || cx->fault.rc != RC_OK)
		return;
	if (rc == RC_STOPPED && me.why == WHY_SOFT)
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
	const struct fault fault = cx->fault;
	enum rc rc;

	if (handler->dead == NULL)
		return;
	db_rollback(cx);
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

/* Runs it, or says its last words; then tells jobd. */
static void
do_job(struct cx *cx, const struct frame *f)
{
	const int64_t began_ms = clock_ms();
	struct frame answer;
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
		rc = run(cx, &job);
	note(cx, rc, f);
	answer = answer_to(cx, f, rc);
	if (rc != RC_OK && !cx->job_settled)
		log_fault(cx, "job.fault");
	if (!cx->job_settled && ends_dead(f, (enum job_said)answer.said))
		last_words(cx, &job);
	say_end(cx, &answer, began_ms);
	me.gone = frame_send(cx->mem, me.fd, &answer) != RC_OK;
	cx_reset(cx);
}

/* ---- its life */

/*
 * What runs wild is ended before the machine is (security.md D16); jobd sends
 * home who has grown long before that. The sanitizers map terabytes.
 */
static void
limit_memory(void)
{
	const struct rlimit most = { ADDRESS_SPACE, ADDRESS_SPACE };

	if (!SANITIZED)
		(void)setrlimit(RLIMIT_AS, &most);
}

/* jobd alone says when to go: a signal to the whole group is not for us. */
static void
ignore_signals(void)
{
	(void)signal(SIGTERM, SIG_IGN);
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGHUP, SIG_IGN);
	(void)signal(SIGPIPE, SIG_IGN);
}

/* Everything that was jobd's: its database connections are not ours to use,
 * nor are the sockets of the other children. */
static void
close_others(int fd)
{
	if (fd > STDERR_FILENO + 1)
		(void)close_range(STDERR_FILENO + 1, (unsigned)fd - 1, 0);
	(void)close_range((unsigned)fd + 1, ~0U, 0);
}

static enum rc
start(struct cx *cx)
{
	const struct frame ready = { .type = FRAME_READY };

	count_start(cx);
	TRY(app_start(cx));
	db_deadline(cx->db, DEADLINE_MS);
	db_deadline(cx->keyring, DEADLINE_MS);
	cx->should_stop = told_to_stop;
	return frame_send(cx->mem, me.fd, &ready);
}

/* False at the end of jobd, which is what we wait for, too. */
static bool
next_frame(struct frame *f)
{
	struct wait_fd fd = { .fd = me.fd, .want = WAIT_READ };
	enum rc rc;

	arena_empty(me.mem);
	while ((rc = frame_take(me.mem, me.fd, f)) == RC_ABSENT)
		if (wait_any(NULL, &fd, 1, -1) != RC_OK)
			return false;
	return rc == RC_OK;
}

static void
serve(struct cx *cx)
{
	struct arena *mem = arena_new(); /* the frame outlives the job */
	struct frame f;

	while (!me.gone && next_frame(&f)) {
		struct arena *frame_mem = me.mem;

		if (f.type != FRAME_RUN && f.type != FRAME_BURY)
			continue; /* a stop that came too late */
		me.mem = mem;
		mem = frame_mem;
		do_job(cx, &f);
	}
	arena_free(mem);
}

int
child_main(int fd)
{
	struct cx *cx = &me.cx;

	ignore_signals();
	limit_memory();
	close_others(fd);
	me.fd = fd;
	me.mem = arena_new();
	*cx = (struct cx){ .mem = arena_new(), .program = "jobd" };
	if (start(cx) != RC_OK) {
		log_fault(cx, "jobd.child_start");
		(void)close(fd);
		return EX_CONFIG;
	}
	cx_reset(cx);
	serve(cx);
	db_close(cx->db);
	db_close(cx->keyring);
	(void)close(fd);
	return EX_OK;
}
