/*
 * Compares a shop's webhook subscriptions with what we need, and makes what is
 * missing. Of shop 0, as its schedule puts it, it puts one for each shop that
 * is installed. Safe to run twice: what is there already is left alone, and
 * each shop's job has a name.
 */
#include "app/subscriptions.h"
#include "base/log.h"
#include "table.h"

enum { PAGE = 1000, SPREAD_S = 3600 };

static enum rc
compare_one(struct cx *cx, const struct job *job)
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

/* Shops of a page that are installed. */
static size_t
jobs_for(struct cx *cx, const struct shop *shops, size_t n, struct job_new *out)
{
	size_t found = 0, i;

	for (i = 0; i < n; i++)
		if (text_same(shops[i].status, "installed"))
			out[found++] =
			    subscriptions_job(cx, &shops[i], JOB_LAST);
	job_spread(out, found, SPREAD_S);
	return found;
}

static enum rc
put_page(struct cx *cx, int64_t *after, bool *more)
{
	struct job_new *jobs = ARENA_ARRAY(cx->mem, struct job_new, PAGE);
	struct shop *shops;
	size_t n;

	TRY(shop_list(cx, *after, PAGE, &shops, &n));
	*more = n == PAGE;
	if (n == 0)
		return RC_OK;
	*after = shops[n - 1].id;
	return job_put_many(cx, jobs, jobs_for(cx, shops, n, jobs), NULL);
}

static enum rc
put_all(struct cx *cx)
{
	int64_t after = 0;
	bool more = true;

	while (more) {
		const struct arena_mark mark = arena_mark(cx->mem);

		TRY(put_page(cx, &after, &more));
		arena_back(cx->mem, mark);
	}
	return RC_OK;
}

enum rc
subscriptions_run(struct cx *cx, const struct job *job)
{
	return job->shop_id == 0 ? put_all(cx) : compare_one(cx, job);
}
