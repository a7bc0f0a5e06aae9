/* A reply on its way out: security headers, head, body. */
#include "web/send.h"

#include <assert.h>

#include "base/log.h"

enum { HEAD_MAX_BYTES = 32 << 10 };

struct phrase {
	int status;
	const char *text;
};

static const struct phrase phrases[] = {
	{ 200, "OK" },
	{ 201, "Created" },
	{ 202, "Accepted" },
	{ 204, "No Content" },
	{ 206, "Partial Content" },
	{ 302, "Found" },
	{ 303, "See Other" },
	{ 304, "Not Modified" },
	{ 400, "Bad Request" },
	{ 401, "Unauthorized" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 408, "Request Timeout" },
	{ 409, "Conflict" },
	{ 410, "Gone" },
	{ 413, "Content Too Large" },
	{ 414, "URI Too Long" },
	{ 415, "Unsupported Media Type" },
	{ 422, "Unprocessable Content" },
	{ 429, "Too Many Requests" },
	{ 431, "Request Header Fields Too Large" },
	{ 500, "Internal Server Error" },
	{ 501, "Not Implemented" },
	{ 502, "Bad Gateway" },
	{ 503, "Service Unavailable" },
	{ 504, "Gateway Timeout" },
	{ 0, "Status" },
};

const char *
send_phrase(int status)
{
	const struct phrase *p = phrases;

	while (p->status != status && p->status != 0)
		p++;
	return p->text;
}

void
send_begin(struct cx *cx, struct reply *rp)
{
	*rp = (struct reply){ .body = buf_new(cx->mem, REPLY_MAX_BYTES) };
}

static bool
is_set(const struct reply *rp, const char *name)
{
	for (size_t i = 0; i < rp->n_headers; i++)
		if (text_same_nocase(rp->headers[i].name, name))
			return true;
	return false;
}

static void
unless_set(struct reply *rp, const char *name, const char *value)
{
	if (!is_set(rp, name))
		reply_header(rp, name, value);
}

/* SEC-24. The handlers of pages set their own policy and caching. */
static void
secure(struct cx *cx, const struct req *rq, struct reply *rp)
{
	reply_header(rp, "X-Request-Id", cx->trace);
	reply_header(rp, "X-Content-Type-Options", "nosniff");
	unless_set(rp, "Referrer-Policy", "no-referrer");
	unless_set(rp, "Content-Security-Policy",
	    "default-src 'none'; frame-ancestors 'none'");
	unless_set(rp, "Cache-Control", "no-store");
	if (rq->https)
		reply_header(
		    rp, "Strict-Transport-Security", "max-age=31536000");
}

static bool
has_body(const struct reply *rp)
{
	return rp->status >= 200 && rp->status != 204 && rp->status != 304;
}

static void
add_header(struct buf *b, const char *name, const char *value)
{
	buf_add(b, name);
	buf_add(b, ": ");
	buf_add(b, value);
	buf_add(b, "\r\n");
}

static struct slice
head(struct cx *cx, const struct reply *rp)
{
	struct buf b = buf_new(cx->mem, HEAD_MAX_BYTES);

	buf_addf(&b, "Status: %d %s\r\n", rp->status, send_phrase(rp->status));
	if (has_body(rp) && rp->type != NULL)
		add_header(&b, "Content-Type", rp->type);
	if (has_body(rp))
		buf_addf(&b, "Content-Length: %zu\r\n", rp->body.n);
	for (size_t i = 0; i < rp->n_headers; i++)
		add_header(&b, rp->headers[i].name, rp->headers[i].value);
	buf_add(&b, "\r\n");
	assert(!buf_full(&b));
	return buf_slice(&b);
}

void
send_reply(
    struct cx *cx, const struct req *rq, struct reply *rp, struct source *src)
{
	bool sent;

	secure(cx, rq, rp);
	sent = src->write(src, head(cx, rp));
	if (sent && has_body(rp) && rq->method != HEAD)
		sent = src->write(src, buf_slice(&rp->body));
	if (!sent)
		log_info(cx, "http.unheard", L_INT("status", rp->status));
}
