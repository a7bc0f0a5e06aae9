/* Cutting a page out of a list (Relay's cursor connections). */
#include <string.h>

#include "base/code.h"
#include "page.h"
#include "run.h"
#include "schema.h"

/* One edge of a page. */
struct edge {
	const struct page *page;
	size_t i;
};

/* ---- cursors: base64 of {"last_id":1,"last_value":"..."} */

struct cursor {
	int64_t id;
	struct sort_key key;
};

static const char *
cursor_of(struct run *run, const struct page *page, size_t i)
{
	const struct thing *thing = page->nodes.items[i];
	struct buf b = buf_new(run->cx->mem, 4096);
	struct jw w = jw_new(&b);
	struct sort_key key = { (int64_t)(page->from + i), NULL };

	if (page->sort != NULL)
		key = sort_key(page->sort, thing);
	jw_object(&w, NULL);
	jw_int(&w, "last_id", thing->id);
	if (key.text != NULL)
		jw_text(
		    &w, "last_value", text_cut(run->cx->mem, key.text, 1000));
	else
		jw_int(&w, "last_value", key.number);
	jw_close(&w);
	return base64_of(run->cx->mem, b.p, b.n);
}

static bool
read_cursor(struct run *run, const char *text, const struct sort *sort,
    struct cursor *out)
{
	struct slice plain;
	struct json j;
	const bool by_text = sort != NULL && sort->how == HOW_TEXT;

	if (!base64_to(run->cx->mem, slice_of(text), &plain))
		return false;
	if (json_read(run->cx, plain, 8192, RC_INPUT, &j) != RC_OK) {
		rc_forget(run->cx);
		return false;
	}
	out->id = jint_or(j, "last_id", 0);
	if (by_text) {
		out->key =
		    (struct sort_key){ 0, jtext_or(j, "last_value", NULL) };
		return out->id != 0 && out->key.text != NULL;
	}
	out->key =
	    (struct sort_key){ jint_or(j, "last_value", INT64_MIN), NULL };
	return out->id != 0 && out->key.number != INT64_MIN;
}

/* The place of the first thing behind the cursor, in ascending order. A list
 * in its own order is searched for the id itself, which may be gone. */
static size_t
place_behind(struct list all, const struct sort *sort, const struct cursor *c)
{
	size_t from = 0, to = all.n, middle;
	const struct thing *t;

	if (sort == NULL) {
		for (from = 0; from < all.n; from++) {
			t = all.items[from];
			if (t->id == c->id)
				return from + 1;
		}
		return c->key.number < 0 || (size_t)c->key.number > all.n
			   ? all.n
			   : (size_t)c->key.number;
	}
	while (from < to) {
		middle = from + (to - from) / 2;
		t = all.items[middle];
		if (sort_compare(sort_key(sort, t), t->id, c->key, c->id) <= 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static bool
stands_at(struct list all, size_t i, int64_t id)
{
	const struct thing *t = i < all.n ? all.items[i] : NULL;

	return t != NULL && t->id == id;
}

/* ---- the piece */

/* What is left between the cursors, as places [from, to) in reading order. */
struct span {
	size_t from;
	size_t to;
};

static bool
apply_cursor(struct run *run, struct list all, const struct sort *sort,
    const struct plan_field *f, const char *which, struct span *span)
{
	const char *text = plan_text(f, which);
	const bool reverse = plan_true(f, "reverse");
	const bool after = text_same(which, "after");
	struct cursor c;
	size_t behind, at;

	if (text == NULL)
		return true;
	if (!read_cursor(run, text, sort, &c))
		return false;
	behind = place_behind(all, sort, &c);
	at = behind > 0 && stands_at(all, behind - 1, c.id) ? behind - 1
							    : behind;
	if (reverse) { /* the list is read from its end */
		size_t swap = all.n - behind;

		behind = all.n - at;
		at = swap;
	}
	if (after && behind > span->from)
		span->from = behind;
	if (!after && at < span->to)
		span->to = at;
	return true;
}

static struct list
reversed(struct run *run, struct list all)
{
	const void **items = ARENA_ARRAY(run->cx->mem, const void *, all.n + 1);
	size_t i;

	for (i = 0; i < all.n; i++)
		items[i] = all.items[all.n - 1 - i];
	return (struct list){ items, all.n };
}

int64_t
page_size(const struct plan_field *f)
{
	return plan_int(f, "first", plan_int(f, "last", 0));
}

/* What is wrong with first and last; NULL when nothing is. */
static const char *
wrong_size(struct run *run, const struct plan_field *f)
{
	const int64_t first = plan_int(f, "first", -1);
	const int64_t last = plan_int(f, "last", -1);

	if (plan_int(f, "first", INT64_MIN) == INT64_MIN &&
	    plan_int(f, "last", INT64_MIN) == INT64_MIN)
		return "you must provide one of first or last";
	if (first >= 0 && last >= 0)
		return "providing both first and last is not supported";
	if (first < 0 && last < 0)
		return "first and last must not be negative";
	if (first > PAGE_FIRST_MAX || last > PAGE_FIRST_MAX)
		return text_fmt(run->cx->mem,
		    "The %s argument cannot exceed %d",
		    first >= 0 ? "first" : "last", PAGE_FIRST_MAX);
	return NULL;
}

static struct value
cut(struct run *run, struct list all, const struct sort *sort, struct span span,
    const struct plan_field *f)
{
	struct page *page = ARENA_NEW(run->cx->mem, struct page);
	const size_t size = (size_t)page_size(f);
	const size_t most = (size_t)run->page_objects_max;
	const size_t end = all.n < most ? all.n : most;

	if (span.to > end)
		span.to = end;
	if (span.to < span.from)
		span.to = span.from;
	page->has_previous = span.from > 0;
	page->has_next = span.to < end;
	if (span.to - span.from > size && plan_int(f, "first", -1) >= 0) {
		span.to = span.from + size;
		page->has_next = true;
	} else if (span.to - span.from > size) {
		span.from = span.to - size;
		page->has_previous = true;
	}
	page->from = span.from;
	page->sort = sort;
	page->nodes = (struct list){ all.items ? all.items + span.from : NULL,
		span.to - span.from };
	return value_object(page);
}

/* In bulk first, last and the cursors do not count. */
static struct value
whole(struct run *run, struct list all, const struct sort *sort,
    const struct plan_field *f)
{
	struct page *page = ARENA_NEW(run->cx->mem, struct page);

	if (plan_true(f, "reverse"))
		all = reversed(run, all);
	*page = (struct page){ .nodes = all, .sort = sort };
	return value_object(page);
}

struct value
page_of(struct run *run, struct list all, const struct sort *sort,
    const struct plan_field *f)
{
	struct span span = { 0, all.n };
	const char *wrong;

	if (run->bulk)
		return whole(run, all, sort, f);
	wrong = wrong_size(run, f);
	if (wrong != NULL)
		return run_refuse(run, "BAD_REQUEST", wrong);
	if (!apply_cursor(run, all, sort, f, "after", &span) ||
	    !apply_cursor(run, all, sort, f, "before", &span))
		return run_refuse(run, "BAD_REQUEST",
		    "Invalid cursor for current pagination sort.");
	if (span.from >= (size_t)run->page_objects_max)
		return run_refuse(run, "BAD_REQUEST",
		    text_fmt(run->cx->mem,
			"Pagination is limited to the first %lld objects",
			(long long)run->page_objects_max));
	if (plan_true(f, "reverse"))
		all = reversed(run, all);
	return cut(run, all, sort, span, f);
}

/* ---- the fields of connections, edges and PageInfo */

static struct value
page_edges(struct run *run, const void *object, const struct plan_field *f)
{
	const struct page *page = object;
	const size_t n = page->nodes.n;
	struct edge *edges = ARENA_ARRAY(run->cx->mem, struct edge, n + 1);
	const void **items = ARENA_ARRAY(run->cx->mem, const void *, n + 1);
	size_t i;

	(void)f;
	for (i = 0; i < n; i++) {
		edges[i] = (struct edge){ page, i };
		items[i] = &edges[i];
	}
	return value_list((struct list){ items, n });
}

static struct value
edge_node(struct run *run, const void *object, const struct plan_field *f)
{
	const struct edge *e = object;

	(void)run;
	(void)f;
	return value_object(e->page->nodes.items[e->i]);
}

static struct value
edge_cursor(struct run *run, const void *object, const struct plan_field *f)
{
	const struct edge *e = object;

	(void)f;
	return value_words(cursor_of(run, e->page, e->i));
}

struct value
page_start_cursor(
    struct run *run, const void *object, const struct plan_field *f)
{
	const struct page *page = object;

	(void)f;
	return value_words(page->nodes.n ? cursor_of(run, page, 0) : NULL);
}

struct value
page_end_cursor(struct run *run, const void *object, const struct plan_field *f)
{
	const struct page *page = object;
	const size_t n = page->nodes.n;

	(void)f;
	return value_words(n ? cursor_of(run, page, n - 1) : NULL);
}

const struct type *
page_type(struct cx *cx, const char *name, const struct type *node)
{
	const char *thing = node->name;
	struct arena *mem = cx->mem;
	struct type *t = ARENA_NEW(mem, struct type);
	struct type_field *fields = ARENA_ARRAY(mem, struct type_field, 4);

	if (text_ends(name, "Edge")) {
		fields[0] =
		    (struct type_field)F_CALL("cursor", "String!", edge_cursor);
		fields[1] = (struct type_field)F_CALL(
		    "node", text_fmt(mem, "%s!", thing), edge_node);
	} else {
		fields[0] = (struct type_field)F_AT("nodes",
		    text_fmt(mem, "[%s!]!", thing), HOW_LIST, page, nodes);
		fields[1] = (struct type_field)F_CALL(
		    "edges", text_fmt(mem, "[%sEdge!]!", thing), page_edges);
		fields[2] = (struct type_field)F_SELF("pageInfo", "PageInfo!");
	}
	*t = (struct type){ .name = name,
		.kind = TYPE_OBJECT,
		.fields = fields,
		.free = true,
		.node = node };
	return t;
}
