/* Transactions: begun with their first query, undone unless committed. */
#include "io/db_inside.h"
#include "io/wait.h"

void
trans_open(struct turn *t, const struct cx *cx)
{
	if (t->c->trans == TRANS_ASKED)
		turn_text(t, "BEGIN");
	if (t->c->trans != TRANS_OPEN)
		turn_scope(t, cx);
}

void
trans_note(struct conn *c, const struct turn *t, enum turn_end end)
{
	if (c->trans == TRANS_NONE)
		return;
	c->trans = end == TURN_OK ? TRANS_OPEN : TRANS_FAILED;
	c->why = turn_code(t, end);
}

/* Gives the connection back; whatever it had open ends here. */
static void
conn_undo(void *arg)
{
	struct conn *c = arg;

	wait_forbid(NULL);
	if (c->pg != NULL && PQtransactionStatus(c->pg) != PQTRANS_IDLE) {
		struct turn t = turn_new(c);

		turn_text(&t, "ROLLBACK");
		if (turn_run(&t) != TURN_OK)
			conn_close(c);
		turn_drop(&t);
	}
	conn_return(c);
}

enum rc
db_begin(struct cx *cx)
{
	struct conn *c;

	if (cx->db == NULL)
		return rc_fail(cx, RC_BUG, "this program has no database");
	if (conn_of(cx, cx->db) != NULL)
		return rc_fail(cx, RC_BUG, "a transaction is open already");
	TRY(conn_borrow(cx, cx->db, &c));
	c->unit = cx->mem;
	c->trans = TRANS_ASKED;
	arena_tie(cx->mem, c, conn_undo);
	wait_forbid("a transaction is open");
	return RC_OK;
}

bool
db_in_transaction(const struct cx *cx)
{
	return cx->db != NULL && conn_of(cx, cx->db) != NULL;
}

void
db_rollback(struct cx *cx)
{
	struct conn *c = cx->db == NULL ? NULL : conn_of(cx, cx->db);

	if (c == NULL)
		return;
	arena_untie(cx->mem, c);
	conn_undo(c);
}

/* The server answers a commit of what had failed by ROLLBACK. */
static enum rc
commit(struct cx *cx, struct conn *c)
{
	struct turn t = turn_new(c);
	enum turn_end end;
	enum rc rc;

	turn_text(&t, "COMMIT");
	end = turn_run(&t);
	rc = end == TURN_OK ? RC_OK : turn_fail(cx, "commit", &t, end);
	if (rc == RC_OK && !text_same(PQcmdStatus(t.answer), "COMMIT"))
		rc = rc_fail(cx, RC_BUG, "the commit ended as a rollback");
	turn_drop(&t);
	return rc;
}

enum rc
db_commit(struct cx *cx)
{
	struct conn *c = cx->db == NULL ? NULL : conn_of(cx, cx->db);
	enum rc rc = RC_OK;

	if (c == NULL)
		return rc_fail(cx, RC_BUG, "no transaction is open");
	if (c->trans == TRANS_FAILED)
		rc = rc_fail(cx, c->why, "commit after a query that failed");
	else if (c->trans == TRANS_OPEN)
		rc = commit(cx, c);
	db_rollback(cx); /* nothing is open now, unless it failed */
	return rc;
}
