/* One round trip: several commands sent together, all answers read. */
#include <assert.h>
#include <string.h>

#include "base/clock.h"
#include "io/db_inside.h"
#include "io/wait.h"

struct turn
turn_new(struct conn *c)
{
	struct turn t = {
		.c = c,
		.until_ms = conn_deadline(c),
	};

	t.broken = PQpipelineStatus(c->pg) == PQ_PIPELINE_OFF &&
		   !PQenterPipelineMode(c->pg);
	return t;
}

/* A command that libpq does not take shows that the connection broke. */
static void
sent(struct turn *t, int ok)
{
	t->sent++;
	if (!ok)
		t->broken = true;
}

void
turn_text(struct turn *t, const char *sql)
{
	sent(t, PQsendQueryParams(t->c->pg, sql, 0, NULL, NULL, NULL, NULL, 0));
}

static void
prepare(struct turn *t, enum query q)
{
	const struct query_text *text = &query_texts[q];

	assert(t->prepares < TURN_PREPARES);
	t->prepare[t->prepares].at = t->sent;
	t->prepare[t->prepares].query = q;
	t->prepares++;
	sent(t, PQsendPrepare(t->c->pg, text->name, text->text, 0, NULL));
}

void
turn_query(struct turn *t, enum query q, const struct packed *args)
{
	if (!t->c->prepared[q])
		prepare(t, q);
	sent(t, PQsendQueryPrepared(t->c->pg, query_texts[q].name, args->n,
		    args->values, args->lengths, args->formats, 0));
}

/*
 * The commands of a pipeline up to its sync are one transaction where none is
 * open: the settings hold for the query behind them, and end with it.
 */
void
turn_scope(struct turn *t, const struct cx *cx)
{
	struct packed args;

	args_pack(cx->mem,
	    ARGS(a_int(cx->shop_id), a_text(cx->every_shop ? "on" : "")),
	    &args);
	turn_query(t, Q_SCOPE_SET, &args);
}

static void
note_prepared(struct turn *t)
{
	for (int i = 0; i < t->prepares; i++)
		if (t->prepare[i].at == t->at)
			t->c->prepared[t->prepare[i].query] = true;
}

/* The first error is the cause; of the answers only the last is asked for. */
static void
keep(struct turn *t, PGresult *res)
{
	bool last = t->at == t->sent - 1;

	switch (PQresultStatus(res)) {
	case PGRES_FATAL_ERROR:
		if (t->error != NULL)
			break;
		t->error = res;
		return;
	case PGRES_TUPLES_OK:
	case PGRES_COMMAND_OK:
	case PGRES_EMPTY_QUERY:
		t->heard = true;
		note_prepared(t);
		if (!last)
			break;
		PQclear(t->answer);
		t->answer = res;
		return;
	case PGRES_PIPELINE_ABORTED:
		break;
	default: /* COPY, which nobody here feeds */
		t->broken = true;
	}
	PQclear(res);
}

enum turn_end
turn_flush(struct turn *t)
{
	short on = WAIT_READ | WAIT_WRITE;

	for (;;) {
		int left = PQflush(t->c->pg);

		if (left == 0)
			return TURN_OK;
		if (left < 0)
			return TURN_LOST;
		if (conn_wait(t->c, on, t->until_ms) != RC_OK)
			return TURN_LATE;
		if (!PQconsumeInput(t->c->pg))
			return TURN_LOST;
	}
}

/* TURN_MORE: all that has come is read, and it is not the end. */
static enum turn_end
read_come(struct turn *t)
{
	while (!PQisBusy(t->c->pg)) {
		PGresult *res = PQgetResult(t->c->pg);

		if (res == NULL) {
			if (++t->at > t->sent + 1) /* nothing will come */
				return TURN_LOST;
			continue;
		}
		if (PQresultStatus(res) == PGRES_PIPELINE_SYNC) {
			PQclear(res);
			return TURN_OK;
		}
		keep(t, res);
		if (t->broken || PQstatus(t->c->pg) != CONNECTION_OK)
			return TURN_LOST;
	}
	return TURN_MORE;
}

static enum turn_end
read_all(struct turn *t)
{
	enum turn_end end;

	while ((end = read_come(t)) == TURN_MORE) {
		if (conn_wait(t->c, WAIT_READ, t->until_ms) != RC_OK)
			return TURN_LATE;
		if (!PQconsumeInput(t->c->pg))
			return TURN_LOST;
	}
	return end;
}

/*
 * A FATAL word before any answer: the server ended our session while it waited
 * for us, or threw away what it had begun. Behind a commit it would stand after
 * the answers.
 */
static bool
was_closed(const struct turn *t)
{
	const char *severity;

	if (t->heard || t->error == NULL)
		return false;
	severity = PQresultErrorField(t->error, PG_DIAG_SEVERITY_NONLOCALIZED);
	return severity != NULL && text_same(severity, "FATAL");
}

enum turn_end
turn_finish(struct turn *t, enum turn_end end)
{
	if (end == TURN_OK)
		return t->error == NULL ? TURN_OK : TURN_REFUSED;
	if (end == TURN_LATE)
		t->c->db->unwell = true;
	else if (was_closed(t))
		end = TURN_CLOSED;
	conn_close(t->c);
	return end;
}

enum turn_end
turn_run(struct turn *t)
{
	enum turn_end end;

	if (t->broken || !PQpipelineSync(t->c->pg))
		return turn_finish(t, TURN_LOST);
	end = turn_flush(t);
	if (end == TURN_OK || end == TURN_LOST) {
		enum turn_end got = read_all(t); /* what it said before */

		end = end == TURN_OK ? got : end;
	}
	return turn_finish(t, end);
}

void
turn_start(struct turn *t)
{
	if (!t->broken && !PQpipelineSync(t->c->pg))
		t->broken = true;
}

/* What is left to be said goes first, and what was heard is never waited for.
 */
static enum turn_end
step(struct turn *t)
{
	const int left = t->broken ? -1 : PQflush(t->c->pg);
	enum turn_end end;

	if (t->broken || !PQconsumeInput(t->c->pg))
		return TURN_LOST;
	end = read_come(t);
	if (end == TURN_MORE && left < 0)
		return TURN_LOST;
	if (end == TURN_MORE && t->until_ms >= 0 && clock_ms() >= t->until_ms)
		return TURN_LATE;
	t->unsent = left > 0;
	return end;
}

enum turn_end
turn_step(struct turn *t)
{
	const enum turn_end end = step(t);

	return end == TURN_MORE ? end : turn_finish(t, end);
}

void
turn_drop(struct turn *t)
{
	PQclear(t->error);
	PQclear(t->answer);
	t->error = NULL;
	t->answer = NULL;
}

enum turn_end
turn_next(struct turn *t, PGresult **res)
{
	while (PQisBusy(t->c->pg)) {
		if (conn_wait(t->c, WAIT_READ, t->until_ms) != RC_OK)
			return TURN_LATE;
		if (!PQconsumeInput(t->c->pg))
			return TURN_LOST;
	}
	*res = PQgetResult(t->c->pg);
	return TURN_OK;
}

/* Without a sync: the end of the results is the end of the turn. */
static enum turn_end
read_script(struct turn *t)
{
	for (;;) {
		PGresult *res;
		enum turn_end end = turn_next(t, &res);

		if (end != TURN_OK || res == NULL)
			return end;
		keep(t, res);
		if (t->broken || PQstatus(t->c->pg) != CONNECTION_OK)
			return TURN_LOST;
	}
}

enum turn_end
turn_script(struct turn *t, const char *sql)
{
	enum turn_end end;

	if (!PQexitPipelineMode(t->c->pg) || !PQsendQuery(t->c->pg, sql))
		return turn_finish(t, TURN_LOST);
	end = turn_flush(t);
	if (end == TURN_OK)
		end = read_script(t);
	return turn_finish(t, end);
}
