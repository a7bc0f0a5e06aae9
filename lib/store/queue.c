/* Queues as the operator sets them. */
#include "store/queue.h"

static enum rc
operator_only(struct cx *cx)
{
	if (cx->every_shop)
		return RC_OK;
	return rc_fail(cx, RC_DENIED, "queues are the operator's");
}

static void
queue_read(struct row row, struct queue *out)
{
	*out = (struct queue){
		.id = (int)row_int(row, 0),
		.name = row_text(row, 1),
		.paused = row_bool(row, 2),
		.max_running = (int)row_int(row, 3),
		.max_running_per_shop = (int)row_int(row, 4),
		.rate_key = row_text(row, 5),
	};
}

enum rc
queue_list(struct cx *cx, struct queue **out, size_t *n)
{
	struct rows rows;
	size_t i;

	TRY(db_all(cx, Q_QUEUE_LIST, ARGS(a_null()), &rows));
	*out = ARENA_ARRAY(cx->mem, struct queue, rows.n + 1);
	*n = rows.n;
	for (i = 0; i < rows.n; i++)
		queue_read(rows_at(&rows, i), &(*out)[i]);
	return RC_OK;
}

enum rc
queue_load(struct cx *cx, const char *name, struct queue *out)
{
	struct row row;

	TRY(db_one(cx, Q_QUEUE_LIST, ARGS(a_text(name)), &row));
	queue_read(row, out);
	return RC_OK;
}

static enum rc
pause_set(struct cx *cx, const char *name, bool paused)
{
	struct row row;

	TRY(operator_only(cx));
	return db_one(
	    cx, Q_QUEUE_PAUSE, ARGS(a_text(name), a_bool(paused)), &row);
}

enum rc
queue_pause(struct cx *cx, const char *name)
{
	return pause_set(cx, name, true);
}

enum rc
queue_resume(struct cx *cx, const char *name)
{
	return pause_set(cx, name, false);
}

static enum rc
cap_check(struct cx *cx, const char *field, int64_t cap)
{
	if (cap >= 0 && cap <= QUEUE_RUNNING_MOST)
		return RC_OK;
	return rc_field(cx, RC_INPUT, field,
	    text_fmt(cx->mem, "a number from 0 to %d", QUEUE_RUNNING_MOST),
	    text_fmt(cx->mem, "%lld", (long long)cap));
}

enum rc
queue_caps(struct cx *cx, const char *name, int64_t max_running,
    int64_t max_running_per_shop)
{
	struct row row;

	TRY(operator_only(cx));
	if (max_running != -1)
		TRY(cap_check(cx, "max_running", max_running));
	if (max_running_per_shop != -1)
		TRY(cap_check(
		    cx, "max_running_per_shop", max_running_per_shop));
	return db_one(cx, Q_QUEUE_CAPS,
	    ARGS(a_text(name),
		max_running == -1 ? a_null() : a_int(max_running),
		max_running_per_shop == -1 ? a_null()
					   : a_int(max_running_per_shop)),
	    &row);
}

/* A queue that names no rate could not be claimed from. */
enum rc
queue_rate(struct cx *cx, const char *name, const char *key)
{
	struct row row;
	enum rc rc;

	TRY(operator_only(cx));
	rc = key ? db_one(cx, Q_START_RATE_LIST, ARGS(a_text(key)), &row)
		 : RC_OK;
	if (rc == RC_ABSENT)
		return rc_field(cx, RC_INPUT, "rate", "the key of a rate", key);
	TRY(rc);
	return db_one(cx, Q_QUEUE_RATE, ARGS(a_text(name), a_text(key)), &row);
}

enum rc
queue_shop_list(struct cx *cx, struct queue_shop **out, size_t *n)
{
	struct rows rows;
	size_t i;

	TRY(db_all(cx, Q_QUEUE_SHOP_LIST, NO_ARGS, &rows));
	*out = ARENA_ARRAY(cx->mem, struct queue_shop, rows.n + 1);
	*n = rows.n;
	for (i = 0; i < rows.n; i++)
		(*out)[i] = (struct queue_shop){
			.queue = row_text(rows_at(&rows, i), 0),
			.shop_id = row_int(rows_at(&rows, i), 1),
			.max_running = (int)row_int(rows_at(&rows, i), 2),
		};
	return RC_OK;
}

enum rc
queue_shop_cap(
    struct cx *cx, const char *name, int64_t shop_id, int64_t max_running)
{
	struct queue queue;

	TRY(operator_only(cx));
	TRY(cap_check(cx, "max_running", max_running));
	TRY(queue_load(cx, name, &queue));
	return db_run(cx, Q_QUEUE_SHOP_CAP,
	    ARGS(a_int(shop_id), a_int(queue.id), a_int(max_running)), NULL);
}

enum rc
queue_shop_uncap(struct cx *cx, const char *name, int64_t shop_id)
{
	struct queue queue;

	TRY(operator_only(cx));
	TRY(queue_load(cx, name, &queue));
	return db_run(cx, Q_QUEUE_SHOP_UNCAP,
	    ARGS(a_int(shop_id), a_int(queue.id)), NULL);
}
