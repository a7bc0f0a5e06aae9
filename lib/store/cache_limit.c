/* Door limits: one GCRA, shared by all processes (design.md 3, 5). */
#include "io/redis.h"
#include "store/cache_in.h"

/* ---- by an UNLOGGED table */

static enum rc
rows_wait(
    struct cx *cx, const char *key, double burst_s, struct limit_said *out)
{
	struct row row;
	double wait_s = 1;

	if (db_one(cx, Q_RATE_WAIT, ARGS(a_text(key), a_real(burst_s)), &row) ==
	    RC_OK)
		wait_s = row_real(row, 0);
	*out = (struct limit_said){ .us = (int64_t)(wait_s * 1e6) };
	return RC_OK;
}

enum rc
limit_by_rows(struct cx *cx, const char *key, int64_t step_us, int64_t burst_us,
    struct limit_said *out)
{
	const double burst_s = (double)burst_us / 1e6;
	struct row row;
	enum rc rc;

	rc = db_one(cx, Q_RATE_TAKE,
	    ARGS(a_text(key), a_real((double)step_us / 1e6), a_real(burst_s)),
	    &row);
	if (rc == RC_ABSENT)
		return rows_wait(cx, key, burst_s, out);
	TRY(rc);
	*out = (struct limit_said){
		.passed = true,
		.us = (int64_t)(row_real(row, 0) * 1e6),
	};
	return RC_OK;
}

/* ---- by Redis, whose clock and one thread decide */

/* The same as query rate_take: KEYS[1] holds the theoretical arrival time, in
 * microseconds. Gives whether it passed, and how long until. */
static const char script[] =
    "local t = redis.call('TIME')\n"
    "local now = t[1] * 1000000 + t[2]\n"
    "local tat = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now)\n"
    "local ahead = tat - now - tonumber(ARGV[2])\n"
    "if ahead > 0 then return {0, ahead} end\n"
    "tat = tat + ARGV[1]\n"
    "redis.call('SET', KEYS[1], string.format('%.0f', tat), 'PX',\n"
    "    math.ceil((tat - now) / 1000))\n"
    "return {1, tat - now}\n";

enum rc
limit_by_redis(struct cx *cx, const char *key, int64_t step_us,
    int64_t burst_us, struct limit_said *out)
{
	const struct slice words[] = {
		slice_of("EVAL"),
		slice_of(script),
		slice_of("1"),
		slice_of(text_fmt(cx->mem, "stockroom:limit:%s", key)),
		slice_of(text_fmt(cx->mem, "%lld", (long long)step_us)),
		slice_of(text_fmt(cx->mem, "%lld", (long long)burst_us)),
	};
	struct redis_said said;

	TRY(redis_do(cx, words, sizeof(words) / sizeof(words[0]), &said));
	if (said.type != REDIS_LIST || said.n != 2)
		return rc_fail(cx, RC_BUG, "Redis counts in another way");
	*out = (struct limit_said){
		.passed = said.list[0].number == 1,
		.us = said.list[1].number,
	};
	return RC_OK;
}

/* ---- by either */

static enum rc
count_call(struct cx *cx, const struct limit *limit, int64_t step_us,
    struct limit_said *out)
{
	const int64_t burst_us = step_us * (limit->burst - 1);
	enum rc rc = RC_BUSY;

	if (redis_named())
		rc = limit_by_redis(cx, limit->key, step_us, burst_us, out);
	if (rc != RC_BUSY)
		return rc;
	return limit_by_rows(cx, limit->key, step_us, burst_us, out);
}

enum rc
limit_take(struct cx *cx, const struct limit *limit, struct limit_state *out)
{
	const int64_t step_us = 60 * 1000000 / limit->per_minute;
	struct limit_said said;

	TRY(count_call(cx, limit, step_us, &said));
	if (said.passed) {
		out->left = limit->burst - (said.us + step_us / 2) / step_us;
		out->reset_ms = said.us / 1000;
		return RC_OK;
	}
	cx->retry_after_ms = said.us / 1000 + 1;
	out->left = 0;
	out->reset_ms = (said.us + step_us * (limit->burst - 1)) / 1000;
	return rc_fail(cx, RC_LIMITED, "more than %lld calls a minute",
	    (long long)limit->per_minute);
}

enum rc
limit_prune(struct cx *cx)
{
	return db_run(cx, Q_RATE_PRUNE, NO_ARGS, NULL);
}
