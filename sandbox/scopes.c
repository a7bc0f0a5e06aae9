/* Scopes: what is asked for, and what that grants. */
#include <string.h>

#include "base/buf.h"
#include "scopes.h"

static struct slice
trimmed(struct slice s)
{
	while (s.n > 0 && s.p[0] == ' ') {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && s.p[s.n - 1] == ' ')
		s.n--;
	return s;
}

struct texts
scopes_read(struct arena *mem, const char *list)
{
	struct slice rest = slice_of(list), part;
	const char **items = ARENA_ARRAY(mem, const char *, rest.n + 1);
	size_t n = 0;

	while (text_next(&rest, ',', &part)) {
		part = trimmed(part);
		if (part.n > 0)
			items[n++] = text_of(mem, part);
	}
	return (struct texts){ items, n };
}

bool
scopes_ok(const struct texts *scopes)
{
	size_t i;

	for (i = 0; i < scopes->n; i++)
		if ((!text_starts(scopes->items[i], "read_") &&
			!text_starts(scopes->items[i], "write_") &&
			!text_starts(scopes->items[i], "unauthenticated_")) ||
		    strspn(scopes->items[i],
			"abcdefghijklmnopqrstuvwxyz0123456789_") !=
			strlen(scopes->items[i]))
			return false;
	return true;
}

static bool
has(const struct texts *scopes, size_t n, const char *scope)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (text_same(scopes->items[i], scope))
			return true;
	return false;
}

bool
scopes_have(const struct texts *scopes, const char *scope)
{
	const size_t read = strlen("read_");
	size_t i;

	if (has(scopes, scopes->n, scope))
		return true;
	for (i = 0; i < scopes->n && text_starts(scope, "read_"); i++)
		if (text_starts(scopes->items[i], "write_") &&
		    text_same(scopes->items[i] + read + 1, scope + read))
			return true;
	return false;
}

/* Whether write_x is there for this read_x. */
static bool
is_in_write(struct cx *cx, const struct texts *all, const char *scope)
{
	return text_starts(scope, "read_") &&
	       has(all, all->n, text_fmt(cx->mem, "write_%s", scope + 5));
}

const char *
scopes_grant(struct cx *cx, const char *asked, bool all_orders)
{
	const struct texts all = scopes_read(cx->mem, asked);
	struct buf b = buf_new(cx->mem, strlen(asked) + 40);
	const char *s;
	size_t i;

	for (i = 0; i < all.n; i++) {
		s = all.items[i];
		if (has(&all, i, s) || is_in_write(cx, &all, s) ||
		    text_same(s, "read_all_orders"))
			continue;
		buf_addf(&b, "%s%s", b.n ? "," : "", s);
	}
	if (all_orders && scopes_have(&all, "read_orders"))
		buf_add(&b, ",read_all_orders");
	return buf_text(&b);
}
