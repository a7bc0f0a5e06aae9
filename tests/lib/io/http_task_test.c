/* Many calls at once over one multi handle, each by a task. */
#include <atf-c.h>
#include <time.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "io/http.h"
#include "io/task.h"
#include "io/wait.h"
#include "test.h"
#include "tls_server.h"

enum { TASKS = 20, CALLS = 3, ANSWER_MS = 200, LONG_MS = 20 * 1000 };

struct caller {
	struct task *task;
	struct cx cx;
	bool stop;
	bool ended;
	enum rc rc; /* what its work came to */
	int answers;
};

static struct caller callers[TASKS];

static bool
told(void)
{
	const struct caller *c = task_arg(task_self());

	return c->stop;
}

static enum rc
call(struct cx *cx, int *answers)
{
	struct http_req req = { .method = "GET", .max_bytes = 100 };
	struct http_res res;

	TRY(http_url(cx, "good.test", "/", NULL, &req.url));
	TRY(http_do(cx, &req, &res));
	*answers += res.status == 200 && text_same(res.body.p, "ok");
	return RC_OK;
}

static void
calls(void *arg)
{
	struct caller *c = arg;

	for (int i = 0; i < CALLS && c->rc == RC_OK; i++) {
		c->rc = call(&c->cx, &c->answers);
		arena_empty(c->cx.mem);
	}
	c->ended = true;
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
caller_new(struct caller *c)
{
	c->cx = (struct cx){
		.program = "test",
		.mem = arena_new(),
		.should_stop = told,
	};
	c->task = task_spawn(calls, c);
	ATF_REQUIRE(c->task != NULL);
}

static void
begin(int connections)
{
	log_open(LOG_ERR + 1, 2);
	cert_ca("ca.pem");
	tls_start(&server);
	conf_set(C_CA_FILE, "ca.pem");
	conf_set(C_CONNECT_TO,
	    text_fmt(test_arena(), "good.test:443:127.0.0.1:%d", server.port));
	OK(http_start(test_cx()));
	http_widen(connections);
	for (int i = 0; i < TASKS; i++)
		caller_new(&callers[i]);
}

static void
go_on(int64_t ms)
{
	ATF_CHECK_EQ(RC_BUSY, wait_any(NULL, NULL, 0, clock_ms() + ms));
}

static void
go_on_until_all_have_ended(void)
{
	const int64_t end = clock_ms() + LONG_MS;

	while (tasks_count() > 0 && clock_ms() < end)
		go_on(1);
	ATF_REQUIRE_EQ(0, tasks_count());
}

static void
check_well(const struct caller *c)
{
	ATF_CHECK_MSG(c->rc == RC_OK, "%s", c->cx.fault.sentence);
	ATF_CHECK_EQ(CALLS, c->answers);
}

/* Ends it all; how many connections there were. */
static int
end(void)
{
	struct tls_report report;
	int n = 0;

	for (int i = 0; i < TASKS; i++)
		arena_free(callers[i].cx.mem);
	http_stop();
	while (tls_next(&server, 2 * ANSWER_MS, &report))
		n += report.shook_hands;
	tls_stop(&server);
	return n;
}

ATF_TC_WITHOUT_HEAD(calls_of_many_tasks_go_on_at_once);
ATF_TC_BODY(calls_of_many_tasks_go_on_at_once, tc)
{
	int64_t began, took;

	begin(TASKS);
	began = clock_ms();
	go_on_until_all_have_ended();
	took = clock_ms() - began;
	for (int i = 0; i < TASKS; i++)
		check_well(&callers[i]);
	/* One after the other it would be 12 s. */
	ATF_CHECK_MSG(took < TASKS * CALLS * ANSWER_MS / 2, "%d ms", (int)took);
	ATF_CHECK_EQ(TASKS, end());
}

ATF_TC_WITHOUT_HEAD(no_more_connections_are_open_than_may_be);
ATF_TC_BODY(no_more_connections_are_open_than_may_be, tc)
{
	begin(TASKS / 2);
	go_on_until_all_have_ended();
	for (int i = 0; i < TASKS; i++)
		check_well(&callers[i]);
	ATF_CHECK_EQ(TASKS / 2, end());
}

ATF_TC_WITHOUT_HEAD(one_that_is_stopped_drops_its_call_and_no_others);
ATF_TC_BODY(one_that_is_stopped_drops_its_call_and_no_others, tc)
{
	static const int stopped[] = { 0, 7 };

	begin(TASKS);
	go_on(ANSWER_MS / 2);
	for (int i = 0; i < 2; i++) {
		callers[stopped[i]].stop = true;
		task_wake(callers[stopped[i]].task);
	}
	go_on(0);
	for (int i = 0; i < 2; i++) {
		ATF_CHECK(callers[stopped[i]].ended);
		ATF_CHECK_EQ(RC_STOPPED, callers[stopped[i]].rc);
		ATF_CHECK(callers[stopped[i]].answers < CALLS);
	}
	go_on_until_all_have_ended();
	for (int i = 0; i < TASKS; i++)
		if (i != 0 && i != 7)
			check_well(&callers[i]);
	(void)end();
}

ATF_TC_WITHOUT_HEAD(a_call_beside_the_tasks_goes_on_with_theirs);
ATF_TC_BODY(a_call_beside_the_tasks_goes_on_with_theirs, tc)
{
	int answers = 0;

	begin(TASKS + 1);
	go_on(0);
	OK(call(test_cx(), &answers));
	ATF_CHECK_EQ(1, answers);
	go_on_until_all_have_ended();
	for (int i = 0; i < TASKS; i++)
		check_well(&callers[i]);
	arena_empty(test_arena());
	(void)end();
}

ATF_TC_WITHOUT_HEAD(at_rest_no_connection_is_open_and_the_next_call_makes_one);
ATF_TC_BODY(at_rest_no_connection_is_open_and_the_next_call_makes_one, tc)
{
	struct tls_report report;
	int answers = 0, n = 0;

	begin(TASKS);
	go_on_until_all_have_ended();
	http_rest();
	while (n < TASKS && tls_next(&server, LONG_MS, &report))
		n++;
	ATF_CHECK_EQ(TASKS, n);
	OK(call(test_cx(), &answers));
	ATF_CHECK_EQ(1, answers);
	arena_empty(test_arena());
	ATF_CHECK_EQ(1, end());
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, calls_of_many_tasks_go_on_at_once);
	ATF_TP_ADD_TC(tp, no_more_connections_are_open_than_may_be);
	ATF_TP_ADD_TC(tp, one_that_is_stopped_drops_its_call_and_no_others);
	ATF_TP_ADD_TC(tp, a_call_beside_the_tasks_goes_on_with_theirs);
	ATF_TP_ADD_TC(
	    tp, at_rest_no_connection_is_open_and_the_next_call_makes_one);
	return atf_no_error();
}
