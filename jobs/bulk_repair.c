/*
 * Reads again, some a run, what a bulk file gave without all its children, and
 * the lines of refunds, which no bulk file can give. Safe to run twice: rows
 * are saved by Shopify's id, and what is left commits together with them.
 */
#include "app/bulk.h"
#include "app/reread.h"
#include "app/shopcall.h"
#include "base/log.h"
#include "table.h"

enum { SHORT_AT_ONCE = 10, REFUNDS_AT_ONCE = 20, IDS_MAX_BYTES = 4096 };

struct repair {
	struct bulk_work work;
	struct intake in;
	struct bulk_left left;
	const char *kind; /* "short", "refund", or NULL: nothing is left */
};

/* ---- objects that came short */

static const char *
type_of(const struct resource *r)
{
	return r->table == IN_PRODUCT ? "Product" : "Order";
}

static enum rc
ids_variables(struct cx *cx, const struct repair *r, struct slice *out)
{
	struct buf b = buf_new(cx->mem, IDS_MAX_BYTES);
	struct jw w = jw_new(&b);
	size_t i;

	jw_object(&w, NULL);
	jw_list(&w, "ids");
	for (i = 0; i < r->left.n; i++)
		jw_text(&w, NULL,
		    text_fmt(cx->mem, "gid://shopify/%s/%lld",
			type_of(r->work.resource), (long long)r->left.ids[i]));
	jw_close(&w);
	jw_close(&w);
	TRY(jw_end(&w));
	*out = buf_slice(&b);
	return RC_OK;
}

/* Fewer at a time where Shopify finds them too dear together. One that is gone
 * comes as a null, and is none of ours any more. */
static enum rc
read_shorts(struct cx *cx, struct repair *r)
{
	const struct resource *resource = r->work.resource;
	struct gql_reply reply;
	struct json nodes;
	struct slice vars;
	enum rc rc;

	for (;;) {
		TRY(ids_variables(cx, r, &vars));
		rc = shop_call(
		    cx, &r->work.shop, resource->by_ids, vars, &reply);
		if (rc != RC_TOO_BIG || r->left.n <= 1)
			break;
		rc_forget(cx);
		r->left.n /= 2;
	}
	TRY(rc);
	r->in.cost_points += reply.cost.actual;
	TRY(jget_list(cx, reply.data, "nodes", &nodes));
	return resource->take(cx, &r->in, nodes);
}

/* ---- refunds */

static enum rc
read_refunds(struct cx *cx, struct repair *r)
{
	size_t i;

	for (i = 0; i < r->left.n; i++)
		TRY(reread_connection(cx, &r->in, GQL_REFUND_LINES,
		    text_fmt(cx->mem, "gid://shopify/Refund/%lld",
			(long long)r->left.ids[i]),
		    "refund.refundLineItems", NULL, intake_refund_lines,
		    &r->left.ids[i]));
	return RC_OK;
}

/* ---- one run */

static enum rc
find(struct cx *cx, struct repair *r)
{
	r->kind = "short";
	TRY(bulk_left_list(
	    cx, &r->work.part, r->kind, SHORT_AT_ONCE, &r->left));
	if (r->left.n > 0)
		return RC_OK;
	r->kind = "refund";
	TRY(bulk_left_list(
	    cx, &r->work.part, r->kind, REFUNDS_AT_ONCE, &r->left));
	if (r->left.n == 0)
		r->kind = NULL;
	return RC_OK;
}

static enum rc
read(struct cx *cx, struct repair *r)
{
	if (r->kind == NULL)
		return RC_OK;
	return text_same(r->kind, "short") ? read_shorts(cx, r)
					   : read_refunds(cx, r);
}

/* What was read again was counted when it came; refund lines were not. */
static enum rc
advance(struct cx *cx, const struct repair *r)
{
	const struct bulk_step step = {
		.children = text_fmt(cx->mem, "{\"refund_lines\":%lld}",
		    (long long)r->in.batches[IN_REFUND_LINE].n),
		.cost_points = (int64_t)r->in.cost_points,
	};

	return bulk_part_advance(cx, &r->work.part, &step);
}

static enum rc
keep(struct cx *cx, struct repair *r)
{
	TRY(db_begin(cx));
	TRY(job_fence(cx));
	if (r->kind == NULL) {
		TRY(bulk_end(cx, &r->work));
		return job_commit(cx);
	}
	TRY(intake_save(cx, &r->in));
	TRY(bulk_left_drop(cx, &r->work.part, r->kind, r->left.ids, r->left.n));
	TRY(advance(cx, r));
	TRY(bulk_job_put(cx, &r->work, JOB_BULK_REPAIR, 0));
	return job_commit(cx);
}

enum rc
bulk_repair_run(struct cx *cx, const struct job *job)
{
	struct repair r = { .kind = NULL };

	TRY(bulk_work_load(cx, job, &r.work));
	if (r.work.over)
		return RC_OK;
	TRY(find(cx, &r));
	TRY(intake_begin(cx, &r.in, &r.work.shop, r.work.part.pull_id));
	TRY(read(cx, &r));
	log_info(cx, "bulk.repaired", L_TEXT("resource", r.work.part.resource),
	    L_TEXT("kind", r.kind ? r.kind : "all"), L_INT("n", r.left.n));
	return keep(cx, &r);
}
