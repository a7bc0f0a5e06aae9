/*
 * Any CGI variables, a line each, then a blank line and a body: one answer with
 * a status we know and its headers, whatever came.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "web/call.h"

enum { PARAMS = 500 };

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

struct fuzz {
	struct source source; /* first: the adapter's face */
	struct slice body;
	struct buf answer;
};

static ssize_t
take(struct source *src, char *p, size_t n)
{
	struct fuzz *f = (struct fuzz *)src;

	if (n > f->body.n)
		n = f->body.n;
	if (n > 0)
		memcpy(p, f->body.p, n);
	f->body = (struct slice){ f->body.p + n, f->body.n - n };
	return (ssize_t)n;
}

static bool
keep(struct source *src, struct slice bytes)
{
	buf_addn(&((struct fuzz *)src)->answer, bytes.p, bytes.n);
	return true;
}

static enum rc
show(struct cx *cx, const struct req *rq, struct reply *rp)
{
	struct jw *w = reply_json(rp, 200);

	assert(text_utf8(slice_of(rq->path)));
	jw_text(w, "id", rq->params[0]);
	jw_text(w, "cookie", req_cookie(cx, rq, "a"));
	jw_int(w, "bytes", (int64_t)rq->raw_body.n);
	return reply_end(rp);
}

struct note {
	const char *text;
};

static const struct field note_fields[] = {
	FIELD_TEXT(note, text, .need = true, .max = 9),
	FIELD_END,
};
static const struct shape note = SHAPE(note, note_fields);

/* clang-format off */
static const struct route routes[] = {
	{ GET,  "/a/:id", BY_ANYONE, NULL, 0, &note, NULL, NULL, 200, "", show },
	{ POST, "/a",     BY_ANYONE, NULL, 0, NULL, &note, NULL, 200, "", show },
	{ POST, "/raw",   BY_ANYONE, NULL, 0, &any_query, &any_body, NULL, 200, "", show },
	{ 0 }
};
/* clang-format on */

static void
take_apart(struct arena *mem, struct slice text, struct fuzz *f)
{
	char **params = ARENA_ARRAY(mem, char *, PARAMS + 1);
	struct slice line;
	size_t n = 0;

	while (text_next(&text, '\n', &line) && line.n > 0)
		if (n < PARAMS && memchr(line.p, '=', line.n) != NULL)
			params[n++] = text_of(mem, line);
	f->source = (struct source){ params, take, keep };
	f->body = text;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const struct program program = { "fuzz", routes, NULL };
	struct arena *mem = arena_new();
	struct cx cx = { .mem = arena_new(), .program = "fuzz" };
	struct fuzz f = { .answer = buf_new(mem, 1 << 20) };
	const char *a;

	log_open(LOG_ERR, 2);
	take_apart(mem, (struct slice){ (const char *)p, n }, &f);
	call_answer(&cx, &program, &f.source);
	a = buf_text(&f.answer);
	assert(text_starts(a, "Status: 200") || text_starts(a, "Status: 4") ||
	       text_starts(a, "Status: 501"));
	assert(strstr(a, "\r\nX-Request-Id: ") != NULL);
	assert(strstr(a, "\r\n\r\n") != NULL);
	arena_free(cx.mem);
	arena_free(mem);
	return 0;
}
