/*
 * Reads again, many in one call, what webhooks said has changed, and writes it
 * through the pull's own mapper. Safe to run twice: rows are saved by Shopify's
 * id, an older updated_at never overwrites, and what changed again after our
 * look stays noted.
 */
#include "app/intake.h"
#include "app/shopcall.h"
#include "shopify/name.h"
#include "store/changed.h"
#include "table.h"

enum {
	VARIABLES_MAX_BYTES = 16 << 10,
	COMPANY_MS = 300 /* what changes waits so long for more of its kind */
};

struct kind {
	const char *type;
	const char *gid; /* of its objects */
	enum gql_doc doc;
	int most; /* in one call: cost decides */
	enum rc (*take)(struct cx *cx, struct intake *in, struct json nodes);
};

static const struct kind kinds[] = {
	{ "products", "Product", GQL_PRODUCTS_BY_IDS, 50, intake_products },
	{ "customers", "Customer", GQL_CUSTOMERS_BY_IDS, 50, intake_customers },
	{ "orders", "Order", GQL_ORDERS_BY_IDS, 10, intake_orders },
};

static const struct kind *
kind_find(const char *type)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (text_same(kinds[i].type, type))
			return &kinds[i];
	return NULL;
}

static enum rc
variables(struct cx *cx, const struct kind *kind, const struct changed *changed,
    struct slice *out)
{
	struct buf b = buf_new(cx->mem, VARIABLES_MAX_BYTES);
	struct jw w = jw_new(&b);
	size_t i;

	jw_object(&w, NULL);
	jw_list(&w, "ids");
	for (i = 0; i < changed->n; i++)
		jw_text(&w, NULL,
		    text_fmt(cx->mem, "gid://shopify/%s/%lld", kind->gid,
			(long long)changed->ids[i]));
	jw_close(&w);
	jw_close(&w);
	TRY(jw_end(&w));
	*out = buf_slice(&b);
	return RC_OK;
}

/* Fewer at a time where Shopify finds them too dear together. */
static enum rc
read_nodes(struct cx *cx, const struct shop *shop, const struct kind *kind,
    struct changed *changed, struct json *nodes)
{
	struct gql_reply reply;
	struct slice vars;
	enum rc rc;

	for (;;) {
		TRY(variables(cx, kind, changed, &vars));
		rc = shop_call(cx, shop, kind->doc, vars, &reply);
		if (rc != RC_TOO_BIG || changed->n <= 1)
			break;
		rc_forget(cx);
		changed->n /= 2;
	}
	TRY(rc);
	TRY(jget_list(cx, reply.data, "nodes", nodes));
	/* Or what was left out would pass for gone. */
	if (jlen(*nodes) != changed->n)
		return rc_fail(cx, RC_REMOTE,
		    "Shopify gave %zu nodes where %zu were asked for",
		    jlen(*nodes), changed->n);
	return RC_OK;
}

/* A null node is an object that is gone (orders_by_ids.graphql). */
static enum rc
mark_gone(struct cx *cx, const struct changed *changed, struct json nodes)
{
	int64_t *gone = ARENA_ARRAY(cx->mem, int64_t, changed->n + 1);
	size_t i, n = 0;

	for (i = 0; i < changed->n; i++)
		if (!jitem(nodes, i).node)
			gone[n++] = changed->ids[i];
	return n ? changed_gone(cx, changed->type, gone, n) : RC_OK;
}

static enum rc
go_round(struct cx *cx, const struct job *job, const struct changed *changed)
{
	bool more;

	TRY(changed_more(cx, changed->type, &more));
	return more ? changed_put(
			  cx, job->shop_id, job->shop_epoch, changed->type)
		    : RC_OK;
}

static enum rc
keep(struct cx *cx, const struct job *job, struct intake *in,
    const struct changed *changed, struct json nodes)
{
	TRY(db_begin(cx));
	TRY(job_fence(cx));
	TRY(mark_gone(cx, changed, nodes));
	TRY(intake_save(cx, in));
	TRY(changed_drop(cx, changed));
	TRY(go_round(cx, job, changed));
	return job_commit(cx);
}

/* A burst makes few calls, each of many: what changed a moment ago waits for
 * company, unless one call has no room for more. */
static enum rc
wait_for_company(
    struct cx *cx, const struct kind *kind, const struct changed *changed)
{
	if (changed->n == (size_t)kind->most ||
	    changed->oldest_ms >= COMPANY_MS)
		return RC_OK;
	cx->retry_after_ms = changed->oldest_ms > 0
				 ? COMPANY_MS - changed->oldest_ms
				 : COMPANY_MS;
	return rc_fail(cx, RC_LIMITED, "more may change in a moment");
}

enum rc
changed_refresh_run(struct cx *cx, const struct job *job)
{
	const struct kind *kind;
	struct changed changed;
	struct intake in;
	struct shop shop;
	struct json nodes;
	const char *type;

	TRY(jget_text(cx, job->args, "type", &type));
	kind = kind_find(type);
	if (!kind)
		return rc_fail(cx, RC_BUG, "nothing of type %s changes", type);
	TRY(shop_load(cx, job->shop_id, &shop));
	if (shop.epoch != job->shop_epoch)
		return RC_OK; /* installed anew: a pull brings all of it */
	TRY(changed_load(cx, type, kind->most, &changed));
	if (changed.n == 0)
		return RC_OK;
	TRY(wait_for_company(cx, kind, &changed));
	TRY(intake_begin(cx, &in, &shop, NULL));
	TRY(read_nodes(cx, &shop, kind, &changed, &nodes));
	TRY(kind->take(cx, &in, nodes));
	return keep(cx, job, &in, &changed, nodes);
}
