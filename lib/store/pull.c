/* Pulls and their parts as rows. */
#include <string.h>

#include "base/uuid.h"
#include "store/pull.h"

enum rc
pull_put(struct cx *cx, struct pull *pull, const char *const *resources,
    size_t n, const char *asked_by)
{
	TRY(uuid_mint(cx, &pull->id));
	TRY(db_run(cx, Q_PULL_PUT,
	    ARGS(a_int(cx->shop_id), a_text(pull->id), a_text(pull->mode),
		a_texts(resources, n),
		pull->since ? a_int(pull->since) : a_null(),
		a_int(pull->shop_epoch), a_text(asked_by),
		a_bytes(slice_of(cx->trace ? cx->trace : ""))),
	    NULL));
	return db_run(cx, Q_PULL_PART_PUT,
	    ARGS(a_int(cx->shop_id), a_text(pull->id)), NULL);
}

static void
pull_read(struct row row, struct pull *out)
{
	*out = (struct pull){
		.id = row_text(row, 0),
		.mode = row_text(row, 1),
		.state = row_text(row, 2),
		.since = row_int(row, 3),
		.shop_epoch = (int32_t)row_int(row, 4),
		.created_at = row_int(row, 5),
		.started_at = row_int(row, 6),
		.finished_at = row_int(row, 7),
		.error = row_text(row, 8),
	};
}

static void
part_read(struct row row, struct pull_part *out)
{
	*out = (struct pull_part){
		.pull_id = row_text(row, 0),
		.resource = row_text(row, 1),
		.state = row_text(row, 2),
		.done = row_int(row, 3),
		.total = row_null(row, 4) ? -1 : row_int(row, 4),
		.pages = row_int(row, 5),
		.children = row_text(row, 6),
		.cost_points = row_int(row, 7),
		.error = row_text(row, 8),
		.started_at = row_int(row, 9),
		.finished_at = row_int(row, 10),
		.job_id = row_int(row, 11),
		.job_error = row_text(row, 12),
		.job_state = row_text(row, 13),
		.job_run_at = row_int(row, 14),
		.mode = row_text(row, 15),
		.bulk_id = row_text(row, 16),
		.bulk_status = row_text(row, 17),
		.bulk_objects = row_null(row, 18) ? -1 : row_int(row, 18),
		.file_bytes = row_null(row, 19) ? -1 : row_int(row, 19),
		.read_bytes = row_int(row, 20),
	};
}

/* Parts come in their pulls' order: each pull gets its stretch of them. */
static void
hand_out(
    struct pull *pulls, size_t n, const struct pull_part *parts, size_t n_parts)
{
	size_t i, j;

	for (i = 0; i < n; i++)
		for (j = 0; j < n_parts; j++) {
			if (!text_same(parts[j].pull_id, pulls[i].id))
				continue;
			if (pulls[i].n_parts++ == 0)
				pulls[i].parts = &parts[j];
		}
}

static enum rc
parts_load(struct cx *cx, struct pull *pulls, size_t n)
{
	const char **ids = ARENA_ARRAY(cx->mem, const char *, n + 1);
	struct pull_part *parts;
	struct rows rows;
	size_t i;

	for (i = 0; i < n; i++)
		ids[i] = pulls[i].id;
	TRY(db_all(cx, Q_PULL_PART_LIST,
	    ARGS(a_int(cx->shop_id), a_texts(ids, n)), &rows));
	parts = ARENA_ARRAY(cx->mem, struct pull_part, rows.n + 1);
	for (i = 0; i < rows.n; i++)
		part_read(rows_at(&rows, i), &parts[i]);
	hand_out(pulls, n, parts, rows.n);
	return RC_OK;
}

enum rc
pull_load(struct cx *cx, const char *id, struct pull *out)
{
	struct row row;

	TRY(db_one(
	    cx, Q_PULL_LOAD, ARGS(a_int(cx->shop_id), a_text(id)), &row));
	pull_read(row, out);
	return parts_load(cx, out, 1);
}

enum rc
pull_list(
    struct cx *cx, const char *after, int limit, struct pull **out, size_t *n)
{
	struct rows rows;
	size_t i;

	TRY(db_all(cx, Q_PULL_LIST,
	    ARGS(a_int(cx->shop_id), a_text(after), a_int(limit)), &rows));
	*out = ARENA_ARRAY(cx->mem, struct pull, rows.n + 1);
	*n = rows.n;
	for (i = 0; i < rows.n; i++)
		pull_read(rows_at(&rows, i), &(*out)[i]);
	return parts_load(cx, *out, *n);
}

enum rc
pull_step_load(
    struct cx *cx, const char *id, const char *resource, struct pull_step *out)
{
	struct row row;

	TRY(db_one(cx, Q_PULL_PART_LOAD,
	    ARGS(a_int(cx->shop_id), a_text(id), a_text(resource)), &row));
	*out = (struct pull_step){
		.state = row_text(row, 0),
		.cursor = row_text(row, 1),
		.page_size = (int)row_int(row, 2),
		.pages = row_int(row, 3),
		.done = row_int(row, 4),
		.total = row_null(row, 5) ? -1 : row_int(row, 5),
		.pull_state = row_text(row, 6),
		.since = row_text(row, 7),
		.shop_epoch = (int32_t)row_int(row, 8),
		.window = row_int(row, 9),
		.mode = row_text(row, 10),
	};
	return RC_OK;
}

enum rc
pull_begin(struct cx *cx, const char *id, const char *resource, int64_t total)
{
	TRY(db_run(
	    cx, Q_PULL_START, ARGS(a_int(cx->shop_id), a_text(id)), NULL));
	return db_run(cx, Q_PULL_PART_BEGIN,
	    ARGS(a_int(cx->shop_id), a_text(id), a_text(resource),
		total < 0 ? a_null() : a_int(total)),
	    NULL);
}

enum rc
pull_lock(struct cx *cx, const char *id)
{
	struct row row;

	return db_one(
	    cx, Q_PULL_LOCK, ARGS(a_int(cx->shop_id), a_text(id)), &row);
}

enum rc
pull_finish(struct cx *cx, const char *id)
{
	return db_run(
	    cx, Q_PULL_FINISH, ARGS(a_int(cx->shop_id), a_text(id)), NULL);
}

enum rc
pull_advance(struct cx *cx, const char *id, const char *resource,
    const struct pull_page *page)
{
	struct row row;
	enum rc rc;

	if (!page->more)
		TRY(pull_lock(cx, id));
	rc = db_one(cx, Q_PULL_PART_ADVANCE,
	    ARGS(a_int(cx->shop_id), a_text(id), a_text(resource),
		page->window ? a_null() : a_text(page->cursor),
		a_int(page->page_size), a_int(page->objects),
		a_text(page->children), a_int(page->cost_points),
		a_text(page->more ? "running" : "completed"),
		page->window ? a_int(page->window) : a_null()),
	    &row);
	if (rc == RC_ABSENT)
		return rc_fail(cx, RC_STOPPED, "the pull was stopped");
	TRY(rc);
	return page->more ? RC_OK : pull_finish(cx, id);
}

enum rc
pull_fail(struct cx *cx, const char *id, const char *resource, const char *why)
{
	TRY(db_begin(cx));
	TRY(pull_lock(cx, id));
	TRY(db_run(cx, Q_PULL_PART_FAIL,
	    ARGS(a_int(cx->shop_id), a_text(id), a_text(resource), a_text(why)),
	    NULL));
	TRY(pull_finish(cx, id));
	return db_commit(cx);
}

enum rc
pull_cancel(struct cx *cx, const char *id)
{
	const struct args args = ARGS(a_int(cx->shop_id), a_text(id));

	/* Locks in the order of a page's transaction: job, pull, part. */
	TRY(db_begin(cx));
	TRY(db_run(cx, Q_PULL_JOBS_CANCEL, args, NULL));
	TRY(pull_lock(cx, id));
	TRY(db_run(cx, Q_PULL_CANCEL, args, NULL));
	TRY(db_run(cx, Q_PULL_PART_CANCEL, args, NULL));
	return db_commit(cx);
}
