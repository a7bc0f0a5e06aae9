/* The other end of a FastCGI connection, byte by byte (FastCGI 1.0, 3.3). */
#include "lib/web/fcgi.h"

#include <string.h>

#include "test.h"

enum { HEADER = 8, MOST = 16 << 20 };

void
fcgi_record_of(
    struct buf *b, int type, int id, struct slice content, int padding)
{
	static const char nothing[256];
	const char header[HEADER] = { 1, (char)type, (char)(id >> 8), (char)id,
		(char)(content.n >> 8), (char)(content.n & 0xff), (char)padding,
		0 };

	buf_addn(b, header, sizeof(header));
	buf_addn(b, content.p, content.n);
	buf_addn(b, nothing, (size_t)padding);
}

void
fcgi_record(struct buf *b, int type, struct slice content)
{
	fcgi_record_of(b, type, 1, content, 0);
}

void
fcgi_begin_record(struct buf *b)
{
	fcgi_record(b, FCGI_BEGIN, (struct slice){ "\0\1\0\0\0\0\0\0", 8 });
}

static void
add_length(struct buf *b, size_t n)
{
	if (n < 128) {
		buf_addc(b, (char)n);
		return;
	}
	buf_addc(b, (char)(0x80 | n >> 24));
	buf_addc(b, (char)(n >> 16));
	buf_addc(b, (char)(n >> 8));
	buf_addc(b, (char)n);
}

void
fcgi_pair(struct buf *b, const char *name, const char *value)
{
	add_length(b, strlen(name));
	add_length(b, strlen(value));
	buf_add(b, name);
	buf_add(b, value);
}

static bool
is_said(const char *const *extra, const char *name)
{
	for (; extra != NULL && *extra != NULL; extra += 2)
		if (text_same(extra[0], name))
			return true;
	return false;
}

static struct slice
params(const char *method, const char *uri, const char *body,
    const char *const *extra)
{
	struct buf b = buf_new(test_arena(), MOST);

	fcgi_pair(&b, "REQUEST_METHOD", method);
	fcgi_pair(&b, "REQUEST_URI", uri);
	fcgi_pair(&b, "REMOTE_ADDR", "192.0.2.1");
	fcgi_pair(&b, "HTTP_HOST", "app.test");
	if (body != NULL && !is_said(extra, "CONTENT_LENGTH"))
		fcgi_pair(&b, "CONTENT_LENGTH",
		    text_fmt(test_arena(), "%zu", strlen(body)));
	if (body != NULL)
		fcgi_pair(&b, "CONTENT_TYPE", "application/json");
	for (; extra != NULL && *extra != NULL; extra += 2)
		if (extra[1] != NULL)
			fcgi_pair(&b, extra[0], extra[1]);
	return buf_slice(&b);
}

static void
add_stream(struct buf *b, int type, struct slice all)
{
	while (all.n > 0) {
		const size_t n = all.n < 60000 ? all.n : 60000;

		fcgi_record(b, type, (struct slice){ all.p, n });
		all = (struct slice){ all.p + n, all.n - n };
	}
	fcgi_record(b, type, all);
}

struct slice
fcgi_request(const char *method, const char *uri, const char *body,
    const char *const *extra)
{
	struct buf b = buf_new(test_arena(), MOST);

	fcgi_begin_record(&b);
	add_stream(&b, FCGI_PARAMS, params(method, uri, body, extra));
	add_stream(&b, FCGI_IN, slice_of(body == NULL ? "" : body));
	return buf_slice(&b);
}

const char *
fcgi_said(struct slice records)
{
	struct buf out = buf_new(test_arena(), MOST);
	bool ended = false;

	while (records.n >= HEADER) {
		const unsigned char *h = (const unsigned char *)records.p;
		const size_t n = (size_t)(h[4] << 8 | h[5]);

		if (HEADER + n + h[6] > records.n)
			return NULL;
		if (h[1] == FCGI_OUT)
			buf_addn(&out, records.p + HEADER, n);
		ended |= h[1] == FCGI_END;
		records.p += HEADER + n + h[6];
		records.n -= HEADER + n + h[6];
	}
	return ended ? buf_text(&out) : NULL;
}
