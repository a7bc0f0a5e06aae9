/* A parent that keeps children alive: prefork's one loop. */
#include "io/proc.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "io/wait.h"

enum { PACE_MS = 100 };

/* Where a child is or will be. */
struct place {
	pid_t pid; /* 0: nobody */
	int fd; /* a pidfd: readable when the child has ended */
	int64_t not_before_ms; /* when the next may be forked here */
};

struct herd {
	struct cx cx; /* a copy, with a should_stop of its own */
	struct place *places;
	struct wait_fd *fds;
	size_t n;
	int (*work)(void *);
	void *arg;
};

_Noreturn static void
be_child(struct herd *h)
{
	for (size_t i = 0; i < h->n; i++)
		if (h->places[i].pid > 0)
			(void)close(h->places[i].fd);
	proc_signals();
	exit(h->work(h->arg));
}

static void
fill(struct herd *h, struct place *p)
{
	const pid_t pid = proc_fork(&h->cx);

	p->not_before_ms = clock_ms() + PACE_MS;
	if (pid == 0)
		be_child(h);
	if (pid < 0)
		return;
	p->pid = pid;
	p->fd = pidfd_open(pid, 0);
	if (p->fd >= 0)
		return;
	/* A child that cannot be watched would never be replaced. */
	log_err(&h->cx, "proc.pidfd", L_TEXT("why", strerror(errno)));
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
	p->pid = 0;
}

/* Forks where nobody is; gives when to look again, -1 for not before an end. */
static int64_t
fill_all(struct herd *h)
{
	int64_t until = -1;

	for (size_t i = 0; i < h->n; i++) {
		struct place *p = &h->places[i];

		if (p->pid == 0 && clock_ms() >= p->not_before_ms)
			fill(h, p);
		if (p->pid == 0 && (until < 0 || p->not_before_ms < until))
			until = p->not_before_ms;
	}
	return until;
}

static void
say_ended(struct herd *h, pid_t pid, int status)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		log_info(&h->cx, "proc.child_ended", L_INT("pid", pid));
	else if (WIFEXITED(status))
		log_warn(&h->cx, "proc.child_failed", L_INT("pid", pid),
		    L_INT("status", WEXITSTATUS(status)));
	else
		log_err(&h->cx, "proc.child_killed", L_INT("pid", pid),
		    L_INT("signal", WTERMSIG(status)));
}

static void
reap(struct herd *h, struct place *p)
{
	int status;

	if (p->pid == 0 || waitpid(p->pid, &status, WNOHANG) != p->pid)
		return;
	say_ended(h, p->pid, status);
	(void)close(p->fd);
	p->pid = 0;
}

static size_t
reap_all(struct herd *h)
{
	size_t alive = 0;

	for (size_t i = 0; i < h->n; i++) {
		reap(h, &h->places[i]);
		alive += h->places[i].pid != 0;
	}
	return alive;
}

static enum rc
wait_for_ends(struct herd *h, int64_t until)
{
	size_t n = 0;

	for (size_t i = 0; i < h->n; i++)
		if (h->places[i].pid != 0)
			h->fds[n++] = (struct wait_fd){ .fd = h->places[i].fd,
				.want = WAIT_READ };
	return wait_any(&h->cx, h->fds, n, until);
}

static void
tell_all(struct herd *h, int sig)
{
	for (size_t i = 0; i < h->n; i++)
		if (h->places[i].pid != 0)
			(void)kill(h->places[i].pid, sig);
}

static bool
told_twice(void)
{
	return proc_stop_signals() > 1;
}

/* SIGTERM to all; who is still there after grace_ms, or at a second stop
 * signal, is killed. */
static void
drain(struct herd *h, int64_t grace_ms)
{
	const int64_t until = clock_ms() + grace_ms;
	enum rc rc = RC_OK;

	h->cx.should_stop = told_twice;
	tell_all(h, SIGTERM);
	while (reap_all(h) > 0 && rc == RC_OK)
		rc = wait_for_ends(h, until);
	h->cx.should_stop = NULL;
	tell_all(h, SIGKILL);
	while (reap_all(h) > 0)
		(void)wait_for_ends(h, clock_ms() + PACE_MS);
}

static enum rc
keep_alive(struct herd *h)
{
	enum rc rc;

	h->cx.should_stop = proc_stopping;
	do {
		rc = wait_for_ends(h, fill_all(h));
		(void)reap_all(h);
	} while (rc == RC_OK || rc == RC_BUSY); /* BUSY: a place's time came */
	return rc;
}

int
proc_prefork(
    struct cx *cx, int n, int64_t grace_ms, int (*work)(void *), void *arg)
{
	struct herd h = { .cx = *cx, .work = work, .arg = arg };
	enum rc rc;

	assert(n > 0);
	if (n == 1)
		return work(arg);
	h.n = (size_t)n;
	h.places = ARENA_ARRAY(cx->mem, struct place, n);
	h.fds = ARENA_ARRAY(cx->mem, struct wait_fd, n);
	proc_signals();
	rc = keep_alive(&h);
	drain(&h, grace_ms);
	return rc == RC_STOPPED ? EXIT_SUCCESS : EXIT_FAILURE;
}
