/* Plain CGI: one request by the same three functions. */
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "web/call.h"
#include "web/cgi.h"
#include "web/ingest_in.h"

/* As the record reader does it: within bounds, or `over`. */
static void
read_body(struct visit *v, struct cgi *c, size_t most)
{
	struct record_request *q = &v->in.rq;
	const char *said = source_param(&c->source, "CONTENT_LENGTH");
	ssize_t got = 0;

	if (said == NULL || !text_int(said, 0, INT64_MAX, &q->said))
		q->said = -1;
	if (q->said > (int64_t)most) {
		q->over = 413;
		return;
	}
	if (q->said >= 0)
		most = (size_t)q->said;
	q->body = (char *)arena_alloc(
		      v->mem, INGEST_BEFORE + most + 1 + INGEST_AFTER) +
		  INGEST_BEFORE;
	do {
		q->n_body += (size_t)got;
		got = c->source.read(&c->source, q->body + q->n_body,
		    most + (q->said < 0) - q->n_body);
	} while (got > 0);
	if (got == READ_LATE)
		q->over = 408;
	else if (q->n_body > most)
		q->over = 413;
}

/* The committer's memory is emptied while the request's lives. */
static void
keep_one(struct cx *cx, const struct ingest *p, struct visit *v)
{
	struct committer c = { .cx = cx, .program = p };

	commit_tick(&c);
	if (judge(&(struct cx){ .mem = v->mem, .program = p->name }, p, v))
		commit_one(&c, v);
}

int
ingest_cgi(struct cx *cx, const struct ingest *p)
{
	struct cgi c = cgi_source();
	struct visit v = {
		.mem = arena_new(), .variables = environ, .begun_us = clock_us()
	};

	read_body(&v, &c, p->max_body);
	keep_one(cx, p, &v);
	(void)c.source.write(&c.source, buf_slice(&v.text));
	judge_note(&(struct notes){ .cx = cx }, p, &v);
	arena_free(v.mem);
	return EX_OK;
}
