/* Shapes as JSON Schema (2020-12), for openapi.json. */
#include "web/shape_put.h"

#include "web/shape_rule.h"

static void put_field(struct jw *w, const char *name, const struct field *f);

static void
put_members(struct jw *w, const struct shape *shape)
{
	jw_text(w, "type", "object");
	jw_object(w, "properties");
	for (const struct field *f = shape->fields; f->name != NULL; f++)
		put_field(w, f->name, f);
	jw_close(w);
	jw_list(w, "required");
	for (const struct field *f = shape->fields; f->name != NULL; f++)
		if (f->need)
			jw_text(w, NULL, f->name);
	jw_close(w);
	if (shape->bytes > 0)
		jw_bool(w, "additionalProperties", false);
}

static void
put_type(struct jw *w, const struct field *f, const char *type)
{
	if (!f->null) {
		jw_text(w, "type", type);
		return;
	}
	jw_list(w, "type");
	jw_text(w, NULL, type);
	jw_text(w, NULL, "null");
	jw_close(w);
}

static void
put_enum(struct jw *w, const struct field *f)
{
	if (f->words == NULL)
		return;
	jw_list(w, "enum");
	for (const char *const *word = f->words; *word != NULL; word++)
		jw_text(w, NULL, *word);
	if (f->null && f->type == FIELD_T_WORD)
		jw_null(w, NULL);
	jw_close(w);
}

static void
put_range(
    struct jw *w, const struct field *f, const char *least, const char *most)
{
	if (f->min != 0 || (f->max != 0 && f->type == FIELD_T_INT))
		jw_int(w, least, f->min);
	else if (f->need && f->type != FIELD_T_INT && f->max != 0)
		jw_int(w, least, 1);
	if (f->max != 0)
		jw_int(w, most, f->max);
}

static void
put_texts(struct jw *w, const struct field *f)
{
	put_type(w, f, "array");
	put_range(w, f, "minItems", "maxItems");
	jw_object(w, "items");
	jw_text(w, "type", "string");
	put_enum(w, f);
	jw_close(w);
	if (f->type == FIELD_T_WORDS)
		jw_bool(w, "uniqueItems", true);
}

/* An object that may be null is one of two. */
static void
put_object(struct jw *w, const struct field *f)
{
	if (!f->null) {
		put_members(w, f->shape);
		return;
	}
	jw_list(w, "anyOf");
	shape_schema(w, NULL, f->shape);
	jw_object(w, NULL);
	jw_text(w, "type", "null");
	jw_close(w);
	jw_close(w);
}

static void
put_list_of(struct jw *w, const struct field *f)
{
	put_type(w, f, "array");
	shape_schema(w, "items", f->shape);
}

static void
put_string(struct jw *w, const struct field *f)
{
	put_type(w, f, "string");
	put_range(w, f, "minLength", "maxLength");
	if (f->hide)
		jw_bool(w, "writeOnly", true);
}

static void
put_rules(struct jw *w, const struct field *f)
{
	switch (f->type) {
	case FIELD_T_TEXT:
		put_string(w, f);
		break;
	case FIELD_T_INT:
		put_type(w, f, "integer");
		jw_text(w, "format", "int64");
		put_range(w, f, "minimum", "maximum");
		break;
	case FIELD_T_BOOL:
		put_type(w, f, "boolean");
		break;
	case FIELD_T_TIME:
		put_type(w, f, "string");
		jw_text(w, "format", "date-time");
		break;
	case FIELD_T_WORD:
		put_type(w, f, "string");
		put_enum(w, f);
		break;
	case FIELD_T_WORDS:
	case FIELD_T_TEXTS:
		put_texts(w, f);
		break;
	case FIELD_T_OBJECT:
		put_object(w, f);
		break;
	case FIELD_T_LIST:
		put_list_of(w, f);
		break;
	case FIELD_T_ANY:
		break;
	}
}

static void
put_fallback(struct jw *w, const struct field *f)
{
	const struct slice text = slice_of(f->fallback);

	if (f->type == FIELD_T_INT || f->type == FIELD_T_BOOL)
		jw_raw(w, "default", text);
	else if (f->type != FIELD_T_WORDS && f->type != FIELD_T_TEXTS)
		jw_textn(w, "default", text);
}

static void
put_field(struct jw *w, const char *name, const struct field *f)
{
	jw_object(w, name);
	put_rules(w, f);
	if (f->note != NULL || f->rule != NULL)
		jw_text(w, "description", f->note ? f->note : f->rule);
	if (f->fallback != NULL)
		put_fallback(w, f);
	jw_close(w);
}

void
shape_schema_field(struct jw *w, const char *name, const struct field *f)
{
	jw_object(w, name);
	put_rules(w, f);
	if (f->fallback != NULL)
		put_fallback(w, f);
	jw_close(w);
}

void
shape_schema(struct jw *w, const char *name, const struct shape *shape)
{
	jw_object(w, name);
	if (shape->fields != NULL)
		put_members(w, shape);
	jw_close(w);
}
