/* One request from its first check to its answer. */
#include "web/call.h"

#include "base/clock.h"
#include "base/log.h"
#include "io/count.h"
#include "web/guard.h"
#include "web/send.h"

struct call {
	const struct program *program;
	struct source *source;
	const struct route *route; /* NULL until it is found */
	struct req rq;
	struct reply rp;
	size_t n_kept; /* headers that a failed handler's reply keeps */
	int64_t begun_us;
};

/* Twice a request: before the caller is known (who.by is 0), and after. */
static enum rc
limit(struct cx *cx, struct call *c, int rate)
{
	const struct doors *doors = c->program->doors;

	if ((c->route->rate & rate) == 0 || doors == NULL ||
	    doors->limit == NULL)
		return RC_OK;
	return doors->limit(cx, c->route, &c->rq, &c->rp);
}

static enum rc
who(struct cx *cx, struct call *c)
{
	const struct doors *doors = c->program->doors;

	c->rq.who.by = BY_ANYONE;
	if (c->route->caller == BY_ANYONE)
		return RC_OK;
	if (doors == NULL || doors->who == NULL)
		return rc_fail(cx, RC_AUTH, "nobody is known here");
	TRY(doors->who(cx, c->route, &c->rq));
	if ((c->route->caller & (int)c->rq.who.by) == 0)
		return rc_fail(cx, RC_DENIED, "not for this kind of caller");
	return RC_OK;
}

/* In this order: cheap and nameless checks first, the body last. */
static enum rc
check(struct cx *cx, struct call *c)
{
	TRY(guard_head(cx, c->source, &c->rq, &c->rp));
	TRY(guard_route(
	    cx, c->program->routes, c->source, &c->rq, &c->rp, &c->route));
	TRY(limit(cx, c, PER_ADDRESS));
	TRY(who(cx, c));
	TRY(guard_origin(cx, &c->rq));
	TRY(limit(cx, c, PER_CALLER));
	return guard_shapes(cx, c->route, c->source, &c->rq, &c->rp);
}

static enum rc
handle(struct cx *cx, struct call *c)
{
	enum rc rc;

	c->n_kept = c->rp.n_headers;
	rc = c->route->handler(cx, &c->rq, &c->rp);
	if (rc == RC_OK && c->rp.status == 0)
		rc = rc_fail(cx, RC_BUG, "the handler gave no reply");
	if (rc == RC_OK && buf_full(&c->rp.body))
		rc = rc_fail(cx, RC_BUG, "a reply of more than 8 MiB");
	if (rc != RC_OK) {
		c->rp.status = 0;
		c->rp.n_headers = c->n_kept;
	}
	return rc;
}

static const char *
path_of(const struct call *c)
{
	return c->route == NULL ? "-" : c->route->path;
}

static void
count(struct cx *cx, const struct call *c)
{
	const double seconds = (double)(clock_us() - c->begun_us) / 1e6;
	const char *program = c->program->name;

	count_add(M_http_requests_total,
	    text_fmt(cx->mem, "program=\"%s\",route=\"%s\",status=\"%d\"",
		program, path_of(c), c->rp.status),
	    1);
	count_seconds(M_http_request_seconds,
	    text_fmt(cx->mem, "program=\"%s\"", program), seconds);
	log_info(cx, "http.request",
	    L_TEXT("method", method_text(c->rq.method)),
	    L_TEXT("path", path_of(c)), L_INT("status", c->rp.status),
	    L_INT("ms", seconds * 1000));
}

static void
begin(struct cx *cx, struct call *c)
{
	cx_reset(cx);
	cx->trace = guard_trace(cx, c->source);
	c->begun_us = clock_us();
	c->rq.source = c->source;
	c->rq.raw_query = slice_of("");
	c->rq.method = guard_method(c->source);
	send_begin(cx, &c->rp);
}

static void
fail(struct cx *cx, struct call *c, enum rc rc)
{
	const struct doors *doors = c->program->doors;

	log_fault(cx, "http.failed");
	reply_problem(cx, &c->rp, rc);
	if (doors != NULL && doors->refused != NULL)
		doors->refused(cx, &c->rq, &c->rp, rc);
}

void
call_answer(struct cx *cx, const struct program *program, struct source *src)
{
	struct call c = { .program = program, .source = src };
	enum rc rc;

	begin(cx, &c);
	rc = check(cx, &c);
	if (rc != RC_OK)
		count_add(M_http_refused_total,
		    text_fmt(cx->mem, "reason=\"%s\"", rc_row(rc)->code), 1);
	else
		rc = handle(cx, &c);
	if (rc != RC_OK)
		fail(cx, &c, rc);
	send_reply(cx, &c.rq, &c.rp, src);
	count(cx, &c);
}

void
call_refuse(struct cx *cx, struct source *src)
{
	struct req rq = { .source = src };
	struct reply rp;

	log_fault(cx, "serve.start"); /* and told to nobody else */
	rc_forget(cx);
	cx->trace = guard_trace(cx, src);
	send_begin(cx, &rp);
	reply_problem(cx, &rp, RC_BUSY);
	send_reply(cx, &rq, &rp, src);
}
