/*
 * Runs a handler's program. Safe to run twice as far as the program is: what it
 * is told has the same id each time. Its result, how it fared and this job's
 * end commit together, so they are there once.
 */
#include <string.h>
#include <sysexits.h>

#include "app/handler_event.h"
#include "app/sealing.h"
#include "base/code.h"
#include "base/log.h"
#include "io/program.h"
#include "jobd.h"
#include "store/handler.h"
#include "table.h"

/* On a cancel it must be over within a second, and jobd leaves within ten. */
enum { RESULT_BYTES = 64 * 1024, CANCEL_MS = 400, LEAVE_MS = 5000 };
/* A control character of the output is six in JSON. */
enum { RESULT_JSON_BYTES = 512, OUTPUT_JSON_BYTES = 6 * RESULT_BYTES + 64 };

/* jobd alone says stop; when it is gone there is nothing to wait for. */
static int64_t
grace_ms(void)
{
	switch (child_told()) {
	case WHY_CANCEL:
		return CANCEL_MS;
	case WHY_LEAVE:
	case WHY_SOFT:
		return LEAVE_MS;
	case WHY_NONE:
		break;
	}
	return 0;
}

static void
note_words(struct cx *cx, const char *text)
{
	job_note(cx, "%s", text);
}

static enum rc
run(struct cx *cx, const struct handler_event *e, struct program_end *end)
{
	const struct program_ask program = {
		.path = e->handler->target,
		.env = e->env,
		.input = e->json,
		.max_bytes = RESULT_BYTES,
		.soft_ms = e->handler->soft_s * INT64_C(1000),
		.hard_ms = e->handler->hard_s * INT64_C(1000),
		.grace_ms = grace_ms,
		.words = note_words,
	};

	return program_run(cx, &program, end);
}

/* ---- it went well */

static bool
is_text(struct slice s)
{
	return text_utf8(s) && !memchr(s.p, '\0', s.n);
}

/* What is sealed is JSON in every table: the data package shows it so. */
static enum rc
write_output(struct cx *cx, struct slice output, struct slice *out)
{
	struct buf text = buf_new(cx->mem, OUTPUT_JSON_BYTES);
	struct jw w = jw_new(&text);

	jw_object(&w, NULL);
	if (is_text(output))
		jw_textn(&w, "text", output);
	else
		jw_text(&w, "base64", base64_of(cx->mem, output.p, output.n));
	jw_close(&w);
	*out = buf_slice(&text);
	return jw_end(&w);
}

/* One whose subject was forgotten meanwhile is not kept. */
static enum rc
keep_output(struct cx *cx, const struct job *job, const struct handler_event *e,
    const struct program_end *end)
{
	const struct blob_place place =
	    handler_result_place(cx, job->shop_id, job->id);
	struct handler_result result = {
		.job_id = job->id,
		.handler = e->handler->name,
		.bytes = end->output_bytes,
		.cut = end->output_bytes > (int64_t)end->output.n,
		.subject = e->subject,
	};
	struct slice plain;
	enum rc rc = RC_ABSENT;

	TRY(write_output(cx, end->output, &plain));
	if (end->output.n > 0)
		rc = sealing_seal(cx, e->subject, &place, job->shop_id, plain,
		    &result.sealed);
	if (rc != RC_ABSENT)
		TRY(rc);
	TRY(db_begin(cx));
	TRY(job_fence(cx));
	return rc == RC_OK ? handler_result_put(cx, job->shop_id, &result)
			   : RC_OK;
}

static enum rc
done(struct cx *cx, const struct job *job, const struct handler_event *e,
    const struct program_end *end)
{
	struct buf text = buf_new(cx->mem, RESULT_JSON_BYTES);
	struct jw w = jw_new(&text);

	jw_object(&w, NULL);
	jw_text(&w, "handler", e->handler->name);
	jw_int(&w, "bytes", end->output_bytes);
	jw_bool(&w, "cut", end->output_bytes > (int64_t)end->output.n);
	jw_close(&w);
	TRY(jw_end(&w));
	TRY(keep_output(cx, job, e, end));
	TRY(handler_done(cx, e->handler->name, job->id));
	return job_commit_result(cx, buf_text(&text));
}

/* ---- it did not */

struct verdict {
	enum rc rc; /* RC_REMOTE: try again; RC_UNPROCESSABLE: do not */
	const char *words;
};

static struct verdict
verdict_of(struct cx *cx, const struct program_end *end)
{
	struct arena *mem = cx->mem;

	switch (end->how) {
	case PROGRAM_EXITED:
		if (end->status == EX_TEMPFAIL)
			return (struct verdict){ RC_REMOTE,
				"its program asks to be tried again (75)" };
		return (struct verdict){ RC_UNPROCESSABLE,
			text_fmt(mem, "its program failed with status %d",
			    end->status) };
	case PROGRAM_SIGNALLED:
		return (struct verdict){ RC_REMOTE,
			text_fmt(mem, "its program was ended by signal %d",
			    end->status) };
	case PROGRAM_LATE:
		return (struct verdict){ RC_REMOTE,
			text_fmt(mem,
			    "its program was stopped at its limit of %d s",
			    end->status) };
	case PROGRAM_UNSTARTED:
		break;
	}
	return (struct verdict){ RC_REMOTE,
		text_fmt(mem, "its program cannot be started: %s",
		    strerror(end->status)) };
}

static enum rc
failed(struct cx *cx, const struct job *job, const struct handler_event *e,
    const struct program_end *end)
{
	struct verdict v = verdict_of(cx, end);
	const struct handler_failure failure = { e->handler->name, job->id,
		v.words, NULL, 0 };
	bool off;

	TRY(handler_fail(cx, &failure, &off));
	/* The file may say fewer than the job was put with. */
	if (job->attempt >= e->handler->attempts)
		v.rc = RC_UNPROCESSABLE;
	return rc_fail(cx, v.rc, "%s", v.words);
}

enum rc
exec_run(struct cx *cx, const struct job *job)
{
	struct handler_event e;
	struct program_end end;

	TRY(handler_event_load(cx, job, &e));
	TRY(run(cx, &e, &end));
	log_info(cx, "exec.end", L_TEXT("handler", e.handler->name),
	    L_INT("how", end.how), L_INT("status", end.status),
	    L_INT("bytes", end.output_bytes));
	if (end.stopped && child_told() == WHY_CANCEL)
		return rc_fail(cx, RC_STOPPED, "its program was ended");
	/* One that was asked to leave and had done its work, has done it. */
	if (end.stopped && (end.how != PROGRAM_EXITED || end.status != 0))
		return RC_STOPPED;
	if (end.how == PROGRAM_EXITED && end.status == EX_OK)
		return done(cx, job, &e, &end);
	return failed(cx, job, &e, &end);
}
