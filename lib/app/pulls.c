/* Pulls: asked for, then worked off page by page by jobs. */
#include "app/pulls.h"
#include "app/bulk.h"
#include "base/log.h"

enum rc
pull_job_put(struct cx *cx, const struct shop *shop, const char *pull_id,
    const char *resource, enum job_priority priority)
{
	struct buf args = buf_new(cx->mem, 512);
	struct jw w = jw_new(&args);
	struct job_new job = {
		.kind = JOB_PULL_PAGE,
		.shop_id = shop->id,
		.shop_epoch = shop->epoch,
		.unique = text_fmt(cx->mem, "pull:%s:%s", pull_id, resource),
		.priority = (int)priority,
	};

	jw_object(&w, NULL);
	jw_text(&w, "pull", pull_id);
	jw_text(&w, "resource", resource);
	jw_close(&w);
	TRY(jw_end(&w));
	job.args = buf_text(&args);
	return job_put(cx, &job, NULL);
}

static bool
asked_for(const struct pull_ask *ask, const char *word)
{
	size_t i;

	for (i = 0; i < ask->n; i++)
		if (text_same(ask->resources[i], word))
			return true;
	return false;
}

/* What is left to do when what comes along with something else is taken out,
 * and what was named twice is done once. */
static size_t
parts_of(struct cx *cx, const struct pull_ask *ask, const char ***out)
{
	const struct resource *r;
	size_t n = 0;

	*out = ARENA_ARRAY(cx->mem, const char *, 8);
	for (r = resources; r->word; r++) {
		if (!asked_for(ask, r->word))
			continue;
		if (r->table == IN_ORDER_STUB && asked_for(ask, "orders"))
			continue;
		(*out)[n++] = r->word;
	}
	return n;
}

enum rc
pull_allowed(struct cx *cx, const struct shop *shop)
{
	if (text_same(shop->status, "installed"))
		return RC_OK;
	return rc_fail(cx, RC_CONFLICT, "the shop is %s%s%s", shop->status,
	    shop->status_reason ? ": " : "",
	    shop->status_reason ? shop->status_reason : "");
}

/* Shopify goes on by itself until it is told. */
static enum rc
tell_shopify(struct cx *cx, const struct shop *shop, const struct pull *pull)
{
	const struct pull_part *p;
	size_t i;

	for (i = 0; i < pull->n_parts; i++) {
		p = &pull->parts[i];
		if (p->bulk_id != NULL && (text_same(p->state, "running") ||
					      text_same(p->state, "queued")))
			TRY(bulk_cancel_put(cx, shop, p->bulk_id));
	}
	return RC_OK;
}

enum rc
pull_stop(struct cx *cx, const struct shop *shop, const char *pull_id)
{
	struct pull pull;

	TRY(pull_load(cx, pull_id, &pull));
	TRY(tell_shopify(cx, shop, &pull));
	TRY(pull_cancel(cx, pull_id));
	job_wake(cx);
	return RC_OK;
}

enum rc
pull_ask(struct cx *cx, const struct shop *shop, const struct pull_ask *ask,
    struct pull *out)
{
	const char **parts;
	const size_t n = parts_of(cx, ask, &parts);
	struct pull pull = {
		.mode = ask->mode ? ask->mode : "auto",
		.since = ask->since,
		.shop_epoch = shop->epoch,
	};
	size_t i;

	TRY(pull_allowed(cx, shop));
	TRY(db_begin(cx));
	TRY(pull_put(cx, &pull, parts, n, ask->asked_by));
	for (i = 0; i < n; i++)
		TRY(text_same(pull.mode, "bulk")
			? bulk_first_put(cx, shop, pull.id, parts[i])
			: pull_job_put(
			      cx, shop, pull.id, parts[i], JOB_WATCHED));
	TRY(db_commit(cx));
	job_wake(cx);
	log_info(cx, "pull.asked", L_TEXT("pull", pull.id), L_INT("parts", n));
	return pull_load(cx, pull.id, out);
}
