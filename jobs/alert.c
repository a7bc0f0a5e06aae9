/*
 * Tells the operator's ALERT_URL what stands or is over. Safe to run twice: the
 * message has a number and the job's own id, by which one that came twice is
 * known.
 */
#include "base/conf.h"
#include "base/log.h"
#include "io/count.h"
#include "io/http.h"
#include "table.h"

enum { REPLY_BYTES = 64 << 10, BODY_BYTES = 4000, TIMEOUT_MS = 20000 };

static const char *
sentence(
    struct cx *cx, const struct job *job, const char *alert, const char *state)
{
	const long long n = jint_or(job->args, "dead", 0);
	const long long oldest_s = jint_or(job->args, "oldest_s", 0);
	const char *queue = jtext_or(job->args, "queue", NULL);

	if (text_same(alert, "dead"))
		return text_same(state, "firing")
			   ? text_fmt(cx->mem, "%lld job%s died", n,
				 n == 1 ? "" : "s")
			   : "no more jobs have died";
	if (text_same(state, "firing"))
		return text_fmt(cx->mem,
		    "a job in queue %s has waited for %lld s",
		    queue ? queue : "?", oldest_s);
	return "no job waits for long any more";
}

static enum rc
body(struct cx *cx, const struct job *job, const char *alert, const char *state,
    struct slice *out)
{
	struct buf text = buf_new(cx->mem, BODY_BYTES);
	struct jw w = jw_new(&text);
	struct jmember *members;
	const size_t n = jmembers(cx->mem, job->args, &members);
	size_t i;

	jw_object(&w, NULL);
	jw_text(&w, "text", sentence(cx, job, alert, state));
	for (i = 0; i < n; i++)
		jw_json(&w, members[i].name, members[i].value);
	jw_text(&w, "from", conf_text(C_APP_URL));
	jw_close(&w);
	TRY(jw_end(&w));
	*out = buf_slice(&text);
	return RC_OK;
}

static enum rc
post(struct cx *cx, const struct job *job, struct slice text,
    struct http_res *res)
{
	const struct http_header headers[] = {
		{ "Content-Type", "application/json" },
		{ "Idempotency-Key",
		    text_fmt(cx->mem, "alert-%lld", (long long)job->id) },
		{ NULL, NULL },
	};
	const struct http_req req = {
		.method = "POST",
		.url = conf_text(C_ALERT_URL),
		.headers = headers,
		.body = text,
		.max_bytes = REPLY_BYTES,
		.timeout_ms = TIMEOUT_MS,
	};

	return http_do(cx, &req, res);
}

/* What they say: done, later, or never by this message. */
static enum rc
answered(struct cx *cx, const struct http_res *res)
{
	if (res->status >= 200 && res->status < 300)
		return RC_OK;
	cx->retry_after_ms = res->retry_after_ms;
	return rc_fail(cx, RC_REMOTE, "ALERT_URL answered %ld", res->status);
}

enum rc
alert_run(struct cx *cx, const struct job *job)
{
	const char *alert, *state;
	struct http_res res;
	struct slice text;

	if (*conf_text(C_ALERT_URL) == '\0')
		return RC_OK; /* nobody wants to know any more */
	if (!text_starts(conf_text(C_ALERT_URL), "https://"))
		return rc_fail(
		    cx, RC_INPUT, "ALERT_URL is no https:// address");
	TRY(jget_text(cx, job->args, "alert", &alert));
	TRY(jget_text(cx, job->args, "state", &state));
	TRY(body(cx, job, alert, state, &text));
	TRY(post(cx, job, text, &res));
	TRY(answered(cx, &res));
	count_add(M_alerts_total,
	    text_fmt(cx->mem, "name=\"%s\",state=\"%s\"", alert, state), 1);
	return RC_OK;
}
