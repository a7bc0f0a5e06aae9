/* One connection: bytes to a request, an answer to bytes. Nothing waits. */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "io/count.h"
#include "web/ingest_loop.h"

enum {
	HELD_MAX = 64 << 20, /* bytes under way (design.md 2) */
	HELD_LARGE = 48 << 20, /* of which large requests may fill so much */
	LARGE = 256 << 10,
	READS = 4, /* of one connection, before others have their turn */
	ARENA_BYTES = 16 << 10,
	ANSWER_MAX = REPLY_MAX_BYTES + (64 << 10)
};

/* ---- memory */

static void
held(struct loop *l, struct visit *v, size_t n)
{
	l->held = l->held - v->held + n;
	v->held = n;
}

static struct arena *
arena_take(struct loop *l)
{
	return l->n_arenas > 0 ? l->arenas[--l->n_arenas] : arena_new();
}

static void
arena_give(struct loop *l, struct visit *v)
{
	if (v->mem == NULL)
		return;
	arena_empty(v->mem);
	if (l->n_arenas < LOOP_ARENAS)
		l->arenas[l->n_arenas++] = v->mem;
	else
		arena_free(v->mem);
	v->mem = NULL;
}

static struct visit *
visit_take(struct loop *l)
{
	struct visit *v = l->spare;

	if (v == NULL)
		return mem_new(sizeof(*v));
	l->spare = v->next;
	l->n_spare--;
	*v = (struct visit){ 0 };
	return v;
}

static void
visit_give(struct loop *l, struct visit *v)
{
	if (l->n_spare == LOOP_SPARE) {
		free(v);
		return;
	}
	v->next = l->spare;
	l->spare = v;
	l->n_spare++;
}

/* The request is over: its memory goes. */
static void
forget(struct loop *l, struct visit *v)
{
	record_next(&v->in);
	arena_give(l, v);
	held(l, v, 0);
}

void
visit_end(struct loop *l)
{
	while (l->n_arenas > 0)
		arena_free(l->arenas[--l->n_arenas]);
	while (l->spare != NULL)
		free(visit_take(l));
}

/* ---- the end of a connection */

void
visit_close(struct loop *l, struct visit *v)
{
	(void)loop_watch(l, v, 0);
	(void)close(v->fd);
	loop_state(l, v, VISIT_BUSY); /* in no line */
	forget(l, v);
	visit_give(l, v);
	l->n_visits--;
	loop_freed(l);
}

void
visit_drop(struct loop *l, struct visit *v, const char *reason)
{
	count_add(M_http_refused_total, reason, 1);
	visit_close(l, v);
}

static void
watch_or_close(struct loop *l, struct visit *v, int when)
{
	if (!loop_watch(l, v, when))
		visit_close(l, v);
}

/* ---- reading */

static void
to_check(struct loop *l, struct visit *v)
{
	loop_state(l, v, VISIT_BUSY);
	(void)loop_watch(l, v, 0);
	v->mem = arena_take(l);
	v->begun_us = clock_us();
	held(l, v, record_held(&v->in) + ARENA_BYTES);
	v->next = NULL;
	*l->last_whole = v;
	l->last_whole = &v->next;
}

/* A large body leaves room for small ones. */
static bool
is_too_much(const struct loop *l, const struct visit *v)
{
	return l->held > (v->held > LARGE ? HELD_LARGE : HELD_MAX);
}

static bool
say(struct visit *v)
{
	const size_t n = v->in.n_out;

	v->in.n_out = 0;
	return n == 0 || send(v->fd, v->in.out, n,
			     MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)n;
}

static void
take_more(struct loop *l, struct visit *v)
{
	held(l, v, record_held(&v->in));
	if (v->in.stage == RECORD_IDLE || !is_too_much(l, v))
		return;
	v->in.rq.over = 503;
	to_check(l, v);
}

/* False once the connection reads no more, or is gone. */
static bool
take(struct loop *l, struct visit *v, struct slice bytes)
{
	enum record_said said;

	do {
		said = record_take(&v->in, &bytes);
		if (!say(v) || said == RECORD_WRONG) {
			visit_drop(l, v, "reason=\"not_fastcgi\"");
			return false;
		}
		if (said != RECORD_ABORTED)
			break;
		if (!v->in.rq.keep) {
			visit_drop(l, v, "reason=\"aborted\"");
			return false;
		}
		record_next(&v->in);
	} while (bytes.n > 0);
	if (said == RECORD_WHOLE) {
		/* Nobody may send the next before the answer to this. */
		v->in.rq.keep &= bytes.n == 0;
		to_check(l, v);
	} else {
		take_more(l, v);
	}
	return v->state == VISIT_READING;
}

static void
read_some(struct loop *l, struct visit *v)
{
	for (int i = 0; i < READS; i++) {
		const ssize_t n =
		    recv(v->fd, l->bytes, LOOP_READ_BYTES, MSG_DONTWAIT);

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			break;
		if (n <= 0) {
			if (v->in.stage == RECORD_IDLE)
				visit_close(l, v);
			else
				visit_drop(l, v, "reason=\"cut_off\"");
			return;
		}
		if (v->state == VISIT_IDLE)
			loop_state(l, v, VISIT_READING);
		if (!take(l, v, (struct slice){ l->bytes, (size_t)n }))
			return;
		if (n < LOOP_READ_BYTES)
			break;
	}
	watch_or_close(l, v, LOOP_READ);
}

void
visit_open(struct loop *l, int fd)
{
	struct visit *v = visit_take(l);

	v->fd = fd;
	v->in.limits = &l->limits;
	v->state = VISIT_BUSY;
	l->n_visits++;
	loop_state(l, v, VISIT_READING);
	read_some(l, v);
}

/* ---- answering */

/* What was not read of a refused request would make the answer unreadable: the
 * other side is given the time to send it. */
static void
linger(struct loop *l, struct visit *v)
{
	forget(l, v);
	(void)shutdown(v->fd, SHUT_WR);
	loop_state(l, v, VISIT_LINGERING);
	watch_or_close(l, v, LOOP_READ);
}

static void
swallow(struct loop *l, struct visit *v)
{
	const ssize_t n = recv(v->fd, l->bytes, LOOP_READ_BYTES, MSG_DONTWAIT);

	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		visit_close(l, v);
}

static void
answered(struct loop *l, struct visit *v)
{
	judge_note(&l->notes, l->program, v);
	if (v->in.rq.over != 0) {
		linger(l, v);
	} else if (v->in.rq.keep && !l->stopping) {
		forget(l, v);
		loop_state(l, v, VISIT_IDLE);
		watch_or_close(l, v, LOOP_READ);
	} else {
		visit_close(l, v);
	}
}

static void
write_some(struct loop *l, struct visit *v)
{
	const ssize_t n =
	    send(v->fd, v->answer.p, v->answer.n, MSG_DONTWAIT | MSG_NOSIGNAL);

	if (n < 0 && errno != EAGAIN && errno != EINTR) {
		visit_drop(l, v, "reason=\"unheard\"");
		return;
	}
	if (n > 0)
		v->answer =
		    (struct slice){ v->answer.p + n, v->answer.n - (size_t)n };
	if (v->answer.n == 0)
		answered(l, v);
	else
		watch_or_close(l, v, LOOP_WRITE);
}

void
visit_answer(struct loop *l, struct visit *v)
{
	struct buf b = buf_new(v->mem, ANSWER_MAX);

	record_answer(&b, v->in.rq.id, buf_slice(&v->text));
	v->answer = buf_slice(&b);
	loop_state(l, v, VISIT_WRITING);
	write_some(l, v);
}

void
visit_ready(struct loop *l, struct visit *v)
{
	if (v->state == VISIT_WRITING)
		write_some(l, v);
	else if (v->state == VISIT_LINGERING)
		swallow(l, v);
	else
		read_some(l, v);
}

/* One whose head is there is told so, as serve does. */
void
visit_late(struct loop *l, struct visit *v)
{
	if (v->state == VISIT_READING && v->in.stage == RECORD_BODY) {
		v->in.rq.over = 408;
		to_check(l, v);
	} else if (v->state == VISIT_READING) {
		visit_drop(l, v, "reason=\"silent\"");
	} else {
		visit_close(l, v);
	}
}
