/* /api/queues/figures and /api/queries: what was done, and how fast. */
#include "app/figures.h"
#include "ops.h"
#include "store/figure.h"

struct figures_query {
	int64_t minutes;
	const char *queue;
	const char *kind;
};

static const struct field query_fields[] = {
	FIELD_INT(figures_query, minutes, .min = 1, .max = FIGURE_MINUTES_MOST,
	    .fallback = "60"),
	FIELD_TEXT(figures_query, queue, .max = 80),
	FIELD_TEXT(figures_query, kind, .max = 80),
	FIELD_END,
};
const struct shape figures_query = SHAPE(figures_query, query_fields);

static const struct field minute_fields[] = {
	R_TIME("at", .note = "The minute's beginning."),
	R_INT("claimed"),
	R_INT("completed"),
	R_INT("dead"),
	R_INT("cancelled"),
	R_INT("retried", .note = "Runs that failed and will be tried again."),
	R_INT("wait_ms", .note = "From due to claimed, on average."),
	R_INT("run_ms", .note = "Of a run, on average."),
	FIELD_END,
};
static const struct shape minute = REPLY_SHAPE("figures_minute", minute_fields);
static const struct field figures_fields[] = {
	R_LIST("items", &minute),
	FIELD_END,
};
const struct shape figures_reply = REPLY_SHAPE("figures_reply", figures_fields);

struct queries_query {
	const char *order;
	int64_t limit;
};

static const struct field order_fields[] = {
	FIELD_WORD(queries_query, order, .words = figures_orders,
	    .fallback = "slow", .note = "By mean, count or time in all."),
	FIELD_INT(queries_query, limit, .min = 1, .max = 250, .fallback = "20"),
	FIELD_END,
};
const struct shape queries_query = SHAPE(queries_query, order_fields);

static const struct field timed_fields[] = {
	R_TEXT("query"),
	R_INT("calls"),
	R_INT("mean_us"),
	R_INT("p95_us", .null = true,
	    .note = "95 of 100 took no longer. Null: longer than 30 s."),
	R_INT("total_ms"),
	FIELD_END,
};
static const struct shape timed = REPLY_SHAPE("query_item", timed_fields);
static const struct field queries_fields[] = {
	R_LIST("items", &timed),
	FIELD_END,
};
const struct shape queries_reply = REPLY_SHAPE("queries_reply", queries_fields);

enum rc
figures_show(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct figures_query *in = rq->query;

	TRY(figures_write(
	    cx, in->minutes, in->queue, in->kind, reply_json(rp, 200)));
	return reply_end(rp);
}

enum rc
queries_list(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct queries_query *in = rq->query;

	TRY(figures_queries(
	    cx, in->order, (size_t)in->limit, reply_json(rp, 200)));
	return reply_end(rp);
}
