/* Any Cookie and Authorization header: a value that stands in it, or none. */
#include <assert.h>
#include <string.h>

#include "web/req.h"
#include "web/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct cx cx = { .mem = arena_new(), .program = "fuzz" };
	const char *text = arena_copy(cx.mem, p, n);
	char *params[] = { text_fmt(cx.mem, "HTTP_COOKIE=%s", text),
		text_fmt(cx.mem, "HTTP_AUTHORIZATION=%s", text), NULL };
	struct source source = { .params = params };
	const struct req rq = { .source = &source };
	const char *value = req_cookie(&cx, &rq, "a");

	if (value != NULL) {
		assert(strchr(value, ';') == NULL);
		assert(strstr(text, value) != NULL);
		assert(strstr(text, "a=") != NULL || value[0] == '\0');
	}
	value = req_bearer(&rq);
	assert(value == NULL || (value[0] != '\0' && text_ends(text, value)));
	arena_free(cx.mem);
	return 0;
}
