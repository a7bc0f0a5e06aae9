/* From the document's selections to one tree a type. */
#include "plan.h"

enum { FIELDS_MAX = 20000, PLAN_DEPTH = 28 };

struct planner {
	struct cx *cx;
	const struct doc *doc;
	const struct given *variables;
	const char *version;
	struct problems *problems;
	size_t n_fields;
};

/* Selection sets that go into one object: a field asked for twice has two. */
struct sets {
	const struct doc_selection *inside;
	struct sets *next;
};

/* A plan_field while its sets are gathered. */
struct draft {
	struct plan_field f;
	const struct doc_arg *written;
	struct sets *sets;
	struct draft *next;
};

struct seen {
	const char *fragment;
	struct seen *next;
};

struct collect {
	struct planner *p;
	const struct type *type;
	struct draft *drafts;
	struct seen *seen;
};

const struct literal *
given_find(const struct given *g, const char *name)
{
	for (; g != NULL; g = g->next)
		if (text_same(g->name, name))
			return &g->value;
	return NULL;
}

/* The value with variables put in; false when a variable is not given. */
static bool
resolve(struct planner *p, const struct literal *in, struct literal *out)
{
	const struct literal *v;
	struct literal *items;
	size_t i;

	*out = *in;
	if (in->kind == LIT_VARIABLE) {
		v = given_find(p->variables, in->text);
		if (v != NULL)
			*out = *v;
		return v != NULL;
	}
	if (in->n == 0)
		return true;
	items = ARENA_ARRAY(p->cx->mem, struct literal, in->n);
	for (i = 0; i < in->n; i++)
		if (!resolve(p, &in->items[i], &items[i]))
			items[i] = (struct literal){ .kind = LIT_NULL };
	out->items = items;
	return true;
}

static const struct doc_arg *
written(const struct doc_arg *args, const char *name)
{
	for (; args != NULL; args = args->next)
		if (text_same(args->name, name))
			return args;
	return NULL;
}

/* A lone value where a list is wanted is a list of one. */
static struct literal
as_list(struct cx *cx, const struct doc_variable *arg, struct literal v)
{
	struct literal *one;

	if (arg->type.of == NULL || v.kind == LIT_LIST || v.kind == LIT_NULL)
		return v;
	one = ARENA_NEW(cx->mem, struct literal);
	*one = v;
	return (struct literal){ .kind = LIT_LIST, .items = one, .n = 1 };
}

static const struct given *
give_args(struct planner *p, const struct type_field *field,
    const struct doc_arg *args)
{
	const struct doc_variable *arg;
	const struct doc_arg *w;
	struct given *first = NULL, *g;
	struct literal v;

	for (arg = field->args; arg != NULL; arg = arg->next) {
		w = written(args, arg->name);
		if (w == NULL || !resolve(p, &w->value, &v)) {
			if (arg->fallback == NULL)
				continue;
			v = *arg->fallback;
		}
		g = ARENA_NEW(p->cx->mem, struct given);
		g->name = arg->name;
		g->value = as_list(p->cx, arg, v);
		g->next = first;
		first = g;
	}
	return first;
}

/* What @skip and @include say. */
static bool
wanted(struct planner *p, const struct doc_directive *d)
{
	struct literal v;
	const struct doc_arg *arg;

	for (; d != NULL; d = d->next) {
		arg = written(d->args, "if");
		if (arg == NULL || !resolve(p, &arg->value, &v))
			continue;
		if (text_same(d->name, "skip") && v.number)
			return false;
		if (text_same(d->name, "include") && !v.number)
			return false;
	}
	return true;
}

static bool
same_args(struct arena *mem, const struct doc_arg *a, const struct doc_arg *b)
{
	const struct doc_arg *other;
	size_t n = 0;

	for (other = b; other != NULL; other = other->next)
		n++;
	for (; a != NULL; a = a->next, n--) {
		other = written(b, a->name);
		if (other == NULL ||
		    !text_same(value_text(mem, &a->value, true),
			value_text(mem, &other->value, true)))
			return false;
	}
	return n == 0;
}

static enum rc
say_conflict(struct collect *c, const struct draft *d,
    const struct doc_selection *s, const char *other)
{
	struct arena *mem = c->p->cx->mem;
	const char *both = text_fmt(mem, "%s or %s", d->f.field->name, s->name);

	if (text_same(d->f.field->name, s->name))
		both = other;
	problems_add(c->p->problems,
	    &(struct problem){
		.message = text_fmt(mem, "Field '%s' has %s: %s?", s->key,
		    both == other ? "an argument conflict" : "a field conflict",
		    both),
		.at = s->at,
		.code = "fieldConflict",
		.more = { { "fieldName", s->key }, { "conflicts", both } },
	    });
	return RC_INPUT;
}

static enum rc
too_much(struct planner *p)
{
	problems_add(p->problems,
	    &(struct problem){ .message =
				   "Query has more fields or depth than the "
				   "sandbox takes" });
	return RC_INPUT;
}

static void
add_set(struct arena *mem, struct draft *d, const struct doc_selection *inside)
{
	struct sets **end = &d->sets;

	if (inside == NULL)
		return;
	while (*end != NULL)
		end = &(*end)->next;
	*end = ARENA_NEW(mem, struct sets);
	(*end)->inside = inside;
}

static enum rc
collect_field(struct collect *c, const struct doc_selection *s)
{
	struct draft **end = &c->drafts, *d;

	for (; *end != NULL; end = &(*end)->next)
		if (text_same((*end)->f.key, s->key))
			break;
	d = *end;
	if (d == NULL) {
		if (++c->p->n_fields > FIELDS_MAX)
			return too_much(c->p);
		d = *end = ARENA_NEW(c->p->cx->mem, struct draft);
		d->f.field = type_field(c->type, s->name, c->p->version);
		d->f.key = s->key;
		d->f.at = s->at;
		d->f.args = give_args(c->p, d->f.field, s->args);
		d->written = s->args;
	} else if (!text_same(d->f.field->name, s->name) ||
		   !same_args(c->p->cx->mem, d->written, s->args))
		return say_conflict(c, d, s, "different arguments");
	add_set(c->p->cx->mem, d, s->inside);
	return RC_OK;
}

static enum rc collect(struct collect *c, const struct doc_selection *s);

/* Whether this fragment goes into this object, for the first time. */
static bool
fresh(struct collect *c, const char *fragment)
{
	struct seen *s;

	for (s = c->seen; s != NULL; s = s->next)
		if (text_same(s->fragment, fragment))
			return false;
	s = ARENA_NEW(c->p->cx->mem, struct seen);
	s->fragment = fragment;
	s->next = c->seen;
	c->seen = s;
	return true;
}

static enum rc
collect_fragment(struct collect *c, const struct doc_selection *s)
{
	const char *on = s->name;
	const struct doc_selection *inside = s->inside;
	const struct doc_fragment *f;

	if (s->kind == DOC_SPREAD) {
		f = doc_fragment(c->p->doc, s->name);
		if (f == NULL || !fresh(c, s->name))
			return RC_OK;
		on = f->on;
		inside = f->inside;
	}
	if (on != NULL && !type_is(c->type, types_find(on)))
		return RC_OK;
	return collect(c, inside);
}

static enum rc
collect(struct collect *c, const struct doc_selection *s)
{
	for (; s != NULL; s = s->next) {
		if (!wanted(c->p, s->directives))
			continue;
		TRY(s->kind == DOC_FIELD ? collect_field(c, s)
					 : collect_fragment(c, s));
	}
	return RC_OK;
}

static enum rc plan_object(struct planner *p, const struct type *type,
    const struct sets *sets, int depth, const struct plan **out);

static enum rc
plan_inside(struct planner *p, struct draft *d, int depth)
{
	const struct type *of = d->f.field->of, *t;
	const struct plan **end = &d->f.inside;
	size_t i;

	if (of->kind == TYPE_OBJECT)
		return plan_object(p, of, d->sets, depth + 1, end);
	for (i = 0; (t = types_at(i)) != NULL; i++) {
		if (t->kind != TYPE_OBJECT || !type_is(t, of))
			continue;
		TRY(plan_object(p, t, d->sets, depth + 1, end));
		end = (const struct plan **)&(*end)->other;
	}
	return RC_OK;
}

static enum rc
plan_object(struct planner *p, const struct type *type, const struct sets *sets,
    int depth, const struct plan **out)
{
	struct plan *plan = ARENA_NEW(p->cx->mem, struct plan);
	struct collect c = { .p = p, .type = type };
	const struct plan_field **end = &plan->fields;
	struct draft *d;

	if (depth > PLAN_DEPTH)
		return too_much(p);
	for (; sets != NULL; sets = sets->next)
		TRY(collect(&c, sets->inside));
	for (d = c.drafts; d != NULL; d = d->next) {
		if (type_composite(d->f.field->of))
			TRY(plan_inside(p, d, depth));
		*end = &d->f;
		end = &d->f.next;
	}
	plan->type = type;
	*out = plan;
	return RC_OK;
}

enum rc
plan_make(struct cx *cx, const struct doc *doc, const struct doc_operation *op,
    const struct given *variables, const char *version,
    struct problems *problems, const struct plan **out)
{
	struct planner p = { cx, doc, variables, version, problems, 0 };
	struct sets sets = { op->inside, NULL };

	return plan_object(&p, types_root(op->word), &sets, 0, out);
}

const struct plan *
plan_for(const struct plan_field *f, const struct type *t)
{
	const struct plan *p = f->inside;

	while (p != NULL && t != NULL && p->type != t)
		p = p->other;
	return p;
}

const struct literal *
plan_arg(const struct plan_field *f, const char *name)
{
	return given_find(f->args, name);
}

int64_t
plan_int(const struct plan_field *f, const char *name, int64_t fallback)
{
	const struct literal *v = plan_arg(f, name);

	return v != NULL && v->kind == LIT_INT ? v->number : fallback;
}

const char *
plan_text(const struct plan_field *f, const char *name)
{
	const struct literal *v = plan_arg(f, name);

	return v != NULL && v->kind != LIT_NULL ? v->text : NULL;
}

bool
plan_true(const struct plan_field *f, const char *name)
{
	const struct literal *v = plan_arg(f, name);

	return v != NULL && v->kind == LIT_BOOL && v->number;
}
