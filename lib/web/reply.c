/* Building a reply; nothing leaves before it is complete. */
#include "web/reply.h"

#include <assert.h>
#include <string.h>

static void
start_anew(struct reply *rp, int status, const char *type)
{
	rp->status = status;
	rp->type = type;
	rp->body = buf_new(rp->body.mem, rp->body.max);
}

struct jw *
reply_json(struct reply *rp, int status)
{
	start_anew(rp, status, "application/json; charset=utf-8");
	rp->jw = jw_new(&rp->body);
	jw_object(&rp->jw, NULL);
	return &rp->jw;
}

enum rc
reply_end(struct reply *rp)
{
	jw_close(&rp->jw);
	return jw_end(&rp->jw);
}

enum rc
reply_empty(struct reply *rp, int status)
{
	start_anew(rp, status, NULL);
	return RC_OK;
}

enum rc
reply_bytes(struct reply *rp, int status, const char *type, struct slice bytes)
{
	start_anew(rp, status, type);
	buf_addn(&rp->body, bytes.p, bytes.n);
	return buf_full(&rp->body) ? RC_TOO_BIG : RC_OK;
}

/* What could end a header line becomes a space: no header out of a value. */
static const char *
one_line(struct reply *rp, const char *value)
{
	char *line = text_dup(rp->body.mem, value);

	for (char *p = line; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = ' ';
	return line;
}

void
reply_header(struct reply *rp, const char *name, const char *value)
{
	size_t i = 0;

	if (!text_same_nocase(name, "Set-Cookie"))
		while (i < rp->n_headers &&
		       !text_same_nocase(rp->headers[i].name, name))
			i++;
	else
		i = rp->n_headers;
	assert(i < REPLY_HEADERS_MAX);
	rp->headers[i].name = name;
	rp->headers[i].value = one_line(rp, value);
	if (i == rp->n_headers)
		rp->n_headers++;
}

/* RFC 6265 4.1.1's cookie-octets. */
static bool
is_cookie_value(const char *value)
{
	for (; *value != '\0'; value++)
		if (*value <= 0x20 || *value == 0x7f ||
		    strchr("\",;\\", *value) != NULL)
			return false;
	return true;
}

void
reply_cookie(struct cx *cx, struct reply *rp, const char *name,
    const char *value, int64_t max_age_s)
{
	assert(is_cookie_value(value));
	reply_header(rp, "Set-Cookie",
	    text_fmt(cx->mem,
		"%s=%s; Path=/; Max-Age=%lld; Secure; HttpOnly; SameSite=Lax",
		name, max_age_s > 0 ? value : "", (long long)max_age_s));
}

const char *
reply_header_of(const struct reply *rp, const char *name)
{
	size_t i;

	for (i = 0; i < rp->n_headers; i++)
		if (text_same_nocase(rp->headers[i].name, name))
			return rp->headers[i].value;
	return NULL;
}
