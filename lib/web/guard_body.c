/* Origin, query and body: what is checked once the caller is known. */
#include "web/guard.h"

#include <string.h>

#include "base/conf.h"

enum { SESSION = BY_SHOP_SESSION | BY_OPERATOR_SESSION };

static bool
is_json(const char *type)
{
	const size_t n = strcspn(type, "; ");
	const char *rest = type + n;

	if (n != strlen("application/json") ||
	    strncasecmp(type, "application/json", n) != 0)
		return false;
	rest += strspn(rest, "; ");
	return *rest == '\0' || text_same_nocase(rest, "charset=utf-8") ||
	       text_same_nocase(rest, "charset=\"utf-8\"");
}

/* Our own origin: as the browser asked for it, or as APP_URL has it. */
static bool
is_own(struct cx *cx, const struct req *rq, const char *origin)
{
	const char *host = req_header(rq, "Host");

	if (text_same(origin, conf_text(C_APP_URL)))
		return true;
	return host != NULL &&
	       text_same(origin, text_fmt(cx->mem, "%s://%s",
				     rq->https ? "https" : "http", host));
}

static bool
is_same_origin(struct cx *cx, const struct req *rq)
{
	const char *site = req_header(rq, "Sec-Fetch-Site");
	const char *origin = req_header(rq, "Origin");

	if (site != NULL)
		return text_same(site, "same-origin");
	return origin != NULL && is_own(cx, rq, origin);
}

enum rc
guard_origin(struct cx *cx, const struct req *rq)
{
	const char *type = req_header(rq, "Content-Type");

	if ((rq->who.by & SESSION) == 0 || (rq->method & (GET | HEAD)) != 0)
		return RC_OK;
	if (!is_same_origin(cx, rq))
		return rc_fail(cx, RC_DENIED,
		    "a call by cookie that does not come from our own pages");
	if (rq->method != DELETE && (type == NULL || !is_json(type)))
		return rc_fail(cx, RC_DENIED,
		    "a call by cookie whose Content-Type is not "
		    "application/json");
	return RC_OK;
}

enum rc
guard_query(struct cx *cx, const struct route *route, struct req *rq)
{
	const struct pair *first = rq->query_pairs.items;

	if (route->query != NULL)
		return shape_read_pairs(
		    cx, route->query, &rq->query_pairs, &rq->query);
	if (rq->query_pairs.n > 0)
		return rc_field(cx, RC_INPUT,
		    text_cut(cx->mem, first->name, 60),
		    "left out: no parameters here", first->value);
	return RC_OK;
}

enum rc
guard_size(struct cx *cx, size_t most)
{
	return rc_fail(cx, RC_TOO_BIG, "a body of more than %zu bytes", most);
}

enum rc
guard_length(struct cx *cx, const struct req *rq, size_t most, int64_t *out)
{
	const char *text = req_header(rq, "Content-Length");

	*out = -1;
	if (text == NULL || text[0] == '\0')
		return RC_OK;
	if (strspn(text, "0123456789") != strlen(text))
		return rc_fail(cx, RC_INPUT, "Content-Length is no number");
	if (!text_int(text, 0, (int64_t)most, out))
		return guard_size(cx, most);
	return RC_OK;
}

enum rc
guard_cut(struct cx *cx, ssize_t said, struct reply *rp)
{
	if (said == READ_LATE) {
		rp->status = 408;
		return rc_fail(cx, RC_INPUT, "the body did not come in time");
	}
	return rc_fail(cx, RC_INPUT, "the body was cut off");
}

/* All of it, up to `most` bytes. */
static enum rc
read_bytes(struct cx *cx, struct source *src, size_t most, struct req *rq,
    struct reply *rp)
{
	char *p = arena_alloc(cx->mem, most + 1);
	size_t n = 0;

	while (n < most) {
		const ssize_t got = src->read(src, p + n, most - n);

		if (got < 0)
			return guard_cut(cx, got, rp);
		if (got == 0)
			break;
		n += (size_t)got;
	}
	rq->raw_body = (struct slice){ p, n };
	return RC_OK;
}

static enum rc
read_body(struct cx *cx, struct source *src, struct req *rq, struct reply *rp)
{
	int64_t said;

	TRY(guard_length(cx, rq, GUARD_BODY_BYTES, &said));
	if (said >= 0) {
		TRY(read_bytes(cx, src, (size_t)said, rq, rp));
		return rq->raw_body.n == (size_t)said
			   ? RC_OK
			   : guard_cut(cx, READ_BROKEN, rp);
	}
	TRY(read_bytes(cx, src, GUARD_BODY_BYTES + 1, rq, rp));
	return rq->raw_body.n <= GUARD_BODY_BYTES
		   ? RC_OK
		   : guard_size(cx, GUARD_BODY_BYTES);
}

static enum rc
read_json(
    struct cx *cx, const struct route *route, struct req *rq, struct reply *rp)
{
	const char *type = req_header(rq, "Content-Type");
	struct json in;

	if (type == NULL || !is_json(type)) {
		rp->status = 415;
		return rc_fail(
		    cx, RC_INPUT, "Content-Type must be application/json");
	}
	/* What others send gets U+FFFD instead; our own callers are told. */
	if (json_nul(rq->raw_body))
		return rc_field(cx, RC_INPUT, "body", "free of U+0000",
		    "the escape \\u0000");
	TRY(json_read(cx, rq->raw_body, GUARD_BODY_BYTES, RC_INPUT, &in));
	return shape_read(cx, route->body, in, &rq->body);
}

enum rc
guard_shapes(struct cx *cx, const struct route *route, struct source *src,
    struct req *rq, struct reply *rp)
{
	TRY(guard_query(cx, route, rq));
	if (route->body == NULL)
		return RC_OK;
	TRY(read_body(cx, src, rq, rp));
	return route->body == &any_body ? RC_OK : read_json(cx, route, rq, rp);
}
