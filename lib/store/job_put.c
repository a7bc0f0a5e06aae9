/* Putting jobs: one, what it waits for, or many (queue.md 4). */
#include <stdlib.h>
#include <string.h>

#include "store/job.h"
#include "store/mint.h"

enum { MANY = 2000, PUT_ARGS = 15 };

/* The request id as bytes; one that is not hex is kept as its characters. */
static struct slice
trace_of(struct cx *cx)
{
	return cx->trace ? slice_of(cx->trace) : (struct slice){ NULL, 0 };
}

static const char *
args_of(const struct job_new *job)
{
	return job->args ? job->args : "{}";
}

static enum rc
args_check(struct cx *cx, const struct job_new *job)
{
	const size_t n = strlen(args_of(job));

	if (n <= JOB_ARGS_MAX_BYTES)
		return RC_OK;
	return rc_field(cx, RC_INPUT, "args",
	    text_fmt(cx->mem, "at most %d bytes of JSON", JOB_ARGS_MAX_BYTES),
	    text_fmt(cx->mem, "%zu bytes", n));
}

/* What must be so together commits together. */
static enum rc
check(struct cx *cx, const struct job_new *job)
{
	if ((job->batch_id != 0 || job->after_n > 0) && !db_in_transaction(cx))
		return rc_fail(cx, RC_BUG,
		    "a job of a batch, or behind others, without a "
		    "transaction");
	if (job->after_n > JOB_AFTER_MOST ||
	    (job->after_n > 0 && job->delay_s > 0))
		return rc_fail(cx, RC_BUG,
		    "a job waits for %d others at most, or for a time",
		    JOB_AFTER_MOST);
	if (job->period_s > 0 && !job->unique)
		return rc_fail(cx, RC_BUG, "one job a period needs a name");
	return RC_OK;
}

static enum rc
batch_add(struct cx *cx, int64_t shop_id, int64_t batch_id, int64_t n)
{
	struct row row;
	enum rc rc;

	if (batch_id == 0 || n == 0)
		return RC_OK;
	rc = db_one(cx, Q_BATCH_ADD,
	    ARGS(a_int(shop_id), a_int(batch_id), a_int(n)), &row);
	if (rc == RC_ABSENT)
		return rc_fail(cx, RC_CONFLICT, "batch %lld takes no more jobs",
		    (long long)batch_id);
	return rc;
}

/* ---- the jobs it waits for */

struct parents {
	int64_t *live;
	size_t live_n;
	int64_t *ended;
	size_t ended_n;
};

static bool
among(int64_t id, const int64_t *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (list[i] == id)
			return true;
	return false;
}

/* From here to our commit none of the live ones can end unseen. */
static enum rc
parents_hold(struct cx *cx, const struct job_new *job, struct parents *out)
{
	struct rows rows;
	size_t i;

	TRY(db_all(cx, Q_JOB_PARENTS_HOLD,
	    ARGS(a_int(job->shop_id), a_ints(job->after, job->after_n)),
	    &rows));
	out->live = ARENA_ARRAY(cx->mem, int64_t, rows.n + 1);
	out->live_n = rows.n;
	for (i = 0; i < rows.n; i++)
		out->live[i] = row_int(rows_at(&rows, i), 0);
	out->ended = ARENA_ARRAY(cx->mem, int64_t, job->after_n + 1);
	out->ended_n = 0;
	for (i = 0; i < job->after_n; i++)
		if (!among(job->after[i], out->live, out->live_n))
			out->ended[out->ended_n++] = job->after[i];
	return RC_OK;
}

/* It may have ended while we waited for its row, so this looks anew. */
static enum rc
parents_ended(struct cx *cx, const struct job_new *job, const struct parents *p)
{
	struct row row;
	enum rc rc;

	if (p->ended_n == 0)
		return RC_OK;
	rc = db_one(cx, Q_JOB_PARENTS_FAILED,
	    ARGS(a_int(job->shop_id), a_ints(p->ended, p->ended_n)), &row);
	if (rc == RC_ABSENT)
		return RC_OK;
	TRY(rc);
	if (job->after_any && !text_same(row_text(row, 1), "not known"))
		return RC_OK;
	return rc_fail(cx, RC_CONFLICT,
	    "job %lld, which it would wait for, is %s",
	    (long long)row_int(row, 0), row_text(row, 1));
}

static enum rc
parents_load(struct cx *cx, const struct job_new *job, struct parents *out)
{
	*out = (struct parents){ 0 };
	if (job->after_n == 0)
		return RC_OK;
	TRY(parents_hold(cx, job, out));
	return parents_ended(cx, job, out);
}

/* ---- one */

struct one {
	const struct job_new *job;
	struct slice unique;
	struct parents parents;
};

/* The last value is what a query has besides; a null is left out. */
static enum rc
ask(struct cx *cx, enum query q, const struct one *one, struct arg last,
    struct row *row)
{
	const struct job_new *job = one->job;
	const struct job_kind_row *kind = job_kind_row(job->kind);
	const struct arg list[PUT_ARGS] = {
		a_int(job->shop_id),
		a_int(kind->queue),
		a_text(kind->word),
		a_text(args_of(job)),
		a_int(job->priority),
		a_bytes(one->unique),
		a_real(job->delay_s),
		a_int(job->shop_epoch),
		a_bytes(trace_of(cx)),
		a_int(job->attempts ? job->attempts : kind->attempts),
		a_int(kind->soft_s),
		a_int(kind->hard_s),
		job->batch_id ? a_int(job->batch_id) : a_null(),
		a_int((int64_t)one->parents.live_n),
		last,
	};
	const size_t n = PUT_ARGS - (last.kind == ARG_NULL);

	return db_one(cx, q, (struct args){ n, list }, row);
}

/* The job's id, or 0 when there is no row: a rival put the same a moment ago
 * (queue.md 4), or it is not its time yet. */
static enum rc
put(struct cx *cx, enum query q, const struct one *one, struct arg last,
    int64_t *id, bool *new)
{
	struct row row;
	const enum rc rc = ask(cx, q, one, last, &row);

	*id = 0;
	*new = false;
	if (rc == RC_ABSENT)
		return RC_OK;
	TRY(rc);
	*id = row_int(row, 0);
	*new = !row_bool(row, 1);
	return RC_OK;
}

static enum rc
one_of(struct cx *cx, const struct job_new *job, struct one *out)
{
	*out = (struct one){ .job = job };
	TRY(args_check(cx, job));
	return job->unique ? mint_hash(cx, job->unique, &out->unique) : RC_OK;
}

enum rc
job_put(struct cx *cx, const struct job_new *job, int64_t *id)
{
	int64_t unused;
	struct one one;
	bool new;

	if (job->same == JOB_REPLACE || job->period_s != 0 ||
	    job->batch_id != 0 || job->after_n != 0)
		return rc_fail(cx, RC_BUG, "that job needs job_put_tied");
	TRY(one_of(cx, job, &one));
	return put(cx, Q_JOB_PUT, &one, a_bool(job->same == JOB_AGAIN),
	    id ? id : &unused, &new);
}

/* One that was there already has its own batch and its own ties. */
static enum rc
tie(struct cx *cx, const struct one *one, int64_t id)
{
	const struct job_new *job = one->job;

	TRY(batch_add(cx, job->shop_id, job->batch_id, 1));
	if (one->parents.live_n == 0)
		return RC_OK;
	return db_run(cx, Q_JOB_DEP_PUT,
	    ARGS(a_ints(one->parents.live, one->parents.live_n), a_int(id),
		a_bool(job->after_any)),
	    NULL);
}

static enum rc
put_as_said(struct cx *cx, const struct one *one, int64_t *id, bool *new)
{
	const struct job_new *job = one->job;

	if (job->period_s > 0)
		return put(cx, Q_JOB_PUT_PERIOD, one,
		    a_real((double)job->period_s), id, new);
	if (job->unique && job->same == JOB_REPLACE)
		return put(cx, Q_JOB_PUT_REPLACE, one, a_null(), id, new);
	return put(cx, Q_JOB_PUT, one, a_bool(job->same == JOB_AGAIN), id, new);
}

enum rc
job_put_tied(struct cx *cx, const struct job_new *job, int64_t *id)
{
	int64_t unused;
	struct one one;
	bool new;

	id = id ? id : &unused;
	TRY(check(cx, job));
	TRY(one_of(cx, job, &one));
	TRY(parents_load(cx, job, &one.parents));
	TRY(put_as_said(cx, &one, id, &new));
	return new ? tie(cx, &one, *id) : RC_OK;
}

enum rc
job_untie(struct cx *cx, int most, struct job_untied *out)
{
	struct row row;

	TRY(db_one(cx, Q_JOB_UNTIE, ARGS(a_int(most)), &row));
	out->cancelled = row_int(row, 0);
	out->freed = row_int(row, 1);
	return RC_OK;
}

/* ---- many */

struct keyed {
	const struct job_new *job;
	struct slice unique;
};

static int
by_key(const void *left, const void *right)
{
	const struct keyed *a = left, *b = right;

	if (!a->unique.p || !b->unique.p)
		return (a->unique.p != NULL) - (b->unique.p != NULL);
	return memcmp(a->unique.p, b->unique.p, a->unique.n);
}

/* In the order of their keys over all statements: two that put the same at
 * once wait for each other, and do not lock each other out. */
static enum rc
in_order(
    struct cx *cx, const struct job_new *jobs, size_t n, struct keyed **out)
{
	struct keyed *list = ARENA_ARRAY(cx->mem, struct keyed, n + 1);
	size_t i;

	for (i = 0; i < n; i++) {
		list[i] = (struct keyed){ .job = &jobs[i] };
		TRY(check(cx, &jobs[i]));
		TRY(args_check(cx, &jobs[i]));
		if (jobs[i].after_n > 0 || jobs[i].period_s > 0 ||
		    jobs[i].batch_id != jobs[0].batch_id)
			return rc_fail(cx, RC_BUG, "not to be put with many");
		if (jobs[i].unique)
			TRY(mint_hash(cx, jobs[i].unique, &list[i].unique));
	}
	qsort(list, n, sizeof(*list), by_key);
	*out = list;
	return RC_OK;
}

/* Columns, as the statement unnests them. */
enum { SHOP, QUEUE, PRIORITY, DELAY, EPOCH, ATTEMPTS, SOFT, HARD, NUMBERS };

struct columns {
	int64_t numbers[NUMBERS][MANY];
	const char *kinds[MANY];
	const char *args[MANY];
	struct slice keys[MANY];
};

static void
fill(struct columns *c, size_t i, const struct keyed *k)
{
	const struct job_new *job = k->job;
	const struct job_kind_row *kind = job_kind_row(job->kind);

	c->numbers[SHOP][i] = job->shop_id;
	c->numbers[QUEUE][i] = kind->queue;
	c->numbers[PRIORITY][i] = job->priority;
	c->numbers[DELAY][i] = (int64_t)(job->delay_s * 1000);
	c->numbers[EPOCH][i] = job->shop_epoch;
	c->numbers[ATTEMPTS][i] =
	    job->attempts ? job->attempts : kind->attempts;
	c->numbers[SOFT][i] = kind->soft_s;
	c->numbers[HARD][i] = kind->hard_s;
	c->kinds[i] = kind->word;
	c->args[i] = args_of(job);
	c->keys[i] = k->unique;
}

static enum rc
put_some(struct cx *cx, const struct keyed *list, size_t n, int64_t *put_n)
{
	struct columns *c = arena_alloc(cx->mem, sizeof(*c));
	const int64_t batch_id = list[0].job->batch_id;
	struct row row;
	size_t i;

	for (i = 0; i < n; i++)
		fill(c, i, &list[i]);
	TRY(db_one(cx, Q_JOB_PUT_MANY,
	    ARGS(a_ints(c->numbers[SHOP], n), a_ints(c->numbers[QUEUE], n),
		a_texts(c->kinds, n), a_texts(c->args, n),
		a_ints(c->numbers[PRIORITY], n), a_byteses(c->keys, n),
		a_ints(c->numbers[DELAY], n), a_ints(c->numbers[EPOCH], n),
		a_ints(c->numbers[ATTEMPTS], n), a_ints(c->numbers[SOFT], n),
		a_ints(c->numbers[HARD], n), a_bytes(trace_of(cx)),
		batch_id ? a_int(batch_id) : a_null()),
	    &row));
	*put_n += row_int(row, 0);
	return batch_add(cx, list[0].job->shop_id, batch_id, row_int(row, 0));
}

enum rc
job_put_many(
    struct cx *cx, const struct job_new *jobs, size_t n, int64_t *put_n)
{
	struct keyed *list = NULL;
	int64_t sum = 0;
	size_t i;

	TRY(in_order(cx, jobs, n, &list));
	for (i = 0; i < n; i += MANY) {
		const struct arena_mark mark = arena_mark(cx->mem);

		TRY(put_some(cx, list + i, n - i < MANY ? n - i : MANY, &sum));
		arena_back(cx->mem, mark);
	}
	if (put_n)
		*put_n = sum;
	return RC_OK;
}

void
job_spread(struct job_new *jobs, size_t n, double over_s)
{
	size_t i;

	for (i = 0; i < n; i++)
		jobs[i].delay_s = over_s * (double)i / (double)n;
}
