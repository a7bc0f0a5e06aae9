/* What a handler asks of a request: headers, cookies, methods by name. */
#include "web/req.h"

#include <ctype.h>
#include <string.h>

#include "web/source.h"

struct method_row {
	enum method method;
	const char *name;
};

static const struct method_row methods[] = {
	{ GET, "GET" },
	{ POST, "POST" },
	{ PUT, "PUT" },
	{ PATCH, "PATCH" },
	{ DELETE, "DELETE" },
	{ OPTIONS, "OPTIONS" },
	{ HEAD, "HEAD" },
	{ 0, "-" },
};

enum method
method_of(const char *name)
{
	const struct method_row *m = methods;

	while (m->method != 0 && !text_same(m->name, name))
		m++;
	return m->method;
}

const char *
method_text(enum method method)
{
	const struct method_row *m = methods;

	while (m->method != 0 && m->method != method)
		m++;
	return m->name;
}

/* "Content-Type" is CONTENT_TYPE, "If-Match" is HTTP_IF_MATCH (RFC 3875). */
static bool
is_named(const char *param, const char *name)
{
	if (!text_same_nocase(name, "Content-Type") &&
	    !text_same_nocase(name, "Content-Length")) {
		if (!text_starts(param, "HTTP_"))
			return false;
		param += strlen("HTTP_");
	}
	for (; *name != '\0'; name++, param++)
		if (*param !=
		    (*name == '-' ? '_' : toupper((unsigned char)*name)))
			return false;
	return *param == '=';
}

const char *
req_variable(char *const *variables, const char *name)
{
	for (; variables != NULL && *variables != NULL; variables++)
		if (is_named(*variables, name))
			return strchr(*variables, '=') + 1;
	return NULL;
}

const char *
req_header(const struct req *rq, const char *name)
{
	const struct source *src = rq->source;

	return req_variable(src->params, name);
}

static struct slice
trim(struct slice s)
{
	while (s.n > 0 && (*s.p == ' ' || *s.p == '\t'))
		s.p++, s.n--;
	while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
		s.n--;
	return s;
}

const char *
req_cookie(struct cx *cx, const struct req *rq, const char *name)
{
	const char *header = req_header(rq, "Cookie"), *found = NULL;
	struct slice rest = slice_of(header == NULL ? "" : header);
	struct slice part, key;

	while (text_next(&rest, ';', &part)) {
		part = trim(part);
		if (!text_next(&part, '=', &key) ||
		    !slice_same(key, slice_of(name)))
			continue;
		if (found != NULL)
			return NULL;
		found = text_of(cx->mem, part);
	}
	return found;
}

const char *
req_bearer(const struct req *rq)
{
	const char *value = req_header(rq, "Authorization");

	if (value == NULL || strncasecmp(value, "Bearer ", 7) != 0)
		return NULL;
	value += 7;
	value += strspn(value, " ");
	return *value == '\0' ? NULL : value;
}
