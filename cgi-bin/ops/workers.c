/* /api/workers: the jobds, on whatever host. */
#include "app/workers.h"
#include "ops.h"

static const struct field item_fields[] = {
	R_TEXT("id"),
	R_TEXT("host"),
	R_INT("pid"),
	R_TIME("started_at"),
	R_TIME("beat_at", .note = "It last renewed its lease then."),
	R_TIME("lease_until"),
	R_BOOL("alive", .note = "Its lease has not ended."),
	R_BOOL("idle", .note = "It has room for another job."),
	R_INT("running", .note = "Jobs that it has."),
	R_ANY("pools", .null = true,
	    .note = "How many children it has, by pool and state: "
		    "{\"sync\": {\"idle\": 3, \"busy\": 1}}. Null: it has not "
		    "said."),
	FIELD_END,
};
static const struct shape item = REPLY_SHAPE("worker_item", item_fields);
static const struct field list_fields[] = {
	R_LIST("items", &item),
	FIELD_END,
};
const struct shape workers_reply = REPLY_SHAPE("workers_reply", list_fields);

enum rc
workers_list(struct cx *cx, const struct req *rq, struct reply *rp)
{
	(void)rq;
	TRY(workers_write(cx, reply_json(rp, 200)));
	return reply_end(rp);
}
