/* Batches as rows; job_finish counts what ends (queue.md 4). */
#include "store/batch.h"

enum { CANCEL_SOME = 1000 };

enum rc
batch_begin(struct cx *cx, const struct batch_new *b, int64_t *id)
{
	const bool none = b->callback == JOB_KINDS;
	const struct job_kind_row *kind =
	    job_kind_row(none ? (enum job_kind)0 : b->callback);
	struct row row;

	TRY(db_one(cx, Q_BATCH_PUT,
	    ARGS(a_int(b->shop_id), a_int(b->shop_epoch),
		a_bytes(slice_of(cx->trace)),
		none ? a_null() : a_int(kind->queue),
		none ? a_null() : a_text(kind->word),
		a_int(b->callback_priority), a_int(kind->attempts),
		a_int(kind->soft_s), a_int(kind->hard_s)),
	    &row));
	*id = row_int(row, 0);
	return RC_OK;
}

enum rc
batch_seal(struct cx *cx, int64_t shop_id, int64_t id)
{
	struct row row;

	return db_one(cx, Q_BATCH_SEAL, ARGS(a_int(shop_id), a_int(id)), &row);
}

enum rc
batch_load(struct cx *cx, int64_t shop_id, int64_t id, struct batch *out)
{
	struct row row;

	TRY(db_one(cx, Q_BATCH_LOAD, ARGS(a_int(shop_id), a_int(id)), &row));
	*out = (struct batch){
		.id = row_int(row, 0),
		.shop_id = row_int(row, 1),
		.total = row_int(row, 2),
		.ok = row_int(row, 3),
		.bad = row_int(row, 4),
		.sealed = row_bool(row, 5),
		.created_at = row_int(row, 6),
		.cancelled_at = row_int(row, 7),
		.finished_at = row_int(row, 8),
	};
	return RC_OK;
}

static enum rc
count(struct cx *cx, enum query q, struct args args, int64_t *sum, bool *any)
{
	struct row row;

	TRY(db_one(cx, q, args, &row));
	*sum += row_int(row, 0);
	*any |= row_int(row, 0) > 0;
	return RC_OK;
}

/* One that fails between the two statements waits again, so until there is
 * neither kind left that was not told. */
enum rc
batch_cancel(
    struct cx *cx, int64_t shop_id, int64_t id, struct batch_cancelled *out)
{
	struct row row;
	bool any = true;

	*out = (struct batch_cancelled){ 0 };
	TRY(db_one(cx, Q_BATCH_CANCEL, ARGS(a_int(shop_id), a_int(id)), &row));
	while (any) {
		any = false;
		TRY(count(cx, Q_BATCH_CANCEL_RUNNING,
		    ARGS(a_int(shop_id), a_int(id)), &out->running, &any));
		TRY(count(cx, Q_BATCH_CANCEL_WAITING,
		    ARGS(a_int(shop_id), a_int(id), a_int(CANCEL_SOME)),
		    &out->waiting, &any));
	}
	return RC_OK;
}
