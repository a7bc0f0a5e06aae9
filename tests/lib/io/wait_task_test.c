/* Waiting in tasks: what is ready, the time and a stop wake the right one. */
#include <atf-c.h>
#include <signal.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "io/task.h"
#include "io/wait.h"
#include "test.h"

enum { SOON_MS = 20, LONG_MS = 20 * 1000 };

/* A task that waits once, and what became of that. */
struct probe {
	struct task *task;
	struct cx cx;
	struct wait_fd fd;
	int other_end;
	int64_t until_ms;
	bool stop;
	bool ended;
	int order; /* in which they ended, from 1 */
	enum rc rc;
	void *gift;
};

static int endings;
static struct wait_line line;

static bool
told(void)
{
	const struct probe *p = task_arg(task_self());

	return p->stop;
}

static void
ends(struct probe *p, enum rc rc)
{
	p->rc = rc;
	p->ended = true;
	p->order = ++endings;
}

static void
reads(void *arg)
{
	struct probe *p = arg;

	ends(p, wait_any(&p->cx, &p->fd, 1, p->until_ms));
}

static void
sleeps(void *arg)
{
	struct probe *p = arg;

	ends(p, wait_until(&p->cx, p->until_ms));
}

static void
stands(void *arg)
{
	struct probe *p = arg;

	ends(p, wait_in_line(&p->cx, &line, p->until_ms, &p->gift));
}

static void
probe_new(struct probe *p, void (*run)(void *))
{
	int ends_of[2];

	ATF_REQUIRE(pipe(ends_of) == 0);
	p->cx = (struct cx){ .program = "test", .should_stop = told };
	p->fd = (struct wait_fd){ .fd = ends_of[0], .want = WAIT_READ };
	p->other_end = ends_of[1];
	if (p->until_ms == 0)
		p->until_ms = clock_ms() + LONG_MS;
	p->task = task_spawn(run, p);
	ATF_REQUIRE(p->task != NULL);
}

/* Lets tasks go on for a while. */
static void
go_on(int64_t ms)
{
	ATF_CHECK_EQ(RC_BUSY, wait_any(NULL, NULL, 0, clock_ms() + ms));
}

static void
go_on_until(const bool *ended)
{
	const int64_t end = clock_ms() + LONG_MS;

	while (!*ended && clock_ms() < end)
		go_on(1);
	ATF_REQUIRE(*ended);
}

/* So that no case leaves a task behind. */
static void
stop_all(struct probe *list, int n)
{
	for (int i = 0; i < n; i++) {
		list[i].stop = true;
		if (!list[i].ended)
			task_wake(list[i].task);
	}
	go_on(0);
	ATF_CHECK_EQ(0, tasks_count());
}

ATF_TC_WITHOUT_HEAD(what_is_ready_wakes_who_waits_for_it_alone);
ATF_TC_BODY(what_is_ready_wakes_who_waits_for_it_alone, tc)
{
	struct probe list[3] = { 0 };

	for (int i = 0; i < 3; i++)
		probe_new(&list[i], reads);
	go_on(0);
	ATF_REQUIRE(write(list[1].other_end, "x", 1) == 1);
	go_on_until(&list[1].ended);
	ATF_CHECK_EQ(RC_OK, list[1].rc);
	ATF_CHECK_EQ(WAIT_READ, list[1].fd.got);
	go_on(SOON_MS);
	ATF_CHECK(!list[0].ended && !list[2].ended);
	stop_all(list, 3);
	ATF_CHECK_EQ(RC_STOPPED, list[0].rc);
	ATF_CHECK_EQ(0, list[0].fd.got);
}

ATF_TC_WITHOUT_HEAD(each_wakes_when_its_own_time_has_come);
ATF_TC_BODY(each_wakes_when_its_own_time_has_come, tc)
{
	struct probe list[3] = { 0 };
	const int64_t began = clock_ms();

	list[0].until_ms = began + 3 * SOON_MS;
	list[1].until_ms = began + SOON_MS;
	list[2].until_ms = began + 2 * SOON_MS;
	probe_new(&list[0], sleeps);
	probe_new(&list[1], reads);
	probe_new(&list[2], sleeps);
	go_on_until(&list[0].ended);
	ATF_CHECK(clock_ms() >= began + 3 * SOON_MS);
	ATF_CHECK_EQ(1, list[1].order);
	ATF_CHECK_EQ(2, list[2].order);
	ATF_CHECK_EQ(3, list[0].order);
	ATF_CHECK_EQ(RC_OK, list[0].rc);
	ATF_CHECK_EQ(RC_BUSY, list[1].rc);
	stop_all(list, 3);
}

ATF_TC_WITHOUT_HEAD(a_stop_ends_the_wait_of_who_is_told_at_once);
ATF_TC_BODY(a_stop_ends_the_wait_of_who_is_told_at_once, tc)
{
	struct probe list[3] = { 0 };

	probe_new(&list[0], reads);
	probe_new(&list[1], sleeps);
	probe_new(&list[2], sleeps);
	go_on(0);
	list[1].stop = true;
	task_wake(list[0].task); /* without a reason, it waits on */
	task_wake(list[1].task);
	go_on(0);
	ATF_CHECK(list[1].ended);
	ATF_CHECK_EQ(RC_STOPPED, list[1].rc);
	go_on(SOON_MS);
	ATF_CHECK(!list[0].ended && !list[2].ended);
	stop_all(list, 3);
}

/* The database's answer is awaited whoever says stop. */
ATF_TC_WITHOUT_HEAD(a_stop_does_not_end_a_wait_for_our_database);
ATF_TC_BODY(a_stop_does_not_end_a_wait_for_our_database, tc)
{
	struct probe p = { 0 };

	probe_new(&p, reads);
	p.fd.want |= WAIT_OURS;
	go_on(0);
	p.stop = true;
	task_wake(p.task);
	go_on(SOON_MS);
	ATF_CHECK(!p.ended);
	ATF_REQUIRE(write(p.other_end, "x", 1) == 1);
	go_on_until(&p.ended);
	ATF_CHECK_EQ(RC_OK, p.rc);
}

/* ---- a look */

static void
looks(void *arg)
{
	struct probe *p = arg;
	const int before = endings;

	p->rc = wait_any(&p->cx, &p->fd, 1, 0);
	ATF_CHECK_EQ_MSG(before, endings, "another went on meanwhile");
	ends(p, p->rc);
}

static void
just_ends(void *arg)
{
	ends(arg, RC_OK);
}

ATF_TC_WITHOUT_HEAD(a_look_lets_nobody_else_go_on);
ATF_TC_BODY(a_look_lets_nobody_else_go_on, tc)
{
	struct probe list[3] = { 0 };

	probe_new(&list[0], looks);
	probe_new(&list[1], looks);
	probe_new(&list[2], just_ends);
	ATF_REQUIRE(write(list[1].other_end, "x", 1) == 1);
	go_on(0);
	ATF_CHECK_EQ(RC_BUSY, list[0].rc);
	ATF_CHECK_EQ(RC_OK, list[1].rc);
	ATF_CHECK_EQ(0, tasks_count());
}

/* ---- the loop beside them */

static void
never_rests(void *arg)
{
	struct probe *p = arg;

	while (!p->stop)
		(void)!wait_until(NULL, clock_ms());
	ends(p, RC_OK);
}

ATF_TC_WITHOUT_HEAD(tasks_that_never_rest_do_not_keep_the_loop_from_its_own);
ATF_TC_BODY(tasks_that_never_rest_do_not_keep_the_loop_from_its_own, tc)
{
	struct probe list[2] = { 0 };
	struct wait_fd own;
	int fds[2];

	ATF_REQUIRE(pipe(fds) == 0);
	probe_new(&list[0], never_rests);
	probe_new(&list[1], reads);
	own = (struct wait_fd){ .fd = fds[0], .want = WAIT_READ };
	ATF_REQUIRE(write(fds[1], "x", 1) == 1);
	OK(wait_any(NULL, &own, 1, clock_ms() + LONG_MS));
	ATF_CHECK_EQ(WAIT_READ, own.got);
	ATF_CHECK(!list[1].ended);
	ATF_REQUIRE(write(list[1].other_end, "x", 1) == 1);
	go_on_until(&list[1].ended);
	stop_all(list, 2);
}

/* ---- bans */

static void
forbids_itself(void *arg)
{
	struct probe *p = arg;

	wait_forbid("a transaction is open");
	p->fd.want |= WAIT_OURS;
	p->rc = wait_any(&p->cx, &p->fd, 1, p->until_ms);
	wait_forbid(NULL);
	ends(p, wait_until(&p->cx, clock_ms() + 1));
}

ATF_TC_WITHOUT_HEAD(a_ban_is_for_the_task_that_holds_it);
ATF_TC_BODY(a_ban_is_for_the_task_that_holds_it, tc)
{
	struct probe list[2] = { 0 };

	probe_new(&list[0], forbids_itself);
	list[1].until_ms = clock_ms() + 1;
	probe_new(&list[1], sleeps);
	go_on_until(&list[1].ended);
	ATF_CHECK(!list[0].ended);
	OK(wait_until(NULL, clock_ms() + 1)); /* nor is it the loop's */
	ATF_REQUIRE(write(list[0].other_end, "x", 1) == 1);
	go_on_until(&list[0].ended);
	ATF_CHECK_EQ(RC_OK, list[0].rc);
}

static void
breaks_its_ban(void *arg)
{
	struct probe *p = arg;

	wait_forbid("a transaction is open");
	ends(p, wait_until(&p->cx, clock_ms() + 1));
}

ATF_TC_WITHOUT_HEAD(who_breaks_its_ban_ends_the_process);
ATF_TC_BODY(who_breaks_its_ban_ends_the_process, tc)
{
	struct probe p = { 0 };

	log_open(LOG_ERR + 1, STDERR_FILENO);
	probe_new(&p, breaks_its_ban);
	atf_tc_expect_signal(SIGABRT, "slept in a transaction");
	go_on(0);
}

/* ---- lines */

ATF_TC_WITHOUT_HEAD(who_stands_in_line_is_called_in_turn);
ATF_TC_BODY(who_stands_in_line_is_called_in_turn, tc)
{
	struct probe list[5] = { 0 };
	static char gifts[2];

	ATF_CHECK(!wait_call(&line, NULL));
	list[1].until_ms = clock_ms() + 1;
	for (int i = 0; i < 5; i++)
		probe_new(&list[i], stands);
	go_on_until(&list[1].ended);
	ATF_CHECK_EQ(RC_BUSY, list[1].rc);
	list[4].stop = true; /* the last */
	task_wake(list[4].task);
	go_on(0);
	ATF_CHECK_EQ(RC_STOPPED, list[4].rc);
	ATF_CHECK(wait_call(&line, &gifts[0]));
	ATF_CHECK(wait_call(&line, &gifts[1]));
	list[2].stop = true; /* what was given is his */
	go_on(0);
	ATF_CHECK(list[0].ended && list[2].ended && !list[3].ended);
	ATF_CHECK(list[0].rc == RC_OK && list[0].gift == &gifts[0]);
	ATF_CHECK(list[2].rc == RC_OK && list[2].gift == &gifts[1]);
	ATF_CHECK(wait_call(&line, NULL));
	ATF_CHECK(!wait_call(&line, NULL));
	go_on(0);
	ATF_CHECK_EQ(RC_OK, list[3].rc);
	ATF_CHECK_EQ(0, tasks_count());
}

ATF_TC_WITHOUT_HEAD(outside_of_tasks_a_line_is_only_time);
ATF_TC_BODY(outside_of_tasks_a_line_is_only_time, tc)
{
	const int64_t began = clock_ms();
	void *gift;

	ATF_CHECK_EQ(
	    RC_BUSY, wait_in_line(test_cx(), &line, began + SOON_MS, &gift));
	ATF_CHECK(clock_ms() >= began + SOON_MS);
	ATF_CHECK(gift == NULL);
}

/* ---- what many wait for by one descriptor */

static struct wait_watch watch;
static int calls;

static void
answers(void)
{
	char byte;

	ATF_CHECK(task_self() == NULL);
	calls++;
	if (watch.at_ms >= 0) {
		watch.at_ms = -1;
		return;
	}
	ATF_CHECK_EQ(1, read(watch.fd, &byte, 1));
	ATF_CHECK(wait_call(&line, NULL));
}

ATF_TC_WITHOUT_HEAD(a_watch_is_called_when_it_can_be_read_and_at_its_time);
ATF_TC_BODY(a_watch_is_called_when_it_can_be_read_and_at_its_time, tc)
{
	struct probe list[2] = { 0 };
	int fds[2];

	ATF_REQUIRE(pipe(fds) == 0);
	watch = (struct wait_watch){ fds[0], -1, answers };
	wait_watch(&watch);
	probe_new(&list[0], stands);
	probe_new(&list[1], stands);
	go_on(SOON_MS);
	ATF_CHECK_EQ(0, calls);
	ATF_REQUIRE(write(fds[1], "x", 1) == 1);
	go_on_until(&list[0].ended);
	ATF_CHECK_EQ(1, calls);
	ATF_CHECK(!list[1].ended);
	watch.at_ms = clock_ms() + 1;
	go_on(SOON_MS);
	ATF_CHECK_EQ(2, calls);
	wait_watch(NULL);
	ATF_REQUIRE(write(fds[1], "x", 1) == 1);
	go_on(SOON_MS);
	ATF_CHECK_EQ(2, calls);
	stop_all(list, 2);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_is_ready_wakes_who_waits_for_it_alone);
	ATF_TP_ADD_TC(tp, each_wakes_when_its_own_time_has_come);
	ATF_TP_ADD_TC(tp, a_stop_ends_the_wait_of_who_is_told_at_once);
	ATF_TP_ADD_TC(tp, a_stop_does_not_end_a_wait_for_our_database);
	ATF_TP_ADD_TC(tp, a_look_lets_nobody_else_go_on);
	ATF_TP_ADD_TC(
	    tp, tasks_that_never_rest_do_not_keep_the_loop_from_its_own);
	ATF_TP_ADD_TC(tp, a_ban_is_for_the_task_that_holds_it);
	ATF_TP_ADD_TC(tp, who_breaks_its_ban_ends_the_process);
	ATF_TP_ADD_TC(tp, who_stands_in_line_is_called_in_turn);
	ATF_TP_ADD_TC(tp, outside_of_tasks_a_line_is_only_time);
	ATF_TP_ADD_TC(
	    tp, a_watch_is_called_when_it_can_be_read_and_at_its_time);
	return atf_no_error();
}
