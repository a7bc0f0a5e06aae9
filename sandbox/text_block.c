/* Strings and block strings of GraphQL (specification 2.9.4). */
#include <string.h>

#include "base/buf.h"
#include "base/code.h"
#include "text_block.h"

static bool
four_digits(struct slice s, size_t at, uint32_t *out)
{
	unsigned char two[2];

	if (s.n < at + 4 ||
	    !hex_to((struct slice){ s.p + at, 4 }, two, sizeof(two)))
		return false;
	*out = (uint32_t)two[0] << 8 | two[1];
	return true;
}

static void
add_code(struct buf *b, uint32_t c)
{
	if (c < 0x80)
		buf_addc(b, (char)c);
	else if (c < 0x800) {
		buf_addc(b, (char)(0xc0 | c >> 6));
		buf_addc(b, (char)(0x80 | (c & 0x3f)));
	} else if (c < 0x10000) {
		buf_addc(b, (char)(0xe0 | c >> 12));
		buf_addc(b, (char)(0x80 | (c >> 6 & 0x3f)));
		buf_addc(b, (char)(0x80 | (c & 0x3f)));
	} else {
		buf_addc(b, (char)(0xf0 | c >> 18));
		buf_addc(b, (char)(0x80 | (c >> 12 & 0x3f)));
		buf_addc(b, (char)(0x80 | (c >> 6 & 0x3f)));
		buf_addc(b, (char)(0x80 | (c & 0x3f)));
	}
}

/* \uXXXX at `at` (of the u), a pair of surrogates included; 0: it is none. */
static size_t
unicode_escape(struct buf *b, struct slice s, size_t at)
{
	uint32_t high, low;

	if (!four_digits(s, at + 1, &high) || high == 0)
		return 0;
	if (high < 0xd800 || high > 0xdfff) {
		add_code(b, high);
		return 5;
	}
	if (high > 0xdbff || s.n < at + 7 || s.p[at + 5] != '\\' ||
	    s.p[at + 6] != 'u' || !four_digits(s, at + 7, &low) ||
	    low < 0xdc00 || low > 0xdfff)
		return 0;
	add_code(b, 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00));
	return 11;
}

const char *
string_text(struct arena *mem, struct slice inside)
{
	static const char plain[] = "\"\"\\\\//b\bf\fn\nr\rt\t";
	struct buf b = buf_new(mem, inside.n);
	const char *hit;
	size_t i, n;

	for (i = 0; i < inside.n; i++) {
		if (inside.p[i] != '\\') {
			buf_addc(&b, inside.p[i]);
			continue;
		}
		if (++i == inside.n || inside.p[i] == '\0')
			return NULL;
		hit = strchr(plain, inside.p[i]);
		if (hit != NULL && (hit - plain) % 2 == 0)
			buf_addc(&b, hit[1]);
		else if (inside.p[i] == 'u' &&
			 (n = unicode_escape(&b, inside, i)) > 0)
			i += n - 1;
		else
			return NULL;
	}
	return buf_text(&b);
}

static size_t
indent_of(struct slice line)
{
	size_t n = 0;

	while (n < line.n && (line.p[n] == ' ' || line.p[n] == '\t'))
		n++;
	return n;
}

static struct slice
without_return(struct slice line)
{
	if (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	return line;
}

/* The indent that all lines but the first have, of those not blank. */
static size_t
common_indent(struct slice text)
{
	size_t least = text.n;
	struct slice line;
	bool first = true;

	for (; text_next(&text, '\n', &line); first = false) {
		line = without_return(line);
		if (!first && indent_of(line) < line.n &&
		    indent_of(line) < least)
			least = indent_of(line);
	}
	return least;
}

static void
add_line(struct buf *b, struct slice line)
{
	size_t i;

	for (i = 0; i < line.n; i++) {
		if (line.n - i >= 4 && memcmp(line.p + i, "\\\"\"\"", 4) == 0)
			i++;
		buf_addc(b, line.p[i]);
	}
}

const char *
block_text(struct arena *mem, struct slice inside)
{
	const size_t indent = common_indent(inside);
	struct buf b = buf_new(mem, inside.n + 1);
	size_t blank_lines = 0;
	struct slice line;
	bool first = true;

	for (; text_next(&inside, '\n', &line); first = false) {
		line = without_return(line);
		if (indent_of(line) == line.n) {
			blank_lines++;
			continue;
		}
		if (b.n > 0)
			do
				buf_addc(&b, '\n');
			while (blank_lines-- > 0);
		blank_lines = 0;
		if (!first) {
			line.p += indent;
			line.n -= indent;
		}
		add_line(&b, line);
	}
	return buf_text(&b);
}
