/* Jobs for people: one list, one record, and why it is not running. */
#include <atf-c.h>
#include <string.h>

#include "shop.h"
#include "store/job.h"
#include "store/jobview.h"

static int64_t
put(int64_t shop_id, enum job_kind kind)
{
	const struct job_new job = { .kind = kind,
		.shop_id = shop_id,
		.priority = 4,
		.args = "{\"n\": 1}" };
	int64_t id, before = test_cx()->shop_id;

	test_cx()->shop_id = shop_id;
	OK(job_put(test_cx(), &job, &id));
	test_cx()->shop_id = before;
	return id;
}

#define WORKER                                                                 \
	"INSERT INTO worker (host, pid, lease_until) "                         \
	"VALUES ('h', 1, now() + interval '1 h');"

/* All jobs that are due run. */
static void
claim(void)
{
	test_sql("t", WORKER
	    "SELECT job_claim(q.id, (SELECT max(id) FROM worker), 10, -1, 10) "
	    "FROM queue q");
}

static void
finish(int64_t id, const char *said, const char *result)
{
	test_sql(
	    "t", text_fmt(test_arena(),
		     "SELECT job_finish(ARRAY[%lld], ARRAY[1], ARRAY['%s'], "
		     "ARRAY[%s]::jsonb[], ARRAY['what went wrong'], NULL)",
		     (long long)id, said, result));
}

static struct jobview *
listed(const struct jobview_ask *ask, size_t want)
{
	struct jobview *list;
	size_t n;

	OK(jobview_list(test_cx(), ask, &list, &n));
	ATF_REQUIRE_EQ(want, n);
	return list;
}

SERVER_CASE(live_and_ended_jobs_stand_in_one_list)
{
	const struct jobview_ask all = { .limit = 10 };
	const struct jobview_ask dead = { .state = "dead", .limit = 10 };
	const struct jobview_ask refresh = { .kind = "token_refresh",
		.limit = 10 };
	struct jobview_ask page = { .limit = 2 };
	int64_t first, second, third;
	struct jobview *list;

	(void)test_shop("ops");
	test_cx()->trace = "0123456789abcdef";
	first = put(SHOP, JOB_PULL_PAGE);
	second = put(SHOP, JOB_PULL_PAGE);
	claim();
	finish(first, "dead", "NULL");
	finish(second, "completed", "'{\"rows\":1}'");
	third = put(SHOP, JOB_TOKEN_REFRESH);
	(void)put(OTHER, JOB_TOKEN_REFRESH);
	list = listed(&all, 3);
	ATF_CHECK_EQ(third, list[0].id);
	ATF_CHECK_STREQ("available", list[0].state);
	ATF_CHECK_EQ(4, list[0].priority);
	ATF_CHECK_EQ(10, list[0].max_attempts);
	ATF_CHECK_STREQ("{\"n\": 1}", list[0].args);
	ATF_CHECK_STREQ("0123456789abcdef", list[0].trace);
	ATF_CHECK(list[0].run_at > 0 && list[0].finished_at == 0);
	ATF_CHECK_STREQ("completed", list[1].state);
	ATF_CHECK_STREQ("{\"rows\": 1}", list[1].result);
	ATF_CHECK_EQ(NULL, list[1].args);
	ATF_CHECK_EQ(-1, list[1].priority);
	ATF_CHECK(list[1].finished_at >= list[1].started_at);
	ATF_CHECK_STREQ("dead", list[2].state);
	ATF_CHECK_STREQ("what went wrong", list[2].error);
	ATF_CHECK_STREQ("{\"n\": 1}", list[2].args);
	ATF_CHECK_EQ(first, listed(&dead, 1)->id);
	ATF_CHECK_EQ(third, listed(&refresh, 1)->id);
	ATF_CHECK_EQ(second, listed(&page, 2)[1].id);
	page.after = second;
	ATF_CHECK_EQ(first, listed(&page, 1)->id);
}

SERVER_CASE(one_is_loaded_while_it_lives_and_afterwards)
{
	struct jobview job;
	int64_t id, others;

	(void)test_shop("ops");
	id = put(SHOP, JOB_PULL_PAGE);
	others = put(OTHER, JOB_PULL_PAGE);
	OK(jobview_load(test_cx(), id, &job));
	ATF_CHECK_EQ(SHOP, job.shop_id);
	ATF_CHECK_EQ(2, job.queue);
	claim();
	finish(id, "completed", "NULL");
	OK(jobview_load(test_cx(), id, &job));
	ATF_CHECK_STREQ("completed", job.state);
	ATF_CHECK_EQ(1, job.attempt);
	CODE(RC_ABSENT, jobview_load(test_cx(), others, &job));
	CODE(RC_ABSENT, jobview_load(test_cx(), 12345, &job));
}

SERVER_CASE(the_operator_sees_all_shops_jobs)
{
	const struct jobview_ask all = { .limit = 10 };
	struct jobview job;
	int64_t mine, others;

	(void)test_shop("ops");
	mine = put(SHOP, JOB_PULL_PAGE);
	others = put(OTHER, JOB_PULL_PAGE);
	test_cx()->shop_id = 0;
	test_cx()->every_shop = true;
	ATF_CHECK_EQ(others, listed(&all, 2)[0].id);
	OK(jobview_load(test_cx(), mine, &job));
	ATF_CHECK_EQ(SHOP, job.shop_id);
	CODE(RC_ABSENT, jobview_load(test_cx(), 12345, &job));
}

/* design.md 7: one of few reasons, and a test makes each. */
static void
because(const struct jobview *job, const char *sql, const char *want)
{
	const char *why = "nothing yet";

	test_sql("t", sql);
	OK(jobview_why(test_cx(), job, &why));
	if (!want || !why)
		ATF_CHECK_EQ_MSG(want, why, "%s: %s", sql, why);
	else
		ATF_CHECK_MSG(text_starts(why, want), "%s: %s", sql, why);
}

SERVER_CASE(why_it_is_not_running_is_said_in_words)
{
	struct jobview job;
	int64_t id;

	(void)test_shop("ops");
	id = put(SHOP, JOB_PULL_PAGE);
	OK(jobview_load(test_cx(), id, &job));
	because(&job, "DELETE FROM worker", "no worker is running");
	because(&job, WORKER, "it is about to be claimed");
	because(&job, "UPDATE queue SET paused = true", "its queue is paused");
	because(&job,
	    "UPDATE queue SET paused = false;"
	    "UPDATE job SET state = 'scheduled', "
	    "run_at = '2100-01-02 03:04:05Z'",
	    "scheduled for 2100-01-02T03:04:05Z");
	because(&job,
	    "UPDATE job SET state = 'blocked', waiting_on = 2, run_at = now()",
	    "blocked by 2 job(s)");
	because(&job,
	    "UPDATE job SET state = 'available', waiting_on = 0;"
	    "INSERT INTO shop_limit VALUES (2, 9007199254740993, 0)",
	    "the shop runs as many jobs of this queue as it may");
	because(&job, "UPDATE queue SET max_running = 0",
	    "its queue runs as many jobs as it may");
	because(&job,
	    "UPDATE queue SET max_running = 64; DELETE FROM shop_limit;"
	    "SELECT job_claim(2::smallint, max(id), 10, -1, 10) FROM worker",
	    NULL);
	finish(id, "completed", "NULL");
	because(&job, "SELECT 1", NULL);
}

SERVER_CASE(what_its_handler_noted_comes_oldest_first)
{
	struct jobnote *notes;
	struct jobview job;
	size_t n;

	(void)test_shop("ops");
	job.shop_id = SHOP;
	job.id = put(SHOP, JOB_PULL_PAGE);
	OK(jobview_notes(test_cx(), &job, &notes, &n));
	ATF_CHECK_EQ(0, n);
	test_sql("t",
	    "INSERT INTO job_note (job_id, shop_id, text) "
	    "SELECT id, shop_id, x FROM job, unnest(ARRAY['one', 'two']) x");
	OK(jobview_notes(test_cx(), &job, &notes, &n));
	ATF_REQUIRE_EQ(2, n);
	ATF_CHECK_STREQ("one", notes[0].text);
	ATF_CHECK_STREQ("two", notes[1].text);
	ATF_CHECK(notes[0].at > 0);
}

SERVER_CASE(how_far_it_is_comes_when_it_has_said_so)
{
	int64_t done, total;
	struct jobview job;
	const char *note;

	(void)test_shop("ops");
	job.shop_id = SHOP;
	job.id = put(SHOP, JOB_PULL_PAGE);
	CODE(
	    RC_ABSENT, jobview_progress(test_cx(), &job, &done, &total, &note));
	test_sql("t",
	    "INSERT INTO job_progress (id, shop_id, epoch, done, note) "
	    "SELECT id, shop_id, 1, 7, 'orders' FROM job");
	OK(jobview_progress(test_cx(), &job, &done, &total, &note));
	ATF_CHECK_EQ(7, done);
	ATF_CHECK_EQ(-1, total);
	ATF_CHECK_STREQ("orders", note);
	test_sql("t", "UPDATE job_progress SET total = 9");
	OK(jobview_progress(test_cx(), &job, &done, &total, &note));
	ATF_CHECK_EQ(9, total);
}

SERVER_CASE(the_backlog_is_the_age_of_the_oldest_that_could_run)
{
	int64_t age_s;
	bool jobd;

	(void)test_shop("ops");
	test_cx()->every_shop = true;
	OK(jobview_backlog(test_cx(), &age_s, &jobd));
	ATF_CHECK_EQ(0, age_s);
	ATF_CHECK(!jobd);
	(void)put(OTHER, JOB_PULL_PAGE);
	test_sql("t", WORKER "UPDATE job SET run_at = now() - interval '90 s'");
	OK(jobview_backlog(test_cx(), &age_s, &jobd));
	ATF_CHECK(age_s >= 90 && age_s < 100);
	ATF_CHECK(jobd);
	test_sql("t", "UPDATE worker SET lease_until = now()");
	OK(jobview_backlog(test_cx(), &age_s, &jobd));
	ATF_CHECK(!jobd);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, live_and_ended_jobs_stand_in_one_list);
	ATF_TP_ADD_TC(tp, one_is_loaded_while_it_lives_and_afterwards);
	ATF_TP_ADD_TC(tp, the_operator_sees_all_shops_jobs);
	ATF_TP_ADD_TC(tp, why_it_is_not_running_is_said_in_words);
	ATF_TP_ADD_TC(tp, what_its_handler_noted_comes_oldest_first);
	ATF_TP_ADD_TC(tp, how_far_it_is_comes_when_it_has_said_so);
	ATF_TP_ADD_TC(tp, the_backlog_is_the_age_of_the_oldest_that_could_run);
	return atf_no_error();
}
