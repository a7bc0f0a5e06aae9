/* Reading a GraphQL document (specification, section 2). */
#include "doc.h"
#include "doc_value.h"

static enum rc
name_here(struct lex *l, const char **out)
{
	if (l->word != WORD_NAME)
		return lex_unexpected(l);
	*out = text_of(l->cx->mem, l->text);
	return lex_next(l);
}

static enum rc
expect(struct lex *l, char mark)
{
	return lex_is(l, mark) ? lex_next(l) : lex_unexpected(l);
}

static bool
word_is(const struct lex *l, const char *word)
{
	return l->word == WORD_NAME && slice_same(l->text, slice_of(word));
}

static enum rc
read_args(struct lex *l, const struct doc_arg **out)
{
	struct doc_arg *arg;

	*out = NULL;
	if (!lex_is(l, '('))
		return RC_OK;
	TRY(lex_next(l));
	do {
		arg = ARENA_NEW(l->cx->mem, struct doc_arg);
		arg->at = l->at;
		TRY(name_here(l, &arg->name));
		TRY(expect(l, ':'));
		TRY(value_read(l, false, 0, &arg->value));
		*out = arg;
		out = (const struct doc_arg **)&arg->next;
	} while (!lex_is(l, ')'));
	return lex_next(l);
}

static enum rc
read_directives(struct lex *l, const struct doc_directive **out)
{
	struct doc_directive *d;

	*out = NULL;
	while (lex_is(l, '@')) {
		d = ARENA_NEW(l->cx->mem, struct doc_directive);
		d->at = l->at;
		TRY(lex_next(l));
		TRY(name_here(l, &d->name));
		TRY(read_args(l, &d->args));
		*out = d;
		out = (const struct doc_directive **)&d->next;
	}
	return RC_OK;
}

static enum rc read_selections(
    struct lex *l, int depth, const struct doc_selection **out);

static enum rc
read_field(struct lex *l, int depth, struct doc_selection *s)
{
	s->kind = DOC_FIELD;
	TRY(name_here(l, &s->name));
	s->key = s->name;
	if (lex_is(l, ':')) {
		TRY(lex_next(l));
		TRY(name_here(l, &s->name));
	}
	TRY(read_args(l, &s->args));
	TRY(read_directives(l, &s->directives));
	return lex_is(l, '{') ? read_selections(l, depth, &s->inside) : RC_OK;
}

/* Behind "...": a fragment's name, or one written here. */
static enum rc
read_fragment_use(struct lex *l, int depth, struct doc_selection *s)
{
	TRY(lex_next(l));
	s->kind = DOC_INLINE;
	if (word_is(l, "on")) {
		TRY(lex_next(l));
		TRY(name_here(l, &s->name));
	} else if (l->word == WORD_NAME) {
		s->kind = DOC_SPREAD;
		TRY(name_here(l, &s->name));
	}
	TRY(read_directives(l, &s->directives));
	return s->kind == DOC_INLINE ? read_selections(l, depth, &s->inside)
				     : RC_OK;
}

static enum rc
read_selections(struct lex *l, int depth, const struct doc_selection **out)
{
	struct doc_selection *s;

	if (depth == DOC_DEPTH) {
		l->problem = "Query has depth of more than 25";
		return RC_INPUT;
	}
	TRY(expect(l, '{'));
	do {
		s = ARENA_NEW(l->cx->mem, struct doc_selection);
		s->at = l->at;
		TRY(l->word == WORD_DOTS ? read_fragment_use(l, depth + 1, s)
					 : read_field(l, depth + 1, s));
		*out = s;
		out = (const struct doc_selection **)&s->next;
	} while (!lex_is(l, '}'));
	return lex_next(l);
}

static enum rc
read_type(struct lex *l, int depth, struct typed *out)
{
	struct typed *of;

	*out = (struct typed){ 0 };
	if (lex_is(l, '[') && depth < DOC_DEPTH) {
		of = ARENA_NEW(l->cx->mem, struct typed);
		TRY(lex_next(l));
		TRY(read_type(l, depth + 1, of));
		TRY(expect(l, ']'));
		out->of = of;
	} else
		TRY(name_here(l, &out->name));
	out->required = lex_is(l, '!');
	return out->required ? lex_next(l) : RC_OK;
}

/* name: Type = fallback, for variables behind a $. */
static enum rc
read_variable(struct lex *l, struct doc_variable *v)
{
	struct literal *fallback;
	const struct doc_directive *ignored;

	v->at = l->at;
	TRY(name_here(l, &v->name));
	TRY(expect(l, ':'));
	TRY(read_type(l, 0, &v->type));
	if (lex_is(l, '=')) {
		fallback = ARENA_NEW(l->cx->mem, struct literal);
		TRY(lex_next(l));
		TRY(value_read(l, true, 0, fallback));
		v->fallback = fallback;
	}
	return read_directives(l, &ignored);
}

static enum rc
read_variables(struct lex *l, const struct doc_variable **out)
{
	struct doc_variable *v;
	struct place at;

	*out = NULL;
	if (!lex_is(l, '('))
		return RC_OK;
	TRY(lex_next(l));
	do {
		v = ARENA_NEW(l->cx->mem, struct doc_variable);
		at = l->at;
		TRY(expect(l, '$'));
		TRY(read_variable(l, v));
		v->at = at;
		*out = v;
		out = (const struct doc_variable **)&v->next;
	} while (!lex_is(l, ')'));
	return lex_next(l);
}

static enum rc
read_operation(struct lex *l, struct doc_operation *op)
{
	op->word = "query";
	op->at = l->at;
	if (lex_is(l, '{'))
		return read_selections(l, 0, &op->inside);
	if (!word_is(l, "query") && !word_is(l, "mutation") &&
	    !word_is(l, "subscription"))
		return lex_unexpected(l);
	TRY(name_here(l, &op->word));
	if (l->word == WORD_NAME)
		TRY(name_here(l, &op->name));
	TRY(read_variables(l, &op->variables));
	TRY(read_directives(l, &op->directives));
	return read_selections(l, 0, &op->inside);
}

static enum rc
read_fragment(struct lex *l, struct doc_fragment *f)
{
	const struct doc_directive *ignored;

	f->at = l->at;
	TRY(lex_next(l));
	if (word_is(l, "on"))
		return lex_unexpected(l);
	TRY(name_here(l, &f->name));
	if (!word_is(l, "on"))
		return lex_unexpected(l);
	TRY(lex_next(l));
	TRY(name_here(l, &f->on));
	TRY(read_directives(l, &ignored));
	return read_selections(l, 0, &f->inside);
}

static enum rc
read_all(struct lex *l, struct doc *doc)
{
	const struct doc_operation **operations = &doc->operations;
	const struct doc_fragment **fragments = &doc->fragments;
	struct doc_operation *op;
	struct doc_fragment *f;

	do {
		if (word_is(l, "fragment")) {
			f = ARENA_NEW(l->cx->mem, struct doc_fragment);
			TRY(read_fragment(l, f));
			*fragments = f;
			fragments = (const struct doc_fragment **)&f->next;
		} else {
			op = ARENA_NEW(l->cx->mem, struct doc_operation);
			TRY(read_operation(l, op));
			*operations = op;
			operations = (const struct doc_operation **)&op->next;
		}
	} while (l->word != WORD_END);
	return RC_OK;
}

enum rc
doc_read(struct cx *cx, struct slice text, struct doc *out)
{
	struct lex l;
	enum rc rc;

	*out = (struct doc){ 0 };
	rc = lex_start(cx, text, &l);
	if (rc == RC_OK)
		rc = read_all(&l, out);
	out->problem = l.problem;
	out->at = l.at;
	return rc;
}

const struct doc_fragment *
doc_fragment(const struct doc *doc, const char *name)
{
	const struct doc_fragment *f;

	for (f = doc->fragments; f != NULL; f = f->next)
		if (text_same(f->name, name))
			return f;
	return NULL;
}

enum rc
doc_read_args(struct cx *cx, const char *text, const struct doc_variable **out)
{
	struct doc_variable *v;
	struct lex l;

	*out = NULL;
	TRY(lex_start(cx, slice_of(text), &l));
	while (l.word != WORD_END) {
		v = ARENA_NEW(cx->mem, struct doc_variable);
		TRY(read_variable(&l, v));
		*out = v;
		out = (const struct doc_variable **)&v->next;
	}
	return RC_OK;
}

enum rc
doc_read_type(struct cx *cx, const char *text, struct typed *out)
{
	struct lex l;

	TRY(lex_start(cx, slice_of(text), &l));
	return read_type(&l, 0, out);
}

const char *
typed_text(struct arena *mem, const struct typed *t)
{
	const char *end = t->required ? "!" : "";

	if (t->of != NULL)
		return text_fmt(mem, "[%s]%s", typed_text(mem, t->of), end);
	return text_fmt(mem, "%s%s", t->name, end);
}
