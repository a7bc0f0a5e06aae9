/* A part that is pulled in bulk. */
#include "store/bulk.h"
#include "store/pull.h"

static int64_t
count_of(struct row row, int col)
{
	return row_null(row, col) ? -1 : row_int(row, col);
}

enum rc
bulk_part_load(struct cx *cx, const char *pull_id, const char *resource,
    struct bulk_part *out)
{
	struct row row;

	TRY(db_one(cx, Q_BULK_PART_LOAD,
	    ARGS(a_int(cx->shop_id), a_text(pull_id), a_text(resource)), &row));
	*out = (struct bulk_part){
		.pull_id = pull_id,
		.resource = resource,
		.state = row_text(row, 0),
		.mode = row_text(row, 1),
		.id = row_text(row, 2),
		.status = row_text(row, 3),
		.look = row_text(row, 4),
		.tries = row_int(row, 5),
		.objects = count_of(row, 6),
		.roots = count_of(row, 7),
		.file_bytes = count_of(row, 8),
		.read_bytes = row_int(row, 9),
		.read_lines = row_int(row, 10),
		.done = row_int(row, 11),
		.total = count_of(row, 12),
		.shop_epoch = (int32_t)row_int(row, 13),
		.since = row_text(row, 14),
		.age_s = row_real(row, 15),
	};
	return RC_OK;
}

/* No row: somebody has stopped it meanwhile. */
static enum rc
going(struct cx *cx, enum rc rc)
{
	return rc == RC_ABSENT ? rc_fail(cx, RC_STOPPED, "the pull was stopped")
			       : rc;
}

enum rc
bulk_part_begin(struct cx *cx, const struct bulk_part *part, const char *id,
    const char *status, const char *look)
{
	struct row row;

	TRY(db_run(cx, Q_PULL_START,
	    ARGS(a_int(cx->shop_id), a_text(part->pull_id)), NULL));
	TRY(db_run(cx, Q_BULK_LEFT_FORGET,
	    ARGS(a_int(cx->shop_id), a_text(part->pull_id),
		a_text(part->resource)),
	    NULL));
	return going(cx, db_one(cx, Q_BULK_PART_BEGIN,
			     ARGS(a_int(cx->shop_id), a_text(part->pull_id),
				 a_text(part->resource), a_text(id),
				 a_text(status), a_text(look)),
			     &row));
}

enum rc
bulk_part_mode(
    struct cx *cx, const char *pull_id, const char *resource, const char *mode)
{
	return db_run(cx, Q_BULK_PART_MODE,
	    ARGS(a_int(cx->shop_id), a_text(pull_id), a_text(resource),
		a_text(mode)),
	    NULL);
}

static struct arg
a_count(int64_t n)
{
	return n < 0 ? a_null() : a_int(n);
}

enum rc
bulk_part_note(struct cx *cx, const struct bulk_part *part)
{
	return db_run(cx, Q_BULK_PART_NOTE,
	    ARGS(a_int(cx->shop_id), a_text(part->pull_id),
		a_text(part->resource), a_text(part->status),
		a_count(part->objects), a_count(part->roots),
		a_count(part->file_bytes)),
	    NULL);
}

enum rc
bulk_part_advance(
    struct cx *cx, const struct bulk_part *part, const struct bulk_step *step)
{
	struct row row;

	return going(
	    cx, db_one(cx, Q_BULK_PART_ADVANCE,
		    ARGS(a_int(cx->shop_id), a_text(part->pull_id),
			a_text(part->resource), a_int(part->read_bytes),
			a_int(part->read_lines), a_int(step->objects),
			a_text(step->children), a_int(step->cost_points)),
		    &row));
}

enum rc
bulk_part_end(struct cx *cx, const struct bulk_part *part)
{
	struct row row;

	TRY(pull_lock(cx, part->pull_id));
	TRY(going(cx, db_one(cx, Q_BULK_PART_END,
			  ARGS(a_int(cx->shop_id), a_text(part->pull_id),
			      a_text(part->resource)),
			  &row)));
	return pull_finish(cx, part->pull_id);
}

enum rc
bulk_part_of(struct cx *cx, const char *bulk_id, const char **pull_id,
    const char **resource)
{
	struct row row;

	TRY(db_one(cx, Q_BULK_PART_OF,
	    ARGS(a_int(cx->shop_id), a_text(bulk_id)), &row));
	*pull_id = row_text(row, 0);
	*resource = row_text(row, 1);
	return RC_OK;
}

enum rc
bulk_wake(struct cx *cx, const char *pull_id, const char *resource)
{
	return db_run(cx, Q_BULK_WAKE,
	    ARGS(a_int(cx->shop_id), a_text(pull_id), a_text(resource)), NULL);
}

enum rc
bulk_unsynced(struct cx *cx)
{
	return db_run(cx, Q_BULK_UNSYNCED, NO_ARGS, NULL);
}

enum rc
bulk_replan(struct cx *cx)
{
	return db_run(cx, Q_BULK_REPLAN, NO_ARGS, NULL);
}
