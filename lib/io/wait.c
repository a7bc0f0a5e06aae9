/* The only place that waits: poll, until something is ready or it is time. */
#include <assert.h>
#include <errno.h>
#include <poll.h>

#include "base/clock.h"
#include "base/log.h"
#include "io/wait.h"

/* Seldom more than a socket or two; a parent of many children, or a process of
 * many tasks, has one for each. */
enum { FDS_MAX = 1024, LOOK_MS = 250 };

/* Why the outside may not be awaited now. One a process as long as a process
 * does one thing at a time; a task has its own. */
static const char *forbidden;

void
wait_forbid(const char *why)
{
	forbidden = why;
}

void
wait_assert_allowed(void)
{
	if (forbidden != NULL)
		log_err(NULL, "wait.forbidden", L_TEXT("why", forbidden));
	assert(forbidden == NULL);
}

static bool
all_ours(const struct wait_fd *fds, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((fds[i].want & WAIT_OURS) == 0)
			return false;
	return true;
}

static bool
told_to_stop(const struct cx *cx)
{
	return cx != NULL && cx->should_stop != NULL && cx->should_stop();
}

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

/* How long one poll may last: `left` is -1 without end. */
static int
span_ms(const struct cx *cx, bool stops, int64_t left)
{
	if (stops && cx != NULL && cx->should_stop != NULL)
		return left < 0 || left > LOOK_MS ? LOOK_MS : (int)left;
	return left < 0 ? -1 : left > INT32_MAX ? INT32_MAX : (int)left;
}

static int64_t
left_ms(int64_t until_ms)
{
	int64_t left;

	if (until_ms < 0)
		return -1;
	left = until_ms - clock_ms();
	return left > 0 ? left : 0;
}

/* The number that became ready, each in its `got`; 0 when it was time. */
static int
poll_once(struct wait_fd *fds, size_t n, int ms)
{
	struct pollfd list[FDS_MAX];
	int ready;

	for (size_t i = 0; i < n; i++)
		list[i] =
		    (struct pollfd){ fds[i].fd, events_of(fds[i].want), 0 };
	ready = poll(list, (nfds_t)n, ms);
	if (ready < 0) {
		assert(errno == EINTR);
		return 0;
	}
	for (size_t i = 0; i < n; i++)
		fds[i].got = got_of(fds[i].want, list[i].revents);
	return ready;
}

static enum rc
wait_loop(
    struct cx *cx, struct wait_fd *fds, size_t n, int64_t until_ms, bool stops)
{
	assert(n <= FDS_MAX);
	for (size_t i = 0; i < n; i++)
		fds[i].got = 0;
	for (;;) {
		int64_t left = left_ms(until_ms);

		if (stops && told_to_stop(cx))
			return RC_STOPPED;
		if (poll_once(fds, n, span_ms(cx, stops, left)) > 0)
			return RC_OK;
		if (until_ms >= 0 && left_ms(until_ms) == 0)
			return stops && told_to_stop(cx) ? RC_STOPPED : RC_BUSY;
	}
}

enum rc
wait_any(struct cx *cx, struct wait_fd *fds, size_t n, int64_t until_ms)
{
	bool ours = all_ours(fds, n);

	if (!ours)
		wait_assert_allowed();
	return wait_loop(cx, fds, n, until_ms, n == 0 || !ours);
}

enum rc
wait_until(struct cx *cx, int64_t until_ms)
{
	enum rc rc;

	wait_assert_allowed();
	rc = wait_loop(cx, NULL, 0, until_ms, true);
	return rc == RC_BUSY ? RC_OK : rc;
}
