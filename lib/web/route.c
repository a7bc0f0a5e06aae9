/* The row for a method and a path. */
#include "web/route.h"

enum { PARAMS = 4 };

struct found {
	struct slice params[PARAMS];
	size_t n;
};

/* Segment by segment; ":id" takes one that is not empty. */
static bool
matches(const char *pattern, const char *path, struct found *f)
{
	struct slice want = slice_of(pattern + 1), is = slice_of(path + 1);
	struct slice w, i;

	f->n = 0;
	if (text_ends(pattern, "/") != text_ends(path, "/"))
		return false;
	for (;;) {
		const bool more = text_next(&want, '/', &w);

		if (text_next(&is, '/', &i) != more)
			return false;
		if (!more)
			return true;
		if (w.n > 0 && w.p[0] == ':') {
			if (i.n == 0 || f->n == PARAMS)
				return false;
			f->params[f->n++] = i;
		} else if (!slice_same(w, i)) {
			return false;
		}
	}
}

static bool
serves(const struct route *r, enum method method)
{
	return r->method == method || (method == HEAD && r->method == GET);
}

/* "/x/all" goes before "/x/:id", whatever their order. */
const struct route *
route_find(struct cx *cx, const struct route *routes, enum method method,
    const char *path, const char *params[PARAMS], int *allowed)
{
	const struct route *best = NULL;
	struct found f, of_best = { .n = 0 };

	*allowed = 0;
	for (const struct route *r = routes; r->method != 0; r++) {
		if (!matches(r->path, path, &f))
			continue;
		*allowed |= (int)r->method;
		if (!serves(r, method) || (best != NULL && f.n >= of_best.n))
			continue;
		best = r;
		of_best = f;
	}
	for (size_t i = 0; i < PARAMS; i++)
		params[i] =
		    i < of_best.n ? text_of(cx->mem, of_best.params[i]) : NULL;
	return best;
}
