/* The children: forked ahead, reused, sent home, replaced. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "io/count.h"
#include "io/proc.h"
#include "jobd.h"

enum { PACE_MS = 100 };

enum rc
pool_size(struct cx *cx, int *out)
{
	const int64_t n = conf_int(C_JOBD_CHILDREN);

	if (n < 1 || n > CHILDREN_MAX)
		return rc_field(cx, RC_INPUT, "JOBD_CHILDREN",
		    text_fmt(cx->mem, "1 to %d", CHILDREN_MAX),
		    conf_text(C_JOBD_CHILDREN));
	*out = (int)n;
	return RC_OK;
}

int
pool_count(const struct jobd *j, enum slot_state state)
{
	int n = 0;

	for (int i = 0; i < j->pool.n; i++)
		n += j->pool.slots[i].state == state;
	return n;
}

struct slot *
pool_idle(struct jobd *j)
{
	for (int i = 0; i < j->pool.n; i++)
		if (j->pool.slots[i].state == SLOT_IDLE)
			return &j->pool.slots[i];
	return NULL;
}

bool
pool_works(const struct jobd *j)
{
	for (int i = 0; i < j->pool.n; i++)
		if (j->pool.slots[i].has_work)
			return true;
	return false;
}

void
slot_set(struct slot *s, enum slot_state state)
{
	s->state = state;
	s->since_ms = clock_ms();
}

void
slot_leave(struct slot *s)
{
	(void)shutdown(s->fd, SHUT_WR);
	slot_set(s, SLOT_LEAVING);
}

void
slot_kill(struct jobd *j, struct slot *s, enum kill_why why)
{
	static const char *const words[] = {
		[KILL_NONE] = "none",
		[KILL_HARD] = "hard limit",
		[KILL_QUIET] = "no progress",
		[KILL_LEAVE] = "leaving",
		[KILL_LEASE] = "lease lost",
		[KILL_FRAME] = "bad frame",
		[KILL_STUCK] = "stuck",
	};

	if (s->killed != KILL_NONE || s->state == SLOT_EMPTY)
		return;
	s->killed = why;
	count_add(M_jobd_kills_total,
	    text_fmt(j->cx.mem, "why=\"%s\"", words[why]), 1);
	log_warn(&j->cx, "jobd.kill", L_INT("child", s->pid),
	    L_TEXT("why", words[why]), L_INT("id", s->work.id));
	if (why == KILL_LEASE)
		work_forget(s);
	if (s->adopted) /* it would take us with it */
		slot_leave(s);
	else
		(void)kill(s->pid, SIGKILL);
}

/* ---- forking */

static void
become(struct slot *s, int fd, pid_t pid)
{
	s->fd = fd;
	s->pid = pid;
	s->runs = 0;
	s->killed = KILL_NONE;
	slot_set(s, SLOT_STARTING);
}

static void
slot_fork(struct jobd *j, struct slot *s)
{
	int ends[2];
	pid_t pid;

	s->not_before_ms = clock_ms() + PACE_MS;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) {
		log_err(
		    &j->cx, "jobd.socketpair", L_TEXT("why", strerror(errno)));
		return;
	}
	pid = proc_fork(&j->cx);
	if (pid == 0)
		exit(child_main(ends[1], POOL_SYNC, 1));
	(void)close(ends[1]);
	if (pid < 0) {
		(void)close(ends[0]);
		return;
	}
	if (s->since_ms != 0)
		count_add(M_jobd_children_restarts_total, NULL, 1);
	become(s, ends[0], pid);
}

static struct slot *
slot_at(struct jobd *j, int i)
{
	struct slot *s = &j->pool.slots[i];

	if (s->mem == NULL)
		s->mem = arena_new();
	if (i >= j->pool.n)
		j->pool.n = i + 1;
	return s;
}

/* A place that is one too many still buries its last job. */
static bool
is_missing(const struct jobd *j, int i)
{
	const struct slot *s = &j->pool.slots[i];

	return s->state == SLOT_EMPTY && (i < j->pool.want || s->has_work);
}

void
pool_fill(struct jobd *j)
{
	const int most = j->pool.n > j->pool.want ? j->pool.n : j->pool.want;

	if (j->once || j->drain_ms >= 0)
		return;
	for (int i = 0; i < most; i++) {
		struct slot *s = slot_at(j, i);

		if (is_missing(j, i) && clock_ms() >= s->not_before_ms)
			slot_fork(j, s);
		if (i >= j->pool.want && s->state == SLOT_IDLE)
			slot_leave(s);
	}
}

void
pool_adopt(struct jobd *j, int fd, pid_t pid)
{
	struct slot *s = slot_at(j, 0);

	s->adopted = true;
	become(s, fd, pid);
}

int64_t
pool_next_ms(const struct jobd *j)
{
	int64_t next = INT64_MAX;

	if (j->once || j->drain_ms >= 0)
		return next;
	for (int i = 0; i < j->pool.n; i++)
		if (is_missing(j, i) && j->pool.slots[i].not_before_ms < next)
			next = j->pool.slots[i].not_before_ms;
	return next;
}
