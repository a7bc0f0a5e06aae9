/* Fields, selections and fragments against the schema. */
#include "check_in.h"

const char *
check_operation_name(struct arena *mem, const struct doc_operation *op)
{
	return op->name ? text_fmt(mem, "%s %s", op->word, op->name) : op->word;
}

static const char *
typed_name(const struct typed *t)
{
	while (t->of != NULL)
		t = t->of;
	return t->name;
}

/* ---- fields */

static void check_set(struct check *c, const struct type *type,
    const struct doc_selection *s, const struct crumb *path);

static void
say_mismatch(struct check *c, const struct doc_selection *s,
    const struct type_field *f, const struct crumb *path)
{
	struct arena *mem = c->cx->mem;
	const char *type = typed_name(&f->type);
	const char *text =
	    s->inside
		? text_fmt(mem,
		      "Selections can't be made on scalars (field '%s' returns "
		      "%s but has selections [\"%s\"])",
		      s->name, type, s->inside->name ? s->inside->name : "...")
		: text_fmt(mem,
		      "Field must have selections (field '%s' returns %s but "
		      "has "
		      "no selections. Did you mean '%s { ... }'?)",
		      s->name, type, s->name);

	problems_add(c->problems,
	    &(struct problem){
		.message = text,
		.at = s->at,
		.path = path,
		.code = "selectionMismatch",
		.more = { { "nodeName", text_fmt(mem, "field '%s'", s->name) },
		    { "typeName", type } },
	    });
}

static void
check_field(struct check *c, const struct type *type,
    const struct doc_selection *s, const struct crumb *up)
{
	const struct crumb here = { .up = up, .name = s->key };
	const struct type_field *f = type_field(type, s->name, c->version);

	if (f == NULL) {
		problems_add(c->problems,
		    &(struct problem){
			.message = text_fmt(c->cx->mem,
			    "Field '%s' doesn't exist on type '%s'", s->name,
			    type->name),
			.at = s->at,
			.path = &here,
			.code = "undefinedField",
			.more = { { "typeName", type->name },
			    { "fieldName", s->name } },
		    });
		return;
	}
	check_directives(c, s->directives, &here);
	check_args(c, f, s, &here);
	if ((s->inside != NULL) != type_composite(f->of))
		say_mismatch(c, s, f, &here);
	else
		check_set(c, f->of, s->inside, &here);
}

/* ---- fragments */

/* Whether an object can be of both types. */
static bool
overlap(const struct type *a, const struct type *b)
{
	const struct type *t;
	size_t i;

	for (i = 0; (t = types_at(i)) != NULL; i++)
		if (t->kind == TYPE_OBJECT && type_is(t, a) && type_is(t, b))
			return true;
	return false;
}

/* The type of `... on NAME`, or NULL, which is said. */
static const struct type *
condition(struct check *c, const char *name, struct place at,
    const struct crumb *path)
{
	const struct type *t = types_find(name);

	if (t != NULL && type_composite(t))
		return t;
	problems_add(c->problems,
	    &(struct problem){
		.message = text_fmt(c->cx->mem,
		    "No such type %s, so it can't be a fragment condition",
		    name),
		.at = at,
		.path = path,
		.code = "undefinedType",
		.more = { { "typeName", name } },
	    });
	return NULL;
}

static void
say_cannot_spread(struct check *c, const struct doc_selection *s,
    const char *on, const struct type *parent, const struct crumb *path)
{
	const char *fragment = s->kind == DOC_SPREAD ? s->name : "unknown";

	problems_add(c->problems,
	    &(struct problem){
		.message = text_fmt(c->cx->mem,
		    "Fragment %s%son %s can't be spread inside %s",
		    s->kind == DOC_SPREAD ? s->name : "",
		    s->kind == DOC_SPREAD ? " " : "", on, parent->name),
		.at = s->at,
		.path = path,
		.code = "cannotSpreadFragment",
		.more = { { "typeName", on }, { "fragmentName", fragment },
		    { "parentName", parent->name } },
	    });
}

static void
check_inline(struct check *c, const struct type *type,
    const struct doc_selection *s, const struct crumb *up)
{
	struct crumb here = { .up = up, .name = "..." };
	const struct type *on = type;

	if (s->name != NULL) {
		here.name = text_fmt(c->cx->mem, "... on %s", s->name);
		on = condition(c, s->name, s->at, &here);
		if (on == NULL)
			return;
		if (!overlap(on, type))
			say_cannot_spread(c, s, s->name, type, &here);
	}
	check_directives(c, s->directives, &here);
	check_set(c, on, s->inside, &here);
}

static void
check_spread(struct check *c, const struct type *type,
    const struct doc_selection *s, const struct crumb *path)
{
	const struct doc_fragment *f = doc_fragment(c->doc, s->name);
	const struct type *on = f ? types_find(f->on) : NULL;

	check_directives(c, s->directives, path);
	if (f == NULL)
		problems_add(c->problems,
		    &(struct problem){
			.message = text_fmt(c->cx->mem,
			    "Fragment %s was used, but not defined", s->name),
			.at = s->at,
			.path = path,
			.code = "useAndDefineFragment",
			.more = { { "fragmentName", s->name } },
		    });
	else if (on != NULL && !overlap(on, type))
		say_cannot_spread(c, s, f->on, type, path);
}

static void
check_set(struct check *c, const struct type *type,
    const struct doc_selection *s, const struct crumb *path)
{
	for (; s != NULL; s = s->next) {
		if (s->kind == DOC_FIELD)
			check_field(c, type, s, path);
		else if (s->kind == DOC_INLINE)
			check_inline(c, type, s, path);
		else
			check_spread(c, type, s, path);
	}
}

/* Whether fragment `name` is spread in `s`, directly or through others. A
 * document's fragments are few, and `depth` ends the rings. */
static bool
reaches(
    struct check *c, const struct doc_selection *s, const char *name, int depth)
{
	const struct doc_fragment *f;

	for (; s != NULL && depth > 0; s = s->next) {
		if (s->kind != DOC_SPREAD) {
			if (reaches(c, s->inside, name, depth))
				return true;
			continue;
		}
		if (text_same(s->name, name))
			return true;
		f = doc_fragment(c->doc, s->name);
		if (f != NULL && reaches(c, f->inside, name, depth - 1))
			return true;
	}
	return false;
}

static void
check_fragment(struct check *c, const struct doc_fragment *f)
{
	const struct crumb here = { .name = text_fmt(
					c->cx->mem, "fragment %s", f->name) };
	const struct doc_operation *op = c->doc->operations;
	struct problem p = { .at = f->at,
		.path = &here,
		.code = "useAndDefineFragment",
		.more = { { "fragmentName", f->name } } };
	const struct type *on = condition(c, f->on, f->at, &here);

	if (on != NULL)
		check_set(c, on, f->inside, &here);
	if (reaches(c, f->inside, f->name, 8)) {
		p.code = "infiniteLoop";
		p.message = text_fmt(c->cx->mem,
		    "Fragment %s contains an infinite loop", f->name);
		problems_add(c->problems, &p);
		return;
	}
	while (op != NULL && !reaches(c, op->inside, f->name, 8))
		op = op->next;
	if (op != NULL)
		return;
	p.message = text_fmt(
	    c->cx->mem, "Fragment %s was defined, but not used", f->name);
	problems_add(c->problems, &p);
}

void
check_document(struct cx *cx, const struct doc *doc, const char *version,
    struct problems *problems)
{
	struct check c = { cx, doc, version, problems };
	const struct doc_operation *op;
	const struct doc_fragment *f;
	const struct type *root;

	for (f = doc->fragments; f != NULL; f = f->next)
		check_fragment(&c, f);
	for (op = doc->operations; op != NULL; op = op->next) {
		const struct crumb here = { .name = check_operation_name(
						cx->mem, op) };

		root = types_root(op->word);
		if (root != NULL)
			check_set(&c, root, op->inside, &here);
		else
			problems_add(problems,
			    &(struct problem){
				.message = "Schema is not configured for "
					   "subscriptions",
				.at = op->at,
				.path = &here,
				.code = "missingSubscriptionRoot",
			    });
	}
	if (problems->n > 0)
		return;
	for (op = doc->operations; op != NULL; op = op->next)
		check_variables(cx, doc, op, version, problems);
}
