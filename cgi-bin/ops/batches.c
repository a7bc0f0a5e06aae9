/* /api/batches: jobs that are one thing to those who wait for it. */
#include "app/batches.h"
#include "app/lists.h"
#include "ops.h"

static const struct field batch_fields[] = {
	R_TEXT("id"),
	R_TEXT("shop_id"),
	R_INT("total"),
	R_INT("ok", .note = "Completed."),
	R_INT("bad", .note = "Dead or cancelled."),
	R_BOOL("sealed", .note = "No more jobs are added."),
	R_TIME("created_at"),
	R_TIME("cancelled_at", .null = true),
	R_TIME("finished_at", .null = true),
	FIELD_END,
};
const struct shape batch_reply = REPLY_SHAPE("batch_reply", batch_fields);

static const struct field cancel_fields[] = {
	R_TEXT("id"),
	R_INT("waiting", .note = "Ended at once."),
	R_INT("running", .note = "Asked to stop."),
	FIELD_END,
};
const struct shape batch_cancel_reply =
    REPLY_SHAPE("batch_cancel_reply", cancel_fields);

enum rc
batches_show(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct shop_query *in = rq->query;
	int64_t id;

	TRY(ops_scope(cx, rq, in->shop));
	TRY(ops_number(cx, rq, "batch", &id));
	TRY(batch_write(cx, id, reply_json(rp, 200)));
	return reply_end(rp);
}

enum rc
batches_cancel(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct shop_query *in = rq->query;
	int64_t id;

	TRY(ops_scope(cx, rq, in->shop));
	TRY(ops_number(cx, rq, "batch", &id));
	TRY(batch_cancel_write(cx, id, reply_json(rp, 200)));
	return reply_end(rp);
}
