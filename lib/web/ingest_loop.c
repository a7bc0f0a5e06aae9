/*
 * The one loop that waits for all connections: the second file that polls, by
 * the side of io/wait (design.md 2).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "io/count.h"
#include "io/proc.h"
#include "web/ingest_loop.h"

enum {
	EVENTS = 64,
	ACCEPTS = 64, /* before those that are there have their turn */
	FDS_LEFT = 16 /* for all but connections */
};

/* How long a visit may be in a state; a busy one is in no line. */
static const int64_t patience_ms[VISIT_STATES] = {
	[VISIT_READING] = SOURCE_READ_MS,
	[VISIT_IDLE] = 60000,
	[VISIT_WRITING] = 10000,
	[VISIT_LINGERING] = 1000,
};

/* ---- lines */

static void
line_leave(struct line *line, struct visit *v)
{
	*(v->before == NULL ? &line->first : &v->before->after) = v->after;
	*(v->after == NULL ? &line->last : &v->after->before) = v->before;
	v->before = v->after = NULL;
}

static void
line_join(struct line *line, struct visit *v)
{
	v->before = line->last;
	*(line->last == NULL ? &line->first : &line->last->after) = v;
	line->last = v;
}

void
loop_state(struct loop *l, struct visit *v, enum visit_state state)
{
	if (v->state != VISIT_BUSY)
		line_leave(&l->lines[v->state], v);
	v->state = state;
	if (state == VISIT_BUSY)
		return;
	v->until_ms = clock_ms() + patience_ms[state];
	line_join(&l->lines[state], v);
}

static int64_t
next_ms(const struct loop *l)
{
	int64_t next = -1;

	for (int i = 0; i < VISIT_STATES; i++) {
		const struct visit *v = l->lines[i].first;

		if (v != NULL && (next < 0 || v->until_ms < next))
			next = v->until_ms;
	}
	return next;
}

static void
look_late(struct loop *l)
{
	const int64_t now = clock_ms();

	for (int i = 0; i < VISIT_STATES; i++)
		while (l->lines[i].first != NULL &&
		       l->lines[i].first->until_ms <= now)
			visit_late(l, l->lines[i].first);
}

/* ---- epoll */

bool
loop_watch(struct loop *l, struct visit *v, int when)
{
	const uint32_t events = (when & LOOP_READ ? EPOLLIN : 0) |
				(when & LOOP_WRITE ? EPOLLOUT : 0);
	struct epoll_event e = { .events = events, .data.ptr = v };
	const int how = events == 0       ? EPOLL_CTL_DEL
			: v->watched == 0 ? EPOLL_CTL_ADD
					  : EPOLL_CTL_MOD;

	if (events == v->watched)
		return true;
	v->watched = events;
	return epoll_ctl(l->epoll, how, v->fd, &e) == 0;
}

/* data.ptr of what is no visit. */
static char listener_tag, bell_tag;

static bool
watch_other(struct loop *l, int fd, void *tag, uint32_t events)
{
	struct epoll_event e = { .events = events, .data.ptr = tag };

	return epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &e) == 0;
}

static void
hear(struct loop *l, bool hears)
{
	if (l->listener < 0 || l->hears == hears)
		return;
	if (hears)
		/* Another process may be told instead. */
		l->hears = watch_other(
		    l, l->listener, &listener_tag, EPOLLIN | EPOLLEXCLUSIVE);
	else
		l->hears =
		    epoll_ctl(l->epoll, EPOLL_CTL_DEL, l->listener, NULL) != 0;
}

void
loop_freed(struct loop *l)
{
	hear(l, true);
}

/* ---- new connections */

/* The oldest that has nothing under way gives way: who floods us loses his own
 * first. */
static bool
displace(struct loop *l)
{
	static const enum visit_state order[] = { VISIT_IDLE, VISIT_LINGERING,
		VISIT_READING };

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		struct visit *v = l->lines[order[i]].first;

		if (v == NULL)
			continue;
		visit_drop(l, v, "reason=\"displaced\"");
		return true;
	}
	return false;
}

/* False when no more may be taken now. */
static bool
accept_one(struct loop *l)
{
	int fd;

	if (l->n_visits >= l->most && !displace(l)) {
		hear(l, false);
		return false;
	}
	fd = accept4(l->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd >= 0) {
		visit_open(l, fd);
		return true;
	}
	if (errno == EMFILE || errno == ENFILE)
		hear(l, displace(l));
	else if (errno == EBADF || errno == EINVAL || errno == ENOTSOCK)
		l->stopping = true;
	return errno == EINTR || errno == ECONNABORTED;
}

static void
accept_some(struct loop *l)
{
	for (int i = 0; i < ACCEPTS && l->hears; i++)
		if (!accept_one(l))
			break;
}

/* ---- turns */

static void
answer_done(struct loop *l)
{
	struct visit *v = pool_done(l->pool), *next;

	for (; v != NULL; v = next) {
		next = v->next;
		visit_answer(l, v);
	}
}

static void
give_whole(struct loop *l)
{
	if (l->whole != NULL)
		pool_check(l->pool, l->whole);
	l->whole = NULL;
	l->last_whole = &l->whole;
}

static int
span_ms(const struct loop *l, int64_t end_ms)
{
	int64_t next = next_ms(l);

	if (end_ms >= 0 && (next < 0 || end_ms < next))
		next = end_ms;
	if (next < 0)
		return -1;
	next -= clock_ms();
	return next < 0 ? 0 : (int)next;
}

/* New ones last: they may displace others that have an event here. */
static void
turn(struct loop *l, const sigset_t *open, int64_t end_ms)
{
	struct epoll_event e[EVENTS];
	bool came = false, rung = false;
	const int n =
	    epoll_pwait(l->epoll, e, EVENTS, span_ms(l, end_ms), open);

	for (int i = 0; i < n; i++)
		if (e[i].data.ptr == &listener_tag)
			came = true;
		else if (e[i].data.ptr == &bell_tag)
			rung = true;
		else
			visit_ready(l, e[i].data.ptr);
	if (rung)
		answer_done(l);
	if (came)
		accept_some(l);
	look_late(l);
	give_whole(l);
}

/* ---- its beginning and its end */

static size_t
most_visits(void)
{
	struct rlimit fds;

	if (getrlimit(RLIMIT_NOFILE, &fds) < 0 ||
	    fds.rlim_cur > RECORD_CONNS + FDS_LEFT)
		return RECORD_CONNS;
	return fds.rlim_cur > 2 * FDS_LEFT ? fds.rlim_cur - FDS_LEFT : FDS_LEFT;
}

static enum rc
open_loop(struct cx *cx, struct loop *l)
{
	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	l->last_whole = &l->whole;
	l->most = most_visits();
	l->bytes = mem_new(LOOP_READ_BYTES);
	if (l->epoll < 0 ||
	    fcntl(l->listener, F_SETFL,
		fcntl(l->listener, F_GETFL) | O_NONBLOCK) < 0 ||
	    !watch_other(l, pool_bell(l->pool), &bell_tag, EPOLLIN))
		return rc_fail(cx, RC_BUSY, "no epoll: %s", strerror(errno));
	hear(l, true);
	return RC_OK;
}

static void
stop_hearing(struct loop *l)
{
	hear(l, false);
	l->listener = -1;
	l->stopping = true;
	while (l->lines[VISIT_IDLE].first != NULL)
		visit_close(l, l->lines[VISIT_IDLE].first);
}

/* What was accepted has its answer, if it is whole in time (REL-15). */
static void
drain(struct loop *l, const sigset_t *open)
{
	const int64_t end_ms = clock_ms() + INGEST_STOP_MS;

	stop_hearing(l);
	while (l->n_visits > 0 && clock_ms() < end_ms)
		turn(l, open, end_ms);
}

enum rc
loop_run(struct cx *cx, const struct ingest *p, struct pool *pool,
    const sigset_t *open, int listener)
{
	struct loop l = {
		.notes = { .cx = cx },
		.program = p,
		.pool = pool,
		.limits = { p->max_body, INGEST_BEFORE, INGEST_AFTER },
		.listener = listener,
	};

	TRY(open_loop(cx, &l));
	while (!l.stopping && !proc_stopping())
		turn(&l, open, -1);
	drain(&l, open);
	visit_end(&l);
	free(l.bytes);
	(void)close(l.epoll);
	return RC_OK;
}
