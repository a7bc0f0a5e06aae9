/* One page of a resource, asked of Shopify: for previews and pulls alike. */
#include "app/page.h"
#include "app/shopcall.h"

enum { VARIABLES_MAX_BYTES = 8192 };

static enum rc
variables(struct cx *cx, const struct page_ask *ask, struct slice *out)
{
	struct buf b = buf_new(cx->mem, VARIABLES_MAX_BYTES);
	struct jw w = jw_new(&b);

	jw_object(&w, NULL);
	jw_int(&w, "first", ask->first);
	if (ask->after)
		jw_text(&w, "after", ask->after);
	if (ask->query)
		jw_text(&w, "query", ask->query);
	jw_close(&w);
	TRY(jw_end(&w));
	*out = buf_slice(&b);
	return RC_OK;
}

/* Shopify's formula is unpublished: the size is found by trying. */
static enum rc
ask_smaller(struct cx *cx, const struct shop *shop, struct page_ask *ask,
    struct gql_reply *out)
{
	struct slice vars;
	enum rc rc;

	for (;;) {
		TRY(variables(cx, ask, &vars));
		rc = shop_call(cx, shop, ask->resource->page, vars, out);
		if (rc != RC_TOO_BIG || ask->first <= 1)
			return rc;
		rc_forget(cx);
		ask->first /= 2;
	}
}

enum rc
page_read(struct cx *cx, const struct shop *shop, struct page_ask *ask,
    struct page *out)
{
	struct gql_reply reply;
	struct json connection;

	TRY(ask_smaller(cx, shop, ask, &reply));
	TRY(jget_object(cx, reply.data, ask->resource->root, &connection));
	TRY(jget_list(cx, connection, "nodes", &out->nodes));
	TRY(jget_bool(cx, connection, "pageInfo.hasNextPage", &out->more));
	out->n = jlen(out->nodes);
	out->cursor = jtext_or(connection, "pageInfo.endCursor", NULL);
	out->cost = reply.cost;
	if (out->more && (!out->cursor || (ask->after && text_same(out->cursor,
							     ask->after))))
		return rc_fail(cx, RC_REMOTE,
		    "Shopify says there is more, but not behind what");
	return RC_OK;
}

enum rc
page_count(struct cx *cx, const struct shop *shop,
    const struct resource *resource, const char *query, int64_t *out)
{
	struct buf vars = buf_new(cx->mem, VARIABLES_MAX_BYTES);
	struct jw w = jw_new(&vars);
	struct gql_reply reply;
	struct json counted;
	enum rc rc;

	jw_object(&w, NULL);
	if (query)
		jw_text(&w, resource->root, query);
	jw_close(&w);
	TRY(jw_end(&w));
	rc = shop_call(cx, shop, GQL_COUNTS, buf_slice(&vars), &reply);
	/* All kinds are counted in one call; one that may not be counted says
	 * nothing of the others. */
	if (rc == RC_DENIED && reply.access) {
		rc_forget(cx);
		*out = -1;
		return RC_OK;
	}
	TRY(rc);
	counted = jat(reply.data, resource->count);
	*out = text_same(jtext_or(counted, "precision", ""), "EXACT")
		   ? jint_or(counted, "count", -1)
		   : -1;
	return RC_OK;
}
