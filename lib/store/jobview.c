/* Jobs as people look at them: live and ended, in one list. */
#include "store/jobview.h"
#include "store/figure.h"

static void
view_read(struct row row, struct jobview *out)
{
	*out = (struct jobview){
		.id = row_int(row, 0),
		.queue = row_text(row, 1),
		.shop_id = row_int(row, 2),
		.kind = row_text(row, 3),
		.state = row_text(row, 4),
		.priority = row_null(row, 5) ? -1 : (int)row_int(row, 5),
		.attempt = (int)row_int(row, 6),
		.max_attempts = (int)row_int(row, 7),
		.args = row_text(row, 8),
		.error = row_text(row, 9),
		.trace = row_text(row, 10),
		.created_at = row_int(row, 11),
		.run_at = row_int(row, 12),
		.started_at = row_int(row, 13),
		.finished_at = row_int(row, 14),
		.result = row_text(row, 15),
		.batch_id = row_int(row, 16),
		.cancel_at = row_int(row, 17),
		.worker_id = row_int(row, 18),
	};
}

/* Row-level security holds besides. */
static struct arg
whose(const struct cx *cx)
{
	return cx->every_shop ? a_null() : a_int(cx->shop_id);
}

static struct arg
id_or_null(int64_t id)
{
	return id ? a_int(id) : a_null();
}

enum rc
jobview_list(struct cx *cx, const struct jobview_ask *ask, struct jobview **out,
    size_t *n)
{
	struct rows rows;
	size_t i;

	TRY(db_all(cx, Q_JOB_LIST,
	    ARGS(whose(cx), id_or_null(ask->after),
		ask->n_states ? a_texts(ask->states, ask->n_states) : a_null(),
		a_text(ask->kind), a_text(ask->queue), a_time(ask->since),
		a_time(ask->before), a_text(ask->text),
		id_or_null(ask->batch_id), a_int(ask->limit)),
	    &rows));
	*out = ARENA_ARRAY(cx->mem, struct jobview, rows.n + 1);
	*n = rows.n;
	for (i = 0; i < rows.n; i++)
		view_read(rows_at(&rows, i), &(*out)[i]);
	return RC_OK;
}

enum rc
jobview_load(struct cx *cx, int64_t id, struct jobview *out)
{
	struct row row;

	TRY(db_one(cx, Q_JOB_LOAD, ARGS(whose(cx), a_int(id)), &row));
	view_read(row, out);
	return RC_OK;
}

const char *const jobwhy_words[] = { "paused", "cap", "shop_cap", "rate",
	"hold", "blocked", "scheduled", "no_worker", "next", NULL };

/* A cap counts the jobs of all shops: only the word for it leaves. */
static enum rc
ask_why(
    struct cx *cx, const struct jobview *job, const char *pool, struct row *row)
{
	const bool before = cx->every_shop;
	enum rc rc;

	cx->every_shop = true;
	rc = db_one(cx, Q_JOB_WHY,
	    ARGS(a_int(job->shop_id), a_int(job->id), a_text(pool)), row);
	cx->every_shop = before;
	return rc;
}

enum rc
jobview_why(struct cx *cx, const struct jobview *job, const char *pool,
    struct jobwhy *out)
{
	struct row row;
	const enum rc rc = ask_why(cx, job, pool, &row);

	*out = (struct jobwhy){ .word = NULL };
	if (rc == RC_ABSENT)
		return RC_OK;
	TRY(rc);
	*out = (struct jobwhy){
		.word = row_text(row, 0),
		.until = row_int(row, 1),
		.n = row_int(row, 2),
		.queue = row_text(row, 3),
	};
	return RC_OK;
}

enum rc
jobview_notes(
    struct cx *cx, const struct jobview *job, struct jobnote **out, size_t *n)
{
	struct rows rows;
	size_t i;

	TRY(db_all(cx, Q_JOB_NOTE_LIST,
	    ARGS(a_int(job->shop_id), a_int(job->id)), &rows));
	*out = ARENA_ARRAY(cx->mem, struct jobnote, rows.n + 1);
	*n = rows.n;
	for (i = 0; i < rows.n; i++) {
		(*out)[i].at = row_int(rows_at(&rows, i), 1);
		(*out)[i].text = row_text(rows_at(&rows, i), 2);
	}
	return RC_OK;
}

enum rc
jobview_attempts(struct cx *cx, const struct jobview *job,
    struct jobattempt **out, size_t *n)
{
	struct rows rows;
	size_t i;

	TRY(db_all(cx, Q_JOB_ATTEMPT_LIST,
	    ARGS(a_int(job->shop_id), a_int(job->id)), &rows));
	*out = ARENA_ARRAY(cx->mem, struct jobattempt, rows.n + 1);
	*n = rows.n;
	for (i = 0; i < rows.n; i++) {
		const struct row row = rows_at(&rows, i);

		(*out)[i] = (struct jobattempt){
			.attempt = (int)row_int(row, 0),
			.became = row_text(row, 1),
			.at = row_int(row, 2),
			.error = row_text(row, 3),
		};
	}
	return RC_OK;
}

enum rc
jobview_progress(struct cx *cx, const struct jobview *job, int64_t *done,
    int64_t *total, const char **note)
{
	struct row row;

	TRY(db_one(cx, Q_JOB_PROGRESS_LOAD,
	    ARGS(a_int(job->shop_id), a_int(job->id)), &row));
	*done = row_int(row, 0);
	*total = row_null(row, 1) ? -1 : row_int(row, 1);
	*note = row_text(row, 2);
	return RC_OK;
}

enum rc
jobview_holder(struct cx *cx, const struct jobview *job, struct jobholder *out)
{
	struct row row;

	TRY(db_one(cx, Q_JOB_HOLDER, ARGS(a_int(job->worker_id)), &row));
	*out = (struct jobholder){
		.id = row_int(row, 0),
		.host = row_text(row, 1),
		.pid = row_int(row, 2),
		.lease_until = row_int(row, 3),
		.alive = row_bool(row, 4),
	};
	return RC_OK;
}

enum rc
jobview_kin(
    struct cx *cx, const struct jobview *job, struct jobkin **out, size_t *n)
{
	struct rows rows;
	size_t i;

	TRY(db_all(
	    cx, Q_JOB_KIN, ARGS(a_int(job->shop_id), a_int(job->id)), &rows));
	*out = ARENA_ARRAY(cx->mem, struct jobkin, rows.n + 1);
	*n = rows.n;
	for (i = 0; i < rows.n; i++) {
		const struct row row = rows_at(&rows, i);

		(*out)[i] = (struct jobkin){
			.up = row_bool(row, 0),
			.id = row_int(row, 1),
			.kind = row_text(row, 2),
			.state = row_text(row, 3),
		};
	}
	return RC_OK;
}

enum rc
jobview_replayed(struct cx *cx, const struct jobview *job, int64_t *by)
{
	struct row row;
	const enum rc rc = db_one(cx, Q_JOB_REPLAYED,
	    ARGS(a_int(job->shop_id), a_int(job->id)), &row);

	*by = rc == RC_OK ? row_int(row, 0) : 0;
	return rc == RC_ABSENT ? RC_OK : rc;
}

enum rc
jobview_batch(struct cx *cx, int64_t id, int64_t *shop_id)
{
	struct row row;

	TRY(db_one(cx, Q_BATCH_SHOP, ARGS(whose(cx), a_int(id)), &row));
	*shop_id = row_int(row, 0);
	return RC_OK;
}

enum rc
jobview_backlog(struct cx *cx, int64_t *age_s, bool *jobd)
{
	struct figure_queue *list;
	struct row row;
	size_t n, i;

	TRY(db_one(cx, Q_JOB_ALIVE, NO_ARGS, &row));
	TRY(figure_levels(cx, &list, &n));
	*jobd = row_bool(row, 0);
	*age_s = 0;
	for (i = 0; i < n; i++)
		if (list[i].oldest_s > (double)*age_s)
			*age_s = (int64_t)list[i].oldest_s;
	return RC_OK;
}
