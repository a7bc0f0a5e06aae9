/* Door limits: one GCRA, shared by all processes (design.md 3, 5). */
#include "store/cache.h"

static enum rc
refused(struct cx *cx, const struct limit *limit, double burst_s,
    struct limit_state *out)
{
	struct row row;
	double wait_s = 1;

	if (db_one(cx, Q_RATE_WAIT, ARGS(a_text(limit->key), a_real(burst_s)),
		&row) == RC_OK)
		wait_s = row_real(row, 0);
	cx->retry_after_ms = (int64_t)(wait_s * 1000) + 1;
	out->left = 0;
	out->reset_ms = (int64_t)((wait_s + burst_s) * 1000);
	return rc_fail(cx, RC_LIMITED, "more than %lld calls a minute",
	    (long long)limit->per_minute);
}

enum rc
limit_take(struct cx *cx, const struct limit *limit, struct limit_state *out)
{
	const double step_s = 60.0 / (double)limit->per_minute;
	const double burst_s = step_s * (double)(limit->burst - 1);
	struct row row;
	double used_s;
	enum rc rc;

	rc = db_one(cx, Q_RATE_TAKE,
	    ARGS(a_text(limit->key), a_real(step_s), a_real(burst_s)), &row);
	if (rc == RC_ABSENT)
		return refused(cx, limit, burst_s, out);
	TRY(rc);
	used_s = row_real(row, 0);
	out->left = limit->burst - (int64_t)(used_s / step_s + 0.5);
	out->reset_ms = (int64_t)(used_s * 1000);
	return RC_OK;
}

enum rc
limit_prune(struct cx *cx)
{
	return db_run(cx, Q_RATE_PRUNE, NO_ARGS, NULL);
}
