/* Addresses of the outside, put together by curl's own rules. */
#include "io/http_in.h"

#include <string.h>

enum { HOST_MAX_BYTES = 253 };

static const char letters[] =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/* Cuts ":PORT" off; false when there is one that is no port. */
static bool
split_port(
    struct arena *mem, const char *text, const char **host, const char **port)
{
	const char *colon = strrchr(text, ':');
	int64_t number;

	*host = text;
	*port = NULL;
	if (!colon || text[strlen(text) - 1] == ']')
		return true;
	*host = arena_copy(mem, text, (size_t)(colon - text));
	*port = colon + 1;
	return text_int(*port, 1, 65535, &number);
}

static bool
is_v6(const char *host)
{
	const size_t n = strlen(host);

	return n > 2 && host[0] == '[' && host[n - 1] == ']' &&
	       strspn(host + 1, "0123456789abcdefABCDEF:.") == n - 2;
}

static bool
is_name(const char *host)
{
	const size_t n = strlen(host);

	for (size_t i = 0; i < n; i++)
		if (!strchr(letters, host[i]) && host[i] != '-' &&
		    host[i] != '.')
			return false;
	return n > 0 && n <= HOST_MAX_BYTES && strchr(letters, host[0]);
}

/* Encoded already: nothing in it may end the part it is for. */
static bool
is_part(const char *text, const char *not_in)
{
	for (; *text; text++) {
		const unsigned char c = (unsigned char)*text;

		if (c <= ' ' || c >= 0x7f || strchr(not_in, c))
			return false;
	}
	return true;
}

static char *
build(CURLU *u, const char *host, const char *port, const char *path,
    const char *query)
{
	char *text = NULL;

	if (curl_url_set(u, CURLUPART_SCHEME, "https", 0) != CURLUE_OK ||
	    curl_url_set(u, CURLUPART_HOST, host, 0) != CURLUE_OK ||
	    curl_url_set(u, CURLUPART_PORT, port, 0) != CURLUE_OK ||
	    curl_url_set(u, CURLUPART_PATH, path, 0) != CURLUE_OK ||
	    curl_url_set(u, CURLUPART_QUERY, query, 0) != CURLUE_OK ||
	    curl_url_get(u, CURLUPART_URL, &text, 0) != CURLUE_OK)
		return NULL;
	return text;
}

enum rc
http_url(struct cx *cx, const char *host, const char *path, const char *query,
    const char **out)
{
	const char *name, *port;
	CURLU *u;
	char *text;

	if (!split_port(cx->mem, host, &name, &port) ||
	    !(is_name(name) || is_v6(name)))
		return rc_fail(cx, RC_INPUT, "no host to call: \"%s\"",
		    text_cut(cx->mem, host, HOST_MAX_BYTES));
	if (*path != '/' || !is_part(path, "?#") ||
	    (query && !is_part(query, "#")))
		return rc_fail(cx, RC_INPUT, "%s: no path to call", name);
	u = curl_url();
	text = u ? build(u, name, port, path, query && *query ? query : NULL)
		 : NULL;
	if (text)
		*out = text_dup(cx->mem, text);
	curl_free(text);
	curl_url_cleanup(u);
	if (!text)
		return rc_fail(cx, RC_INPUT, "%s: not to be called", name);
	return RC_OK;
}
