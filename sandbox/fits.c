/* Coercion of input values (GraphQL specification 3.5 and 6.1.2). */
#include "fits.h"

static bool
fits_scalar(const char *name, const struct literal *v)
{
	if (text_same(name, "Int"))
		return v->kind == LIT_INT && v->number >= INT32_MIN &&
		       v->number <= INT32_MAX;
	if (text_same(name, "Float"))
		return v->kind == LIT_INT || v->kind == LIT_FLOAT;
	if (text_same(name, "Boolean"))
		return v->kind == LIT_BOOL;
	if (text_same(name, "ID"))
		return v->kind == LIT_TEXT || v->kind == LIT_INT;
	return v->kind == LIT_TEXT;
}

static const struct type_field *
input_field(const struct type *t, const char *name)
{
	const struct type_field *f = t->fields;

	while (f->name != NULL && !text_same(f->name, name))
		f++;
	return f->name != NULL ? f : NULL;
}

/* Every member is one of the type's, and none that it needs is missing. */
static const char *
fits_input(struct arena *mem, const struct type *t, const struct literal *v,
    enum source source)
{
	const struct type_field *f;
	const char *why = NULL;
	size_t i;

	for (i = 0; i < v->n && why == NULL; i++) {
		f = input_field(t, v->names[i]);
		if (f == NULL)
			return text_fmt(mem,
			    "Field \"%s\" is not defined on %s", v->names[i],
			    t->name);
		why = fits(mem, &f->type, &v->items[i], source);
	}
	for (f = t->fields; f->name != NULL && why == NULL; f++)
		if (f->type.required && value_member(v, f->name) == NULL)
			why = text_fmt(
			    mem, "Expected \"%s\" to not be null", f->name);
	return why;
}

static const char *
fits_named(struct arena *mem, const char *name, const struct literal *v,
    enum source source)
{
	const struct type *t = types_find(name);
	const enum literal_kind word =
	    source == FROM_JSON ? LIT_TEXT : LIT_ENUM;

	if (t == NULL || type_composite(t))
		return "Expected an input type";
	if (t->kind == TYPE_SCALAR && fits_scalar(name, v))
		return NULL;
	if (t->kind == TYPE_INPUT && v->kind == LIT_OBJECT)
		return fits_input(mem, t, v, source);
	if (t->kind == TYPE_ENUM && v->kind == word && t->words != NULL) {
		if (words_have(t->words, v->text))
			return NULL;
		return text_fmt(
		    mem, "Expected \"%s\" to be one of: %s", v->text, t->words);
	}
	return text_fmt(mem, "Could not coerce value %s to %s",
	    value_text(mem, v, false), name);
}

const char *
fits(struct arena *mem, const struct typed *t, const struct literal *v,
    enum source source)
{
	const char *why = NULL;
	size_t i;

	if (v->kind == LIT_VARIABLE)
		return NULL;
	if (v->kind == LIT_NULL)
		return t->required ? "Expected value to not be null" : NULL;
	if (t->of == NULL)
		return fits_named(mem, t->name, v, source);
	if (v->kind != LIT_LIST)
		return fits(mem, t->of, v, source);
	for (i = 0; i < v->n && why == NULL; i++)
		why = fits(mem, t->of, &v->items[i], source);
	return why;
}

bool
fits_variable(
    const struct typed *declared, bool has_fallback, const struct typed *t)
{
	if (t->required && !declared->required && !has_fallback)
		return false;
	if ((t->of == NULL) != (declared->of == NULL))
		return false;
	return t->of == NULL ? text_same(t->name, declared->name)
			     : fits_variable(declared->of, false, t->of);
}
