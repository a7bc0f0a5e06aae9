/*
 * A child has gone, and perhaps its job with it. It ran alone, so a crash is
 * the job's own: the third buries it (REL-5). What we killed for its time has
 * failed; what we killed for our own sake has not.
 */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "io/count.h"
#include "jobd.h"
#include "table.h"

enum { CRASHES_MOST = 2, START_AGAIN_MS = 1000 };

/* It closed its end: it is ending, or so broken that it must be ended. */
static int
reap(const struct slot *s)
{
	int status = 0;

	if (s->adopted)
		return 0;
	(void)kill(s->pid, SIGKILL);
	(void)waitpid(s->pid, &status, 0);
	return status;
}

static const char *
how_it_ended(struct jobd *j, int status)
{
	if (WIFSIGNALED(status))
		return text_fmt(j->cx.mem, "its worker was ended by signal %d",
		    WTERMSIG(status));
	return text_fmt(
	    j->cx.mem, "its worker ended with status %d", WEXITSTATUS(status));
}

struct verdict {
	const char *said;
	const char *error;
};

static struct verdict
verdict_of(struct jobd *j, const struct slot *s, int status)
{
	struct arena *mem = j->cx.mem;

	switch (s->killed) {
	case KILL_HARD:
		return (struct verdict){ "failed",
			text_fmt(mem, "hard timeout: killed after %d s",
			    (int)(s->work.hard_ms / 1000)) };
	case KILL_QUIET:
		return (struct verdict){ "failed",
			"killed: it showed no progress for a minute" };
	case KILL_LEAVE:
		return (struct verdict){ "snoozed", NULL };
	default:
		return (struct verdict){ "lost", how_it_ended(j, status) };
	}
}

static bool
ends_dead(const struct work *w, const struct verdict *v)
{
	if (w->told == WHY_CANCEL)
		return false;
	if (text_same(v->said, "lost"))
		return w->crashes >= CRASHES_MOST;
	return text_same(v->said, "failed") && w->attempt >= w->max_attempts;
}

/* Whoever waits for it must be told: a fresh child says its last words, and
 * only then is it settled. */
static void
bury(struct slot *s, const char *why)
{
	s->work.dead = text_dup(s->mem, why);
}

static void
judge(struct jobd *j, struct slot *s, int status)
{
	struct work *w = &s->work;
	const struct verdict v = verdict_of(j, s, status);
	const bool poison =
	    text_same(v.said, "lost") && w->crashes >= CRASHES_MOST;

	if (poison)
		count_add(M_jobd_poison_total, NULL, 1);
	if (w->dead != NULL) {
		settle_add(j, w, "dead", w->dead, 0);
	} else if (ends_dead(w, &v) && job_handler(w->kind)->dead != NULL &&
		   j->drain_ms < 0) {
		bury(s, v.error);
		return;
	} else {
		settle_add(j, w, v.said, v.error, 0);
	}
	work_forget(s);
}

static void
say(struct jobd *j, const struct slot *s, int status)
{
	if (s->state == SLOT_LEAVING && status == 0)
		return;
	log_warn(&j->cx, "jobd.child_lost", L_INT("child", s->pid),
	    L_INT("id", s->work.id), L_TEXT("why", how_it_ended(j, status)));
}

void
slot_lost(struct jobd *j, struct slot *s)
{
	const enum slot_state was = s->state;
	const int status = reap(s);

	say(j, s, status);
	(void)close(s->fd);
	if (was == SLOT_STARTING)
		s->not_before_ms = clock_ms() + START_AGAIN_MS;
	slot_set(s, SLOT_EMPTY);
	if (was == SLOT_BUSY && s->has_work)
		judge(j, s, status);
}
