/* HTTPS to the outside: verified, bounded, to listed hosts (SEC-21..23). */
#ifndef IO_HTTP_H
#define IO_HTTP_H

#include "base/cx.h"
#include "base/text.h"

struct http_header {
	const char *name;
	const char *value;
};

struct http_req {
	const char *method; /* "GET", "POST" */
	const char *url; /* built with http_url, never by printf */
	const struct http_header *headers; /* ended by a NULL name */
	struct slice body;
	size_t max_bytes; /* of the answer, decompressed */
	int64_t timeout_ms; /* all in all; 0 = 30 s */
	int64_t quiet_ms; /* the longest silence; 0 = 15 s */
	const char *hosts; /* only these, commas between; NULL: any */
};

struct http_res {
	long status;
	struct slice body; /* terminated; in the arena */
	int64_t retry_after_ms; /* Retry-After in either form; 0 = none */
	void *transfer; /* for http_header_of */
};

/*
 * One exchange; in a task the others go on meanwhile. RC_OK: an answer of any
 * status. RC_REMOTE: refused, timed out, TLS not verified, answer too big,
 * address not allowed; the sentence says which, never the URL's query.
 * RC_STOPPED as wait_any. Redirects are not followed. Connections are kept per
 * process.
 */
enum rc http_do(
    struct cx *cx, const struct http_req *req, struct http_res *out) MUST_USE;

/*
 * An answer that is read piece by piece, whatever its length. http_open is
 * http_do up to the answer's head: out->body is empty. The answer comes as it
 * lies on the server, never unpacked; timeout_ms does not count, quiet_ms does.
 * It ends with the arena.
 */
struct http_stream;
enum rc http_open(struct cx *cx, const struct http_req *req,
    struct http_stream **stream, struct http_res *out) MUST_USE;

/*
 * The next bytes, as many as have come; `n` is HTTP_PIECE_BYTES or more. *got
 * is 0 behind the end, once all came that the head announced. RC_REMOTE: it was
 * cut, fell silent, or is longer than max_bytes.
 */
enum { HTTP_PIECE_BYTES = 16 << 10 };
enum rc http_read(struct cx *cx, struct http_stream *stream, char *p, size_t n,
    size_t *got) MUST_USE;

/* Where a redirect leads, as an address of its own; NULL when it is none. */
const char *http_redirect_of(struct cx *cx, const struct http_res *res);

/* A header of the answer, or NULL; lives as long as the arena. */
const char *http_header_of(
    struct cx *cx, const struct http_res *res, const char *name);

/* https://HOST[:PORT]PATH?QUERY by curl_url; RC_INPUT when the host is none. */
enum rc http_url(struct cx *cx, const char *host, const char *path,
    const char *query, const char **out) MUST_USE;

/* Reads CONNECT_TO and CA_FILE; after fork, before the first http_do. */
enum rc http_start(struct cx *cx) MUST_USE;
/* At most so many connections, used and idle, where many tasks call; behind
 * http_start. */
void http_widen(int most);
/* Closes all connections; no call is going on. */
void http_rest(void);
void http_stop(void);

#endif
