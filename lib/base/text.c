/* Bytes and words: compares, copies, numbers out of text, UTF-8. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

struct slice
slice_of(const char *text)
{
	return (struct slice){ text, text ? strlen(text) : 0 };
}

bool
slice_same(struct slice a, struct slice b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool
text_same(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool
text_same_nocase(const char *a, const char *b)
{
	while (*a != '\0' && lower(*a) == lower(*b)) {
		a++;
		b++;
	}
	return lower(*a) == lower(*b);
}

bool
text_starts(const char *text, const char *head)
{
	return strncmp(text, head, strlen(head)) == 0;
}

bool
text_ends(const char *text, const char *tail)
{
	const size_t n = strlen(text);
	const size_t t = strlen(tail);

	return n >= t && strcmp(text + n - t, tail) == 0;
}

char *
text_dup(struct arena *mem, const char *text)
{
	return arena_copy(mem, text, strlen(text));
}

char *
text_of(struct arena *mem, struct slice s)
{
	return arena_copy(mem, s.p, s.n);
}

char *
text_fmt(struct arena *mem, const char *fmt, ...)
{
	va_list ap;
	char *text;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		return text_dup(mem, "");
	text = arena_alloc(mem, (size_t)n + 1);
	va_start(ap, fmt);
	(void)vsnprintf(text, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return text;
}

char *
text_lower(struct arena *mem, const char *text)
{
	char *copy = text_dup(mem, text);
	char *c;

	for (c = copy; *c != '\0'; c++)
		*c = lower(*c);
	return copy;
}

/* The digits as a number below zero, where int64 reaches one further. */
static bool
read_negative(const char *digits, int64_t *out)
{
	const char *c;

	*out = 0;
	for (c = digits; *c >= '0' && *c <= '9'; c++)
		if (__builtin_mul_overflow(*out, 10, out) ||
		    __builtin_sub_overflow(*out, *c - '0', out))
			return false;
	return c != digits && *c == '\0' &&
	       (digits[0] != '0' || c == digits + 1);
}

bool
text_int(const char *text, int64_t min, int64_t max, int64_t *out)
{
	const bool minus = text[0] == '-';
	int64_t n;

	if (!read_negative(text + minus, &n))
		return false;
	if (minus && n == 0)
		return false;
	if (!minus && __builtin_sub_overflow(0, n, &n))
		return false;
	if (n < min || n > max)
		return false;
	*out = n;
	return true;
}

bool
text_next(struct slice *rest, char sep, struct slice *part)
{
	const char *end;

	if (rest->n == 0)
		return false;
	end = memchr(rest->p, sep, rest->n);
	part->p = rest->p;
	part->n = end ? (size_t)(end - rest->p) : rest->n;
	rest->p += part->n + (end != NULL);
	rest->n -= part->n + (end != NULL);
	return true;
}

char *
text_cut(struct arena *mem, const char *text, size_t max)
{
	const size_t n = strlen(text);
	const size_t dots = max < 3 ? max : 3;
	size_t keep = max - dots;
	char *cut;

	if (n <= max)
		return arena_copy(mem, text, n);
	while (keep > 0 && ((unsigned char)text[keep] & 0xc0) == 0x80)
		keep--;
	cut = arena_alloc(mem, keep + dots + 1);
	memcpy(cut, text, keep);
	memcpy(cut + keep, "...", dots);
	return cut;
}
