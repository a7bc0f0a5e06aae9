/*
 * Uses an idle shop's token, which refreshes it: a shop that nobody calls for
 * would be cut off after 90 days (shopify.md 2.7). Of shop 0, as its schedule
 * puts it, it puts one for each shop that was idle for a week. Safe to run
 * twice: a fresh token is left alone, one holder of the lease refreshes
 * (design.md 6), and each shop's job has a name.
 */
#include "app/tokens.h"
#include "base/log.h"
#include "table.h"

enum { AGAIN_MS = 6 * 3600 * 1000, MOST = 10000, SPREAD_S = 3600 };

static enum rc
refresh_one(struct cx *cx, const struct job *job)
{
	struct token token;
	struct shop shop;
	enum rc rc;

	TRY(shop_load(cx, job->shop_id, &shop));
	if (shop.epoch != job->shop_epoch)
		return RC_OK; /* installed anew: that token is a new one */
	rc = token_live(cx, &shop, &token);
	if (rc == RC_OK || rc == RC_TOKEN || rc == RC_STOPPED)
		return rc;
	/* An outage is nothing that somebody must look after. */
	cx->retry_after_ms = AGAIN_MS;
	return RC_LIMITED;
}

static struct job_new
job_for(struct cx *cx, const struct token_idle *idle)
{
	return (struct job_new){
		.kind = JOB_TOKEN_REFRESH,
		.shop_id = idle->shop_id,
		.shop_epoch = idle->shop_epoch,
		.unique = text_fmt(cx->mem, "token:%lld:%d",
		    (long long)idle->shop_id, (int)idle->shop_epoch),
		.priority = JOB_LAST,
	};
}

static enum rc
put_idle(struct cx *cx)
{
	struct token_idle *idle;
	struct job_new *jobs;
	int64_t put;
	size_t n, i;

	TRY(token_idle_list(cx, TOKEN_IDLE_S, MOST, &idle, &n));
	jobs = ARENA_ARRAY(cx->mem, struct job_new, n + 1);
	for (i = 0; i < n; i++)
		jobs[i] = job_for(cx, &idle[i]);
	job_spread(jobs, n, SPREAD_S);
	TRY(job_put_many(cx, jobs, n, &put));
	log_info(cx, "tokens.idle", L_INT("shops", n), L_INT("jobs", put));
	return RC_OK;
}

enum rc
token_refresh_run(struct cx *cx, const struct job *job)
{
	return job->shop_id == 0 ? put_idle(cx) : refresh_one(cx, job);
}
