/* Failures as problem+json (RFC 9457). */
#include "web/reply.h"

#include "web/send.h"

/* Statuses whose sentence is about the connection, not in rc.c's table. */
static const char *
title_of(enum rc rc, int status)
{
	return status == rc_row(rc)->status ? rc_row(rc)->title
					    : send_phrase(status);
}

/*
 * Our own troubles stay in the log (SEC-25): a sentence may quote what a
 * library said, and one that begins so is the database's.
 */
static bool
is_ours_alone(enum rc rc, const char *sentence)
{
	return rc == RC_BUG || rc == RC_BUSY || rc == RC_STOPPED ||
	       sentence == NULL || text_starts(sentence, "query ");
}

static const char *
detail_of(const struct cx *cx, enum rc rc)
{
	return is_ours_alone(rc, cx->fault.sentence) ? rc_row(rc)->title
						     : cx->fault.sentence;
}

static void
put_errors(struct jw *w, const struct fault *fault)
{
	if (fault->field == NULL)
		return;
	jw_list(w, "errors");
	jw_object(w, NULL);
	jw_text(w, "field", fault->field);
	jw_text(w, "rule", fault->rule);
	jw_text(w, "got", fault->got);
	jw_close(w);
	jw_close(w);
}

/* Whole seconds, never 0: "at once" would be asked again at once. */
static void
put_retry(struct cx *cx, struct reply *rp)
{
	int64_t seconds = (cx->retry_after_ms + 999) / 1000;

	if (seconds < 1)
		seconds = 1;
	reply_header(
	    rp, "Retry-After", text_fmt(cx->mem, "%lld", (long long)seconds));
}

void
reply_problem(struct cx *cx, struct reply *rp, enum rc rc)
{
	const struct rc_row *row = rc_row(rc);
	const int status = rp->status >= 400 ? rp->status : row->status;
	struct jw *w = reply_json(rp, status);

	rp->type = "application/problem+json; charset=utf-8";
	jw_text(w, "type", text_fmt(cx->mem, "/docs/errors#%s", row->code));
	jw_text(w, "title", title_of(rc, status));
	jw_int(w, "status", status);
	jw_text(w, "detail", detail_of(cx, rc));
	jw_text(w, "code", row->code);
	jw_text(w, "request_id", cx->trace);
	put_errors(w, &cx->fault);
	if (reply_end(rp) != RC_OK)
		rp->body.n = 0; /* the status says it, too */

	if (status == 401)
		reply_header(rp, "WWW-Authenticate", "Bearer");
	if (rc == RC_LIMITED || rc == RC_BUSY || status == 503)
		put_retry(cx, rp);
}
