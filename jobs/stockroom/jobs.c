/*
 * stockroom jobs: what the API of ops says and does, from the shell, by the
 * same functions. With --json it prints what they write; else a person reads
 * it.
 */
#include <stdio.h>
#include <string.h>

#include "app/batches.h"
#include "app/figures.h"
#include "app/jobs.h"
#include "app/queues.h"
#include "app/rates.h"
#include "app/schedules.h"
#include "app/start.h"
#include "app/workers.h"
#include "base/buf.h"
#include "command.h"
#include "jobs_options.h"
#include "say.h"

enum { OUTPUT_BYTES = 32 << 20 };

/* What one call is about. */
struct call {
	const struct jobs_options *o;
	const char *word; /* a number or a name, or NULL */
	struct jw *w;
};

typedef enum rc verb_run(struct cx *cx, const struct call *c);

struct verb {
	const char *name;
	const char *word; /* what must follow; NULL: nothing */
	const char *options; /* that it takes, besides --json */
	verb_run *run;
	const struct say_column *columns; /* of `items`; NULL: an object */
};

/* ---- what is asked */

static enum rc
list(struct cx *cx, const struct call *c)
{
	const struct jobview_ask ask = {
		.after = c->o->after,
		.states = c->o->state.list,
		.n_states = c->o->state.n,
		.kind = c->o->kind,
		.queue = c->o->queue,
		.since = c->o->since,
		.before = c->o->before,
		.text = c->o->text,
		.batch_id = c->o->batch,
		.limit = (int)c->o->limit,
	};

	return jobs_write(cx, &ask, c->w);
}

static enum rc
number(struct cx *cx, const struct call *c, int64_t *id)
{
	if (text_int(c->word, 1, INT64_MAX, id))
		return RC_OK;
	return rc_field(cx, RC_INPUT, "id", "a number", c->word);
}

typedef enum rc write_fn(struct cx *cx, int64_t id, struct jw *w);

static enum rc
by_number(
    struct cx *cx, const struct call *c, write_fn *write, const char *what)
{
	int64_t id;
	enum rc rc;

	TRY(number(cx, c, &id));
	rc = write(cx, id, c->w);
	return rc == RC_ABSENT
		   ? rc_fail(cx, rc, "there is no %s %s", what, c->word)
		   : rc;
}

static enum rc
show(struct cx *cx, const struct call *c)
{
	return by_number(cx, c, job_write, "job");
}

static enum rc
cancel(struct cx *cx, const struct call *c)
{
	return by_number(cx, c, job_cancel_write, "live job");
}

static enum rc
retry(struct cx *cx, const struct call *c)
{
	return by_number(cx, c, job_retry_write, "job");
}

static enum rc
batch(struct cx *cx, const struct call *c)
{
	return by_number(cx, c, batch_write, "batch");
}

static enum rc
cancel_batch(struct cx *cx, const struct call *c)
{
	return by_number(cx, c, batch_cancel_write, "batch");
}

static enum rc
replay(struct cx *cx, const struct call *c)
{
	const struct jobs_replay r = {
		.filter = { .queue = c->o->queue,
		    .kind = c->o->kind,
		    .shop_id = cx->shop_id,
		    .from = c->o->since,
		    .until = c->o->before },
		.spread_s = c->o->spread_s,
		.dry_run = c->o->dry_run,
	};

	return jobs_replay_write(cx, &r, c->w);
}

static enum rc
queues(struct cx *cx, const struct call *c)
{
	return queues_write(cx, c->w);
}

static enum rc
pause_queue(struct cx *cx, const struct call *c)
{
	const struct queue_change change = { .has_paused = true,
		.paused = true,
		.max_running = -1,
		.max_running_per_shop = -1 };

	return queue_change_write(cx, c->word, &change, c->w);
}

static enum rc
resume_queue(struct cx *cx, const struct call *c)
{
	const struct queue_change change = { .has_paused = true,
		.max_running = -1,
		.max_running_per_shop = -1 };

	return queue_change_write(cx, c->word, &change, c->w);
}

/* Of the queue, or with --shop a shop's own; without a number, the queue's
 * again. */
static enum rc
caps(struct cx *cx, const struct call *c)
{
	const struct queue_change change = {
		.max_running = c->o->has_max ? c->o->max_running : -1,
		.max_running_per_shop =
		    c->o->has_per_shop ? c->o->max_running_per_shop : -1,
		.has_rate = c->o->has_rate,
		.rate = c->o->rate,
	};

	if (!c->o->shop)
		return queue_change_write(cx, c->word, &change, c->w);
	cx->every_shop = true;
	return queue_shop_write(
	    cx, c->word, cx->shop_id, change.max_running, c->w);
}

static enum rc
schedules(struct cx *cx, const struct call *c)
{
	return schedules_write(cx, c->w);
}

static enum rc
schedule(struct cx *cx, const struct call *c)
{
	const struct schedule_change change = { .spec = c->o->spec,
		.tz = c->o->tz };

	return schedule_change_write(cx, c->word, &change, c->w);
}

static enum rc
pause_schedule(struct cx *cx, const struct call *c)
{
	const struct schedule_change change = { .has_paused = true,
		.paused = true };

	return schedule_change_write(cx, c->word, &change, c->w);
}

static enum rc
resume_schedule(struct cx *cx, const struct call *c)
{
	const struct schedule_change change = { .has_paused = true };

	return schedule_change_write(cx, c->word, &change, c->w);
}

static enum rc
run_schedule(struct cx *cx, const struct call *c)
{
	return schedule_run_write(cx, c->word, c->w);
}

/* A value that the shell gave, as JSON; kind NULL when it gave none. */
static enum rc
value(struct cx *cx, const char *name, const char *text, struct json *out)
{
	*out = (struct json){ .node = NULL, .blame = RC_INPUT };
	if (!text)
		return RC_OK;
	if (json_read(cx, slice_of(text), strlen(text), RC_INPUT, out) == RC_OK)
		return RC_OK;
	rc_forget(cx);
	return rc_field(
	    cx, RC_INPUT, name, "JSON", text_cut(cx->mem, text, 60));
}

static enum rc
put_schedule(struct cx *cx, const struct call *c)
{
	struct schedule_new n = { .name = c->word,
		.kind = c->o->kind,
		.spec = c->o->spec,
		.tz = c->o->tz,
		.shop_id = cx->shop_id,
		.priority = c->o->priority };

	if (!n.kind || !n.spec)
		return rc_field(
		    cx, RC_INPUT, n.kind ? "spec" : "kind", "there", NULL);
	TRY(value(cx, "args", c->o->args, &n.args));
	cx->every_shop = true;
	return schedule_put_write(cx, &n, c->w);
}

static enum rc
drop_schedule(struct cx *cx, const struct call *c)
{
	TRY(schedule_drop(cx, c->word));
	jw_text(c->w, "dropped", c->word);
	return RC_OK;
}

static enum rc
rates(struct cx *cx, const struct call *c)
{
	return rates_write(cx, c->w);
}

static enum rc
put_rate(struct cx *cx, const struct call *c)
{
	struct json per_s, burst;

	TRY(value(cx, "per_s", c->o->per_s, &per_s));
	TRY(value(cx, "burst", c->o->burst, &burst));
	return rate_put_write(cx, c->word, per_s, burst, c->w);
}

static enum rc
drop_rate(struct cx *cx, const struct call *c)
{
	TRY(rate_drop_named(cx, c->word));
	jw_text(c->w, "dropped", c->word);
	return RC_OK;
}

static enum rc
workers(struct cx *cx, const struct call *c)
{
	return workers_write(cx, c->w);
}

static enum rc
figures(struct cx *cx, const struct call *c)
{
	return figures_write(cx, c->o->minutes, c->o->queue, c->o->kind, c->w);
}

static enum rc
queries(struct cx *cx, const struct call *c)
{
	return figures_queries(cx, c->o->order, (size_t)c->o->limit, c->w);
}

/* ---- the table of them */

/* clang-format off */
static const struct say_column job_columns[] = {
	{ "ID", "id" }, { "KIND", "kind" }, { "STATE", "state" }, { "QUEUE", "queue" }, { "SHOP", "shop_id" },
	{ "TRY", "attempt" }, { "PUT", "created_at" }, { "DUE", "run_at" }, { "ERROR", "error" }, { NULL, NULL } };
static const struct say_column queue_columns[] = {
	{ "QUEUE", "name" }, { "PAUSED", "paused" }, { "RUNNING", "running" }, { "MAX", "max_running" },
	{ "PER SHOP", "max_running_per_shop" }, { "READY", "available" }, { "OLDEST", "oldest_s" },
	{ "SCHEDULED", "scheduled" }, { "BLOCKED", "blocked" }, { "RATE", "rate.key" }, { NULL, NULL } };
static const struct say_column schedule_columns[] = {
	{ "NAME", "name" }, { "SPEC", "spec" }, { "ZONE", "tz" }, { "PAUSED", "paused" }, { "NEXT", "next_at" },
	{ "LAST", "fired_at" }, { "KIND", "kind" }, { "OWNER", "owner" }, { NULL, NULL } };
static const struct say_column rate_columns[] = {
	{ "KEY", "key" }, { "PER S", "per_s" }, { "BURST", "burst" }, { "TOKENS", "tokens" }, { "HELD UNTIL", "hold_until" }, { NULL, NULL } };
static const struct say_column worker_columns[] = {
	{ "ID", "id" }, { "HOST", "host" }, { "PROCESS", "pid" }, { "ALIVE", "alive" }, { "BEAT", "beat_at" },
	{ "RUNNING", "running" }, { "CHILDREN", "pools" }, { NULL, NULL } };
static const struct say_column minute_columns[] = {
	{ "MINUTE", "at" }, { "CLAIMED", "claimed" }, { "COMPLETED", "completed" }, { "DEAD", "dead" },
	{ "CANCELLED", "cancelled" }, { "RETRIED", "retried" }, { "WAIT MS", "wait_ms" }, { "RUN MS", "run_ms" }, { NULL, NULL } };
static const struct say_column query_columns[] = {
	{ "QUERY", "query" }, { "CALLS", "calls" }, { "MEAN US", "mean_us" }, { "P95 US", "p95_us" }, { "TOTAL MS", "total_ms" }, { NULL, NULL } };

static const struct verb verbs[] = {
	{ "list", NULL, "state kind queue shop since before text batch after limit", list, job_columns },
	{ "show", "ID", "shop", show, NULL },
	{ "cancel", "ID", "shop", cancel, NULL },
	{ "retry", "ID", "shop", retry, NULL },
	{ "replay", NULL, "queue kind shop since before spread_s dry_run", replay, NULL },
	{ "batch", "ID", "shop", batch, NULL },
	{ "cancel-batch", "ID", "shop", cancel_batch, NULL },
	{ "queues", NULL, "", queues, queue_columns },
	{ "pause", "QUEUE", "", pause_queue, NULL },
	{ "resume", "QUEUE", "", resume_queue, NULL },
	{ "caps", "QUEUE", "max_running max_running_per_shop rate shop", caps, NULL },
	{ "schedules", NULL, "", schedules, schedule_columns },
	{ "schedule", "NAME", "spec tz", schedule, NULL },
	{ "pause-schedule", "NAME", "", pause_schedule, NULL },
	{ "resume-schedule", "NAME", "", resume_schedule, NULL },
	{ "run-schedule", "NAME", "", run_schedule, NULL },
	{ "put-schedule", "NAME", "kind spec tz args priority shop", put_schedule, NULL },
	{ "drop-schedule", "NAME", "", drop_schedule, NULL },
	{ "rates", NULL, "", rates, rate_columns },
	{ "put-rate", "KEY", "per_s burst", put_rate, NULL },
	{ "drop-rate", "KEY", "", drop_rate, NULL },
	{ "workers", NULL, "", workers, worker_columns },
	{ "figures", NULL, "minutes queue kind", figures, minute_columns },
	{ "queries", NULL, "order limit", queries, query_columns },
};
/* clang-format on */
enum { VERBS = sizeof(verbs) / sizeof(verbs[0]) };

static const struct verb *
find(const char *name)
{
	for (size_t i = 0; i < VERBS; i++)
		if (text_same(verbs[i].name, name))
			return &verbs[i];
	return NULL;
}

/* ---- one call */

/* The operator sees all shops, or the one that is named. */
static enum rc
scope(struct cx *cx, const struct jobs_options *o)
{
	cx->every_shop = true;
	if (!o->shop)
		return RC_OK;
	TRY(command_shop(cx, o->shop));
	cx->every_shop = false;
	return RC_OK;
}

static enum rc
print(struct cx *cx, const struct verb *v, bool json, struct slice text)
{
	struct json said;

	if (json) {
		(void)printf("%.*s\n", (int)text.n, text.p);
		return RC_OK;
	}
	TRY(json_read(cx, text, OUTPUT_BYTES, RC_BUG, &said));
	if (v->columns)
		say_table(cx, jat(said, "items"), v->columns);
	else
		say_object(cx, said);
	if (jtext_or(said, "next", NULL))
		(void)printf("more: --after %s\n", jtext_or(said, "next", ""));
	return RC_OK;
}

static enum rc
run(struct cx *cx, const struct verb *v, const struct jobs_options *o,
    const char *word)
{
	struct buf text = buf_new(cx->mem, OUTPUT_BYTES);
	struct jw w = jw_new(&text);
	const struct call c = { o, word, &w };

	TRY(scope(cx, o));
	jw_object(&w, NULL);
	TRY(v->run(cx, &c));
	jw_close(&w);
	TRY(jw_end(&w));
	return print(cx, v, o->json, buf_slice(&text));
}

int
jobs_command(struct cx *cx, int argc, char **argv)
{
	const struct verb *v = argc > 1 ? find(argv[1]) : NULL;
	const struct jobs_options *o;
	struct words words;

	if (!v)
		return command_misused("jobs");
	if (jobs_options_read(cx, argc - 2, argv + 2, v->options, &o, &words) !=
	    RC_OK)
		return command_failed(cx);
	if (words.n != (v->word ? 1 : 0))
		return command_misused("jobs");
	if (app_open(cx, "stockroom_ops") != RC_OK ||
	    run(cx, v, o, words.list[0]) != RC_OK)
		return command_failed(cx);
	return 0;
}
