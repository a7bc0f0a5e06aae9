/* Dead letters put once more, and waiting jobs tried now (queue.md 4). */
#include "store/replay.h"
#include "store/job.h"
#include "store/queue.h"

enum { REPLAY_SOME = 1000 };

/* Every kind that there is: what its jobs are allowed is not kept with them,
 * and of a kind that is gone none is replayed. */
struct kinds {
	const char *words[JOB_KINDS];
	int64_t attempts[JOB_KINDS];
	int64_t soft_s[JOB_KINDS];
	int64_t hard_s[JOB_KINDS];
};

static struct kinds *
kinds_all(struct cx *cx)
{
	struct kinds *k = ARENA_NEW(cx->mem, struct kinds);
	int i;

	for (i = 0; i < JOB_KINDS; i++) {
		const struct job_kind_row *row = job_kind_row((enum job_kind)i);

		k->words[i] = row->word;
		k->attempts[i] = row->attempts;
		k->soft_s[i] = row->soft_s;
		k->hard_s[i] = row->hard_s;
	}
	return k;
}

/* ---- the filter */

/* Whose: the one named, else for a caller of one shop that shop. */
static struct arg
shop_of(const struct cx *cx, int64_t named)
{
	if (!cx->every_shop)
		return a_int(cx->shop_id);
	return named ? a_int(named) : a_null();
}

static enum rc
filter_check(struct cx *cx, const struct replay_filter *f)
{
	if (!f->queue && !f->kind && !f->shop_id && !f->from && !f->until)
		return rc_field(cx, RC_INPUT, "filter",
		    "at least one of queue, kind, shop, since and before",
		    NULL);
	if (f->kind && job_kind_of(f->kind) == JOB_KINDS)
		return rc_field(cx, RC_INPUT, "kind", "a kind of job", f->kind);
	if (f->until && f->from >= f->until)
		return rc_field(
		    cx, RC_INPUT, "until", "a time later than from", NULL);
	return RC_OK;
}

static enum rc
queue_number(struct cx *cx, const char *name, struct arg *out)
{
	struct queue queue;
	enum rc rc;

	*out = a_null();
	if (!name)
		return RC_OK;
	rc = queue_load(cx, name, &queue);
	if (rc == RC_ABSENT)
		return rc_field(cx, RC_INPUT, "queue", "a queue", name);
	TRY(rc);
	*out = a_int(queue.id);
	return RC_OK;
}

enum rc
replay_count(struct cx *cx, const struct replay_filter *f, int64_t *n)
{
	struct arg queue;
	struct row row;

	TRY(filter_check(cx, f));
	TRY(queue_number(cx, f->queue, &queue));
	TRY(db_one(cx, Q_REPLAY_COUNT,
	    ARGS(shop_of(cx, f->shop_id), queue, a_text(f->kind),
		a_time(f->from), a_time(f->until),
		a_texts(kinds_all(cx)->words, JOB_KINDS)),
	    &row));
	*n = row_int(row, 0);
	return RC_OK;
}

/* ---- putting */

struct some {
	struct arg queue;
	int64_t id; /* one of them; 0: any */
	int64_t most;
	int64_t before; /* put already */
	double step_s;
	int priority;
};

static enum rc
put(struct cx *cx, const struct replay_filter *f, const struct some *some,
    struct rows *out)
{
	const struct kinds *k = kinds_all(cx);

	return db_all(cx, Q_REPLAY_PUT,
	    ARGS(shop_of(cx, f->shop_id), some->queue, a_text(f->kind),
		a_time(f->from), a_time(f->until),
		some->id ? a_int(some->id) : a_null(),
		a_texts(k->words, JOB_KINDS), a_ints(k->attempts, JOB_KINDS),
		a_ints(k->soft_s, JOB_KINDS), a_ints(k->hard_s, JOB_KINDS),
		a_int(some->most), a_int(some->before), a_real(some->step_s),
		a_int(some->priority)),
	    out);
}

static int64_t
lesser(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Each statement is its own transaction: what is put is put. */
static enum rc
put_all(struct cx *cx, const struct replay_filter *f, struct some *some,
    int64_t total)
{
	struct rows rows = { .n = 1 };

	while (rows.n > 0 && some->before < total) {
		some->most = lesser(REPLAY_SOME, total - some->before);
		TRY(put(cx, f, some, &rows));
		some->before += (int64_t)rows.n;
	}
	return RC_OK;
}

enum rc
replay_all(
    struct cx *cx, const struct replay_filter *f, int64_t spread_s, int64_t *n)
{
	struct some some = { .priority = JOB_BACKGROUND };
	int64_t total;

	*n = 0;
	if (spread_s < 0 || spread_s > REPLAY_SPREAD_MOST_S)
		return rc_field(cx, RC_INPUT, "spread_s",
		    "seconds from 0 to 86400",
		    text_fmt(cx->mem, "%lld", (long long)spread_s));
	TRY(replay_count(cx, f, &total));
	total = lesser(total, REPLAY_MOST);
	TRY(queue_number(cx, f->queue, &some.queue));
	if (total > 0)
		some.step_s = (double)spread_s / (double)total;
	TRY(put_all(cx, f, &some, total));
	*n = some.before;
	return RC_OK;
}

/* Why nothing was put; or the job that a first click put. */
static enum rc
put_before(struct cx *cx, int64_t id, int64_t *job)
{
	struct row row;

	TRY(db_one(cx, Q_REPLAY_FIND, ARGS(shop_of(cx, 0), a_int(id)), &row));
	*job = row_int(row, 2);
	if (*job != 0)
		return RC_OK;
	if (!text_same(row_text(row, 0), "dead"))
		return rc_fail(cx, RC_CONFLICT, "job %lld is %s, not dead",
		    (long long)id, row_text(row, 0));
	return rc_fail(cx, RC_CONFLICT, "there are no jobs of kind %s any more",
	    row_text(row, 1));
}

enum rc
replay_one(struct cx *cx, int64_t id, int64_t *job)
{
	static const struct replay_filter any;
	const struct some some = {
		.queue = a_null(),
		.id = id,
		.most = 1,
		.priority = JOB_WATCHED,
	};
	struct rows rows;

	TRY(put(cx, &any, &some, &rows));
	if (rows.n == 0)
		return put_before(cx, id, job);
	*job = row_int(rows_at(&rows, 0), 0);
	return RC_OK;
}

/* ---- one that waits */

enum rc
retry_now(struct cx *cx, int64_t id)
{
	const struct args args = ARGS(shop_of(cx, 0), a_int(id));
	struct row row;
	const enum rc rc = db_one(cx, Q_RETRY_NOW, args, &row);

	if (rc != RC_ABSENT)
		return rc;
	TRY(db_one(cx, Q_RETRY_STATE, args, &row));
	return rc_fail(
	    cx, RC_CONFLICT, "job %lld is %s", (long long)id, row_text(row, 0));
}
