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

bool
sweep_due(const struct jobd *j)
{
	const int64_t now = clock_ms();

	return now >= j->sweep_ms || (j->stage_ms >= 0 && now >= j->stage_ms);
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

static struct slot *
slot_of(struct jobd *j, int64_t id, int64_t epoch)
{
	for (int i = 0; i < j->pool.n; i++) {
		struct slot *s = &j->pool.slots[i];

		if (s->has_work && s->work.id == id && s->work.epoch == epoch)
			return s;
	}
	return NULL;
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
	struct slot *s = slot_of(j, id, epoch);

	if (s == NULL && !settle_has(j, id, epoch))
		settle_stray(j, id, epoch);
	if (s == NULL || s->state != SLOT_BUSY)
		return;
	if (row_bool(row, 2))
		work_stop(j, s, WHY_CANCEL);
	if (s->work.hard_ms == 0 && row_int(row, 3) > QUIET_S)
		slot_kill(j, s, KILL_QUIET);
}

void
sweep_own(struct jobd *j)
{
	struct rows rows;

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

	if (!db_may(j) || !stage(j) || !whole)
		return;
	j->sweep_ms = clock_ms() + about(SWEEP_MS);
	wake_keep(j);
	if (!db_may(j) || !rescue(j))
		return;
	sweep_own(j);
	prune(j);
}
