/* Headers, target and method: what is checked before anybody is looked for. */
#include "web/guard.h"

#include <string.h>
#include <sys/random.h>

#include "base/code.h"

enum { PARAMS_MAX = 400, TRACE_MIN = 8, TRACE_MAX = 64, TRACE_BYTES = 8 };

/* Headers that carry one value: a comma means that a server has joined two. */
static const char *const single[] = { "CONTENT_TYPE", "CONTENT_LENGTH",
	"HTTP_AUTHORIZATION", "HTTP_HOST", "HTTP_ORIGIN", "HTTP_SEC_FETCH_SITE",
	"HTTP_IDEMPOTENCY_KEY", NULL };

static bool
is_header(const char *param)
{
	return text_starts(param, "HTTP_") ||
	       text_starts(param, "CONTENT_TYPE=") ||
	       text_starts(param, "CONTENT_LENGTH=");
}

static size_t
name_bytes(const char *param)
{
	return strcspn(param, "=");
}

static bool
is_single(const char *param, size_t n)
{
	if (text_starts(param, "HTTP_X_SHOPIFY_"))
		return true;
	for (const char *const *s = single; *s != NULL; s++)
		if (strlen(*s) == n && strncmp(param, *s, n) == 0)
			return true;
	return false;
}

static enum rc
refuse(struct cx *cx, struct reply *rp, int status, const char *sentence)
{
	rp->status = status;
	return rc_fail(cx,
	    status == 431 || status == 414 ? RC_TOO_BIG : RC_INPUT, "%s",
	    sentence);
}

/* The name is a server's or a sender's own: cut, and only where it is safe. */
static enum rc
refuse_header(struct cx *cx, const char *param, const char *what)
{
	const struct slice name = { param, name_bytes(param) };

	return rc_fail(cx, RC_INPUT, "header %s %s",
	    text_cut(cx->mem, text_of(cx->mem, name), 60), what);
}

/* Names of another length are told apart without a look at them. */
static bool
came_before(char **params, const size_t *lengths, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (lengths[i] == lengths[at] &&
		    memcmp(params[i], params[at], lengths[at]) == 0)
			return true;
	return false;
}

static enum rc
check_sizes(struct cx *cx, char **params, struct reply *rp, size_t *all)
{
	size_t n = 0, headers = 0, bytes = 0;

	for (char **p = params; *p != NULL; p++, n++) {
		if (!is_header(*p))
			continue;
		headers++;
		bytes += strlen(*p);
	}
	if (headers > GUARD_HEADERS || n > PARAMS_MAX)
		return refuse(cx, rp, 431, "more than 100 header fields");
	if (bytes > GUARD_HEADER_BYTES)
		return refuse(cx, rp, 431, "headers of more than 16 KiB");
	*all = n;
	return RC_OK;
}

static enum rc
check_headers(struct cx *cx, const struct source *src, struct reply *rp)
{
	char **params = src->params;
	size_t n = 0, *lengths;

	TRY(check_sizes(cx, params, rp, &n));
	lengths = ARENA_ARRAY(cx->mem, size_t, n);
	for (size_t i = 0; i < n; i++) {
		lengths[i] = name_bytes(params[i]);
		if (came_before(params, lengths, i))
			return refuse_header(cx, params[i], "came twice");
		if (is_single(params[i], lengths[i]) &&
		    strchr(params[i], ',') != NULL)
			return refuse_header(
			    cx, params[i], "has more than one value");
	}
	return RC_OK;
}

static bool
has_control(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return true;
	return false;
}

static bool
has_dots(const char *path)
{
	struct slice rest = slice_of(path), part;

	while (text_next(&rest, '/', &part))
		if (slice_same(part, slice_of("..")) ||
		    slice_same(part, slice_of(".")))
			return true;
	return false;
}

/* Decoded once, here, and nowhere again. */
static enum rc
read_path(struct cx *cx, struct slice raw, const char **out)
{
	char *path;

	if (!percent_to(cx->mem, raw, PERCENT_PATH, &path) ||
	    !text_utf8(slice_of(path)))
		return rc_fail(cx, RC_INPUT,
		    "the path is not percent-encoded UTF-8 without NUL");
	if (has_control(path) || has_dots(path) || strchr(path, '\\') != NULL)
		return rc_fail(cx, RC_INPUT,
		    "the path has a control character, a backslash or dots");
	*out = path;
	return RC_OK;
}

static enum rc
read_target(
    struct cx *cx, const struct source *src, struct req *rq, struct reply *rp)
{
	const char *uri = source_param(src, "REQUEST_URI");
	size_t n;

	if (uri == NULL || uri[0] != '/' || strchr(uri, '#') != NULL)
		return rc_fail(cx, RC_INPUT, "the target must begin with /");
	if (strlen(uri) > GUARD_LINE_BYTES)
		return refuse(cx, rp, 414, "a request line of more than 8 KiB");
	n = strcspn(uri, "?");
	rq->raw_query = slice_of(uri[n] == '?' ? uri + n + 1 : "");
	TRY(read_path(cx, (struct slice){ uri, n }, &rq->path));
	return pairs_parse(cx, rq->raw_query, &rq->query_pairs);
}

static bool
by_https(const struct source *src)
{
	const char *on = source_param(src, "HTTPS");
	const char *scheme = source_param(src, "REQUEST_SCHEME");

	return (on != NULL &&
		   (text_same_nocase(on, "on") || text_same(on, "1"))) ||
	       (scheme != NULL && text_same(scheme, "https"));
}

enum rc
guard_head(
    struct cx *cx, const struct source *src, struct req *rq, struct reply *rp)
{
	const char *address = source_param(src, "REMOTE_ADDR");

	rq->address = address == NULL ? "" : address;
	rq->https = by_https(src);
	TRY(check_headers(cx, src, rp));
	return read_target(cx, src, rq, rp);
}

static const char *
allow(struct cx *cx, int allowed)
{
	static const enum method order[] = { GET, HEAD, POST, PUT, PATCH,
		DELETE };
	struct buf b = buf_new(cx->mem, 100);

	if (allowed & GET)
		allowed |= HEAD;
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (allowed & (int)order[i])
			buf_addf(
			    &b, "%s%s", b.n ? ", " : "", method_text(order[i]));
	return buf_text(&b);
}

enum method
guard_method(const struct source *src)
{
	const char *name = source_param(src, "REQUEST_METHOD");

	return name == NULL ? 0 : method_of(name);
}

static bool
is_known(const char *name)
{
	return method_of(name) != 0 || text_same(name, "TRACE") ||
	       text_same(name, "CONNECT");
}

enum rc
guard_route(struct cx *cx, const struct route *routes, const struct source *src,
    struct req *rq, struct reply *rp, const struct route **out)
{
	const char *name = source_param(src, "REQUEST_METHOD");
	int allowed;

	if (name == NULL || !is_known(name))
		return refuse(cx, rp, 501, "no method of ours");
	*out =
	    route_find(cx, routes, rq->method, rq->path, rq->params, &allowed);
	if (*out != NULL)
		return RC_OK;
	if (allowed == 0)
		return rc_fail(cx, RC_ABSENT, "there is nothing at this path");
	reply_header(rp, "Allow", allow(cx, allowed));
	return refuse(cx, rp, 405, "not by this method here");
}

static bool
is_trace(const char *text)
{
	const size_t n = strlen(text);

	return n >= TRACE_MIN && n <= TRACE_MAX &&
	       strspn(text,
		   "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		   "0123456789._-") == n;
}

const char *
guard_trace(struct cx *cx, const struct source *src)
{
	const char *theirs = source_param(src, "HTTP_X_REQUEST_ID");
	unsigned char id[TRACE_BYTES];

	if (theirs != NULL && is_trace(theirs))
		return text_dup(cx->mem, theirs);
	if (getrandom(id, sizeof(id), 0) != (ssize_t)sizeof(id))
		return "-";
	return hex_of(cx->mem, id, sizeof(id));
}
