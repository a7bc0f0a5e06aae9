/* kyua: timeout=120 */
/* changed_refresh: what webhooks said has changed is read again, many in a
 * call, and nothing that changed meanwhile is lost (design.md 5). */
#include <atf-c.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "handled.h"
#include "io/http.h"
#include "made.h"
#include "pretend.h"
#include "store/changed.h"

#define PRODUCT INT64_C(9007199254741001)
#define CUSTOMER INT64_C(9007199254741101)
#define ORDER INT64_C(9007199254741201)

static void
begin(void)
{
	(void)test_shop("jobd");
	log_open(LOG_ERR + 1, 2);
	pretend_start();
	OK(http_start(test_cx()));
	test_token(3600);
}

/* As a webhook's job notes it. */
static void
just_changed(const char *type, int64_t id)
{
	OK(changed_note(test_cx(), type, id));
	OK(changed_put(test_cx(), SHOP, 1, type));
}

/* A second ago: it waits for nothing more. */
static void
changed(const char *type, int64_t id)
{
	just_changed(type, id);
	test_sql(
	    "t", text_fmt(test_arena(),
		     "UPDATE changed SET noted_at = noted_at - interval '1 s' "
		     "WHERE type = $$%s$$ AND id = %lld",
		     type, (long long)id));
}

static void
nodes(const char *what, const char *list)
{
	pretend_data(what, text_fmt(test_arena(), "{\"nodes\":[%s]}", list));
}

static void
refreshed(void)
{
	handled_well(handled(JOB_CHANGED_REFRESH));
}

static void
check_left(const char *want)
{
	ATF_CHECK_STREQ(
	    want, test_answer("t", "SELECT count(*) || ' changed, ' || "
				   "(SELECT count(*) FROM job) || ' jobs' "
				   "FROM changed"));
}

SERVER_CASE(what_changed_is_read_and_kept_as_a_pull_keeps_it)
{
	begin();
	changed("products", PRODUCT);
	changed("customers", CUSTOMER);
	changed("orders", ORDER);
	nodes("ProductsByIds", made("product", NULL));
	nodes("CustomersByIds", made("customer", NULL));
	nodes("OrdersByIds", made("order", NULL));
	pretend_data("RefundLines", made("refund_lines", NULL));
	check_left("3 changed, 3 jobs");
	refreshed();
	refreshed();
	refreshed();
	check_left("0 changed, 0 jobs");
	GOT("ProductsByIds", "\"variables\":{\"ids\":["
			     "\"gid://shopify/Product/9007199254741001\"]}");
	GOT("CustomersByIds", "\"gid://shopify/Customer/9007199254741101\"");
	GOT("OrdersByIds", "\"gid://shopify/Order/9007199254741201\"");
	test_answers("1|1|1|1|1|1|t|t", "t",
	    "SELECT (SELECT count(*) FROM product), "
	    "(SELECT count(*) FROM variant), (SELECT count(*) FROM orders), "
	    "(SELECT count(*) FROM order_line), "
	    "(SELECT count(*) FROM refund_line), "
	    "(SELECT count(*) FROM customer), "
	    "(SELECT sealed IS NOT NULL FROM customer), "
	    "(SELECT sealed IS NOT NULL FROM orders)");
}

SERVER_CASE(an_older_read_never_overwrites)
{
	begin();
	test_sql("t", "INSERT INTO product (shop_id, id, title, updated_at) "
		      "VALUES (9007199254740993, 9007199254741001, 'newer', "
		      "'2026-02-03T04:05:07Z')");
	changed("products", PRODUCT);
	nodes("ProductsByIds", made("product", NULL));
	refreshed();
	check_left("0 changed, 0 jobs");
	test_answers("newer", "t", "SELECT title FROM product");
}

/* ---- gone */

SERVER_CASE(what_shopify_has_no_more_is_marked)
{
	begin();
	test_sql("t", "INSERT INTO product (shop_id, id) VALUES "
		      "(9007199254740993, 7), (9007199254740993, 8)");
	changed("products", 7);
	changed("products", PRODUCT);
	changed("products", 8);
	nodes("ProductsByIds",
	    text_fmt(test_arena(), "null,%s,null", made("product", NULL)));
	refreshed();
	check_left("0 changed, 0 jobs");
	test_answers("7 t,8 t,9007199254741001 f", "t",
	    "SELECT string_agg(id || $$ $$ || left((deleted_at IS NOT NULL)"
	    "::text, 1), $$,$$ ORDER BY id) FROM product");
	/* The others, too, may all be gone. */
	changed("orders", 7);
	nodes("OrdersByIds", "null");
	refreshed();
	changed("customers", 7);
	nodes("CustomersByIds", "null");
	refreshed();
	check_left("0 changed, 0 jobs");
}

SERVER_CASE(what_shopify_left_out_is_not_gone)
{
	begin();
	test_sql("t", "INSERT INTO product (shop_id, id) VALUES "
		      "(9007199254740993, 7)");
	changed("products", 7);
	changed("products", PRODUCT);
	nodes("ProductsByIds", made("product", NULL));
	handled_said(JOB_FAILED, "1 nodes where 2 were asked for",
	    handled(JOB_CHANGED_REFRESH));
	check_left("2 changed, 1 jobs");
	test_answers(
	    "1|0", "t", "SELECT count(*), count(deleted_at) FROM product");
}

static void
check_deleted(const char *when, const char *want)
{
	test_sql(
	    "t", text_fmt(test_arena(),
		     "INSERT INTO gone (shop_id, type, id, at) VALUES "
		     "(9007199254740993, 'products', 9007199254741001, "
		     "now() + interval '%s') ON CONFLICT (shop_id, type, id) "
		     "DO UPDATE SET at = excluded.at",
		     when));
	changed("products", PRODUCT);
	nodes("ProductsByIds", made("product", NULL));
	refreshed();
	check_left("0 changed, 0 jobs");
	test_answers(want, "t", "SELECT deleted_at IS NOT NULL FROM product");
}

/* products/delete overtakes the read of products/update; Shopify, asked later,
 * may know better. */
SERVER_CASE(what_was_deleted_while_it_was_read_stays_deleted)
{
	begin();
	check_deleted("1 h", "t");
	check_deleted("-1 h", "f");
}

/* ---- many, and again */

SERVER_CASE(more_than_one_call_can_read_goes_round)
{
	const char *list = "null";
	int i;

	begin();
	for (i = 0; i < 13; i++)
		changed("orders", 100 + i);
	for (i = 1; i < 10; i++)
		list = text_fmt(test_arena(), "%s,null", list);
	nodes("OrdersByIds", list);
	refreshed();
	check_left("3 changed, 1 jobs");
	nodes("OrdersByIds", "null,null,null");
	refreshed();
	check_left("0 changed, 0 jobs");
	ATF_CHECK_EQ(2, pretend_calls("OrdersByIds"));
	GOT("OrdersByIds", "\"ids\":[\"gid://shopify/Order/110\","
			   "\"gid://shopify/Order/111\","
			   "\"gid://shopify/Order/112\"]");
}

SERVER_CASE(what_is_too_dear_together_is_read_by_halves)
{
	begin();
	changed("products", 1);
	changed("products", 2);
	changed("products", 3);
	changed("products", 4);
	pretend_too_dear("ProductsByIds");
	pretend_too_dear("ProductsByIds");
	nodes("ProductsByIds", "null");
	refreshed();
	check_left("3 changed, 1 jobs");
	GOT("ProductsByIds", "\"ids\":[\"gid://shopify/Product/1\"]");
	pretend_too_dear("ProductsByIds");
	pretend_too_dear("ProductsByIds");
	pretend_too_dear("ProductsByIds");
	handled_said(JOB_DEAD, "costs more", handled(JOB_CHANGED_REFRESH));
	check_left("3 changed, 0 jobs");
}

SERVER_CASE(what_changed_again_while_it_was_read_is_read_again)
{
	begin();
	changed("products", 7);
	changed("products", PRODUCT);
	test_sql("t", "UPDATE changed SET noted_at = now() + interval '1 h' "
		      "WHERE id > 7");
	nodes("ProductsByIds",
	    text_fmt(test_arena(), "null,%s", made("product", NULL)));
	nodes("ProductsByIds", made("product", NULL));
	refreshed();
	check_left("1 changed, 1 jobs");
	test_sql("t", "UPDATE changed SET noted_at = now() - interval '1 s'");
	refreshed();
	check_left("0 changed, 0 jobs");
	ATF_CHECK_EQ(2, pretend_calls("ProductsByIds"));
}

SERVER_CASE(without_anything_changed_nothing_is_asked)
{
	begin();
	changed("products", PRODUCT);
	test_sql("t", "DELETE FROM changed");
	refreshed();
	check_left("0 changed, 0 jobs");
	ATF_CHECK_EQ(0, pretend_calls("ProductsByIds"));
}

/* ---- few calls */

/* So that the test's own time does not matter. */
static void
check_waits(void)
{
	test_sql("t", "UPDATE changed SET noted_at = now() + interval '1 h'");
	handled_said(JOB_SNOOZED, "more may change in a moment",
	    handled(JOB_CHANGED_REFRESH));
	test_sql("t", "UPDATE job SET state = 'available'");
}

SERVER_CASE(what_changed_a_moment_ago_waits_for_more_of_its_kind)
{
	begin();
	nodes("CustomersByIds", "null,null");
	just_changed("customers", 1);
	check_waits();
	just_changed("customers", 2);
	check_waits();
	ATF_CHECK_EQ(0, pretend_calls("CustomersByIds"));
	test_sql("t", "UPDATE changed SET noted_at = now() - "
		      "interval '0.3 s' WHERE id = 1");
	test_sql("t", "UPDATE changed SET noted_at = now() WHERE id = 2");
	refreshed();
	check_left("0 changed, 0 jobs");
	ATF_CHECK_EQ(1, pretend_calls("CustomersByIds"));
}

SERVER_CASE(what_fills_a_call_does_not_wait)
{
	const char *list = "null";
	int i;

	begin();
	for (i = 1; i < 10; i++)
		list = text_fmt(test_arena(), "%s,null", list);
	nodes("OrdersByIds", list);
	for (i = 0; i < 9; i++)
		just_changed("orders", 100 + i);
	check_waits();
	just_changed("orders", 109);
	test_sql("t", "UPDATE changed SET noted_at = now()");
	refreshed();
	check_left("0 changed, 0 jobs");
}

/* ---- what goes wrong */

SERVER_CASE(what_cannot_be_read_now_stays_noted)
{
	begin();
	changed("products", PRODUCT);
	pretend_says("ProductsByIds", 500, "{}");
	handled_said(JOB_FAILED, "", handled(JOB_CHANGED_REFRESH));
	check_left("1 changed, 1 jobs");
	test_sql("t", "UPDATE job SET state = 'available'; DELETE FROM token");
	handled_said(
	    JOB_DEAD, "there is no token", handled(JOB_CHANGED_REFRESH));
	check_left("1 changed, 0 jobs");
	test_answers("0", "t", "SELECT count(*) FROM product");
}

SERVER_CASE(a_type_that_does_not_change_is_a_bug)
{
	begin();
	changed("products", PRODUCT);
	test_sql("t", "UPDATE job SET args = '{\"type\":\"themes\"}'");
	handled_said(JOB_DEAD, "nothing of type themes changes",
	    handled(JOB_CHANGED_REFRESH));
	changed("products", PRODUCT);
	test_sql("t", "UPDATE job SET args = '{}'");
	handled_said(JOB_DEAD, "type", handled(JOB_CHANGED_REFRESH));
}

SERVER_CASE(a_run_that_lost_its_job_leaves_nothing)
{
	begin();
	changed("products", PRODUCT);
	nodes("ProductsByIds", made("product", NULL));
	handled_said(
	    JOB_SNOOZED, "another worker", handled_late(JOB_CHANGED_REFRESH));
	test_answers("1|0", "t",
	    "SELECT count(*), (SELECT count(*) FROM product) FROM changed");
}

/* The shop takes the app off while Shopify answers (security.md D14). */
SERVER_CASE(what_was_read_before_an_uninstall_is_not_kept_after_it)
{
	int i, status;
	pid_t pid;

	begin();
	changed("products", PRODUCT);
	nodes("ProductsByIds", made("product", NULL));
	pretend_slow(2000);
	pid = fork();
	if (pid == 0) {
		for (i = 0; i < 1000 && !pretend_calls("ProductsByIds"); i++)
			(void)usleep(10000);
		test_server("echo 'UPDATE stockroom.shop SET epoch = 2, "
			    "status = $$uninstalled$$ WHERE shop_id > 2' | "
			    "pg_sql t");
		_exit(0);
	}
	handled_said(JOB_DEAD, "before the shop was installed anew",
	    handled(JOB_CHANGED_REFRESH));
	ATF_REQUIRE_EQ(pid, waitpid(pid, &status, 0));
	ATF_CHECK_EQ(0, status);
	test_answers("0", "t", "SELECT count(*) FROM product");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_changed_is_read_and_kept_as_a_pull_keeps_it);
	ATF_TP_ADD_TC(tp, an_older_read_never_overwrites);
	ATF_TP_ADD_TC(tp, what_shopify_has_no_more_is_marked);
	ATF_TP_ADD_TC(tp, what_shopify_left_out_is_not_gone);
	ATF_TP_ADD_TC(tp, what_was_deleted_while_it_was_read_stays_deleted);
	ATF_TP_ADD_TC(tp, more_than_one_call_can_read_goes_round);
	ATF_TP_ADD_TC(tp, what_is_too_dear_together_is_read_by_halves);
	ATF_TP_ADD_TC(tp, what_changed_again_while_it_was_read_is_read_again);
	ATF_TP_ADD_TC(tp, without_anything_changed_nothing_is_asked);
	ATF_TP_ADD_TC(tp, what_changed_a_moment_ago_waits_for_more_of_its_kind);
	ATF_TP_ADD_TC(tp, what_fills_a_call_does_not_wait);
	ATF_TP_ADD_TC(tp, what_cannot_be_read_now_stays_noted);
	ATF_TP_ADD_TC(tp, a_type_that_does_not_change_is_a_bug);
	ATF_TP_ADD_TC(tp, a_run_that_lost_its_job_leaves_nothing);
	ATF_TP_ADD_TC(
	    tp, what_was_read_before_an_uninstall_is_not_kept_after_it);
	return atf_no_error();
}
