/*
 * Compares a shop's webhook subscriptions with what we need, and makes what is
 * missing. Safe to run twice: what is there already is left alone.
 */
#include "app/subscriptions.h"
#include "base/log.h"
#include "table.h"

enum rc
subscriptions_run(struct cx *cx, const struct job *job)
{
	struct subscriptions_found found;
	struct shop shop;

	TRY(shop_load(cx, job->shop_id, &shop));
	if (shop.epoch != job->shop_epoch)
		return RC_OK; /* installed anew: that has its own job */
	TRY(subscriptions_compare(cx, &shop, &found));
	job_note(cx, "%lld were right, %lld were made, %lld were moved",
	    (long long)found.right, (long long)found.made,
	    (long long)found.moved);
	log_info(cx, "subscriptions.compared", L_INT("made", found.made),
	    L_INT("moved", found.moved));
	return RC_OK;
}
