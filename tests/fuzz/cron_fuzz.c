/* Schedules from callers, and what a zone says it does every year: read or
 * refused; the next time is later, and the one behind it later still. */
#include <assert.h>

#include "base/cron.h"
#include "base/text.h"
#include "base/zone_rule.h"

int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n);

enum { NOW_S = 1764039600, DAY_S = 86400 };

static void
come_in_order(struct cx *cx, const char *spec)
{
	int64_t first, second;
	enum rc rc = cron_next(cx, spec, "UTC", NOW_S, &first);

	assert(rc == RC_OK || rc == RC_INPUT);
	if (rc != RC_OK)
		return;
	assert(first > NOW_S);
	rc = cron_next(cx, spec, "UTC", first, &second);
	assert(rc == RC_OK && second > first);
}

static void
has_offsets(const char *text)
{
	struct zone_rule rule;

	if (!zone_rule_read(text, &rule))
		return;
	for (int64_t at = NOW_S; at < NOW_S + 366 * DAY_S; at += 30 * DAY_S) {
		const int64_t offset = zone_rule_offset(&rule, at);

		assert(offset == rule.offset_s || offset == rule.summer_s);
	}
}

int
LLVMFuzzerTestOneInput(const unsigned char *p, size_t n)
{
	struct cx cx = { .mem = arena_new() };
	const char *text =
	    text_of(cx.mem, (struct slice){ (const char *)p, n });

	come_in_order(&cx, text);
	has_offsets(text);
	arena_free(cx.mem);
	return 0;
}
