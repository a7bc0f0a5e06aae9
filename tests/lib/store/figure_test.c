/* Figures of the queue, and who works on it. */
#include <atf-c.h>

#include "shop.h"
#include "store/figure.h"
#include "store/worker.h"

/* Jobs of both shops, of every state, one of which waits for 90 seconds. */
#define JOBS                                                                   \
	"INSERT INTO job (queue_id, shop_id, kind, state, run_at) VALUES "     \
	"(2, 2, 'a', 'available', now() - interval '90 s'), "                  \
	"(2, 9007199254740993, 'a', 'available', now()), "                     \
	"(2, 2, 'a', 'running', now()), (4, 2, 'a', 'blocked', now()), "       \
	"(4, 2, 'a', 'scheduled', '2100-01-01')"

static struct figure_queue
queue_of(const char *name)
{
	struct figure_queue *list;
	size_t n, i;

	OK(figure_queues(test_cx(), &list, &n));
	for (i = 0; i < n; i++)
		if (text_same(list[i].name, name))
			return list[i];
	atf_tc_fail("there is no queue %s", name);
}

SERVER_CASE(live_jobs_are_counted_by_queue_and_state)
{
	struct figure_queue pulls, tokens;

	(void)test_shop("ops");
	test_cx()->every_shop = true;
	test_sql("t", JOBS);
	pulls = queue_of("pulls");
	tokens = queue_of("tokens");
	ATF_CHECK_EQ(2, pulls.available);
	ATF_CHECK_EQ(1, pulls.running);
	ATF_CHECK(pulls.scheduled == 0 && pulls.blocked == 0);
	ATF_CHECK(pulls.oldest_s >= 90 && pulls.oldest_s < 100);
	ATF_CHECK(tokens.scheduled == 1 && tokens.blocked == 1);
	ATF_CHECK(tokens.oldest_s == 0);
	ATF_CHECK_EQ(0, queue_of("ai").available);
}

/* Few are counted at once, whatever was counted before; of many the last count
 * is told, unless it is old. */
SERVER_CASE(many_are_told_as_they_were_counted_last)
{
	struct figure_queue counted = {
		.id = 2, .available = 60000, .oldest_s = 70
	};
	struct figure_queue *list;
	size_t n;

	(void)test_shop("jobd");
	test_sql("t", JOBS);
	OK(figure_levels_save(test_cx(), &counted, 1));
	OK(figure_levels(test_cx(), &list, &n));
	ATF_REQUIRE_EQ(1, n);
	ATF_CHECK_EQ(60000, list[0].available);
	ATF_CHECK(list[0].oldest_s >= 70 && list[0].oldest_s < 80);
	test_sql("t",
	    "UPDATE queue_level SET counted_at = now() - interval '11 min'");
	OK(figure_levels(test_cx(), &list, &n));
	ATF_CHECK(n > 5);
	OK(figure_levels_save(test_cx(), list, n));
	counted.available = 10;
	counted.oldest_s = 0;
	OK(figure_levels_save(test_cx(), &counted, 1));
	OK(figure_levels(test_cx(), &list, &n));
	ATF_CHECK(n > 5);
	ATF_CHECK_EQ(2, list[1].available);
	ATF_CHECK(list[1].oldest_s >= 90);
}

SERVER_CASE(shares_are_added_to_their_minute)
{
	const struct figure_share shares[] = {
		{ "pulls", "pull_page", 4, 3, 1, 0, 2, 1500, 3, 600 },
		{ "tokens", "token_refresh", 1, 0, 0, 1, 0, 0, 0, 0 },
	};
	struct figure_minute *list;
	struct figure_minute sum = { 0 };
	size_t n, i;

	(void)test_shop("jobd");
	OK(figure_minute_add(test_cx(), shares, 2));
	OK(figure_minute_add(test_cx(), shares, 1));
	OK(figure_minute_add(test_cx(), shares, 0));
	OK(figure_minute_list(test_cx(), 3, NULL, NULL, &list, &n));
	ATF_REQUIRE_EQ(3, n);
	ATF_CHECK(list[0].at + 60 == list[1].at && list[0].at % 60 == 0);
	for (i = 0; i < n; i++) {
		sum.claimed += list[i].claimed;
		sum.completed += list[i].completed;
		sum.dead += list[i].dead;
		sum.cancelled += list[i].cancelled;
		sum.retried += list[i].retried;
		sum.wait_s += list[i].wait_s;
		sum.ran += list[i].ran;
		sum.run_s += list[i].run_s;
	}
	ATF_CHECK_EQ(9, sum.claimed);
	ATF_CHECK_EQ(6, sum.completed);
	ATF_CHECK_EQ(2, sum.dead);
	ATF_CHECK_EQ(1, sum.cancelled);
	ATF_CHECK_EQ(4, sum.retried);
	ATF_CHECK(sum.wait_s == 3 && sum.run_s == 1.2);
	ATF_CHECK_EQ(6, sum.ran);
	OK(figure_minute_list(
	    test_cx(), 3, "tokens", "token_refresh", &list, &n));
	for (i = 0, sum.claimed = 0; i < n; i++)
		sum.claimed += list[i].claimed;
	ATF_CHECK_EQ(1, sum.claimed);
	OK(figure_minute_list(test_cx(), 3, "tokens", "pull_page", &list, &n));
	for (i = 0; i < n; i++)
		ATF_CHECK_EQ(0, list[i].claimed);
}

SERVER_CASE(rates_schedules_batches_and_vacuum_are_measured)
{
	struct figure_database db;
	struct figure_rate *rates;
	size_t n;

	(void)test_shop("jobd");
	test_sql("t",
	    "INSERT INTO rate (key, tokens, burst, per_s, at, hold_until) "
	    "VALUES ('a', 1, 5, 1, now() - interval '1 h', "
	    "now() + interval '60 s'), ('b', -3, 5, 0.001, now(), '-infinity');"
	    "INSERT INTO cron (name, queue_id, kind, spec, paused, next_at) "
	    "VALUES ('late', 1, 'k', 'x', false, now() - interval '30 s'), "
	    "('off', 1, 'k', 'x', true, now() - interval '1 h');"
	    "INSERT INTO job_batch (shop_id, total, ok, bad, sealed) "
	    "VALUES (2, 2, 1, 1, true), (2, 2, 1, 0, true), (2, 0, 0, 0, "
	    "false)");
	OK(figure_rates(test_cx(), &rates, &n));
	ATF_REQUIRE_EQ(2, n);
	ATF_CHECK_STREQ("a", rates[0].key);
	ATF_CHECK(rates[0].tokens == 5);
	ATF_CHECK(rates[0].hold_s > 50 && rates[0].hold_s <= 60);
	ATF_CHECK(rates[1].tokens < -2 && rates[1].hold_s == 0);
	OK(figure_database(test_cx(), &db));
	ATF_CHECK(db.cron_lag_s >= 30 && db.cron_lag_s < 60);
	ATF_CHECK_EQ(2, db.batches);
	ATF_CHECK(db.dead_tuples >= 0);
	ATF_CHECK(db.xmin_age_s >= 0 && db.xmin_age_s < 5);
}

/* Another role's transaction holds vacuum back. */
SERVER_CASE(a_transaction_of_anybodys_is_seen_to_hold_vacuum_back)
{
	struct cx *rival;
	struct row row;
	struct figure_database db;

	(void)test_shop("ops");
	rival = test_rival("jobd");
	OK(db_begin(test_cx()));
	OK(db_one(test_cx(), Q_JOB_ALIVE, NO_ARGS, &row));
	test_sql("t", "SELECT pg_sleep(1.1)");
	OK(figure_database(rival, &db));
	ATF_CHECK_MSG(db.xmin_age_s > 1, "%f", db.xmin_age_s);
	db_rollback(test_cx());
}

SERVER_CASE(workers_say_how_many_children_they_have)
{
	struct worker *list;
	size_t n;

	(void)test_shop("jobd");
	test_cx()->every_shop = true;
	test_sql("t", "INSERT INTO worker (host, pid, lease_until) VALUES "
		      "('one', 7, now() - interval '1 h'), "
		      "('two', 8, now() + interval '7 s'); " JOBS
		      "; UPDATE job SET worker_id = 2 WHERE state = 'running'");
	OK(worker_say(test_cx(), 2, "{\"sync\": {\"idle\": 3}}"));
	OK(worker_say(test_cx(), 99, "{}"));
	OK(worker_list(test_cx(), &list, &n));
	ATF_REQUIRE_EQ(2, n);
	ATF_CHECK_STREQ("two", list[0].host);
	ATF_CHECK(list[0].alive && list[0].idle && list[0].pid == 8);
	ATF_CHECK_EQ(1, list[0].running);
	ATF_CHECK_EQ(10, list[0].lease_until - list[0].beat_at);
	ATF_CHECK_STREQ("{\"sync\": {\"idle\": 3}}", list[0].slots);
	ATF_CHECK(!list[1].alive && list[1].slots == NULL);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, live_jobs_are_counted_by_queue_and_state);
	ATF_TP_ADD_TC(tp, many_are_told_as_they_were_counted_last);
	ATF_TP_ADD_TC(tp, shares_are_added_to_their_minute);
	ATF_TP_ADD_TC(tp, rates_schedules_batches_and_vacuum_are_measured);
	ATF_TP_ADD_TC(
	    tp, a_transaction_of_anybodys_is_seen_to_hold_vacuum_back);
	ATF_TP_ADD_TC(tp, workers_say_how_many_children_they_have);
	return atf_no_error();
}
