/* Jobs for people: one list, one record, and why it is not running. */
#include <atf-c.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
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
	const char *const ended[] = { "dead", "cancelled" };
	const struct jobview_ask dead = {
		.states = ended, .n_states = 2, .limit = 10
	};
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
	ATF_CHECK_STREQ("pulls", job.queue);
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

/* The ids that are listed, the newest first. */
static const char *
ids(const struct jobview_ask *ask)
{
	struct buf b = buf_new(test_arena(), 1000);
	struct jobview *list;
	size_t n, i;

	OK(jobview_list(test_cx(), ask, &list, &n));
	for (i = 0; i < n; i++)
		buf_addf(&b, "%s%lld", i ? "," : "", (long long)list[i].id);
	return buf_text(&b);
}

#define IDS(want, ...)                                                         \
	ATF_CHECK_STREQ(                                                       \
	    want, ids(&(struct jobview_ask){ .limit = 10, __VA_ARGS__ }))

/* 1 is dead, 2 completed, both put and ended an hour ago; 3 runs and 4 waits
 * in another queue, in batch 5. */
SERVER_CASE(every_filter_leaves_what_it_says)
{
	const char *const live[] = { "running", "available" };
	const char *const done[] = { "completed" };
	int64_t hour_ago;

	(void)test_shop("ops");
	(void)put(SHOP, JOB_PULL_PAGE);
	(void)put(SHOP, JOB_PULL_PAGE);
	claim();
	finish(1, "dead", "NULL");
	finish(2, "completed", "NULL");
	test_sql("t",
	    "UPDATE job_done SET created_at = now() - interval '1 h', "
	    "finished_at = now() - interval '1 h', args = '{\"a\": \"Red\"}'");
	(void)put(SHOP, JOB_PULL_PAGE);
	claim();
	(void)put(SHOP, JOB_TOKEN_REFRESH);
	test_sql("t", "UPDATE job SET batch_id = 5 WHERE id = 4");
	hour_ago = clock_wall() - 1800;
	IDS("4,3,2,1", .kind = NULL);
	IDS("4,3", .states = live, .n_states = 2);
	IDS("3", .states = live, .n_states = 1);
	IDS("2", .states = done, .n_states = 1);
	IDS("3,2,1", .queue = "pulls");
	IDS("4", .queue = "tokens");
	IDS("", .queue = "none");
	IDS("4,3", .since = hour_ago);
	IDS("2,1", .before = hour_ago);
	IDS("1", .text = "rED");
	IDS("", .text = "r_d");
	IDS("4", .batch_id = 5);
	IDS("1", .text = "a", .before = hour_ago, .kind = "pull_page");
}

/* design.md 7: one of few reasons, and a test makes each. */
static struct jobwhy
because(const struct jobview *job, const char *sql, const char *want)
{
	struct jobwhy why;

	test_sql("t", sql);
	OK(jobview_why(test_cx(), job, "sync", &why));
	if (!want || !why.word)
		ATF_CHECK_EQ_MSG(want, why.word, "%s: %s", sql, why.word);
	else
		ATF_CHECK_MSG(
		    text_same(why.word, want), "%s: %s", sql, why.word);
	return why;
}

SERVER_CASE(why_it_is_not_running_is_one_word)
{
	const int64_t later = 4102542245; /* 2100-01-02T03:04:05Z */
	struct jobview job;
	int64_t id;

	(void)test_shop("ops");
	id = put(SHOP, JOB_PULL_PAGE);
	(void)put(OTHER, JOB_PULL_PAGE);
	OK(jobview_load(test_cx(), id, &job));
	(void)because(&job, "DELETE FROM worker", "no_worker");
	(void)because(&job, WORKER, "next");
	(void)because(
	    &job, "UPDATE worker SET slots = '{\"io\": {}}'", "no_worker");
	(void)because(
	    &job, "UPDATE worker SET slots = '{\"sync\": {}}'", "next");
	(void)because(&job, "UPDATE queue SET paused = true", "paused");
	ATF_CHECK_EQ(later, because(&job,
				"UPDATE queue SET paused = false;"
				"UPDATE job SET state = 'scheduled', "
				"run_at = '2100-01-02 03:04:05Z' WHERE id = 1",
				"scheduled")
				.until);
	ATF_CHECK_EQ(2, because(&job,
			    "UPDATE job SET state = 'blocked', waiting_on = 2, "
			    "run_at = now() WHERE id = 1",
			    "blocked")
			    .n);
	(void)because(&job,
	    "UPDATE job SET state = 'scheduled', waiting_on = 0 WHERE id = 1",
	    "next");
	ATF_CHECK_EQ(
	    0, because(&job,
		   "UPDATE job SET state = 'available';"
		   "INSERT INTO shop_limit VALUES (2, 9007199254740993, 0)",
		   "shop_cap")
		   .n);
	ATF_CHECK(because(&job,
		      "DELETE FROM shop_limit;"
		      "INSERT INTO rate (key, tokens, burst, per_s) "
		      "VALUES ('r', 0, 1, 0.001);"
		      "UPDATE queue SET rate_key = 'r' WHERE id = 2",
		      "rate")
		      .until > clock_wall() + 900);
	ATF_CHECK_EQ(later,
	    because(&job, "UPDATE rate SET hold_until = '2100-01-02 03:04:05Z'",
		"hold")
		.until);
	ATF_CHECK_EQ(
	    0, because(&job, "UPDATE rate SET hold_until = 'infinity'", "hold")
		   .until);
	/* The other shop's job fills the queue, which this caller cannot see.
	 */
	ATF_CHECK_EQ(1, because(&job,
			    "UPDATE queue SET rate_key = NULL, max_running = 1;"
			    "UPDATE job SET state = 'running' WHERE id = 2",
			    "cap")
			    .n);
	(void)because(&job,
	    "UPDATE queue SET max_running = 64;"
	    "UPDATE job SET state = 'available';"
	    "SELECT job_claim(2::smallint, max(id), 10, -1, 10) FROM worker",
	    NULL);
	finish(id, "completed", "NULL");
	(void)because(&job, "SELECT 1", NULL);
}

SERVER_CASE(who_has_it_and_what_it_waits_for)
{
	struct jobholder holder;
	struct jobview job;
	struct jobkin *kin;
	size_t n;

	(void)test_shop("ops");
	(void)put(SHOP, JOB_PULL_PAGE);
	claim();
	(void)put(SHOP, JOB_TOKEN_REFRESH);
	(void)put(SHOP, JOB_TOKEN_REFRESH);
	(void)put(OTHER, JOB_TOKEN_REFRESH);
	test_sql("t", "INSERT INTO job_dep (parent, child) VALUES (1, 2), (2, "
		      "3), (2, 4)");
	OK(jobview_load(test_cx(), 1, &job));
	OK(jobview_holder(test_cx(), &job, &holder));
	ATF_CHECK_EQ(job.worker_id, holder.id);
	ATF_CHECK_STREQ("h", holder.host);
	ATF_CHECK(holder.pid == 1 && holder.alive);
	ATF_CHECK(holder.lease_until > clock_wall());
	OK(jobview_load(test_cx(), 2, &job));
	CODE(RC_ABSENT, jobview_holder(test_cx(), &job, &holder));
	finish(1, "completed", "NULL");
	OK(jobview_kin(test_cx(), &job, &kin, &n));
	ATF_REQUIRE_EQ(2, n); /* not the other shop's */
	ATF_CHECK(kin[0].up && kin[0].id == 1);
	ATF_CHECK_STREQ("completed", kin[0].state);
	ATF_CHECK(!kin[1].up && kin[1].id == 3);
	ATF_CHECK_STREQ("token_refresh", kin[1].kind);
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
	ATF_TP_ADD_TC(tp, every_filter_leaves_what_it_says);
	ATF_TP_ADD_TC(tp, why_it_is_not_running_is_one_word);
	ATF_TP_ADD_TC(tp, who_has_it_and_what_it_waits_for);
	ATF_TP_ADD_TC(tp, what_its_handler_noted_comes_oldest_first);
	ATF_TP_ADD_TC(tp, how_far_it_is_comes_when_it_has_said_so);
	ATF_TP_ADD_TC(tp, the_backlog_is_the_age_of_the_oldest_that_could_run);
	return atf_no_error();
}
