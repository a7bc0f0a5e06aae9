/* The loop: wait, read, decide, write; and how it ends. */
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "io/proc.h"
#include "io/wait.h"
#include "jobd.h"

enum { WATCHDOG_MS = 2000, LAST_MS = 2000, GONE_MS = 1000 };

/* ---- signals, seen by the wait at once and acted upon behind it */

static int stops_seen;
static bool reload;

static bool
signalled(void)
{
	reload |= proc_reload_asked();
	return reload || proc_stop_signals() > stops_seen;
}

static void
drain_slot(struct jobd *j, struct slot *s)
{
	if (s->state == SLOT_BUSY) {
		work_stop(j, s, WHY_LEAVE);
		return;
	}
	if (s->has_work) {
		settle_add(j, &s->work, "snoozed", NULL, 0);
		work_forget(s);
	}
	if (s->state == SLOT_IDLE || s->state == SLOT_STARTING)
		slot_leave(s);
}

static void
drain(struct jobd *j)
{
	log_info(&j->cx, "jobd.stopping",
	    L_INT("running", pool_count(j, SLOT_BUSY)));
	proc_notify("STOPPING=1");
	j->drain_ms = clock_ms() + GRACE_MS;
	for (int i = 0; i < j->pool.n; i++)
		drain_slot(j, &j->pool.slots[i]);
}

static void
read_limits(struct jobd *j)
{
	int want;

	reload = false;
	if (conf_load(&j->cx, j->conf) != RC_OK ||
	    pool_size(&j->cx, &want) != RC_OK) {
		log_fault(&j->cx, "jobd.reload");
		rc_forget(&j->cx);
		return;
	}
	j->pool.want = want;
	log_info(&j->cx, "jobd.reload", L_INT("children", want));
}

/* A second word to stop ends the grace. */
static void
take_signals(struct jobd *j)
{
	stops_seen = proc_stop_signals();
	if (stops_seen > 0 && j->drain_ms < 0)
		drain(j);
	if (stops_seen > 1)
		j->drain_ms = clock_ms();
	if (reload)
		read_limits(j);
}

/* ---- when to look again */

static int64_t
sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t
settle_next_ms(const struct jobd *j)
{
	if (j->settle.n == 0)
		return INT64_MAX;
	return settle_due(j) ? 0 : j->settle.since_ms + FLUSH_MS;
}

static int64_t
claim_next_ms(const struct jobd *j)
{
	if (j->worker_id == 0 || j->drain_ms >= 0 ||
	    pool_count(j, SLOT_IDLE) == 0)
		return INT64_MAX;
	return j->claims.wanted ? 0 : j->claims.poll_ms;
}

/* What needs the database waits until it may be asked. */
static int64_t
db_next_ms(const struct jobd *j)
{
	int64_t next = j->worker_id == 0 ? 0 : j->beat_ms;

	if (j->worker_id == 0 && j->drain_ms >= 0)
		next = INT64_MAX;
	next = sooner(next, settle_next_ms(j));
	next = sooner(next, claim_next_ms(j));
	next = sooner(next, j->sweep_ms);
	if (j->stage_ms >= 0)
		next = sooner(next, j->stage_ms);
	return next > j->db_ms ? next : j->db_ms;
}

static int64_t
next_ms(const struct jobd *j)
{
	int64_t next = clock_ms() + WATCHDOG_MS;

	next = sooner(next, limits_next_ms(j));
	next = sooner(next, pool_next_ms(j));
	next = sooner(next, db_next_ms(j));
	if (j->drain_ms >= 0)
		next = sooner(next, j->drain_ms);
	return next;
}

/* ---- one turn */

static size_t
add_fd(struct wait_fd *fds, size_t n, int fd)
{
	if (fd < 0)
		return n;
	fds[n] = (struct wait_fd){ .fd = fd, .want = WAIT_READ };
	return n + 1;
}

static void
wait_turn(struct jobd *j, int64_t until_ms)
{
	struct wait_fd fds[CHILDREN_MAX + 2];
	size_t n = 0;

	n = add_fd(fds, n, j->wake_fd);
	n = add_fd(fds, n, db_listen_fd(&j->cx));
	for (int i = 0; i < j->pool.n; i++)
		if (j->pool.slots[i].state != SLOT_EMPTY)
			n = add_fd(fds, n, j->pool.slots[i].fd);
	/* Ready, late or told to stop: what there is to do is looked at. */
	(void)!wait_any(&j->cx, fds, n, until_ms);
}

static void
take(struct jobd *j)
{
	for (int i = 0; i < j->pool.n; i++)
		slot_take(j, &j->pool.slots[i]);
	wake_take(j);
}

static void
ask_database(struct jobd *j)
{
	lease_keep(j);
	if (settle_due(j))
		settle_flush(j);
	if (claim_due(j))
		claim_jobs(j);
	if (sweep_due(j))
		sweep_run(j);
}

static void
turn(struct jobd *j)
{
	wait_turn(j, next_ms(j));
	take_signals(j);
	take(j);
	limits_check(j);
	ask_database(j);
	pool_fill(j);
	proc_notify("WATCHDOG=1");
	cx_reset(&j->cx);
}

static bool
is_over(const struct jobd *j)
{
	const bool idle = !pool_works(j) && j->settle.n == 0;

	if (j->once)
		return (idle && j->nothing_due) ||
		       pool_count(j, SLOT_EMPTY) == j->pool.n;
	return j->drain_ms >= 0 && (idle || clock_ms() >= j->drain_ms);
}

/* ---- the end */

/* Who did not stop in time is ended; what it had said before counts. */
static void
end_work(struct jobd *j)
{
	for (int i = 0; i < j->pool.n; i++) {
		struct slot *s = &j->pool.slots[i];

		if (s->state == SLOT_BUSY)
			slot_kill(j, s, KILL_LEAVE);
	}
}

static int
present(const struct jobd *j)
{
	return j->pool.n - pool_count(j, SLOT_EMPTY);
}

static void
leave_all(struct jobd *j, int64_t until_ms)
{
	for (int i = 0; i < j->pool.n; i++) {
		const enum slot_state state = j->pool.slots[i].state;

		if (state == SLOT_IDLE || state == SLOT_STARTING)
			slot_leave(&j->pool.slots[i]);
	}
	while (present(j) > 0 && clock_ms() < until_ms) {
		wait_turn(j, until_ms);
		take(j);
	}
	for (int i = 0; i < j->pool.n; i++)
		if (j->pool.slots[i].state != SLOT_EMPTY)
			slot_lost(j, &j->pool.slots[i]);
}

static void
settle_rest(struct jobd *j, int64_t until_ms)
{
	while (j->settle.n > 0 && clock_ms() < until_ms) {
		settle_flush(j);
		if (j->settle.n > 0)
			(void)!wait_any(NULL, NULL, 0, j->db_ms);
	}
}

static void
finish(struct jobd *j)
{
	const int64_t now = clock_ms();

	if (j->drain_ms < 0)
		j->drain_ms = now;
	end_work(j);
	leave_all(j, now + GONE_MS);
	settle_rest(j, now + LAST_MS);
	lease_drop(j);
	wake_close(j);
	log_info(&j->cx, "jobd.stopped", L_INT("unsettled", j->settle.n));
}

void
loop_run(struct jobd *j)
{
	j->cx.should_stop = signalled;
	pool_fill(j);
	proc_notify("READY=1");
	while (!is_over(j))
		turn(j);
	j->cx.should_stop = NULL;
	finish(j);
}
