/* An ingest program: its start, its loop, its end. */
#include "web/ingest.h"

#include <malloc.h>
#include <signal.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/log.h"
#include "io/count.h"
#include "io/crypt.h"
#include "io/proc.h"
#include "web/call.h"
#include "web/cgi.h"
#include "web/ingest_in.h"
#include "web/listen.h"
#include "web/options.h"

/* Bodies of this size come from the kernel and go back to it. */
enum { LARGE_BYTES = 256 << 10 };

struct server {
	struct cx *cx;
	const struct ingest *program;
};

/* Before there is a second thread, and before rights are given up. */
static enum rc
start(struct cx *cx, const struct ingest *program)
{
	(void)mallopt(M_ARENA_MAX, 2);
	(void)mallopt(M_MMAP_THRESHOLD, LARGE_BYTES);
	count_start(cx);
	TRY(crypt_start(cx));
	if (program->start != NULL)
		TRY(program->start(cx));
	return proc_harden(cx);
}

static void
stop(struct cx *cx, const struct ingest *program)
{
	arena_empty(cx->mem); /* and with it what is tied to that */
	if (program->stop != NULL)
		program->stop(cx);
}

/* The loop alone hears signals, and only while it waits. */
static enum rc
run(struct server *s, struct cx *own)
{
	sigset_t stops, open;
	struct pool *pool;
	enum rc rc;

	(void)sigemptyset(&stops);
	(void)sigaddset(&stops, SIGTERM);
	(void)sigaddset(&stops, SIGINT);
	(void)sigaddset(&stops, SIGHUP);
	(void)sigprocmask(SIG_BLOCK, &stops, &open);
	TRY(pool_start(s->cx, s->program, &pool));
	proc_notify("READY=1");
	rc = loop_run(own, s->program, pool, &open, STDIN_FILENO);
	pool_end(pool);
	share_end();
	return rc;
}

static int
work(void *arg)
{
	struct server *s = arg;
	struct cx own = { .mem = arena_new(), .program = s->program->name };
	enum rc rc;

	proc_signals();
	rc = start(s->cx, s->program);
	if (rc != RC_OK) {
		log_fault(s->cx, "ingest.start");
		return EX_CONFIG;
	}
	rc = run(s, &own);
	if (rc != RC_OK)
		log_fault(&own, "ingest.run");
	arena_free(own.mem);
	stop(s->cx, s->program);
	return rc == RC_OK ? EX_OK : EX_OSERR;
}

static int
serve_fcgi(struct server *s)
{
	return proc_prefork(
	    s->cx, (int)conf_int(C_WORKERS), INGEST_STOP_MS, work, s);
}

static int
serve_cgi(struct cx *cx, const struct ingest *program)
{
	const enum rc rc = start(cx, program);
	struct cgi c = cgi_source();
	int status = EX_CONFIG;

	if (rc == RC_OK)
		status = ingest_cgi(cx, program);
	else
		call_refuse(cx, &c.source);
	stop(cx, program);
	return status;
}

int
ingest_serve(int argc, char **argv, const struct ingest *program)
{
	struct cx cx = { .mem = arena_new(), .program = program->name };
	struct server s = { &cx, program };
	int status;

	if (options_begin(&cx, argc, argv, program->routes, &status))
		status = listen_is(STDIN_FILENO) ? serve_fcgi(&s)
						 : serve_cgi(&cx, program);
	arena_free(cx.mem);
	return status;
}
