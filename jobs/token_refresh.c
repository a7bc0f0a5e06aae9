/*
 * Once a week uses a shop's token, which refreshes it when it has lapsed: a
 * shop that nobody calls for would be cut off after 90 days (shopify.md 2.7).
 * Safe to run twice: a fresh token is left alone, and one holder of the lease
 * refreshes (design.md 6).
 */
#include "app/tokens.h"
#include "table.h"

enum { AGAIN_MS = 6 * 3600 * 1000 };

enum rc
token_refresh_run(struct cx *cx, const struct job *job)
{
	struct token token;
	struct shop shop;
	enum rc rc;

	TRY(shop_load(cx, job->shop_id, &shop));
	if (shop.epoch != job->shop_epoch)
		return RC_OK; /* installed anew: that has its own job */
	rc = token_live(cx, &shop, &token);
	if (rc == RC_OK) {
		cx->retry_after_ms = (int64_t)TOKEN_IDLE_S * 1000;
		return rc_fail(
		    cx, RC_LIMITED, "the token is good; again in a week");
	}
	if (rc == RC_TOKEN || rc == RC_STOPPED)
		return rc;
	/* Nobody would put this job anew: an outage must not end it. */
	cx->retry_after_ms = AGAIN_MS;
	return RC_LIMITED;
}
