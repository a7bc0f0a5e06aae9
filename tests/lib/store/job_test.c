/* Jobs as those see them who put and run them (queue.md 1, 4). */
#include <atf-c.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/conf.h"
#include "io/wait.h"
#include "shop.h"
#include "store/job.h"

/* ---- kinds */

ATF_TC_WITHOUT_HEAD(every_kind_has_a_word_a_queue_and_limits);
ATF_TC_BODY(every_kind_has_a_word_a_queue_and_limits, tc)
{
	int i;

	for (i = 0; i < JOB_KINDS; i++) {
		const struct job_kind_row *row = job_kind_row((enum job_kind)i);

		ATF_CHECK_EQ(i, (int)job_kind_of(row->word));
		ATF_CHECK(row->queue > 0 && row->soft_s > 0);
		ATF_CHECK(row->hard_s == 0 || row->hard_s > row->soft_s);
		ATF_CHECK(row->attempts > 0);
		ATF_CHECK(text_ends(row->shown, "."));
	}
	ATF_CHECK_EQ(JOB_KINDS, job_kind_of("no such kind"));
	ATF_CHECK_EQ(JOB_PULL_PAGE, job_kind_of("pull_page"));
}

/* ---- putting */

static int64_t
put(const char *unique, double delay_s)
{
	const struct job_new job = {
		.kind = JOB_PULL_PAGE,
		.shop_id = SHOP,
		.shop_epoch = 3,
		.args = "{\"pull\":\"7\"}",
		.unique = unique,
		.priority = 4,
		.delay_s = delay_s,
	};
	int64_t id;

	OK(job_put(test_cx(), &job, &id));
	return id;
}

SERVER_CASE(a_job_is_put_as_its_kind_says)
{
	(void)test_shop("pulls");
	test_cx()->trace = "0123456789abcdef";
	ATF_CHECK(put(NULL, 0) > 0);
	test_answers("2|pull_page|available|4|{\"pull\": \"7\"}|3|10|60|120|"
		     "0123456789abcdef",
	    "t",
	    "SELECT queue_id, kind, state, priority, args, shop_epoch, "
	    "max_attempts, soft_limit_s, hard_limit_s, "
	    "encode(trace, 'escape') FROM job");
}

SERVER_CASE(one_that_waits_is_scheduled)
{
	(void)test_shop("pulls");
	(void)put(NULL, 60);
	test_answers("scheduled|t", "t",
	    "SELECT state, run_at > now() + interval '50 s' FROM job");
}

SERVER_CASE(of_one_name_there_is_one_at_a_time)
{
	int64_t first;

	(void)test_shop("pulls");
	first = put("pull:7:orders", 0);
	ATF_CHECK_EQ(first, put("pull:7:orders", 0));
	ATF_CHECK(put("pull:7:products", 0) != first);
	ATF_CHECK(put(NULL, 0) != put(NULL, 0));
	test_answers("4", "t", "SELECT count(*) FROM job");
}

SERVER_CASE(without_arguments_it_has_none_and_the_number_is_not_needed)
{
	const struct job_new job = { .kind = JOB_TOKEN_REFRESH,
		.shop_id = SHOP };
	struct job_new other = job;

	(void)test_shop("pulls");
	OK(job_put(test_cx(), &job, NULL));
	test_answers("4|{}", "t", "SELECT queue_id, args FROM job");
	other.shop_id = OTHER;
	ATF_CHECK(test_code(job_put(test_cx(), &other, NULL)) != RC_OK);
	other.shop_id = SHOP;
	other.args = "no JSON";
	ATF_CHECK(test_code(job_put(test_cx(), &other, NULL)) != RC_OK);
}

/* It commits with what it is put for, or not at all. */
SERVER_CASE(in_a_transaction_that_fails_no_job_is_left)
{
	(void)test_shop("pulls");
	OK(db_begin(test_cx()));
	(void)put(NULL, 0);
	db_rollback(test_cx());
	test_answers("0", "t", "SELECT count(*) FROM job");
}

/* ---- waking */

static int
wake_socket(void)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	memcpy(at.sun_path, "jobd.wake", 10);
	ATF_REQUIRE(fd >= 0);
	ATF_REQUIRE(bind(fd, (struct sockaddr *)&at, sizeof(at)) == 0);
	return fd;
}

SERVER_CASE(jobd_on_this_host_is_woken_by_a_byte)
{
	char byte[2];
	int fd;

	(void)test_shop("pulls");
	conf_set(C_RUN_DIR, ".");
	fd = wake_socket();
	job_wake(test_cx());
	ATF_CHECK_EQ(1, recv(fd, byte, 2, 0));
	(void)close(fd);
}

static bool
hinted(struct cx *cx, int64_t ms)
{
	const int64_t end = clock_ms() + ms;
	const char *channel, *payload;

	while (!db_hint(cx, &channel, &payload)) {
		struct wait_fd fd = { db_listen_fd(cx), WAIT_READ, 0 };

		if (fd.fd < 0 || wait_any(cx, &fd, 1, end) != RC_OK ||
		    clock_ms() >= end)
			return false;
	}
	return text_same(channel, "jobd");
}

SERVER_CASE(elsewhere_it_is_woken_through_postgres_when_it_has_room)
{
	struct cx *jobd;

	(void)test_shop("pulls");
	conf_set(C_RUN_DIR, ".");
	jobd = test_rival("jobd");
	OK(db_listen(jobd, "jobd"));
	job_wake(test_cx());
	ATF_CHECK(!hinted(jobd, 100));
	test_sql("t", "INSERT INTO worker (host, pid, lease_until, idle) "
		      "VALUES ('h', 1, now() + interval '1 h', true)");
	job_wake(test_cx());
	ATF_CHECK(hinted(jobd, 5000));
	/* A folder whose name is too long for a socket. */
	conf_set(C_RUN_DIR, text_fmt(test_arena(), "%0120d", 7));
	job_wake(test_cx());
	ATF_CHECK(hinted(jobd, 5000));
	/* A failure is nobody's business. */
	test_sql("t", "REVOKE SELECT ON worker FROM stockroom_pulls");
	test_sql("t", "REVOKE SELECT (id, idle, lease_until) ON worker "
		      "FROM stockroom_pulls");
	job_wake(test_cx());
	ATF_CHECK_EQ(RC_OK, test_cx()->fault.rc);
}

/* ---- running */

/* One job, claimed for the first time by a jobd; test_cx() runs it. */
static void
claimed(void)
{
	(void)test_shop("jobd");
	test_cx()->job_id = put(NULL, 0);
	test_sql("t",
	    "INSERT INTO worker (host, pid, lease_until) "
	    "VALUES ('h', 1, now() + interval '1 h');"
	    "SELECT job_claim(2::smallint, max(id), 10, -1, 10) FROM worker");
	test_cx()->job_epoch = 1;
	test_answers("running|1", "t", "SELECT state, epoch FROM job");
}

SERVER_CASE(what_a_handler_did_and_its_jobs_end_come_together)
{
	claimed();
	OK(db_begin(test_cx()));
	OK(job_fence(test_cx()));
	OK(shop_mark(test_cx(), SHOP, 1, "paused", "by the job"));
	OK(job_commit_result(test_cx(), "{\"rows\":7}"));
	ATF_CHECK(test_cx()->job_settled);
	test_answers("0|completed|{\"rows\": 7}|by the job", "t",
	    "SELECT (SELECT count(*) FROM job), outcome, result, "
	    "status_reason FROM job_done d JOIN shop s USING (shop_id)");
}

SERVER_CASE(a_job_may_end_without_a_result)
{
	claimed();
	OK(db_begin(test_cx()));
	OK(job_commit(test_cx()));
	test_answers(
	    "completed|t", "t", "SELECT outcome, result IS NULL FROM job_done");
}

/* REL-4: the run that lost the job writes nothing. */
SERVER_CASE(a_run_that_lost_its_job_is_stopped_and_undone)
{
	claimed();
	test_sql("t", "UPDATE job SET epoch = 2");
	OK(db_begin(test_cx()));
	CODE(RC_STOPPED, job_fence(test_cx()));
	OK(shop_mark(test_cx(), SHOP, 1, "paused", "by the job"));
	CODE(RC_STOPPED, job_commit(test_cx()));
	ATF_CHECK(!test_cx()->job_settled);
	ATF_CHECK(!db_in_transaction(test_cx()));
	test_answers("running|installed|0", "t",
	    "SELECT state, status, (SELECT count(*) FROM job_done) "
	    "FROM job JOIN shop USING (shop_id)");
}

SERVER_CASE(while_the_fence_is_held_nobody_takes_the_job)
{
	claimed();
	test_sql("t", "UPDATE worker SET lease_until = now()");
	OK(db_begin(test_cx()));
	OK(job_fence(test_cx()));
	test_answers("0", "t", "SELECT job_rescue(10)");
	OK(job_commit(test_cx()));
	test_answers("completed", "t", "SELECT outcome FROM job_done");
}

/* A part's job that puts itself again goes round once more. */
SERVER_CASE(one_put_again_while_it_runs_goes_round_once_more)
{
	(void)test_shop("jobd");
	test_cx()->job_id = put("pull:7:orders", 0);
	test_sql("t",
	    "INSERT INTO worker (host, pid, lease_until) "
	    "VALUES ('h', 1, now() + interval '1 h');"
	    "SELECT job_claim(2::smallint, max(id), 10, -1, 10) FROM worker");
	test_cx()->job_epoch = 1;
	OK(db_begin(test_cx()));
	ATF_CHECK_EQ(test_cx()->job_id, put("pull:7:orders", 0));
	OK(job_commit(test_cx()));
	test_answers("available|0", "t",
	    "SELECT state, (SELECT count(*) FROM job_done) FROM job");
}

SERVER_CASE(notes_are_kept_until_they_are_too_many)
{
	char *long_note = arena_alloc(test_arena(), 4000);
	int i;

	claimed();
	job_note(test_cx(), "%d of %s", 7, "nine");
	test_answers("7 of nine", "t", "SELECT text FROM job_note");
	memset(long_note, 'x', 3999);
	for (i = 0; i < 20; i++)
		job_note(test_cx(), "%s", long_note);
	ATF_CHECK_EQ(RC_OK, test_cx()->fault.rc);
	test_answers("17|t", "t",
	    "SELECT count(*), sum(octet_length(text)) <= 32768 FROM job_note");
}

SERVER_CASE(progress_is_the_newest_runs)
{
	claimed();
	job_progress(test_cx(), 3, 10, "orders");
	test_answers(
	    "3|10|orders", "t", "SELECT done, total, note FROM job_progress");
	job_progress(test_cx(), 4, -1, NULL);
	test_answers("4||", "t", "SELECT done, total, note FROM job_progress");
	job_progress(test_cx(), 5, 0, NULL);
	test_answers("5||", "t", "SELECT done, total, note FROM job_progress");
	test_cx()->job_epoch = 0;
	job_progress(test_cx(), 1, -1, "a run before");
	test_answers("5", "t", "SELECT done FROM job_progress");
	ATF_CHECK_EQ(RC_OK, test_cx()->fault.rc);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, every_kind_has_a_word_a_queue_and_limits);
	ATF_TP_ADD_TC(tp, a_job_is_put_as_its_kind_says);
	ATF_TP_ADD_TC(tp, one_that_waits_is_scheduled);
	ATF_TP_ADD_TC(tp, of_one_name_there_is_one_at_a_time);
	ATF_TP_ADD_TC(
	    tp, without_arguments_it_has_none_and_the_number_is_not_needed);
	ATF_TP_ADD_TC(tp, in_a_transaction_that_fails_no_job_is_left);
	ATF_TP_ADD_TC(tp, jobd_on_this_host_is_woken_by_a_byte);
	ATF_TP_ADD_TC(
	    tp, elsewhere_it_is_woken_through_postgres_when_it_has_room);
	ATF_TP_ADD_TC(tp, what_a_handler_did_and_its_jobs_end_come_together);
	ATF_TP_ADD_TC(tp, a_job_may_end_without_a_result);
	ATF_TP_ADD_TC(tp, a_run_that_lost_its_job_is_stopped_and_undone);
	ATF_TP_ADD_TC(tp, while_the_fence_is_held_nobody_takes_the_job);
	ATF_TP_ADD_TC(tp, one_put_again_while_it_runs_goes_round_once_more);
	ATF_TP_ADD_TC(tp, notes_are_kept_until_they_are_too_many);
	ATF_TP_ADD_TC(tp, progress_is_the_newest_runs);
	return atf_no_error();
}
