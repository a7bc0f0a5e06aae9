/* Points: measured pairs, the bucket, and what is said when they run out. */
#include <atf-c.h>

#include "../../sandbox/cost.h"
#include "ask.h"
#include "shopify/gql_text.h"

/* Within 1.5 times, either way. */
static void
near(const char *what, int64_t measured, int64_t ours)
{
	ATF_CHECK_MSG(2 * ours <= 3 * measured && 3 * ours >= 2 * measured,
	    "%s: measured %lld, ours %lld", what, (long long)measured,
	    (long long)ours);
}

static void
pair(struct shop *shop, const char *what, const char *query, int64_t asked,
    int64_t actual)
{
	struct json a = ask(shop, query, NULL);

	ATF_REQUIRE_MSG(
	    jlen(jat(a, "errors")) == 0, "%s", ask_text(a, "errors"));
	near(what, asked, jint_or(a, "extensions.cost.requestedQueryCost", -1));
	near(what, actual, jint_or(a, "extensions.cost.actualQueryCost", -1));
}

/* The figures of a real store (shopify.md 4.4), whose documents are told in
 * words only; here is one of each kind. */
ATF_TC_WITHOUT_HEAD(measured_pairs_come_out_within_half);
ATF_TC_BODY(measured_pairs_come_out_within_half, tc)
{
	struct shop *shop = ask_shop(1, 250, 260, 40);

	pair(shop, "shop", "{ shop { name primaryDomain { host } } }", 2, 2);
	pair(shop, "orders, flat",
	    "{ orders(first: 250) { nodes { id name email createdAt } "
	    "pageInfo { hasNextPage endCursor } } }",
	    13, 13);
	pair(shop, "orders with lines",
	    "{ orders(first: 250) { nodes { id lineItems(first: 250) { nodes "
	    "{ id } } } } }",
	    156, 35);
	pair(shop, "orders in full",
	    "{ orders(first: 250) { nodes { id name email note createdAt "
	    "totalPriceSet { shopMoney { amount currencyCode } } "
	    "customer { id } refunds(first: 10) { id createdAt } "
	    "lineItems(first: 250) { nodes { id title quantity sku "
	    "originalUnitPriceSet { shopMoney { amount } } } } } } }",
	    431, 79);
	pair(shop, "products",
	    "{ products(first: 250) { nodes { id title options { name values } "
	    "variants(first: 250) { nodes { id sku price } } } } }",
	    167, 46);
	pair(shop, "customers",
	    "{ customers(first: 2) { nodes { id defaultEmailAddress { "
	    "emailAddress } defaultPhoneNumber { phoneNumber } defaultAddress "
	    "{ city } } } }",
	    10, 8);
}

static int64_t
asked_by(struct shop *shop, enum gql_doc doc, const char *variables)
{
	return jint_or(ask(shop, gql_texts[doc].text, variables),
	    "extensions.cost.requestedQueryCost", -1);
}

ATF_TC_WITHOUT_HEAD(our_own_pages_fit_into_one_query);
ATF_TC_BODY(our_own_pages_fit_into_one_query, tc)
{
	struct shop *shop = ask_shop(1, 8, 8, 4);

	ATF_CHECK(asked_by(shop, GQL_ORDERS_PAGE, NULL) > 300);
	ATF_CHECK(asked_by(shop, GQL_ORDERS_PAGE, NULL) <= 1000);
	ATF_CHECK(asked_by(shop, GQL_PRODUCTS_PAGE, NULL) > 0);
	ATF_CHECK(asked_by(shop, GQL_CUSTOMERS_PAGE, NULL) > 0);
}

ATF_TC_WITHOUT_HEAD(a_list_weighs_by_its_logarithm);
ATF_TC_BODY(a_list_weighs_by_its_logarithm, tc)
{
	ATF_CHECK_EQ(0, cost_weight(0));
	ATF_CHECK_EQ(1, cost_weight(1));
	ATF_CHECK_EQ(1 + 1.38, cost_weight(2));
	ATF_CHECK(cost_weight(250) > 11.9 && cost_weight(250) < 12.1);
	ATF_CHECK_EQ(3, cost_round(2.5));
}

ATF_TC_WITHOUT_HEAD(past_the_most_points_nothing_is_answered);
ATF_TC_BODY(past_the_most_points_nothing_is_answered, tc)
{
	struct question q =
	    ask_of(ask_shop(1, 8, 8, 4), gql_texts[GQL_ORDERS_PAGE].text);
	struct json a, e;

	q.variables = test_json(slice_of("{\"first\":100}"));
	a = ask_question(&q);
	e = jat(jitem(jat(a, "errors"), 0), "extensions");
	ATF_CHECK_EQ(JSON_NULL, json_kind(jat(a, "data")));
	ATF_CHECK_EQ(JSON_NULL, json_kind(jat(a, "extensions")));
	ATF_CHECK_STREQ("MAX_COST_EXCEEDED", ask_code(a));
	ATF_CHECK(jint_or(e, "cost", 0) > 1000);
	ATF_CHECK_EQ(1000, jint_or(e, "maxCost", 0));
	ATF_CHECK(text_starts(jtext_or(e, "documentation", ""), "https://"));
	ATF_CHECK_EQ(20000, q.bucket->available);
}

ATF_TC_WITHOUT_HEAD(an_empty_bucket_throttles_until_it_is_filled_again);
ATF_TC_BODY(an_empty_bucket_throttles_until_it_is_filled_again, tc)
{
	struct question q = ask_of(
	    ask_shop(1, 8, 8, 4), "{ orders(first: 250) { nodes { id } } }");
	struct json a;

	q.bucket->available = 5;
	a = ask_question(&q);
	ATF_CHECK_STREQ(
	    "{\"errors\":[{\"message\":\"Throttled\",\"extensions\":{"
	    "\"code\":\"THROTTLED\",\"documentation\":"
	    "\"https://shopify.dev/api/usage/rate-limits\"}}],"
	    "\"extensions\":{\"cost\":{\"requestedQueryCost\":12,"
	    "\"actualQueryCost\":null,\"throttleStatus\":{"
	    "\"maximumAvailable\":20000.0,\"currentlyAvailable\":5,"
	    "\"restoreRate\":1000.0}}}}",
	    jtext(test_arena(), a));
	q.now_ms = 6; /* 6 points */
	ATF_CHECK_STREQ("THROTTLED", ask_code(ask_question(&q)));
	q.now_ms = 7;
	ATF_CHECK_STREQ("", ask_code(ask_question(&q)));
}

ATF_TC_WITHOUT_HEAD(the_bucket_pays_what_was_used_not_what_was_asked);
ATF_TC_BODY(the_bucket_pays_what_was_used_not_what_was_asked, tc)
{
	struct question q = ask_of(
	    ask_shop(1, 8, 8, 4), "{ orders(first: 250) { nodes { id } } }");
	struct json cost = jat(ask_question(&q), "extensions.cost");

	ATF_CHECK_EQ(12, jint_or(cost, "requestedQueryCost", 0));
	ATF_CHECK_EQ(5, jint_or(cost, "actualQueryCost", 0));
	ATF_CHECK_EQ(19995, q.bucket->available);
	ATF_CHECK_EQ(
	    19995, jint_or(cost, "throttleStatus.currentlyAvailable", 0));
	ATF_CHECK(bucket_has(q.bucket, 3600000, 20000));
	ATF_CHECK(!bucket_has(q.bucket, 3600000, 20001));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, measured_pairs_come_out_within_half);
	ATF_TP_ADD_TC(tp, our_own_pages_fit_into_one_query);
	ATF_TP_ADD_TC(tp, a_list_weighs_by_its_logarithm);
	ATF_TP_ADD_TC(tp, past_the_most_points_nothing_is_answered);
	ATF_TP_ADD_TC(tp, an_empty_bucket_throttles_until_it_is_filled_again);
	ATF_TP_ADD_TC(tp, the_bucket_pays_what_was_used_not_what_was_asked);
	return atf_no_error();
}
