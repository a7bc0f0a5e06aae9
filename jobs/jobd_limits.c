/* How long a child may take: told at the soft limit, killed at the hard one. */
#include "base/clock.h"
#include "base/log.h"
#include "jobd.h"

/* To start, and to go once told. */
enum { START_MS = 10 * 1000, LEAVE_MS = 5 * 1000 };

static int64_t
at(int64_t since_ms, int64_t limit_ms)
{
	return limit_ms > 0 ? since_ms + limit_ms : INT64_MAX;
}

static int64_t
soft_at(const struct slot *s)
{
	if (s->state != SLOT_BUSY || s->work.told != WHY_NONE)
		return INT64_MAX;
	return at(s->work.since_ms, s->work.soft_ms);
}

/* A debugger may take its time. */
static int64_t
end_at(const struct slot *s)
{
	if (s->adopted || s->killed != KILL_NONE)
		return INT64_MAX;
	if (s->state == SLOT_BUSY)
		return at(s->work.since_ms, s->work.hard_ms);
	if (s->state == SLOT_STARTING)
		return at(s->since_ms, START_MS);
	if (s->state == SLOT_LEAVING)
		return at(s->since_ms, LEAVE_MS);
	return INT64_MAX;
}

void
limits_check(struct jobd *j)
{
	const int64_t now = clock_ms();

	for (int i = 0; i < j->pool.n; i++) {
		struct slot *s = &j->pool.slots[i];

		if (now >= end_at(s)) {
			slot_kill(j, s,
			    s->state == SLOT_BUSY ? KILL_HARD : KILL_STUCK);
		} else if (now >= soft_at(s)) {
			log_info(&j->cx, "jobd.soft_limit",
			    L_INT("id", s->work.id), L_INT("child", s->pid));
			work_stop(j, s, WHY_SOFT);
		}
	}
}

int64_t
limits_next_ms(const struct jobd *j)
{
	int64_t next = INT64_MAX;

	for (int i = 0; i < j->pool.n; i++) {
		const int64_t soft = soft_at(&j->pool.slots[i]);
		const int64_t end = end_at(&j->pool.slots[i]);

		next = soft < next ? soft : next;
		next = end < next ? end : next;
	}
	return next;
}
