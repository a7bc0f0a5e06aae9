/* The only place that waits: poll, until something is ready or it is time. */
#include <assert.h>
#include <errno.h>
#include <poll.h>

#include "base/clock.h"
#include "base/log.h"
#include "io/task.h"
#include "io/wait_in.h"

/* Seldom more than a socket or two; a parent of many children has one for
 * each. A task's stack has no room for the many. */
enum { FEW = 8, MANY = 1024, LOOK_MS = 250 };

/* Why the outside may not be awaited now, outside of any task. */
static const char *forbidden;

static const char **
ban(void)
{
	struct task *self = task_self();

	return self != NULL ? task_ban(self) : &forbidden;
}

void
wait_forbid(const char *why)
{
	*ban() = why;
}

void
wait_assert_allowed(void)
{
	const char *why = *ban();

	if (why != NULL)
		log_err(NULL, "wait.forbidden", L_TEXT("why", why));
	assert(why == NULL);
}

static bool
all_ours(const struct wait_fd *fds, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((fds[i].want & WAIT_OURS) == 0)
			return false;
	return true;
}

bool
wait_told_to_stop(const struct wait *w)
{
	return w->stops && w->cx != NULL && w->cx->should_stop != NULL &&
	       w->cx->should_stop();
}

/* ---- poll */

static short
events_of(short want)
{
	return (short)((want & WAIT_READ ? POLLIN : 0) |
		       (want & WAIT_WRITE ? POLLOUT : 0));
}

/* An error or a hang-up is for whoever reads or writes next to find. */
static short
got_of(short want, short revents)
{
	short got = 0;

	if (revents & (POLLERR | POLLHUP | POLLNVAL))
		return (short)(want & (WAIT_READ | WAIT_WRITE));
	if (revents & POLLIN)
		got |= WAIT_READ;
	if (revents & POLLOUT)
		got |= WAIT_WRITE;
	return (short)(got & want);
}

void
wait_ask(const struct wait_fd *fds, size_t n, struct pollfd *list)
{
	for (size_t i = 0; i < n; i++)
		list[i] =
		    (struct pollfd){ fds[i].fd, events_of(fds[i].want), 0 };
}

int
wait_heard(struct wait_fd *fds, size_t n, const struct pollfd *list)
{
	int ready = 0;

	for (size_t i = 0; i < n; i++) {
		fds[i].got = got_of(fds[i].want, list[i].revents);
		ready += fds[i].got != 0;
	}
	return ready;
}

static int
poll_list(struct wait_fd *fds, size_t n, struct pollfd *list, int ms)
{
	int ready;

	wait_ask(fds, n, list);
	ready = poll(list, (nfds_t)n, ms);
	if (ready < 0) {
		assert(errno == EINTR);
		return 0;
	}
	return wait_heard(fds, n, list);
}

static __attribute__((noinline)) int
poll_many(struct wait_fd *fds, size_t n, int ms)
{
	struct pollfd list[MANY];

	assert(n <= MANY);
	return poll_list(fds, n, list, ms);
}

/* The number that became ready, each in its `got`; 0 when it was time. */
static __attribute__((noinline)) int
poll_once(struct wait_fd *fds, size_t n, int ms)
{
	struct pollfd list[FEW];

	return n > FEW ? poll_many(fds, n, ms) : poll_list(fds, n, list, ms);
}

int
wait_look(struct wait_fd *fds, size_t n)
{
	return poll_once(fds, n, 0);
}

/* ---- time */

int64_t
wait_left_ms(int64_t until_ms)
{
	int64_t left;

	if (until_ms < 0)
		return -1;
	left = until_ms - clock_ms();
	return left < 0 ? 0 : left > INT32_MAX ? INT32_MAX : left;
}

bool
wait_is_late(int64_t until_ms)
{
	return wait_left_ms(until_ms) == 0;
}

int64_t
wait_span_ms(const struct wait *w)
{
	const int64_t left = wait_left_ms(w->until_ms);

	if (w->stops && w->cx != NULL && w->cx->should_stop != NULL)
		return left < 0 || left > LOOK_MS ? LOOK_MS : left;
	return left;
}

/* ---- the wait */

static enum rc
wait_alone(struct wait *w)
{
	for (;;) {
		const int ms = (int)wait_span_ms(w);

		if (wait_told_to_stop(w))
			return RC_STOPPED;
		if (poll_once(w->fds, w->n, ms) > 0)
			return RC_OK;
		if (wait_is_late(w->until_ms))
			return wait_told_to_stop(w) ? RC_STOPPED : RC_BUSY;
	}
}

static enum rc
wait_loop(struct wait *w)
{
	for (size_t i = 0; i < w->n; i++)
		w->fds[i].got = 0;
	if (task_self() != NULL)
		return wait_parked(w);
	return tasks_count() > 0 ? wait_beside(w) : wait_alone(w);
}

enum rc
wait_any(struct cx *cx, struct wait_fd *fds, size_t n, int64_t until_ms)
{
	const bool ours = all_ours(fds, n);

	if (!ours)
		wait_assert_allowed();
	return wait_loop(
	    &(struct wait){ cx, fds, n, until_ms, n == 0 || !ours });
}

enum rc
wait_until(struct cx *cx, int64_t until_ms)
{
	enum rc rc;

	wait_assert_allowed();
	rc = wait_loop(&(struct wait){ cx, NULL, 0, until_ms, true });
	return rc == RC_BUSY ? RC_OK : rc;
}
