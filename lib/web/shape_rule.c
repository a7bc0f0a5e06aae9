/* A field's rule in words. */
#include "web/shape_rule.h"

#include <string.h>

#include "web/shape_put.h"

bool
shape_open_end(const struct field *f)
{
	return f->max == 0 && f->min > 0;
}

/* "a, b or c" */
static const char *
words_text(struct arena *mem, const struct field *f)
{
	struct buf b = buf_new(mem, 800);

	for (const char *const *w = f->words; *w != NULL; w++)
		buf_addf(&b, "%s%s",
		    b.n == 0       ? ""
		    : w[1] == NULL ? " or "
				   : ", ",
		    *w);
	return buf_text(&b);
}

static const char *
range(struct arena *mem, const char *what, int64_t min, int64_t max,
    const char *unit)
{
	if (min == 0 && max == 0)
		return what;
	if (min == 1 && max == 0)
		return text_fmt(mem, "%s that is not empty", what);
	if (max == 0)
		return text_fmt(
		    mem, "%s of at least %lld %s", what, (long long)min, unit);
	if (min == 0)
		return text_fmt(
		    mem, "%s of at most %lld %s", what, (long long)max, unit);
	if (min == max)
		return text_fmt(
		    mem, "%s of %lld %s", what, (long long)max, unit);
	return text_fmt(mem, "%s of %lld to %lld %s", what, (long long)min,
	    (long long)max, unit);
}

static int64_t
least(const struct field *f)
{
	return f->need && f->min == 0 ? 1 : f->min;
}

static const char *
list_text(struct arena *mem, const struct field *f)
{
	return text_fmt(mem, "%s, each %s",
	    range(mem, "a list", least(f), f->max ? f->max : PUT_ITEMS_MAX,
		"items"),
	    shape_rule_item(mem, f));
}

static const char *
int_text(struct arena *mem, const struct field *f)
{
	if (f->min == 0 && f->max == 0)
		return "a whole number";
	if (shape_open_end(f))
		return text_fmt(
		    mem, "a whole number from %lld on", (long long)f->min);
	return text_fmt(mem, "a whole number from %lld to %lld",
	    (long long)f->min, (long long)f->max);
}

const char *
shape_rule_item(struct arena *mem, const struct field *f)
{
	if (f->words != NULL)
		return text_fmt(mem, "one of %s", words_text(mem, f));
	return f->rule != NULL ? f->rule : "text that is not empty";
}

const char *
shape_rule(struct arena *mem, const struct field *f)
{
	switch (f->type) {
	case FIELD_T_TEXT:
		if (f->rule != NULL)
			return f->rule;
		return range(mem, "text", least(f), f->max, "bytes");
	case FIELD_T_INT:
		return int_text(mem, f);
	case FIELD_T_BOOL:
		return "true or false";
	case FIELD_T_TIME:
		return "a time like 2026-11-24T23:17:00Z (RFC 3339)";
	case FIELD_T_WORD:
		return text_fmt(mem, "one of %s", words_text(mem, f));
	case FIELD_T_WORDS:
	case FIELD_T_TEXTS:
		return list_text(mem, f);
	case FIELD_T_OBJECT:
		return "an object";
	case FIELD_T_LIST:
		return "a list";
	case FIELD_T_ANY:
		break;
	}
	return "a JSON value";
}
