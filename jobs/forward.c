/*
 * Passes an event on to an address of the operator's, signed by Standard
 * Webhooks. Safe to run twice: webhook-id is the same at each try, and who
 * receives it drops what came before. That it arrived, and this job's end,
 * commit together.
 */
#include "app/handler_event.h"
#include "app/handler_sign.h"
#include "base/clock.h"
#include "base/code.h"
#include "base/log.h"
#include "io/crypt.h"
#include "io/http.h"
#include "store/handler.h"
#include "table.h"

enum {
	GONE = 410,
	FAILING_DAYS = 5,
	ANSWER_BYTES = 64 * 1024, /* nobody reads it */
	ID_BYTES = 16,
	RESULT_BYTES = 512
};

/* The present secret, and the one before it while there is one. */
static enum rc
secrets_load(
    struct cx *cx, const struct handler *h, struct secret *list, size_t *n)
{
	enum rc rc;

	*n = 1;
	if (h->secret_file)
		return secret_read(cx, h->secret_file, &list[0]);
	rc = conf_secret(cx, C_FORWARD_SECRET_FILE, &list[0]);
	if (rc == RC_ABSENT)
		return rc_fail(cx, RC_INPUT,
		    "FORWARD_SECRET_FILE must name a file: nothing is "
		    "forwarded unsigned");
	TRY(rc);
	rc = conf_secret(cx, C_FORWARD_SECRET_PREVIOUS_FILE, &list[1]);
	if (rc == RC_ABSENT)
		return RC_OK;
	*n = 2;
	return rc;
}

/* The same for the same event and handler, whichever job brings it. */
static enum rc
message_id(struct cx *cx, const struct handler_event *e, const char **out)
{
	unsigned char hash[SHA256_BYTES];

	TRY(crypt_sha256(cx,
	    slice_of(text_fmt(cx->mem, "%s %s", e->handler->name, e->id)),
	    hash));
	*out = text_fmt(cx->mem, "msg_%s", hex_of(cx->mem, hash, ID_BYTES));
	return RC_OK;
}

static enum rc
send(struct cx *cx, const struct handler_event *e, struct http_res *res)
{
	const int64_t now =
	    clock_wall(); /* the receiver's window is wall time */
	const char *id, *signature;
	struct secret secrets[2];
	size_t n;

	TRY(secrets_load(cx, e->handler, secrets, &n));
	TRY(message_id(cx, e, &id));
	TRY(handler_sign(cx, secrets, n, id, now, e->json, &signature));

	const struct http_header headers[] = {
		{ "Content-Type", "application/json" },
		{ "webhook-id", id },
		{ "webhook-timestamp",
		    text_fmt(cx->mem, "%lld", (long long)now) },
		{ "webhook-signature", signature },
		{ NULL, NULL },
	};
	const struct http_req req = {
		.method = "POST",
		.url = e->handler->target,
		.headers = headers,
		.body = e->json,
		.max_bytes = ANSWER_BYTES,
		.timeout_ms = e->handler->hard_s * INT64_C(1000),
	};

	return http_do(cx, &req, res);
}

/* ---- what became of it */

static enum rc
arrived(struct cx *cx, const struct job *job, const struct handler_event *e,
    long status)
{
	struct buf text = buf_new(cx->mem, RESULT_BYTES);
	struct jw w = jw_new(&text);

	jw_object(&w, NULL);
	jw_text(&w, "handler", e->handler->name);
	jw_int(&w, "status", status);
	jw_close(&w);
	TRY(jw_end(&w));
	TRY(db_begin(cx));
	TRY(job_fence(cx));
	TRY(handler_done(cx, e->handler->name, job->id));
	return job_commit_result(cx, buf_text(&text));
}

/* Noted, then passed on; what was noted of it is said again behind the note of
 * how the handler fares. */
static enum rc
failed(struct cx *cx, const struct job *job, const struct handler_event *e,
    const struct http_res *res, const char *words)
{
	const bool gone = res && res->status == GONE;
	const struct handler_failure failure = { e->handler->name, job->id,
		words, gone ? "its address answered 410 Gone" : NULL,
		FAILING_DAYS };
	bool off;

	rc_forget(cx);
	TRY(handler_fail(cx, &failure, &off));
	if (off)
		log_warn(cx, "forward.off", L_TEXT("handler", failure.name),
		    L_TEXT("why", words));
	if (off || job->attempt >= e->handler->attempts)
		return rc_fail(cx, RC_UNPROCESSABLE, "%s%s", words,
		    off ? "; switched off" : "");
	cx->retry_after_ms = res ? res->retry_after_ms : 0;
	return rc_fail(cx, RC_REMOTE, "%s", words);
}

/* Only where it is: never the address, which may hold a token. */
static const char *
words_of(struct cx *cx, const struct http_res *res)
{
	if (!res)
		return text_dup(cx->mem, cx->fault.sentence);
	return text_fmt(cx->mem, "its address answered %ld%s", res->status,
	    res->status >= 300 && res->status < 400
		? ", and redirects are not followed"
		: "");
}

enum rc
forward_run(struct cx *cx, const struct job *job)
{
	struct handler_event e;
	struct http_res res;
	enum rc rc;

	TRY(handler_event_load(cx, job, &e));
	TRY(handler_check_on(cx, e.handler->name));
	rc = send(cx, &e, &res);
	if (rc == RC_OK)
		log_info(cx, "forward.sent", L_TEXT("handler", e.handler->name),
		    L_INT("status", res.status));
	if (rc == RC_OK && res.status >= 200 && res.status < 300)
		return arrived(cx, job, &e, res.status);
	if (rc != RC_OK && rc != RC_REMOTE)
		return rc;
	return failed(cx, job, &e, rc == RC_OK ? &res : NULL,
	    words_of(cx, rc == RC_OK ? &res : NULL));
}
