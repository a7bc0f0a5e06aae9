/* One place for a child: how many jobs it takes, how it is sent home. */
#include <signal.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/log.h"
#include "io/count.h"
#include "jobd.h"

struct places
slot_places(int pool)
{
	enum { IO_FROM = CHILDREN_MAX, ALONE = SLOTS_MAX - 1 };

	switch (pool) {
	case POOL_SYNC:
		return (struct places){ 0, IO_FROM };
	case POOL_IO:
		return (struct places){ IO_FROM, ALONE };
	default:
		return (struct places){ ALONE, SLOTS_MAX };
	}
}

int
slots_count(const struct jobd *j, int pool, enum slot_state state)
{
	int n = 0;

	for (int i = 0; i < SLOTS_MAX; i++)
		n += j->pool.slots[i].state == state &&
		     (pool < 0 || j->pool.slots[i].pool == pool);
	return n;
}

int
slots_busy(const struct jobd *j)
{
	int n = 0;

	for (int i = 0; i < SLOTS_MAX; i++)
		n += j->pool.slots[i].works.n > 0;
	return n;
}

int
slot_most(const struct jobd *j, const struct slot *s)
{
	return s->pool == POOL_IO ? j->pool.tasks : 1;
}

bool
slot_open(const struct slot *s)
{
	return s->state == SLOT_UP && !s->retiring && s->killed == KILL_NONE;
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
slot_retire(struct slot *s)
{
	s->retiring = true;
	if (s->works.n == 0 && s->state == SLOT_UP)
		slot_leave(s);
}

static const char *
words_of(enum kill_why why)
{
	static const char *const words[] = {
		[KILL_NONE] = "none",
		[KILL_HARD] = "hard limit",
		[KILL_QUIET] = "no progress",
		[KILL_LEAVE] = "leaving",
		[KILL_LEASE] = "lease lost",
		[KILL_FRAME] = "bad frame",
		[KILL_STUCK] = "stuck",
		[KILL_SILENT] = "silent",
	};

	return words[why];
}

/*
 * Its children go with it: it leads a group of processes, and what left that
 * group dies with its parent.
 */
void
slot_kill(struct jobd *j, struct slot *s, enum kill_why why,
    const struct work *guilty)
{
	if (s->killed != KILL_NONE || s->state == SLOT_EMPTY)
		return;
	s->killed = why;
	s->guilty = guilty;
	count_add(M_jobd_kills_total,
	    text_fmt(j->cx.mem, "why=\"%s\"", words_of(why)), 1);
	log_warn(&j->cx, "jobd.kill", L_INT("child", s->pid),
	    L_TEXT("why", words_of(why)),
	    L_INT("id", guilty != NULL ? guilty->id : 0),
	    L_INT("jobs", s->works.n));
	if (why == KILL_LEASE)
		works_free(&s->works);
	if (s->adopted) /* it would take us with it */
		slot_leave(s);
	else
		(void)kill(-s->pid, SIGKILL);
}
