/*
 * Connections as they come. libfcgi's own accept holds a worker for two seconds
 * on a connection that says nothing; here it waits aside while others are
 * served.
 */
#include "web/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "io/proc.h"
#include "io/wait.h"

bool
listen_is(int fd)
{
	int on = 0;
	socklen_t n = sizeof(on);

	return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &on, &n) == 0 && on;
}

void
listen_open(struct listener *l, int fd)
{
	const int flags = fcntl(fd, F_GETFL);

	*l = (struct listener){ .fd = fd };
	/* Another worker may take what poll has shown to both. */
	(void)fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

static int
take_out(struct listener *l, size_t i)
{
	const int fd = l->silent[i];
	const size_t behind = --l->n_silent - i;

	memmove(&l->silent[i], &l->silent[i + 1], behind * sizeof(int));
	memmove(&l->since_ms[i], &l->since_ms[i + 1],
	    behind * sizeof(l->since_ms[0]));
	return fd;
}

static void
set_aside(struct listener *l, int fd)
{
	if (l->n_silent == LISTEN_SILENT)
		(void)close(take_out(l, 0));
	l->silent[l->n_silent] = fd;
	l->since_ms[l->n_silent++] = clock_ms();
}

static void
drop_old(struct listener *l)
{
	const int64_t old = clock_ms() - LISTEN_SILENT_MS;

	while (l->n_silent > 0 && l->since_ms[0] < old)
		(void)close(take_out(l, 0));
}

/* False when the socket will give no more connections. */
static bool
accept_one(struct listener *l)
{
	const int fd = accept4(l->fd, NULL, NULL, SOCK_CLOEXEC);

	if (fd >= 0)
		set_aside(l, fd);
	return fd >= 0 || (errno != EBADF && errno != EINVAL &&
	    errno != ENOTSOCK);
}

/* One turn: a connection, -1 for none yet, -2 for the end. */
static int
turn(struct cx *cx, struct listener *l)
{
	struct wait_fd fds[1 + LISTEN_SILENT] = { { .fd = l->fd } };
	const size_t n = l->n_silent;

	fds[0].want = WAIT_READ;
	for (size_t i = 0; i < n; i++)
		fds[1 + i] = (struct wait_fd){ l->silent[i], WAIT_READ, 0 };

	/* Woken each second: a signal may come just before the wait. */
	if (wait_any(cx, fds, 1 + n, clock_ms() + 1000) != RC_OK) {
		drop_old(l);
		return -1;
	}
	for (size_t i = 0; i < n; i++)
		if (fds[1 + i].got != 0)
			return take_out(l, i);
	return fds[0].got == 0 || accept_one(l) ? -1 : -2;
}

int
listen_next(struct cx *cx, struct listener *l)
{
	int fd = -1;

	cx->should_stop = proc_stopping;
	while (fd == -1 && !proc_stopping())
		fd = turn(cx, l);
	cx->should_stop = NULL; /* what was begun is finished */
	return fd >= 0 ? fd : -1;
}

void
listen_close(struct listener *l)
{
	while (l->n_silent > 0)
		(void)close(take_out(l, 0));
}
