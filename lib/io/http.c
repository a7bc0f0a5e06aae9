/* One exchange over HTTPS: from a request to an answer or one sentence. */
#include "io/http_in.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/conf.h"
#include "io/wait.h"

enum { RETRY_MAX_S = 24 * 60 * 60 };

/* ---- a transfer */

static void
transfer_end(void *thing)
{
	struct transfer *t = thing;

	curl_easy_cleanup(t->easy);
	curl_url_cleanup(t->url);
}

/* Whether a host is one of a list, commas between. */
static bool
is_among(struct arena *mem, const char *hosts, const char *host)
{
	struct slice rest = slice_of(hosts), one;

	while (text_next(&rest, ',', &one))
		if (text_same_nocase(text_of(mem, one), host))
			return true;
	return false;
}

static enum rc
take_url(struct transfer *t)
{
	char *host = NULL, *port = NULL;
	const bool ok =
	    curl_url_set(t->url, CURLUPART_URL, t->req->url,
		CURLU_DISALLOW_USER) == CURLUE_OK &&
	    curl_url_get(t->url, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
	    curl_url_get(t->url, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) ==
		CURLUE_OK;

	if (ok) {
		t->host = text_lower(t->cx->mem, host);
		t->map =
		    http_map_find(t->cx->mem, t->host, strtol(port, NULL, 10));
	}
	curl_free(host);
	curl_free(port);
	if (!ok)
		return rc_fail(
		    t->cx, RC_REMOTE, "not an address that can be called");
	if (t->req->hosts != NULL &&
	    !is_among(t->cx->mem, t->req->hosts, t->host))
		return rc_fail(t->cx, RC_REMOTE,
		    "%s is none of the hosts that may be called", t->host);
	return RC_OK;
}

/* A line break in a value would make it two headers. */
static bool
is_clean(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return false;
	return true;
}

static enum rc
check_headers(struct cx *cx, const struct http_header *h)
{
	for (; h && h->name; h++)
		if (!is_clean(h->name) || !is_clean(h->value))
			return rc_fail(cx, RC_BUG,
			    "a header's value has control characters: %s",
			    is_clean(h->name) ? h->name : "?");
	return RC_OK;
}

enum rc
http_transfer_new(struct cx *cx, const struct http_req *req, bool streams,
    struct transfer **out)
{
	struct transfer *t = ARENA_NEW(cx->mem, struct transfer);
	CURLcode code;

	*out = t;
	t->cx = cx;
	t->req = req;
	t->streams = streams;
	t->error = arena_alloc(cx->mem, CURL_ERROR_SIZE);
	t->easy = curl_easy_init();
	t->url = curl_url();
	arena_tie(cx->mem, t, transfer_end);
	if (!t->easy || !t->url)
		return rc_fail(cx, RC_BUSY, "curl makes no transfer");
	TRY(check_headers(cx, req->headers));
	TRY(take_url(t));
	code = http_options(t);
	if (code != CURLE_OK)
		return rc_fail(
		    cx, RC_BUSY, "curl: %s", curl_easy_strerror(code));
	return RC_OK;
}

/* ---- how it ended */

static const char *
reason(const struct transfer *t)
{
	if (t->refused)
		return t->refused;
	if (t->result == CURLE_FILESIZE_EXCEEDED)
		return "the answer is too long";
	return *t->error ? t->error : curl_easy_strerror(t->result);
}

/* Names the host and what was wrong, never path or query: they may tell. */
enum rc
http_transfer_failed(const struct transfer *t)
{
	const bool ours = t->result == CURLE_OUT_OF_MEMORY;

	return rc_fail(
	    t->cx, ours ? RC_BUSY : RC_REMOTE, "%s: %s", t->host, reason(t));
}

static int64_t
retry_after_ms(const struct transfer *t)
{
	curl_off_t seconds = 0;

	(void)curl_easy_getinfo(t->easy, CURLINFO_RETRY_AFTER, &seconds);
	if (seconds < 0)
		return 0;
	return (seconds < RETRY_MAX_S ? seconds : RETRY_MAX_S) * 1000;
}

void
http_transfer_head(const struct transfer *t, struct http_res *out)
{
	memset(out, 0, sizeof(*out));
	(void)curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &out->status);
	out->body = (struct slice){ t->body.p ? t->body.p : "", t->body.n };
	out->retry_after_ms = retry_after_ms(t);
	out->transfer = t->easy;
}

enum rc
http_do(struct cx *cx, const struct http_req *req, struct http_res *out)
{
	struct transfer *t;

	assert(http_loop_started());
	wait_assert_allowed();
	TRY(http_transfer_new(cx, req, false, &t));
	TRY(http_loop_run(t));
	if (t->result != CURLE_OK)
		return http_transfer_failed(t);
	http_transfer_head(t, out);
	return RC_OK;
}

const char *
http_header_of(struct cx *cx, const struct http_res *res, const char *name)
{
	struct curl_header *h;

	if (curl_easy_header(res->transfer, name, 0, CURLH_HEADER, -1, &h) !=
	    CURLHE_OK)
		return NULL;
	return text_dup(cx->mem, h->value);
}

/* ---- start and stop */

enum rc
http_start(struct cx *cx)
{
	const char *ca = conf_text(C_CA_FILE);

	http_stop();
	TRY(http_map_read(cx, conf_text(C_CONNECT_TO)));
	if (*ca && access(ca, R_OK) < 0)
		return rc_fail(cx, RC_INPUT, "CA_FILE: %s cannot be read", ca);
	/* curl would write every session's keys where this points. */
	(void)unsetenv("SSLKEYLOGFILE");
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return rc_fail(cx, RC_BUSY, "curl does not start");
	return http_loop_start(cx);
}

void
http_stop(void)
{
	if (!http_loop_started())
		return;
	http_loop_stop();
	curl_global_cleanup();
}
