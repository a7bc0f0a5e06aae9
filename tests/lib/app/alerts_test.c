/* Alerts: told once, and that they are over, whoever looks and however often.
 */
#include <atf-c.h>

#include "app/alerts.h"
#include "base/conf.h"
#include "shop.h"

static void
begin(void)
{
	(void)test_shop("jobd");
	test_cx()->shop_id = 0;
	test_cx()->every_shop = true;
	conf_set(C_ALERT_URL, "https://alerts.test/");
	conf_set(C_ALERT_BACKLOG_S, "600");
	conf_set(C_ALERT_EVERY_S, "900");
	test_sql("t", "UPDATE alert SET mark = now() - interval '1 s'");
}

static bool
looked(struct cx *cx, double oldest_s)
{
	const struct alerts_seen seen = { .oldest_s = oldest_s,
		.queue = "pulls" };
	bool put;

	OK(alerts_look(cx, &seen, &put));
	return put;
}

/* What was told, in the order of it. */
static void
check_told(const char *want)
{
	ATF_CHECK_STREQ(
	    want, test_answer("t",
		      "SELECT string_agg(concat_ws(' ', args->>'alert', "
		      "args->>'state', args->>'dead', args->>'oldest_s', "
		      "args->>'queue'), ', ' ORDER BY id) FROM job "
		      "WHERE kind = 'alert'"));
}

/* So many jobs died so many seconds ago. */
static void
died(int n, int seconds_ago)
{
	test_sql("t",
	    text_fmt(test_arena(),
		"INSERT INTO job_done (id, queue_id, shop_id, kind, outcome, "
		"attempt, epoch, shop_epoch, created_at, finished_at) "
		"SELECT nextval('job_id_seq'), 2, 2, 'pull_page', 'dead', 1, "
		"1, "
		"0, now(), now() - interval '%d s' FROM generate_series(1, %d)",
		seconds_ago, n));
}

static void
later(int seconds)
{
	test_sql(
	    "t", text_fmt(test_arena(),
		     "UPDATE alert SET said_at = said_at - interval '%d s', "
		     "mark = mark - interval '%d s'; "
		     "UPDATE job_done SET finished_at = finished_at "
		     "- interval '%d s'",
		     seconds, seconds, seconds));
}

SERVER_CASE(a_backlog_is_told_once_and_that_it_is_over)
{
	begin();
	ATF_CHECK(!looked(test_cx(), 600));
	ATF_CHECK(looked(test_cx(), 601));
	ATF_CHECK(!looked(test_cx(), 700));
	later(1000);
	ATF_CHECK(!looked(test_cx(), 9999));
	check_told("backlog firing 601 pulls");
	ATF_CHECK(looked(test_cx(), 3));
	ATF_CHECK(!looked(test_cx(), 3));
	/* Soon afterwards it has to wait. */
	ATF_CHECK(!looked(test_cx(), 800));
	later(899);
	ATF_CHECK(!looked(test_cx(), 800));
	later(2);
	ATF_CHECK(looked(test_cx(), 800));
	check_told("backlog firing 601 pulls, backlog recovered 3 pulls, "
		   "backlog firing 800 pulls");
}

SERVER_CASE(dead_letters_are_told_each_once_and_not_too_often)
{
	begin();
	ATF_CHECK(!looked(test_cx(), 0));
	died(2, 0);
	ATF_CHECK(looked(test_cx(), 0));
	ATF_CHECK(!looked(test_cx(), 0));
	died(3, 0);
	ATF_CHECK(!looked(test_cx(), 0));
	later(450);
	died(1, 0);
	ATF_CHECK(!looked(test_cx(), 0));
	later(460);
	ATF_CHECK(looked(test_cx(), 0));
	check_told("dead firing 2, dead firing 4");
	later(901);
	ATF_CHECK(looked(test_cx(), 0));
	ATF_CHECK(!looked(test_cx(), 0));
	later(901);
	ATF_CHECK(!looked(test_cx(), 0));
	check_told("dead firing 2, dead firing 4, dead recovered 0");
}

/* Its statement began before the one that was told of, and ended later. */
SERVER_CASE(one_that_becomes_visible_late_is_not_lost)
{
	begin();
	later(100);
	died(1, 0);
	ATF_CHECK(looked(test_cx(), 0));
	died(1, 20);
	later(901);
	ATF_CHECK(looked(test_cx(), 0));
	check_told("dead firing 1, dead firing 1");
}

SERVER_CASE(an_alert_that_died_is_no_dead_letter)
{
	begin();
	died(1, 0);
	test_sql("t", "UPDATE job_done SET kind = 'alert'");
	ATF_CHECK(!looked(test_cx(), 0));
}

SERVER_CASE(of_two_that_look_one_tells)
{
	struct cx *rival;

	begin();
	rival = test_rival("jobd");
	rival->every_shop = true;
	died(1, 0);
	OK(db_begin(test_cx()));
	test_sql("t", "SELECT 1");
	OK(db_run(test_cx(), Q_ALERT_TAKE, NO_ARGS, NULL));
	ATF_CHECK(!looked(rival, 0)); /* it does not wait either */
	db_rollback(test_cx());
	ATF_CHECK(looked(rival, 0));
	ATF_CHECK(!looked(test_cx(), 0));
	check_told("dead firing 1");
}

/* jobd ends between its look and its commit: nothing of it was. */
SERVER_CASE(what_was_not_committed_is_told_by_the_next)
{
	const struct alerts_seen seen = { 0 };
	bool put;

	begin();
	died(1, 0);
	test_sql("t", "REVOKE INSERT ON job FROM stockroom_jobd");
	CODE(RC_BUG, alerts_look(test_cx(), &seen, &put));
	ATF_CHECK(!put);
	test_sql("t", "GRANT INSERT ON job TO stockroom_jobd");
	ATF_CHECK(looked(test_cx(), 0));
	check_told("dead firing 1");
}

SERVER_CASE(without_an_address_nothing_stands_and_nothing_piles_up)
{
	begin();
	conf_set(C_ALERT_URL, "");
	died(5, 0);
	ATF_CHECK(!looked(test_cx(), 9999));
	conf_set(C_ALERT_URL, "https://alerts.test/");
	ATF_CHECK(looked(test_cx(), 9999));
	check_told("backlog firing 9999 pulls");
	conf_set(C_ALERT_BACKLOG_S, "0");
	ATF_CHECK(looked(test_cx(), 9999));
	check_told("backlog firing 9999 pulls, backlog recovered 9999 pulls");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_backlog_is_told_once_and_that_it_is_over);
	ATF_TP_ADD_TC(tp, dead_letters_are_told_each_once_and_not_too_often);
	ATF_TP_ADD_TC(tp, one_that_becomes_visible_late_is_not_lost);
	ATF_TP_ADD_TC(tp, an_alert_that_died_is_no_dead_letter);
	ATF_TP_ADD_TC(tp, of_two_that_look_one_tells);
	ATF_TP_ADD_TC(tp, what_was_not_committed_is_told_by_the_next);
	ATF_TP_ADD_TC(
	    tp, without_an_address_nothing_stands_and_nothing_piles_up);
	return atf_no_error();
}
