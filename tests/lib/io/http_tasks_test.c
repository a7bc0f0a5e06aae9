/*
 * Many calls at once over one multi handle. The wait here parks a task, as an
 * io child's does; it stands in for io/wait's own.
 */
#include <atf-c.h>
#include <poll.h>
#include <stdlib.h>
#include <time.h>
#include <ucontext.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "io/http.h"
#include "io/wait.h"
#include "test.h"
#include "tls_server.h"

enum { TASKS = 20, STACK_BYTES = 256 * 1024, FDS = 512, ANSWER_MS = 200 };

struct task {
	ucontext_t context;
	struct cx cx;
	struct wait_fd *fds; /* what it waits for; woken is how it ends */
	size_t n;
	int64_t until_ms;
	enum rc woken;
	bool runs, ended;
	enum rc rc; /* what its work came to */
	int answers;
};

static struct task tasks[TASKS];
static struct task *now;
static ucontext_t scheduler;

/* ---- io/wait, by parking */

enum rc
wait_any(struct cx *cx, struct wait_fd *fds, size_t n, int64_t until_ms)
{
	struct task *self = now;

	ATF_REQUIRE(cx == &self->cx);
	for (size_t i = 0; i < n; i++)
		fds[i].got = 0;
	self->fds = fds;
	self->n = n;
	self->until_ms = until_ms;
	self->runs = false;
	ATF_REQUIRE(swapcontext(&self->context, &scheduler) == 0);
	return self->woken;
}

enum rc
wait_until(struct cx *cx, int64_t until_ms)
{
	return wait_any(cx, NULL, 0, until_ms);
}

void
wait_forbid(const char *why)
{
	(void)why;
}

void
wait_assert_allowed(void)
{
}

static void
wake(struct task *t, enum rc rc)
{
	t->runs = true;
	t->woken = rc;
}

/* Gives a task what poll found, and wakes it when there is a reason. */
static void
look(struct task *t, const struct pollfd *polled)
{
	for (size_t i = 0; i < t->n; i++)
		if (polled[i].revents) {
			t->fds[i].got = t->fds[i].want;
			wake(t, RC_OK);
		}
	if (!t->runs && t->until_ms >= 0 && clock_ms() >= t->until_ms)
		wake(t, RC_BUSY);
	if (t->cx.should_stop && t->cx.should_stop())
		wake(t, RC_STOPPED);
}

static void
poll_all(void)
{
	static struct pollfd polled[FDS];
	size_t at[TASKS], n = 0;

	for (size_t i = 0; i < TASKS; i++) {
		at[i] = n;
		for (size_t k = 0; !tasks[i].ended && k < tasks[i].n; k++) {
			const struct wait_fd *w = &tasks[i].fds[k];

			ATF_REQUIRE(n < FDS);
			polled[n++] = (struct pollfd){ w->fd,
				(short)((w->want & WAIT_READ ? POLLIN : 0) |
					(w->want & WAIT_WRITE ? POLLOUT : 0)),
				0 };
		}
	}
	(void)poll(polled, n, 5);
	for (size_t i = 0; i < TASKS; i++)
		if (!tasks[i].ended)
			look(&tasks[i], polled + at[i]);
}

/* Runs who can run until all have ended. */
static void
run_all(void)
{
	size_t left = TASKS;

	while (left > 0) {
		for (size_t i = 0; i < TASKS; i++) {
			now = &tasks[i];
			if (now->ended || !now->runs)
				continue;
			ATF_REQUIRE(
			    swapcontext(&scheduler, &now->context) == 0);
			left -= now->ended;
		}
		poll_all();
	}
}

/* ---- the tasks' work */

static enum rc
call(struct cx *cx, const char *path, int *answers)
{
	struct http_req req = { .method = "GET", .max_bytes = 100 };
	struct http_res res;

	TRY(http_url(cx, "good.test", path, NULL, &req.url));
	TRY(http_do(cx, &req, &res));
	*answers += res.status == 200 && text_same(res.body.p, "ok");
	return RC_OK;
}

static void
call_three_times(void)
{
	struct task *self = now;

	for (int i = 0; i < 3 && self->rc == RC_OK; i++)
		self->rc = call(&self->cx, "/", &self->answers);
	self->ended = true;
	for (;;)
		(void)swapcontext(&self->context, &scheduler);
}

static void
prepare(struct task *t)
{
	static char stacks[TASKS][STACK_BYTES];

	t->cx = (struct cx){ .program = "test", .mem = arena_new() };
	t->runs = true;
	ATF_REQUIRE(getcontext(&t->context) == 0);
	t->context.uc_stack.ss_sp = stacks[t - tasks];
	t->context.uc_stack.ss_size = STACK_BYTES;
	makecontext(&t->context, call_three_times, 0);
}

static bool
slow_ok(struct tls_peer *p, const char *head, const char *body)
{
	const struct timespec span = { 0, ANSWER_MS * 1000000L };

	(void)nanosleep(&span, NULL);
	return tls_ok(p, head, body);
}

static struct tls_server server = { .cert = { .names = "DNS:good.test" },
	.answer = slow_ok };

static void
begin(void)
{
	log_open(LOG_ERR + 1, 2);
	cert_ca("ca.pem");
	tls_start(&server);
	conf_set(C_CA_FILE, "ca.pem");
	conf_set(C_CONNECT_TO,
	    text_fmt(test_arena(), "good.test:443:127.0.0.1:%d", server.port));
	OK(http_start(test_cx()));
	for (size_t i = 0; i < TASKS; i++)
		prepare(&tasks[i]);
}

static void
end(void)
{
	for (size_t i = 0; i < TASKS; i++)
		arena_free(tasks[i].cx.mem);
	http_stop();
	tls_stop(&server);
}

ATF_TC_WITHOUT_HEAD(calls_of_many_tasks_go_on_at_once);
ATF_TC_BODY(calls_of_many_tasks_go_on_at_once, tc)
{
	int64_t began;

	begin();
	began = clock_ms();
	run_all();
	for (size_t i = 0; i < TASKS; i++) {
		ATF_CHECK_MSG(
		    tasks[i].rc == RC_OK, "%s", tasks[i].cx.fault.sentence);
		ATF_CHECK_EQ(3, tasks[i].answers);
	}
	/* One after the other it would be 12 s. */
	ATF_CHECK_MSG(clock_ms() - began < TASKS * 3 * ANSWER_MS / 2, "%d ms",
	    (int)(clock_ms() - began));
	end();
}

static bool
at_once(void)
{
	return true;
}

/* The first to call drives the others; when it leaves, another must. */
ATF_TC_WITHOUT_HEAD(a_task_that_stops_stops_no_other);
ATF_TC_BODY(a_task_that_stops_stops_no_other, tc)
{
	begin();
	tasks[0].cx.should_stop = at_once;
	tasks[7].cx.should_stop = at_once;
	run_all();
	for (size_t i = 0; i < TASKS; i++) {
		const bool stopped = i == 0 || i == 7;

		ATF_CHECK_EQ(stopped ? RC_STOPPED : RC_OK, tasks[i].rc);
		ATF_CHECK_EQ(stopped ? 0 : 3, tasks[i].answers);
	}
	end();
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, calls_of_many_tasks_go_on_at_once);
	ATF_TP_ADD_TC(tp, a_task_that_stops_stops_no_other);
	return atf_no_error();
}
