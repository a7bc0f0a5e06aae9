/* What is said of queues and done to them, in JSON. */
#include "app/queues.h"
#include "store/figure.h"
#include "store/job.h"
#include "store/queue.h"
#include "store/rate.h"

/* All that is known of queues, read at once. */
struct known {
	struct queue *queues;
	struct figure_queue *figures;
	struct rate *rates;
	struct queue_shop *shops;
	size_t n_queues, n_figures, n_rates, n_shops;
};

static enum rc
known_load(struct cx *cx, struct known *k)
{
	TRY(queue_list(cx, &k->queues, &k->n_queues));
	TRY(figure_levels(cx, &k->figures, &k->n_figures));
	TRY(rate_list(cx, &k->rates, &k->n_rates));
	return queue_shop_list(cx, &k->shops, &k->n_shops);
}

static void
put_figures(struct jw *w, const struct known *k, const struct queue *q)
{
	struct figure_queue f = { 0 };
	size_t i;

	for (i = 0; i < k->n_figures; i++)
		if (k->figures[i].id == q->id)
			f = k->figures[i];
	jw_int(w, "scheduled", f.scheduled);
	jw_int(w, "available", f.available);
	jw_int(w, "running", f.running);
	jw_int(w, "blocked", f.blocked);
	jw_int(w, "oldest_s", (int64_t)f.oldest_s);
}

static void
put_rate(struct jw *w, const struct known *k, const struct queue *q)
{
	size_t i = 0;

	while (q->rate_key && i < k->n_rates &&
	       !text_same(k->rates[i].key, q->rate_key))
		i++;
	if (!q->rate_key || i == k->n_rates) {
		jw_null(w, "rate");
		return;
	}
	jw_object(w, "rate");
	jw_text(w, "key", k->rates[i].key);
	jw_real(w, "per_s", k->rates[i].per_s);
	jw_real(w, "burst", k->rates[i].burst);
	jw_int(w, "tokens", (int64_t)k->rates[i].tokens);
	jw_time(w, "hold_until", k->rates[i].hold_until);
	jw_close(w);
}

static void
put_shops(struct jw *w, const struct known *k, const struct queue *q)
{
	size_t i;

	jw_list(w, "shops");
	for (i = 0; i < k->n_shops; i++) {
		if (!text_same(k->shops[i].queue, q->name))
			continue;
		jw_object(w, NULL);
		jw_id(w, "shop_id", k->shops[i].shop_id);
		jw_int(w, "max_running", k->shops[i].max_running);
		jw_close(w);
	}
	jw_close(w);
}

static void
put_queue(struct jw *w, const struct known *k, const struct queue *q)
{
	jw_text(w, "name", q->name);
	jw_bool(w, "paused", q->paused);
	jw_int(w, "max_running", q->max_running);
	jw_int(w, "max_running_per_shop", q->max_running_per_shop);
	put_figures(w, k, q);
	put_rate(w, k, q);
	put_shops(w, k, q);
}

enum rc
queues_write(struct cx *cx, struct jw *w)
{
	struct known k;
	size_t i;

	TRY(known_load(cx, &k));
	jw_list(w, "items");
	for (i = 0; i < k.n_queues; i++) {
		jw_object(w, NULL);
		put_queue(w, &k, &k.queues[i]);
		jw_close(w);
	}
	jw_close(w);
	return RC_OK;
}

static enum rc
absent(struct cx *cx, const char *name)
{
	return rc_fail(cx, RC_ABSENT, "there is no queue %s", name);
}

static enum rc
queue_write(struct cx *cx, const char *name, struct jw *w)
{
	struct known k;
	size_t i;

	TRY(known_load(cx, &k));
	for (i = 0; i < k.n_queues; i++)
		if (text_same(k.queues[i].name, name)) {
			put_queue(w, &k, &k.queues[i]);
			return RC_OK;
		}
	return absent(cx, name);
}

static enum rc
change(struct cx *cx, const char *name, const struct queue_change *c)
{
	struct queue q;

	TRY(queue_load(cx, name, &q));
	if (c->max_running >= 0 || c->max_running_per_shop >= 0)
		TRY(queue_caps(
		    cx, name, c->max_running, c->max_running_per_shop));
	if (c->has_rate)
		TRY(queue_rate(cx, name, *c->rate ? c->rate : NULL));
	if (c->has_paused)
		return c->paused ? queue_pause(cx, name)
				 : queue_resume(cx, name);
	return RC_OK;
}

/* Whoever waited for more room is to have it now. */
static enum rc
done(struct cx *cx, const char *name, struct jw *w)
{
	job_wake(cx);
	return queue_write(cx, name, w);
}

enum rc
queue_change_write(
    struct cx *cx, const char *name, const struct queue_change *c, struct jw *w)
{
	enum rc rc;

	TRY(db_begin(cx));
	rc = change(cx, name, c);
	if (rc == RC_ABSENT)
		rc = absent(cx, name);
	if (rc != RC_OK) {
		db_rollback(cx);
		return rc;
	}
	TRY(db_commit(cx));
	return done(cx, name, w);
}

enum rc
queue_shop_write(struct cx *cx, const char *name, int64_t shop_id,
    int64_t max_running, struct jw *w)
{
	const enum rc rc = max_running < 0
			       ? queue_shop_uncap(cx, name, shop_id)
			       : queue_shop_cap(cx, name, shop_id, max_running);

	if (rc == RC_ABSENT)
		return absent(cx, name);
	TRY(rc);
	return done(cx, name, w);
}
