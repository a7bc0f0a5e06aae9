/* Chains of rows to JSON and back. */
#include <string.h>

#include "chain.h"

enum { LINK = sizeof(void *) };

static char *
link_at(const char *row, size_t offset)
{
	char *next;

	memcpy(&next, row + offset, sizeof(next));
	return next;
}

static void
write_row(struct jw *w, const struct member *m, const char *row)
{
	int64_t number;

	jw_object(w, NULL);
	for (; m->name != NULL; m++) {
		if (m->kind == MEMBER_TEXT) {
			jw_text(w, m->name, link_at(row, m->offset));
			continue;
		}
		memcpy(&number, row + m->offset, sizeof(number));
		jw_int(w, m->name, number);
	}
	jw_close(w);
}

void
chain_write(struct jw *w, const struct chain *c, const void *owner)
{
	const char *row;

	jw_list(w, c->name);
	row = link_at(owner, c->head);
	for (; row != NULL; row = link_at(row, c->next))
		write_row(w, c->members, row);
	jw_close(w);
}

static void
read_row(struct arena *mem, const struct member *m, struct json in, char *row)
{
	const char *text;
	int64_t number;

	for (; m->name != NULL; m++) {
		if (m->kind == MEMBER_INT) {
			number = jint_or(in, m->name, 0);
			memcpy(row + m->offset, &number, sizeof(number));
			continue;
		}
		text = jtext_or(in, m->name, NULL);
		if (text != NULL)
			text = text_dup(mem, text);
		memcpy(row + m->offset, &text, sizeof(text));
	}
}

/* The last row first, so that the chain is as it was. */
void
chain_read(
    struct arena *mem, const struct chain *c, struct json list, void *owner)
{
	char *head = (char *)owner + c->head, *row;
	size_t i;

	for (i = jlen(list); i > 0; i--) {
		row = arena_alloc(mem, c->bytes);
		read_row(mem, c->members, jitem(list, i - 1), row);
		memcpy(row + c->next, head, LINK);
		memcpy(head, &row, LINK);
	}
}
