/* What a handler is told: one JSON object, and names for its environment. */
#include "app/handler_event.h"

#include "app/sealing.h"
#include "base/clock.h"
#include "shopify/topic.h"
#include "store/handler.h"
#include "store/pull.h"
#include "store/shop.h"
#include "store/webhook.h"

/* A body of 16 MiB, and what is around it. */
enum { JSON_MAX_BYTES = 17 << 20, ENV_MAX = 32 };

struct making {
	struct cx *cx;
	const struct job *job;
	struct handler_event *event;
	struct buf text;
	struct jw w;
	const char **env;
	size_t n_env;
};

/* One that has no value is not there. */
static void
name(struct making *m, const char *word, const char *value)
{
	if (value && m->n_env + 1 < ENV_MAX)
		m->env[m->n_env++] =
		    text_fmt(m->cx->mem, "STOCKROOM_%s=%s", word, value);
}

/* In both. */
static void
both(struct making *m, const char *member, const char *word, const char *value)
{
	jw_text(&m->w, member, value);
	name(m, word, value);
}

static const char *
number(struct making *m, int64_t n)
{
	return text_fmt(m->cx->mem, "%lld", (long long)n);
}

/* ---- what all have */

static void
begin_env(struct making *m)
{
	m->env = ARENA_ARRAY(m->cx->mem, const char *, ENV_MAX);
	m->env[m->n_env++] = "PATH=/usr/local/bin:/usr/bin:/bin";
	m->env[m->n_env++] = "LANG=C.UTF-8";
	name(m, "HANDLER", m->event->handler->name);
	name(m, "JOB", number(m, m->job->id));
	name(m, "ATTEMPT", number(m, m->job->attempt));
	name(m, "REQUEST_ID", m->cx->trace);
}

static void
begin(struct making *m, const char *at)
{
	m->text = buf_new(m->cx->mem, JSON_MAX_BYTES);
	m->w = jw_new(&m->text);
	jw_object(&m->w, NULL);
	both(m, "type", "EVENT", handler_on_word(m->event->handler->on));
	both(m, "id", "EVENT_ID", m->event->id);
	jw_text(&m->w, "handler", m->event->handler->name);
	jw_text(&m->w, "timestamp", at);
}

static void
write_shop(struct making *m, int64_t id, const char *domain)
{
	jw_object(&m->w, "shop");
	both(m, "id", "SHOP_ID", number(m, id));
	both(m, "domain", "SHOP", domain);
	jw_close(&m->w);
}

static enum rc
end(struct making *m)
{
	jw_close(&m->w); /* data */
	jw_close(&m->w);
	m->event->json = buf_slice(&m->text);
	m->event->env = m->env;
	return jw_end(&m->w);
}

/* ---- a delivery */

static enum rc
check_epoch(struct making *m, const char *topic)
{
	const struct topic *t = topic ? topic_find(topic) : NULL;
	int32_t now;

	if (t && (t->does == TOPIC_PRIVACY || t->does == TOPIC_UNINSTALLED))
		return RC_OK;
	TRY(shop_epoch(m->cx, m->job->shop_id, &now));
	if (now == m->job->shop_epoch)
		return RC_OK;
	return rc_fail(m->cx, RC_CONFLICT,
	    "it is from before the shop was installed anew");
}

/* A wish that was obeyed has taken the key of its own body along: its numbers
 * are with the job (handler_job_webhook). */
static void
write_numbers(struct making *m, const struct handler_webhook *w)
{
	const struct json args = m->job->args;
	const struct json orders = jat(args, "orders");

	jw_object(&m->w, "body");
	jw_int(&m->w, "shop_id", m->job->shop_id);
	jw_text(&m->w, "shop_domain", w->domain);
	if (jint_or(args, "customer", 0) != 0) {
		jw_object(&m->w, "customer");
		jw_int(&m->w, "id", jint_or(args, "customer", 0));
		jw_close(&m->w);
	}
	jw_list(&m->w, "orders_to_redact");
	for (size_t i = 0; i < jlen(orders); i++)
		jw_int(&m->w, NULL, jint_or(jitem(orders, i), "", 0));
	jw_close(&m->w);
	jw_close(&m->w);
}

static enum rc
write_body(struct making *m, const struct handler_webhook *w, const char *id)
{
	const struct blob_place place = webhook_place(id);
	const char *body = NULL;

	if (w->body.p)
		TRY(sealing_open(m->cx, w->subject, &place, m->job->shop_id,
		    w->body, &body));
	if (body)
		jw_raw(&m->w, "body", slice_of(body));
	else if (json_kind(jat(m->job->args, "orders")) == JSON_LIST)
		write_numbers(m, w);
	else
		jw_null(&m->w, "body");
	return RC_OK;
}

/* Of a shop that is forgotten: its own delivery has gone with it. */
static enum rc
make_forgotten(struct making *m, const char *at)
{
	const int64_t shop = jint_or(m->job->args, "shop", 0);
	const char *domain = jtext_or(m->job->args, "domain", NULL);

	m->event->subject = (struct subject){ 's', m->job->shop_id };
	begin(m, at);
	write_shop(m, shop, domain);
	jw_object(&m->w, "data");
	both(m, "topic", "TOPIC", "shop/redact");
	jw_object(&m->w, "body");
	jw_int(&m->w, "shop_id", shop);
	jw_text(&m->w, "shop_domain", domain);
	jw_close(&m->w);
	return end(m);
}

static enum rc
make_webhook(struct making *m)
{
	struct handler_webhook w;
	const char *at;
	enum rc rc;

	TRY(jget_text(m->cx, m->job->args, "webhook", &m->event->id));
	TRY(jget_text(m->cx, m->job->args, "at", &at));
	if (jint_or(m->job->args, "shop", 0) != 0)
		return make_forgotten(m, at);
	rc = handler_webhook_load(m->cx, m->job->shop_id, at, m->event->id, &w);
	if (rc == RC_ABSENT)
		return rc_fail(m->cx, RC_ABSENT, "its webhook is kept no more");
	TRY(rc);
	TRY(check_epoch(m, w.topic));
	m->event->subject = w.subject;
	begin(m, w.received_at);
	write_shop(m, m->job->shop_id, w.domain);
	jw_object(&m->w, "data");
	both(m, "topic", "TOPIC", w.topic);
	both(m, "webhook_id", "WEBHOOK_ID", w.webhook_id);
	jw_text(&m->w, "event_id", w.event_id);
	both(m, "api_version", "API_VERSION", w.api_version);
	both(m, "triggered_at", "TRIGGERED_AT", w.triggered_at);
	TRY(write_body(m, &w, m->event->id));
	return end(m);
}

/* ---- a pull */

static void
write_parts(struct making *m, const struct pull *pull)
{
	const char *words = NULL;

	jw_list(&m->w, "resources");
	for (size_t i = 0; i < pull->n_parts; i++) {
		const struct pull_part *part = &pull->parts[i];

		jw_object(&m->w, NULL);
		jw_text(&m->w, "resource", part->resource);
		jw_int(&m->w, "objects", part->done);
		jw_raw(&m->w, "children", slice_of(part->children));
		jw_close(&m->w);
		words =
		    words ? text_fmt(m->cx->mem, "%s,%s", words, part->resource)
			  : part->resource;
	}
	jw_close(&m->w);
	name(m, "RESOURCES", words);
}

static enum rc
make_pull(struct making *m)
{
	struct shop shop;
	struct pull pull;
	enum rc rc;

	TRY(jget_text(m->cx, m->job->args, "pull", &m->event->id));
	TRY(check_epoch(m, NULL));
	TRY(shop_load(m->cx, m->job->shop_id, &shop));
	rc = pull_load(m->cx, m->event->id, &pull);
	if (rc == RC_ABSENT)
		return rc_fail(m->cx, RC_ABSENT, "its pull is kept no more");
	TRY(rc);
	m->event->subject = (struct subject){ 's', m->job->shop_id };
	begin(m, clock_text(m->cx->mem, pull.finished_at));
	write_shop(m, m->job->shop_id, shop.domain);
	jw_object(&m->w, "data");
	both(m, "pull", "PULL", m->event->id);
	jw_text(&m->w, "mode", pull.mode);
	jw_text(&m->w, "state", pull.state);
	jw_time(&m->w, "since", pull.since);
	jw_time(&m->w, "started_at", pull.started_at);
	jw_time(&m->w, "finished_at", pull.finished_at);
	write_parts(m, &pull);
	return end(m);
}

/* ---- a schedule */

static enum rc
make_schedule(struct making *m)
{
	const char *due;

	TRY(handler_due(m->cx, m->job->shop_id, m->job->id, &due));
	m->event->id = text_fmt(m->cx->mem, "%s-%lld", m->event->handler->name,
	    (long long)m->job->id);
	m->event->subject = (struct subject){ 's', m->job->shop_id };
	begin(m, due);
	jw_object(&m->w, "data");
	jw_text(&m->w, "schedule", m->event->handler->words[0]);
	jw_text(&m->w, "zone", m->event->handler->tz);
	both(m, "at", "SCHEDULED_AT", due);
	return end(m);
}

enum rc
handler_event_load(
    struct cx *cx, const struct job *job, struct handler_event *out)
{
	struct making m = { .cx = cx, .job = job, .event = out };
	const char *word, *on;

	*out = (struct handler_event){ .shop_id = job->shop_id };
	TRY(jget_text(cx, job->args, "handler", &word));
	TRY(jget_text(cx, job->args, "on", &on));
	TRY(handlers_find(cx, word, &out->handler));
	if (!text_same(on, handler_on_word(out->handler->on)))
		return rc_fail(cx, RC_ABSENT,
		    "handlers.conf binds %s to something else by now", word);
	begin_env(&m);
	switch (out->handler->on) {
	case ON_WEBHOOK:
		return make_webhook(&m);
	case ON_PULL:
		return make_pull(&m);
	case ON_SCHEDULE:
		return make_schedule(&m);
	}
	return rc_fail(cx, RC_BUG, "a handler of nothing");
}
