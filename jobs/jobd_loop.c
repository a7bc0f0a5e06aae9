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
	for (struct work *w = s->works.first; w != NULL; w = w->next)
		work_stop(j, w, WHY_LEAVE);
	if (s->works.n == 0 &&
	    (s->state == SLOT_UP || s->state == SLOT_STARTING))
		slot_leave(s);
}

static void
drain(struct jobd *j)
{
	log_info(
	    &j->cx, "jobd.stopping", L_INT("children_busy", slots_busy(j)));
	proc_notify("STOPPING=1");
	j->drain_ms = clock_ms() + GRACE_MS;
	ahead_return(j);
	for (int i = 0; i < SLOTS_MAX; i++)
		drain_slot(j, &j->pool.slots[i]);
}

static void
read_limits(struct jobd *j)
{
	reload = false;
	if (conf_load(&j->cx, j->conf) != RC_OK ||
	    pool_size(&j->cx, &j->pool) != RC_OK) {
		log_fault(&j->cx, "jobd.reload");
		rc_forget(&j->cx);
		return;
	}
	handlers_reload(j);
	log_info(&j->cx, "jobd.reload",
	    L_INT("children", j->pool.want[POOL_SYNC]),
	    L_INT("io_children", j->pool.want[POOL_IO]));
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
	if (execd_lost(j)) {
		j->failed = true;
		if (j->drain_ms < 0)
			drain(j);
	}
}

/* ---- when to look again */

static int64_t
sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* What needs the database waits until it may be asked, and for the turn that
 * is under way. */
static int64_t
db_next_ms(const struct jobd *j)
{
	int64_t next = j->worker_id == 0 ? 0 : j->beat_ms;

	if (j->turn.sent != NULL)
		return INT64_MAX;
	if (j->worker_id == 0 && j->drain_ms >= 0)
		next = INT64_MAX;
	next = sooner(next, settle_next_ms(j));
	next = sooner(next, claim_next_ms(j));
	next = sooner(next, sweep_next_ms(j));
	return next > j->db_ms ? next : j->db_ms;
}

static int64_t
next_ms(const struct jobd *j)
{
	int64_t next = clock_ms() + WATCHDOG_MS;

	next = sooner(next, limits_next_ms(j));
	next = sooner(next, pool_next_ms(j));
	next = sooner(next, ahead_next_ms(j));
	next = sooner(next, db_next_ms(j));
	if (j->drain_ms >= 0)
		next = sooner(next, j->drain_ms);
	return next;
}

/* ---- one turn */

enum { FDS_MAX = 2 * SLOTS_MAX + 3 };

struct fds {
	struct wait_fd list[FDS_MAX];
	size_t n;
};

static void
add_wait(struct fds *f, int fd, short want)
{
	if (fd >= 0)
		f->list[f->n++] = (struct wait_fd){ .fd = fd, .want = want };
}

static void
add_fd(struct fds *f, int fd)
{
	add_wait(f, fd, WAIT_READ);
}

/*
 * A child that has much at hand is heard a moment later: to be woken by the end
 * of each short run would cost more than the run.
 */
static bool
can_wait(const struct slot *s, int64_t now)
{
	return s->pool == POOL_SYNC && s->works.n > SYNC_LETTERS / 4 &&
	       s->heard_ms == now;
}

/* Whether one of them waits for its moment. */
static bool
add_slots(struct jobd *j, struct fds *f)
{
	const int64_t now = clock_ms();
	bool waits = false;

	for (int i = 0; i < SLOTS_MAX; i++) {
		struct slot *s = &j->pool.slots[i];

		const bool later = can_wait(s, now);

		if (s->state == SLOT_EMPTY)
			continue;
		add_wait(f, s->fd, later ? 0 : WAIT_READ);
		add_fd(f, s->pidfd);
		waits |= later;
	}
	return waits;
}

/* In the order in which they were added. */
static void
note_slots(struct jobd *j, const struct fds *f)
{
	size_t at = 0;

	for (int i = 0; i < SLOTS_MAX; i++) {
		struct slot *s = &j->pool.slots[i];

		if (s->state == SLOT_EMPTY)
			continue;
		s->readable = f->list[at++].got != 0;
		s->died = s->pidfd >= 0 && f->list[at++].got != 0;
	}
}

/* Ready, late or told to stop: what there is to do is looked at. */
static void
wait_turn(struct jobd *j, int64_t until_ms)
{
	struct fds fds = { .n = 0 };

	if (add_slots(j, &fds))
		until_ms = sooner(until_ms, clock_ms() + 1);
	add_fd(&fds, j->wake_fd);
	add_fd(&fds, db_listen_fd(&j->cx));
	if (j->turn.sent != NULL)
		fds.list[fds.n++] = turn_fd(j);
	(void)!wait_any(&j->cx, fds.list, fds.n, until_ms);
	note_slots(j, &fds);
}

static void
take(struct jobd *j)
{
	for (int i = 0; i < SLOTS_MAX; i++)
		if (j->pool.slots[i].readable || j->pool.slots[i].died)
			slot_take(j, &j->pool.slots[i]);
	wake_take(j);
}

/* One thing at a time: whoever waits for an answer of the database would hold
 * up the one that has been asked for. */
static void
ask_database(struct jobd *j)
{
	if (j->turn.sent != NULL)
		return;
	lease_keep(j);
	handlers_keep(j);
	if (sweep_due(j))
		sweep_run(j);
	if (j->worker_id != 0)
		turn_send(j);
}

static void
turn(struct jobd *j)
{
	wait_turn(j, next_ms(j));
	take_signals(j);
	take(j);
	turn_take(j);
	limits_check(j);
	ahead_trim(j);
	work_hand_out(j);
	ask_database(j);
	pool_fill(j);
	proc_notify("WATCHDOG=1");
	cx_reset(&j->cx);
}

static bool
works(const struct jobd *j)
{
	int n = slots_busy(j) + j->ended.n + (j->turn.sent != NULL);

	for (int pool = 0; pool < POOLS; pool++)
		n += j->pool.waiting[pool].n;
	return n > 0;
}

static bool
is_over(const struct jobd *j)
{
	if (j->once)
		return (!works(j) && j->nothing_due) ||
		       slots_count(j, -1, SLOT_EMPTY) == SLOTS_MAX;
	return j->drain_ms >= 0 && (!works(j) || clock_ms() >= j->drain_ms);
}

/* ---- the end */

/* Who did not stop in time is ended; what it had said before counts. */
static void
end_work(struct jobd *j)
{
	for (int i = 0; i < SLOTS_MAX; i++)
		if (j->pool.slots[i].works.n > 0)
			slot_kill(j, &j->pool.slots[i], KILL_LEAVE, NULL);
}

static void
leave_all(struct jobd *j, int64_t until_ms)
{
	for (int i = 0; i < SLOTS_MAX; i++) {
		const enum slot_state state = j->pool.slots[i].state;

		if (state == SLOT_UP || state == SLOT_STARTING)
			slot_leave(&j->pool.slots[i]);
	}
	while (slots_count(j, -1, SLOT_EMPTY) < SLOTS_MAX &&
	       clock_ms() < until_ms) {
		wait_turn(j, until_ms);
		take(j);
		turn_take(j);
	}
	for (int i = 0; i < SLOTS_MAX; i++)
		if (j->pool.slots[i].state != SLOT_EMPTY)
			slot_lost(j, &j->pool.slots[i]);
}

static void
settle_rest(struct jobd *j, int64_t until_ms)
{
	turn_end(j, until_ms);
	while (j->ended.n > 0 && clock_ms() < until_ms) {
		turn_send(j);
		turn_end(j, until_ms);
		if (j->ended.n > 0)
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
	settle_rest(j, now + GONE_MS + LAST_MS);
	history_write(j);
	gauges_last(j);
	lease_drop(j);
	wake_close(j);
	log_info(&j->cx, "jobd.stopped", L_INT("unsettled", j->ended.n));
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
