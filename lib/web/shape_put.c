/* One value through its field's rules into its struct. */
#include "web/shape_put.h"

#include <string.h>

#include "base/clock.h"
#include "web/shape_rule.h"

enum { GOT_BYTES = 60, MICRO = 1000000 };

void *
put_place(const struct put *p)
{
	return (char *)p->into + p->field->offset;
}

void
put_given(const struct put *p)
{
	if (p->field->given != 0)
		*(bool *)((char *)p->into + p->field->given) = true;
}

enum rc
put_refuse(const struct put *p, const char *got)
{
	return rc_field(
	    p->cx, RC_INPUT, p->path, shape_rule(p->cx->mem, p->field), got);
}

enum rc
put_refuse_item(const struct put *p, const char *got)
{
	return rc_field(p->cx, RC_INPUT, p->path,
	    shape_rule_item(p->cx->mem, p->field), got);
}

static const char *
quoted(const struct put *p, const char *text)
{
	if (p->field->hide)
		return text_fmt(
		    p->cx->mem, "a text of %zu bytes", strlen(text));
	return text_fmt(
	    p->cx->mem, "\"%s\"", text_cut(p->cx->mem, text, GOT_BYTES));
}

const char *
put_kind(struct json in)
{
	switch (json_kind(in)) {
	case JSON_NULL:
		return "null";
	case JSON_BOOL:
		return "true or false";
	case JSON_INT:
	case JSON_REAL:
		return "a number";
	case JSON_TEXT:
		return "a text";
	case JSON_LIST:
		return "a list";
	case JSON_OBJECT:
		break;
	}
	return "an object";
}

const char *
put_got(const struct put *p, struct json in)
{
	const enum json_kind kind = json_kind(in);

	if (kind == JSON_LIST)
		return text_fmt(p->cx->mem, "a list of %zu", jlen(in));
	if (kind == JSON_NULL || kind == JSON_OBJECT || p->field->hide)
		return put_kind(in);
	return text_fmt(p->cx->mem, "%s %s",
	    kind == JSON_BOOL ? "the value" : put_kind(in),
	    text_cut(p->cx->mem, jtext(p->cx->mem, in), GOT_BYTES));
}

static bool
in_range(const struct field *f, int64_t n)
{
	if (f->min == 0 && f->max == 0)
		return true;
	return n >= f->min && (n <= f->max || shape_open_end(f));
}

enum rc
put_int(const struct put *p, int64_t number)
{
	if (!in_range(p->field, number))
		return put_refuse(
		    p, text_fmt(p->cx->mem, "%lld", (long long)number));
	*(int64_t *)put_place(p) = number;
	return RC_OK;
}

enum rc
put_bool(const struct put *p, bool flag)
{
	*(bool *)put_place(p) = flag;
	return RC_OK;
}

static bool
text_ok(const struct field *f, const char *text)
{
	const int64_t n = (int64_t)strlen(text);

	if (n < f->min || (f->need && n == 0) || (f->max != 0 && n > f->max))
		return false;
	return f->ok == NULL || f->ok(text);
}

/* The table's own word, which lives as long as the program; or NULL. */
static const char *
word_find(const struct field *f, const char *text)
{
	for (const char *const *w = f->words; *w != NULL; w++)
		if (text_same(*w, text))
			return *w;
	return NULL;
}

static enum rc
put_time(const struct put *p, const char *text)
{
	int64_t at_us;

	if (!clock_read(text, &at_us))
		return put_refuse(p, quoted(p, text));
	*(int64_t *)put_place(p) = at_us / MICRO - (at_us % MICRO < 0 ? 1 : 0);
	return RC_OK;
}

static bool
stands_in(const char *const *list, size_t n, const char *text)
{
	for (size_t i = 0; i < n; i++)
		if (text_same(list[i], text))
			return true;
	return false;
}

enum rc
put_item(const struct put *p, const char **list, size_t i)
{
	const char *text = list[i], *word;

	if (p->field->type == FIELD_T_TEXTS)
		return text[0] != '\0' &&
			       (p->field->ok == NULL || p->field->ok(text))
			   ? RC_OK
			   : put_refuse_item(p, quoted(p, text));
	word = word_find(p->field, text);
	if (word == NULL)
		return put_refuse_item(p, quoted(p, text));
	if (stands_in(list, i, word))
		return rc_field(p->cx, RC_INPUT, p->path,
		    "a word that is not in the list yet", quoted(p, text));
	list[i] = word;
	return RC_OK;
}

static bool
count_ok(const struct field *f, size_t n)
{
	const int64_t least = f->need && f->min == 0 ? 1 : f->min;
	const int64_t most = f->max == 0 ? PUT_ITEMS_MAX : f->max;

	return (int64_t)n >= least && (int64_t)n <= most;
}

enum rc
put_list(const struct put *p, const char *const *list, size_t n)
{
	if (!count_ok(p->field, n))
		return put_refuse(p, text_fmt(p->cx->mem, "a list of %zu", n));
	*(struct words *)put_place(p) = (struct words){ list, n };
	return RC_OK;
}

static enum rc
put_commas(const struct put *p, const char *text)
{
	const char **list =
	    ARENA_ARRAY(p->cx->mem, const char *, PUT_ITEMS_MAX);
	struct slice rest = slice_of(text), part;
	size_t n = 0;

	while (text_next(&rest, ',', &part)) {
		if (n == PUT_ITEMS_MAX)
			return put_refuse(p, "more items");
		list[n] = text_of(p->cx->mem, part);
		TRY(put_item(p, list, n++));
	}
	return put_list(p, list, n);
}

static enum rc
put_number_text(const struct put *p, const char *text)
{
	int64_t number;

	if (!text_int(text, INT64_MIN, INT64_MAX, &number))
		return put_refuse(p, quoted(p, text));
	return put_int(p, number);
}

static enum rc
put_word(const struct put *p, const char *text)
{
	const char *word = word_find(p->field, text);

	if (word == NULL)
		return put_refuse(p, quoted(p, text));
	*(const char **)put_place(p) = word;
	return RC_OK;
}

enum rc
put_text(const struct put *p, const char *text)
{
	switch (p->field->type) {
	case FIELD_T_INT:
		return put_number_text(p, text);
	case FIELD_T_BOOL:
		if (!text_same(text, "true") && !text_same(text, "false"))
			return put_refuse(p, quoted(p, text));
		return put_bool(p, text_same(text, "true"));
	case FIELD_T_TIME:
		return put_time(p, text);
	case FIELD_T_WORD:
		return put_word(p, text);
	case FIELD_T_WORDS:
	case FIELD_T_TEXTS:
		return put_commas(p, text);
	case FIELD_T_TEXT:
		if (!text_ok(p->field, text))
			return put_refuse(p, quoted(p, text));
		*(const char **)put_place(p) = text;
		return RC_OK;
	case FIELD_T_OBJECT:
	case FIELD_T_LIST:
	case FIELD_T_ANY:
		break;
	}
	return rc_fail(p->cx, RC_BUG, "%s cannot be given as text", p->path);
}
