/* Shop names, hosts and gids (security.md SEC-1, shopify.md 2.2). */
#include <atf-c.h>
#include <string.h>

#include "base/code.h"
#include "shopify/name.h"
#include "test.h"

static enum rc
named(const char *text, const char **out)
{
	rc_forget(test_cx());
	return shop_name(test_cx(), text, out);
}

ATF_TC_WITHOUT_HEAD(a_shop_is_known_by_the_whole_of_its_name);
ATF_TC_BODY(a_shop_is_known_by_the_whole_of_its_name, tc)
{
	static const char *const bad[] = { "", "a", ".myshopify.com",
		"-a.myshopify.com", "a_b.myshopify.com", "a.myshopify.com.",
		"a.myshopify.com/x", "a.myshopify.com\n",
		"https://a.myshopify.com", "a.b.myshopify.com",
		"a.myshopify.com.evil.test", "a.myshopify.org",
		"\xc3\xa4.myshopify.com", "a%2e.myshopify.com",
		("a12345678901234567890123456789012345678901234567890123456789"
		 "0.myshopify.com") };
	const char *out;
	size_t i;

	OK(named("Some-Shop.MyShopify.com", &out));
	ATF_CHECK_STREQ("some-shop.myshopify.com", out);
	OK(named("1.myshopify.com", &out));
	OK(named("a12345678901234567890123456789012345678901234567890123456789"
		 ".myshopify.com",
	    &out));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ATF_CHECK_EQ_MSG(RC_INPUT, named(bad[i], &out), "%s", bad[i]);
		ATF_CHECK_STREQ("shop", test_cx()->fault.field);
	}
	ATF_CHECK_EQ(RC_INPUT, named(NULL, &out));
}

static enum rc
hosted(const char *plain, const char **out)
{
	rc_forget(test_cx());
	return host_name(
	    test_cx(), base64_of(test_arena(), plain, strlen(plain)), out);
}

ATF_TC_WITHOUT_HEAD(a_host_is_an_address_of_shopifys_admin);
ATF_TC_BODY(a_host_is_an_address_of_shopifys_admin, tc)
{
	const char *out;

	OK(hosted("admin.shopify.com/store/x", &out));
	ATF_CHECK_STREQ("admin.shopify.com/store/x", out);
	OK(hosted("x.myshopify.com/admin", &out));
	OK(host_name(test_cx(), "eC5teXNob3BpZnkuY29tL2FkbWlu", &out));
	ATF_CHECK_EQ(RC_INPUT, hosted("evil.test/admin.shopify.com", &out));
	ATF_CHECK_EQ(RC_INPUT, hosted("evil.test", &out));
	ATF_CHECK_EQ(RC_INPUT, hosted("notshopify.com", &out));
	ATF_CHECK_EQ(RC_INPUT, hosted("x.myshopify.com@evil.test", &out));
	rc_forget(test_cx());
	ATF_CHECK_EQ(RC_INPUT, host_name(test_cx(), "not base64!", &out));
	rc_forget(test_cx());
	ATF_CHECK_EQ(RC_INPUT, host_name(test_cx(), NULL, &out));
}

ATF_TC_WITHOUT_HEAD(a_gid_ends_in_its_number);
ATF_TC_BODY(a_gid_ends_in_its_number, tc)
{
	int64_t n;

	ATF_CHECK(gid_number("gid://shopify/Order/820982911946154508", &n));
	ATF_CHECK_EQ(820982911946154508, n);
	ATF_CHECK(!gid_number("gid://shopify/Order/", &n));
	ATF_CHECK(!gid_number("gid://shopify/Order/1?x=1", &n));
	ATF_CHECK(!gid_number("gid://shopify/Order/-1", &n));
	ATF_CHECK(!gid_number("gid://other/Order/1", &n));
	ATF_CHECK(!gid_number("gid://shopify/Order/9223372036854775808", &n));
	ATF_CHECK(!gid_number(NULL, &n));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_shop_is_known_by_the_whole_of_its_name);
	ATF_TP_ADD_TC(tp, a_host_is_an_address_of_shopifys_admin);
	ATF_TP_ADD_TC(tp, a_gid_ends_in_its_number);
	return atf_no_error();
}
