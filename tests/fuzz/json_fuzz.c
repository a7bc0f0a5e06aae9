/*
 * JSON from strangers: what the gate lets through json-c must take, what is
 * written again must read as the same, and its outline must pass the gate, too.
 */
#include <assert.h>

#include "base/json.h"

int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n);

static void
reads_as_itself(struct cx *cx, struct json j)
{
	const char *text = jtext(cx->mem, j);
	struct json again;
	enum rc rc = json_read(cx, slice_of(text), SIZE_MAX, RC_INPUT, &again);

	assert(rc == RC_OK);
	assert(text_same(text, jtext(cx->mem, again)));
}

/* Any bytes at all, written as a text, are good JSON. */
static void
writes_as_text(struct cx *cx, struct slice bytes)
{
	struct buf b = buf_new(cx->mem, SIZE_MAX);
	struct jw w = jw_new(&b);
	struct json j;
	enum rc rc;

	jw_textn(&w, NULL, bytes);
	rc = jw_end(&w);
	assert(rc == RC_OK);
	rc = json_read(cx, buf_slice(&b), SIZE_MAX, RC_INPUT, &j);
	assert(rc == RC_OK);
	if (text_utf8(bytes) && !json_nul(buf_slice(&b)))
		assert(slice_same(bytes, slice_of(jtext_or(j, "", ""))));
}

int
LLVMFuzzerTestOneInput(const unsigned char *p, size_t n)
{
	struct cx cx = { .mem = arena_new() };
	const struct slice text = { (const char *)p, n };
	size_t at;
	const bool passes = json_gate(text, &at) == NULL;
	struct json j;
	enum rc rc = json_read(&cx, text, SIZE_MAX, RC_INPUT, &j);

	assert(at <= n);
	assert(rc == RC_OK || rc == RC_INPUT);
	assert(rc != RC_OK || passes);
	assert(rc == RC_OK || !passes || json_nul(text));
	if (rc == RC_OK)
		reads_as_itself(&cx, j);
	if (passes)
		assert(
		    json_gate(json_outline(cx.mem, text, n / 4), &at) == NULL);
	rc_forget(&cx);
	writes_as_text(&cx, text);
	arena_free(cx.mem);
	return 0;
}
