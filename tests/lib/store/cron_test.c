/* Schedules: made, changed, and fired once by whoever comes first. */
#include <atf-c.h>
#include <string.h>

#include "base/log.h"
#include "queue.h"
#include "store/cron.h"

static void
begin(const char *program)
{
	(void)test_shop(program);
	log_open(LOG_ERR + 1, 2);
	test_cx()->every_shop = true;
}

static struct cron_new
usual(const char *name)
{
	return (struct cron_new){
		.name = name,
		.owner = CRON_FILE,
		.spec = "30 2 * * *",
		.tz = "Europe/Berlin",
		.kind = JOB_SUBSCRIPTIONS,
		.args = "{\"a\":1}",
		.priority = JOB_BACKGROUND,
	};
}

static void
put(const char *name)
{
	const struct cron_new c = usual(name);

	OK(cron_put(test_cx(), &c));
}

static struct cron_fired
fired(void)
{
	struct cron_fired f;

	OK(cron_fire(test_cx(), 100, &f));
	return f;
}

/* It was due so long ago. */
static void
due(const char *name, const char *ago)
{
	test_sql(
	    "t", text_fmt(test_arena(),
		     "UPDATE cron SET next_at = date_trunc('second', now()) - "
		     "interval '%s' WHERE name = '%s'",
		     ago, name));
}

/* ---- made */

SERVER_CASE(a_schedule_is_kept_with_its_next_time)
{
	struct cron_row c;

	begin("ops");
	put("compare.daily");
	OK(cron_load(test_cx(), "compare.daily", &c));
	ATF_CHECK_STREQ("file", c.owner);
	ATF_CHECK_STREQ("30 2 * * *", c.spec);
	ATF_CHECK_STREQ("Europe/Berlin", c.tz);
	ATF_CHECK_STREQ("subscriptions", c.kind);
	ATF_CHECK_STREQ("{\"a\": 1}", c.args);
	ATF_CHECK(c.priority == 6 && !c.paused && !c.changed);
	ATF_CHECK(c.fired_at == 0 && c.job_id == 0 && c.shop_id == 0);
	test_answers("t", "t",
	    "SELECT next_at > now() AND next_at <= now() + interval '25 h' "
	    "AND to_char(next_at AT TIME ZONE 'Europe/Berlin', 'HH24:MI:SS') "
	    "= '02:30:00' FROM cron");
	CODE(RC_ABSENT, cron_load(test_cx(), "other", &c));
}

static void
refused(struct cron_new c, const char *field)
{
	ATF_CHECK_EQ(RC_INPUT, cron_put(test_cx(), &c));
	ATF_CHECK_MSG(
	    test_cx()->fault.field && text_same(field, test_cx()->fault.field),
	    "%s: %s", field, test_cx()->fault.field);
	rc_forget(test_cx());
}

SERVER_CASE(what_cannot_be_read_is_refused_and_nothing_is_kept)
{
	struct cron_new c = usual("a");

	begin("ops");
	c.name = "";
	refused(c, "name");
	c.name = "With a blank";
	refused(c, "name");
	c.name = text_fmt(test_arena(), "%081d", 1);
	refused(c, "name");
	c = usual("a");
	c.spec = "30 2 * * * *";
	refused(c, "spec");
	c = usual("a");
	c.tz = "Europe/Nowhere";
	refused(c, "tz");
	c = usual("a");
	c.args = text_fmt(test_arena(), "{\"a\":\"%09000d\"}", 1);
	refused(c, "args");
	c.args = "{";
	CODE(RC_INPUT, cron_put(test_cx(), &c));
	test_answers("0", "t", "SELECT count(*) FROM cron");
}

SERVER_CASE(put_again_it_keeps_its_pause_and_its_time)
{
	struct cron_new c = usual("a");

	begin("ops");
	put("a");
	due("a", "1 h");
	OK(cron_pause(test_cx(), "a"));
	c.args = "{}";
	OK(cron_put(test_cx(), &c));
	test_answers(
	    "t|{}|t", "t", "SELECT paused, args, next_at < now() FROM cron");
	c.spec = "31 2 * * *";
	OK(cron_put(test_cx(), &c));
	test_answers("t|31 2 * * *|t", "t",
	    "SELECT paused, spec, next_at > now() FROM cron");
	c.owner = CRON_OPERATOR;
	ATF_CHECK_EQ(RC_CONFLICT, cron_put(test_cx(), &c));
	ATF_CHECK_STREQ("schedule a is not one of the operator's",
	    test_cx()->fault.sentence);
	rc_forget(test_cx());
}

SERVER_CASE(what_an_owner_no_longer_has_goes)
{
	static const char *const names[] = { "b", "new" };
	struct cron_new c = usual("c");
	int64_t dropped;

	begin("jobd");
	put("a");
	put("b");
	c.owner = CRON_OURS;
	OK(cron_put(test_cx(), &c));
	OK(cron_keep(test_cx(), CRON_FILE, names, 2, &dropped));
	ATF_CHECK_EQ(1, dropped);
	OK(cron_keep(test_cx(), CRON_OPERATOR, NULL, 0, &dropped));
	ATF_CHECK_EQ(0, dropped);
	test_answers(
	    "b,c", "t", "SELECT string_agg(name, ',' ORDER BY name) FROM cron");
}

SERVER_CASE(a_list_has_what_one_may_see)
{
	struct cron_new c = usual("of.shop");
	struct cron_row *list;
	size_t n;

	begin("ops");
	put("b");
	put("a");
	c.shop_id = SHOP;
	c.owner = CRON_OPERATOR;
	OK(cron_put(test_cx(), &c));
	OK(cron_list(test_cx(), &list, &n));
	ATF_REQUIRE_EQ(3, n);
	ATF_CHECK_STREQ("a", list[0].name);
	ATF_CHECK_STREQ("of.shop", list[2].name);
	ATF_CHECK_EQ(SHOP, list[2].shop_id);
	test_cx()->every_shop = false;
	OK(cron_list(test_cx(), &list, &n));
	ATF_REQUIRE_EQ(1, n);
	CODE(RC_ABSENT, cron_pause(test_cx(), "a"));
	ATF_CHECK(test_code(cron_put(
		      test_cx(), &(struct cron_new){ .name = "x",
				     .spec = "@daily",
				     .kind = JOB_SUBSCRIPTIONS })) != RC_OK);
}

/* ---- changed */

SERVER_CASE(an_operators_time_stays_when_the_owner_puts_it_again)
{
	struct cron_new c = usual("ours");

	begin("ops");
	c.owner = CRON_OURS;
	OK(cron_put(test_cx(), &c));
	OK(cron_change(test_cx(), "ours", "@hourly", NULL));
	OK(cron_put(test_cx(), &c));
	test_answers("@hourly|Europe/Berlin|t|t", "t",
	    "SELECT spec, tz, changed, next_at <= now() + interval '1 h' "
	    "FROM cron");
	OK(cron_change(test_cx(), "ours", NULL, "UTC"));
	test_answers("@hourly|UTC", "t", "SELECT spec, tz FROM cron");
	ATF_CHECK_EQ(
	    RC_INPUT, cron_change(test_cx(), "ours", "0 25 * * *", NULL));
	ATF_CHECK_STREQ("spec", test_cx()->fault.field);
	rc_forget(test_cx());
	put("of.file");
	CODE(RC_CONFLICT, cron_change(test_cx(), "of.file", "@daily", NULL));
	CODE(RC_ABSENT, cron_change(test_cx(), "none", "@daily", NULL));
}

SERVER_CASE(paused_it_is_not_fired_and_resumed_it_begins_anew)
{
	begin("jobd");
	put("a");
	due("a", "1 h");
	OK(cron_pause(test_cx(), "a"));
	CODE(RC_CONFLICT, cron_run(test_cx(), "a"));
	ATF_CHECK_EQ(0, fired().jobs);
	OK(cron_resume(test_cx(), "a"));
	ATF_CHECK_EQ(0, fired().jobs);
	test_answers("f|t", "t", "SELECT paused, next_at > now() FROM cron");
	due("a", "1 min");
	OK(cron_resume(test_cx(), "a"));
	ATF_CHECK_EQ(1, fired().jobs);
	CODE(RC_ABSENT, cron_pause(test_cx(), "none"));
	CODE(RC_ABSENT, cron_resume(test_cx(), "none"));
	CODE(RC_ABSENT, cron_run(test_cx(), "none"));
	/* Due at once, and then as before. */
	put("r");
	OK(cron_run(test_cx(), "r"));
	ATF_CHECK_EQ(1, fired().jobs);
	ATF_CHECK_EQ(0, fired().jobs);
	test_answers("02:30:00", "t",
	    "SELECT to_char(next_at AT TIME ZONE 'Europe/Berlin', "
	    "'HH24:MI:SS') FROM cron WHERE name = 'r'");
}

SERVER_CASE(only_an_operators_can_be_dropped)
{
	struct cron_new c = usual("a");

	begin("ops");
	put("of.file");
	CODE(RC_CONFLICT, cron_drop(test_cx(), "of.file"));
	CODE(RC_ABSENT, cron_drop(test_cx(), "a"));
	c.owner = CRON_OPERATOR;
	OK(cron_put(test_cx(), &c));
	OK(cron_drop(test_cx(), "a"));
	test_answers("of.file", "t", "SELECT name FROM cron");
}

/* ---- fired */

SERVER_CASE(what_is_due_puts_its_job_as_its_kind_says)
{
	struct cron_new c = usual("of.shop");
	struct cron_fired f;

	begin("jobd");
	put("a");
	c.shop_id = SHOP;
	OK(cron_put(test_cx(), &c));
	test_sql("t", "UPDATE shop SET epoch = 7 WHERE shop_id > 2");
	ATF_CHECK_EQ(0, fired().jobs);
	ATF_CHECK_EQ(-1, fired().lag_s);
	due("a", "10 s");
	due("of.shop", "10 s");
	f = fired();
	ATF_CHECK_EQ(2, f.jobs);
	ATF_CHECK(f.lag_s >= 10 && f.lag_s < 60);
	test_answers("0|0|3|subscriptions|{\"a\": 1}|6|10|60|120|available\n"
		     "9007199254740993|7|3|subscriptions|{\"a\": 1}|6|10|60|"
		     "120|available",
	    "t",
	    "SELECT shop_id, shop_epoch, queue_id, kind, args, priority, "
	    "max_attempts, soft_limit_s, hard_limit_s, state FROM job "
	    "ORDER BY shop_id");
	test_answers("t", "t",
	    "SELECT bool_and(c.next_at > now() AND c.fired_at <= now() AND "
	    "j.kind = c.kind) FROM cron c JOIN job j ON j.id = c.job_id");
}

/* A day of them, of a schedule each minute. */
SERVER_CASE(what_was_missed_is_one_run)
{
	begin("jobd");
	put("a");
	test_sql("t", "UPDATE cron SET spec = '* * * * *'");
	due("a", "1 day");
	ATF_CHECK_EQ(1, fired().jobs);
	ATF_CHECK_EQ(0, fired().jobs);
	test_answers("1|t", "t",
	    "SELECT (SELECT count(*) FROM job), next_at <= now() + interval "
	    "'1 min' FROM cron");
}

/* A queue that is paused for long does not fill up. */
SERVER_CASE(the_one_before_must_have_begun)
{
	struct cron_fired f;

	begin("jobd");
	put("a");
	due("a", "1 min");
	ATF_CHECK_EQ(1, fired().jobs);
	due("a", "1 min");
	f = fired();
	ATF_CHECK_EQ(0, f.jobs);
	ATF_CHECK_EQ(1, f.skipped);
	test_claim();
	due("a", "30 s");
	ATF_CHECK_EQ(1, fired().jobs);
	/* One that failed waits for its own time. */
	test_sql("t", "UPDATE job SET state = 'scheduled', attempt = 1");
	due("a", "20 s");
	ATF_CHECK_EQ(1, fired().jobs);
	test_answers("3", "t", "SELECT count(*) FROM job");
}

/* Each its own time, so that no job's being there decides. */
static enum rc
fire_often(struct cx *cx, int i)
{
	struct cron_fired f;

	(void)i;
	cx->every_shop = true;
	for (int n = 0; n < 30; n++)
		TRY(cron_fire(cx, 100, &f));
	return RC_OK;
}

SERVER_CASE(of_several_jobd_one_fires_each_instant)
{
	begin("jobd");
	for (int i = 0; i < 20; i++)
		put(text_fmt(test_arena(), "s%d", i));
	test_sql("t", "UPDATE cron SET next_at = date_trunc('second', now()) "
		      "- interval '1 min'");
	test_together(4, "jobd", fire_often);
	test_answers("20|20|20", "t",
	    "SELECT count(*), count(DISTINCT unique_key), "
	    "(SELECT count(*) FROM cron WHERE next_at > now()) FROM job");
}

SERVER_CASE(one_that_cannot_be_fired_stands_in_no_others_way)
{
	begin("jobd");
	put("a");
	put("b");
	test_sql("t", "UPDATE cron SET tz = 'Gone/Zone' WHERE name = 'a'");
	due("a", "1 min");
	due("b", "10 s");
	ATF_CHECK_EQ(1, fired().jobs);
	ATF_CHECK_EQ(RC_OK, test_cx()->fault.rc);
	test_answers("t", "t", "SELECT paused FROM cron WHERE name = 'a'");
	/* Of a kind that we do not know: left to who does. */
	put("k");
	test_sql("t", "UPDATE cron SET kind = 'of a later version' "
		      "WHERE name = 'k'");
	due("k", "1 min");
	ATF_CHECK_EQ(0, fired().jobs);
	test_answers("f|t", "t",
	    "SELECT paused, next_at < now() FROM cron WHERE name = 'k'");
	test_cx()->every_shop = false;
	CODE(RC_BUG, cron_fire(test_cx(), 1, &(struct cron_fired){ 0 }));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_schedule_is_kept_with_its_next_time);
	ATF_TP_ADD_TC(tp, what_cannot_be_read_is_refused_and_nothing_is_kept);
	ATF_TP_ADD_TC(tp, put_again_it_keeps_its_pause_and_its_time);
	ATF_TP_ADD_TC(tp, what_an_owner_no_longer_has_goes);
	ATF_TP_ADD_TC(tp, a_list_has_what_one_may_see);
	ATF_TP_ADD_TC(tp, an_operators_time_stays_when_the_owner_puts_it_again);
	ATF_TP_ADD_TC(tp, paused_it_is_not_fired_and_resumed_it_begins_anew);
	ATF_TP_ADD_TC(tp, only_an_operators_can_be_dropped);
	ATF_TP_ADD_TC(tp, what_is_due_puts_its_job_as_its_kind_says);
	ATF_TP_ADD_TC(tp, what_was_missed_is_one_run);
	ATF_TP_ADD_TC(tp, the_one_before_must_have_begun);
	ATF_TP_ADD_TC(tp, of_several_jobd_one_fires_each_instant);
	ATF_TP_ADD_TC(tp, one_that_cannot_be_fired_stands_in_no_others_way);
	return atf_no_error();
}
