/* /api/data/shopify/products|orders|customers|transactions: one page, now, and
 * kept: its rows are saved through the same mapper as a pull's. */
#include "app/callers.h"
#include "app/page.h"
#include "pulls.h"

struct preview_body {
	const char *query;
	int64_t first;
	const char *after;
	const char *shop;
};

static const struct field body_fields[] = {
	FIELD_TEXT(preview_body, query, .max = 1000,
	    .note = "A search in Shopify's syntax."),
	FIELD_INT(preview_body, first, .min = 1, .max = 50, .fallback = "10",
	    .note = "Objects at most."),
	FIELD_TEXT(preview_body, after, .max = 1000,
	    .note = "Shopify's cursor: go on behind it."),
	FIELD_TEXT(preview_body, shop, .max = 100,
	    .note = "The shop that the operator means."),
	FIELD_END,
};
const struct shape preview_body = SHAPE(preview_body, body_fields);

static const struct field cost_fields[] = {
	R_INT("requested"),
	R_INT("actual"),
	R_INT("available"),
	R_INT("maximum"),
	R_INT("restore_per_s"),
	FIELD_END,
};
static const struct shape cost = REPLY_SHAPE("shopify_cost", cost_fields);
static const struct field reply_fields[] = {
	R_TEXT("resource"),
	R_INT("count"),
	R_ANY("nodes", .note = "Shopify's own objects."),
	R_BOOL("has_next"),
	R_TEXT("next", .null = true, .note = "Shopify's cursor."),
	R_OBJECT("cost", &cost, .note = "In points (shopify.dev)."),
	FIELD_END,
};
const struct shape preview_reply = REPLY_SHAPE("preview_reply", reply_fields);

static void
write_cost(struct jw *w, const struct gql_cost *c)
{
	jw_object(w, "cost");
	jw_int(w, "requested", (int64_t)c->requested);
	jw_int(w, "actual", (int64_t)c->actual);
	jw_int(w, "available", (int64_t)c->available);
	jw_int(w, "maximum", (int64_t)c->maximum);
	jw_int(w, "restore_per_s", (int64_t)c->restore_per_s);
	jw_close(w);
}

static enum rc
keep(struct cx *cx, struct intake *in, const struct resource *resource,
    const struct page *page)
{
	TRY(resource->take(cx, in, page->nodes));
	TRY(db_begin(cx));
	TRY(intake_save(cx, in));
	return db_commit(cx);
}

static enum rc
preview(struct cx *cx, const struct req *rq, struct reply *rp, const char *word)
{
	const struct preview_body *in = rq->body;
	struct page_ask ask = {
		.resource = resource_find(word),
		.query = in->query,
		.after = in->after,
		.first = (int)in->first,
	};
	struct intake took;
	struct shop shop;
	struct page page;
	struct jw *w;

	TRY(caller_shop(cx, rq, in->shop, &shop));
	TRY(intake_begin(cx, &took, &shop, NULL));
	TRY(page_read(cx, &shop, &ask, &page));
	TRY(keep(cx, &took, ask.resource, &page));
	w = reply_json(rp, 200);
	jw_text(w, "resource", word);
	jw_int(w, "count", (int64_t)page.n);
	jw_json(w, "nodes", page.nodes);
	jw_bool(w, "has_next", page.more);
	jw_text(w, "next", page.more ? page.cursor : NULL);
	write_cost(w, &page.cost);
	return reply_end(rp);
}

enum rc
preview_products(struct cx *cx, const struct req *rq, struct reply *rp)
{
	return preview(cx, rq, rp, "products");
}

enum rc
preview_orders(struct cx *cx, const struct req *rq, struct reply *rp)
{
	return preview(cx, rq, rp, "orders");
}

enum rc
preview_customers(struct cx *cx, const struct req *rq, struct reply *rp)
{
	return preview(cx, rq, rp, "customers");
}

enum rc
preview_transactions(struct cx *cx, const struct req *rq, struct reply *rp)
{
	return preview(cx, rq, rp, "transactions");
}
