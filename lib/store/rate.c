/* Rates of starts, and what a provider's 429 does to them. */
#include <math.h>
#include <string.h>

#include "store/rate.h"

enum { KEY_MAX_BYTES = 100, RATE_MOST = 1000000, HOLD_MOST_S = 24 * 3600 };

static enum rc
refuse(struct cx *cx, const char *field, const char *rule, double got)
{
	return rc_field(
	    cx, RC_INPUT, field, rule, text_fmt(cx->mem, "%g", got));
}

static enum rc
rate_check(struct cx *cx, const char *key, double per_s, double burst)
{
	if (key[0] == '\0' || strlen(key) > KEY_MAX_BYTES)
		return rc_field(cx, RC_INPUT, "key", "1 to 100 bytes",
		    text_cut(cx->mem, key, KEY_MAX_BYTES));
	if (!isfinite(per_s) || per_s <= 0 || per_s > RATE_MOST)
		return refuse(
		    cx, "per_s", "above 0, at most 1000000 a second", per_s);
	if (!isfinite(burst) || burst < 1 || burst > RATE_MOST)
		return refuse(cx, "burst", "a number from 1 to 1000000", burst);
	return RC_OK;
}

enum rc
rate_set(struct cx *cx, const char *key, double per_s, double burst)
{
	TRY(rate_check(cx, key, per_s, burst));
	return db_run(cx, Q_START_RATE_SAVE,
	    ARGS(a_text(key), a_real(per_s), a_real(burst)), NULL);
}

static void
rate_read(struct row row, struct rate *out)
{
	*out = (struct rate){
		.key = row_text(row, 0),
		.per_s = row_real(row, 1),
		.burst = row_real(row, 2),
		.tokens = row_real(row, 3),
		.hold_s = row_real(row, 4),
		.hold_until = row_int(row, 5),
	};
}

enum rc
rate_list(struct cx *cx, struct rate **out, size_t *n)
{
	struct rows rows;
	size_t i;

	TRY(db_all(cx, Q_START_RATE_LIST, ARGS(a_null()), &rows));
	*out = ARENA_ARRAY(cx->mem, struct rate, rows.n + 1);
	*n = rows.n;
	for (i = 0; i < rows.n; i++)
		rate_read(rows_at(&rows, i), &(*out)[i]);
	return RC_OK;
}

enum rc
rate_load(struct cx *cx, const char *key, struct rate *out)
{
	struct row row;

	TRY(db_one(cx, Q_START_RATE_LIST, ARGS(a_text(key)), &row));
	rate_read(row, out);
	return RC_OK;
}

/* What a provider says is foreign: a day is the most that is believed. */
enum rc
rate_hold(struct cx *cx, const char *key, double seconds)
{
	if (!(seconds > 0))
		return RC_OK;
	if (seconds > HOLD_MOST_S)
		seconds = HOLD_MOST_S;
	return db_run(
	    cx, Q_START_RATE_HOLD, ARGS(a_text(key), a_real(seconds)), NULL);
}

enum rc
rate_drop(struct cx *cx, const char *key)
{
	struct rate rate;
	struct row row;
	enum rc rc;

	TRY(rate_load(cx, key, &rate));
	rc = db_one(cx, Q_START_RATE_DROP, ARGS(a_text(key)), &row);
	if (rc == RC_ABSENT)
		return rc_fail(cx, RC_CONFLICT,
		    "a queue's starts are counted by rate %s", key);
	return rc;
}
