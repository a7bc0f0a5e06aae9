/* Payloads of mutations. */
#include "mutation.h"
#include "schema.h"

enum { JOINED_BYTES_MAX = 64 << 10 };

struct value
mutation_done(struct run *run, const void *thing)
{
	struct mutation *m = ARENA_NEW(run->cx->mem, struct mutation);

	m->thing = thing;
	return value_object(m);
}

struct value
mutation_deleted(struct run *run, const char *gid)
{
	struct mutation *m = ARENA_NEW(run->cx->mem, struct mutation);

	m->id = gid;
	return value_object(m);
}

static struct texts
split(struct arena *mem, const char *path)
{
	struct gather g = { .mem = mem };
	struct slice rest = slice_of(path), part;

	while (text_next(&rest, '.', &part))
		gather_add(&g, text_of(mem, part));
	return (
	    struct texts){ (const char *const *)(const void *)g.items, g.n };
}

struct value
mutation_wrong(struct run *run, const char *path, const char *message)
{
	struct arena *mem = run->cx->mem;
	struct mutation *m = ARENA_NEW(mem, struct mutation);
	struct user_error *e = ARENA_NEW(mem, struct user_error);
	struct gather g = { .mem = mem };

	e->field = split(mem, path);
	e->message = message;
	gather_add(&g, e);
	m->errors = gather_list(&g);
	return value_object(m);
}

const char *
input_text(const struct literal *object, const char *name)
{
	const struct literal *v = value_member(object, name);

	return v != NULL && v->kind != LIT_NULL ? v->text : NULL;
}

const char *
input_texts(struct arena *mem, const struct literal *object, const char *name,
    const char *joint)
{
	const struct literal *v = value_member(object, name);
	struct buf b = buf_new(mem, JOINED_BYTES_MAX);
	size_t i;

	if (v == NULL || v->kind == LIT_NULL)
		return NULL;
	if (v->kind != LIT_LIST) /* a lone value is a list of one */
		return v->text;
	for (i = 0; i < v->n; i++) {
		if (v->items[i].text == NULL)
			continue;
		buf_add(&b, b.n > 0 ? joint : "");
		buf_add(&b, v->items[i].text);
	}
	return buf_text(&b);
}

static struct type_field displayable_fields[] = {
	F_("field", "[String!]", HOW_TEXTS, .offset = 0),
	F_("message", "String!", HOW_TEXT, .offset = 0),
	F_END,
};

static struct type_field error_fields[] = {
	F_TEXTS("field", "[String!]", user_error, field),
	F_TEXT("message", "String!", user_error, message),
	F_END,
};

struct type mutation_types[] = {
	{ .name = "UserError",
	    .kind = TYPE_OBJECT,
	    .fields = error_fields,
	    .is = "DisplayableError",
	    .free = true },
	{ .name = "DisplayableError",
	    .kind = TYPE_INTERFACE,
	    .fields = displayable_fields },
	{ .name = NULL },
};
