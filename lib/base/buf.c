/* Buffers: text and bytes growing in an arena, under a ceiling. */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"

enum { FIRST_BYTES = 64 };

struct buf
buf_new(struct arena *mem, size_t max)
{
	return (struct buf){ .mem = mem, .max = max };
}

/* Room for n more and the NUL; false, and full from then on, past the max. */
static bool
make_room(struct buf *b, size_t n)
{
	size_t cap = b->cap ? b->cap : FIRST_BYTES;
	char *p;

	if (b->full || n > b->max - b->n || n >= SIZE_MAX / 4 - b->n) {
		b->full = true;
		return false;
	}
	if (b->n + n < b->cap)
		return true;
	while (cap <= b->n + n)
		cap *= 2;
	p = arena_alloc(b->mem, cap);
	if (b->n > 0)
		memcpy(p, b->p, b->n);
	b->p = p;
	b->cap = cap;
	return true;
}

void
buf_addn(struct buf *b, const void *p, size_t n)
{
	if (!make_room(b, n))
		return;
	if (n > 0)
		memcpy(b->p + b->n, p, n);
	b->n += n;
	b->p[b->n] = '\0';
}

void
buf_add(struct buf *b, const char *text)
{
	buf_addn(b, text, strlen(text));
}

void
buf_addc(struct buf *b, char c)
{
	buf_addn(b, &c, 1);
}

void
buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		b->full = true;
	if (n < 0 || !make_room(b, (size_t)n))
		return;
	va_start(ap, fmt);
	(void)vsnprintf(b->p + b->n, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->n += (size_t)n;
}

bool
buf_full(const struct buf *b)
{
	return b->full;
}

const char *
buf_text(const struct buf *b)
{
	return b->p ? b->p : "";
}

struct slice
buf_slice(const struct buf *b)
{
	return (struct slice){ buf_text(b), b->n };
}
