/* Replies that several end points give. */
#include "say.h"
#include "base/clock.h"
#include "io/wait.h"

enum { PAGE_BYTES = 64 << 10 };

enum rc
say_errors(struct reply *rp, int64_t status, const char *text)
{
	struct jw *w = reply_json(rp, (int)status);

	jw_text(w, "errors", text);
	return reply_end(rp);
}

enum rc
say_refused(struct reply *rp, int64_t status, const char *error,
    const char *description)
{
	struct jw *w = reply_json(rp, (int)status);

	jw_text(w, "error", error);
	jw_text(w, "error_description", description);
	return reply_end(rp);
}

const char *
html_text(struct arena *mem, const char *text)
{
	struct buf b = buf_new(mem, PAGE_BYTES);

	for (; *text != '\0'; text++) {
		if (*text == '&' || *text == '<' || *text == '>' ||
		    *text == '"' || *text == '\'')
			buf_addf(&b, "&#%d;", *text);
		else
			buf_addc(&b, *text);
	}
	return buf_text(&b);
}

enum rc
say_page(struct cx *cx, struct reply *rp, int status, const char *title,
    const char *body, const char *form_action)
{
	struct buf b = buf_new(cx->mem, PAGE_BYTES);

	title = html_text(cx->mem, title);
	buf_addf(&b,
	    "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width\">\n"
	    "<meta name=\"color-scheme\" content=\"light dark\">\n"
	    "<title>%s</title>\n<body>\n<main>\n<h1>%s</h1>\n%s</main>\n"
	    "</body>\n</html>\n",
	    title, title, body);
	reply_header(rp, "Content-Security-Policy",
	    text_fmt(cx->mem,
		"default-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
		"form-action 'self' %s",
		form_action));
	return reply_bytes(
	    rp, status, "text/html; charset=utf-8", buf_slice(&b));
}

void
say_half(struct reply *rp)
{
	rp->body.n /= 2;
}

void
say_late(struct cx *cx, int64_t ms)
{
	if (ms > 0 && wait_until(cx, clock_ms() + ms) != RC_OK)
		rc_forget(cx); /* asked to stop: it answers at once */
}
