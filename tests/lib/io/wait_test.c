/* Waiting: what is ready, when it is time, who may stop it, what is banned. */
#include <atf-c.h>
#include <pthread.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "io/wait.h"
#include "test.h"

static bool stop_asked;

static bool
should_stop(void)
{
	return stop_asked;
}

/* A pipe: read from [0], write to [1]. */
static void
pipe_new(int fds[2])
{
	ATF_REQUIRE_EQ(0, pipe(fds));
}

ATF_TC_WITHOUT_HEAD(what_is_ready_is_told_and_nothing_else);
ATF_TC_BODY(what_is_ready_is_told_and_nothing_else, tc)
{
	int full[2];
	int empty[2];

	pipe_new(full);
	pipe_new(empty);
	ATF_REQUIRE_EQ(1, write(full[1], "x", 1));
	struct wait_fd fds[] = {
		{ empty[0], WAIT_READ, WAIT_READ },
		{ full[0], WAIT_READ | WAIT_WRITE, 0 },
	};

	OK(wait_any(test_cx(), fds, 2, clock_ms() + 1000));
	ATF_CHECK_EQ(0, fds[0].got);
	ATF_CHECK_EQ(WAIT_READ, fds[1].got);
}

ATF_TC_WITHOUT_HEAD(a_hang_up_is_ready_for_all_that_was_wanted);
ATF_TC_BODY(a_hang_up_is_ready_for_all_that_was_wanted, tc)
{
	int fds[2];

	pipe_new(fds);
	(void)close(fds[1]);
	struct wait_fd fd = { fds[0], WAIT_READ, 0 };

	OK(wait_any(test_cx(), &fd, 1, -1));
	ATF_CHECK_EQ(WAIT_READ, fd.got);
}

ATF_TC_WITHOUT_HEAD(when_nothing_is_ready_the_time_comes);
ATF_TC_BODY(when_nothing_is_ready_the_time_comes, tc)
{
	int64_t began = clock_ms();
	int fds[2];

	pipe_new(fds);
	struct wait_fd fd = { fds[0], WAIT_READ, 0 };

	ATF_CHECK_EQ(RC_BUSY, wait_any(test_cx(), &fd, 1, began + 60));
	ATF_CHECK(clock_ms() - began >= 60);
	ATF_CHECK_EQ(RC_OK, test_cx()->fault.rc);
	ATF_CHECK_EQ(RC_BUSY, wait_any(test_cx(), &fd, 1, began));
}

ATF_TC_WITHOUT_HEAD(a_time_past_still_looks_once);
ATF_TC_BODY(a_time_past_still_looks_once, tc)
{
	int fds[2];

	pipe_new(fds);
	ATF_REQUIRE_EQ(1, write(fds[1], "x", 1));
	struct wait_fd fd = { fds[0], WAIT_READ, 0 };

	OK(wait_any(test_cx(), &fd, 1, 0));
}

static void
ask_to_stop(int sig)
{
	(void)sig;
	stop_asked = true;
}

static void
alarm_in(int ms)
{
	struct itimerval t = { .it_value = { 0, ms * 1000 } };

	ATF_REQUIRE_EQ(0, setitimer(ITIMER_REAL, &t, NULL));
}

ATF_TC_WITHOUT_HEAD(a_signal_that_asks_to_stop_ends_the_wait_at_once);
ATF_TC_BODY(a_signal_that_asks_to_stop_ends_the_wait_at_once, tc)
{
	int64_t began = clock_ms();
	int fds[2];

	pipe_new(fds);
	struct wait_fd fd = { fds[0], WAIT_READ, 0 };

	test_cx()->should_stop = should_stop;
	(void)signal(SIGALRM, ask_to_stop);
	alarm_in(40);
	ATF_CHECK_EQ(RC_STOPPED, wait_any(test_cx(), &fd, 1, -1));
	ATF_CHECK(clock_ms() - began < 200);
	ATF_CHECK_EQ(RC_STOPPED, wait_until(test_cx(), began + 5000));
}

/* Told without a signal that would wake us: by another process's frame, say. */
static void *
ask_later(void *arg)
{
	(void)arg;
	(void)usleep(40 * 1000);
	stop_asked = true;
	return NULL;
}

ATF_TC_WITHOUT_HEAD(a_stop_is_looked_for_each_quarter_of_a_second);
ATF_TC_BODY(a_stop_is_looked_for_each_quarter_of_a_second, tc)
{
	int64_t began = clock_ms();
	pthread_t thread;

	test_cx()->should_stop = should_stop;
	ATF_REQUIRE_EQ(0, pthread_create(&thread, NULL, ask_later, NULL));
	ATF_CHECK_EQ(RC_STOPPED, wait_until(test_cx(), began + 5000));
	ATF_CHECK(clock_ms() - began < 400);
	ATF_REQUIRE_EQ(0, pthread_join(thread, NULL));
}

static void
do_nothing(int sig)
{
	(void)sig;
}

ATF_TC_WITHOUT_HEAD(a_signal_alone_does_not_end_a_wait);
ATF_TC_BODY(a_signal_alone_does_not_end_a_wait, tc)
{
	int64_t began = clock_ms();

	(void)signal(SIGALRM, do_nothing);
	alarm_in(20);
	OK(wait_until(test_cx(), began + 80));
	ATF_CHECK(clock_ms() - began >= 80);
}

ATF_TC_WITHOUT_HEAD(a_stop_does_not_cut_a_wait_for_our_database_short);
ATF_TC_BODY(a_stop_does_not_cut_a_wait_for_our_database_short, tc)
{
	int64_t began = clock_ms();
	int fds[2];

	pipe_new(fds);
	struct wait_fd fd = { fds[0], WAIT_READ | WAIT_OURS, 0 };

	stop_asked = true;
	test_cx()->should_stop = should_stop;
	ATF_CHECK_EQ(RC_BUSY, wait_any(test_cx(), &fd, 1, began + 40));
	ATF_CHECK(clock_ms() - began >= 40);
}

ATF_TC_WITHOUT_HEAD(while_it_is_forbidden_only_our_database_is_awaited);
ATF_TC_BODY(while_it_is_forbidden_only_our_database_is_awaited, tc)
{
	int fds[2];

	pipe_new(fds);
	struct wait_fd ours = { fds[1], WAIT_WRITE | WAIT_OURS, 0 };
	struct wait_fd fd = { fds[1], WAIT_WRITE, 0 };

	wait_forbid("a transaction is open");
	OK(wait_any(test_cx(), &ours, 1, 0));
	wait_forbid(NULL);
	OK(wait_any(test_cx(), &fd, 1, 0));
	wait_forbid("a transaction is open");
	log_open(LOG_ERR + 1, 2);
	atf_tc_expect_signal(SIGABRT, "the outside was awaited");
	(void)(wait_any(test_cx(), &fd, 1, 0) == RC_OK);
}

ATF_TC_WITHOUT_HEAD(while_it_is_forbidden_nobody_sleeps);
ATF_TC_BODY(while_it_is_forbidden_nobody_sleeps, tc)
{
	wait_forbid("a transaction is open");
	log_open(LOG_ERR + 1, 2);
	atf_tc_expect_signal(SIGABRT, "slept in a transaction");
	(void)(wait_until(test_cx(), clock_ms() + 1) == RC_OK);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_is_ready_is_told_and_nothing_else);
	ATF_TP_ADD_TC(tp, a_hang_up_is_ready_for_all_that_was_wanted);
	ATF_TP_ADD_TC(tp, when_nothing_is_ready_the_time_comes);
	ATF_TP_ADD_TC(tp, a_time_past_still_looks_once);
	ATF_TP_ADD_TC(tp, a_signal_that_asks_to_stop_ends_the_wait_at_once);
	ATF_TP_ADD_TC(tp, a_stop_is_looked_for_each_quarter_of_a_second);
	ATF_TP_ADD_TC(tp, a_signal_alone_does_not_end_a_wait);
	ATF_TP_ADD_TC(tp, a_stop_does_not_cut_a_wait_for_our_database_short);
	ATF_TP_ADD_TC(tp, while_it_is_forbidden_only_our_database_is_awaited);
	ATF_TP_ADD_TC(tp, while_it_is_forbidden_nobody_sleeps);
	return atf_no_error();
}
