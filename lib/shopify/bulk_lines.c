/* Bytes as they come, cut into pieces of whole lines. */
#include <string.h>

#include "base/arena.h"
#include "shopify/bulk_file.h"

enum { ROOM_BYTES = BULK_LINE_MAX_BYTES + BULK_PIECE_BYTES };

struct bulk_lines
bulk_lines_new(struct arena *mem, int64_t at, int64_t size)
{
	return (struct bulk_lines){
		.p = arena_alloc_secret(mem, ROOM_BYTES),
		.at = at,
		.size = size,
		.begun = at > 0,
	};
}

/* What the last piece had is no longer needed. */
static void
forget(struct bulk_lines *l)
{
	if (l->given == 0)
		return;
	l->n -= l->given;
	memmove(l->p, l->p + l->given, l->n);
	l->at += (int64_t)l->given;
	l->given = 0;
}

char *
bulk_lines_room(struct bulk_lines *l, size_t *n)
{
	forget(l);
	*n = ROOM_BYTES - l->n;
	return l->p + l->n;
}

void
bulk_lines_put(struct bulk_lines *l, size_t n)
{
	l->n += n;
}

/* The length of whole lines in the first `most` bytes; of one that is longer
 * by itself, its own. */
static size_t
whole(const struct bulk_lines *l, size_t most)
{
	const char *end = memrchr(l->p, '\n', most);

	if (end == NULL)
		end = memchr(l->p + most, '\n', l->n - most);
	return end == NULL ? 0 : (size_t)(end + 1 - l->p);
}

static enum rc
check_size(struct cx *cx, const struct bulk_lines *l, bool ended)
{
	const int64_t have = l->at + (int64_t)l->n;

	if (l->size >= 0 && have > l->size)
		return rc_fail(cx, RC_REMOTE,
		    "the bulk file has more than the %lld bytes it should",
		    (long long)l->size);
	if (ended && l->size >= 0 && have < l->size)
		return rc_fail(cx, RC_REMOTE,
		    "the bulk file ends at byte %lld of %lld", (long long)have,
		    (long long)l->size);
	return RC_OK;
}

static void
skip_mark(struct bulk_lines *l, struct slice *piece)
{
	if (!l->begun && piece->n >= 3 &&
	    memcmp(piece->p, "\xef\xbb\xbf", 3) == 0) {
		piece->p += 3;
		piece->n -= 3;
	}
	l->begun = true;
}

enum rc
bulk_lines_take(
    struct cx *cx, struct bulk_lines *l, bool ended, struct slice *out)
{
	size_t most;

	forget(l);
	most = l->n < BULK_PIECE_BYTES ? l->n : BULK_PIECE_BYTES;
	*out = (struct slice){ l->p, 0 };
	if (l->n < BULK_PIECE_BYTES && !ended)
		return check_size(cx, l, false);
	TRY(check_size(cx, l, ended));
	out->n = whole(l, most);
	if (out->n == 0 && ended)
		out->n = l->n;
	if (out->n > BULK_LINE_MAX_BYTES ||
	    (out->n == 0 && l->n > BULK_LINE_MAX_BYTES))
		return rc_fail(cx, RC_REMOTE,
		    "a line of the bulk file is longer than %d bytes",
		    BULK_LINE_MAX_BYTES);
	l->given = out->n;
	if (out->n > 0)
		skip_mark(l, out);
	return RC_OK;
}
