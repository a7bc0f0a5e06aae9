/* The ledger of tries. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tries.h"

enum {
	LINE_BYTES_MAX = 4096,
	PIECE_BYTES = 1 << 20,
	FILE_BYTES_MAX = 64 << 20
};

static const char *const words[] = { "delivered", "retry", "gave_up",
	"dropped" };

enum { WORDS = sizeof(words) / sizeof(words[0]) };

const char *
try_end_word(enum try_end end)
{
	return words[end];
}

int
try_end_of(const char *word)
{
	int i;

	for (i = 0; i < WORDS; i++)
		if (text_same(words[i], word))
			return i;
	return -1;
}

static const char *
path_in(struct cx *cx, const char *folder)
{
	return text_fmt(cx->mem, "%s/ledger.jsonl", folder);
}

/* ---- adding */

int
tries_open(struct cx *cx, const char *folder)
{
	const int fd = open(path_in(cx, folder),
	    O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	struct stat st;

	if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size > FILE_BYTES_MAX &&
	    ftruncate(fd, 0) < 0)
		return -1;
	return fd;
}

void
try_write(struct jw *w, const struct try_row *row)
{
	jw_int(w, "at_ms", row->at_ms);
	jw_text(w, "shop", row->shop);
	jw_text(w, "topic", row->topic);
	jw_text(w, "delivery", row->delivery);
	jw_text(w, "event", row->event);
	jw_int(w, "hook", row->hook);
	jw_int(w, "copy", row->copy);
	jw_int(w, "try", row->n);
	jw_int(w, "status", row->status);
	jw_text(w, "error", row->error);
	jw_int(w, "ms", row->ms);
	jw_int(w, "bytes", row->bytes);
	jw_int(w, "first_ms", row->first_ms);
	jw_text(w, "end", words[row->end]);
}

enum rc
tries_note(struct cx *cx, int fd, const struct try_row *row)
{
	struct buf b = buf_new(cx->mem, LINE_BYTES_MAX);
	struct jw w = jw_new(&b);

	jw_object(&w, NULL);
	try_write(&w, row);
	jw_close(&w);
	TRY(jw_end(&w));
	buf_addc(&b, '\n');
	if (write(fd, b.p, b.n) != (ssize_t)b.n)
		return rc_fail(
		    cx, RC_BUSY, "the ledger of tries: %s", strerror(errno));
	return RC_OK;
}

/* ---- reading */

static const char *
kept(struct arena *mem, struct json j, const char *name)
{
	const char *text = jtext_or(j, name, NULL);

	return text != NULL ? text_dup(mem, text) : NULL;
}

/* The same, but what the row before said too is there already. */
static const char *
again(struct arena *mem, struct json j, const char *name, const char *before)
{
	const char *text = jtext_or(j, name, NULL);

	if (text == NULL || (before != NULL && text_same(text, before)))
		return text != NULL ? before : NULL;
	return text_dup(mem, text);
}

static void
read_row(struct arena *mem, struct json j, const struct try_row *before,
    struct try_row *out)
{
	const int end = try_end_of(jtext_or(j, "end", ""));

	*out = (struct try_row){ .at_ms = jint_or(j, "at_ms", 0),
		.shop = again(mem, j, "shop", before ? before->shop : NULL),
		.topic = again(mem, j, "topic", before ? before->topic : NULL),
		.delivery = kept(mem, j, "delivery"),
		.event = kept(mem, j, "event"),
		.hook = jint_or(j, "hook", 0),
		.copy = jint_or(j, "copy", 0),
		.n = jint_or(j, "try", 0),
		.status = jint_or(j, "status", 0),
		.error = kept(mem, j, "error"),
		.ms = jint_or(j, "ms", 0),
		.bytes = jint_or(j, "bytes", 0),
		.first_ms = jint_or(j, "first_ms", 0),
		.end = end < 0 ? TRY_RETRY : (enum try_end)end };
}

static void
add_up(struct try_totals *t, const struct try_row *row)
{
	t->end[row->end]++;
	if (row->end == TRY_DROPPED)
		return;
	t->tries++;
	t->failed += row->end != TRY_DELIVERED;
	if (t->first_ms == 0 || row->at_ms < t->first_ms)
		t->first_ms = row->at_ms;
	if (row->at_ms + row->ms > t->last_ms)
		t->last_ms = row->at_ms + row->ms;
}

static void
take_row(
    struct cx *cx, struct tries *t, struct json j, try_fn *each, void *user)
{
	const bool keep = t->n < TRIES_MAX;
	struct try_row *row =
	    ARENA_NEW(keep ? t->mem : cx->mem, struct try_row);

	read_row(keep ? t->mem : cx->mem, j, t->last, row);
	add_up(&t->totals, row);
	if (each != NULL)
		each(row, user);
	if (!keep)
		return;
	if (t->last != NULL)
		t->last->next = row;
	else
		t->first = row;
	t->last = row;
	t->n++;
}

/* Whole lines of `piece`; gives the bytes that they are. */
static size_t
take_lines(struct cx *cx, struct tries *t, struct slice piece, try_fn *each,
    void *user)
{
	size_t from = 0;
	const char *end;
	struct json j;

	while ((end = memchr(piece.p + from, '\n', piece.n - from)) != NULL) {
		const struct arena_mark mark = arena_mark(cx->mem);
		const size_t n = (size_t)(end - piece.p) - from;

		if (json_read(cx, (struct slice){ piece.p + from, n },
			LINE_BYTES_MAX, RC_INPUT, &j) == RC_OK)
			take_row(cx, t, j, each, user);
		rc_forget(cx);
		arena_back(cx->mem, mark);
		from += n + 1;
	}
	return from;
}

static enum rc
read_on(struct cx *cx, struct tries *t, int fd, try_fn *each, void *user)
{
	char *piece = arena_alloc(cx->mem, PIECE_BYTES);
	size_t used = 1;
	ssize_t n;

	while (used > 0) {
		n = pread(fd, piece, PIECE_BYTES, t->offset);
		if (n < 0)
			return rc_fail(cx, RC_BUSY, "the ledger of tries: %s",
			    strerror(errno));
		used = take_lines(
		    cx, t, (struct slice){ piece, (size_t)n }, each, user);
		t->offset += (int64_t)used;
	}
	return RC_OK;
}

static void
forget(struct tries *t)
{
	*t = (struct tries){ .mem = t->mem };
}

enum rc
tries_follow(struct cx *cx, struct tries *t, const char *folder, try_fn *each,
    void *user)
{
	const int fd = open(path_in(cx, folder), O_RDONLY | O_CLOEXEC);
	struct stat st;
	enum rc rc = RC_OK;

	if (fd < 0)
		return RC_OK;
	if (fstat(fd, &st) == 0 && st.st_size < t->offset)
		forget(t);
	if (st.st_size > t->offset)
		rc = read_on(cx, t, fd, each, user);
	(void)close(fd);
	return rc;
}

void
tries_clear(struct cx *cx, struct tries *t, const char *folder)
{
	if (truncate(path_in(cx, folder), 0) < 0 && errno != ENOENT)
		(void)unlink(path_in(cx, folder));
	forget(t);
}
