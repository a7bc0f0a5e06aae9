/* /metrics: what every process has counted (queue.md 6). */
#include "io/count.h"
#include "ops.h"

enum { TEXT_MAX_BYTES = 4 << 20 };

enum rc
metrics_show(struct cx *cx, const struct req *rq, struct reply *rp)
{
	struct buf text = buf_new(cx->mem, TEXT_MAX_BYTES);

	(void)rq;
	TRY(count_write(cx, &text));
	return reply_bytes(rp, 200, "text/plain; version=0.0.4; charset=utf-8",
	    buf_slice(&text));
}
