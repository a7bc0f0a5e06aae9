/* Query strings from strangers: pairs written again read as the same. */
#include <assert.h>

#include "base/pairs.h"

int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n);

static void
read_as_themselves(struct cx *cx, const struct pairs *ps)
{
	const char *text = pairs_text(cx->mem, ps->items, ps->n);
	struct pairs again;
	enum rc rc = pairs_parse(cx, slice_of(text), &again);
	size_t i;

	assert(rc == RC_OK);
	assert(again.n == ps->n);
	for (i = 0; i < ps->n; i++) {
		assert(text_same(again.items[i].name, ps->items[i].name));
		assert(text_same(again.items[i].value, ps->items[i].value));
	}
}

int
LLVMFuzzerTestOneInput(const unsigned char *p, size_t n)
{
	struct cx cx = { .mem = arena_new() };
	struct pairs ps;
	enum rc rc =
	    pairs_parse(&cx, (struct slice){ (const char *)p, n }, &ps);

	assert(rc == RC_OK || rc == RC_INPUT || rc == RC_TOO_BIG);
	if (rc == RC_OK)
		read_as_themselves(&cx, &ps);
	arena_free(cx.mem);
	return 0;
}
