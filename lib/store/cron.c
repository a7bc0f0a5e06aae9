/* Schedules as rows: made, changed, looked at. */
#include <string.h>

#include "base/cron.h"
#include "store/cron.h"

enum { NAME_MAX_BYTES = 80 };

const char *
cron_owner_word(enum cron_owner owner)
{
	static const char *const words[] = { "stockroom", "file", "operator" };

	return words[owner];
}

static enum rc
name_check(struct cx *cx, const char *name)
{
	const size_t n = strlen(name);

	if (n > 0 && n <= NAME_MAX_BYTES &&
	    strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789._:-") == n)
		return RC_OK;
	return rc_field(cx, RC_INPUT, "name",
	    "1 to 80 of a to z, 0 to 9 and . _ - :",
	    text_cut(cx->mem, name, NAME_MAX_BYTES));
}

static enum rc
args_check(struct cx *cx, const char *args)
{
	const size_t n = strlen(args);
	struct json json;

	if (n > JOB_ARGS_MAX_BYTES)
		return rc_field(cx, RC_INPUT, "args",
		    text_fmt(cx->mem, "at most %d bytes of JSON",
			JOB_ARGS_MAX_BYTES),
		    text_fmt(cx->mem, "%zu bytes", n));
	return json_read(
	    cx, slice_of(args), JOB_ARGS_MAX_BYTES, RC_INPUT, &json);
}

/* Its next time, by the database's clock. */
static enum rc
next_time(struct cx *cx, const char *spec, const char *tz, int64_t *out)
{
	struct row row;

	TRY(cron_check(cx, spec, tz));
	TRY(db_one(cx, Q_CLOCK_NOW, NO_ARGS, &row));
	return cron_next(cx, spec, tz, row_int(row, 0), out);
}

enum rc
cron_put(struct cx *cx, const struct cron_new *c)
{
	const struct job_kind_row *kind = job_kind_row(c->kind);
	const char *args = c->args ? c->args : "{}";
	const char *tz = c->tz ? c->tz : "UTC";
	struct row row;
	int64_t next;
	enum rc rc;

	TRY(name_check(cx, c->name));
	TRY(args_check(cx, args));
	TRY(next_time(cx, c->spec, tz, &next));
	rc = db_one(cx, Q_CRON_SAVE,
	    ARGS(a_int(c->shop_id), a_text(c->name),
		a_text(cron_owner_word(c->owner)), a_int(kind->queue),
		a_text(kind->word), a_text(args), a_text(c->spec), a_text(tz),
		a_int(c->priority), a_int(next)),
	    &row);
	if (rc == RC_ABSENT)
		return rc_fail(cx, RC_CONFLICT,
		    "schedule %s is not one of the %s's", c->name,
		    cron_owner_word(c->owner));
	return rc;
}

enum rc
cron_keep(struct cx *cx, enum cron_owner owner, const char *const *names,
    size_t n, int64_t *dropped)
{
	return db_run(cx, Q_CRON_KEEP,
	    ARGS(a_text(cron_owner_word(owner)), a_texts(names, n)), dropped);
}

static void
cron_row_read(struct row row, struct cron_row *out)
{
	*out = (struct cron_row){
		.name = row_text(row, 0),
		.owner = row_text(row, 1),
		.spec = row_text(row, 2),
		.tz = row_text(row, 3),
		.kind = row_text(row, 4),
		.shop_id = row_int(row, 5),
		.args = row_text(row, 6),
		.priority = (int)row_int(row, 7),
		.paused = row_bool(row, 8),
		.changed = row_bool(row, 9),
		.next_at = row_int(row, 10),
		.fired_at = row_int(row, 11),
		.job_id = row_int(row, 12),
	};
}

enum rc
cron_list(struct cx *cx, struct cron_row **out, size_t *n)
{
	struct rows rows;
	size_t i;

	TRY(db_all(cx, Q_CRON_LIST, ARGS(a_null()), &rows));
	*out = ARENA_ARRAY(cx->mem, struct cron_row, rows.n + 1);
	*n = rows.n;
	for (i = 0; i < rows.n; i++)
		cron_row_read(rows_at(&rows, i), &(*out)[i]);
	return RC_OK;
}

enum rc
cron_load(struct cx *cx, const char *name, struct cron_row *out)
{
	struct row row;

	TRY(db_one(cx, Q_CRON_LIST, ARGS(a_text(name)), &row));
	cron_row_read(row, out);
	return RC_OK;
}

static bool
is_of(const struct cron_row *c, enum cron_owner owner)
{
	return text_same(c->owner, cron_owner_word(owner));
}

enum rc
cron_change(struct cx *cx, const char *name, const char *spec, const char *tz)
{
	struct cron_row old;
	struct row row;
	int64_t next;

	TRY(cron_load(cx, name, &old));
	if (is_of(&old, CRON_FILE))
		return rc_fail(cx, RC_CONFLICT,
		    "schedule %s stands in a file, which is where to change it",
		    name);
	spec = spec ? spec : old.spec;
	tz = tz ? tz : old.tz;
	TRY(next_time(cx, spec, tz, &next));
	return db_one(cx, Q_CRON_CHANGE,
	    ARGS(a_text(name), a_text(spec), a_text(tz), a_int(next)), &row);
}

enum rc
cron_pause(struct cx *cx, const char *name)
{
	struct row row;

	return db_one(cx, Q_CRON_PAUSE, ARGS(a_text(name)), &row);
}

enum rc
cron_resume(struct cx *cx, const char *name)
{
	struct cron_row old;
	struct row row;
	int64_t next;

	TRY(cron_load(cx, name, &old));
	TRY(next_time(cx, old.spec, old.tz, &next));
	return db_one(cx, Q_CRON_RESUME, ARGS(a_text(name), a_int(next)), &row);
}

enum rc
cron_run(struct cx *cx, const char *name)
{
	struct cron_row old;
	struct row row;
	enum rc rc;

	TRY(cron_load(cx, name, &old));
	rc = db_one(cx, Q_CRON_RUN, ARGS(a_text(name)), &row);
	if (rc == RC_ABSENT)
		return rc_fail(cx, RC_CONFLICT, "schedule %s is paused", name);
	return rc;
}

enum rc
cron_drop(struct cx *cx, const char *name)
{
	struct cron_row old;
	struct row row;

	TRY(cron_load(cx, name, &old));
	if (!is_of(&old, CRON_OPERATOR))
		return rc_fail(cx, RC_CONFLICT,
		    "schedule %s is not an operator's, but the %s's", name,
		    old.owner);
	return db_one(cx, Q_CRON_DROP, ARGS(a_text(name)), &row);
}
