/* kyua: timeout=120 */
/* Webhooks as rows: kept once with a job, noted, listed (design.md 5). */
#include <atf-c.h>
#include <string.h>

#include "base/log.h"
#include "delivery.h"

#define BODY "{\"id\":1,\"email\":\"canary@example.com\"}"

static void
begin(void)
{
	(void)test_shop("jobd");
	log_open(LOG_ERR + 1, 2);
}

static void
keep(struct webhook_new *w)
{
	OK(webhook_keep(test_door(), &w, 1));
}

static void
check_rows(const char *want)
{
	test_answers(want, "t",
	    "SELECT (SELECT count(*) FROM webhook) || $$ $$ || count(*) "
	    "FROM job WHERE kind = $$webhook_apply$$");
}

/* ---- keeping */

SERVER_CASE(a_delivery_is_kept_with_a_job_that_finds_it)
{
	struct webhook_new *w;

	begin();
	test_sql("t", "UPDATE shop SET epoch = 3");
	w = test_delivery("orders/create", BODY);
	w->event_id = "event";
	w->triggered_at = "2026-11-24T10:30:00.123456789Z";
	keep(w);
	test_answers("9007199254740993|a.myshopify.com|orders/create|t|event|"
		     "2026-10|1795516200|3|0123456789abcdef|37|t|t|kept|t|t|t",
	    "t",
	    "SELECT shop_id, domain, topic, webhook_id IS NOT NULL, event_id, "
	    "api_version, floor(extract(epoch FROM triggered_at)), shop_epoch, "
	    "encode(trace, $$escape$$), body_bytes, length(body_sha256) = 32, "
	    "length(body) > body_bytes, state, inbox_id IS NOT NULL, "
	    "reason IS NULL AND applied_at IS NULL, "
	    "subject_kind IS NULL FROM webhook");
	test_answers("9007199254740993|3|3|2|available|30|60|10|"
		     "0123456789abcdef|t",
	    "t",
	    "SELECT j.shop_id, j.shop_epoch, queue_id, priority, j.state, "
	    "soft_limit_s, hard_limit_s, max_attempts, "
	    "encode(j.trace, $$escape$$), "
	    "j.args = jsonb_build_object($$webhook$$, w.id, $$at$$, "
	    "w.received_at) FROM job j, webhook w");
}

SERVER_CASE(what_was_not_said_is_null)
{
	struct webhook_new *w;

	begin();
	w = test_delivery("orders/create", BODY);
	w->webhook_id = w->api_version = NULL;
	keep(w);
	test_answers("t", "t",
	    "SELECT webhook_id IS NULL AND event_id IS NULL "
	    "AND api_version IS NULL AND triggered_at IS NULL FROM webhook");
}

SERVER_CASE(a_delivery_seen_before_leaves_no_second_row_and_no_job)
{
	struct webhook_new *w, *other;

	begin();
	w = test_delivery("orders/create", BODY);
	other = test_delivery("orders/create", BODY);
	keep(w);
	keep(w);
	check_rows("1 1");
	memcpy(other->key, w->key, sizeof(w->key));
	keep(other);
	check_rows("1 1");
	other->key[0] ^= 1;
	keep(other);
	check_rows("2 2");
}

SERVER_CASE(many_are_kept_at_once_or_none_of_them)
{
	enum { MANY = 300 };
	struct webhook_new *list[MANY];
	size_t i;

	begin();
	for (i = 0; i < MANY; i++)
		list[i] = test_delivery("orders/create", BODY);
	list[7]->triggered_at = "never";
	ATF_CHECK(test_code(webhook_keep(test_door(), list, MANY)) != RC_OK);
	check_rows("0 0");
	rc_forget(test_door());
	list[7]->triggered_at = NULL;
	OK(webhook_keep(test_door(), list, MANY));
	check_rows("300 300");
	OK(webhook_keep(test_door(), list, MANY));
	check_rows("300 300");
}

SERVER_CASE(a_domain_that_we_do_not_know_is_of_shop_0)
{
	struct webhook_new *w;

	begin();
	w = test_delivery("shop/redact", BODY);
	w->domain = "unknown.myshopify.com";
	keep(w);
	test_answers("0|0|unknown.myshopify.com|0", "t",
	    "SELECT w.shop_id, w.shop_epoch, domain, j.shop_id "
	    "FROM webhook w, job j");
}

/* One shop gave its name up, another took it. */
SERVER_CASE(of_two_with_one_name_the_installed_one_is_meant)
{
	begin();
	test_sql("t", "UPDATE shop SET domain = 'a.myshopify.com', epoch = 9, "
		      "status = 'uninstalled' WHERE shop_id = 2");
	(void)test_delivered("orders/create", BODY);
	test_answers("9007199254740993|1", "t",
	    "SELECT shop_id, shop_epoch FROM webhook");
}

SERVER_CASE(nobody_but_the_door_keeps_deliveries)
{
	struct webhook_new *w;

	begin();
	w = test_delivery("orders/create", BODY);
	CODE(RC_BUG, webhook_keep(test_cx(), &w, 1));
	check_rows("0 0");
}

/* ---- as its job sees it */

SERVER_CASE(its_job_loads_it_by_day_and_id_and_another_shop_does_not)
{
	struct webhook_new *new;
	struct webhook w, none;

	begin();
	new = test_delivery("orders/create", BODY);
	new->triggered_at = "2026-11-24T10:30:00Z";
	keep(new);
	w = test_webhook(SHOP, new->id);
	ATF_CHECK_STREQ("a.myshopify.com", w.domain);
	ATF_CHECK_STREQ("orders/create", w.topic);
	ATF_CHECK_STREQ("kept", w.state);
	ATF_CHECK_EQ(1, w.shop_epoch);
	ATF_CHECK_EQ(1795516200, w.triggered_at);
	ATF_CHECK(w.in_inbox);
	ATF_CHECK(slice_same(new->sealed, w.body));
	CODE(RC_ABSENT,
	    webhook_load(test_cx(), SHOP, "2026-01-01", w.id, &none));
	CODE(RC_ABSENT, webhook_load(test_cx(), OTHER, w.at, w.id, &none));
	test_cx()->shop_id = OTHER;
	CODE(RC_ABSENT, webhook_load(test_cx(), SHOP, w.at, w.id, &none));
}

SERVER_CASE(what_became_of_it_is_noted_with_its_body_under_another_key)
{
	const struct subject customer = { 'c', 7 };
	const struct slice nothing = { NULL, 0 };
	struct webhook w;

	begin();
	w = test_webhook(SHOP, test_delivered("orders/create", BODY));
	OK(webhook_note(test_cx(), &w, "applied", "read again",
	    slice_of("blob"), customer));
	test_answers("applied|read again|blob|c|7|t|t", "t",
	    "SELECT state, reason, encode(body, $$escape$$), subject_kind, "
	    "subject_id, inbox_id IS NULL, applied_at IS NOT NULL "
	    "FROM webhook");
	w = test_webhook(SHOP, w.id);
	ATF_CHECK(!w.in_inbox);
	OK(webhook_note(test_cx(), &w, "ignored", NULL, nothing, customer));
	test_answers("ignored|t|t|t|t", "t",
	    "SELECT state, reason IS NULL, body IS NULL, "
	    "subject_kind IS NULL, subject_id IS NULL FROM webhook");
	CODE(RC_BUG,
	    webhook_note(test_cx(), &w, "odd", NULL, nothing, customer));
}

SERVER_CASE(a_job_that_ended_for_good_leaves_the_body_as_it_is)
{
	struct webhook *list;
	size_t n;
	struct webhook w, other;

	begin();
	w = test_webhook(SHOP, test_delivered("orders/create", BODY));
	other = w;
	other.shop_id = OTHER;
	OK(webhook_fail(test_cx(), &other, "not theirs"));
	test_answers("kept", "t", "SELECT state FROM webhook");
	OK(webhook_fail(test_cx(), &w, "no key"));
	test_answers("failed|no key|t|t|t", "t",
	    "SELECT state, reason, inbox_id IS NOT NULL, body IS NOT NULL, "
	    "applied_at IS NOT NULL FROM webhook");
	CODE(RC_BUG, webhook_failed(test_cx(), &list, &n));
	test_cx()->every_shop = true;
	OK(webhook_failed(test_cx(), &list, &n));
	ATF_REQUIRE_EQ(1, n);
	ATF_CHECK_EQ(SHOP, list[0].shop_id);
	ATF_CHECK_STREQ(w.id, list[0].id);
	test_sql("t", "REVOKE UPDATE ON webhook FROM stockroom_jobd");
	CODE(RC_BUG, webhook_fail(test_cx(), &w, "no right"));
}

/* ---- the second key */

SERVER_CASE(a_body_is_single_within_topic_and_installation)
{
	struct webhook w, x;

	begin();
	w = test_webhook(SHOP, test_delivered("orders/create", BODY));
	OK(webhook_body_single(test_cx(), &w, slice_of(BODY)));
	CODE(RC_CONFLICT, webhook_body_single(test_cx(), &w, slice_of(BODY)));
	OK(webhook_body_single(test_cx(), &w, slice_of(BODY " ")));
	x = w;
	x.topic = "orders/updated";
	OK(webhook_body_single(test_cx(), &x, slice_of(BODY)));
	x = w;
	x.shop_epoch++;
	OK(webhook_body_single(test_cx(), &x, slice_of(BODY)));
	x = w;
	x.shop_id = OTHER;
	ATF_CHECK(test_code(webhook_body_single(
		      test_cx(), &x, slice_of(BODY))) != RC_OK);
	test_cx()->shop_id = OTHER;
	OK(webhook_body_single(test_cx(), &x, slice_of(BODY)));
}

SERVER_CASE(a_body_whose_job_did_not_commit_is_single_again)
{
	struct webhook w;

	begin();
	w = test_webhook(SHOP, test_delivered("orders/create", BODY));
	OK(db_begin(test_cx()));
	OK(webhook_body_single(test_cx(), &w, slice_of(BODY)));
	db_rollback(test_cx());
	OK(webhook_body_single(test_cx(), &w, slice_of(BODY)));
}

/* ---- as people look at them */

static const char *ids[4];

static void
some(void)
{
	struct webhook_new *w;

	ids[0] = test_delivered("products/update", BODY);
	ids[1] = test_delivered("orders/create", BODY);
	w = test_delivery("orders/create", BODY);
	w->event_id = "event";
	w->triggered_at = "2026-11-24T10:30:00Z";
	w->domain = "b.myshopify.com";
	OK(webhook_keep(test_door(), &w, 1));
	ids[2] = w->id;
	ids[3] = test_delivered("orders/create", BODY);
	test_sql(
	    "t", text_fmt(test_arena(),
		     "UPDATE webhook SET state = 'ignored', reason = 'why', "
		     "applied_at = received_at + interval '1500 ms' "
		     "WHERE id = '%s'",
		     ids[1]));
}

static struct webhookview *
listed(const struct webhookview_ask *ask, size_t want)
{
	struct webhookview *list;
	size_t n;

	OK(webhookview_list(test_cx(), ask, &list, &n));
	ATF_REQUIRE_EQ(want, n);
	return list;
}

SERVER_CASE(a_shop_lists_its_own_newest_first_by_topic_and_state)
{
	struct webhookview_ask ask = { .limit = 10 };
	struct webhookview *list;

	begin();
	some();
	list = listed(&ask, 3);
	ATF_CHECK_STREQ(ids[3], list[0].id);
	ATF_CHECK_STREQ(ids[1], list[1].id);
	ATF_CHECK_STREQ(ids[0], list[2].id);
	ask.limit = 2;
	list = listed(&ask, 2);
	ask.after = list[1].id;
	list = listed(&ask, 1);
	ATF_CHECK_STREQ(ids[0], list[0].id);
	ask = (struct webhookview_ask){ .topic = "orders/create", .limit = 10 };
	(void)listed(&ask, 2);
	ask.state = "ignored";
	list = listed(&ask, 1);
	ATF_CHECK_STREQ("why", list[0].reason);
	ask.state = "failed";
	(void)listed(&ask, 0);
	test_cx()->shop_id = 7;
	ask = (struct webhookview_ask){ .limit = 10 };
	(void)listed(&ask, 0);
	ask.after = "no uuid";
	CODE(RC_BUG, webhookview_list(test_cx(), &ask, &list, &(size_t){ 0 }));
}

SERVER_CASE(the_operator_lists_all_shops)
{
	struct webhookview_ask ask = { .limit = 10 };
	struct webhookview *list;

	begin();
	some();
	test_cx()->every_shop = true;
	test_cx()->shop_id = 0;
	list = listed(&ask, 4);
	ATF_CHECK_STREQ(ids[2], list[1].id);
	ATF_CHECK_EQ(OTHER, list[1].shop_id);
	ask.after = ids[2];
	ask.topic = "orders/create";
	list = listed(&ask, 1);
	ATF_CHECK_STREQ(ids[1], list[0].id);
	ask.state = "kept";
	(void)listed(&ask, 0);
}

SERVER_CASE(one_is_shown_to_its_shop_and_the_operator_only)
{
	struct webhookview v;

	begin();
	some();
	OK(webhookview_load(test_cx(), ids[1], &v));
	ATF_CHECK_EQ(SHOP, v.shop_id);
	ATF_CHECK_STREQ("a.myshopify.com", v.domain);
	ATF_CHECK_STREQ("orders/create", v.topic);
	ATF_CHECK_STREQ("ignored", v.state);
	ATF_CHECK_STREQ("2026-10", v.api_version);
	ATF_CHECK_STREQ("0123456789abcdef", v.trace);
	ATF_CHECK_EQ(37, v.bytes);
	ATF_CHECK(v.webhook_id != NULL && v.event_id == NULL);
	ATF_CHECK_EQ(1500, (int)((v.applied_at - v.received_at) * 1000 + .5));
	ATF_CHECK_EQ(0, (int)v.triggered_at);
	CODE(RC_ABSENT, webhookview_load(test_cx(), ids[2], &v));
	test_cx()->every_shop = true;
	OK(webhookview_load(test_cx(), ids[2], &v));
	ATF_CHECK_EQ(1795516200, (int64_t)v.triggered_at);
	ATF_CHECK_STREQ("event", v.event_id);
	ATF_CHECK_EQ(0, (int)v.applied_at);
	CODE(RC_ABSENT, webhookview_load(test_cx(),
			    "00000000-0000-7000-8000-000000000000", &v));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_delivery_is_kept_with_a_job_that_finds_it);
	ATF_TP_ADD_TC(tp, what_was_not_said_is_null);
	ATF_TP_ADD_TC(
	    tp, a_delivery_seen_before_leaves_no_second_row_and_no_job);
	ATF_TP_ADD_TC(tp, many_are_kept_at_once_or_none_of_them);
	ATF_TP_ADD_TC(tp, a_domain_that_we_do_not_know_is_of_shop_0);
	ATF_TP_ADD_TC(tp, of_two_with_one_name_the_installed_one_is_meant);
	ATF_TP_ADD_TC(tp, nobody_but_the_door_keeps_deliveries);
	ATF_TP_ADD_TC(
	    tp, its_job_loads_it_by_day_and_id_and_another_shop_does_not);
	ATF_TP_ADD_TC(
	    tp, what_became_of_it_is_noted_with_its_body_under_another_key);
	ATF_TP_ADD_TC(tp, a_job_that_ended_for_good_leaves_the_body_as_it_is);
	ATF_TP_ADD_TC(tp, a_body_is_single_within_topic_and_installation);
	ATF_TP_ADD_TC(tp, a_body_whose_job_did_not_commit_is_single_again);
	ATF_TP_ADD_TC(tp, a_shop_lists_its_own_newest_first_by_topic_and_state);
	ATF_TP_ADD_TC(tp, the_operator_lists_all_shops);
	ATF_TP_ADD_TC(tp, one_is_shown_to_its_shop_and_the_operator_only);
	return atf_no_error();
}
