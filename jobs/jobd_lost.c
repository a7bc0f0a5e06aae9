/*
 * A child has gone, and perhaps its jobs with it. The one that ran alone has
 * itself to blame for a crash: the third buries it (REL-5). Of several each is
 * a suspect, and runs alone the next time. What we killed for its time has
 * failed; what we killed for our own sake, or for another's, has not.
 */
#include <signal.h>
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
	(void)kill(-s->pid, SIGKILL);
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

/* The one for which we killed it. */
static struct verdict
verdict_of_guilty(struct jobd *j, const struct slot *s, const struct work *w)
{
	if (s->killed == KILL_QUIET)
		return (struct verdict){ "failed",
			"killed: it showed no progress for a minute" };
	return (struct verdict){ "failed",
		text_fmt(j->cx.mem, "hard timeout: killed after %d s",
		    (int)(w->hard_ms / 1000)) };
}

static struct verdict
verdict_of(
    struct jobd *j, const struct slot *s, const struct work *w, int status)
{
	if (s->guilty == w)
		return verdict_of_guilty(j, s, w);
	if (s->guilty != NULL || s->killed == KILL_LEAVE)
		return (struct verdict){ "orphaned", NULL };
	if (s->pool != POOL_IO)
		return (struct verdict){ "lost", how_it_ended(j, status) };
	if (s->killed == KILL_SILENT)
		return (struct verdict){ "suspect",
			"its worker was killed: its loop stood still" };
	return (struct verdict){ "suspect", how_it_ended(j, status) };
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
bury(struct jobd *j, struct work *w, const char *why)
{
	w->dead = text_dup(haul_mem(w->haul), why);
	works_push(&j->pool.waiting[w->pool], w);
}

static void
judge(struct jobd *j, const struct slot *s, struct work *w, int status)
{
	const struct verdict v = verdict_of(j, s, w, status);

	w->slot = NULL;
	if (text_same(v.said, "lost") && w->crashes >= CRASHES_MOST)
		count_add(M_jobd_poison_total, NULL, 1);
	if (w->dead != NULL)
		settle_add(j, w, "dead", w->dead, 0);
	else if (ends_dead(w, &v) && job_handler(w->kind)->dead != NULL &&
		 j->drain_ms < 0)
		bury(j, w, v.error);
	else
		settle_add(j, w, v.said, v.error, 0);
}

/* Those that lay at a sync child's hand had not begun. */
static void
judge_all(struct jobd *j, struct slot *s, int status)
{
	struct works works = s->works;
	struct work *w = NULL;

	s->works = (struct works){ 0 };
	if (s->pool != POOL_IO && (w = works_take(&works)) != NULL)
		judge(j, s, w, status);
	while ((w = works_take(&works)) != NULL)
		if (s->pool == POOL_IO) {
			judge(j, s, w, status);
		} else {
			w->slot = NULL;
			w->since_us = clock_us();
			works_sort_in(&j->pool.waiting[s->pool], w);
		}
	if (j->drain_ms >= 0)
		ahead_return(j);
}

static void
say(struct jobd *j, const struct slot *s, int status)
{
	if (s->state == SLOT_LEAVING && status == 0)
		return;
	log_warn(&j->cx, "jobd.child_lost", L_INT("child", s->pid),
	    L_INT("jobs", s->works.n), L_TEXT("why", how_it_ended(j, status)));
}

void
slot_lost(struct jobd *j, struct slot *s)
{
	const enum slot_state was = s->state;
	const int status = reap(s);

	say(j, s, status);
	(void)close(s->fd);
	if (s->pidfd >= 0)
		(void)close(s->pidfd);
	if (was == SLOT_STARTING)
		s->not_before_ms = clock_ms() + START_AGAIN_MS;
	slot_set(s, SLOT_EMPTY);
	judge_all(j, s, status);
	stray_end(j);
}
