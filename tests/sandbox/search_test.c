/* Filters: what they let through, and what is warned of. */
#include <atf-c.h>
#include <string.h>

#include "ask.h"
#include "base/clock.h"

static struct json
orders(struct shop *shop, const char *filter)
{
	return ask(shop,
	    "query($q: String) { orders(first: 250, query: $q) { nodes { id "
	    "updatedAt createdAt displayFinancialStatus } } "
	    "ordersCount(query: $q) { count precision } }",
	    text_fmt(test_arena(), "{\"q\":\"%s\"}", filter));
}

static size_t
found(struct shop *shop, const char *filter)
{
	struct json a = orders(shop, filter);
	const size_t n = jlen(jat(a, "data.orders.nodes"));

	ATF_CHECK_EQ((int64_t)n, jint_or(a, "data.ordersCount.count", -1));
	ATF_CHECK_EQ_MSG(JSON_NULL, json_kind(jat(a, "extensions.search")),
	    "%s", ask_text(a, "extensions.search"));
	return n;
}

static size_t
updated(const struct shop *shop, int64_t from, int64_t to)
{
	const struct thing *t;
	size_t i, n = 0;

	for (i = 0; i < shop->all[STOCK_ORDER].n; i++) {
		t = shop->all[STOCK_ORDER].items[i];
		n += t->updated_at >= from && t->updated_at < to;
	}
	return n;
}

ATF_TC_WITHOUT_HEAD(updated_at_takes_either_end_to_the_second);
ATF_TC_BODY(updated_at_takes_either_end_to_the_second, tc)
{
	struct shop *shop = ask_shop(2, 20, 150, 10);
	const struct thing *t = shop->all[STOCK_ORDER].items[70];
	const int64_t at = t->updated_at;
	const char *when = clock_text(test_arena(), at);
	const size_t later = updated(shop, at + 1, INT64_MAX);
	const size_t same = updated(shop, at, at + 1);

	ATF_CHECK(same >= 1);
	ATF_CHECK_EQ(later + same,
	    found(shop, text_fmt(test_arena(), "updated_at:>='%s'", when)));
	ATF_CHECK_EQ(later, found(shop, text_fmt(test_arena(),
					    "updated_at:>\\\"%s\\\"", when)));
	ATF_CHECK_EQ(150 - later - same,
	    found(shop, text_fmt(test_arena(), "updated_at:<%s", when)));
	ATF_CHECK_EQ(150 - later,
	    found(shop, text_fmt(test_arena(), "updated_at:<='%s'", when)));
	ATF_CHECK_EQ(same,
	    found(shop,
		text_fmt(test_arena(),
		    "updated_at:>='%s' AND updated_at:<='%s'", when, when)));
	ATF_CHECK_EQ(150 - same,
	    found(shop, text_fmt(test_arena(), "-updated_at:'%s'", when)));
}

ATF_TC_WITHOUT_HEAD(a_time_without_an_offset_is_the_shops);
ATF_TC_BODY(a_time_without_an_offset_is_the_shops, tc)
{
	struct shop *shop = ask_shop(2, 20, 150, 10);

	shop->offset_minutes = 60;
	ATF_CHECK_EQ(found(shop, "updated_at:>='2026-06-01T00:00:00+01:00'"),
	    found(shop, "updated_at:>=2026-06-01"));
	ATF_CHECK_EQ(found(shop, "updated_at:>='2026-05-31T23:00:00Z'"),
	    found(shop, "updated_at:>='2026-06-01T00:00:00'"));
}

ATF_TC_WITHOUT_HEAD(other_fields_filter_too);
ATF_TC_BODY(other_fields_filter_too, tc)
{
	struct shop *shop = ask_shop(2, 40, 150, 10);
	const struct thing *t = shop->all[STOCK_ORDER].items[9];
	struct json a;

	ATF_CHECK_EQ(1,
	    found(shop, text_fmt(test_arena(), "id:%lld", (long long)t->id)));
	ATF_CHECK_EQ(140,
	    found(shop, text_fmt(test_arena(), "id:>%lld", (long long)t->id)));
	ATF_CHECK_EQ(1, found(shop, "name:#1010"));
	ATF_CHECK_EQ(1, found(shop, "#1010"));
	ATF_CHECK_EQ(150, found(shop, "status:any"));
	ATF_CHECK_EQ(150, found(shop, "status:open") +
			      found(shop, "status:closed") +
			      found(shop, "status:cancelled"));
	ATF_CHECK_EQ(150, found(shop, "financial_status:paid") +
			      found(shop, "NOT financial_status:paid"));
	a = ask(shop,
	    "{ a: productsCount(query: \"status:draft\") { count } "
	    "b: productsCount(query: \"sku:SKU-3-0\") { count } "
	    "c: productVariantsCount(query: \"sku:none\") { count } "
	    "d: customersCount(query: \"email:customer.1@*\") { count } }",
	    NULL);
	ATF_CHECK_STREQ("4", ask_text(a, "data.a.count"));
	ATF_CHECK_STREQ("1", ask_text(a, "data.b.count"));
	ATF_CHECK_EQ((int64_t)shop->all[STOCK_VARIANT].n,
	    jint_or(a, "data.c.count", -1));
	ATF_CHECK_STREQ("1", ask_text(a, "data.d.count"));
}

static void
warned(const char *filter, const char *code)
{
	struct shop *shop = ask_shop(2, 20, 30, 10);
	struct json a = orders(shop, filter);
	struct json s = jitem(jat(a, "extensions.search"), 0);

	ATF_CHECK_EQ(30, jlen(jat(a, "data.orders.nodes")));
	ATF_CHECK_EQ(2, jlen(jat(a, "extensions.search")));
	ATF_CHECK_STREQ("[\"orders\"]", ask_text(s, "path"));
	ATF_CHECK_STREQ(
	    code, jtext_or(jitem(jat(s, "warnings"), 0), "code", ""));
}

ATF_TC_WITHOUT_HEAD(a_filter_that_is_not_understood_is_ignored_with_a_warning);
ATF_TC_BODY(a_filter_that_is_not_understood_is_ignored_with_a_warning, tc)
{
	warned("colour:red", "invalid_field");
	warned("updated_at:>=yesterday", "invalid_value");
	warned("id:abc", "invalid_value");
}

ATF_TC_WITHOUT_HEAD(a_count_stops_at_its_limit);
ATF_TC_BODY(a_count_stops_at_its_limit, tc)
{
	struct shop *shop = ask_shop(2, 20, 30, 10);
	struct json a = ask(shop,
	    "{ a: ordersCount(limit: 29) { count precision } "
	    "b: ordersCount(limit: 30) { count precision } "
	    "c: ordersCount(limit: null) { count precision } }",
	    NULL);

	ATF_CHECK_STREQ(
	    "{\"count\":29,\"precision\":\"AT_LEAST\"}", ask_text(a, "data.a"));
	ATF_CHECK_STREQ(
	    "{\"count\":30,\"precision\":\"EXACT\"}", ask_text(a, "data.b"));
	ATF_CHECK_STREQ(
	    "{\"count\":30,\"precision\":\"EXACT\"}", ask_text(a, "data.c"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, updated_at_takes_either_end_to_the_second);
	ATF_TP_ADD_TC(tp, a_time_without_an_offset_is_the_shops);
	ATF_TP_ADD_TC(tp, other_fields_filter_too);
	ATF_TP_ADD_TC(
	    tp, a_filter_that_is_not_understood_is_ignored_with_a_warning);
	ATF_TP_ADD_TC(tp, a_count_stops_at_its_limit);
	return atf_no_error();
}
