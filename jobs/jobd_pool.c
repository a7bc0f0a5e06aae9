/* The children: forked ahead, reused, sent home, replaced. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "io/count.h"
#include "io/proc.h"
#include "jobd.h"

enum { PACE_MS = 100, ALONE_MS = 10 * 1000 };
enum { TASKS_LEAST = 64, TASKS_MOST = 256 };

/* One of the numbers, which is to be from `least` to `most`. */
static enum rc
number(
    struct cx *cx, enum conf c, const char *name, int least, int most, int *out)
{
	const int64_t n = conf_int(c);

	if (n < least || n > most)
		return rc_field(cx, RC_INPUT, name,
		    text_fmt(cx->mem, "%d to %d", least, most), conf_text(c));
	*out = (int)n;
	return RC_OK;
}

enum rc
pool_size(struct cx *cx, struct pool *out)
{
	int sync, io, tasks;

	TRY(number(
	    cx, C_JOBD_CHILDREN, "JOBD_CHILDREN", 1, CHILDREN_MAX, &sync));
	TRY(number(cx, C_JOBD_IO_CHILDREN, "JOBD_IO_CHILDREN", 1,
	    IO_CHILDREN_MAX, &io));
	TRY(number(cx, C_JOBD_IO_TASKS, "JOBD_IO_TASKS", TASKS_LEAST,
	    TASKS_MOST, &tasks));
	out->want[POOL_SYNC] = sync;
	out->want[POOL_IO] = io;
	out->tasks = tasks;
	return RC_OK;
}

/* ---- forking */

static void
become(struct slot *s, int fd, pid_t pid)
{
	s->fd = fd;
	s->pid = pid;
	s->pidfd = -1;
	s->runs = 0;
	s->retiring = false;
	s->died = false;
	s->killed = KILL_NONE;
	s->guilty = NULL;
	s->heard_ms = clock_ms();
	slot_set(s, SLOT_STARTING);
}

/* The leader of a group: what it forks goes with it (slot_kill). */
static void
be_child(const struct jobd *j, int fd, int pool)
{
	(void)setpgid(0, 0);
	exit(child_main(
	    fd, pool == POOL_IO ? POOL_IO : POOL_SYNC, j->pool.tasks));
}

static void
slot_fork(struct jobd *j, struct slot *s, int pool)
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
		be_child(j, ends[1], pool);
	(void)close(ends[1]);
	if (pid < 0) {
		(void)close(ends[0]);
		return;
	}
	(void)setpgid(pid, pid); /* whoever comes first */
	if (s->since_ms != 0)
		count_add(M_jobd_children_restarts_total, NULL, 1);
	become(s, ends[0], pid);
	s->pool = pool;
	s->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
}

/* ---- how many there are, and should be */

/* Those that take new work, now or soon. */
static int
lasting(const struct jobd *j, int pool)
{
	const struct places at = slot_places(pool);
	int n = 0;

	for (int i = at.from; i < at.to; i++) {
		const struct slot *s = &j->pool.slots[i];

		n += s->killed == KILL_NONE && !s->retiring &&
		     (s->state == SLOT_STARTING || s->state == SLOT_UP);
	}
	return n;
}

/* One that is not wanted any more still buries a last job. The quarantine's is
 * there while there are suspects, and a little longer. */
static int
wanted(const struct jobd *j, int pool)
{
	const bool waits = j->pool.waiting[pool].n > 0;
	const struct slot *alone = &j->pool.slots[slot_places(POOL_ALONE).from];

	if (pool != POOL_ALONE)
		return j->pool.want[pool];
	return waits || alone->works.n > 0 ||
	       (alone->state == SLOT_UP &&
		   clock_ms() < alone->heard_ms + ALONE_MS);
}

/* The one that was left last, so that children who die again and again are
 * forked at its pace. */
static struct slot *
place_for_one(struct jobd *j, int pool)
{
	const struct places at = slot_places(pool);
	struct slot *best = NULL;

	for (int i = at.from; i < at.to; i++) {
		struct slot *s = &j->pool.slots[i];

		if (s->state == SLOT_EMPTY &&
		    (best == NULL || s->since_ms > best->since_ms))
			best = s;
	}
	return best != NULL && clock_ms() >= best->not_before_ms ? best : NULL;
}

/* The one with the least to do, and of these the youngest. */
static struct slot *
one_too_many(struct jobd *j, int pool)
{
	const struct places at = slot_places(pool);
	struct slot *best = NULL;

	for (int i = at.from; i < at.to; i++) {
		struct slot *s = &j->pool.slots[i];

		if (slot_open(s) &&
		    (best == NULL || s->works.n <= best->works.n))
			best = s;
	}
	return best;
}

static void
fill(struct jobd *j, int pool)
{
	const int want = wanted(j, pool);
	int n = lasting(j, pool);
	struct slot *s;

	for (; n < want && (s = place_for_one(j, pool)) != NULL; n++)
		slot_fork(j, s, pool);
	for (; n > want && (s = one_too_many(j, pool)) != NULL; n--)
		slot_retire(s);
}

void
pool_fill(struct jobd *j)
{
	if (j->once || j->drain_ms >= 0)
		return;
	for (int pool = 0; pool < POOLS; pool++)
		fill(j, pool);
}

void
pool_adopt(struct jobd *j, int fd, pid_t pid)
{
	struct slot *s = &j->pool.slots[0];

	s->adopted = true;
	become(s, fd, pid);
}

int64_t
pool_next_ms(const struct jobd *j)
{
	if (j->once || j->drain_ms >= 0)
		return INT64_MAX;
	for (int pool = 0; pool < POOLS; pool++)
		if (lasting(j, pool) != wanted(j, pool))
			return clock_ms() + PACE_MS;
	return INT64_MAX;
}
