/* Dead letters: counted, replayed once, spread; waiting jobs tried now. */
#include <atf-c.h>
#include <stdlib.h>

#include "queue.h"
#include "store/replay.h"

/* Numbers 1 to 8: of SHOP dead ones of two kinds, one a minute; a completed
 * one; one of the other shop; one of a kind that is gone. */
static void
begin(const char *program)
{
	(void)test_shop(program);
	test_cx()->every_shop = true;
	test_sql("t",
	    "INSERT INTO job_done (id, queue_id, shop_id, kind, outcome, args, "
	    "attempt, epoch, shop_epoch, trace, created_at, finished_at) "
	    "SELECT n, q, s, k, o::job_outcome, '{\"n\": 1}', 3, 9, 5, 'abcd', "
	    "now(), now() - make_interval(mins => n) FROM (VALUES "
	    "(1, 2, 9007199254740993, 'pull_page', 'dead'), "
	    "(2, 2, 9007199254740993, 'pull_page', 'dead'), "
	    "(3, 4, 9007199254740993, 'token_refresh', 'dead'), "
	    "(4, 2, 9007199254740993, 'pull_page', 'completed'), "
	    "(5, 2, 2, 'pull_page', 'dead'), "
	    "(6, 2, 2, 'gone', 'dead')) t(n, q, s, k, o);"
	    "ALTER TABLE job ALTER id RESTART WITH 101");
}

static int64_t
count(struct replay_filter f)
{
	int64_t n;

	OK(replay_count(test_cx(), &f, &n));
	return n;
}

/* Half a minute behind the one that ended so many minutes ago. */
static int64_t
ago(int minutes)
{
	return strtoll(test_answer("t",
			   text_fmt(test_arena(),
			       "SELECT floor(extract(epoch FROM now() - "
			       "interval '%d min' + interval '30 s'))::bigint",
			       minutes)),
	    NULL, 10);
}

SERVER_CASE(the_count_comes_first_and_is_of_all_that_the_filter_says)
{
	begin("ops");
	ATF_CHECK_EQ(3, count((struct replay_filter){ .queue = "pulls" }));
	ATF_CHECK_EQ(
	    1, count((struct replay_filter){ .kind = "token_refresh" }));
	ATF_CHECK_EQ(3, count((struct replay_filter){ .shop_id = SHOP }));
	ATF_CHECK_EQ(1, count((struct replay_filter){ .shop_id = OTHER }));
	ATF_CHECK_EQ(0, count((struct replay_filter){
			    .queue = "tokens", .kind = "pull_page" }));
	ATF_CHECK_EQ(3, count((struct replay_filter){ .until = ago(2) }));
	ATF_CHECK_EQ(3, count((struct replay_filter){ .from = ago(4) }));
	ATF_CHECK_EQ(2,
	    count((struct replay_filter){ .from = ago(4), .until = ago(2) }));
	/* One shop's caller sees its own. */
	test_cx()->every_shop = false;
	ATF_CHECK_EQ(2, count((struct replay_filter){ .queue = "pulls" }));
	ATF_CHECK_EQ(3, count((struct replay_filter){ .shop_id = OTHER }));
	test_answers("0", "t", "SELECT count(*) FROM job");
}

static void
refused(struct replay_filter f, const char *field)
{
	int64_t n;

	ATF_CHECK_EQ(RC_INPUT, replay_count(test_cx(), &f, &n));
	ATF_CHECK_STREQ(field, test_cx()->fault.field);
	rc_forget(test_cx());
	CODE(RC_INPUT, replay_all(test_cx(), &f, 0, &n));
	ATF_CHECK_EQ(0, n);
}

SERVER_CASE(without_a_filter_or_with_a_wrong_one_nothing_is_replayed)
{
	int64_t n;

	begin("ops");
	refused((struct replay_filter){ .queue = NULL }, "filter");
	refused((struct replay_filter){ .queue = "none" }, "queue");
	refused((struct replay_filter){ .kind = "gone" }, "kind");
	refused((struct replay_filter){ .from = 9, .until = 9 }, "until");
	CODE(
	    RC_INPUT, replay_all(test_cx(),
			  &(struct replay_filter){ .queue = "pulls" }, -1, &n));
	CODE(RC_INPUT,
	    replay_all(test_cx(), &(struct replay_filter){ .queue = "pulls" },
		REPLAY_SPREAD_MOST_S + 1, &n));
	test_answers("0", "t", "SELECT count(*) FROM job");
}

SERVER_CASE(they_are_put_as_they_were_spread_and_once)
{
	const struct replay_filter pulls = { .queue = "pulls" };
	int64_t n;

	begin("ops");
	OK(replay_all(test_cx(), &pulls, 300, &n));
	ATF_CHECK_EQ(3, n);
	/* The oldest first. */
	test_answers("2 available 0,9007199254740993 scheduled 100,"
		     "9007199254740993 scheduled 200",
	    "t",
	    "SELECT string_agg(concat_ws(' ', shop_id, state, "
	    "round(extract(epoch FROM run_at - created_at))), ',' ORDER BY id) "
	    "FROM job");
	test_answers("2|pull_page|{\"n\": 1}|5|abcd|6|10|60|120|0", "t",
	    "SELECT DISTINCT queue_id, kind, args, shop_epoch, "
	    "encode(trace, 'escape'), priority, max_attempts, soft_limit_s, "
	    "hard_limit_s, attempt FROM job");
	ATF_CHECK_EQ(0, count(pulls));
	OK(replay_all(test_cx(), &pulls, 0, &n));
	ATF_CHECK_EQ(0, n);
	test_answers("3", "t",
	    "SELECT count(*) FROM job_done d JOIN job j ON j.id = d.replay_id "
	    "AND j.unique_key = convert_to('replay:' || d.id, 'UTF8')");
}

SERVER_CASE(more_than_one_statement_takes_are_put_too)
{
	const struct replay_filter f = { .kind = "subscriptions" };
	int64_t n;

	begin("ops");
	test_sql("t",
	    "INSERT INTO job_done (id, queue_id, shop_id, kind, outcome, "
	    "attempt, epoch, shop_epoch, created_at) SELECT 1000 + n, 3, 2, "
	    "'subscriptions', 'dead', 1, 1, 1, now() "
	    "FROM generate_series(1, 2300) n");
	test_cx()->every_shop = true;
	OK(replay_all(test_cx(), &f, 230, &n));
	ATF_CHECK_EQ(2300, n);
	test_answers("2300|t", "t",
	    "SELECT count(*), max(run_at) > now() + interval '200 s' FROM job");
}

/* ---- one */

SERVER_CASE(a_double_click_replays_once_even_when_the_first_has_ended)
{
	int64_t first, second;

	begin("ops");
	test_cx()->every_shop = false;
	OK(replay_one(test_cx(), 1, &first));
	OK(replay_one(test_cx(), 1, &second));
	ATF_CHECK_EQ(first, second);
	test_answers("1|2", "t", "SELECT count(*), min(priority) FROM job");
	test_claim();
	test_end(first, "completed");
	OK(replay_one(test_cx(), 1, &second));
	ATF_CHECK_EQ(first, second);
	test_answers("0", "t", "SELECT count(*) FROM job");
	/* What is dead again is a dead letter of its own. */
	OK(replay_one(test_cx(), 2, &first));
	test_claim();
	test_end(first, "dead");
	OK(replay_one(test_cx(), first, &second));
	ATF_CHECK(second > first);
}

SERVER_CASE(what_cannot_be_replayed_says_why)
{
	int64_t job;

	begin("ops");
	ATF_CHECK_EQ(RC_CONFLICT, replay_one(test_cx(), 4, &job));
	ATF_CHECK_STREQ(
	    "job 4 is completed, not dead", test_cx()->fault.sentence);
	rc_forget(test_cx());
	ATF_CHECK_EQ(RC_CONFLICT, replay_one(test_cx(), 6, &job));
	ATF_CHECK_STREQ("there are no jobs of kind gone any more",
	    test_cx()->fault.sentence);
	rc_forget(test_cx());
	CODE(RC_ABSENT, replay_one(test_cx(), 99, &job));
	test_cx()->every_shop = false;
	CODE(RC_ABSENT, replay_one(test_cx(), 5, &job));
}

/* Of one shop's caller. */
SERVER_CASE(one_that_waits_for_its_retry_is_due_now)
{
	int64_t id;

	begin("ops");
	test_cx()->every_shop = false;
	id = test_put(NULL, 3600);
	OK(retry_now(test_cx(), id));
	test_answers(
	    "available|t", "t", "SELECT state, run_at <= now() FROM job");
	ATF_CHECK_EQ(RC_CONFLICT, retry_now(test_cx(), id));
	ATF_CHECK_STREQ(
	    text_fmt(test_arena(), "job %lld is available", (long long)id),
	    test_cx()->fault.sentence);
	rc_forget(test_cx());
	CODE(RC_ABSENT, retry_now(test_cx(), 1));
	test_cx()->shop_id = OTHER;
	CODE(RC_ABSENT, retry_now(test_cx(), id));
}

static enum rc
replay_at_once(struct cx *cx, int i)
{
	const struct replay_filter f = { .queue = "pulls" };
	int64_t n;

	cx->every_shop = true;
	return i % 2 ? replay_one(cx, 1, &n) : replay_all(cx, &f, 0, &n);
}

SERVER_CASE(several_that_replay_at_once_double_none)
{
	begin("ops");
	test_together(8, "ops", replay_at_once);
	test_answers("3|3", "t",
	    "SELECT count(*), (SELECT count(replay_id) FROM job_done) "
	    "FROM job");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(
	    tp, the_count_comes_first_and_is_of_all_that_the_filter_says);
	ATF_TP_ADD_TC(
	    tp, without_a_filter_or_with_a_wrong_one_nothing_is_replayed);
	ATF_TP_ADD_TC(tp, they_are_put_as_they_were_spread_and_once);
	ATF_TP_ADD_TC(tp, more_than_one_statement_takes_are_put_too);
	ATF_TP_ADD_TC(
	    tp, a_double_click_replays_once_even_when_the_first_has_ended);
	ATF_TP_ADD_TC(tp, what_cannot_be_replayed_says_why);
	ATF_TP_ADD_TC(tp, one_that_waits_for_its_retry_is_due_now);
	ATF_TP_ADD_TC(tp, several_that_replay_at_once_double_none);
	return atf_no_error();
}
