/* A whole request: the same checks and the same answers as serve's (call.c). */
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "io/count.h"
#include "web/guard.h"
#include "web/ingest_in.h"
#include "web/send.h"

/* The CGI variables as guard and req_header want them. */
static char **
params(struct visit *v)
{
	char **list = ARENA_ARRAY(v->mem, char *, v->in.rq.count + 1);
	char *var = v->in.rq.vars;

	for (size_t i = 0; i < v->in.rq.count; i++) {
		list[i] = var;
		var += strlen(var) + 1;
	}
	return list;
}

static bool
signs(const struct ingest *p, const char *var)
{
	for (const char *const *s = p->signs; s != NULL && *s != NULL; s++)
		if (text_starts(var, *s))
			return true;
	return false;
}

/* Whether the name of all[at] stands there again, or brings a list. */
static bool
is_double(char **all, const size_t *lengths, size_t at)
{
	int times = 0;

	for (size_t i = 0; all[i] != NULL; i++)
		times += lengths[i] == lengths[at] &&
			 memcmp(all[i], all[at], lengths[at]) == 0;
	return times > 1 || strchr(all[at], ',') != NULL;
}

static size_t *
name_lengths(struct arena *mem, char **all, size_t *n)
{
	size_t *lengths;

	for (*n = 0; all[*n] != NULL; (*n)++)
		;
	lengths = ARENA_ARRAY(mem, size_t, *n);
	for (size_t i = 0; i < *n; i++)
		lengths[i] = strcspn(all[i], "=");
	return lengths;
}

/* Who signs twice has not signed (SEC-9). The doubled ones fill the array from
 * its end; between them and what is kept a NULL is left. */
static char **
drop_doubles(const struct ingest *p, struct visit *v)
{
	char **all = v->source.params, **kept, **doubled;
	size_t n;
	const size_t *lengths = name_lengths(v->mem, all, &n);

	kept = v->source.params = ARENA_ARRAY(v->mem, char *, n + 2);
	doubled = kept + n + 1;
	for (size_t i = 0; i < n; i++)
		if (signs(p, all[i]) && is_double(all, lengths, i))
			*--doubled = all[i];
		else
			*kept++ = all[i];
	return doubled;
}

/* Refused for its size while it was read; guard would have said the same. */
static enum rc
refused_size(struct cx *cx, const struct ingest *p, struct visit *v)
{
	switch (v->in.rq.over) {
	case 408:
		return guard_cut(cx, READ_LATE, &v->reply);
	case 413:
		return guard_size(cx, p->max_body);
	case 503:
		cx->retry_after_ms = 1000;
		return rc_fail(cx, RC_BUSY, "too many bytes are under way");
	default:
		v->reply.status = v->in.rq.over;
		return rc_fail(cx, RC_TOO_BIG, "more than 100 header fields");
	}
}

/* An empty one has room around it, too: it is sealed where it lies. */
static char *
body_of(struct cx *cx, const struct record_request *in)
{
	if (in->body != NULL)
		return in->body;
	return (char *)arena_alloc(cx->mem, INGEST_BEFORE + INGEST_AFTER) +
	       INGEST_BEFORE;
}

static enum rc
look_at_body(struct cx *cx, const struct ingest *p, struct visit *v)
{
	const struct record_request *in = &v->in.rq;
	int64_t said;

	if (in->over != 0 && in->over != 413)
		return refused_size(cx, p, v);
	if (v->item.route->body == NULL)
		return RC_OK;
	TRY(guard_length(cx, &v->rq, p->max_body, &said));
	if (in->over != 0)
		return refused_size(cx, p, v);
	if (said >= 0 && (size_t)said != in->n_body)
		return guard_cut(cx, READ_BROKEN, &v->reply);
	v->item.body = body_of(cx, in);
	v->item.n_body = in->n_body;
	v->rq.raw_body = (struct slice){ v->item.body, in->n_body };
	return RC_OK;
}

static enum rc
check(struct cx *cx, const struct ingest *p, struct visit *v)
{
	enum rc rc;

	v->item.shared = share_take();
	rc = p->check(cx, &v->item);
	share_give(v->item.shared);
	v->item.shared = NULL;
	return rc;
}

static enum rc
look(struct cx *cx, const struct ingest *p, struct visit *v)
{
	TRY(guard_head(cx, &v->source, &v->rq, &v->reply));
	TRY(guard_route(
	    cx, p->routes, &v->source, &v->rq, &v->reply, &v->item.route));
	TRY(guard_query(cx, v->item.route, &v->rq));
	TRY(look_at_body(cx, p, v));
	return check(cx, p, v);
}

static bool
write_text(struct source *src, struct slice bytes)
{
	struct visit *v = (struct visit *)src;

	buf_addn(&v->text, bytes.p, bytes.n);
	return !buf_full(&v->text);
}

/* The answer as it would be sent; it may be made anew. */
static void
render(struct cx *cx, struct visit *v)
{
	v->text = buf_new(v->mem, REPLY_MAX_BYTES);
	v->status = v->reply.status;
	send_reply(cx, &v->rq, &v->reply, &v->source);
}

static void
begin(struct cx *cx, const struct ingest *p, struct visit *v)
{
	char **doubled = NULL;

	v->source = (struct source){
		.params = v->variables != NULL ? v->variables : params(v),
		.write = write_text,
	};
	if (p->signs != NULL)
		doubled = drop_doubles(p, v);
	v->trace = guard_trace(cx, &v->source);
	cx->trace = v->trace;
	v->rq = (struct req){ .source = &v->source,
		.raw_query = slice_of(""),
		.method = guard_method(&v->source) };
	send_begin(cx, &v->reply);
	v->item = (struct ingest_item){
		.rq = &v->rq,
		.trace = v->trace,
		.mem = v->mem,
		.reply = &v->reply,
		.doubled = doubled,
		.bytes = 1,
	};
}

static void
count_refused(struct cx *cx, const char *reason)
{
	count_add(M_http_refused_total,
	    text_fmt(cx->mem, "reason=\"%s\"", reason), 1);
}

void
judge_refuse(struct cx *cx, const struct ingest *p, struct visit *v, enum rc rc)
{
	(void)p;
	cx->trace = v->trace;
	count_refused(
	    cx, v->item.reason != NULL ? v->item.reason : rc_row(rc)->code);
	log_fault(cx, "http.failed");
	reply_problem(cx, &v->reply, rc);
	render(cx, v);
}

bool
judge(struct cx *cx, const struct ingest *p, struct visit *v)
{
	enum rc rc;

	begin(cx, p, v);
	rc = look(cx, p, v);
	if (rc != RC_OK) {
		judge_refuse(cx, p, v, rc);
		return false;
	}
	if (v->item.status != 0 && v->item.reason != NULL)
		count_refused(cx, v->item.reason);
	v->reply.status =
	    v->item.status != 0 ? v->item.status : v->item.route->status;
	render(cx, v);
	return v->item.status == 0;
}

/* Most answers are as the one before. */
static void
label(struct notes *notes, const struct ingest *p, const char *path, int status)
{
	if (notes->path == path && notes->status == status)
		return;
	arena_empty(notes->cx->mem);
	notes->path = path;
	notes->status = status;
	notes->answered = text_fmt(notes->cx->mem,
	    "program=\"%s\",route=\"%s\",status=\"%d\"", p->name, path, status);
	notes->took = text_fmt(notes->cx->mem, "program=\"%s\"", p->name);
}

void
judge_note(struct notes *notes, const struct ingest *p, const struct visit *v)
{
	const double seconds = (double)(clock_us() - v->begun_us) / 1e6;
	const struct route *route = v->item.route;
	const char *path = route == NULL ? "-" : route->path;

	label(notes, p, path, v->status);
	count_add(M_http_requests_total, notes->answered, 1);
	count_seconds(M_http_request_seconds, notes->took, seconds);
	notes->cx->trace = v->trace;
	log_info(notes->cx, "http.request",
	    L_TEXT("method", method_text(v->rq.method)), L_TEXT("path", path),
	    L_INT("status", v->status), L_INT("ms", seconds * 1000));
}
