/*
 * Every ten seconds: how the queue stands, for /metrics; what we did since, for
 * the minute's row; how our children are, for our own; and whether the operator
 * is to be told. What was counted is read from our own counters, so that
 * nothing else has to know of it.
 */
#include <unistd.h>

#include "app/alerts.h"
#include "base/clock.h"
#include "base/log.h"
#include "io/count.h"
#include "jobd.h"
#include "store/figure.h"
#include "store/worker.h"

/* Counting live jobs reads them all: never more than a hundredth of our time
 * goes there. */
enum { EVERY_MS = 10000, SHARE_OF_TIME = 100, SHARES_MAX = 256 };
enum { SLOTS_BYTES = 4000 };

/* The shares as they were when they were added last; texts live in mem. */
static struct {
	struct arena *mem;
	struct figure_share list[SHARES_MAX];
	size_t n;
	int64_t next_ms;
	int64_t beat_ms; /* the lease was renewed then; 0: not yet */
} told;

static const char *
label(struct jobd *j, const char *name, const char *value)
{
	return text_fmt(j->cx.mem, "%s=\"%s\"", name, value);
}

/* ---- how it stands */

static void
set_queue(struct jobd *j, const struct figure_queue *q)
{
	static const char *const states[] = { "scheduled", "available",
		"running", "blocked" };
	const int64_t numbers[] = { q->scheduled, q->available, q->running,
		q->blocked };

	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		count_set(M_jobd_jobs,
		    text_fmt(j->cx.mem, "queue=\"%s\",state=\"%s\"", q->name,
			states[i]),
		    numbers[i]);
	count_seconds(M_jobd_oldest_ready_seconds, label(j, "queue", q->name),
	    q->oldest_s);
}

static enum rc
look_at_queues(struct jobd *j, struct alerts_seen *seen)
{
	struct figure_queue *list;
	size_t n;

	TRY(figure_queues(&j->cx, &list, &n));
	TRY(figure_levels_save(&j->cx, list, n));
	for (size_t i = 0; i < n; i++) {
		set_queue(j, &list[i]);
		if (list[i].oldest_s <= seen->oldest_s)
			continue;
		seen->oldest_s = list[i].oldest_s;
		seen->queue = list[i].name;
	}
	return RC_OK;
}

static enum rc
look_at_rates(struct jobd *j)
{
	struct figure_rate *list;
	size_t n;

	TRY(figure_rates(&j->cx, &list, &n));
	for (size_t i = 0; i < n; i++) {
		const char *key = label(j, "key", list[i].key);

		count_set(M_jobd_rate_tokens, key, (int64_t)list[i].tokens);
		count_seconds(M_jobd_rate_hold_seconds, key, list[i].hold_s);
	}
	return RC_OK;
}

static enum rc
look_at_database(struct jobd *j)
{
	struct figure_database db;

	TRY(figure_database(&j->cx, &db));
	count_seconds(M_jobd_cron_lag_seconds, NULL, db.cron_lag_s);
	count_set(M_jobd_batch_open, NULL, db.batches);
	count_set(M_jobd_db_dead_tuples, NULL, db.dead_tuples);
	count_seconds(M_jobd_db_xmin_age_seconds, NULL, db.xmin_age_s);
	return RC_OK;
}

/* ---- our children */

enum { STARTING, IDLE, BUSY, LEAVING, STATES };

static const char *const state_words[STATES] = { "starting", "idle", "busy",
	"leaving" };

/* Children of a pool by state: one that is up has a job or has none. */
static void
count_pool(const struct jobd *j, int pool, int n[STATES])
{
	const struct places at = slot_places(pool);

	n[STARTING] = slots_count(j, pool, SLOT_STARTING);
	n[LEAVING] = slots_count(j, pool, SLOT_LEAVING);
	n[IDLE] = n[BUSY] = 0;
	for (int i = at.from; i < at.to; i++) {
		const struct slot *s = &j->pool.slots[i];

		if (s->state == SLOT_UP)
			n[s->works.n > 0 ? BUSY : IDLE]++;
	}
}

static void
say_pool(struct jobd *j, struct jw *w, int pool, const char *word)
{
	const bool ours = j->pool.want[pool] > 0;
	int n[STATES];

	count_pool(j, pool, n);
	if (ours)
		jw_object(w, word);
	for (int s = 0; s < STATES; s++) {
		count_set(M_jobd_slots,
		    text_fmt(j->cx.mem, "pool=\"%s\",state=\"%s\"", word,
			state_words[s]),
		    n[s]);
		if (ours && n[s] > 0)
			jw_int(w, state_words[s], n[s]);
	}
	if (ours)
		jw_close(w);
}

/* The pools that we have; one in which a suspect runs alone is made when it is
 * wanted, and by no name of a kind's. */
static enum rc
say_slots(struct jobd *j)
{
	struct buf text = buf_new(j->cx.mem, SLOTS_BYTES);
	struct jw w = jw_new(&text);

	jw_object(&w, NULL);
	for (int pool = POOL_SYNC; pool <= POOL_IO; pool++)
		say_pool(j, &w, pool, job_pool_word((enum job_pool)pool));
	jw_close(&w);
	TRY(jw_end(&w));
	return worker_say(&j->cx, j->worker_id, buf_text(&text));
}

void
gauges_lease(struct jobd *j)
{
	const int64_t now = clock_ms();
	const int64_t left =
	    told.beat_ms ? LEASE_MS - (now - told.beat_ms) : LEASE_MS;

	told.beat_ms = now;
	count_seconds(M_jobd_lease_margin_seconds,
	    text_fmt(j->cx.mem, "pid=\"%d\"", (int)getpid()),
	    left > 0 ? (double)left / 1000 : 0);
}

/* ---- what was done */

static struct figure_share *
share_find(
    struct figure_share *list, size_t n, const char *queue, const char *kind)
{
	for (size_t i = 0; i < n; i++)
		if (text_same(list[i].queue, queue) &&
		    text_same(list[i].kind, kind))
			return &list[i];
	return NULL;
}

/* The share of a queue and kind, made where there is none; NULL: no room. */
static struct figure_share *
share_of(
    struct figure_share *list, size_t *n, const char *queue, const char *kind)
{
	struct figure_share *s = share_find(list, *n, queue, kind);

	if (s != NULL || *n == SHARES_MAX)
		return s;
	list[*n] = (struct figure_share){ .queue = queue, .kind = kind };
	return &list[(*n)++];
}

static void
take_histogram(struct jobd *j, struct figure_share *s,
    const struct count_figure *f, enum metric m)
{
	(void)j;
	if (m == M_jobd_wait_seconds) {
		s->claimed += f->n;
		s->wait_ms += (int64_t)(f->sum_s * 1000);
	} else {
		s->ran += f->n;
		s->run_ms += (int64_t)(f->sum_s * 1000);
	}
}

static void
take_counter(struct jobd *j, struct figure_share *s,
    const struct count_figure *f, enum metric m)
{
	const char *outcome = count_label(j->cx.mem, f->labels, "outcome");

	if (m == M_jobd_retries_total)
		s->retried += f->n;
	else if (text_same(outcome, "completed"))
		s->completed += f->n;
	else if (text_same(outcome, "dead"))
		s->dead += f->n;
	else
		s->cancelled += f->n;
}

typedef void take_fn(struct jobd *j, struct figure_share *s,
    const struct count_figure *f, enum metric m);

static void
take_metric(struct jobd *j, enum metric m, take_fn *take,
    struct figure_share *list, size_t *n)
{
	struct count_figure *figures;
	size_t n_figures;

	count_list_own(&j->cx, m, &figures, &n_figures);
	for (size_t i = 0; i < n_figures; i++) {
		struct figure_share *s = share_of(list, n,
		    count_label(j->cx.mem, figures[i].labels, "queue"),
		    count_label(j->cx.mem, figures[i].labels, "kind"));

		if (s != NULL)
			take(j, s, &figures[i], m);
	}
}

/* What has come since it was told last. */
static struct figure_share
news_of(const struct figure_share *now)
{
	const struct figure_share *then =
	    share_find(told.list, told.n, now->queue, now->kind);
	struct figure_share news = *now;

	if (then == NULL)
		return news;
	news.claimed -= then->claimed;
	news.completed -= then->completed;
	news.dead -= then->dead;
	news.cancelled -= then->cancelled;
	news.retried -= then->retried;
	news.wait_ms -= then->wait_ms;
	news.ran -= then->ran;
	news.run_ms -= then->run_ms;
	return news;
}

static bool
is_some(const struct figure_share *s)
{
	return s->claimed || s->completed || s->dead || s->cancelled ||
	       s->retried || s->ran;
}

/* What is told now is what the next time begins with. */
static void
remember(const struct figure_share *list, size_t n)
{
	if (told.mem == NULL)
		told.mem = arena_new();
	arena_empty(told.mem);
	for (size_t i = 0; i < n; i++) {
		told.list[i] = list[i];
		told.list[i].queue = text_dup(told.mem, list[i].queue);
		told.list[i].kind = text_dup(told.mem, list[i].kind);
	}
	told.n = n;
}

static enum rc
add_minute(struct jobd *j)
{
	struct figure_share *now =
	    ARENA_ARRAY(j->cx.mem, struct figure_share, SHARES_MAX);
	struct figure_share *news =
	    ARENA_ARRAY(j->cx.mem, struct figure_share, SHARES_MAX);
	size_t n = 0, n_news = 0;

	take_metric(j, M_jobd_wait_seconds, take_histogram, now, &n);
	take_metric(j, M_jobd_run_seconds, take_histogram, now, &n);
	take_metric(j, M_jobd_finished_total, take_counter, now, &n);
	take_metric(j, M_jobd_retries_total, take_counter, now, &n);
	for (size_t i = 0; i < n; i++) {
		news[n_news] = news_of(&now[i]);
		n_news += is_some(&news[n_news]);
	}
	if (n_news > 0)
		TRY(figure_minute_add(&j->cx, news, n_news));
	remember(now, n);
	return RC_OK;
}

/* ---- all of it */

static enum rc
look(struct jobd *j)
{
	struct alerts_seen seen = { 0 };
	bool put;

	count_set(M_jobd_build_info, label(j, "version", STOCKROOM_VERSION), 1);
	TRY(look_at_queues(j, &seen));
	TRY(look_at_rates(j));
	TRY(look_at_database(j));
	TRY(say_slots(j));
	TRY(add_minute(j));
	TRY(alerts_look(&j->cx, &seen, &put));
	if (put)
		claim_ask(j, NULL);
	return RC_OK;
}

void
gauges_look(struct jobd *j)
{
	const int64_t began = clock_ms();
	int64_t took;

	if (began < told.next_ms || j->worker_id == 0 || !db_may(j))
		return;
	(void)db_went(j, look(j), "jobd.gauges");
	took = clock_ms() - began;
	told.next_ms =
	    began +
	    (took * SHARE_OF_TIME > EVERY_MS ? took * SHARE_OF_TIME : EVERY_MS);
}

void
gauges_last(struct jobd *j)
{
	if (j->worker_id != 0 && add_minute(j) != RC_OK)
		rc_forget(&j->cx);
}
