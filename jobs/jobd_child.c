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
#include "base/log.h"
#include "io/count.h"
#include "io/wait.h"
#include "jobd.h"

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
enum { ADDRESS_SPACE = 1 << 30 };

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

enum frame_why
child_told(void)
{
	return me.why;
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
do_job(struct cx *cx, const struct frame *f)
{
	struct frame answer;

	me.id = f->id;
	me.epoch = f->epoch;
	me.why = WHY_NONE;
	run_job(cx, f, &answer);
	me.gone = frame_send(cx->mem, me.fd, &answer) != RC_OK;
	cx_reset(cx);
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
