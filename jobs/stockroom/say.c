/* JSON of ours told to a person: as a table, or member by member. */
#include "say.h"

#include <stdio.h>
#include <string.h>

enum { CELL_BYTES = 60 };

/* What a terminal would obey is shown as a mark: errors quote strangers. */
static const char *
tame(struct cx *cx, const char *text)
{
	char *copy = text_dup(cx->mem, text);

	for (char *p = copy; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = '?';
	return copy;
}

/* A value as a person reads it; objects and lists stay JSON. */
static const char *
word(struct cx *cx, struct json value)
{
	switch (json_kind(value)) {
	case JSON_NULL:
		return "-";
	case JSON_TEXT:
		return tame(cx, jtext_or(value, "", ""));
	case JSON_BOOL:
		return jbool_or(value, "", false) ? "yes" : "no";
	default:
		return jtext(cx->mem, value);
	}
}

static const char *
cell(struct cx *cx, struct json row, const struct say_column *c)
{
	return text_cut(cx->mem, word(cx, jat(row, c->path)), CELL_BYTES);
}

static int
width(struct cx *cx, struct json list, const struct say_column *c)
{
	size_t most = strlen(c->title);

	for (size_t i = 0; i < jlen(list); i++) {
		const size_t n = strlen(cell(cx, jitem(list, i), c));

		most = n > most ? n : most;
	}
	return (int)most;
}

/* The last of a line needs no blanks behind it. */
static void
put_cell(const char *text, int n, bool last)
{
	if (last)
		(void)printf("%s\n", text);
	else
		(void)printf("%-*s  ", n, text);
}

void
say_table(struct cx *cx, struct json list, const struct say_column *columns)
{
	size_t n = 0;
	int *widths;

	while (columns[n].title)
		n++;
	widths = ARENA_ARRAY(cx->mem, int, n);
	for (size_t c = 0; c < n; c++)
		widths[c] = width(cx, list, &columns[c]);
	for (size_t c = 0; c < n; c++)
		put_cell(columns[c].title, widths[c], c + 1 == n);
	for (size_t i = 0; i < jlen(list); i++)
		for (size_t c = 0; c < n; c++)
			put_cell(cell(cx, jitem(list, i), &columns[c]),
			    widths[c], c + 1 == n);
}

/* ---- one object */

static void
put_item(struct cx *cx, struct json item)
{
	struct jmember *members;
	const size_t n = jmembers(cx->mem, item, &members);

	(void)printf("   ");
	for (size_t i = 0; i < n; i++)
		if (json_kind(members[i].value) != JSON_NULL)
			(void)printf(" %s", word(cx, members[i].value));
	if (n == 0)
		(void)printf(" %s", word(cx, item));
	(void)putchar('\n');
}

static void
put_member(struct cx *cx, const struct jmember *m)
{
	if (json_kind(m->value) != JSON_LIST) {
		(void)printf("%s: %s\n", m->name, word(cx, m->value));
		return;
	}
	(void)printf("%s: %zu\n", m->name, jlen(m->value));
	for (size_t i = 0; i < jlen(m->value); i++)
		put_item(cx, jitem(m->value, i));
}

void
say_object(struct cx *cx, struct json object)
{
	struct jmember *members;
	const size_t n = jmembers(cx->mem, object, &members);

	for (size_t i = 0; i < n; i++)
		put_member(cx, &members[i]);
}
