/* Pulls in bulk: what the jobs of a part share. */
#include "app/bulk.h"
#include "app/handler_job.h"
#include "app/pulls.h"
#include "app/shopcall.h"

enum { ARGS_MAX_BYTES = 512, TRIES_MAX = 3 };

static bool
is_going(const char *state)
{
	return text_same(state, "queued") || text_same(state, "running");
}

enum rc
bulk_work_load(struct cx *cx, const struct job *job, struct bulk_work *out)
{
	const char *pull_id, *word;

	*out = (struct bulk_work){ .over = true };
	TRY(jget_text(cx, job->args, "pull", &pull_id));
	TRY(jget_text(cx, job->args, "resource", &word));
	out->resource = resource_find(word);
	if (out->resource == NULL)
		return rc_fail(cx, RC_BUG, "no resource %s", word);
	TRY(bulk_part_load(cx, pull_id, word, &out->part));
	TRY(shop_load(cx, job->shop_id, &out->shop));
	if (out->shop.epoch != out->part.shop_epoch)
		return rc_fail(cx, RC_CONFLICT,
		    "the shop was installed anew since this pull was asked");
	out->over = !is_going(out->part.state);
	return out->over ? RC_OK : pull_allowed(cx, &out->shop);
}

static enum rc
put(struct cx *cx, const struct shop *shop, enum job_kind kind,
    const char *pull_id, const char *resource, double delay_s)
{
	struct buf args = buf_new(cx->mem, ARGS_MAX_BYTES);
	struct jw w = jw_new(&args);
	struct job_new job = {
		.kind = kind,
		.shop_id = shop->id,
		.shop_epoch = shop->epoch,
		.unique = text_fmt(cx->mem, "%s:%s:%s",
		    job_kind_row(kind)->word, pull_id, resource),
		.priority = JOB_USUAL,
		.delay_s = delay_s,
	};

	jw_object(&w, NULL);
	jw_text(&w, "pull", pull_id);
	jw_text(&w, "resource", resource);
	jw_close(&w);
	TRY(jw_end(&w));
	job.args = buf_text(&args);
	return job_put(cx, &job, NULL);
}

enum rc
bulk_job_put(struct cx *cx, const struct bulk_work *work, enum job_kind kind,
    double delay_s)
{
	return put(cx, &work->shop, kind, work->part.pull_id,
	    work->part.resource, delay_s);
}

enum rc
bulk_first_put(struct cx *cx, const struct shop *shop, const char *pull_id,
    const char *resource)
{
	return put(cx, shop, JOB_BULK_START, pull_id, resource, 0);
}

enum rc
bulk_id_variables(struct cx *cx, const char *id, struct slice *out)
{
	struct buf b = buf_new(cx->mem, ARGS_MAX_BYTES);
	struct jw w = jw_new(&b);

	jw_object(&w, NULL);
	jw_text(&w, "id", id);
	jw_close(&w);
	TRY(jw_end(&w));
	*out = buf_slice(&b);
	return RC_OK;
}

enum rc
bulk_cancel_put(struct cx *cx, const struct shop *shop, const char *bulk_id)
{
	struct slice args;
	struct job_new job = {
		.kind = JOB_BULK_CANCEL,
		.shop_id = shop->id,
		.shop_epoch = shop->epoch,
		.unique = text_fmt(cx->mem, "bulk_cancel:%s", bulk_id),
		.priority = JOB_USUAL,
	};

	TRY(bulk_id_variables(cx, bulk_id, &args));
	job.args = args.p;
	return job_put(cx, &job, NULL);
}

enum rc
bulk_look(struct cx *cx, struct bulk_work *work, struct bulk_op *op)
{
	struct gql_reply reply;
	struct slice vars;

	TRY(bulk_id_variables(cx, work->part.id, &vars));
	TRY(shop_call(cx, &work->shop, GQL_BULK_POLL, vars, &reply));
	TRY(bulk_op_read(cx, jat(reply.data, "bulkOperation"), op));
	work->part.status = op->status;
	work->part.objects = op->objects;
	work->part.roots = op->roots;
	work->part.file_bytes = op->bytes;
	return bulk_part_note(cx, &work->part);
}

enum rc
bulk_end(struct cx *cx, const struct bulk_work *work)
{
	TRY(bulk_part_end(cx, &work->part));
	return handler_job_pull(cx, work->shop.epoch, work->part.pull_id);
}

/* For people: why it gives no more. */
static const char *
why(struct cx *cx, const struct bulk_op *op)
{
	return text_fmt(cx->mem, "Shopify's bulk operation ended %s%s%s",
	    op->status, op->error ? ": " : "", op->error ? op->error : "");
}

static enum rc
again(struct cx *cx, const struct bulk_work *work)
{
	TRY(db_begin(cx));
	TRY(job_fence(cx));
	TRY(bulk_job_put(cx, work, JOB_BULK_START, 0));
	TRY(job_commit(cx));
	job_wake(cx);
	return RC_OK;
}

enum rc
bulk_broken(
    struct cx *cx, const struct bulk_work *work, const struct bulk_op *op)
{
	struct bulk_work partly = *work;
	struct bulk_op until = *op;

	/* What this token may not see it will not see the next time. */
	if (work->part.tries < TRIES_MAX &&
	    !(op->error && text_same(op->error, "ACCESS_DENIED")))
		return again(cx, work);
	until.url = op->partial_url;
	if (until.url != NULL)
		TRY(bulk_import(cx, &partly, &until));
	return rc_fail(cx, RC_CONFLICT, "%s%s", why(cx, op),
	    until.url ? "; what it had until then is kept" : "");
}
