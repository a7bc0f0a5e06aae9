/* Writing what was wrong, as Shopify does. */
#include "problems.h"

struct problems
problems_new(struct cx *cx)
{
	return (struct problems){ .text = buf_new(cx->mem, 4 << 20) };
}

static void
write_path(struct jw *w, const struct crumb *c)
{
	if (c->up != NULL)
		write_path(w, c->up);
	if (c->name != NULL)
		jw_text(w, NULL, c->name);
	else
		jw_int(w, NULL, (int64_t)c->index);
}

static void
write_place(struct jw *w, struct place at)
{
	if (at.line == 0)
		return;
	jw_list(w, "locations");
	jw_object(w, NULL);
	jw_int(w, "line", at.line);
	jw_int(w, "column", at.column);
	jw_close(w);
	jw_close(w);
}

static void
write_extensions(struct jw *w, const struct problem *p)
{
	size_t i;

	jw_object(w, "extensions");
	jw_text(w, "code", p->code);
	for (i = 0; i < 4 && p->more[i].name != NULL; i++)
		jw_text(w, p->more[i].name, p->more[i].text);
	if (p->raw_name != NULL)
		jw_raw(w, p->raw_name, slice_of(p->raw));
	if (p->raw2_name != NULL)
		jw_raw(w, p->raw2_name, slice_of(p->raw2));
	jw_close(w);
}

void
problems_add(struct problems *ps, const struct problem *p)
{
	struct jw *w = &ps->w;

	if (ps->n == PROBLEMS_MAX)
		return;
	if (ps->n++ == 0) {
		ps->w = jw_new(&ps->text);
		jw_list(w, NULL);
	}
	jw_object(w, NULL);
	jw_text(w, "message", p->message);
	write_place(w, p->at);
	if (p->path != NULL) {
		jw_list(w, "path");
		write_path(w, p->path);
		jw_close(w);
	}
	if (p->code != NULL)
		write_extensions(w, p);
	jw_close(w);
}

void
problems_write(struct jw *w, struct problems *ps)
{
	if (ps->n == 0)
		return;
	jw_close(&ps->w);
	jw_raw(w, "errors", buf_slice(&ps->text));
}
