/* Literals: read from a document or from JSON, written for messages. */
#include <stdlib.h>

#include "base/buf.h"
#include "doc_value.h"

/* Items are gathered in a chain first: their number is not known before. */
struct link {
	const char *name;
	struct literal value;
	struct link *next;
};

static void
gather(struct lex *l, const struct link *first, size_t n, struct literal *out)
{
	struct literal *items = ARENA_ARRAY(l->cx->mem, struct literal, n + 1);
	const char **names = ARENA_ARRAY(l->cx->mem, const char *, n + 1);
	size_t i;

	for (i = 0; i < n; i++, first = first->next) {
		items[i] = first->value;
		names[i] = first->name;
	}
	out->items = items;
	out->names = names;
	out->n = n;
}

static enum rc
member_name(struct lex *l, const char **out)
{
	if (l->word != WORD_NAME)
		return lex_unexpected(l);
	*out = text_of(l->cx->mem, l->text);
	TRY(lex_next(l));
	return lex_is(l, ':') ? lex_next(l) : lex_unexpected(l);
}

/* From behind the opening mark to behind the closing one. */
static enum rc
read_items(
    struct lex *l, char close, bool fixed, int depth, struct literal *out)
{
	struct link *first = NULL, **end = &first;
	size_t n;

	for (n = 0; !lex_is(l, close); n++) {
		*end = ARENA_NEW(l->cx->mem, struct link);
		if (close == '}')
			TRY(member_name(l, &(*end)->name));
		TRY(value_read(l, fixed, depth + 1, &(*end)->value));
		end = &(*end)->next;
	}
	gather(l, first, n, out);
	return lex_next(l);
}

static void
read_word(struct lex *l, struct literal *out)
{
	out->text = text_of(l->cx->mem, l->text);
	out->number = text_same(out->text, "true");
	if (text_same(out->text, "null"))
		out->kind = LIT_NULL;
	else if (out->number || text_same(out->text, "false"))
		out->kind = LIT_BOOL;
	else
		out->kind = LIT_ENUM;
}

static void
read_number(struct lex *l, struct literal *out)
{
	out->kind = l->word == WORD_INT ? LIT_INT : LIT_FLOAT;
	out->text = text_of(l->cx->mem, l->text);
	if (out->kind == LIT_INT &&
	    !text_int(out->text, INT64_MIN, INT64_MAX, &out->number))
		out->kind = LIT_FLOAT;
}

static enum rc
read_variable_use(struct lex *l, struct literal *out)
{
	TRY(lex_next(l));
	if (l->word != WORD_NAME)
		return lex_unexpected(l);
	out->kind = LIT_VARIABLE;
	out->text = text_of(l->cx->mem, l->text);
	return lex_next(l);
}

enum rc
value_read(struct lex *l, bool fixed, int depth, struct literal *out)
{
	*out = (struct literal){ 0 };
	if (depth == DOC_DEPTH)
		return lex_unexpected(l);
	if (lex_is(l, '$') && !fixed)
		return read_variable_use(l, out);
	if (lex_is(l, '[') || lex_is(l, '{')) {
		const bool list = lex_is(l, '[');

		out->kind = list ? LIT_LIST : LIT_OBJECT;
		TRY(lex_next(l));
		return read_items(l, list ? ']' : '}', fixed, depth, out);
	}
	if (l->word == WORD_NAME)
		read_word(l, out);
	else if (l->word == WORD_INT || l->word == WORD_FLOAT)
		read_number(l, out);
	else if (l->word == WORD_TEXT) {
		out->kind = LIT_TEXT;
		out->text = l->value;
	} else
		return lex_unexpected(l);
	return lex_next(l);
}

static void
list_of_json(struct arena *mem, struct json j, struct literal *out)
{
	struct literal *items = ARENA_ARRAY(mem, struct literal, jlen(j) + 1);

	out->kind = LIT_LIST;
	out->items = items;
	for (out->n = 0; out->n < jlen(j); out->n++)
		items[out->n] = value_of_json(mem, jitem(j, out->n));
}

static void
object_of_json(struct arena *mem, struct json j, struct literal *out)
{
	struct jmember *members;
	const size_t n = jmembers(mem, j, &members);
	struct literal *items = ARENA_ARRAY(mem, struct literal, n + 1);
	const char **names = ARENA_ARRAY(mem, const char *, n + 1);

	out->kind = LIT_OBJECT;
	out->items = items;
	out->names = names;
	for (out->n = 0; out->n < n; out->n++) {
		names[out->n] = members[out->n].name;
		items[out->n] = value_of_json(mem, members[out->n].value);
	}
}

struct literal
value_of_json(struct arena *mem, struct json j)
{
	struct literal out = { .kind = LIT_NULL };

	switch (json_kind(j)) {
	case JSON_NULL:
		break;
	case JSON_BOOL:
		out.kind = LIT_BOOL;
		out.number = jbool_or(j, "", false);
		break;
	case JSON_INT:
		out.kind = LIT_INT;
		out.number = jint_or(j, "", 0);
		out.text = jtext(mem, j);
		break;
	case JSON_REAL:
		out.kind = LIT_FLOAT;
		out.text = jtext(mem, j);
		break;
	case JSON_TEXT:
		out.kind = LIT_TEXT;
		out.text = jtext_or(j, "", "");
		break;
	case JSON_LIST:
		list_of_json(mem, j, &out);
		break;
	case JSON_OBJECT:
		object_of_json(mem, j, &out);
		break;
	}
	return out;
}

static void put(struct buf *b, const struct literal *v, bool graphql);

static void
put_items(struct buf *b, const struct literal *v, bool graphql)
{
	const bool object = v->kind == LIT_OBJECT;
	size_t i;

	buf_addc(b, object ? '{' : '[');
	for (i = 0; i < v->n; i++) {
		if (i > 0)
			buf_add(b, graphql ? ", " : ",");
		if (object && graphql)
			buf_addf(b, "%s: ", v->names[i]);
		else if (object)
			buf_addf(b, "\"%s\":", v->names[i]);
		put(b, &v->items[i], graphql);
	}
	buf_addc(b, object ? '}' : ']');
}

static void
put_quoted(struct buf *b, const char *text)
{
	struct buf out = buf_new(b->mem, b->max);
	struct jw w = jw_new(&out);

	jw_text(&w, NULL, text);
	buf_addn(b, out.p, out.n);
}

static void
put(struct buf *b, const struct literal *v, bool graphql)
{
	switch (v->kind) {
	case LIT_NULL:
		buf_add(b, "null");
		break;
	case LIT_BOOL:
		buf_add(b, v->number ? "true" : "false");
		break;
	case LIT_INT:
	case LIT_FLOAT:
		buf_add(b, v->text);
		break;
	case LIT_VARIABLE:
		buf_addf(b, "$%s", v->text);
		break;
	case LIT_ENUM:
		if (graphql) {
			buf_add(b, v->text);
			break;
		}
		__attribute__((fallthrough));
	case LIT_TEXT:
		put_quoted(b, v->text);
		break;
	case LIT_LIST:
	case LIT_OBJECT:
		put_items(b, v, graphql);
		break;
	}
}

const char *
value_text(struct arena *mem, const struct literal *v, bool graphql)
{
	struct buf b = buf_new(mem, 1 << 20);

	put(&b, v, graphql);
	return buf_text(&b);
}

const struct literal *
value_member(const struct literal *object, const char *name)
{
	size_t i;

	for (i = 0; i < object->n; i++)
		if (text_same(object->names[i], name))
			return &object->items[i];
	return NULL;
}
