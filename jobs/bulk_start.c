/*
 * Has Shopify gather what a part wants. Safe to run twice: an operation of the
 * same text that a run before began, and could not note, is taken over.
 */
#include "app/bulk.h"
#include "app/page.h"
#include "app/shopcall.h"
#include "base/log.h"
#include "store/pull.h"
#include "table.h"

enum { FIRST_LOOK_MS = 500, VARIABLES_MAX_BYTES = 512 };

/* How many there are, so that the bar is true. */
static enum rc
count(struct cx *cx, const struct bulk_work *work)
{
	const struct bulk_part *part = &work->part;
	const char *query =
	    part->since ? text_fmt(cx->mem, "updated_at:>='%s'", part->since)
			: NULL;
	int64_t total;

	if (part->total >= 0)
		return RC_OK;
	TRY(page_count(cx, &work->shop, work->resource, query, &total));
	return pull_begin(cx, part->pull_id, part->resource, total);
}

/* Ours to take: of this text, and no part's. */
static enum rc
is_free(struct cx *cx, struct json op, const char *text, bool *out)
{
	const char *id = jtext_or(op, "id", ""), *pull_id, *resource;
	enum rc rc;

	*out = false;
	if (!text_same(jtext_or(op, "query", ""), text))
		return RC_OK;
	rc = bulk_part_of(cx, id, &pull_id, &resource);
	*out = rc == RC_ABSENT;
	return rc == RC_ABSENT ? RC_OK : rc;
}

/* RC_ABSENT when a run before left none. */
static enum rc
find(struct cx *cx, const struct bulk_work *work, const char *text,
    struct bulk_op *out)
{
	static const char vars[] =
	    "{\"first\":10,\"query\":\"status:running operation_type:query\"}";
	struct gql_reply reply;
	struct json list;
	bool mine;
	size_t i;

	TRY(shop_call(cx, &work->shop, GQL_BULK_LIST, slice_of(vars), &reply));
	list = jat(reply.data, "bulkOperations.nodes");
	for (i = 0; i < jlen(list); i++) {
		TRY(is_free(cx, jitem(list, i), text, &mine));
		if (mine)
			return bulk_op_read(cx, jitem(list, i), out);
	}
	return RC_ABSENT;
}

static enum rc
run(struct cx *cx, const struct bulk_work *work, const char *text,
    struct bulk_op *out)
{
	struct gql_reply reply;
	struct slice vars;

	TRY(bulk_run_variables(cx, text, &vars));
	TRY(shop_call(cx, &work->shop, GQL_BULK_RUN, vars, &reply));
	return bulk_run_read(cx, reply.data, out);
}

static enum rc
keep(struct cx *cx, const struct bulk_work *work, const struct bulk_op *op,
    const char *look)
{
	TRY(db_begin(cx));
	TRY(job_fence(cx));
	TRY(bulk_part_begin(cx, &work->part, op->id, op->status, look));
	TRY(bulk_job_put(cx, work, JOB_BULK_POLL, FIRST_LOOK_MS / 1000.0));
	return job_commit(cx);
}

/* Stopped while Shopify answered: it needs not go on, either. */
static enum rc
give_up(struct cx *cx, const struct bulk_work *work, const struct bulk_op *op)
{
	struct gql_reply reply;
	struct slice vars;

	db_rollback(cx);
	rc_forget(cx);
	TRY(bulk_id_variables(cx, op->id, &vars));
	return shop_call(cx, &work->shop, GQL_BULK_CANCEL, vars, &reply);
}

enum rc
bulk_start_run(struct cx *cx, const struct job *job)
{
	struct bulk_work work;
	struct bulk_op op;
	const char *text;
	struct row look;
	enum rc rc;

	TRY(bulk_work_load(cx, job, &work));
	if (work.over)
		return RC_OK;
	TRY(count(cx, &work));
	TRY(bulk_text(cx, work.resource->bulk, work.part.since, &text));
	TRY(db_one(cx, Q_INTAKE_LOOK, NO_ARGS, &look));
	rc = find(cx, &work, text, &op);
	if (rc == RC_ABSENT)
		rc = run(cx, &work, text, &op);
	TRY(rc);
	rc = keep(cx, &work, &op, row_text(look, 0));
	if (rc == RC_STOPPED)
		return give_up(cx, &work, &op);
	TRY(rc);
	log_info(cx, "bulk.begun", L_TEXT("resource", work.part.resource),
	    L_TEXT("operation", op.id));
	return RC_OK;
}
