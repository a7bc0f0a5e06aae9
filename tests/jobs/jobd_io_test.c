/* An io child by itself: this test is the jobd at the other end. */
#include <atf-c.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../jobs/jobd.h"
#include "../../jobs/table.h"
#include "base/clock.h"
#include "base/log.h"
#include "io/wait.h"
#include "test.h"

enum { TASKS = 64, LONG_MS = 20 * 1000 };

/* ---- what its jobs do: {"ms": how long it waits, "spin": how long it does
 * not, "fail": how long the words of its failure are} */

static enum rc
spin(int64_t ms)
{
	const int64_t end = clock_ms() + ms;

	while (clock_ms() < end)
		continue;
	return RC_OK;
}

/* Whatever the others did meanwhile, who it is must be as it was. */
static enum rc
is_itself(const struct cx *cx, const struct job *job, const char *trace)
{
	const char *want = text_fmt(cx->mem, "trace %lld", (long long)job->id);

	if (cx->job_id != job->id || cx->fault.rc != RC_OK ||
	    cx->trace != trace || !text_same(trace, want))
		return RC_BUG;
	return RC_OK;
}

static enum rc
probe(struct cx *cx, const struct job *job)
{
	const char *trace = cx->trace;
	const int64_t fail = jint_or(job->args, "fail", 0);
	char *words;

	TRY(spin(jint_or(job->args, "spin", 0)));
	TRY(wait_until(cx, clock_ms() + jint_or(job->args, "ms", 0)));
	if (is_itself(cx, job, trace) != RC_OK)
		return rc_fail(cx, RC_BUG, "it is another");
	if (fail == 0)
		return RC_OK;
	words = arena_alloc(cx->mem, (size_t)fail + 1);
	memset(words, 'x', (size_t)fail);
	return rc_fail(cx, RC_INPUT, "%lld %s", (long long)job->id, words);
}

const struct job_handler *
job_handler(enum job_kind kind)
{
	static const struct job_handler handler = { .run = probe };

	(void)kind;
	return &handler;
}

enum frame_why
child_told(void)
{
	return io_told();
}

/* ---- the child, and jobd's end of it */

static struct {
	int fd;
	pid_t pid;
	int beats; /* heard so far */
} child;

static void
live(int fd)
{
	struct cx cx = { .program = "jobd", .mem = arena_new() };

	log_open(LOG_ERR + 1, STDERR_FILENO);
	io_serve(&cx, fd, TASKS);
	arena_free(cx.mem);
	exit(0);
}

static void
start(void)
{
	const int few_bytes = 16 * 1024;
	int ends[2];

	ATF_REQUIRE(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) == 0);
	ATF_REQUIRE(setsockopt(ends[1], SOL_SOCKET, SO_SNDBUF, &few_bytes,
			sizeof(few_bytes)) == 0);
	child.pid = fork();
	if (child.pid == 0) {
		(void)close(ends[0]);
		live(ends[1]);
	}
	(void)close(ends[1]);
	child.fd = ends[0];
}

static void
send_run(int64_t id, const char *args)
{
	const struct frame f = {
		.type = FRAME_RUN,
		.id = id,
		.epoch = 7,
		.kind = JOB_PULL_PAGE,
		.attempt = 1,
		.max_attempts = 5,
		.soft_ms = 5000,
		.args = slice_of(args),
		.trace = slice_of(
		    text_fmt(test_arena(), "trace %lld", (long long)id)),
	};

	OK(frame_send(test_arena(), child.fd, &f));
}

static void
send_stop(int64_t id, int64_t epoch, enum frame_why why)
{
	const struct frame f = { .type = FRAME_STOP,
		.id = id,
		.epoch = epoch,
		.why = (int64_t)why };

	OK(frame_send(test_arena(), child.fd, &f));
}

/* The next frame, whichever; false at the child's end or when none comes. */
static bool
hear(struct frame *f, int ms)
{
	struct pollfd p = { .fd = child.fd, .events = POLLIN };

	if (poll(&p, 1, ms) != 1 ||
	    frame_take(test_arena(), child.fd, f) != RC_OK)
		return false;
	child.beats += f->type == FRAME_BEAT;
	return true;
}

/* The next end of a run. */
static struct frame
next_done(void)
{
	struct frame f = { .type = FRAME_BEAT };

	while (f.type != FRAME_DONE)
		ATF_REQUIRE_MSG(hear(&f, LONG_MS), "it said nothing");
	ATF_CHECK_EQ(7, f.epoch);
	return f;
}

/* By id, from 1; each but once. */
static void
all_done(struct frame *list, int n)
{
	for (int i = 0; i < n; i++) {
		const struct frame f = next_done();

		ATF_REQUIRE(f.id >= 1 && f.id <= n);
		ATF_CHECK_EQ(0, list[f.id - 1].id);
		list[f.id - 1] = f;
	}
}

static void
check_said(enum job_said want, const struct frame *f)
{
	ATF_CHECK_EQ_MSG((int64_t)want, f->said, "%lld was %s: %s",
	    (long long)f->id, job_said_text((enum job_said)f->said),
	    f->words.p);
}

static void
end(void)
{
	int status;

	(void)shutdown(child.fd, SHUT_WR);
	ATF_CHECK_EQ(child.pid, waitpid(child.pid, &status, 0));
	ATF_CHECK_EQ(0, status);
}

ATF_TC_WITHOUT_HEAD(as_many_jobs_as_tasks_go_on_at_once);
ATF_TC_BODY(as_many_jobs_as_tasks_go_on_at_once, tc)
{
	struct frame list[TASKS] = { 0 };
	const int64_t began = clock_ms();

	start();
	for (int i = 1; i <= TASKS; i++)
		send_run(i, "{\"ms\": 100}");
	all_done(list, TASKS);
	for (int i = 0; i < TASKS; i++)
		check_said(JOB_COMPLETED, &list[i]);
	ATF_CHECK(clock_ms() - began < TASKS * 100 / 2);
	end();
}

ATF_TC_WITHOUT_HEAD(each_is_answered_when_it_ends_and_by_its_own_words);
ATF_TC_BODY(each_is_answered_when_it_ends_and_by_its_own_words, tc)
{
	struct frame f;

	start();
	send_run(1, "{\"ms\": 200}");
	send_run(2, "{\"ms\": 100, \"fail\": 3}");
	send_run(3, "{\"ms\": 0}");
	f = next_done();
	ATF_CHECK_EQ(3, f.id);
	check_said(JOB_COMPLETED, &f);
	f = next_done();
	ATF_CHECK_EQ(2, f.id);
	check_said(JOB_DEAD, &f);
	ATF_CHECK_STREQ("2 xxx", f.words.p);
	f = next_done();
	ATF_CHECK_EQ(1, f.id);
	check_said(JOB_COMPLETED, &f);
	end();
}

ATF_TC_WITHOUT_HEAD(a_stop_is_for_the_run_that_it_names);
ATF_TC_BODY(a_stop_is_for_the_run_that_it_names, tc)
{
	struct frame f;

	start();
	for (int i = 1; i <= 8; i++)
		send_run(i, i <= 4 ? "{\"ms\": 60000}" : "{\"ms\": 300}");
	send_stop(5, 6, WHY_CANCEL); /* an earlier run of it */
	send_stop(99, 7, WHY_CANCEL);
	send_stop(3, 7, WHY_CANCEL);
	f = next_done();
	ATF_CHECK_EQ(3, f.id);
	check_said(JOB_CANCELLED, &f);
	send_stop(1, 7, WHY_SOFT);
	f = next_done();
	ATF_CHECK_EQ(1, f.id);
	check_said(JOB_FAILED, &f);
	ATF_CHECK(strstr(f.words.p, "soft limit of 5 s"));
	send_stop(2, 7, WHY_LEAVE);
	send_stop(4, 7, WHY_LEAVE);
	for (int i = 0; i < 6; i++) {
		f = next_done();
		check_said(f.id <= 4 ? JOB_SNOOZED : JOB_COMPLETED, &f);
	}
	end();
}

ATF_TC_WITHOUT_HEAD(a_place_is_used_again);
ATF_TC_BODY(a_place_is_used_again, tc)
{
	start();
	for (int round = 0; round < 3; round++) {
		struct frame list[TASKS] = { 0 };

		for (int i = 1; i <= TASKS; i++)
			send_run(i, "{\"ms\": 1}");
		all_done(list, TASKS);
		for (int i = 0; i < TASKS; i++)
			check_said(JOB_COMPLETED, &list[i]);
	}
	end();
}

ATF_TC_WITHOUT_HEAD(it_beats_while_its_loop_turns_and_not_when_it_hangs);
ATF_TC_BODY(it_beats_while_its_loop_turns_and_not_when_it_hangs, tc)
{
	struct frame f;

	start();
	send_run(1, "{\"ms\": 60000}");
	while (child.beats < 1)
		ATF_REQUIRE(hear(&f, LONG_MS));
	send_run(2, "{\"spin\": 2500}");
	child.beats = 0;
	ATF_CHECK_EQ(2, next_done().id);
	ATF_CHECK_MSG(child.beats <= 1, "%d beats", child.beats);
	while (child.beats < 2)
		ATF_REQUIRE(hear(&f, LONG_MS));
	end();
}

ATF_TC_WITHOUT_HEAD(at_jobds_end_all_are_told_and_answered_and_it_goes);
ATF_TC_BODY(at_jobds_end_all_are_told_and_answered_and_it_goes, tc)
{
	struct frame list[TASKS] = { 0 };

	start();
	for (int i = 1; i <= TASKS; i++)
		send_run(i, "{\"ms\": 60000}");
	(void)shutdown(child.fd, SHUT_WR);
	all_done(list, TASKS);
	for (int i = 0; i < TASKS; i++)
		check_said(JOB_SNOOZED, &list[i]);
	end();
}

/* What it has to say is kept until jobd reads. */
ATF_TC_WITHOUT_HEAD(a_jobd_that_is_slow_to_read_misses_nothing);
ATF_TC_BODY(a_jobd_that_is_slow_to_read_misses_nothing, tc)
{
	struct frame f;

	start();
	for (int i = 1; i <= TASKS; i++)
		send_run(i, "{\"fail\": 1900, \"ms\": 1}");
	OK(wait_until(NULL, clock_ms() + 300));
	for (int i = 0; i < TASKS; i++) {
		f = next_done();
		check_said(JOB_DEAD, &f);
		ATF_CHECK(f.words.n > 1900);
	}
	end();
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, as_many_jobs_as_tasks_go_on_at_once);
	ATF_TP_ADD_TC(tp, each_is_answered_when_it_ends_and_by_its_own_words);
	ATF_TP_ADD_TC(tp, a_stop_is_for_the_run_that_it_names);
	ATF_TP_ADD_TC(tp, a_place_is_used_again);
	ATF_TP_ADD_TC(tp, it_beats_while_its_loop_turns_and_not_when_it_hangs);
	ATF_TP_ADD_TC(tp, at_jobds_end_all_are_told_and_answered_and_it_goes);
	ATF_TP_ADD_TC(tp, a_jobd_that_is_slow_to_read_misses_nothing);
	return atf_no_error();
}
