/* Access scopes: what is needed against what was granted (shopify.md 2.3). */
#include <string.h>

#include "app/scopes.h"
#include "base/conf.h"
#include "base/text.h"

static struct slice
trim(struct slice s)
{
	while (s.n > 0 && s.p[0] == ' ') {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && s.p[s.n - 1] == ' ')
		s.n--;
	return s;
}

struct scopes
scopes_of(struct cx *cx, const char *text)
{
	struct slice rest = slice_of(text ? text : "");
	const char **list = ARENA_ARRAY(cx->mem, const char *, rest.n / 2 + 2);
	struct scopes out = { list, 0 };
	struct slice part;

	while (text_next(&rest, ',', &part)) {
		part = trim(part);
		if (part.n > 0)
			list[out.n++] = text_of(cx->mem, part);
	}
	return out;
}

/* read_x is granted by write_x too. */
static bool
implies(const char *granted, const char *needed)
{
	if (text_same(granted, needed))
		return true;
	return text_starts(granted, "write_") && text_starts(needed, "read_") &&
	       text_same(granted + strlen("write_"), needed + strlen("read_"));
}

static bool
has(struct scopes granted, const char *needed)
{
	size_t i;

	for (i = 0; i < granted.n; i++)
		if (implies(granted.list[i], needed))
			return true;
	return false;
}

struct scopes
scopes_missing(struct cx *cx, struct scopes needed, struct scopes granted)
{
	const char **list = ARENA_ARRAY(cx->mem, const char *, needed.n + 1);
	struct scopes out = { list, 0 };
	size_t i;

	for (i = 0; i < needed.n; i++)
		if (!has(granted, needed.list[i]))
			list[out.n++] = needed.list[i];
	return out;
}

struct scopes
scopes_needed(struct cx *cx)
{
	return scopes_of(cx, conf_text(C_SCOPES));
}

void
scopes_write(struct jw *w, const char *name, struct scopes scopes)
{
	size_t i;

	jw_list(w, name);
	for (i = 0; i < scopes.n; i++)
		jw_text(w, NULL, scopes.list[i]);
	jw_close(w);
}
