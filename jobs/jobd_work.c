/* What goes to a child, and what comes from it: jobd trusts no child. */
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "io/count.h"
#include "jobd.h"

/* A child that has done so much, or has grown so much, makes room for a fresh
 * one: leaks end there (queue.md 5, REL-10). */
enum { RUNS_MOST = 5000, RSS_MOST_KB = 64 * 1024 };

void
work_forget(struct slot *s)
{
	s->has_work = false;
	memset(&s->work, 0, sizeof(s->work));
	arena_empty(s->mem);
}

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
		.attempt = w->attempt,
		.max_attempts = w->max_attempts,
		.soft_ms = w->soft_ms,
		.args = slice_or_none(w->args),
		.trace = slice_or_none(w->trace),
		.words = slice_or_none(w->dead),
	};
}

void
work_start(struct jobd *j, struct slot *s)
{
	const struct frame f = frame_of(&s->work);
	const enum rc rc = frame_send(j->cx.mem, s->fd, &f);

	if (rc == RC_OK) {
		s->work.since_ms = clock_ms();
		s->work.told = WHY_NONE;
		slot_set(s, SLOT_BUSY);
		return;
	}
	if (rc == RC_TOO_BIG)
		settle_add(j, &s->work, "dead",
		    "its arguments are longer than a frame", 0);
	else /* it never began */
		settle_add(j, &s->work, "orphaned", NULL, 0);
	work_forget(s);
	if (rc != RC_TOO_BIG)
		slot_kill(j, s, KILL_STUCK);
}

void
work_stop(struct jobd *j, struct slot *s, enum frame_why why)
{
	const struct frame f = {
		.type = FRAME_STOP,
		.id = s->work.id,
		.epoch = s->work.epoch,
		.why = why,
	};

	/* A cancel is final, whatever it was told before. */
	if (s->work.told == why || s->work.told == WHY_CANCEL ||
	    (s->work.told != WHY_NONE && why != WHY_CANCEL))
		return;
	s->work.told = why;
	/* One that reads too slowly will meet its hard limit. */
	(void)!frame_send(j->cx.mem, s->fd, &f);
}

/* ---- from the child */

static void
measure(struct jobd *j, const struct work *w)
{
	count_seconds(M_jobd_run_seconds,
	    text_fmt(j->cx.mem, "queue=\"%s\",kind=\"%s\"", w->queue,
		job_kind_row(w->kind)->word),
	    (double)(clock_ms() - w->since_ms) / 1000);
}

/* Ended by its own transaction, which may have put it back for another round:
 * so look at once. */
static void
settled(struct jobd *j, const struct work *w)
{
	count_add(M_jobd_finished_total,
	    text_fmt(j->cx.mem,
		"queue=\"%s\",kind=\"%s\",outcome=\"completed\"", w->queue,
		job_kind_row(w->kind)->word),
	    1);
	claim_ask(j, NULL);
}

static bool
is_its_answer(const struct slot *s, const struct frame *f)
{
	return s->state == SLOT_BUSY && s->has_work && f->id == s->work.id &&
	       f->epoch == s->work.epoch &&
	       (f->said == SAID_SETTLED ||
		   (f->said >= JOB_COMPLETED && f->said <= JOB_CANCELLED));
}

static void
done(struct jobd *j, struct slot *s, const struct frame *f)
{
	if (!is_its_answer(s, f)) {
		slot_kill(j, s, KILL_FRAME);
		return;
	}
	measure(j, &s->work);
	if (f->said == SAID_SETTLED)
		settled(j, &s->work);
	else
		settle_add(j, &s->work, job_said_text((enum job_said)f->said),
		    f->words.p,
		    f->floor_ms > 0 ? (double)f->floor_ms / 1000 : 0);
	work_forget(s);
	slot_set(s, SLOT_IDLE);
	s->runs++;
	if (s->runs >= RUNS_MOST || f->rss_kb > RSS_MOST_KB ||
	    s->killed != KILL_NONE || j->drain_ms >= 0)
		slot_leave(s);
}

/* A job whose last words are left waited for this child. */
static void
ready(struct jobd *j, struct slot *s)
{
	slot_set(s, SLOT_IDLE);
	if (s->has_work)
		work_start(j, s);
	else
		claim_ask(j, NULL);
}

static void
take_frame(struct jobd *j, struct slot *s, const struct frame *f)
{
	if (s->killed == KILL_FRAME) /* it is believed no more */
		return;
	if (f->type == FRAME_READY && s->state == SLOT_STARTING)
		ready(j, s);
	else if (f->type == FRAME_DONE)
		done(j, s, f);
	else
		slot_kill(j, s, KILL_FRAME);
}

void
slot_take(struct jobd *j, struct slot *s)
{
	struct frame f;
	enum rc rc;

	if (s->state == SLOT_EMPTY)
		return;
	while ((rc = frame_take(j->cx.mem, s->fd, &f)) == RC_OK)
		take_frame(j, s, &f);
	if (rc == RC_INPUT)
		slot_kill(j, s, KILL_FRAME);
	if (rc == RC_STOPPED)
		slot_lost(j, s);
}
