/* The schema's tables, tied together. */
#include <string.h>

#include "mutation.h"
#include "schema.h"

enum { TYPES_MAX = 200 };

static struct type *const tables[] = { scalar_types, root_types, shop_types,
	product_types, order_types, customer_types, mutation_types, hook_types,
	change_types, bulk_types, NULL };
static const struct type *all[TYPES_MAX + 1];
static size_t n_all;

/* Every object has this one; run.c answers it. */
static struct type_field typename_field =
    F_("__typename", "String!", HOW_CALL, .since = NULL);

const struct type *
types_at(size_t i)
{
	return i < n_all ? all[i] : NULL;
}

const struct type *
types_find(const char *name)
{
	size_t i;

	for (i = 0; i < n_all; i++)
		if (text_same(all[i]->name, name))
			return all[i];
	return NULL;
}

const struct type *
types_root(const char *word)
{
	if (text_same(word, "query"))
		return types_find("QueryRoot");
	return text_same(word, "mutation") ? types_find("Mutation") : NULL;
}

bool
type_composite(const struct type *t)
{
	return t->kind == TYPE_OBJECT || t->kind == TYPE_INTERFACE;
}

bool
words_have(const char *words, const char *word)
{
	const size_t n = strlen(word);
	const char *p = words;

	for (; p != NULL; p = strchr(p, ' ')) {
		p += *p == ' ';
		if (strncmp(p, word, n) == 0 && (p[n] == ' ' || p[n] == '\0'))
			return true;
	}
	return false;
}

bool
type_is(const struct type *t, const struct type *as)
{
	return t == as ||
	       (as->kind == TYPE_INTERFACE && words_have(t->is, as->name));
}

const struct type_field *
type_field(const struct type *t, const char *name, const char *version)
{
	const struct type_field *f;

	if (text_same(name, typename_field.name))
		return &typename_field;
	for (f = t->fields; f->name != NULL; f++)
		if (text_same(f->name, name))
			return f->since == NULL ||
				       strcmp(f->since, version) <= 0
				   ? f
				   : NULL;
	return NULL;
}

static const char *
innermost(const struct typed *t)
{
	while (t->of != NULL)
		t = t->of;
	return t->name;
}

/* The type a field names; a connection or edge comes into being here. */
static const struct type *
named(struct cx *cx, const char *name)
{
	const struct type *t = types_find(name), *node;

	if (t != NULL || n_all == TYPES_MAX)
		return t;
	if (!text_ends(name, "Connection") && !text_ends(name, "Edge"))
		return NULL;
	node = types_find(text_of(
	    cx->mem, (struct slice){ name,
			 strlen(name) - (text_ends(name, "Edge") ? 4 : 10) }));
	if (node == NULL)
		return NULL;
	t = page_type(cx, name, node);
	all[n_all++] = t;
	return t;
}

static enum rc
tie_field(struct cx *cx, struct type_field *f)
{
	TRY(doc_read_type(cx, f->type_text, &f->type));
	f->of = named(cx, innermost(&f->type));
	if (f->of == NULL)
		return rc_fail(cx, RC_BUG, "no type for field %s: %s", f->name,
		    f->type_text);
	return f->args_text ? doc_read_args(cx, f->args_text, &f->args) : RC_OK;
}

static enum rc
tie_fields(struct cx *cx, struct type_field *f)
{
	for (; f != NULL && f->name != NULL; f++)
		TRY(tie_field(cx, f));
	return RC_OK;
}

enum rc
types_start(struct cx *cx)
{
	size_t i;
	struct type *t;

	n_all = 0;
	for (i = 0; tables[i] != NULL; i++)
		for (t = tables[i]; t->name != NULL && n_all < TYPES_MAX; t++)
			all[n_all++] = t;
	TRY(tie_field(cx, &typename_field));
	for (i = 0; i < n_all; i++) /* grows while we go */
		TRY(tie_fields(cx, all[i]->fields));
	return RC_OK;
}

struct value
value_null(void)
{
	return (struct value){ .kind = IS_NULL };
}

struct value
value_words(const char *text)
{
	return (struct value){ .kind = text ? IS_TEXT : IS_NULL, .text = text };
}

struct value
value_int(int64_t n)
{
	return (struct value){ .kind = IS_INT, .number = n };
}

struct value
value_bool(bool b)
{
	return (struct value){ .kind = IS_BOOL, .number = b };
}

struct value
value_object(const void *object)
{
	return (struct value){ .kind = object ? IS_OBJECT : IS_NULL,
		.object = object };
}

struct value
value_list(struct list list)
{
	return (struct value){ .kind = IS_LIST, .list = list };
}
