/* COPY into a table: it has no place in a pipeline, so it is a turn of its own.
 */
#include "io/db_inside.h"

enum { PIECE_BYTES = 256 << 10 };

/* Whether the server takes rows now; else what it said is noted. */
static enum turn_end
begin(struct turn *t, const char *sql, bool *ready)
{
	enum turn_end end;
	PGresult *res;

	*ready = false;
	if (!PQexitPipelineMode(t->c->pg) || !PQsendQuery(t->c->pg, sql))
		return TURN_LOST;
	end = turn_flush(t);
	if (end == TURN_OK)
		end = turn_next(t, &res);
	if (end != TURN_OK || res == NULL)
		return end == TURN_OK ? TURN_LOST : end;
	*ready = PQresultStatus(res) == PGRES_COPY_IN;
	if (*ready)
		PQclear(res);
	else
		t->error = res;
	return TURN_OK;
}

static enum turn_end
put(struct turn *t, struct slice text)
{
	while (text.n > 0) {
		const size_t n = text.n < PIECE_BYTES ? text.n : PIECE_BYTES;
		const int sent = PQputCopyData(t->c->pg, text.p, (int)n);

		if (sent < 0)
			return TURN_LOST;
		if (turn_flush(t) != TURN_OK)
			return TURN_LATE;
		if (sent == 0)
			continue;
		text.p += n;
		text.n -= n;
	}
	for (;;) {
		const int sent = PQputCopyEnd(t->c->pg, NULL);

		if (sent != 0)
			return sent < 0 ? TURN_LOST : turn_flush(t);
		if (turn_flush(t) != TURN_OK)
			return TURN_LATE;
	}
}

/* Up to the end of the results; the first error is kept. */
static enum turn_end
take(struct turn *t)
{
	for (;;) {
		PGresult *res;
		const enum turn_end end = turn_next(t, &res);

		if (end != TURN_OK || res == NULL)
			return end;
		if (PQresultStatus(res) == PGRES_FATAL_ERROR && !t->error)
			t->error = res;
		else
			PQclear(res);
		if (PQstatus(t->c->pg) != CONNECTION_OK)
			return TURN_LOST;
	}
}

static enum turn_end
copy(struct turn *t, const char *sql, struct slice text)
{
	bool ready;
	enum turn_end end = begin(t, sql, &ready);

	if (end == TURN_OK && ready)
		end = put(t, text);
	if (end == TURN_OK)
		end = take(t);
	return turn_finish(t, end);
}

enum rc
db_copy(struct cx *cx, enum query q, struct slice text)
{
	const struct query_text *named = &query_texts[q];
	struct conn *c = cx->db ? conn_of(cx, cx->db) : NULL;
	enum turn_end end;
	enum rc rc = RC_OK;
	struct turn t;

	if (c == NULL || c->trans == TRANS_ASKED)
		return rc_fail(
		    cx, RC_BUG, "%s: no transaction has begun", named->name);
	if (c->trans == TRANS_FAILED)
		return rc_fail(
		    cx, c->why, "%s: its transaction had failed", named->name);
	t = turn_new(c);
	end = copy(&t, named->text, text);
	trans_note(c, &t, end);
	if (end != TURN_OK)
		rc = turn_fail(cx, named->name, &t, end);
	turn_drop(&t);
	return rc;
}
