/* What is said of jobs, in JSON. */
#include <stdlib.h>

#include "app/jobs.h"
#include "base/clock.h"
#include "store/job.h"

static void
put_json(struct jw *w, const char *name, const char *json)
{
	if (json)
		jw_raw(w, name, slice_of(json));
	else
		jw_null(w, name);
}

static void
put_id(struct jw *w, const char *name, int64_t id)
{
	if (id)
		jw_id(w, name, id);
	else
		jw_null(w, name);
}

static void
put_job(struct jw *w, const struct jobview *job)
{
	jw_id(w, "id", job->id);
	jw_text(w, "queue", job->queue);
	jw_text(w, "kind", job->kind);
	jw_text(w, "state", job->state);
	jw_id(w, "shop_id", job->shop_id);
	if (job->priority < 0) {
		jw_null(w, "priority");
		jw_null(w, "max_attempts");
	} else {
		jw_int(w, "priority", job->priority);
		jw_int(w, "max_attempts", job->max_attempts);
	}
	jw_int(w, "attempt", job->attempt);
	jw_time(w, "created_at", job->created_at);
	jw_time(w, "run_at", job->run_at);
	jw_time(w, "started_at", job->started_at);
	jw_time(w, "finished_at", job->finished_at);
	jw_text(w, "error", job->error);
	put_json(w, "args", job->args);
	put_json(w, "result", job->result);
	jw_text(w, "trace", job->trace);
	put_id(w, "batch", job->batch_id);
	jw_time(w, "cancel_at", job->cancel_at);
}

enum rc
jobs_write(struct cx *cx, const struct jobview_ask *ask, struct jw *w)
{
	struct jobview *list;
	size_t n, i;

	TRY(jobview_list(cx, ask, &list, &n));
	jw_list(w, "items");
	for (i = 0; i < n; i++) {
		jw_object(w, NULL);
		put_job(w, &list[i]);
		jw_close(w);
	}
	jw_close(w);
	put_id(w, "next", n == (size_t)ask->limit ? list[n - 1].id : 0);
	return RC_OK;
}

/* ---- why it does not run */

static const char *
until(struct cx *cx, const char *words, int64_t at)
{
	if (at == 0)
		return words;
	return text_fmt(cx->mem, "%s until %s", words, clock_text(cx->mem, at));
}

static const char *
why_text(struct cx *cx, const struct jobwhy *why)
{
	const char *of = text_fmt(cx->mem, "queue %s", why->queue);
	const long long n = why->n;

	if (text_same(why->word, "paused"))
		return text_fmt(cx->mem, "%s is paused", of);
	if (text_same(why->word, "cap"))
		return text_fmt(
		    cx->mem, "%s runs as many jobs as it may: %lld", of, n);
	if (text_same(why->word, "shop_cap") && n == 0)
		return text_fmt(cx->mem, "the shop is paused in %s", of);
	if (text_same(why->word, "shop_cap"))
		return text_fmt(cx->mem,
		    "the shop runs as many jobs of %s as it may: %lld", of, n);
	if (text_same(why->word, "rate"))
		return until(
		    cx, "so many have started that it waits", why->until);
	if (text_same(why->word, "hold"))
		return until(cx, "a provider asked for a pause", why->until);
	if (text_same(why->word, "blocked"))
		return text_fmt(cx->mem, "it waits for %lld other job%s", n,
		    n == 1 ? "" : "s");
	if (text_same(why->word, "scheduled"))
		return text_fmt(cx->mem, "scheduled for %s",
		    clock_text(cx->mem, why->until));
	if (text_same(why->word, "no_worker"))
		return "no worker runs jobs of its pool";
	return "it is about to be claimed";
}

/* A kind that there is no more is run by none. */
static const char *
pool_of(const struct jobview *job)
{
	const enum job_kind kind = job_kind_of(job->kind);

	return kind == JOB_KINDS ? "" : job_pool_word(job_kind_row(kind)->pool);
}

static enum rc
put_why(struct cx *cx, struct jw *w, const struct jobview *job)
{
	struct jobwhy why;

	TRY(jobview_why(cx, job, pool_of(job), &why));
	if (!why.word) {
		jw_null(w, "why");
		return RC_OK;
	}
	jw_object(w, "why");
	jw_text(w, "word", why.word);
	jw_text(w, "text", why_text(cx, &why));
	jw_time(w, "until", why.until);
	jw_close(w);
	return RC_OK;
}

/* ---- what goes with it */

static enum rc
put_progress(struct cx *cx, struct jw *w, const struct jobview *job)
{
	int64_t done, total;
	const char *note;
	const enum rc rc = jobview_progress(cx, job, &done, &total, &note);

	if (rc == RC_ABSENT) {
		jw_null(w, "progress");
		return RC_OK;
	}
	TRY(rc);
	jw_object(w, "progress");
	jw_int(w, "done", done);
	if (total < 0)
		jw_null(w, "total");
	else
		jw_int(w, "total", total);
	jw_text(w, "note", note);
	jw_close(w);
	return RC_OK;
}

static enum rc
put_holder(struct cx *cx, struct jw *w, const struct jobview *job)
{
	struct jobholder h;
	const enum rc rc = jobview_holder(cx, job, &h);

	if (rc == RC_ABSENT) {
		jw_null(w, "holder");
		return RC_OK;
	}
	TRY(rc);
	jw_object(w, "holder");
	jw_id(w, "worker", h.id);
	jw_time(w, "lease_until", h.lease_until);
	jw_bool(w, "alive", h.alive);
	jw_close(w);
	return RC_OK;
}

static void
put_kin(
    struct jw *w, const char *name, const struct jobkin *kin, size_t n, bool up)
{
	size_t i;

	jw_list(w, name);
	for (i = 0; i < n; i++) {
		if (kin[i].up != up)
			continue;
		jw_object(w, NULL);
		jw_id(w, "id", kin[i].id);
		jw_text(w, "kind", kin[i].kind);
		jw_text(w, "state", kin[i].state);
		jw_close(w);
	}
	jw_close(w);
}

/* ---- its timeline: what is known of when */

struct event {
	int64_t at;
	const char *what;
	const char *text; /* or NULL */
	size_t place; /* among those of the same second */
};

static int
earlier(const void *a, const void *b)
{
	const struct event *x = a, *y = b;

	if (x->at != y->at)
		return x->at > y->at ? 1 : -1;
	return x->place > y->place ? 1 : -1;
}

static void
event_add(struct event *list, size_t *n, int64_t at, const char *what,
    const char *text)
{
	if (at == 0)
		return;
	list[*n] = (struct event){ at, what, text, *n };
	(*n)++;
}

/* What is known of a job besides its row. */
struct known {
	struct jobnote *notes;
	struct jobattempt *attempts;
	struct jobkin *kin;
	size_t n_notes, n_attempts, n_kin;
	int64_t replayed_by;
};

static enum rc
known_load(struct cx *cx, const struct jobview *job, struct known *k)
{
	TRY(jobview_notes(cx, job, &k->notes, &k->n_notes));
	TRY(jobview_attempts(cx, job, &k->attempts, &k->n_attempts));
	TRY(jobview_kin(cx, job, &k->kin, &k->n_kin));
	return jobview_replayed(cx, job, &k->replayed_by);
}

static const char *
attempt_text(struct cx *cx, const struct jobattempt *a)
{
	return text_fmt(cx->mem, "attempt %d: %s", a->attempt,
	    a->error && *a->error ? a->error : "no reason was given");
}

static size_t
events_of(struct cx *cx, const struct jobview *job, const struct known *k,
    struct event *list)
{
	size_t n = 0, i;

	event_add(list, &n, job->created_at, "put", NULL);
	for (i = 0; i < k->n_attempts; i++)
		event_add(list, &n, k->attempts[i].at, k->attempts[i].became,
		    attempt_text(cx, &k->attempts[i]));
	event_add(list, &n, job->started_at, "started",
	    text_fmt(cx->mem, "attempt %d", job->attempt));
	for (i = 0; i < k->n_notes; i++)
		event_add(list, &n, k->notes[i].at, "note", k->notes[i].text);
	event_add(list, &n, job->cancel_at, "cancel", NULL);
	if (!job->worker_id)
		event_add(list, &n, job->run_at, "due", NULL);
	event_add(list, &n, job->finished_at, job->state, job->error);
	return n;
}

static void
put_timeline(struct cx *cx, struct jw *w, const struct jobview *job,
    const struct known *k)
{
	struct event *list =
	    ARENA_ARRAY(cx->mem, struct event, k->n_notes + k->n_attempts + 5);
	const size_t n = events_of(cx, job, k, list);
	size_t i;

	qsort(list, n, sizeof(*list), earlier);
	jw_list(w, "timeline");
	for (i = 0; i < n; i++) {
		jw_object(w, NULL);
		jw_time(w, "at", list[i].at);
		jw_text(w, "what", list[i].what);
		jw_text(w, "text", list[i].text);
		jw_close(w);
	}
	jw_close(w);
}

static void
put_notes(struct jw *w, const struct known *k)
{
	size_t i;

	jw_list(w, "notes");
	for (i = 0; i < k->n_notes; i++) {
		jw_object(w, NULL);
		jw_time(w, "at", k->notes[i].at);
		jw_text(w, "text", k->notes[i].text);
		jw_close(w);
	}
	jw_close(w);
}

static void
put_attempts(struct jw *w, const struct known *k)
{
	size_t i;

	jw_list(w, "attempts");
	for (i = 0; i < k->n_attempts; i++) {
		jw_object(w, NULL);
		jw_int(w, "attempt", k->attempts[i].attempt);
		jw_text(w, "became", k->attempts[i].became);
		jw_time(w, "at", k->attempts[i].at);
		jw_text(w, "error", k->attempts[i].error);
		jw_close(w);
	}
	jw_close(w);
}

enum rc
job_write(struct cx *cx, int64_t id, struct jw *w)
{
	struct jobview job;
	struct known k;

	TRY(jobview_load(cx, id, &job));
	TRY(known_load(cx, &job, &k));
	put_job(w, &job);
	put_id(w, "replayed_by", k.replayed_by);
	TRY(put_why(cx, w, &job));
	TRY(put_holder(cx, w, &job));
	TRY(put_progress(cx, w, &job));
	put_kin(w, "parents", k.kin, k.n_kin, true);
	put_kin(w, "children", k.kin, k.n_kin, false);
	put_attempts(w, &k);
	put_notes(w, &k);
	put_timeline(cx, w, &job, &k);
	return RC_OK;
}
