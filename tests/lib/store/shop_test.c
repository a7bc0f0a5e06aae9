/* Shops: installed, found, marked, installed once more. */
#include <atf-c.h>

#include "shop.h"

static const char *const scopes[] = { "read_products", "read_orders" };

static enum rc
saved(int64_t id, const char *domain, struct shop *out)
{
	*out = (struct shop){
		.id = id,
		.domain = domain,
		.name = "New",
		.currency = "EUR",
		.country = "DE",
		.plan = "Basic",
	};
	test_cx()->shop_id = id;
	return shop_save(test_cx(), out, "Europe/Berlin", scopes, 2);
}

SERVER_CASE(an_install_is_kept_and_found_by_name_and_number)
{
	struct shop shop, found;

	(void)test_shop("auth");
	OK(saved(7, "new.myshopify.com", &shop));
	ATF_CHECK_EQ(1, shop.epoch);
	OK(shop_load(test_cx(), 7, &found));
	ATF_CHECK_STREQ("new.myshopify.com", found.domain);
	ATF_CHECK_STREQ("New", found.name);
	ATF_CHECK_STREQ("installed", found.status);
	ATF_CHECK_EQ(NULL, found.status_reason);
	ATF_CHECK_STREQ("EUR", found.currency);
	ATF_CHECK_STREQ("DE", found.country);
	ATF_CHECK_STREQ("Basic", found.plan);
	ATF_CHECK_STREQ("read_products,read_orders", found.scopes);
	ATF_CHECK(found.installed_at > 0 && found.updated_at > 0);
	ATF_CHECK_EQ(NULL, found.token_kind);
	test_cx()->shop_id = 0;
	OK(shop_find(test_cx(), "new.myshopify.com", &found));
	ATF_CHECK_EQ(7, found.id);
	ATF_CHECK_EQ(1, found.epoch);
	ATF_CHECK_STREQ("read_products,read_orders", found.scopes);
}

SERVER_CASE(who_is_not_there_or_not_at_work_is_absent)
{
	struct shop found;
	int32_t epoch;

	(void)test_shop("auth");
	CODE(RC_ABSENT, shop_find(test_cx(), "no.myshopify.com", &found));
	CODE(RC_ABSENT, shop_load(test_cx(), 7, &found));
	CODE(RC_ABSENT, shop_load(test_cx(), OTHER, &found));
	CODE(RC_ABSENT, shop_epoch(test_cx(), OTHER, &epoch));
	OK(shop_epoch(test_cx(), SHOP, &epoch));
	ATF_CHECK_EQ(1, epoch);
	ATF_CHECK(saved(0, "zero.myshopify.com", &found) != RC_OK);
}

/* Work of the time before carries the old epoch and dies (D14). */
SERVER_CASE(installed_once_more_it_is_live_again_under_a_new_epoch)
{
	struct shop shop, found;
	int32_t epoch;

	(void)test_shop("auth");
	OK(saved(7, "new.myshopify.com", &shop));
	test_sql("t",
	    "UPDATE shop SET status = 'uninstalled', uninstalled_at = now(), "
	    "status_reason = 'gone' WHERE shop_id = 7");
	OK(saved(7, "renamed.myshopify.com", &shop));
	ATF_CHECK_EQ(2, shop.epoch);
	OK(shop_epoch(test_cx(), 7, &epoch));
	ATF_CHECK_EQ(2, epoch);
	OK(shop_load(test_cx(), 7, &found));
	ATF_CHECK_STREQ("renamed.myshopify.com", found.domain);
	ATF_CHECK_STREQ("installed", found.status);
	ATF_CHECK_EQ(NULL, found.status_reason);
}

/* D14: the epoch cannot be raised under who holds it. */
SERVER_CASE(the_epoch_is_held_against_an_uninstall_till_the_end)
{
	struct cx *rival;
	int32_t epoch;

	(void)test_shop("jobd");
	rival = test_rival("jobd");
	OK(db_begin(test_cx()));
	OK(shop_fence(test_cx(), SHOP, 1));
	OK(shop_fence(rival, SHOP, 1));
	test_server("pg_refused 'lock timeout' t <<'END'\n"
		    "SET lock_timeout = 100;\n"
		    "UPDATE stockroom.shop SET epoch = 2;\nEND\n");
	OK(db_commit(test_cx()));
	OK(shop_end(rival, SHOP, 0, &epoch));
	ATF_CHECK_EQ(2, epoch);
	CODE(RC_CONFLICT, shop_fence(test_cx(), SHOP, 1));
	OK(shop_fence(test_cx(), SHOP, 2));
	CODE(RC_CONFLICT, shop_fence(test_cx(), OTHER, 1));
	ATF_CHECK_EQ(RC_ABSENT, shop_end(rival, SHOP, 0, &epoch));
}

/* One shop gave its name up, another took it: the live one is meant. */
SERVER_CASE(of_two_with_one_name_the_installed_one_is_found)
{
	struct shop shop, found;

	(void)test_shop("auth");
	OK(saved(7, "new.myshopify.com", &shop));
	OK(saved(8, "new.myshopify.com", &shop));
	test_sql(
	    "t", "UPDATE shop SET status = 'uninstalled' WHERE shop_id = 8");
	OK(shop_find(test_cx(), "new.myshopify.com", &found));
	ATF_CHECK_EQ(7, found.id);
}

SERVER_CASE(a_mark_says_why_and_leaves_an_uninstalled_shop_alone)
{
	struct shop found;

	(void)test_shop("auth");
	OK(shop_mark(test_cx(), SHOP, 1, "paused", "frozen"));
	OK(shop_load(test_cx(), SHOP, &found));
	ATF_CHECK_STREQ("paused", found.status);
	ATF_CHECK_STREQ("frozen", found.status_reason);
	OK(shop_mark(test_cx(), SHOP, 1, "installed", NULL));
	OK(shop_load(test_cx(), SHOP, &found));
	ATF_CHECK_EQ(NULL, found.status_reason);
	CODE(RC_BUG, shop_mark(test_cx(), SHOP, 1, "odd", NULL));
	/* What is said of the install before this one. */
	OK(shop_mark(test_cx(), SHOP, 0, "needs_authorization", "old"));
	OK(shop_load(test_cx(), SHOP, &found));
	ATF_CHECK_STREQ("installed", found.status);
	test_sql("t", "UPDATE shop SET status = 'uninstalled'");
	OK(shop_mark(test_cx(), SHOP, 1, "paused", "frozen"));
	OK(shop_load(test_cx(), SHOP, &found));
	ATF_CHECK_STREQ("uninstalled", found.status);
}

SERVER_CASE(the_operator_lists_all_by_number_others_one)
{
	struct shop *list;
	size_t n;

	(void)test_shop("auth");
	OK(shop_list(test_cx(), 0, 10, &list, &n));
	ATF_CHECK_EQ(1, n);
	test_cx()->every_shop = true;
	OK(shop_list(test_cx(), 0, 10, &list, &n));
	ATF_REQUIRE_EQ(2, n);
	ATF_CHECK_EQ(OTHER, list[0].id);
	ATF_CHECK_EQ(SHOP, list[1].id);
	OK(shop_list(test_cx(), OTHER, 1, &list, &n));
	ATF_REQUIRE_EQ(1, n);
	ATF_CHECK_EQ(SHOP, list[0].id);
	OK(shop_list(test_cx(), SHOP, 1, &list, &n));
	ATF_CHECK_EQ(0, n);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, an_install_is_kept_and_found_by_name_and_number);
	ATF_TP_ADD_TC(tp, who_is_not_there_or_not_at_work_is_absent);
	ATF_TP_ADD_TC(
	    tp, installed_once_more_it_is_live_again_under_a_new_epoch);
	ATF_TP_ADD_TC(tp, the_epoch_is_held_against_an_uninstall_till_the_end);
	ATF_TP_ADD_TC(tp, of_two_with_one_name_the_installed_one_is_found);
	ATF_TP_ADD_TC(tp, a_mark_says_why_and_leaves_an_uninstalled_shop_alone);
	ATF_TP_ADD_TC(tp, the_operator_lists_all_by_number_others_one);
	return atf_no_error();
}
