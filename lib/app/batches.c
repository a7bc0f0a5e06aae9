/* What is said of batches, in JSON. */
#include "app/batches.h"
#include "store/batch.h"
#include "store/jobview.h"

enum rc
batch_write(struct cx *cx, int64_t id, struct jw *w)
{
	struct batch b;
	int64_t shop_id;

	TRY(jobview_batch(cx, id, &shop_id));
	TRY(batch_load(cx, shop_id, id, &b));
	jw_id(w, "id", b.id);
	jw_id(w, "shop_id", b.shop_id);
	jw_int(w, "total", b.total);
	jw_int(w, "ok", b.ok);
	jw_int(w, "bad", b.bad);
	jw_bool(w, "sealed", b.sealed);
	jw_time(w, "created_at", b.created_at);
	jw_time(w, "cancelled_at", b.cancelled_at);
	jw_time(w, "finished_at", b.finished_at);
	return RC_OK;
}

enum rc
batch_cancel_write(struct cx *cx, int64_t id, struct jw *w)
{
	struct batch_cancelled c;
	int64_t shop_id;

	TRY(jobview_batch(cx, id, &shop_id));
	TRY(batch_cancel(cx, shop_id, id, &c));
	jw_id(w, "id", id);
	jw_int(w, "waiting", c.waiting);
	jw_int(w, "running", c.running);
	return RC_OK;
}
