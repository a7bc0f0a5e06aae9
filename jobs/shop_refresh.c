/*
 * Reads a shop's own record again, and which scopes it grants us; where those
 * are others than before, its webhook subscriptions are compared. Safe to run
 * twice: it writes what it read, within one install.
 */
#include "app/record.h"
#include "app/subscriptions.h"
#include "base/log.h"
#include "table.h"

static enum rc
keep(struct cx *cx, const struct shop *before, const struct shop *now,
    const char *time_zone)
{
	const struct scopes scopes = scopes_of(cx, now->scopes);

	TRY(db_begin(cx));
	TRY(job_fence(cx));
	TRY(shop_renew(cx, now, time_zone, scopes.list, scopes.n));
	if (!text_same(before->scopes, now->scopes))
		TRY(subscriptions_put(cx, now));
	TRY(job_commit(cx));
	job_wake(cx);
	log_info(cx, "shop.renewed", L_TEXT("scopes", now->scopes));
	return RC_OK;
}

enum rc
shop_refresh_run(struct cx *cx, const struct job *job)
{
	struct shop before, now;
	const char *time_zone;

	TRY(shop_load(cx, job->shop_id, &before));
	if (before.epoch != job->shop_epoch)
		return RC_OK; /* installed anew: read with that */
	TRY(record_call(cx, &before, &now, &time_zone));
	return keep(cx, &before, &now, time_zone);
}
