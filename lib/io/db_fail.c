/* The only place that reads SQLSTATE, and turns it into ours. */
#include <string.h>

#include "base/buf.h"
#include "io/db_inside.h"

/* By whole state or by class; the first that fits decides. */
static const struct {
	const char *state;
	enum rc rc;
} states[] = {
	{ "23505", RC_CONFLICT }, /* unique_violation */
	{ "22P05", RC_INPUT }, /* U+0000 in jsonb */
	{ "22021", RC_INPUT }, /* not UTF-8, or a NUL in text */
	{ "22001", RC_INPUT }, /* too long */
	{ "22003", RC_INPUT }, /* a number out of range */
	{ "22008", RC_INPUT }, /* a time out of range */
	{ "25006", RC_BUSY }, /* read-only: a standby, or a failover */
	{ "25P03", RC_BUSY }, /* idle in transaction for too long */
	{ "55P03", RC_BUSY }, /* lock_timeout */
	{ "26000", RC_BUSY }, /* a prepared statement had gone */
	{ "08", RC_BUSY }, /* connection */
	{ "40", RC_BUSY }, /* serialization, deadlock */
	{ "53", RC_BUSY }, /* disk full, memory, too many connections */
	{ "57", RC_BUSY }, /* cancelled, shutting down, starting up */
	{ "58", RC_BUSY }, /* I/O error */
};

static const char *
state_of(const PGresult *res)
{
	const char *state = NULL;

	if (res != NULL)
		state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
	return state == NULL ? "" : state;
}

enum rc
turn_code(const struct turn *t, enum turn_end end)
{
	const char *state = state_of(t->error);

	if (end == TURN_OK)
		return RC_OK;
	if (end != TURN_REFUSED)
		return RC_BUSY;
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (text_starts(state, states[i].state))
			return states[i].rc;
	return RC_BUG;
}

bool
turn_stale(const struct turn *t)
{
	const char *state = state_of(t->error);

	if (t->prepares > 0)
		return false; /* it was prepared just now */
	return text_same(state, "26000") || text_same(state, "0A000");
}

/*
 * The primary message alone: details and context quote rows. In class 22 the
 * message itself quotes the value, as what stands between the first and last
 * quotation mark.
 */
static const char *
message_of(struct arena *mem, const PGresult *res)
{
	const char *text = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);
	const char *from;
	const char *to;

	if (text == NULL)
		return "";
	from = strchr(text, '"');
	to = strrchr(text, '"');
	if (!text_starts(state_of(res), "22") || from == NULL)
		return text_dup(mem, text);
	return text_fmt(mem, "%.*s...%s", (int)(from + 1 - text), text, to);
}

static enum rc
refused(struct cx *cx, enum rc rc, const char *what, const PGresult *res)
{
	return rc_fail(cx, rc, "query %s: %s %s", what, state_of(res),
	    message_of(cx->mem, res));
}

enum rc
turn_fail(
    struct cx *cx, const char *what, const struct turn *t, enum turn_end end)
{
	enum rc rc = turn_code(t, end);

	if (rc == RC_BUSY && cx->retry_after_ms == 0)
		cx->retry_after_ms = 1000;
	if (end == TURN_LATE)
		return rc_fail(cx, rc, "query %s: no answer within %lld ms",
		    what, (long long)t->c->db->limit_ms);
	if (t->error != NULL && *state_of(t->error) != '\0')
		return refused(cx, rc, what, t->error);
	return rc_fail(cx, rc, "query %s: the connection was lost", what);
}

const char *
conn_words(struct arena *mem, const PGconn *pg)
{
	struct slice rest = slice_of(PQerrorMessage(pg));
	struct slice line = { "", 0 };

	(void)text_next(&rest, '\n', &line);
	return text_of(mem, line);
}
