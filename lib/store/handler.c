/* How handlers fared, and what their programs gave back. */
#include "store/handler.h"

enum rc
handler_done(struct cx *cx, const char *name, int64_t job_id)
{
	return db_run(
	    cx, Q_HANDLER_DONE, ARGS(a_text(name), a_int(job_id)), NULL);
}

enum rc
handler_fail(struct cx *cx, const struct handler_failure *f, bool *off)
{
	struct row row;

	TRY(db_one(cx, Q_HANDLER_FAIL,
	    ARGS(a_text(f->name), a_int(f->job_id), a_text(f->error),
		a_text(f->off_reason), a_int(f->days)),
	    &row));
	*off = row_bool(row, 0);
	return RC_OK;
}

enum rc
handler_check_on(struct cx *cx, const char *name)
{
	struct row row;
	const enum rc rc = db_one(cx, Q_HANDLER_OFF, ARGS(a_text(name)), &row);

	if (rc == RC_ABSENT)
		return RC_OK;
	TRY(rc);
	return rc_fail(cx, RC_UNPROCESSABLE,
	    "handler %s is switched off since %s: %s", name, row_text(row, 0),
	    row_text(row, 1));
}

enum rc
handler_on(struct cx *cx, const char *name)
{
	struct row row;

	return db_one(cx, Q_HANDLER_ON, ARGS(a_text(name)), &row);
}

enum rc
handler_list(struct cx *cx, struct handler_row **out, size_t *n)
{
	struct rows rows;

	TRY(db_all(cx, Q_HANDLER_LIST, NO_ARGS, &rows));
	*out = ARENA_ARRAY(cx->mem, struct handler_row, rows.n + 1);
	*n = rows.n;
	for (size_t i = 0; i < rows.n; i++) {
		const struct row row = rows_at(&rows, i);

		(*out)[i] = (struct handler_row){
			.name = row_text(row, 0),
			.last_at = row_int(row, 1),
			.last_job = row_int(row, 2),
			.done = row_int(row, 3),
			.failed = row_int(row, 4),
			.failing_since = row_int(row, 5),
			.error = row_text(row, 6),
			.off_at = row_int(row, 7),
			.off_reason = row_text(row, 8),
		};
	}
	return RC_OK;
}

/* ---- results */

struct blob_place
handler_result_place(struct cx *cx, int64_t shop_id, int64_t job_id)
{
	return (struct blob_place){ shop_id, "handler_result", "sealed",
		text_fmt(cx->mem, "%lld", (long long)job_id) };
}

enum rc
handler_result_put(
    struct cx *cx, int64_t shop_id, const struct handler_result *r)
{
	const char kind[] = { r->subject.kind, '\0' };

	return db_run(cx, Q_HANDLER_RESULT_PUT,
	    ARGS(a_int(shop_id), a_int(r->job_id), a_text(r->handler),
		a_int(r->bytes), a_bool(r->cut), a_text(kind),
		a_int(r->subject.id), a_bytes(r->sealed)),
	    NULL);
}

static struct subject
subject_read(struct row row, int col)
{
	const char *kind = row_text(row, col);

	return (struct subject){ kind ? kind[0] : 's', row_int(row, col + 1) };
}

enum rc
handler_result_load(
    struct cx *cx, int64_t shop_id, int64_t job_id, struct handler_result *out)
{
	struct row row;

	TRY(db_one(cx, Q_HANDLER_RESULT_LOAD,
	    ARGS(a_int(shop_id), a_int(job_id)), &row));
	*out = (struct handler_result){
		.job_id = job_id,
		.handler = row_text(row, 0),
		.bytes = row_int(row, 1),
		.cut = row_bool(row, 2),
		.subject = subject_read(row, 3),
		.sealed = row_bytes(row, 5),
		.at = row_int(row, 6),
	};
	return RC_OK;
}

enum rc
handler_webhook_load(struct cx *cx, int64_t shop_id, const char *at,
    const char *id, struct handler_webhook *out)
{
	struct row row;

	TRY(db_one(cx, Q_HANDLER_WEBHOOK,
	    ARGS(a_int(shop_id), a_text(at), a_text(id)), &row));
	*out = (struct handler_webhook){
		.domain = row_text(row, 0),
		.topic = row_text(row, 1),
		.webhook_id = row_text(row, 2),
		.event_id = row_text(row, 3),
		.api_version = row_text(row, 4),
		.triggered_at = row_text(row, 5),
		.received_at = row_text(row, 6),
		.body = row_bytes(row, 7),
		.subject = subject_read(row, 9),
		.shop_epoch = (int32_t)row_int(row, 11),
	};
	if (!row_null(row, 8)) /* by the inbox still: not for us */
		out->body = (struct slice){ NULL, 0 };
	return RC_OK;
}

enum rc
handler_due(struct cx *cx, int64_t shop_id, int64_t job_id, const char **out)
{
	struct row row;

	TRY(db_one(
	    cx, Q_HANDLER_DUE, ARGS(a_int(shop_id), a_int(job_id)), &row));
	*out = row_text(row, 0);
	return RC_OK;
}
