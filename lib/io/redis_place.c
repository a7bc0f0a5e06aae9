/* CACHE_URL, taken apart. */
#include <string.h>

#include "base/conf.h"
#include "io/redis_in.h"

/* What it was is not said: a password may stand in it. */
static enum rc
refuse(struct cx *cx)
{
	return rc_field(cx, RC_INPUT, "CACHE_URL",
	    "redis://[USER@]HOST[:PORT][/NUMBER] or unix:///PATH",
	    "another form");
}

/* What stands before the last `sep`; NULL, and nothing cut, without one. */
static const char *
cut_head(struct arena *mem, const char **rest, char sep)
{
	const char *at = strrchr(*rest, sep);
	const char *head;

	if (at == NULL)
		return NULL;
	head = text_of(mem, (struct slice){ *rest, (size_t)(at - *rest) });
	*rest = at + 1;
	return head;
}

static bool
number_ok(const char *text, int64_t max)
{
	int64_t n;

	return text == NULL || text_int(text, 0, max, &n);
}

/* HOST, HOST:PORT or [IPV6]:PORT. */
static void
read_host(struct arena *mem, const char *text, struct redis_place *out)
{
	const size_t n = strlen(text);
	const char *port = text;
	const char *host;

	out->host = text;
	out->port = "6379";
	if (n > 0 && text[n - 1] != ']' &&
	    (host = cut_head(mem, &port, ':')) != NULL) {
		out->host = host;
		out->port = port;
	}
	if (out->host[0] == '[' && text_ends(out->host, "]"))
		out->host = text_of(mem,
		    (struct slice){ out->host + 1, strlen(out->host) - 2 });
}

static enum rc
read_tcp(
    struct cx *cx, struct arena *mem, const char *url, struct redis_place *out)
{
	const char *rest = url + strlen("redis://");
	const char *host;

	out->user = cut_head(mem, &rest, '@');
	host = cut_head(mem, &rest, '/');
	if (host != NULL && rest[0] != '\0')
		out->base = rest;
	read_host(mem, host != NULL ? host : rest, out);
	if (out->host[0] == '\0' || !number_ok(out->port, 65535) ||
	    !number_ok(out->base, 1000000) ||
	    (out->user != NULL && strchr(out->user, ':') != NULL))
		return refuse(cx);
	return RC_OK;
}

enum rc
redis_place_read(
    struct cx *cx, struct arena *mem, const char *url, struct redis_place *out)
{
	*out = (struct redis_place){ 0 };
	if (text_starts(url, "redis://"))
		return read_tcp(cx, mem, url, out);
	if (!text_starts(url, "unix:///"))
		return refuse(cx);
	out->path = url + strlen("unix://");
	return RC_OK;
}
