/* The row that says this jobd lives: taken, renewed, lost, given back. */
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "jobd.h"
#include "table.h"

enum { HOST_BYTES = 256 };

static const char *
host(struct cx *cx)
{
	char *name = arena_alloc(cx->mem, HOST_BYTES);

	if (gethostname(name, HOST_BYTES - 1) < 0)
		return "";
	return name;
}

static void
take(struct jobd *j)
{
	struct row row;
	const enum rc rc = db_one(&j->cx, Q_WORKER_PUT,
	    ARGS(a_text(host(&j->cx)), a_int(getpid())), &row);

	if (!db_went(j, rc, "jobd.worker"))
		return;
	j->worker_id = row_int(row, 0);
	j->beat_ms = clock_ms() + about(BEAT_MS);
	gauges_lease(j);
	j->sweep_ms = clock_ms(); /* rescue what a jobd before us left */
	log_info(&j->cx, "jobd.lease", L_INT("worker", j->worker_id));
	if (table_start(&j->cx) != RC_OK)
		rc_forget(&j->cx); /* the next lease tries again */
	claim_ask(j, NULL);
}

/*
 * Others may have our jobs by now, so nothing that our children still do
 * counts: they go, and what they said is thrown away. The number is never used
 * again: a claim under it that is still on its way would find no lease.
 */
static void
lose(struct jobd *j)
{
	log_warn(&j->cx, "jobd.lease_lost", L_INT("worker", j->worker_id));
	for (int i = 0; i < SLOTS_MAX; i++)
		if (j->pool.slots[i].works.n > 0)
			slot_kill(j, &j->pool.slots[i], KILL_LEASE, NULL);
	ahead_drop(j);
	turn_discard(j);
	j->worker_id = 0;
}

static void
beat(struct jobd *j)
{
	const bool idle = claim_next_ms(j) != INT64_MAX;
	struct row row;
	const enum rc rc = db_one(&j->cx, Q_WORKER_BEAT,
	    ARGS(a_int(j->worker_id), a_bool(idle)), &row);

	if (!db_went(j, rc, "jobd.beat"))
		return;
	if (rc == RC_ABSENT) {
		lose(j);
		return;
	}
	j->beat_ms = clock_ms() + about(BEAT_MS);
	gauges_lease(j);
}

void
lease_keep(struct jobd *j)
{
	if (j->worker_id != 0 && clock_ms() >= j->beat_ms && db_may(j))
		beat(j);
	if (j->worker_id == 0 && j->drain_ms < 0 && db_may(j))
		take(j);
}

/* Its jobs are settled: the row goes, or it lapses by itself. */
void
lease_drop(struct jobd *j)
{
	if (j->worker_id == 0)
		return;
	if (db_run(&j->cx, Q_WORKER_DROP, ARGS(a_int(j->worker_id)), NULL) !=
	    RC_OK)
		rc_forget(&j->cx);
	j->worker_id = 0;
}
