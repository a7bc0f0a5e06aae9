/* Bytes and words: slices, compares, numbers out of text, UTF-8. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/rc.h"

/* Bytes that somebody else owns; p may be NULL when n is 0. */
struct slice {
	const char *p;
	size_t n;
};

struct slice slice_of(const char *text);
bool slice_same(struct slice a, struct slice b);

/* Not for secrets: crypt_same (io/crypt.h) compares those. */
bool text_same(const char *a, const char *b);
bool text_same_nocase(const char *a, const char *b); /* ASCII */
bool text_starts(const char *text, const char *head);
bool text_ends(const char *text, const char *tail);

/* Made in the arena. */
char *text_dup(struct arena *mem, const char *text);
char *text_of(struct arena *mem, struct slice s); /* terminated copy */
char *text_fmt(struct arena *mem, const char *fmt, ...) PRINTF(2, 3);
char *text_lower(struct arena *mem, const char *text); /* ASCII */

/*
 * The whole text as a decimal number in [min, max]: no blanks, no plus, no
 * leading zeros beyond "0". False when it is not one.
 */
bool text_int(
    const char *text, int64_t min, int64_t max, int64_t *out) MUST_USE;

/* Cuts `rest` at the next `sep`; false when nothing is left. A `sep` at the end
 * adds no empty part. */
bool text_next(struct slice *rest, char sep, struct slice *part);

/* Valid UTF-8 as RFC 3629 has it: no overlong forms, no surrogates. */
bool text_utf8(struct slice s);

/* Upper limits for text that goes to a person: at most max bytes, whole
 * characters, with "..." when cut. */
char *text_cut(struct arena *mem, const char *text, size_t max);

#endif
