/* How long a job may take: told at the soft limit, killed at the hard one. */
#include "base/clock.h"
#include "base/log.h"
#include "jobd.h"

/* To start, to go once told, and for an io child to say that it lives. */
enum { START_MS = 10 * 1000, LEAVE_MS = 5 * 1000, SILENT_MS = 5 * 1000 };
/* One whose loop stands still now is not judged by its jobs' times. */
enum { HEARD_MS = 2000 };
enum { TICK_MS = 100, IDLE_MS = 1000 };

static bool
is_past(int64_t since_ms, int64_t limit_ms, int64_t now)
{
	return limit_ms > 0 && now >= since_ms + limit_ms;
}

static void
work_check(struct jobd *j, struct slot *s, struct work *w, int64_t now)
{
	const int64_t since = w->since_us / 1000;

	if (is_past(since, w->hard_ms, now) && !s->adopted) {
		slot_kill(j, s, KILL_HARD, w);
	} else if (w->told == WHY_NONE && is_past(since, w->soft_ms, now)) {
		log_info(&j->cx, "jobd.soft_limit", L_INT("id", w->id),
		    L_INT("child", s->pid));
		work_stop(j, w, WHY_SOFT);
	}
}

/* Of a sync child the first runs, the others lie at its hand. */
static void
works_check(struct jobd *j, struct slot *s, int64_t now)
{
	struct work *w = s->works.first;

	if (s->pool == POOL_IO && now - s->heard_ms > HEARD_MS)
		return;
	for (; w != NULL && s->killed == KILL_NONE; w = w->next) {
		work_check(j, s, w, now);
		if (s->pool != POOL_IO)
			return;
	}
}

/* A debugger may take its time. */
static void
slot_check(struct jobd *j, struct slot *s, int64_t now)
{
	if (s->state == SLOT_EMPTY || s->killed != KILL_NONE)
		return;
	works_check(j, s, now);
	if (s->adopted)
		return;
	if ((s->state == SLOT_STARTING &&
		is_past(s->since_ms, START_MS, now)) ||
	    (s->state == SLOT_LEAVING && is_past(s->since_ms, LEAVE_MS, now)))
		slot_kill(j, s, KILL_STUCK, NULL);
	else if (s->pool == POOL_IO && s->state == SLOT_UP &&
		 is_past(s->heard_ms, SILENT_MS, now))
		slot_kill(j, s, KILL_SILENT, NULL);
}

void
limits_check(struct jobd *j)
{
	const int64_t now = clock_ms();

	if (now < limits_next_ms(j))
		return;
	j->limits_ms = now;
	for (int i = 0; i < SLOTS_MAX; i++)
		slot_check(j, &j->pool.slots[i], now);
}

int64_t
limits_next_ms(const struct jobd *j)
{
	return j->limits_ms + (slots_busy(j) > 0 ? TICK_MS : IDLE_MS);
}
