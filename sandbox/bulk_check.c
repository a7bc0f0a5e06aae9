/* Which queries can be run in bulk: Shopify's rules and words (shopify.md 5).
 */
#include <string.h>

#include "bulk.h"
#include "check.h"

enum { QUERY_BYTES_MAX = 65535, CONNECTIONS_MAX = 5, DEPTH_MAX = 2 };

static const char by_edges[] =
    "All connection fields in a bulk query must select their contents using "
    "'edges' > 'node'. Selecting via 'nodes' is not supported.";

/* What is found on the way down. */
struct look {
	const char *wrong;
	int connections;
};

static bool
is_connection(const struct type *t)
{
	return t->node != NULL && text_ends(t->name, "Connection");
}

static const struct plan_field *
find(const struct plan *plan, const char *name)
{
	const struct plan_field *f = plan ? plan->fields : NULL;

	while (f != NULL && !text_same(f->field->name, name))
		f = f->next;
	return f;
}

static void
refuse(struct look *l, const char *wrong)
{
	if (l->wrong == NULL)
		l->wrong = wrong;
}

static void look_at(
    struct look *l, const struct plan *plan, int depth, bool in_list);

static void
look_at_connection(
    struct look *l, const struct plan_field *f, int depth, bool in_list)
{
	const struct plan_field *edges = find(f->inside, "edges");
	const struct plan_field *node =
	    edges ? find(edges->inside, "node") : NULL;

	l->connections++;
	if (in_list)
		refuse(l, "Queries that contain a connection field within a "
			  "list field are not currently supported.");
	if (node == NULL || find(f->inside, "nodes") != NULL)
		refuse(l, by_edges);
	if (depth > DEPTH_MAX)
		refuse(l, "Bulk queries cannot contain connections with a "
			  "nesting depth greater than 2.");
	if (node != NULL)
		look_at(l, node->inside, depth, false);
}

static bool
has_connections(const struct plan *plan)
{
	const struct plan_field *f;

	for (f = plan->fields; f != NULL; f = f->next)
		if (is_connection(f->field->of))
			return true;
	return false;
}

static void
look_at(struct look *l, const struct plan *plan, int depth, bool in_list)
{
	const struct plan_field *f, *id = find(plan, "id");

	if (depth > 0 && has_connections(plan) &&
	    (id == NULL || !text_same(id->key, "id")))
		refuse(l, "The parent 'id' field must be selected, without an "
			  "alias, where a nested connection is.");
	for (f = plan->fields; f != NULL; f = f->next) {
		if (is_connection(f->field->of))
			look_at_connection(l, f, depth + 1, in_list);
		else if (f->inside != NULL)
			look_at(l, f->inside, depth,
			    in_list || f->field->type_text[0] == '[');
	}
}

static const char *
look_at_root(const struct plan *plan)
{
	struct look l = { NULL, 0 };
	const struct plan_field *f = plan->fields;

	if (f == NULL || f->next != NULL)
		refuse(&l, "Bulk queries must have exactly one top level "
			   "field.");
	if (find(plan, "node") != NULL || find(plan, "nodes") != NULL)
		refuse(&l, "Bulk queries cannot contain a top level `node` or "
			   "`nodes` field.");
	look_at(&l, plan, 0, false);
	if (l.connections == 0)
		refuse(
		    &l, "Bulk queries must contain at least one connection.");
	if (l.connections > CONNECTIONS_MAX)
		refuse(&l, "Bulk queries cannot contain more than 5 "
			   "connections.");
	return l.wrong;
}

/* The first of what was found wrong with a document. */
static const char *
first_problem(struct cx *cx, struct problems *ps)
{
	struct buf b = buf_new(cx->mem, 8 << 20);
	struct jw w = jw_new(&b);
	struct json j;

	jw_object(&w, NULL);
	problems_write(&w, ps);
	jw_close(&w);
	if (jw_end(&w) != RC_OK ||
	    json_read(cx, buf_slice(&b), 8 << 20, RC_BUG, &j) != RC_OK)
		return "not to be read";
	return jtext_or(jitem(jat(j, "errors"), 0), "message", "");
}

static const char *
plan_for_bulk(struct run *run, struct doc *doc, const struct plan **plan)
{
	struct problems ps = problems_new(run->cx);
	struct arena *mem = run->cx->mem;

	check_document(run->cx, doc, run->version, &ps);
	if (ps.n > 0)
		return text_fmt(
		    mem, "Invalid bulk query: %s", first_problem(run->cx, &ps));
	if (doc->operations == NULL || doc->operations->next != NULL ||
	    !text_same(doc->operations->word, "query"))
		return "Bulk queries must be one query operation.";
	if (doc->operations->variables != NULL)
		return "Bulk queries cannot have variables.";
	if (plan_make(run->cx, doc, doc->operations, NULL, run->version, &ps,
		plan) != RC_OK)
		return text_fmt(
		    mem, "Invalid bulk query: %s", first_problem(run->cx, &ps));
	return look_at_root(*plan);
}

const char *
bulk_check(struct run *run, const char *query, const struct plan **plan)
{
	struct doc doc;

	if (strlen(query) > QUERY_BYTES_MAX)
		return "The query is longer than 65535 bytes.";
	if (doc_read(run->cx, slice_of(query), &doc) != RC_OK) {
		rc_forget(run->cx);
		return text_fmt(run->cx->mem,
		    "Invalid bulk query: syntax error, %s", doc.problem);
	}
	return plan_for_bulk(run, &doc, plan);
}
