/* Queries that are sent and not waited for. */
#include "base/clock.h"
#include "io/db_inside.h"

struct db_sent {
	struct cx *cx;
	const char *name;
	struct turn turn;
};

static struct conn *
conn_of_sent(const struct db_sent *s)
{
	return s->turn.c;
}

enum rc
db_send(struct cx *cx, enum query q, struct args args, struct db_sent **out)
{
	struct db_sent *s = ARENA_NEW(cx->mem, struct db_sent);
	struct packed packed;
	struct conn *c;

	args_pack(cx->mem, args, &packed);
	TRY(conn_borrow(cx, cx->db, &c));
	s->cx = cx;
	s->name = query_texts[q].name;
	s->turn = turn_new(c);
	trans_open(&s->turn, cx);
	turn_query(&s->turn, q, &packed);
	turn_start(&s->turn);
	*out = s;
	return RC_OK;
}

int
db_sent_fd(const struct db_sent *s, bool *writes)
{
	*writes = s->turn.unsent;
	return PQsocket(conn_of_sent(s)->pg);
}

/*
 * A statement that was prepared when its tables were others has had no effect:
 * the next one is on a fresh connection.
 */
static enum rc
fail(struct db_sent *s, enum turn_end end)
{
	if (end == TURN_REFUSED && turn_stale(&s->turn)) {
		conn_close(conn_of_sent(s));
		return rc_fail(s->cx, RC_BUSY,
		    "query %s: what it was prepared for has changed", s->name);
	}
	return turn_fail(s->cx, s->name, &s->turn, end);
}

enum rc
db_sent_take(struct db_sent *s, struct rows *out)
{
	const enum turn_end end = turn_step(&s->turn);
	enum rc rc = RC_OK;

	if (end == TURN_MORE)
		return RC_ABSENT;
	if (end == TURN_OK) {
		*out = rows_new(s->cx->mem, s->turn.answer);
		s->turn.answer = NULL;
	} else {
		rc = fail(s, end);
	}
	turn_drop(&s->turn);
	conn_return(conn_of_sent(s));
	return rc;
}

void
db_sent_drop(struct db_sent *s)
{
	turn_drop(&s->turn);
	conn_close(conn_of_sent(s));
	conn_return(conn_of_sent(s));
}
