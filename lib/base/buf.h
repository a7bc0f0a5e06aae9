/* Text and bytes being built, in an arena, under a ceiling. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/rc.h"
#include "base/text.h"

struct buf {
	struct arena *mem;
	char *p; /* always terminated once something was added */
	size_t n; /* bytes in it */
	size_t cap;
	size_t max; /* the ceiling, in bytes without the NUL */
	bool full; /* something did not fit; what is there is whole */
};

/* An empty buffer that will hold at most `max` bytes. */
struct buf buf_new(struct arena *mem, size_t max);

/* Add all of it or, past the ceiling, none of it and all later adds fail. */
void buf_add(struct buf *b, const char *text);
void buf_addn(struct buf *b, const void *p, size_t n);
void buf_addc(struct buf *b, char c);
void buf_addf(struct buf *b, const char *fmt, ...) PRINTF(2, 3);

bool buf_full(const struct buf *b);
const char *buf_text(const struct buf *b); /* never NULL */
struct slice buf_slice(const struct buf *b);

#endif
