/* kyua: timeout=60 */
/* shop_refresh: the shop's own record and what it grants, read again. */
#include <atf-c.h>

#include "base/log.h"
#include "handled.h"
#include "io/http.h"
#include "pretend.h"

static void
begin(void)
{
	(void)test_shop("jobd");
	log_open(LOG_ERR + 1, 2);
	pretend_start();
	OK(http_start(test_cx()));
	test_token(3600);
	test_sql("t", "UPDATE shop SET scopes = '{read_products}', "
		      "name = 'old'");
}

static void
shop_says(const char *id)
{
	pretend_data("Shop", text_fmt(test_arena(),
				 "{\"shop\":{\"id\":\"gid://shopify/Shop/%s\","
				 "\"name\":\"new\",\"currencyCode\":\"CHF\","
				 "\"ianaTimezone\":\"Europe/Zurich\","
				 "\"shopAddress\":{\"countryCodeV2\":\"CH\"},"
				 "\"plan\":{\"publicDisplayName\":\"Plus\"}}}",
				 id));
}

static void
grants(const char *scopes)
{
	pretend_data("AppInstallation",
	    text_fmt(test_arena(),
		"{\"currentAppInstallation\":{\"accessScopes\":[%s]}}",
		scopes));
}

static void
put(void)
{
	const struct job_new job = { .kind = JOB_SHOP_REFRESH,
		.shop_id = SHOP,
		.shop_epoch = 1,
		.unique = "shop" };

	OK(job_put(test_cx(), &job, NULL));
}

static void
check_shop(const char *want)
{
	test_answers(want, "t",
	    "SELECT name, currency, iana_timezone, country, plan, scopes, "
	    "status, epoch FROM shop WHERE shop_id > 2");
}

static void
check_compares(const char *want)
{
	test_answers(
	    want, "t", "SELECT count(*) FROM job WHERE kind = 'subscriptions'");
}

SERVER_CASE(its_row_is_what_shopify_says_now)
{
	begin();
	shop_says("9007199254740993");
	grants("{\"handle\":\"read_products\"}");
	put();
	handled_well(handled(JOB_SHOP_REFRESH));
	check_shop("new|CHF|Europe/Zurich|CH|Plus|{read_products}|installed|1");
	check_compares("0");
	test_answers("old", "t", "SELECT name FROM shop WHERE shop_id = 2");
}

SERVER_CASE(other_scopes_have_the_subscriptions_compared)
{
	begin();
	shop_says("9007199254740993");
	grants("{\"handle\":\"read_products\"},{\"handle\":\"read_orders\"}");
	put();
	handled_well(handled(JOB_SHOP_REFRESH));
	check_shop("new|CHF|Europe/Zurich|CH|Plus|{read_products,read_orders}|"
		   "installed|1");
	check_compares("1");
}

SERVER_CASE(what_is_not_to_be_read_changes_nothing)
{
	begin();
	pretend_says("AppInstallation", 502, "");
	shop_says("2"); /* the domain stands for another one */
	put();
	handled_said(
	    JOB_FAILED, "is another shop now", handled(JOB_SHOP_REFRESH));
	test_sql("t", "DELETE FROM job");
	shop_says("9007199254740993");
	put();
	handled_said(JOB_FAILED, "", handled(JOB_SHOP_REFRESH));
	test_answers("old|{read_products}", "t",
	    "SELECT name, scopes FROM shop WHERE shop_id > 2");
}

SERVER_CASE(it_is_void_after_the_shop_was_uninstalled)
{
	begin();
	shop_says("9007199254740993");
	grants("");
	put();
	test_sql("t", "UPDATE shop SET status = 'uninstalled'");
	handled_said(JOB_DEAD, "installed anew", handled(JOB_SHOP_REFRESH));
	test_answers("old", "t", "SELECT name FROM shop WHERE shop_id > 2");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, its_row_is_what_shopify_says_now);
	ATF_TP_ADD_TC(tp, other_scopes_have_the_subscriptions_compared);
	ATF_TP_ADD_TC(tp, what_is_not_to_be_read_changes_nothing);
	ATF_TP_ADD_TC(tp, it_is_void_after_the_shop_was_uninstalled);
	return atf_no_error();
}
