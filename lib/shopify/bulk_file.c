/* Fetching the file of a bulk operation. */
#include "shopify/bulk_file.h"

#include <string.h>

#include "base/conf.h"
#include "io/http.h"

enum { REDIRECTS_MAX = 3, QUIET_MS = 30000 };

struct bulk_file {
	struct http_stream *stream; /* NULL: nothing is to be fetched */
	struct bulk_lines lines;
	int64_t skip; /* bytes that came although they were read before */
	bool ended;
};

/* ---- the head of the answer */

static bool
is_redirect(long status)
{
	return status == 301 || status == 302 || status == 303 ||
	       status == 307 || status == 308;
}

static enum rc
check_packed(struct cx *cx, const struct http_res *res)
{
	const char *packed = http_header_of(cx, res, "Content-Encoding");

	if (packed == NULL || text_same_nocase(packed, "identity"))
		return RC_OK;
	return rc_fail(cx, RC_REMOTE,
	    "the bulk file comes packed (%s), which was not asked for",
	    text_cut(cx->mem, packed, 40));
}

/* "bytes 100-999/1000": what was asked for, of the file that was meant. */
static enum rc
check_range(
    struct cx *cx, const struct bulk_ask *ask, const struct http_res *res)
{
	const char *range = http_header_of(cx, res, "Content-Range");
	const char *want =
	    text_fmt(cx->mem, "bytes %lld-", (long long)ask->from);
	const char *size = range ? strchr(range, '/') : NULL;
	int64_t n;

	if (range == NULL || !text_starts(range, want) || size == NULL)
		return rc_fail(cx, RC_REMOTE,
		    "another part of the bulk file came than was asked for");
	if (ask->size >= 0 && text_int(size + 1, 0, INT64_MAX, &n) &&
	    n != ask->size)
		return rc_fail(cx, RC_REMOTE,
		    "the bulk file has %lld bytes, not %lld", (long long)n,
		    (long long)ask->size);
	return RC_OK;
}

static enum rc
check_status(struct cx *cx, const struct bulk_ask *ask,
    const struct http_res *res, struct bulk_file *f)
{
	TRY(check_packed(cx, res));
	if (res->status == 206 && ask->from > 0)
		return check_range(cx, ask, res);
	if (res->status == 200) {
		f->skip = ask->from;
		return RC_OK;
	}
	if (res->status == 403 || res->status == 404 || res->status == 410)
		return rc_fail(cx, RC_REMOTE,
		    "the address of the bulk file is no longer good (%ld)",
		    res->status);
	cx->retry_after_ms = res->retry_after_ms;
	return rc_fail(
	    cx, RC_REMOTE, "the bulk file's host said %ld", res->status);
}

/* ---- asking */

static enum rc
ask_once(struct cx *cx, const struct bulk_ask *ask, const char *url,
    struct bulk_file *f, struct http_res *res)
{
	const struct http_header headers[] = {
		{ "Accept-Encoding", "identity" },
		{ ask->from > 0 ? "Range" : NULL,
		    text_fmt(cx->mem, "bytes=%lld-", (long long)ask->from) },
		{ NULL, NULL },
	};
	struct http_header *own = ARENA_ARRAY(cx->mem, struct http_header, 3);
	struct http_req req = {
		.method = "GET",
		.url = url,
		.headers = own,
		.max_bytes =
		    ask->size >= 0 ? (size_t)ask->size : (size_t)INT64_MAX / 4,
		.quiet_ms = QUIET_MS,
		.hosts = conf_text(C_BULK_HOSTS),
	};

	memcpy(own, headers, sizeof(headers));
	return http_open(cx, &req, &f->stream, res);
}

static enum rc
ask_on(struct cx *cx, const struct bulk_ask *ask, struct bulk_file *f)
{
	const char *url = ask->url;
	struct http_res res;
	int left;

	for (left = REDIRECTS_MAX; left >= 0; left--) {
		TRY(ask_once(cx, ask, url, f, &res));
		if (!is_redirect(res.status))
			return check_status(cx, ask, &res, f);
		url = http_redirect_of(cx, &res);
		if (url == NULL)
			return rc_fail(cx, RC_REMOTE,
			    "the bulk file's host sends us nowhere (%ld)",
			    res.status);
	}
	return rc_fail(cx, RC_REMOTE,
	    "the bulk file's host sends us on more than %d times",
	    REDIRECTS_MAX);
}

enum rc
bulk_file_open(
    struct cx *cx, const struct bulk_ask *ask, struct bulk_file **out)
{
	struct bulk_file *f = ARENA_NEW(cx->mem, struct bulk_file);

	f->lines = bulk_lines_new(cx->mem, ask->from, ask->size);
	f->ended = ask->size >= 0 && ask->from >= ask->size;
	*out = f;
	return f->ended ? RC_OK : ask_on(cx, ask, f);
}

/* ---- reading */

/* One that does not give parts gives what we have, too. */
static enum rc
skip(struct cx *cx, struct bulk_file *f)
{
	char *p;
	size_t n, got;

	while (f->skip > 0) {
		p = bulk_lines_room(&f->lines, &n);
		if ((int64_t)n > f->skip && f->skip >= HTTP_PIECE_BYTES)
			n = (size_t)f->skip;
		TRY(http_read(cx, f->stream, p, n, &got));
		if (got == 0)
			return rc_fail(cx, RC_REMOTE,
			    "the bulk file ends before what we have of it");
		if ((int64_t)got > f->skip) {
			memmove(p, p + f->skip, got - (size_t)f->skip);
			bulk_lines_put(&f->lines, got - (size_t)f->skip);
			got = (size_t)f->skip;
		}
		f->skip -= (int64_t)got;
	}
	return RC_OK;
}

enum rc
bulk_file_next(struct cx *cx, struct bulk_file *f, struct slice *out)
{
	char *p;
	size_t n, got;

	TRY(skip(cx, f));
	for (;;) {
		TRY(bulk_lines_take(cx, &f->lines, f->ended, out));
		if (out->n > 0 || f->ended)
			return RC_OK;
		p = bulk_lines_room(&f->lines, &n);
		TRY(http_read(cx, f->stream, p, n, &got));
		bulk_lines_put(&f->lines, got);
		f->ended = got == 0;
	}
}

int64_t
bulk_file_at(const struct bulk_file *f)
{
	return f->lines.at + (int64_t)f->lines.given;
}
