/*
 * Whether a connection holds a whole FastCGI request, without taking it. A
 * worker serves one request at a time, so it begins with those that are there;
 * and libfcgi ends the process on a length that no memory can hold, so it sees
 * only heads that have passed here (security.md D12). By FastCGI 1.0, 3.3-3.4,
 * 5.1-5.3.
 */
#include "web/peek.h"

#include <errno.h>
#include <sys/socket.h>

enum { BEGIN_REQUEST = 1, PARAMS = 4, STDIN = 5, RESPONDER = 1 };
enum { HEADER_BYTES = 8, BEGIN_BYTES = 8 };

struct record {
	int type, id;
	struct slice content; /* what of it has come */
	bool whole; /* content and padding */
};

/* The lengths and bytes of name-value pairs, which records may cut anywhere. */
struct lengths {
	uint32_t length[2]; /* of the name, of the value */
	int which; /* of the two is being read; 2: the bytes themselves */
	int more; /* bytes of this length still to come */
	uint32_t left; /* bytes of the pair to skip */
};

static int
byte_at(struct slice s, size_t i)
{
	return (unsigned char)s.p[i];
}

/* False when not even its header is there; *wrong when it is no record. */
static bool
record_next(struct slice *rest, struct record *out, bool *wrong)
{
	size_t content, all;

	if (rest->n < HEADER_BYTES) {
		*wrong = rest->n > 0 && byte_at(*rest, 0) != 1;
		return false;
	}
	*wrong = byte_at(*rest, 0) != 1;
	content = (size_t)(byte_at(*rest, 4) << 8 | byte_at(*rest, 5));
	all = HEADER_BYTES + content + (size_t)byte_at(*rest, 6);
	*out = (struct record){
		.type = byte_at(*rest, 1),
		.id = byte_at(*rest, 2) << 8 | byte_at(*rest, 3),
		.content = { rest->p + HEADER_BYTES, content },
		.whole = rest->n >= all,
	};
	if (!out->whole)
		all = rest->n;
	if (out->content.n > all - HEADER_BYTES)
		out->content.n = all - HEADER_BYTES;
	*rest = (struct slice){ rest->p + all, rest->n - all };
	return true;
}

/* One byte of a length: one for up to 127, else four (3.4). */
static void
length_byte(struct lengths *l, int byte)
{
	if (l->more > 0) {
		l->length[l->which] = l->length[l->which] << 8 | (uint32_t)byte;
		l->more--;
	} else if (byte >= 0x80) {
		l->length[l->which] = (uint32_t)byte & 0x7f;
		l->more = 3;
	} else {
		l->length[l->which] = (uint32_t)byte;
	}
	if (l->more == 0)
		l->which++;
}

/* False past what a head may hold. */
static bool
lengths_read(struct lengths *l, struct slice content)
{
	size_t at = 0;

	while (at < content.n) {
		if (l->which < 2) {
			length_byte(l, byte_at(content, at++));
			if (l->which < 2)
				continue;
			if (l->length[0] > PEEK_VALUE_BYTES ||
			    l->length[1] > PEEK_VALUE_BYTES)
				return false;
			l->left = l->length[0] + l->length[1];
		}
		if (l->left > content.n - at) {
			l->left -= (uint32_t)(content.n - at);
			return true;
		}
		at += l->left;
		*l = (struct lengths){ 0 };
	}
	return true;
}

static bool
is_begin(const struct record *r)
{
	return r->type == BEGIN_REQUEST && r->id != 0 &&
	       (!r->whole || (r->content.n == BEGIN_BYTES &&
				 byte_at(r->content, 0) == 0 &&
				 byte_at(r->content, 1) == RESPONDER));
}

/* PEEK_HEAD once the params have ended; `rest` is then what follows. */
static enum peek
peek_head(struct slice *rest, int *id)
{
	struct lengths l = { 0 };
	struct record r;
	bool wrong;

	if (!record_next(rest, &r, &wrong) || wrong)
		return wrong ? PEEK_WRONG : PEEK_SOME;
	if (!is_begin(&r))
		return PEEK_WRONG;
	*id = r.id;
	while (record_next(rest, &r, &wrong) && !wrong) {
		if (r.type != PARAMS || r.id != *id ||
		    !lengths_read(&l, r.content))
			return PEEK_WRONG;
		if (!r.whole)
			return PEEK_SOME;
		if (r.content.n == 0)
			return l.which == 0 && l.more == 0 ? PEEK_HEAD
							   : PEEK_WRONG;
	}
	return wrong ? PEEK_WRONG : PEEK_SOME;
}

static enum peek
peek_body(struct slice rest, int id)
{
	struct record r;
	bool wrong;

	while (record_next(&rest, &r, &wrong) && !wrong) {
		if (r.type != STDIN || r.id != id)
			return PEEK_WRONG;
		if (r.whole && r.content.n == 0)
			return PEEK_WHOLE;
	}
	return wrong ? PEEK_WRONG : PEEK_HEAD;
}

enum peek
peek_bytes(struct slice bytes)
{
	struct slice rest = bytes;
	int id = 0;
	enum peek said = peek_head(&rest, &id);

	if (said == PEEK_HEAD)
		said = peek_body(rest, id);
	if (said == PEEK_HEAD && bytes.n >= PEEK_BYTES)
		return PEEK_WHOLE; /* a large body is read as it comes */
	return said == PEEK_SOME && bytes.n >= PEEK_HEAD_BYTES ? PEEK_WRONG
							       : said;
}

enum peek
peek_at(int fd)
{
	static char bytes[PEEK_HEAD_BYTES];
	const ssize_t n =
	    recv(fd, bytes, sizeof(bytes), MSG_PEEK | MSG_DONTWAIT);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? PEEK_SOME
							 : PEEK_WRONG;
	if (n == 0)
		return PEEK_WRONG; /* closed before it said anything */
	return peek_bytes((struct slice){ bytes, (size_t)n });
}
