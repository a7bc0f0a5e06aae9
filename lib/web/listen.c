/*
 * Requests as they come. A worker serves one at a time, so one that is not
 * whole yet waits aside, and neither silence nor a slow body holds the others
 * up. libfcgi's own accept would wait two seconds for a first byte.
 */
#include "web/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "io/count.h"
#include "io/proc.h"
#include "io/wait.h"
#include "web/peek.h"
#include "web/source.h"

enum turn { TURN_AGAIN, TURN_TAKEN, TURN_END };

bool
listen_is(int fd)
{
	int on = 0;
	socklen_t n = sizeof(on);

	return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &on, &n) == 0 && on;
}

/* Tells of every new byte once (EPOLLET): what waits is looked at again only
 * when more of it has come. */
static bool
watch(struct listener *l, int fd, uint32_t events)
{
	struct epoll_event e = { .events = events, .data.fd = fd };

	return epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &e) == 0;
}

enum rc
listen_open(struct cx *cx, struct listener *l, int fd)
{
	*l = (struct listener){ .fd = fd,
		.epoll = epoll_create1(EPOLL_CLOEXEC) };
	/* Another worker may take what both were told of. */
	if (l->epoll < 0 ||
	    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) < 0 ||
	    !watch(l, fd, EPOLLIN | EPOLLEXCLUSIVE))
		return rc_fail(cx, RC_BUSY, "no epoll: %s", strerror(errno));
	return RC_OK;
}

static struct arrival
take_out(struct listener *l, size_t i)
{
	const struct arrival a = l->waiting[i];

	(void)epoll_ctl(l->epoll, EPOLL_CTL_DEL, a.fd, NULL);
	l->n_waiting--;
	memmove(&l->waiting[i], &l->waiting[i + 1],
	    (l->n_waiting - i) * sizeof(l->waiting[0]));
	return a;
}

static void
drop(int fd, const char *reason)
{
	count_add(M_http_refused_total, reason, 1);
	(void)close(fd);
}

/* The oldest gives way: who floods us loses his own first. */
static void
set_aside(struct listener *l, struct arrival a)
{
	if (l->n_waiting == LISTEN_WAITING)
		drop(take_out(l, 0).fd, "reason=\"displaced\"");
	if (watch(l, a.fd, EPOLLIN | EPOLLRDHUP | EPOLLET))
		l->waiting[l->n_waiting++] = a;
	else
		(void)close(a.fd);
}

static enum turn
new_one(struct listener *l, struct arrival *out)
{
	out->fd = accept4(l->fd, NULL, NULL, SOCK_CLOEXEC);
	if (out->fd < 0)
		return errno == EBADF || errno == EINVAL || errno == ENOTSOCK
			   ? TURN_END
			   : TURN_AGAIN;
	out->until_ms = clock_ms() + SOURCE_READ_MS;
	switch (peek_at(out->fd)) {
	case PEEK_WHOLE:
		return TURN_TAKEN;
	case PEEK_WRONG:
		drop(out->fd, "reason=\"not_fastcgi\"");
		return TURN_AGAIN;
	case PEEK_SOME:
	case PEEK_HEAD:
		break;
	}
	set_aside(l, *out);
	return TURN_AGAIN;
}

static enum turn
look_again(struct listener *l, int fd, uint32_t events, struct arrival *out)
{
	size_t i = 0;
	enum peek said;

	while (i < l->n_waiting && l->waiting[i].fd != fd)
		i++;
	if (i == l->n_waiting)
		return TURN_AGAIN;
	said = peek_at(fd);
	if (said == PEEK_WHOLE) {
		*out = take_out(l, i);
		return TURN_TAKEN;
	}
	if (said == PEEK_WRONG || (events & (EPOLLRDHUP | EPOLLHUP)) != 0)
		drop(take_out(l, i).fd, "reason=\"not_fastcgi\"");
	return TURN_AGAIN;
}

/* Its time is over: one whose head is there will be told so. */
static enum turn
look_late(struct listener *l, struct arrival *out)
{
	*out = take_out(l, 0);
	if (peek_at(out->fd) == PEEK_HEAD)
		return TURN_TAKEN;
	drop(out->fd, "reason=\"silent\"");
	return TURN_AGAIN;
}

static enum turn
turn(struct cx *cx, struct listener *l, struct arrival *out)
{
	struct wait_fd told = { .fd = l->epoll, .want = WAIT_READ };
	const int64_t until = l->n_waiting > 0 ? l->waiting[0].until_ms : -1;
	struct epoll_event e;

	if (until >= 0 && clock_ms() >= until)
		return look_late(l, out);
	/* One event a turn: an edge that is not handled would not come back. */
	if (wait_any(cx, &told, 1, until) != RC_OK ||
	    epoll_wait(l->epoll, &e, 1, 0) != 1)
		return TURN_AGAIN;
	return e.data.fd == l->fd ? new_one(l, out)
				  : look_again(l, e.data.fd, e.events, out);
}

bool
listen_next(struct cx *cx, struct listener *l, struct arrival *out)
{
	enum turn said = TURN_AGAIN;

	cx->should_stop = proc_stopping;
	while (said == TURN_AGAIN && !proc_stopping())
		said = turn(cx, l, out);
	cx->should_stop = NULL; /* what was begun is finished */
	return said == TURN_TAKEN;
}

bool
listen_rest(struct cx *cx, struct listener *l, struct arrival *out)
{
	if (l->fd >= 0)
		(void)epoll_ctl(l->epoll, EPOLL_CTL_DEL, l->fd, NULL);
	l->fd = -1;
	while (l->n_waiting > 0)
		if (turn(cx, l, out) == TURN_TAKEN)
			return true;
	(void)close(l->epoll);
	return false;
}
