/* Shapes: a body or a query checked against its table, into a struct. */
#include "web/shape.h"

#include <string.h>

#include "web/shape_put.h"

const struct shape any_query = { .name = "any_query" };
const struct shape any_body = { .name = "any_body" };

static enum rc read_object(struct cx *cx, const struct shape *shape,
    const char *at, struct json in, const void **out);

static const struct field *
field_find(const struct shape *shape, const char *name)
{
	for (const struct field *f = shape->fields; f->name != NULL; f++)
		if (text_same(f->name, name))
			return f;
	return NULL;
}

static const char *
join(struct cx *cx, const char *at, const char *name)
{
	return at[0] == '\0' ? name : text_fmt(cx->mem, "%s.%s", at, name);
}

static enum rc
refuse_unknown(
    struct cx *cx, const struct shape *shape, const char *at, const char *name)
{
	struct buf known = buf_new(cx->mem, 800);

	for (const struct field *f = shape->fields; f->name != NULL; f++)
		buf_addf(&known, "%s%s", known.n ? ", " : "", f->name);
	return rc_field(cx, RC_INPUT, join(cx, at, text_cut(cx->mem, name, 60)),
	    text_fmt(cx->mem, "left out; known here: %s",
		known.n ? buf_text(&known) : "nothing"),
	    "an unknown name");
}

/* Absent, or null, which says the same. */
static enum rc
put_absent(const struct put *p, bool was_null)
{
	if (p->field->need)
		return put_refuse(p, was_null ? "null" : NULL);
	if (p->field->fallback == NULL)
		return RC_OK;
	if (put_text(p, p->field->fallback) == RC_OK)
		return RC_OK;
	rc_forget(p->cx);
	return rc_fail(p->cx, RC_BUG, "the fallback of %s is against its rule",
	    p->field->name);
}

static enum rc
read_texts(const struct put *p, struct json in)
{
	const size_t n = jlen(in);
	const char **list;

	if (json_kind(in) != JSON_LIST)
		return put_refuse(p, put_got(p, in));
	list = ARENA_ARRAY(p->cx->mem, const char *, n + 1);
	for (size_t i = 0; i < n; i++) {
		const struct json item = jitem(in, i);
		struct put one = *p;

		one.path = text_fmt(p->cx->mem, "%s[%zu]", p->path, i);
		if (json_kind(item) != JSON_TEXT ||
		    jget_text(p->cx, item, "", &list[i]) != RC_OK)
			return put_refuse_item(&one, put_got(p, item));
		TRY(put_item(&one, list, i));
	}
	return put_list(p, list, n);
}

static enum rc
read_value(const struct put *p, struct json in)
{
	const enum json_kind kind = json_kind(in);
	const char *text;
	int64_t number;
	bool flag;

	put_given(p);
	switch (p->field->type) {
	case FIELD_T_INT:
		if (kind != JSON_INT)
			break;
		TRY(jget_int(p->cx, in, "", &number));
		return put_int(p, number);
	case FIELD_T_BOOL:
		if (kind != JSON_BOOL)
			break;
		TRY(jget_bool(p->cx, in, "", &flag));
		return put_bool(p, flag);
	case FIELD_T_TEXT:
	case FIELD_T_TIME:
	case FIELD_T_WORD:
		if (kind != JSON_TEXT)
			break;
		TRY(jget_text(p->cx, in, "", &text));
		return put_text(p, text);
	case FIELD_T_WORDS:
	case FIELD_T_TEXTS:
		return read_texts(p, in);
	case FIELD_T_OBJECT:
		return read_object(
		    p->cx, p->field->shape, p->path, in, put_place(p));
	case FIELD_T_ANY:
		*(struct json *)put_place(p) = in;
		return RC_OK;
	case FIELD_T_LIST:
		return rc_fail(p->cx, RC_BUG,
		    "%s: lists of shapes are for "
		    "replies",
		    p->path);
	}
	return put_refuse(p, put_got(p, in));
}

static enum rc
read_members(struct cx *cx, const struct shape *shape, const char *at,
    const struct jmember *members, size_t n, void *into)
{
	for (const struct field *f = shape->fields; f->name != NULL; f++) {
		const struct put p = { cx, f, join(cx, at, f->name), into };
		size_t i = 0;

		while (i < n && !text_same(members[i].name, f->name))
			i++;
		if (i == n || json_kind(members[i].value) == JSON_NULL)
			TRY(put_absent(&p, i < n));
		else
			TRY(read_value(&p, members[i].value));
	}
	return RC_OK;
}

static enum rc
read_object(struct cx *cx, const struct shape *shape, const char *at,
    struct json in, const void **out)
{
	void *into = arena_alloc(cx->mem, shape->bytes);
	struct jmember *members;
	size_t n;

	if (json_kind(in) != JSON_OBJECT)
		return rc_field(cx, RC_INPUT, at[0] ? at : "body", "an object",
		    put_kind(in));
	n = jmembers(cx->mem, in, &members);
	for (size_t i = 0; i < n; i++)
		if (field_find(shape, members[i].name) == NULL)
			return refuse_unknown(cx, shape, at, members[i].name);
	TRY(read_members(cx, shape, at, members, n, into));
	*out = into;
	return RC_OK;
}

enum rc
shape_read(
    struct cx *cx, const struct shape *shape, struct json in, const void **out)
{
	*out = NULL;
	if (shape->fields == NULL)
		return RC_OK;
	return read_object(cx, shape, "", in, out);
}

/* A list in a query: the name again for each, words also with commas. */
static enum rc
read_repeated(const struct put *p, const struct pairs *in)
{
	struct buf all = buf_new(p->cx->mem, 8 << 10);
	const char **list;
	size_t n = 0;

	if (p->field->type == FIELD_T_WORDS) {
		for (size_t i = 0; i < in->n; i++)
			if (text_same(in->items[i].name, p->field->name))
				buf_addf(&all, "%s%s", n++ ? "," : "",
				    in->items[i].value);
		return put_text(p, buf_text(&all));
	}
	list = ARENA_ARRAY(p->cx->mem, const char *, in->n);
	for (size_t i = 0; i < in->n; i++) {
		if (!text_same(in->items[i].name, p->field->name))
			continue;
		list[n] = in->items[i].value;
		TRY(put_item(p, list, n++));
	}
	return put_list(p, list, n);
}

static enum rc
read_pair(const struct put *p, const struct pairs *in)
{
	const char *value = pairs_find(in, p->field->name);

	if (value == NULL)
		return put_absent(p, false);
	put_given(p);
	if (p->field->type == FIELD_T_WORDS || p->field->type == FIELD_T_TEXTS)
		return read_repeated(p, in);
	if (pairs_count(in, p->field->name) > 1)
		return rc_field(p->cx, RC_INPUT, p->field->name,
		    "there once only", "more than one");
	return put_text(p, value);
}

enum rc
shape_read_pairs(struct cx *cx, const struct shape *shape,
    const struct pairs *in, const void **out)
{
	void *into;

	*out = NULL;
	if (shape->fields == NULL)
		return RC_OK;
	for (size_t i = 0; i < in->n; i++)
		if (field_find(shape, in->items[i].name) == NULL)
			return refuse_unknown(cx, shape, "", in->items[i].name);
	into = arena_alloc(cx->mem, shape->bytes);
	for (const struct field *f = shape->fields; f->name != NULL; f++) {
		const struct put p = { cx, f, f->name, into };

		TRY(read_pair(&p, in));
	}
	*out = into;
	return RC_OK;
}
