/* name=value lists: query strings and forms (WHATWG URL), once decoded. */
#ifndef BASE_PAIRS_H
#define BASE_PAIRS_H

#include "base/cx.h"
#include "base/text.h"

struct pair {
	const char *name;
	const char *value;
};

struct pairs {
	const struct pair *items;
	size_t n;
};

enum { PAIRS_MAX = 100 }; /* SEC-26 */

/*
 * Takes "a=1&b=2" apart, in the order given, names and values decoded, in
 * cx->mem. RC_INPUT on a broken escape, bad UTF-8 or a NUL; RC_TOO_BIG past
 * PAIRS_MAX.
 */
enum rc pairs_parse(
    struct cx *cx, struct slice text, struct pairs *out) MUST_USE;

/* The first value of `name`, or NULL. */
const char *pairs_find(const struct pairs *ps, const char *name);

/* How often `name` stands in it. */
size_t pairs_count(const struct pairs *ps, const char *name);

/* "a=1&b=2" again, percent-encoded; a space is %20. */
char *pairs_text(struct arena *mem, const struct pair *items, size_t n);

#endif
