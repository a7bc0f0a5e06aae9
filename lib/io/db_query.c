/* Named queries: found, sent, tried once more where that is safe, timed. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "io/count.h"
#include "io/db_inside.h"

enum { SLOW_MS = 200 };

struct ask {
	struct cx *cx;
	struct db *db;
	enum query q;
	const char *name;
	struct packed args;
};

static enum rc
ask_new(struct cx *cx, enum query q, struct args args, struct ask *a)
{
	const struct query_text *text = &query_texts[q];
	bool keyring = text->database == QUERY_KEYRING;

	*a = (struct ask){
		.cx = cx,
		.db = keyring ? cx->keyring : cx->db,
		.q = q,
		.name = text->name,
	};
	if (a->db == NULL)
		return rc_fail(cx, RC_BUG, "query %s: this program has no %s",
		    text->name, keyring ? "keyring" : "database");
	args_pack(cx->mem, args, &a->args);
	return RC_OK;
}

static enum turn_end
ask_once(const struct ask *a, struct conn *c, struct turn *t)
{
	*t = turn_new(c);
	trans_open(t, a->cx);
	turn_query(t, a->q, &a->args);
	return turn_run(t);
}

/*
 * Only while nothing can have taken effect: the server had ended the session
 * before it did anything, or a statement prepared earlier did not fit any more,
 * or this was to be a transaction's first query, and its commit never came.
 */
static bool
may_again(const struct turn *t, enum turn_end end)
{
	if (t->c->trans == TRANS_OPEN)
		return false;
	return end == TURN_CLOSED ||
	       (end == TURN_LOST && t->c->trans == TRANS_ASKED) ||
	       (end == TURN_REFUSED && turn_stale(t));
}

static enum rc
ask_conn(const struct ask *a, struct conn *c, PGresult **out)
{
	struct turn t;
	enum turn_end end = ask_once(a, c, &t);
	enum rc rc = RC_OK;

	if (may_again(&t, end)) {
		turn_drop(&t);
		conn_close(c);
		rc = conn_connect(a->cx, c);
		end = rc == RC_OK ? ask_once(a, c, &t) : TURN_LOST;
	}
	trans_note(c, &t, end);
	if (rc == RC_OK && end != TURN_OK)
		rc = turn_fail(a->cx, a->name, &t, end);
	if (rc == RC_OK) {
		*out = t.answer;
		t.answer = NULL;
	}
	turn_drop(&t);
	return rc;
}

static enum rc
ask_any(const struct ask *a, PGresult **out)
{
	struct conn *c = conn_of(a->cx, a->db);
	enum rc rc;

	if (c != NULL && c->trans == TRANS_FAILED)
		return rc_fail(a->cx, c->why,
		    "query %s: its transaction had failed", a->name);
	if (c != NULL)
		return ask_conn(a, c, out);
	TRY(conn_borrow(a->cx, a->db, &c));
	rc = ask_conn(a, c, out);
	conn_return(c);
	return rc;
}

static void
note_time(const struct ask *a, int64_t us)
{
	const char *label = text_fmt(a->cx->mem, "query=\"%s\"", a->name);

	count_seconds(M_db_query_seconds, label, (double)us / 1e6);
	if (us > SLOW_MS * 1000)
		log_info(a->cx, "db.slow", L_TEXT("query", a->name),
		    L_INT("ms", us / 1000));
}

static enum rc
ask(struct cx *cx, enum query q, struct args args, PGresult **out)
{
	int64_t began = clock_us();
	struct ask a;
	enum rc rc;

	TRY(ask_new(cx, q, args, &a));
	rc = ask_any(&a, out);
	note_time(&a, clock_us() - began);
	return rc;
}

enum rc
db_all(struct cx *cx, enum query q, struct args args, struct rows *out)
{
	PGresult *res;

	TRY(ask(cx, q, args, &res));
	*out = rows_new(cx->mem, res);
	return RC_OK;
}

enum rc
db_one(struct cx *cx, enum query q, struct args args, struct row *out)
{
	struct rows rows;

	TRY(db_all(cx, q, args, &rows));
	if (rows.n == 0)
		return RC_ABSENT;
	*out = rows_at(&rows, 0);
	return RC_OK;
}

enum rc
db_run(struct cx *cx, enum query q, struct args args, int64_t *changed)
{
	PGresult *res;

	TRY(ask(cx, q, args, &res));
	if (changed != NULL)
		*changed = strtoll(PQcmdTuples(res), NULL, 10);
	PQclear(res);
	return RC_OK;
}
