/* From what happened to the jobs of the handlers that take it. */
#include "app/handler_job.h"

#include "shopify/topic.h"
#include "store/cron.h"
#include "store/job.h"
#include "store/pull.h"

/* Of what a customers/redact may name: as many as leave room in the args. */
enum { ORDERS_MAX = 300 };

static enum job_kind
kind_of(const struct handler *h)
{
	return h->does == DOES_EXEC ? JOB_EXEC : JOB_FORWARD;
}

struct what {
	int64_t shop_id;
	int32_t shop_epoch;
	const char *word; /* "webhook" or "pull" */
	const char *id;
	const char *at; /* a webhook's; or NULL */
	struct json privacy; /* a payload whose numbers go along */
	const struct webhook
	    *shop; /* whose rows all go, this job's too; or NULL */
};

static void
write_numbers(struct jw *w, struct json payload)
{
	const struct json orders = jat(payload, "orders_to_redact");
	const int64_t customer = jint_or(payload, "customer.id", 0);

	if (customer != 0)
		jw_int(w, "customer", customer);
	jw_list(w, "orders");
	for (size_t i = 0; i < jlen(orders) && i < ORDERS_MAX; i++)
		jw_int(w, NULL, jint_or(jitem(orders, i), "", 0));
	jw_close(w);
}

static enum rc
args_of(struct cx *cx, const struct handler *h, const struct what *what,
    const char **out)
{
	struct buf args = buf_new(cx->mem, JOB_ARGS_MAX_BYTES);
	struct jw w = jw_new(&args);

	jw_object(&w, NULL);
	jw_text(&w, "handler", h->name);
	jw_text(&w, "on", handler_on_word(h->on));
	if (what) {
		jw_text(&w, what->word, what->id);
		if (what->at)
			jw_text(&w, "at", what->at);
		if (what->privacy.node)
			write_numbers(&w, what->privacy);
		if (what->shop) {
			jw_int(&w, "shop", what->shop->shop_id);
			jw_text(&w, "domain", what->shop->domain);
		}
	}
	jw_close(&w);
	*out = buf_text(&args);
	return jw_end(&w);
}

static enum rc
put(struct cx *cx, const struct handler *h, const struct what *what)
{
	struct job_new job = {
		.kind = kind_of(h),
		.shop_id = what->shop_id,
		.shop_epoch = what->shop_epoch,
		.priority = JOB_USUAL,
		.attempts = h->attempts,
	};

	TRY(args_of(cx, h, what, &job.args));
	return job_put(cx, &job, NULL);
}

enum rc
handler_job_webhook(struct cx *cx, const struct webhook *w, struct json payload)
{
	const struct handlers *all = handlers_now(cx);
	const struct topic *topic = topic_find(w->topic);
	struct what what = {
		.shop_id = w->shop_id,
		.shop_epoch = w->shop_epoch,
		.word = "webhook",
		.id = w->id,
		.at = w->at,
	};

	if (topic && topic->does == TOPIC_PRIVACY && topic->type)
		what.privacy = payload;
	if (topic && topic->does == TOPIC_PRIVACY && !topic->type) {
		what.shop = w;
		what.shop_id = 0; /* or it would go with the shop, unheard */
		what.shop_epoch = 0;
	}
	for (size_t i = 0; i < all->n; i++)
		if (handler_takes(&all->list[i], ON_WEBHOOK, w->topic))
			TRY(put(cx, &all->list[i], &what));
	return RC_OK;
}

static bool
takes_pull(const struct handler *h, const struct pull *pull)
{
	for (size_t i = 0; i < pull->n_parts; i++)
		if (handler_takes(h, ON_PULL, pull->parts[i].resource))
			return true;
	return false;
}

static bool
any_on(const struct handlers *all, enum handler_on on)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->list[i].on == on)
			return true;
	return false;
}

enum rc
handler_job_pull(struct cx *cx, int32_t shop_epoch, const char *pull_id)
{
	const struct handlers *all = handlers_now(cx);
	const struct what what = {
		.shop_id = cx->shop_id,
		.shop_epoch = shop_epoch,
		.word = "pull",
		.id = pull_id,
	};
	struct pull pull;

	if (!any_on(all, ON_PULL))
		return RC_OK;
	TRY(pull_load(cx, pull_id, &pull));
	if (!text_same(pull.state, "completed"))
		return RC_OK;
	for (size_t i = 0; i < all->n; i++)
		if (takes_pull(&all->list[i], &pull))
			TRY(put(cx, &all->list[i], &what));
	return RC_OK;
}

/* ---- schedules */

static enum rc
put_schedule(struct cx *cx, const struct handler *h, const char **name)
{
	struct cron_new cron = {
		.owner = CRON_FILE,
		.spec = h->words[0],
		.tz = h->tz,
		.kind = kind_of(h),
		.priority = JOB_USUAL,
	};

	*name = text_fmt(cx->mem, "handler:%s", h->name);
	cron.name = *name;
	TRY(args_of(cx, h, NULL, &cron.args));
	return cron_put(cx, &cron);
}

enum rc
handler_job_schedules(struct cx *cx)
{
	const struct handlers *all = handlers_now(cx);
	const char **names = ARENA_ARRAY(cx->mem, const char *, all->n + 1);
	size_t n = 0;

	for (size_t i = 0; i < all->n; i++)
		if (all->list[i].on == ON_SCHEDULE)
			TRY(put_schedule(cx, &all->list[i], &names[n++]));
	return cron_keep(cx, CRON_FILE, names, n, NULL);
}
