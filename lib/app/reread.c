/* Lists that a page could not hold are read on, by the object's id. */
#include "app/reread.h"
#include "app/shopcall.h"

enum { VARIABLES_MAX_BYTES = 4096, PAGE_MAX = 250 };

static enum rc
variables(struct cx *cx, const char *id, int64_t first, const char *after,
    struct slice *out)
{
	struct buf b = buf_new(cx->mem, VARIABLES_MAX_BYTES);
	struct jw w = jw_new(&b);

	jw_object(&w, NULL);
	jw_text(&w, "id", id);
	jw_int(&w, "first", first);
	if (after)
		jw_text(&w, "after", after);
	jw_close(&w);
	TRY(jw_end(&w));
	*out = buf_slice(&b);
	return RC_OK;
}

static enum rc
ask(struct cx *cx, struct intake *in, enum gql_doc doc, const char *id,
    int64_t first, const char *after, struct gql_reply *out)
{
	struct slice vars;
	enum rc rc;

	TRY(variables(cx, id, first, after, &vars));
	rc = shop_call(cx, in->shop, doc, vars, out);
	in->cost_points += out->cost.actual;
	return rc;
}

/* A page that costs too much is asked for by halves. */
static enum rc
ask_smaller(struct cx *cx, struct intake *in, enum gql_doc doc, const char *id,
    int64_t *first, const char *after, struct gql_reply *out)
{
	for (;;) {
		const enum rc rc = ask(cx, in, doc, id, *first, after, out);

		if (rc != RC_TOO_BIG || *first <= 1)
			return rc;
		rc_forget(cx);
		*first /= 2;
	}
}

enum rc
reread_connection(struct cx *cx, struct intake *in, enum gql_doc doc,
    const char *id, const char *path, const char *after, reread_fn *each,
    void *arg)
{
	int64_t first = PAGE_MAX;
	struct gql_reply reply;
	struct json connection, nodes;
	const char *next;

	for (;;) {
		TRY(ask_smaller(cx, in, doc, id, &first, after, &reply));
		connection = jat(reply.data, path);
		if (!connection.node) /* gone since the page was read */
			return RC_OK;
		TRY(jget_list(cx, connection, "nodes", &nodes));
		TRY(each(cx, in, nodes, arg));
		if (!jbool_or(connection, "pageInfo.hasNextPage", false))
			return RC_OK;
		next = jtext_or(connection, "pageInfo.endCursor", NULL);
		if (!next || (after && text_same(next, after)))
			break;
		after = next;
	}
	return rc_fail(
	    cx, RC_REMOTE, "Shopify says there is more, but not behind what");
}

enum rc
reread_list(struct cx *cx, struct intake *in, enum gql_doc doc, const char *id,
    const char *path, int64_t first, reread_fn *each, void *arg)
{
	struct gql_reply reply;
	struct json nodes;

	/* Never by halves: half of it would pass for all of it. */
	TRY(ask(cx, in, doc, id, first, NULL, &reply));
	nodes = jat(reply.data, path);
	return nodes.node ? each(cx, in, nodes, arg) : RC_OK;
}
