/* Jobs as people look at them: live and ended, in one list. */
#include "store/jobview.h"

static void
view_read(struct row row, struct jobview *out)
{
	*out = (struct jobview){
		.id = row_int(row, 0),
		.queue = (int)row_int(row, 1),
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
	};
}

static enum rc
list_rows(struct cx *cx, const struct jobview_ask *ask, struct rows *rows)
{
	const struct arg after = ask->after ? a_int(ask->after) : a_null();

	if (cx->every_shop)
		return db_all(cx, Q_JOB_LIST_ALL,
		    ARGS(after, a_text(ask->state), a_text(ask->kind),
			a_int(ask->limit)),
		    rows);
	return db_all(cx, Q_JOB_LIST,
	    ARGS(a_int(cx->shop_id), after, a_text(ask->state),
		a_text(ask->kind), a_int(ask->limit)),
	    rows);
}

enum rc
jobview_list(struct cx *cx, const struct jobview_ask *ask, struct jobview **out,
    size_t *n)
{
	struct rows rows;
	size_t i;

	TRY(list_rows(cx, ask, &rows));
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

	if (cx->every_shop)
		TRY(db_one(cx, Q_JOB_LOAD_ALL, ARGS(a_int(id)), &row));
	else
		TRY(db_one(
		    cx, Q_JOB_LOAD, ARGS(a_int(cx->shop_id), a_int(id)), &row));
	view_read(row, out);
	return RC_OK;
}

enum rc
jobview_why(struct cx *cx, const struct jobview *job, const char **out)
{
	struct row row;
	enum rc rc;

	*out = NULL;
	rc = db_one(
	    cx, Q_JOB_WHY, ARGS(a_int(job->shop_id), a_int(job->id)), &row);
	if (rc == RC_ABSENT)
		return RC_OK;
	TRY(rc);
	*out = row_text(row, 0);
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
jobview_backlog(struct cx *cx, int64_t *age_s, bool *jobd)
{
	struct row row;

	TRY(db_one(cx, Q_JOB_BACKLOG, NO_ARGS, &row));
	*age_s = (int64_t)row_real(row, 0);
	*jobd = row_bool(row, 1);
	return RC_OK;
}
