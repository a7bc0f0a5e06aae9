/* Variables: every use is declared and fits, every declaration is used. */
#include "check.h"
#include "fits.h"
#include "types.h"

struct used {
	const char *name;
	struct used *next;
};

struct walk {
	struct cx *cx;
	const struct doc *doc;
	const struct doc_operation *op;
	const char *version;
	struct problems *problems;
	struct used *variables;
	struct used *fragments;
};

static bool
is_in(const struct used *u, const char *name)
{
	while (u != NULL && !text_same(u->name, name))
		u = u->next;
	return u != NULL;
}

static void
note(struct walk *w, struct used **list, const char *name)
{
	struct used *u = ARENA_NEW(w->cx->mem, struct used);

	u->name = name;
	u->next = *list;
	*list = u;
}

static const struct doc_variable *
declared(const struct walk *w, const char *name)
{
	const struct doc_variable *v = w->op->variables;

	while (v != NULL && !text_same(v->name, name))
		v = v->next;
	return v;
}

static void
say_undeclared(struct walk *w, const struct doc_arg *arg, const char *name,
    const struct crumb *path)
{
	problems_add(w->problems,
	    &(struct problem){
		.message = text_fmt(w->cx->mem,
		    "Variable $%s is used by %s but not declared", name,
		    w->op->name ? w->op->name : "anonymous query"),
		.at = arg->at,
		.path = path,
		.code = "variableNotDefined",
		.more = { { "variableName", name } },
	    });
}

static void
say_mismatch(struct walk *w, const struct doc_variable *v,
    const struct doc_arg *arg, const struct typed *type,
    const struct crumb *path)
{
	struct arena *mem = w->cx->mem;
	const char *why = type->required && !v->type.required
			      ? "Nullability mismatch"
			      : "Type mismatch";

	problems_add(w->problems,
	    &(struct problem){
		.message = text_fmt(mem,
		    "%s on variable $%s and argument %s (%s / %s)", why,
		    v->name, arg->name, typed_text(mem, &v->type),
		    typed_text(mem, type)),
		.at = arg->at,
		.path = path,
		.code = "variableMismatch",
		.more = { { "variableName", v->name },
		    { "typeName", typed_text(mem, &v->type) },
		    { "argumentName", arg->name }, { "errorMessage", why } },
	    });
}

/* What an item of a list, or a member of an object, must be. */
static const struct typed *
inside(const struct walk *w, const struct typed *type,
    const struct literal *value, size_t i)
{
	const struct type *t = type->of ? NULL : types_find(type->name);
	const struct type_field *f = NULL;

	if (value->kind == LIT_LIST)
		return type->of ? type->of : type;
	if (t != NULL && t->kind == TYPE_INPUT)
		f = type_field(t, value->names[i], w->version);
	return f != NULL ? &f->type : type;
}

static void
walk_value(struct walk *w, const struct doc_arg *arg,
    const struct literal *value, const struct typed *type, bool fallback,
    const struct crumb *path)
{
	const struct doc_variable *v;
	size_t i;

	for (i = 0; i < value->n; i++)
		walk_value(w, arg, &value->items[i], inside(w, type, value, i),
		    false, path);
	if (value->kind != LIT_VARIABLE)
		return;
	v = declared(w, value->text);
	if (v == NULL) {
		say_undeclared(w, arg, value->text, path);
		return;
	}
	note(w, &w->variables, v->name);
	if (!fits_variable(&v->type, fallback || v->fallback != NULL, type))
		say_mismatch(w, v, arg, type, path);
}

static void
walk_args(struct walk *w, const struct doc_arg *arg,
    const struct doc_variable *args, const struct crumb *path)
{
	const struct doc_variable *a;

	for (; arg != NULL; arg = arg->next) {
		for (a = args; a != NULL; a = a->next)
			if (text_same(a->name, arg->name))
				walk_value(w, arg, &arg->value, &a->type,
				    a->fallback != NULL, path);
	}
}

static void
walk_directives(
    struct walk *w, const struct doc_directive *d, const struct crumb *path)
{
	static const struct doc_variable args = { .name = "if",
		.type = { .name = "Boolean", .required = true } };

	for (; d != NULL; d = d->next)
		walk_args(w, d->args, &args, path);
}

static void
walk_set(struct walk *w, const struct type *type, const struct doc_selection *s,
    const struct crumb *up)
{
	const struct type_field *field;
	const struct doc_fragment *f;

	for (; s != NULL; s = s->next) {
		const struct crumb here = { .up = up, .name = s->key };

		walk_directives(w, s->directives, up);
		if (s->kind == DOC_FIELD) {
			field = type_field(type, s->name, w->version);
			walk_args(w, s->args, field->args, &here);
			walk_set(w, field->of, s->inside, &here);
		} else if (s->kind == DOC_INLINE) {
			walk_set(w, s->name ? types_find(s->name) : type,
			    s->inside, up);
		} else if (!is_in(w->fragments, s->name)) {
			note(w, &w->fragments, s->name);
			f = doc_fragment(w->doc, s->name);
			walk_set(w, types_find(f->on), f->inside, up);
		}
	}
}

/* The innermost name of a type: ID of [ID!]!. */
static const char *
name_of(const struct typed *t)
{
	while (t->of != NULL)
		t = t->of;
	return t->name;
}

static bool
is_input(const char *name)
{
	const struct type *t = types_find(name);

	return t != NULL && !type_composite(t);
}

static void
check_declaration(
    struct walk *w, const struct doc_variable *v, const struct crumb *path)
{
	struct arena *mem = w->cx->mem;
	struct problem p = { .at = v->at,
		.path = path,
		.more = { { "variableName", v->name } } };

	if (!is_input(name_of(&v->type))) {
		p.code = "variableRequiresValidType";
		p.message =
		    text_fmt(mem, "%s isn't a defined input type (on $%s)",
			name_of(&v->type), v->name);
		p.more[1].name = "typeName";
		p.more[1].text = name_of(&v->type);
	} else if (v->fallback != NULL &&
		   fits(mem, &v->type, v->fallback, FROM_DOCUMENT) != NULL) {
		p.code = "defaultValueInvalidType";
		p.message =
		    text_fmt(mem, "Default value for $%s doesn't match type %s",
			v->name, typed_text(mem, &v->type));
		p.more[1].name = "typeName";
		p.more[1].text = typed_text(mem, &v->type);
	} else if (!is_in(w->variables, v->name)) {
		p.code = "variableNotUsed";
		p.message =
		    text_fmt(mem, "Variable $%s is declared by %s but not used",
			v->name, w->op->name ? w->op->name : "anonymous query");
	} else
		return;
	problems_add(w->problems, &p);
}

void
check_variables(struct cx *cx, const struct doc *doc,
    const struct doc_operation *op, const char *version,
    struct problems *problems)
{
	const struct crumb here = { .name = check_operation_name(cx->mem, op) };
	struct walk w = { .cx = cx,
		.doc = doc,
		.op = op,
		.version = version,
		.problems = problems };
	const struct doc_variable *v;

	walk_set(&w, types_root(op->word), op->inside, &here);
	for (v = op->variables; v != NULL; v = v->next)
		check_declaration(&w, v, &here);
}
