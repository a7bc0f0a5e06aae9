/* What goes to a child, and what comes from it: jobd trusts no child. */
#include "base/clock.h"
#include "base/log.h"
#include "io/count.h"
#include "jobd.h"

/* A child that has done so much, or has grown so much, makes room for a fresh
 * one: leaks end there (queue.md 5, REL-10). */
enum { RUNS_MOST = 5000, IO_RUNS_MOST = 100 * 1000 };
enum { RSS_MOST_KB = 64 * 1024, IO_RSS_MOST_KB = 192 * 1024 };

/* ---- to the child */

static struct slice
slice_or_none(const char *text)
{
	return text == NULL ? (struct slice){ NULL, 0 } : slice_of(text);
}

static struct frame
frame_of(const struct work *w)
{
	return (struct frame){
		.type = w->dead == NULL ? FRAME_RUN : FRAME_BURY,
		.id = w->id,
		.epoch = w->epoch,
		.kind = w->kind,
		.shop_id = w->shop_id,
		.shop_epoch = w->shop_epoch,
		.shop_now = w->shop_now,
		.attempt = w->attempt,
		.max_attempts = w->max_attempts,
		.soft_ms = w->soft_ms,
		.args = slice_or_none(w->args),
		.trace = slice_or_none(w->trace),
		.words = slice_or_none(w->dead),
	};
}

/* False when it did not go; then the work is settled or waits again. */
static bool
send_to(struct jobd *j, struct slot *s, struct work *w)
{
	const struct frame f = frame_of(w);
	const enum rc rc = frame_send(j->cx.mem, s->fd, &f);

	if (rc == RC_OK) {
		w->since_us = clock_us();
		w->told = WHY_NONE;
		w->slot = s;
		works_add(&s->works, w);
		return true;
	}
	if (rc == RC_TOO_BIG) {
		settle_add(
		    j, w, "dead", "its arguments are longer than a frame", 0);
		return false;
	}
	works_push(&j->pool.waiting[w->pool], w);
	slot_kill(j, s, KILL_STUCK, NULL);
	return false;
}

/* The one of the pool with the least to do that can have this one, too; a sync
 * child may have the next runs at hand where they are short. */
static struct slot *
slot_for(struct jobd *j, const struct work *w)
{
	const struct places at = slot_places(w->pool);
	struct slot *best = NULL;

	for (int i = at.from; i < at.to; i++) {
		struct slot *s = &j->pool.slots[i];

		if (!slot_open(s))
			continue;
		if (s->works.n >= slot_most(j, s) &&
		    (s->pool == POOL_IO || !ahead_at_hand(j, s, w)))
			continue;
		if (best == NULL || s->works.n < best->works.n)
			best = s;
	}
	return best;
}

static void
hand_out(struct jobd *j, struct works *waiting)
{
	while (waiting->first != NULL) {
		struct slot *s = slot_for(j, waiting->first);

		if (s == NULL)
			return;
		(void)send_to(j, s, works_take(waiting));
	}
}

void
work_hand_out(struct jobd *j)
{
	for (int pool = 0; pool < POOLS; pool++)
		hand_out(j, &j->pool.waiting[pool]);
}

/* A cancel is final, whatever it was told before. */
void
work_stop(struct jobd *j, struct work *w, enum frame_why why)
{
	const struct frame f = {
		.type = FRAME_STOP,
		.id = w->id,
		.epoch = w->epoch,
		.why = why,
	};

	if (w->told == why || w->told == WHY_CANCEL ||
	    (w->told != WHY_NONE && why != WHY_CANCEL))
		return;
	w->told = why;
	/* One that reads too slowly will meet its hard limit. */
	(void)!frame_send(j->cx.mem, w->slot->fd, &f);
}

/* ---- from the child */

static const char *
labels_of(struct jobd *j, const struct work *w)
{
	return text_fmt(j->cx.mem, "queue=\"%s\",kind=\"%s\"", w->queue,
	    job_kind_row(w->kind)->word);
}

static void
measure(struct jobd *j, const struct work *w)
{
	const int64_t us = clock_us() - w->since_us;

	count_seconds(M_jobd_run_seconds, labels_of(j, w), (double)us / 1e6);
	ahead_note(j, w, us);
}

/* Ended by its own transaction, which may have put it back for another round:
 * so look at once. */
static void
settled(struct jobd *j, struct work *w)
{
	count_add(M_jobd_finished_total,
	    text_fmt(j->cx.mem, "%s,outcome=\"completed\"", labels_of(j, w)),
	    1);
	claim_ask(j, NULL);
	work_free(w);
}

static bool
is_an_end(const struct frame *f)
{
	return f->said == SAID_SETTLED ||
	       (f->said >= JOB_COMPLETED && f->said <= JOB_CANCELLED);
}

/* A sync child answers in the order in which it was asked. */
static struct work *
answered(const struct slot *s, const struct frame *f)
{
	struct work *w = work_find(f->id, f->epoch);

	if (w == NULL || w->slot != s || !is_an_end(f))
		return NULL;
	return s->pool == POOL_IO || w == s->works.first ? w : NULL;
}

static bool
has_done_enough(const struct slot *s, const struct frame *f)
{
	const bool io = s->pool == POOL_IO;

	return s->runs >= (io ? IO_RUNS_MOST : RUNS_MOST) ||
	       f->rss_kb > (io ? IO_RSS_MOST_KB : RSS_MOST_KB);
}

static void
done(struct jobd *j, struct slot *s, const struct frame *f)
{
	struct work *w = answered(s, f);

	if (w == NULL) {
		slot_kill(j, s, KILL_FRAME, NULL);
		return;
	}
	works_remove(&s->works, w);
	w->slot = NULL;
	if (s->pool != POOL_IO && s->works.first != NULL)
		s->works.first->since_us = clock_us();
	measure(j, w);
	if (f->said == SAID_SETTLED)
		settled(j, w);
	else
		settle_add(j, w, job_said_text((enum job_said)f->said),
		    f->words.p,
		    f->floor_ms > 0 ? (double)f->floor_ms / 1000 : 0);
	s->runs++;
	if (s->state == SLOT_UP &&
	    (s->retiring || has_done_enough(s, f) || j->drain_ms >= 0))
		slot_retire(s);
}

static void
take_frame(struct jobd *j, struct slot *s, const struct frame *f)
{
	if (s->killed == KILL_FRAME || s->killed == KILL_LEASE)
		return; /* it is believed no more */
	if (f->type == FRAME_READY && s->state == SLOT_STARTING)
		slot_set(s, SLOT_UP);
	else if (f->type == FRAME_DONE)
		done(j, s, f);
	else if (f->type != FRAME_BEAT)
		slot_kill(j, s, KILL_FRAME, NULL);
}

/* A child that has died says no more, even where one that it forked itself
 * still holds its end of the socket. */
void
slot_take(struct jobd *j, struct slot *s)
{
	struct frame f;
	enum rc rc;

	if (s->state == SLOT_EMPTY)
		return;
	while ((rc = frame_take(j->cx.mem, s->fd, &f)) == RC_OK) {
		s->heard_ms = clock_ms();
		take_frame(j, s, &f);
	}
	if (rc == RC_INPUT)
		slot_kill(j, s, KILL_FRAME, NULL);
	if (rc == RC_STOPPED || (rc == RC_ABSENT && s->died))
		slot_lost(j, s);
}
