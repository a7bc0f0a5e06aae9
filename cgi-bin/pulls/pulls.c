/* /api/pulls: ask for one, watch it, stop it. */
#include "app/pulls.h"
#include "app/callers.h"
#include "app/lists.h"
#include "base/uuid.h"
#include "pulls.h"
#include "store/idempotency.h"

struct pull_body {
	struct words resources;
	const char *mode;
	int64_t since;
	const char *shop;
};

static const char *const modes[] = { "paged", "auto", "bulk", NULL };
static const char *const states[] = { "queued", "running", "completed",
	"failed", "cancelled", NULL };

static const struct field body_fields[] = {
	FIELD_WORDS(pull_body, resources, .need = true, .min = 1, .max = 4,
	    .words = resource_words, .note = "What to pull."),
	FIELD_WORD(pull_body, mode, .words = modes, .fallback = "auto",
	    .note = "A page at a time, or as one file that Shopify makes; auto "
		    "chooses by how many there are."),
	FIELD_TIME(pull_body, since,
	    .note = "Only what changed from then on; absent: everything."),
	FIELD_TEXT(pull_body, shop, .max = 100,
	    .note = "The shop that the operator means."),
	FIELD_END,
};
const struct shape pull_body = SHAPE(pull_body, body_fields);

static const struct field bulk_fields[] = {
	R_TEXT("status", .note = "Shopify's word."),
	R_INT("objects", .null = true, .note = "Lines that Shopify counts."),
	R_INT("bytes", .null = true, .note = "Of the file."),
	R_INT("read_bytes", .note = "Of these, kept."),
	FIELD_END,
};
static const struct shape bulk = REPLY_SHAPE("pull_bulk", bulk_fields);

static const struct field part_fields[] = {
	R_TEXT("resource"),
	R_WORD("state", states),
	R_INT("done", .note = "Objects kept."),
	R_INT("total", .null = true, .note = "By Shopify's own count."),
	R_INT("pages"),
	R_ANY("children", .note = "What came with them, counted by kind."),
	R_INT("cost_points"),
	R_TEXT("error", .null = true),
	R_TIME("started_at", .null = true),
	R_TIME("finished_at", .null = true),
	R_TEXT("job", .null = true, .note = "The job that goes on with it."),
	R_WORD("mode", modes, .note = "auto until it was counted."),
	R_OBJECT("bulk", &bulk, .null = true),
	FIELD_END,
};
static const struct shape part = REPLY_SHAPE("pull_part", part_fields);
static const struct field reply_fields[] = {
	R_TEXT("id"),
	R_TEXT("shop"),
	R_TEXT("mode"),
	R_WORD("state", states),
	R_TIME("since", .null = true),
	R_TIME("created_at"),
	R_TIME("started_at", .null = true),
	R_TIME("finished_at", .null = true),
	R_TEXT("error", .null = true),
	R_INT("done", .note = "Objects kept, over all parts."),
	R_INT("total", .null = true),
	R_LIST("parts", &part),
	FIELD_END,
};
const struct shape pull_reply = REPLY_SHAPE("pull_reply", reply_fields);
static const struct field list_fields[] = {
	R_LIST("items", &pull_reply),
	R_TEXT("next", .null = true),
	FIELD_END,
};
const struct shape pulls_reply = REPLY_SHAPE("pulls_reply", list_fields);

static void
write_count(struct jw *w, const char *name, int64_t n)
{
	if (n < 0)
		jw_null(w, name);
	else
		jw_int(w, name, n);
}

static void
write_bulk(struct jw *w, const struct pull_part *p)
{
	if (p->bulk_id == NULL) {
		jw_null(w, "bulk");
		return;
	}
	jw_object(w, "bulk");
	jw_text(w, "status", p->bulk_status);
	write_count(w, "objects", p->bulk_objects);
	write_count(w, "bytes", p->file_bytes);
	jw_int(w, "read_bytes", p->read_bytes);
	jw_close(w);
}

/* That Shopify still gathers is no error, although its job waits with it. */
static const char *
error_of(const struct pull_part *p)
{
	if (p->error != NULL || p->bulk_id == NULL)
		return p->error ? p->error : p->job_error;
	return text_same(p->bulk_status, "CREATED") ||
		       text_same(p->bulk_status, "RUNNING")
		   ? NULL
		   : p->job_error;
}

/* While a part is tried again, what went wrong the time before is shown. */
static void
write_part(struct jw *w, const struct pull_part *p)
{
	jw_object(w, NULL);
	jw_text(w, "resource", p->resource);
	jw_text(w, "state", p->state);
	jw_int(w, "done", p->done);
	write_count(w, "total", p->total);
	jw_int(w, "pages", p->pages);
	jw_raw(w, "children", slice_of(p->children));
	jw_int(w, "cost_points", p->cost_points);
	jw_text(w, "error", error_of(p));
	jw_time(w, "started_at", p->started_at);
	jw_time(w, "finished_at", p->finished_at);
	if (p->job_id)
		jw_id(w, "job", p->job_id);
	else
		jw_null(w, "job");
	jw_text(w, "mode", p->mode);
	write_bulk(w, p);
	jw_close(w);
}

/* A pull whose parts have all ended without saying so has failed with them. */
static const char *
state_of(const struct pull *pull)
{
	bool going = false, failed = false;
	size_t i;

	for (i = 0; i < pull->n_parts; i++) {
		const char *state = pull->parts[i].state;

		going |=
		    text_same(state, "queued") || text_same(state, "running");
		failed |= text_same(state, "failed");
	}
	if (!going && failed && !text_same(pull->state, "cancelled"))
		return "failed";
	return pull->state;
}

static void
write_sums(struct jw *w, const struct pull *pull)
{
	int64_t done = 0, total = 0;
	size_t i;

	for (i = 0; i < pull->n_parts; i++) {
		done += pull->parts[i].done;
		if (total >= 0)
			total = pull->parts[i].total < 0
				    ? -1
				    : total + pull->parts[i].total;
	}
	jw_int(w, "done", done);
	write_count(w, "total", total);
}

static void
write_pull(struct jw *w, const struct shop *shop, const struct pull *pull)
{
	size_t i;

	jw_text(w, "id", pull->id);
	jw_text(w, "shop", shop->domain);
	jw_text(w, "mode", pull->mode);
	jw_text(w, "state", state_of(pull));
	jw_time(w, "since", pull->since);
	jw_time(w, "created_at", pull->created_at);
	jw_time(w, "started_at", pull->started_at);
	jw_time(w, "finished_at", pull->finished_at);
	jw_text(w, "error", pull->error);
	write_sums(w, pull);
	jw_list(w, "parts");
	for (i = 0; i < pull->n_parts; i++)
		write_part(w, &pull->parts[i]);
	jw_close(w);
}

static enum rc
create(struct cx *cx, const struct req *rq, const struct shop *shop,
    struct reply *rp)
{
	const struct pull_body *in = rq->body;
	const struct pull_ask ask = {
		.resources = in->resources.list,
		.n = in->resources.n,
		.mode = in->mode,
		.since = in->since,
		.asked_by = caller_text(cx, rq),
	};
	struct pull pull;

	TRY(pull_ask(cx, shop, &ask, &pull));
	reply_header(
	    rp, "Location", text_fmt(cx->mem, "/api/pulls/%s", pull.id));
	write_pull(reply_json(rp, 202), shop, &pull);
	return reply_end(rp);
}

/* The first answer again, or this call's, kept. */
static enum rc
create_once(struct cx *cx, const struct req *rq, const struct shop *shop,
    const char *key, struct reply *rp)
{
	struct idempotency own;
	enum rc rc;

	TRY(idempotency_take(cx, caller_text(cx, rq), key, "POST /api/pulls",
	    rq->raw_body, &own));
	if (own.repeat) {
		reply_header(rp, "Location", own.location);
		return reply_bytes(
		    rp, own.status, "application/json", slice_of(own.reply));
	}
	rc = create(cx, rq, shop, rp);
	if (rc != RC_OK) {
		idempotency_drop(cx, &own);
		return rc;
	}
	return idempotency_done(cx, &own, rp->status, buf_slice(&rp->body),
	    reply_header_of(rp, "Location"));
}

enum rc
pulls_create(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct pull_body *in = rq->body;
	const char *key = req_header(rq, "Idempotency-Key");
	struct shop shop;

	TRY(caller_shop(cx, rq, in->shop, &shop));
	return key ? create_once(cx, rq, &shop, key, rp)
		   : create(cx, rq, &shop, rp);
}

enum rc
pulls_list(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct list_query *in = rq->query;
	struct pull *list;
	struct shop shop;
	struct jw *w;
	size_t n, i;

	TRY(caller_shop(cx, rq, in->shop, &shop));
	TRY(pull_list(cx, in->after, (int)in->limit, &list, &n));
	w = reply_json(rp, 200);
	jw_list(w, "items");
	for (i = 0; i < n; i++) {
		jw_object(w, NULL);
		write_pull(w, &shop, &list[i]);
		jw_close(w);
	}
	return list_end(
	    rp, w, n ? list[n - 1].id : NULL, n == (size_t)in->limit);
}

/* The shop and the pull that a path names; another shop's is not there. */
static enum rc
find(struct cx *cx, const struct req *rq, struct shop *shop, struct pull *out)
{
	const struct shop_query *in = rq->query;

	TRY(caller_shop(cx, rq, in->shop, shop));
	if (!uuid_ok(rq->params[0]))
		return rc_fail(cx, RC_ABSENT, "no such pull");
	return pull_load(cx, rq->params[0], out);
}

enum rc
pulls_show(struct cx *cx, const struct req *rq, struct reply *rp)
{
	struct shop shop;
	struct pull pull;

	TRY(find(cx, rq, &shop, &pull));
	write_pull(reply_json(rp, 200), &shop, &pull);
	return reply_end(rp);
}

enum rc
pulls_cancel(struct cx *cx, const struct req *rq, struct reply *rp)
{
	struct shop shop;
	struct pull pull;

	TRY(find(cx, rq, &shop, &pull));
	TRY(pull_stop(cx, &shop, pull.id));
	TRY(pull_load(cx, pull.id, &pull));
	write_pull(reply_json(rp, 200), &shop, &pull);
	return reply_end(rp);
}
