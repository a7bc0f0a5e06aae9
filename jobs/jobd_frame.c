/*
 * Frames as bytes: version and type, the numbers, then each text behind its
 * length. In the machine's own order, for both ends are one program.
 */
#include "jobd_frame.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#include "base/buf.h"

struct head {
	uint16_t version;
	uint16_t type;
	uint32_t bytes; /* of the whole frame */
};

#define AT(member) offsetof(struct frame, member)
static const size_t numbers[] = { AT(id), AT(epoch), AT(kind), AT(shop_id),
	AT(shop_epoch), AT(shop_now), AT(attempt), AT(max_attempts),
	AT(soft_ms), AT(why), AT(said), AT(floor_ms), AT(rss_kb) };
static const size_t texts[] = { AT(args), AT(trace), AT(words) };
enum {
	NUMBERS = sizeof(numbers) / sizeof(numbers[0]),
	TEXTS = sizeof(texts) / sizeof(texts[0])
};

static struct slice
text_at(const struct frame *f, size_t at)
{
	struct slice s;

	memcpy(&s, (const char *)f + at, sizeof(s));
	return s;
}

static size_t
bytes_of(const struct frame *f)
{
	size_t n = sizeof(struct head) + NUMBERS * sizeof(int64_t);

	for (size_t i = 0; i < TEXTS; i++)
		n += sizeof(uint32_t) + text_at(f, texts[i]).n;
	return n;
}

enum rc
frame_pack(struct arena *mem, const struct frame *f, struct slice *out)
{
	struct buf b = buf_new(mem, FRAME_MAX_BYTES);
	const struct head head = {
		.version = FRAME_VERSION,
		.type = (uint16_t)f->type,
		.bytes = (uint32_t)bytes_of(f),
	};

	buf_addn(&b, &head, sizeof(head));
	for (size_t i = 0; i < NUMBERS; i++)
		buf_addn(&b, (const char *)f + numbers[i], sizeof(int64_t));
	for (size_t i = 0; i < TEXTS; i++) {
		const struct slice text = text_at(f, texts[i]);
		const uint32_t n = (uint32_t)text.n;

		buf_addn(&b, &n, sizeof(n));
		buf_addn(&b, text.p, text.n);
	}
	*out = buf_slice(&b);
	return buf_full(&b) ? RC_TOO_BIG : RC_OK;
}

/* ---- reading: nothing is taken that is not there */

static bool
take(struct slice *from, void *to, size_t n)
{
	if (from->n < n)
		return false;
	memcpy(to, from->p, n);
	from->p += n;
	from->n -= n;
	return true;
}

static bool
take_text(struct arena *mem, struct slice *from, char *to)
{
	struct slice text;
	uint32_t n;

	if (!take(from, &n, sizeof(n)) || from->n < n)
		return false;
	text = (struct slice){ arena_copy(mem, from->p, n), n };
	memcpy(to, &text, sizeof(text));
	from->p += n;
	from->n -= n;
	return true;
}

static bool
take_head(struct slice *from, struct frame *out)
{
	const size_t whole = from->n;
	struct head head;

	if (!take(from, &head, sizeof(head)) || head.version != FRAME_VERSION ||
	    head.type >= FRAME_TYPES || head.bytes != whole)
		return false;
	out->type = (enum frame_type)head.type;
	return true;
}

enum rc
frame_unpack(struct arena *mem, struct slice bytes, struct frame *out)
{
	bool ok;

	memset(out, 0, sizeof(*out));
	ok = bytes.n <= FRAME_MAX_BYTES && take_head(&bytes, out);
	for (size_t i = 0; ok && i < NUMBERS; i++)
		ok = take(&bytes, (char *)out + numbers[i], sizeof(int64_t));
	for (size_t i = 0; ok && i < TEXTS; i++)
		ok = take_text(mem, &bytes, (char *)out + texts[i]);
	return ok && bytes.n == 0 ? RC_OK : RC_INPUT;
}

/* ---- the socket */

enum rc
frame_send(struct arena *mem, int fd, const struct frame *f)
{
	struct slice bytes;
	ssize_t n;

	TRY(frame_pack(mem, f, &bytes));
	do
		n = send(fd, bytes.p, bytes.n, MSG_DONTWAIT | MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	if (n >= 0)
		return RC_OK;
	return errno == EAGAIN || errno == ENOBUFS ? RC_BUSY : RC_STOPPED;
}

/* The real length of what comes next, so that no room is kept for the most. */
static ssize_t
receive(int fd, void *to, size_t n, int flags)
{
	ssize_t got;

	do
		got = recv(fd, to, n, flags | MSG_DONTWAIT);
	while (got < 0 && errno == EINTR);
	return got;
}

enum rc
frame_take(struct arena *mem, int fd, struct frame *out)
{
	const ssize_t n = receive(fd, NULL, 0, MSG_PEEK | MSG_TRUNC);
	char *bytes;

	if (n < 0)
		return errno == EAGAIN ? RC_ABSENT : RC_STOPPED;
	if (n == 0)
		return RC_STOPPED;
	if (n > FRAME_MAX_BYTES)
		return RC_INPUT;
	bytes = arena_alloc(mem, (size_t)n);
	if (receive(fd, bytes, (size_t)n, 0) != n)
		return RC_STOPPED;
	return frame_unpack(mem, (struct slice){ bytes, (size_t)n }, out);
}
