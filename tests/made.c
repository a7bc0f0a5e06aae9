/* Shopify's objects, as tests/fixtures/shopify has them, and changed ones. */
#include "made.h"

#include <atf-c.h>
#include <stdarg.h>
#include <string.h>

#include "base/buf.h"

enum { TEXT_BYTES = 16 << 20 };

static const char *
swapped(const char *text, const char *from, const char *to)
{
	struct buf b = buf_new(test_arena(), TEXT_BYTES);
	const char *at;

	ATF_REQUIRE_MSG(strstr(text, from), "no %s in: %s", from, text);
	while ((at = strstr(text, from))) {
		buf_addn(&b, text, (size_t)(at - text));
		buf_add(&b, to);
		text = at + strlen(from);
	}
	buf_add(&b, text);
	return buf_text(&b);
}

const char *
made(const char *name, ...)
{
	const char *text = text_of(test_arena(),
	    test_fixture(text_fmt(test_arena(), "shopify/%s.json", name)));
	const char *from;
	va_list ap;

	va_start(ap, name);
	while ((from = va_arg(ap, const char *)))
		text = swapped(text, from, va_arg(ap, const char *));
	va_end(ap);
	return text;
}

struct json
made_object(const char *text)
{
	struct json j;

	OK(json_read(test_cx(), slice_of(text), TEXT_BYTES, RC_REMOTE, &j));
	return j;
}

struct json
made_list(const char *text)
{
	return made_object(text_fmt(test_arena(), "[%s]", text));
}

const char *
made_page(const char *root, const char *text, const char *cursor)
{
	return text_fmt(test_arena(),
	    "{\"%s\":{\"nodes\":[%s],\"pageInfo\":{\"hasNextPage\":%s,"
	    "\"endCursor\":%s%s%s}}}",
	    root, text, cursor ? "true" : "false", cursor ? "\"" : "",
	    cursor ? cursor : "null", cursor ? "\"" : "");
}
