/*
 * A child: it waits for a job, runs it, says how it ended, and forgets. It
 * goes when jobd's end of the socket closes.
 *
 * Frames are letters: while a job runs, the next ones may come, and a word to
 * stop is for any of them.
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sysexits.h>
#include <unistd.h>

#include "app/start.h"
#include "base/log.h"
#include "io/count.h"
#include "io/http.h"
#include "io/task.h"
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

/* A job waits for the network most of the time, and for the database little:
 * a few connections do for all tasks. */
enum { IO_CONNECTIONS = 4 };

/* A second more than the role's statement_timeout, which is met first. */
enum { DEADLINE_MS = 31 * 1000 };
enum { ADDRESS_SPACE = 1 << 30 };

struct letter {
	struct arena *mem; /* the frame's texts */
	struct frame frame;
	enum frame_why why; /* it was told to stop */
};

/* One a process: should_stop has no argument. */
static struct {
	struct cx cx;
	int fd;
	struct letter letters[SYNC_LETTERS]; /* a ring */
	unsigned first; /* the run that goes on, or goes on next */
	unsigned n;
	bool gone; /* jobd is */
} me;

static struct letter *
letter_at(unsigned i)
{
	struct letter *l = &me.letters[(me.first + i) % SYNC_LETTERS];

	if (l->mem == NULL)
		l->mem = arena_new();
	return l;
}

static void
letter_drop(void)
{
	arena_empty(letter_at(0)->mem);
	me.first++;
	me.n--;
}

/* ---- being told to stop */

static void
hear_stop(const struct frame *f)
{
	for (unsigned i = 0; i < me.n; i++) {
		struct letter *l = letter_at(i);

		if (l->frame.id == f->id && l->frame.epoch == f->epoch)
			l->why = (enum frame_why)f->why;
	}
}

/* RC_ABSENT when nothing has come. */
static enum rc
hear(void)
{
	struct letter *l = letter_at(me.n);

	TRY(frame_take(l->mem, me.fd, &l->frame));
	if (l->frame.type == FRAME_RUN || l->frame.type == FRAME_BURY) {
		l->why = WHY_NONE;
		me.n++;
		return RC_OK;
	}
	if (l->frame.type == FRAME_STOP)
		hear_stop(&l->frame);
	arena_empty(l->mem);
	return RC_OK;
}

/* Asked often: one call of the kernel when there is no word. */
static bool
told_to_stop(void)
{
	enum rc rc = RC_ABSENT;

	if (me.gone)
		return true;
	while (me.n < SYNC_LETTERS && (rc = hear()) == RC_OK)
		continue;
	me.gone = rc != RC_OK && rc != RC_ABSENT;
	return me.gone || (me.n > 0 && letter_at(0)->why != WHY_NONE);
}

enum frame_why
child_told(void)
{
	if (task_self() != NULL)
		return io_told();
	return me.n > 0 ? letter_at(0)->why : WHY_NONE;
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
start(struct cx *cx, enum job_pool pool, int tasks)
{
	const struct frame ready = { .type = FRAME_READY };

	count_start(cx);
	TRY(app_start(cx));
	db_deadline(cx->db, DEADLINE_MS);
	db_deadline(cx->keyring, DEADLINE_MS);
	if (pool == POOL_IO) {
		db_widen(cx->db, IO_CONNECTIONS);
		db_widen(cx->keyring, IO_CONNECTIONS);
		http_widen(tasks);
	}
	return frame_send(cx->mem, me.fd, &ready);
}

/* False at the end of jobd, which is what we wait for, too. */
static bool
await_letter(void)
{
	struct wait_fd fd = { .fd = me.fd, .want = WAIT_READ };
	enum rc rc = RC_OK;

	while (me.n == 0 && rc == RC_OK) {
		rc = hear();
		if (rc == RC_ABSENT)
			rc = wait_any(NULL, &fd, 1, -1);
	}
	return rc == RC_OK;
}

static void
serve(struct cx *cx)
{
	struct frame answer;

	cx->should_stop = told_to_stop;
	while (!me.gone && await_letter()) {
		run_job(cx, &letter_at(0)->frame, &answer);
		me.gone = frame_send(cx->mem, me.fd, &answer) != RC_OK;
		letter_drop();
		cx_reset(cx);
	}
}

int
child_main(int fd, enum job_pool pool, int tasks)
{
	struct cx *cx = &me.cx;

	ignore_signals();
	limit_memory();
	close_others(fd);
	me.fd = fd;
	*cx = (struct cx){ .mem = arena_new(), .program = "jobd" };
	if (start(cx, pool, tasks) != RC_OK) {
		log_fault(cx, "jobd.child_start");
		(void)close(fd);
		return EX_CONFIG;
	}
	cx_reset(cx);
	if (pool == POOL_IO)
		io_serve(cx, fd, tasks);
	else
		serve(cx);
	app_stop(cx);
	(void)close(fd);
	return EX_OK;
}
