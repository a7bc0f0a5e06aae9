/* The file of a bulk operation: fetched without a token, read by whole lines,
 * complete only when all of it came. */
#ifndef SHOPIFY_BULK_FILE_H
#define SHOPIFY_BULK_FILE_H

#include "base/cx.h"
#include "base/text.h"

/* No line is longer; so many bytes of lines are given at once. */
enum { BULK_LINE_MAX_BYTES = 2 << 20, BULK_PIECE_BYTES = 768 << 10 };

/* ---- cutting bytes into pieces of whole lines; knows no network */

struct bulk_lines {
	char *p; /* BULK_LINE_MAX_BYTES + BULK_PIECE_BYTES */
	size_t n; /* bytes in it */
	size_t given; /* of these, what the last piece had */
	int64_t at; /* where in the file p begins */
	int64_t size; /* of the file; -1: not known */
	bool begun; /* past a byte order mark */
};

/* From `at` on of a file of `size` bytes; its room is in the arena. */
struct bulk_lines bulk_lines_new(struct arena *mem, int64_t at, int64_t size);

/* Where the next bytes go, and how many; they are noted by bulk_lines_put. */
char *bulk_lines_room(struct bulk_lines *l, size_t *n);
void bulk_lines_put(struct bulk_lines *l, size_t n);

/*
 * A piece of whole lines: when there is enough for one, or `ended`, and then
 * the last line may lack its end. n is 0: more bytes are needed, or (ended)
 * there are none. RC_REMOTE: a line is too long, or the file is not as long as
 * it should be.
 */
enum rc bulk_lines_take(struct cx *cx, struct bulk_lines *l, bool ended,
    struct slice *out) MUST_USE;

/* ---- the file */

struct bulk_file;

struct bulk_ask {
	const char *url;
	int64_t from; /* bytes that were read before */
	int64_t size; /* of the whole file; -1: not known */
};

/*
 * Asks for it at BULK_HOSTS only, following three redirects at most, each
 * checked anew. RC_REMOTE: refused, not there any more, or not what was asked
 * for.
 */
enum rc bulk_file_open(
    struct cx *cx, const struct bulk_ask *ask, struct bulk_file **out) MUST_USE;

/* The next piece of whole lines; n is 0 behind the last, once the whole file
 * came. It is good until the next call. RC_REMOTE: it was cut, or is longer or
 * shorter than was said. */
enum rc bulk_file_next(
    struct cx *cx, struct bulk_file *file, struct slice *out) MUST_USE;

/* How many bytes of the file there are up to the end of that piece. */
int64_t bulk_file_at(const struct bulk_file *file);

#endif
