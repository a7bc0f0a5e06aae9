/* Query strings and forms, taken apart once. */
#include "base/pairs.h"
#include "base/code.h"

static bool
decode(struct cx *cx, struct slice text, const char **out)
{
	char *plain;

	if (!percent_to(cx->mem, text, PERCENT_FORM, &plain))
		return false;
	*out = plain;
	return text_utf8(slice_of(plain));
}

/* `part` is "name=value" or a name alone, whose value is "". */
static bool
take_apart(struct cx *cx, struct slice part, struct pair *out)
{
	struct slice name;

	(void)text_next(&part, '=', &name); /* there is at least a byte */
	return decode(cx, name, &out->name) && decode(cx, part, &out->value);
}

static enum rc
refuse(struct cx *cx, size_t number)
{
	return rc_field(cx, RC_INPUT,
	    text_fmt(cx->mem, "parameter %zu", number),
	    "percent-encoded UTF-8 without NUL", NULL);
}

enum rc
pairs_parse(struct cx *cx, struct slice text, struct pairs *out)
{
	struct pair *items = ARENA_ARRAY(cx->mem, struct pair, PAIRS_MAX);
	struct slice part;

	*out = (struct pairs){ items, 0 };
	while (text_next(&text, '&', &part)) {
		if (part.n == 0)
			continue;
		if (out->n == PAIRS_MAX)
			return rc_fail(cx, RC_TOO_BIG,
			    "more than %d parameters", PAIRS_MAX);
		if (!take_apart(cx, part, &items[out->n]))
			return refuse(cx, out->n + 1);
		out->n++;
	}
	return RC_OK;
}

const char *
pairs_find(const struct pairs *ps, const char *name)
{
	size_t i;

	for (i = 0; i < ps->n; i++)
		if (text_same(ps->items[i].name, name))
			return ps->items[i].value;
	return NULL;
}

size_t
pairs_count(const struct pairs *ps, const char *name)
{
	size_t i, n = 0;

	for (i = 0; i < ps->n; i++)
		n += text_same(ps->items[i].name, name);
	return n;
}

char *
pairs_text(struct arena *mem, const struct pair *items, size_t n)
{
	char *text = text_dup(mem, "");
	size_t i;

	for (i = 0; i < n; i++)
		text = text_fmt(mem, "%s%s%s=%s", text, i ? "&" : "",
		    percent_of(mem, items[i].name),
		    percent_of(mem, items[i].value));
	return text;
}
