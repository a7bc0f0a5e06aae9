/* CONNECT_TO: which hosts are really elsewhere (trials only). */
#include "io/http_in.h"

#include <string.h>

/* An entry HOST:PORT:TO-HOST:TO-PORT; each part may be empty. */
struct map {
	const char *host; /* "" any; "*.suffix" all below it */
	const char *port; /* "" any */
	const char *to; /* "TO-HOST:TO-PORT" */
};

static struct {
	struct arena *mem;
	struct map *list;
	size_t n;
} maps;

/* Up to the next colon outside of brackets, which it takes too. */
static bool
take_host(struct slice *rest, struct slice *host)
{
	const char *end = rest->p, *const stop = rest->p + rest->n;

	if (rest->n > 0 && *end == '[') {
		end = memchr(end, ']', rest->n);
		if (!end)
			return false;
		end++;
	} else {
		while (end < stop && *end != ':')
			end++;
	}
	if (end == stop || *end != ':')
		return false;
	*host = (struct slice){ rest->p, (size_t)(end - rest->p) };
	*rest = (struct slice){ end + 1, (size_t)(stop - end - 1) };
	return true;
}

static bool
is_port(const char *text)
{
	int64_t port;

	return *text == '\0' || text_int(text, 1, 65535, &port);
}

static bool
is_host(const char *text)
{
	static const char ok[] = "abcdefghijklmnopqrstuvwxyz0123456789.-:[]";

	if (text_starts(text, "*."))
		text += 2;
	return text[strspn(text, ok)] == '\0';
}

static bool
parse(struct arena *mem, struct slice entry, struct map *out)
{
	struct slice host, port, to_host;
	const char *to_port;

	if (!take_host(&entry, &host) || !take_host(&entry, &port) ||
	    !take_host(&entry, &to_host))
		return false;
	to_port = text_of(mem, entry);
	out->host = text_lower(mem, text_of(mem, host));
	out->port = text_of(mem, port);
	out->to = text_fmt(mem, "%s:%s", text_of(mem, to_host), to_port);
	return is_host(out->host) && is_port(out->port) && is_port(to_port) &&
	       is_host(text_lower(mem, text_of(mem, to_host)));
}

static void
clear(void)
{
	if (maps.mem)
		arena_free(maps.mem);
	maps.mem = arena_new();
	maps.list = NULL;
	maps.n = 0;
}

enum rc
http_map_read(struct cx *cx, const char *text)
{
	struct slice rest = slice_of(text), entry;
	size_t most = 1;

	clear();
	for (const char *c = text; *c; c++)
		most += *c == ',';
	maps.list = ARENA_ARRAY(maps.mem, struct map, most);
	while (text_next(&rest, ',', &entry)) {
		if (!parse(maps.mem, entry, &maps.list[maps.n]))
			return rc_fail(cx, RC_INPUT,
			    "CONNECT_TO: \"%.*s\" is not "
			    "HOST:PORT:TO-HOST:TO-PORT",
			    (int)entry.n, entry.p);
		maps.n++;
	}
	return RC_OK;
}

static bool
is_for(const struct map *m, const char *host, const char *port)
{
	if (*m->port && !text_same(m->port, port))
		return false;
	if (text_starts(m->host, "*."))
		return strlen(host) > strlen(m->host + 1) &&
		       text_ends(host, m->host + 1);
	return *m->host == '\0' || text_same(m->host, host);
}

const char *
http_map_find(struct arena *mem, const char *host, long port)
{
	const char *lower = text_lower(mem, host);
	const char *number = text_fmt(mem, "%ld", port);

	for (size_t i = 0; i < maps.n; i++)
		if (is_for(&maps.list[i], lower, number))
			return text_fmt(
			    mem, "%s:%s:%s", host, number, maps.list[i].to);
	return NULL;
}
