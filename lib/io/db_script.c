/* What is no named query: whole texts, and asking whether it answers. */
#include <assert.h>

#include "io/db_inside.h"

static enum rc
borrow(struct cx *cx, struct conn **out)
{
	*out = NULL;
	if (cx->db == NULL)
		return rc_fail(cx, RC_BUG, "this program has no database");
	*out = conn_of(cx, cx->db);
	return *out == NULL ? conn_borrow(cx, cx->db, out) : RC_OK;
}

static void
give_back(const struct cx *cx, struct conn *c)
{
	if (c->unit != cx->mem)
		conn_return(c);
}

/* BEGIN and the scope on their own, for what follows cannot go with them. */
static enum rc
begin(struct cx *cx, struct conn *c)
{
	struct turn t = turn_new(c);
	enum turn_end end;
	enum rc rc = RC_OK;

	trans_open(&t, cx);
	end = turn_run(&t);
	trans_note(c, &t, end);
	if (end != TURN_OK)
		rc = turn_fail(cx, "begin", &t, end);
	turn_drop(&t);
	return rc;
}

static enum rc
script(struct cx *cx, struct conn *c, const char *sql)
{
	struct turn t;
	enum turn_end end;
	enum rc rc = RC_OK;

	if (c->trans == TRANS_FAILED)
		return rc_fail(cx, c->why, "its transaction had failed");
	if (c->trans == TRANS_ASKED)
		TRY(begin(cx, c));
	t = turn_new(c);
	end = turn_script(&t, sql);
	trans_note(c, &t, end);
	if (end != TURN_OK)
		rc = turn_fail(cx, "script", &t, end);
	turn_drop(&t);
	return rc;
}

enum rc
db_script(struct cx *cx, const char *sql)
{
	struct conn *c;
	enum rc rc;

	TRY(borrow(cx, &c));
	assert(c != NULL);
	rc = script(cx, c, sql);
	give_back(cx, c);
	return rc;
}

enum rc
db_ping(struct cx *cx)
{
	struct conn *c;
	struct turn t;
	enum turn_end end;
	enum rc rc = RC_OK;

	TRY(borrow(cx, &c));
	assert(c != NULL);
	t = turn_new(c);
	end = turn_run(&t); /* a sync alone */
	if (end != TURN_OK)
		rc = turn_fail(cx, "ping", &t, end);
	turn_drop(&t);
	give_back(cx, c);
	return rc;
}
