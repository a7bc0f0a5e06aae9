/*
 * Reads and keeps one page of a pull's part. Safe to run twice: rows are saved
 * by Shopify's id, and rows, cursor, the next round and this run's end commit
 * together.
 */
#include "app/bulk.h"
#include "app/handler_job.h"
#include "app/page.h"
#include "app/pulls.h"
#include "base/clock.h"
#include "base/log.h"
#include "table.h"

enum { CHILDREN_MAX_BYTES = 1024 };

/* Shopify ends a list there, and says that there is no more (shopify.md 4.4).
 */
enum { LIST_MAX_OBJECTS = 25000 };

/* More than so many come in bulk where the choice is ours: pages cost points,
 * and behind 25,000 a search anew (shopify.md 4.4). */
enum { PAGED_MAX_OBJECTS = 10000 };

/* Everything a page's job knows. */
struct work {
	const char *pull_id;
	const struct resource *resource;
	struct pull_step step;
	struct shop shop;
	const char *query; /* Shopify's search, or NULL */
	int page_size; /* what a page of it has as a rule */
	int attempt; /* of this page; 1 for the first */
};

static enum rc
work_args(struct cx *cx, const struct job *job, struct work *out)
{
	const char *word;

	TRY(jget_text(cx, job->args, "pull", &out->pull_id));
	TRY(jget_text(cx, job->args, "resource", &word));
	out->resource = resource_find(word);
	if (!out->resource)
		return rc_fail(cx, RC_BUG, "no resource %s", word);
	return RC_OK;
}

static bool
is_going(const char *state)
{
	return text_same(state, "queued") || text_same(state, "running");
}

static enum rc
work_load(struct cx *cx, const struct job *job, struct work *out)
{
	TRY(work_args(cx, job, out));
	TRY(pull_step_load(cx, out->pull_id, out->resource->word, &out->step));
	out->attempt = job->attempt;
	out->page_size =
	    out->step.page_size ? out->step.page_size : out->resource->first;
	TRY(shop_load(cx, job->shop_id, &out->shop));
	if (out->shop.epoch != out->step.shop_epoch)
		return rc_fail(cx, RC_CONFLICT,
		    "the shop was installed anew since this pull was asked");
	if (!text_same(out->shop.status, "installed"))
		return pull_allowed(cx, &out->shop);
	out->query = out->step.since ? text_fmt(cx->mem, "updated_at:>='%s'",
					   out->step.since)
				     : NULL;
	return RC_OK;
}

/* Before the first page: how many there are, so that the bar is true. */
static enum rc
begin(struct cx *cx, struct work *work)
{
	if (work->step.pages > 0 || work->step.total >= 0)
		return RC_OK;
	TRY(page_count(
	    cx, &work->shop, work->resource, work->query, &work->step.total));
	return pull_begin(
	    cx, work->pull_id, work->resource->word, work->step.total);
}

/* {"variants": 12}: what came with the page's objects, by kind. */
static enum rc
children_text(struct cx *cx, const struct intake *in, enum intake_table own,
    const char **out)
{
	struct buf text = buf_new(cx->mem, CHILDREN_MAX_BYTES);
	struct jw w = jw_new(&text);
	int i;

	jw_object(&w, NULL);
	for (i = 0; i < IN_TABLES; i++)
		if (i != (int)own && in->batches[i].n > 0)
			jw_int(&w, intake_word((enum intake_table)i),
			    in->batches[i].n);
	jw_close(&w);
	TRY(jw_end(&w));
	*out = buf_text(&text);
	return RC_OK;
}

/* When an object was changed, in whole seconds as filters have it; 0: unsaid.
 */
static int64_t
changed_at(struct json node)
{
	int64_t us;

	return clock_read(jtext_or(node, "updatedAt", ""), &us) ? us / 1000000
								: 0;
}

/*
 * Pages come in the order of change. Where a list was cut off, what is behind
 * it is asked for by a filter from the last change on: a new window. It begins
 * with what the one before ended with; one that brings nothing later is the
 * last. 0: there is none to begin.
 */
static int64_t
next_window(const struct work *work, const struct page *page)
{
	const int64_t done = work->step.done + (int64_t)page->n;
	int64_t last = 0;
	size_t i;

	if (page->more ||
	    (done >= work->step.total && done < LIST_MAX_OBJECTS &&
		work->step.window == 0))
		return 0;
	for (i = 0; i < page->n; i++)
		if (changed_at(jitem(page->nodes, i)) > last)
			last = changed_at(jitem(page->nodes, i));
	return last > work->step.window ? last : 0;
}

/* A window begins with what was counted already. */
static int64_t
objects_of(const struct work *work, const struct page *page)
{
	int64_t n = 0;
	size_t i;

	for (i = 0; i < page->n; i++)
		n += work->step.window == 0 ||
		     changed_at(jitem(page->nodes, i)) != work->step.window;
	return n;
}

/* Rows, cursor, next round and this run's end, together. */
static enum rc
keep(struct cx *cx, const struct work *work, struct intake *in,
    const struct page *page, const struct page_ask *ask)
{
	struct pull_page done = {
		.cursor = page->cursor ? page->cursor : work->step.cursor,
		.window = next_window(work, page),
		/* What only this page was too much for is no rule. */
		.page_size = work->attempt > 1 ? work->page_size : ask->first,
		.objects = objects_of(work, page),
		.cost_points = (int64_t)(page->cost.actual + in->cost_points),
	};

	done.more = page->more || done.window;
	TRY(children_text(cx, in, work->resource->table, &done.children));
	TRY(db_begin(cx));
	TRY(job_fence(cx));
	TRY(intake_save(cx, in));
	TRY(pull_advance(cx, work->pull_id, work->resource->word, &done));
	if (done.more)
		TRY(pull_job_put(cx, &work->shop, work->pull_id,
		    work->resource->word, JOB_USUAL));
	else
		TRY(handler_job_pull(cx, work->shop.epoch, work->pull_id));
	TRY(job_commit(cx));
	if (!done.more)
		job_wake(cx);
	return RC_OK;
}

/* What hangs on a page's objects may take more calls than its time allows: a
 * run that did not succeed is followed by one of half as many. */
static int
first_of(const struct work *work)
{
	int first = work->page_size;
	int i;

	for (i = 1; i < work->attempt && first > 1; i++)
		first /= 2;
	return first;
}

static enum rc
read_and_keep(struct cx *cx, const struct work *work)
{
	struct page_ask ask = {
		.resource = work->resource,
		.query = work->query,
		.after = work->step.cursor,
		.first = first_of(work),
	};
	struct intake in;
	struct page page;

	TRY(intake_begin(cx, &in, &work->shop, work->pull_id));
	TRY(page_read(cx, &work->shop, &ask, &page));
	TRY(work->resource->take(cx, &in, page.nodes));
	TRY(keep(cx, work, &in, &page, &ask));
	log_info(cx, "pull.page", L_TEXT("resource", work->resource->word),
	    L_INT("objects", page.n), L_INT("first", ask.first),
	    L_INT("points", page.cost.actual));
	return RC_OK;
}

/* Where the choice is ours: by how many there are. */
static enum rc
choose(struct cx *cx, struct work *work, bool *bulk)
{
	const char *word = work->resource->word;

	*bulk = false;
	if (!text_same(work->step.mode, "auto"))
		return RC_OK;
	*bulk = work->step.total > PAGED_MAX_OBJECTS;
	if (!*bulk)
		return bulk_part_mode(cx, work->pull_id, word, "paged");
	TRY(db_begin(cx));
	TRY(job_fence(cx));
	TRY(bulk_part_mode(cx, work->pull_id, word, "bulk"));
	TRY(bulk_first_put(cx, &work->shop, work->pull_id, word));
	TRY(job_commit(cx));
	job_wake(cx);
	return RC_OK;
}

enum rc
pull_page_run(struct cx *cx, const struct job *job)
{
	struct work work;
	bool bulk;

	TRY(work_load(cx, job, &work));
	if (!is_going(work.step.state))
		return RC_OK; /* cancelled, or done by a run before */
	TRY(begin(cx, &work));
	TRY(choose(cx, &work, &bulk));
	return bulk ? RC_OK : read_and_keep(cx, &work);
}

/* For people: the sentence, or the word of its code. */
static const char *
why_of(struct cx *cx)
{
	return cx->fault.sentence ? cx->fault.sentence
				  : rc_row(cx->fault.rc)->title;
}

void
pull_page_dead(struct cx *cx, const struct job *job)
{
	const char *why = text_cut(cx->mem, why_of(cx), 400);
	struct work work;

	rc_forget(cx);
	if (work_args(cx, job, &work) != RC_OK ||
	    pull_fail(cx, work.pull_id, work.resource->word, why) != RC_OK)
		log_fault(cx, "pull.dead");
}
