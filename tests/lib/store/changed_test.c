/* What webhooks said has changed: noted once, dropped when it was read, and not
 * when it changed again meanwhile (design.md 5). */
#include <atf-c.h>

#include "base/log.h"
#include "shop.h"
#include "store/changed.h"

static struct cx *
begin(void)
{
	struct cx *cx = test_shop("jobd");

	log_open(LOG_ERR + 1, 2);
	return cx;
}

static struct changed
looked(const char *type, int limit, size_t want)
{
	struct changed out;

	OK(changed_load(test_cx(), type, limit, &out));
	ATF_REQUIRE_EQ(want, out.n);
	ATF_CHECK_STREQ(type, out.type);
	return out;
}

static void
check_more(bool want, const char *type)
{
	bool more = !want;

	OK(changed_more(test_cx(), type, &more));
	ATF_CHECK_EQ(want, more);
}

SERVER_CASE(it_is_noted_once_and_looked_at_oldest_first)
{
	struct cx *cx = begin();
	struct changed seen;

	(void)looked("orders", 10, 0);
	check_more(false, "orders");
	OK(changed_note(cx, "orders", 3));
	OK(changed_note(cx, "orders", 1));
	OK(changed_note(cx, "orders", 2));
	OK(changed_note(cx, "orders", 1)); /* now the youngest */
	OK(changed_note(cx, "products", 4));
	seen = looked("orders", 10, 3);
	ATF_CHECK_EQ(3, seen.ids[0]);
	ATF_CHECK_EQ(2, seen.ids[1]);
	ATF_CHECK_EQ(1, seen.ids[2]);
	seen = looked("orders", 2, 2);
	ATF_CHECK_EQ(3, seen.ids[0]);
	check_more(true, "orders");
	check_more(true, "products");
	check_more(false, "customers");
}

SERVER_CASE(what_was_read_is_dropped_and_what_changed_again_stays)
{
	struct cx *cx = begin();
	struct changed seen;

	OK(changed_note(cx, "orders", 1));
	OK(changed_note(cx, "orders", 2));
	OK(changed_note(cx, "products", 1));
	seen = looked("orders", 10, 2);
	OK(changed_note(cx, "orders", 2));
	OK(changed_note(cx, "orders", 3));
	OK(changed_drop(cx, &seen));
	seen = looked("orders", 10, 2);
	ATF_CHECK_EQ(2, seen.ids[0]);
	ATF_CHECK_EQ(3, seen.ids[1]);
	OK(changed_drop(cx, &seen));
	check_more(false, "orders");
	check_more(true, "products");
}

/* Fewer were read than were looked at. */
SERVER_CASE(what_was_not_read_after_all_stays)
{
	struct cx *cx = begin();
	struct changed seen;

	OK(changed_note(cx, "orders", 1));
	OK(changed_note(cx, "orders", 2));
	seen = looked("orders", 10, 2);
	seen.n = 1;
	OK(changed_drop(cx, &seen));
	ATF_CHECK_EQ(2, looked("orders", 10, 1).ids[0]);
}

SERVER_CASE(another_shops_are_another_matter)
{
	struct cx *cx = begin();
	struct changed seen;

	OK(changed_note(cx, "orders", 1));
	cx->shop_id = OTHER;
	(void)looked("orders", 10, 0);
	check_more(false, "orders");
	OK(changed_note(cx, "orders", 1));
	seen = looked("orders", 10, 1);
	OK(changed_drop(cx, &seen));
	cx->shop_id = SHOP;
	check_more(true, "orders");
}

SERVER_CASE(an_unknown_type_is_refused)
{
	const int64_t id = 1;
	struct cx *cx = begin();

	CODE(RC_BUG, changed_note(cx, "themes", 1));
	CODE(RC_BUG, changed_gone(cx, "themes", &id, 1));
}

/* ---- the job that reads them */

SERVER_CASE(its_job_is_put_once_a_shop_and_type)
{
	struct cx *cx = begin();
	size_t n;

	OK(changed_put(cx, SHOP, 3, "orders"));
	OK(changed_put(cx, SHOP, 3, "orders"));
	OK(changed_put(cx, SHOP, 3, "products"));
	test_answers("changed_refresh 3 orders,changed_refresh 3 products", "t",
	    "SELECT string_agg(kind || $$ $$ || shop_epoch || $$ $$ || "
	    "(args->>$$type$$), $$,$$ ORDER BY id) FROM job");
	ATF_CHECK(test_code(changed_put(
		      test_rival("reader"), SHOP, 3, "orders")) != RC_OK);
	/* One of an installation that has ended does not stand for it. */
	OK(changed_put(cx, SHOP, 4, "orders"));
	test_answers("3", "t", "SELECT count(*) FROM job");
	CODE(RC_BUG, changed_put_late(cx, &n));
	cx->every_shop = true;
	OK(changed_put_late(cx, &n));
	ATF_CHECK_EQ(0, n);
}

/* ---- gone */

static void
three_of_each(void)
{
	test_sql("t",
	    "INSERT INTO product (shop_id, id) "
	    "SELECT s, i FROM generate_series(1, 3) i, "
	    "(VALUES (9007199254740993), (2)) t(s);"
	    "INSERT INTO orders (shop_id, id) SELECT shop_id, id FROM product;"
	    "INSERT INTO customer (shop_id, id) "
	    "SELECT shop_id, id FROM product");
}

static void
check_gone(const char *type, const char *table)
{
	const int64_t ids[] = { 1, 3, 99 };

	OK(changed_gone(test_cx(), type, ids, 3));
	test_answers("9007199254740993 1,9007199254740993 3", "t",
	    text_fmt(test_arena(),
		"SELECT string_agg(shop_id || $$ $$ || id, $$,$$ "
		"ORDER BY shop_id, id) FROM %s WHERE deleted_at IS NOT NULL",
		table));
	test_sql("t", text_fmt(test_arena(),
			  "UPDATE %s SET deleted_at = '2026-01-01' "
			  "WHERE deleted_at IS NOT NULL",
			  table));
	OK(changed_gone(test_cx(), type, ids, 1));
	test_answers("0", "t",
	    text_fmt(test_arena(),
		"SELECT count(*) FROM %s WHERE deleted_at > $$2026-01-02$$",
		table));
}

SERVER_CASE(what_shopify_has_no_more_is_marked_once)
{
	(void)begin();
	three_of_each();
	check_gone("products", "product");
	check_gone("orders", "orders");
	check_gone("customers", "customer");
}

/* Whether or not there was a row to mark. */
SERVER_CASE(what_is_gone_is_remembered_and_when_it_was_said_last)
{
	const int64_t ids[] = { 3, 1, 99 };

	(void)begin();
	OK(changed_gone(test_cx(), "orders", ids, 3));
	test_answers("orders 1,orders 3,orders 99", "t",
	    "SELECT string_agg(type || $$ $$ || id, $$,$$ ORDER BY id) "
	    "FROM gone WHERE shop_id > 2");
	test_sql("t", "UPDATE gone SET at = '2026-01-01'");
	OK(changed_gone(test_cx(), "orders", ids, 1));
	test_answers("3", "t", "SELECT id FROM gone WHERE at > '2026-01-02'");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, it_is_noted_once_and_looked_at_oldest_first);
	ATF_TP_ADD_TC(
	    tp, what_was_read_is_dropped_and_what_changed_again_stays);
	ATF_TP_ADD_TC(tp, what_was_not_read_after_all_stays);
	ATF_TP_ADD_TC(tp, another_shops_are_another_matter);
	ATF_TP_ADD_TC(tp, an_unknown_type_is_refused);
	ATF_TP_ADD_TC(tp, its_job_is_put_once_a_shop_and_type);
	ATF_TP_ADD_TC(tp, what_shopify_has_no_more_is_marked_once);
	ATF_TP_ADD_TC(tp, what_is_gone_is_remembered_and_when_it_was_said_last);
	return atf_no_error();
}
