/*
 * Once a second: what is due becomes available, what a dead jobd left is given
 * back, and the database's word on what we have is compared with our own. Safe
 * in several jobd at once.
 */
#include "base/clock.h"
#include "base/log.h"
#include "io/count.h"
#include "jobd.h"

enum { STAGE_MOST = 1000, RESCUE_MOST = 500, PRUNE_MS = 60 * 1000 };
enum { QUIET_S = 60 }; /* design.md 7: a job without a hard limit */

int64_t
sweep_next_ms(const struct jobd *j)
{
	if (j->own_wanted)
		return 0;
	if (j->stage_ms >= 0 && j->stage_ms < j->sweep_ms)
		return j->stage_ms;
	return j->sweep_ms;
}

bool
sweep_due(const struct jobd *j)
{
	return clock_ms() >= sweep_next_ms(j);
}

static bool
ask_number(struct jobd *j, enum query q, int most, int64_t *n)
{
	struct row row;
	const enum rc rc = db_one(&j->cx, q, ARGS(a_int(most)), &row);

	*n = 0;
	if (!db_went(j, rc, "jobd.sweep"))
		return false;
	*n = row_int(row, 0);
	if (*n > 0)
		claim_ask(j, NULL);
	return true;
}

static bool
stage(struct jobd *j)
{
	int64_t n;

	j->stage_ms = -1;
	return ask_number(j, Q_JOB_STAGE, STAGE_MOST, &n);
}

static bool
rescue(struct jobd *j)
{
	int64_t n;

	if (!ask_number(j, Q_JOB_RESCUE, RESCUE_MOST, &n))
		return false;
	if (n > 0) {
		count_add(M_jobd_rescued_total, NULL, n);
		log_info(&j->cx, "jobd.rescued", L_INT("jobs", n));
	}
	return true;
}

/* What waits for a child has not begun; there can be no late effect. */
static void
cancel(struct jobd *j, struct work *w)
{
	if (w->slot != NULL) {
		work_stop(j, w, WHY_CANCEL);
	} else if (w->said == NULL && w->dead == NULL) {
		works_remove(&j->pool.waiting[w->pool], w);
		settle_add(j, w, "cancelled", NULL, 0);
	}
}

/*
 * One that we do not know: the answer to a claim was lost on its way. It goes
 * back, or it would stay ours until we end.
 */
static void
own_row(struct jobd *j, struct row row)
{
	const int64_t id = row_int(row, 0);
	const int64_t epoch = row_int(row, 1);
	struct work *w = work_find(id, epoch);

	if (w == NULL) {
		settle_stray(j, id, epoch);
		return;
	}
	if (row_bool(row, 2))
		cancel(j, w);
	if (w->slot != NULL && w->hard_ms == 0 && row_int(row, 3) > QUIET_S)
		slot_kill(j, w->slot, KILL_QUIET, w);
}

/* The jobs that the database says we have: cancels, silence, strays. */
static void
sweep_own(struct jobd *j)
{
	struct rows rows;

	j->own_wanted = false;
	if (j->worker_id == 0 || !db_may(j))
		return;
	if (!db_went(j,
		db_all(
		    &j->cx, Q_JOB_OF_WORKER, ARGS(a_int(j->worker_id)), &rows),
		"jobd.sweep"))
		return;
	for (size_t i = 0; i < rows.n; i++)
		own_row(j, rows_at(&rows, i));
}

static void
prune(struct jobd *j)
{
	if (clock_ms() < j->prune_ms)
		return;
	j->prune_ms = clock_ms() + about(PRUNE_MS);
	(void)db_went(
	    j, db_run(&j->cx, Q_WORKER_PRUNE, NO_ARGS, NULL), "jobd.sweep");
}

/* All of it, or only what came due before its second. */
void
sweep_run(struct jobd *j)
{
	const bool whole = clock_ms() >= j->sweep_ms;

	if (j->own_wanted)
		sweep_own(j);
	if (!db_may(j) || !stage(j) || !whole)
		return;
	j->sweep_ms = clock_ms() + about(SWEEP_MS);
	wake_keep(j);
	if (!db_may(j) || !rescue(j))
		return;
	sweep_own(j);
	stray_end(j);
	cron_sweep(j);
	prune(j);
	history_write(j);
	gauges_look(j);
}
