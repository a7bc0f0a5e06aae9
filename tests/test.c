/* What C tests share. */
#include <atf-c.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "test.h"

/* libatf-c does not free its own list of cases; asked by LeakSanitizer. */
const char *__lsan_default_suppressions(void);
const char *
__lsan_default_suppressions(void)
{
	return "leak:libatf-c\n";
}

const char *__lsan_default_options(void);
const char *
__lsan_default_options(void)
{
	return "print_suppressions=0";
}

static struct cx cx = { .program = "test" };

static void
end(void)
{
	arena_free(cx.mem);
	cx.mem = NULL;
}

struct cx *
test_cx(void)
{
	if (cx.mem == NULL) {
		cx.mem = arena_new();
		(void)atexit(end);
	}
	return &cx;
}

struct arena *
test_arena(void)
{
	return test_cx()->mem;
}

void
test_ok(enum rc rc)
{
	if (rc != RC_OK)
		atf_tc_fail("%s: %s", rc_row(rc)->code,
		    cx.fault.sentence ? cx.fault.sentence : "nothing noted");
}

struct slice
test_fixture(const char *path)
{
	const char *src = getenv("STOCKROOM_SRC");
	struct slice text;

	path = text_fmt(
	    test_arena(), "%s/tests/fixtures/%s", src ? src : ".", path);
	test_ok(file_read(test_cx(), path, 16 * 1024 * 1024, FILE_ANY, &text));
	return text;
}

struct json
test_json(struct slice text)
{
	struct json j;

	test_ok(json_read(test_cx(), text, 16 * 1024 * 1024, RC_INPUT, &j));
	return j;
}
