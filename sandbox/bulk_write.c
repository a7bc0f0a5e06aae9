/* The file of a bulk operation: an object a line, children on lines of their
 * own with their parent's id. In memory is one block of roots at a time. */
#include <stdio.h>

#include "bulk.h"
#include "page.h"

enum { LINE_BYTES_MAX = 8 << 20, BLOCK = 50 };

struct writer {
	struct run *run;
	const struct bulk_how *how;
	struct bulk_head *head;
	FILE *out;
};

static const struct plan_field *
find(const struct plan *plan, const char *name)
{
	const struct plan_field *f = plan->fields;

	while (f != NULL && !text_same(f->field->name, name))
		f = f->next;
	return f;
}

static const struct plan *
node_plan(const struct plan_field *connection)
{
	return find(find(connection->inside, "edges")->inside, "node")->inside;
}

static bool
is_connection(const struct plan_field *f)
{
	return f->field->of->node != NULL &&
	       text_ends(f->field->of->name, "Connection");
}

static const char *
gid_of(struct writer *x, const struct plan *plan, const void *object)
{
	const struct thing *t = object;

	return text_fmt(x->run->cx->mem, "gid://shopify/%s/%lld",
	    plan->type->name, (long long)t->id);
}

static enum rc
line(struct writer *x, const struct plan *plan, const void *object,
    const char *parent)
{
	struct cx *cx = x->run->cx;
	struct arena_mark mark = arena_mark(cx->mem);
	struct buf b = buf_new(cx->mem, LINE_BYTES_MAX);
	struct jw w = jw_new(&b);

	x->run->w = &w;
	run_line(x->run, plan, object, parent);
	TRY(jw_end(&w));
	buf_addc(&b, '\n');
	if (fwrite(b.p, 1, b.n, x->out) != b.n)
		return rc_fail(cx, RC_BUSY, "the file cannot be written");
	x->head->bytes += (int64_t)b.n;
	x->head->objects++;
	x->head->roots += parent == NULL;
	arena_back(cx->mem, mark);
	return RC_OK;
}

static enum rc children(
    struct writer *x, const struct plan *plan, const void *object);

static enum rc
children_of(struct writer *x, const struct plan_field *f, const void *object,
    const struct plan *parent)
{
	const struct value v = run_value(x->run, parent->type, object, f);
	const struct page *page = v.object;
	const struct plan *plan = node_plan(f);
	const char *gid = gid_of(x, parent, object);
	size_t i, n = page ? page->nodes.n : 0;

	if (x->how->children_max > 0 && n > (size_t)x->how->children_max)
		n = (size_t)x->how->children_max;
	for (i = 0; i < n; i++) {
		TRY(line(x, plan, page->nodes.items[i], gid));
		TRY(children(x, plan, page->nodes.items[i]));
	}
	return RC_OK;
}

static enum rc
children(struct writer *x, const struct plan *plan, const void *object)
{
	struct arena *mem = x->run->cx->mem;
	struct arena_mark mark = arena_mark(mem);
	const struct plan_field *f;

	for (f = plan->fields; f != NULL; f = f->next)
		if (is_connection(f))
			TRY(children_of(x, f, object, plan));
	arena_back(mem, mark);
	return RC_OK;
}

/* Some roots: their children behind each, behind all of them, or before. */
static enum rc
block(struct writer *x, const struct plan *plan, const void *const *roots,
    size_t n)
{
	size_t i;

	for (i = 0; i < n && x->how->spread != 1; i++) {
		if (x->how->spread == 2)
			TRY(children(x, plan, roots[i]));
		TRY(line(x, plan, roots[i], NULL));
		if (x->how->spread == 0)
			TRY(children(x, plan, roots[i]));
	}
	if (x->how->spread != 1)
		return RC_OK;
	for (i = 0; i < n; i++)
		TRY(line(x, plan, roots[i], NULL));
	for (i = 0; i < n; i++)
		TRY(children(x, plan, roots[i]));
	return RC_OK;
}

enum rc
bulk_write(struct run *run, const struct plan *plan, const struct bulk_how *how,
    struct bulk_head *head, void *file)
{
	struct writer x = { run, how, head, file };
	const struct plan_field *root = plan->fields;
	const struct value v = run_value(run, plan->type, NULL, root);
	const struct page *page = v.object;
	size_t n = page ? page->nodes.n : 0, i;

	if (page == NULL) /* what it may not see */
		return rc_fail(run->cx, RC_DENIED, "not for this token");
	if (how->end != BULK_COMPLETED)
		n /= 2;
	for (i = 0; i < n; i += BLOCK) {
		if (*(volatile int64_t *)&head->stop)
			return rc_fail(run->cx, RC_STOPPED, "canceled");
		TRY(block(&x, node_plan(root), page->nodes.items + i,
		    n - i < BLOCK ? n - i : BLOCK));
	}
	return RC_OK;
}
