/* Programs. The only file that sees libfcgi (dependencies.md 1). */
#include "web/serve.h"

#include <errno.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "io/count.h"
#include "io/proc.h"
#include "web/call.h"
#include "web/cgi.h"
#include "web/listen.h"
#include "web/options.h"

enum { WRITE_MS = 10000, STOP_GRACE_MS = 10000, CLOSE_MS = 1000 };

struct fcgi {
	struct source source; /* first: the adapter's face */
	FCGX_Request request;
	int64_t until_ms; /* the request must be in by then */
};

struct server {
	struct cx *cx;
	const struct program *program;
	struct listener listener;
};

/*
 * libfcgi keeps a table of 16 entries, two a descriptor, and looks into it
 * without a bound when it closes one. So its connection always lies on this
 * low number, which nobody else may get while it is idle.
 */
static int connection = -1, nothing = -1;

static bool
connection_reserve(void)
{
	connection = open("/dev/null", O_RDONLY | O_CLOEXEC);
	nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
	return nothing >= 0 && connection >= 0 && connection < 8;
}

static void
connection_release(void)
{
	(void)dup3(nothing, connection, O_CLOEXEC);
}

static void
connection_use(int fd)
{
	const struct timeval patience = { .tv_sec = WRITE_MS / 1000 };

	(void)setsockopt(
	    fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	(void)dup3(fd, connection, O_CLOEXEC);
	(void)close(fd);
}

/* Ends every read of the connection, now and later: no race with a read that
 * has not begun. Writes still go out. */
static void
too_late(int signal_number)
{
	const int kept = errno;

	(void)signal_number;
	(void)shutdown(connection, SHUT_RD);
	errno = kept;
}

static void
alarm_in(int64_t ms)
{
	const struct itimerval when = { .it_value = { .tv_sec = ms / 1000,
					    .tv_usec = ms % 1000 * 1000 } };

	(void)setitimer(ITIMER_REAL, &when, NULL);
}

static void
alarm_open(void)
{
	struct sigaction act = { .sa_handler = too_late,
		.sa_flags = SA_RESTART };

	(void)sigemptyset(&act.sa_mask);
	(void)sigaction(SIGALRM, &act, NULL);
}

static int64_t
left_ms(const struct fcgi *f)
{
	const int64_t left = f->until_ms - clock_ms();

	return left > 1 ? left : 1; /* 0 would disarm the timer */
}

static ssize_t
fcgi_read(struct source *src, char *p, size_t n)
{
	struct fcgi *f = (struct fcgi *)src;
	int got;

	alarm_in(left_ms(f));
	got = FCGX_GetStr(p, (int)n, f->request.in);
	alarm_in(0);
	if (got == 0 && FCGX_GetError(f->request.in) != 0)
		return clock_ms() >= f->until_ms ? READ_LATE : READ_BROKEN;
	return got;
}

static bool
fcgi_write(struct source *src, struct slice bytes)
{
	struct fcgi *f = (struct fcgi *)src;

	return bytes.n == 0 || FCGX_PutStr(bytes.p, (int)bytes.n,
				   f->request.out) == (int)bytes.n;
}

/*
 * Lends libfcgi a connection we have accepted; it has no socket of its own to
 * accept from (-1), so it comes back after one that holds no request.
 */
static bool
fcgi_begin(struct fcgi *f, int64_t until_ms)
{
	int rc;

	*f = (struct fcgi){
		.source = { .read = fcgi_read, .write = fcgi_write },
		.until_ms = until_ms,
	};
	(void)FCGX_InitRequest(&f->request, -1, FCGI_FAIL_ACCEPT_ON_INTR);
	f->request.ipcFd = connection;
	f->request.keepConnection = 1;

	alarm_in(SOURCE_READ_MS); /* the head is there; so this never rings */
	rc = FCGX_Accept_r(&f->request);
	alarm_in(0);
	f->source.params = f->request.envp;
	return rc == 0;
}

/* A connection carries one request: a kept one would hold this worker. libfcgi
 * reads what is still sent before it closes; who is late has had that time. */
static void
fcgi_end(struct fcgi *f)
{
	int64_t left;

	(void)FCGX_FClose(f->request.err);
	(void)FCGX_FClose(f->request.out);
	f->request.keepConnection = 0;
	left = left_ms(f);
	alarm_in(left < CLOSE_MS ? left : CLOSE_MS);
	FCGX_Finish_r(&f->request);
	alarm_in(0);
}

static void
one_request(struct server *s, struct arrival a)
{
	struct fcgi f;

	connection_use(a.fd);
	if (fcgi_begin(&f, a.until_ms)) {
		call_answer(s->cx, s->program, &f.source);
		fcgi_end(&f);
	} else {
		count_add(M_http_refused_total, "reason=\"not_fastcgi\"", 1);
	}
	connection_release();
}

/* Opens what the program needs, then gives up what it needs no more. */
static enum rc
start(struct cx *cx, const struct program *program)
{
	count_start(cx);
	if (program->doors != NULL && program->doors->start != NULL)
		TRY(program->doors->start(cx));
	return proc_harden(cx);
}

static void
stop(struct cx *cx, const struct program *program)
{
	arena_empty(cx->mem); /* and with it what is tied to that */
	if (program->doors != NULL && program->doors->stop != NULL)
		program->doors->stop(cx);
}

/* Only where a parent keeps the socket while the worker is replaced: else what
 * has come meanwhile would be lost. */
static int64_t
requests_most(void)
{
	const int64_t most = conf_int(C_MAX_REQUESTS);

	return conf_int(C_WORKERS) == 1 || most == 0 ? INT64_MAX : most;
}

static void
answer_all(struct server *s)
{
	const int64_t most = requests_most();
	struct arrival a;

	for (int64_t n = 0; n < most; n++) {
		if (!listen_next(s->cx, &s->listener, &a))
			break;
		one_request(s, a);
	}
	while (listen_rest(s->cx, &s->listener, &a))
		one_request(s, a);
}

static int
work(void *arg)
{
	struct server *s = arg;

	if (FCGX_Init() != 0 || !connection_reserve())
		return EX_OSERR;
	proc_signals(); /* over the ones that libfcgi has just set */
	alarm_open();
	if (start(s->cx, s->program) != RC_OK ||
	    listen_open(s->cx, &s->listener, STDIN_FILENO) != RC_OK) {
		log_fault(s->cx, "serve.start");
		return EX_CONFIG;
	}
	proc_notify("READY=1");
	answer_all(s);
	stop(s->cx, s->program);
	return EX_OK;
}

static int
serve_fcgi(struct cx *cx, const struct program *program)
{
	struct server s = { .cx = cx, .program = program };

	return proc_prefork(
	    cx, (int)conf_int(C_WORKERS), STOP_GRACE_MS, work, &s);
}

static int
serve_cgi(struct cx *cx, const struct program *program)
{
	struct cgi c = cgi_source();
	const enum rc rc = start(cx, program);

	if (rc == RC_OK)
		call_answer(cx, program, &c.source);
	else
		call_refuse(cx, &c.source);
	stop(cx, program);
	return rc == RC_OK ? EX_OK : EX_CONFIG;
}

int
serve(int argc, char **argv, const struct program *program)
{
	struct cx cx = { .mem = arena_new(), .program = program->name };
	int status;

	if (!options_begin(&cx, argc, argv, program->routes, &status)) {
		arena_free(cx.mem);
		return status;
	}
	status = listen_is(STDIN_FILENO) ? serve_fcgi(&cx, program)
					 : serve_cgi(&cx, program);
	arena_free(cx.mem);
	return status;
}
