/* housekeeping: pairs of the inbox, partitions ahead, what is old; every minute
 * (design.md 6). */
#include <atf-c.h>

#include "base/conf.h"
#include "base/log.h"
#include "delivery.h"
#include "handled.h"
#include "store/cron.h"

#include "../../jobs/table.h"

static void
begin(void)
{
	(void)test_shop("jobd");
	log_open(LOG_ERR + 1, 2);
	test_cx()->shop_id = 0;
	test_cx()->every_shop = true;
}

static struct frame
keep_house(void)
{
	const struct job_new job = { .kind = JOB_HOUSEKEEPING };

	OK(job_put(test_cx(), &job, NULL));
	return handled(JOB_HOUSEKEEPING);
}

static void
kept_house(void)
{
	handled_well(keep_house());
}

static void
check_pairs(const char *want)
{
	ATF_CHECK_STREQ(want,
	    test_answer("t", "SELECT string_agg(id::text, ',' ORDER BY id) "
			     "FROM inbox_public"));
}

static void
later(const char *interval)
{
	test_sql("t",
	    text_fmt(test_arena(),
		"UPDATE inbox_public SET created_at = created_at - interval "
		"'%s'",
		interval));
}

static void
fired(int64_t jobs)
{
	struct cron_fired f;

	OK(cron_fire(test_cx(), 10, &f));
	ATF_CHECK_EQ(jobs, f.jobs);
}

/* Two jobd that start, and one that starts again. */
SERVER_CASE(a_jobd_that_starts_has_it_kept_at_once_and_then_every_minute)
{
	begin();
	OK(table_start(test_cx()));
	OK(table_start(test_cx()));
	fired(1);
	fired(0);
	handled_well(handled(JOB_HOUSEKEEPING));
	test_answers("t", "t",
	    "SELECT next_at > now() AND next_at <= now() + interval '1 min' "
	    "FROM cron WHERE name = 'housekeeping'");
	test_answers("housekeeping,subscriptions,token_refresh", "t",
	    "SELECT string_agg(name, ',' ORDER BY name) FROM cron");
	OK(table_start(test_cx()));
	fired(1);
}

/* A schedule that is ours no more, and one that was paused. */
SERVER_CASE(a_jobd_that_starts_drops_old_schedules_and_keeps_a_pause)
{
	begin();
	test_sql("t", "INSERT INTO cron (name, owner, queue_id, kind, spec, "
		      "next_at) SELECT n, o, 1, 'old', '@daily', now() "
		      "FROM (VALUES ('old', 'stockroom'), ('kept', 'file')) "
		      "t(n, o)");
	OK(table_start(test_cx()));
	OK(cron_pause(test_cx(), "housekeeping"));
	CODE(RC_CONFLICT, table_start(test_cx()));
	ATF_CHECK(test_cx()->every_shop);
	fired(0);
	test_answers("housekeeping t,kept f,subscriptions f,token_refresh f",
	    "t",
	    "SELECT string_agg(name || ' ' || left(paused::text, 1), ',' "
	    "ORDER BY name) FROM cron");
}

/* A new installation's door is shut till the first is made. */
SERVER_CASE(there_is_a_pair_and_a_new_one_each_hour)
{
	begin();
	kept_house();
	check_pairs("1");
	kept_house();
	check_pairs("1");
	later("59 min");
	kept_house();
	check_pairs("1");
	later("1 min");
	kept_house();
	check_pairs("1,2");
	later("4 min");
	kept_house();
	check_pairs("1,2");
	later("1 min");
	kept_house();
	check_pairs("2");
	test_answers("1|2", "t_keys",
	    "SELECT string_agg(id::text, $$,$$ ORDER BY id) "
	    "FILTER (WHERE private_wrapped IS NULL), "
	    "string_agg(id::text, $$,$$ ORDER BY id) "
	    "FILTER (WHERE private_wrapped IS NOT NULL) FROM inbox_key");
}

/* Of any shop, for it sees them all: one we know, and one we do not. */
SERVER_CASE(a_pair_that_something_waits_for_is_not_destroyed)
{
	struct webhook_new *w;

	begin();
	kept_house();
	(void)test_delivered("orders/create", "{\"id\":11}");
	w = test_delivery("orders/create", "{\"id\":11}");
	w->domain = "unknown.myshopify.com";
	OK(webhook_keep(test_door(), &w, 1));
	later("1 h");
	kept_house();
	later("1 h");
	kept_house();
	later("6 min");
	kept_house();
	check_pairs("1,3");
	handled_well(handled(JOB_WEBHOOK_APPLY));
	kept_house();
	check_pairs("1,3");
	handled_well(handled(JOB_WEBHOOK_APPLY));
	kept_house();
	check_pairs("3");
	test_answers("0", "t",
	    "SELECT count(*) FROM webhook WHERE inbox_id IS NOT NULL");
}

/* The keyring was away when their job died. */
SERVER_CASE(what_failed_long_ago_keeps_no_pair_alive)
{
	begin();
	kept_house();
	(void)test_delivered("orders/create", "{\"id\":11}");
	(void)test_delivered("orders/create", "no json");
	test_sql("t",
	    "INSERT INTO webhook (shop_id, id, domain, topic, body_sha256, "
	    "body_bytes, body, inbox_id, state) SELECT shop_id, "
	    "$$01936d6e-0000-7000-8000-000000000001$$, domain, topic, "
	    "body_sha256, 3, body, inbox_id, $$failed$$ FROM webhook LIMIT 1");
	test_sql("t", "UPDATE webhook SET state = 'failed', reason = 'x';"
		      "DELETE FROM job WHERE kind = 'webhook_apply'");
	kept_house();
	test_answers("failed x o 11 t\nfailed x s 9007199254740993 t", "t",
	    "SELECT state || $$ $$ || reason || $$ $$ || subject_kind || "
	    "$$ $$ || subject_id || $$ $$ || left((inbox_id IS NULL)::text, 1) "
	    "FROM webhook WHERE body_bytes > 3 ORDER BY subject_id");
	/* One that was tampered with is left, and said. */
	test_answers("1", "t",
	    "SELECT count(*) FROM webhook WHERE inbox_id IS NOT NULL");
	test_sql("t", "DELETE FROM webhook WHERE body_bytes = 3");
	later("1 h");
	kept_house();
	later("6 min");
	kept_house();
	check_pairs("2");
}

SERVER_CASE(the_next_days_have_their_partitions)
{
	begin();
	kept_house();
	test_answers("webhook t,webhook t,webhook t,webhook t,webhook f", "t",
	    "SELECT string_agg($$webhook $$ || left((to_regclass("
	    "$$webhook_$$ || to_char(now() AT TIME ZONE $$UTC$$ "
	    "+ make_interval(days => n), $$YYYYMMDD$$)) IS NOT NULL)::text, "
	    "1), $$,$$ ORDER BY n) FROM generate_series(0, 4) n");
	test_answers("t", "t",
	    "SELECT to_regclass($$job_done_$$ || to_char(now() AT TIME ZONE "
	    "$$UTC$$ + interval $$3 days$$, $$YYYYMMDD$$)) IS NOT NULL");
}

SERVER_CASE(what_was_seen_long_ago_is_forgotten)
{
	begin();
	(void)test_delivered("orders/create", "{\"id\":11,\"n\":1}");
	(void)test_delivered("orders/create", "{\"id\":11,\"n\":2}");
	handled_well(handled(JOB_WEBHOOK_APPLY));
	handled_well(handled(JOB_WEBHOOK_APPLY));
	test_sql("t",
	    "UPDATE webhook_seen SET seen_at = now() - interval '30 days 1 s' "
	    "WHERE ctid = (SELECT min(ctid) FROM webhook_seen);"
	    "UPDATE webhook_seen SET seen_at = now() - interval '29 days' "
	    "WHERE seen_at > now() - interval '1 day';"
	    "UPDATE webhook_body SET seen_at = now() - interval '30 days 1 s' "
	    "WHERE ctid = (SELECT min(ctid) FROM webhook_body)");
	kept_house();
	test_answers("1|1", "t",
	    "SELECT (SELECT count(*) FROM webhook_seen), "
	    "(SELECT count(*) FROM webhook_body)");
}

/* What is past its time, and what is not. */
#define EITHER(past, to_come) "(VALUES (" past "), (" to_come ")) t(d)"

SERVER_CASE(what_has_lapsed_or_ended_does_not_stay_for_ever)
{
	begin();
	test_sql("t", "INSERT INTO job (queue_id, kind, state) "
		      "VALUES (1, 'a', 'scheduled')");
	test_sql("t",
	    "INSERT INTO session (shop_id, id, hash, idle_until, expires_at) "
	    "SELECT 2, gen_random_uuid(), sha256(d::bytea), now(), "
	    "now() + d::interval FROM " EITHER("'-1 s'",
		"'1 h'") ";"
			 "INSERT INTO oauth_state (hash, domain, cookie_hash, "
			 "expires_at) "
			 "SELECT sha256(d::bytea), '', sha256(''), now() + "
			 "d::interval "
			 "FROM " EITHER("'-1 s'",
			     "'1 h'") ";"
				      "INSERT INTO idempotency (shop_id, "
				      "key_hash, route, "
				      "request_sha256, expires_at) SELECT 2, "
				      "sha256(d::bytea), '', "
				      "sha256(''), now() + d::interval "
				      "FROM " EITHER("'-1 s'",
					  "'1 h'") ";"
						   "INSERT INTO job_progress "
						   "(id, epoch, at) "
						   "SELECT n, 1, now() - "
						   "interval '2 h' FROM "
						   "(SELECT id FROM job UNION "
						   "SELECT 999) j(n);"
						   "INSERT INTO job_note "
						   "(job_id, at, text) "
						   "SELECT 999, now() + "
						   "d::interval, '' "
						   "FROM " EITHER("'-31 days'",
						       "'-29 days'") ";"
								     "INSERT "
								     "INTO "
								     "job_done "
								     "(id, "
								     "queue_id,"
								     " shop_id,"
								     " kind, "
								     "outcome, "
								     "attempt, "
								     "epoch, "
								     "shop_"
								     "epoch, "
								     "created_"
								     "at, "
								     "finished_"
								     "at) "
								     "SELECT "
								     "999, 1, "
								     "2, '', "
								     "'complete"
								     "d', 1, "
								     "1, 1, "
								     "now(), "
								     "now() + "
								     "d::"
								     "interval "
								     "FROM"
								     " " EITHER(
									 "'-32 "
									 "days"
									 "'",
									 "'-29 "
									 "days"
									 "'"));
	kept_house();
	/* The last beside the run itself. */
	test_answers("1|1|1|1|1|2", "t",
	    "SELECT (SELECT count(*) FROM session), "
	    "(SELECT count(*) FROM oauth_state), "
	    "(SELECT count(*) FROM idempotency), "
	    "(SELECT count(*) FROM job_progress), "
	    "(SELECT count(*) FROM job_note), "
	    "(SELECT count(*) FROM job_done)");
}

static void
check_refreshes(const char *want)
{
	kept_house();
	ATF_CHECK_STREQ(
	    want, test_answer("t", "SELECT string_agg(concat_ws(' ', shop_id, "
				   "shop_epoch, args->>'type'), ',' "
				   "ORDER BY shop_id, args) FROM job "
				   "WHERE kind = 'changed_refresh'"));
}

/* Its job has died, or its shop had no token for a while. */
SERVER_CASE(what_changed_long_ago_and_was_not_read_is_read_after_all)
{
	begin();
	test_sql("t", "INSERT INTO changed (shop_id, type, id, noted_at) "
		      "SELECT s, 'orders', i, now() - interval '9 min' "
		      "FROM (VALUES (9007199254740993), (2)) t(s), "
		      "generate_series(1, 3) i; "
		      "UPDATE shop SET epoch = 5 WHERE shop_id = 2");
	check_refreshes("");
	test_sql("t",
	    "UPDATE shop SET status = 'needs_authorization' "
	    "WHERE shop_id > 2; "
	    "UPDATE changed SET noted_at = now() - interval '11 min'");
	check_refreshes("2 5 orders");
	check_refreshes("2 5 orders");
	test_sql("t", "UPDATE shop SET status = 'installed'");
	check_refreshes("2 5 orders,9007199254740993 1 orders");
}

SERVER_CASE(what_cannot_be_done_is_said_while_the_rest_is_done)
{
	begin();
	test_sql("t_keys", "REVOKE INSERT ON inbox_key FROM stockroom_jobd");
	test_sql("t", "INSERT INTO webhook_seen (shop_id, key, seen_at) "
		      "VALUES (2, '', now() - interval '31 days')");
	handled_said(JOB_DEAD, "permission denied", keep_house());
	test_answers("0", "t", "SELECT count(*) FROM webhook_seen");
	test_sql("t_keys", "GRANT INSERT ON inbox_key TO stockroom_jobd");
	kept_house();
	check_pairs("1");
}

/* A number that would drop what is of today is none. */
SERVER_CASE(what_has_ended_is_kept_for_the_days_of_the_settings)
{
	begin();
	test_sql("t",
	    "SELECT part_day('job_done', (now() AT TIME ZONE 'UTC')::date - n) "
	    "FROM generate_series(1, 4) n;"
	    "INSERT INTO job_batch (shop_id, created_at, finished_at) VALUES "
	    "(0, now() - interval '9 d', now() - interval '4 d'), "
	    "(0, now() - interval '9 d', now() - interval '1 d'), "
	    "(0, now() - interval '9 d', NULL), (0, now(), NULL);"
	    "INSERT INTO job (queue_id, kind, batch_id) VALUES (1, 'a', 3);"
	    "INSERT INTO job_period VALUES (0, 'a', now() - interval '2 min'), "
	    "(0, 'b', now() + interval '1 min')");
	conf_set(C_JOB_DAYS, "2");
	kept_house();
	test_answers("2|2,3,4|b", "t",
	    "SELECT (SELECT count(*) FROM pg_inherits "
	    "WHERE inhparent = 'job_done'::regclass AND "
	    "inhrelid::regclass::text "
	    "< 'job_done_' || to_char(now() AT TIME ZONE 'UTC', 'YYYYMMDD')), "
	    "(SELECT string_agg(id::text, ',' ORDER BY id) FROM job_batch), "
	    "(SELECT string_agg(encode(key, 'escape'), ',') FROM job_period)");
	conf_set(C_JOB_DAYS, "0");
	handled_said(
	    JOB_DEAD, "JOB_DAYS must be a number from 1 to 3650", keep_house());
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(
	    tp, a_jobd_that_starts_has_it_kept_at_once_and_then_every_minute);
	ATF_TP_ADD_TC(
	    tp, a_jobd_that_starts_drops_old_schedules_and_keeps_a_pause);
	ATF_TP_ADD_TC(tp, what_has_ended_is_kept_for_the_days_of_the_settings);
	ATF_TP_ADD_TC(tp, there_is_a_pair_and_a_new_one_each_hour);
	ATF_TP_ADD_TC(tp, a_pair_that_something_waits_for_is_not_destroyed);
	ATF_TP_ADD_TC(tp, what_failed_long_ago_keeps_no_pair_alive);
	ATF_TP_ADD_TC(tp, the_next_days_have_their_partitions);
	ATF_TP_ADD_TC(tp, what_was_seen_long_ago_is_forgotten);
	ATF_TP_ADD_TC(tp, what_has_lapsed_or_ended_does_not_stay_for_ever);
	ATF_TP_ADD_TC(
	    tp, what_changed_long_ago_and_was_not_read_is_read_after_all);
	ATF_TP_ADD_TC(tp, what_cannot_be_done_is_said_while_the_rest_is_done);
	return atf_no_error();
}
