/* One page of a resource, and Shopify's own count of it. */
#include <atf-c.h>
#include <string.h>

#include "app/page.h"
#include "io/http.h"
#include "made.h"
#include "pretend.h"
#include "shop.h"

static struct shop shop;

static void
begin(void)
{
	(void)test_shop("pulls");
	pretend_start();
	OK(http_start(test_cx()));
	test_token(3600);
	shop = test_shop_row();
}

static enum rc
read_page(struct page_ask *ask, struct page *out)
{
	rc_forget(test_cx());
	ask->resource = resource_find("products");
	return page_read(test_cx(), &shop, ask, out);
}

SERVER_CASE(a_page_has_nodes_a_cursor_and_what_it_cost)
{
	struct page_ask ask = { .first = 10 };
	struct page page;

	begin();
	pretend_data("ProductsPage", made_page("products", "1,2", "c1"));
	OK(read_page(&ask, &page));
	ATF_CHECK_EQ(2, page.n);
	ATF_CHECK_EQ(2, jlen(page.nodes));
	ATF_CHECK(page.more);
	ATF_CHECK_STREQ("c1", page.cursor);
	ATF_CHECK_EQ(10, (int)page.cost.actual);
	GOT("ProductsPage", "\"variables\":{\"first\":10}");
	ask.after = "c1";
	ask.query = "updated_at:>='2026-01-01T00:00:00Z'";
	pretend_data("ProductsPage", made_page("products", "", NULL));
	OK(read_page(&ask, &page));
	ATF_CHECK_EQ(0, page.n);
	ATF_CHECK(!page.more);
	ATF_CHECK_EQ(NULL, page.cursor);
	GOT("ProductsPage",
	    "\"variables\":{\"first\":10,\"after\":\"c1\",\"query\":"
	    "\"updated_at:>='2026-01-01T00:00:00Z'\"}");
}

/* design.md 10: also on the very first page. */
SERVER_CASE(a_page_that_is_too_dear_is_halved_and_says_what_was_asked)
{
	struct page_ask ask = { .first = 100 };
	struct page page;

	begin();
	pretend_too_dear("ProductsPage");
	pretend_too_dear("ProductsPage");
	pretend_data("ProductsPage", made_page("products", "1", NULL));
	OK(read_page(&ask, &page));
	ATF_CHECK_EQ(25, ask.first);
	GOT("ProductsPage", "\"first\":25");
	pretend_too_dear("ProductsPage");
	ATF_CHECK_EQ(RC_TOO_BIG, read_page(&ask, &page));
	ATF_CHECK_EQ(1, ask.first);
}

SERVER_CASE(what_is_no_page_is_no_answer)
{
	static const char *const bad[] = { "{}", "{\"products\":null}",
		"{\"products\":{\"nodes\":[]}}",
		"{\"products\":{\"pageInfo\":{\"hasNextPage\":false}}}",
		"{\"products\":{\"nodes\":{},\"pageInfo\":{"
		"\"hasNextPage\":false}}}",
		"{\"products\":{\"nodes\":[1],\"pageInfo\":{"
		"\"hasNextPage\":true,\"endCursor\":null}}}" };
	struct page_ask ask = { .first = 10 };
	struct page page;
	size_t i;

	begin();
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		pretend_data("ProductsPage", bad[i]);
		ATF_CHECK_EQ_MSG(
		    RC_REMOTE, read_page(&ask, &page), "%s", bad[i]);
	}
}

SERVER_CASE(a_cursor_that_stands_still_does_not_go_round_for_ever)
{
	struct page_ask ask = { .first = 10, .after = "c1" };
	struct page page;

	begin();
	pretend_data("ProductsPage", made_page("products", "1,2", "c1"));
	ATF_CHECK_EQ(RC_REMOTE, read_page(&ask, &page));
	ask.after = "c0";
	OK(read_page(&ask, &page));
}

static int64_t
counted(const char *word, const char *query)
{
	int64_t n;

	OK(page_count(test_cx(), &shop, resource_find(word), query, &n));
	return n;
}

SERVER_CASE(the_count_is_shopifys_for_the_same_search)
{
	begin();
	pretend_data("Counts",
	    "{\"productsCount\":{\"count\":7,\"precision\":\"EXACT\"},"
	    "\"ordersCount\":{\"count\":8,\"precision\":\"EXACT\"},"
	    "\"customersCount\":{\"count\":9,\"precision\":\"EXACT\"}}");
	ATF_CHECK_EQ(7, counted("products", NULL));
	GOT("Counts", "\"variables\":{}");
	ATF_CHECK_EQ(8, counted("orders", "status:open"));
	GOT("Counts", "\"variables\":{\"orders\":\"status:open\"}");
	ATF_CHECK_EQ(9, counted("customers", NULL));
	ATF_CHECK_EQ(8, counted("transactions", NULL));
}

SERVER_CASE(a_count_that_is_not_exact_is_none)
{
	int64_t n;

	begin();
	pretend_data("Counts",
	    "{\"productsCount\":{\"count\":10001,"
	    "\"precision\":\"AT_LEAST\"},\"ordersCount\":null}");
	ATF_CHECK_EQ(-1, counted("products", NULL));
	ATF_CHECK_EQ(-1, counted("orders", NULL));
	/* One call counts all kinds: what may not be counted stops no pull. */
	pretend_says("Counts", 200,
	    "{\"errors\":[{\"message\":\"no customers for you\","
	    "\"extensions\":{\"code\":\"ACCESS_DENIED\"}}]}");
	ATF_CHECK_EQ(-1, counted("products", NULL));
	pretend_says("Counts", 502, "");
	CODE(RC_REMOTE,
	    page_count(test_cx(), &shop, resource_find("orders"), NULL, &n));
	pretend_says("Counts", 402, "");
	CODE(RC_DENIED,
	    page_count(test_cx(), &shop, resource_find("orders"), NULL, &n));
}

SERVER_CASE(a_search_that_is_too_long_is_not_sent_by_half)
{
	struct page_ask ask = { .first = 10 };
	char *search = arena_alloc(test_arena(), 10000);
	struct page page;
	int64_t n;

	begin();
	memset(search, 'x', 9999);
	ask.query = search;
	ATF_CHECK_EQ(RC_TOO_BIG, read_page(&ask, &page));
	rc_forget(test_cx());
	CODE(RC_TOO_BIG,
	    page_count(test_cx(), &shop, resource_find("orders"), search, &n));
	ATF_CHECK_EQ(
	    0, pretend_calls("ProductsPage") + pretend_calls("Counts"));
}

ATF_TC_WITHOUT_HEAD(what_can_be_pulled_has_a_row_and_a_word);
ATF_TC_BODY(what_can_be_pulled_has_a_row_and_a_word, tc)
{
	const struct resource *r;
	int i;

	for (i = 0; resource_words[i]; i++) {
		r = resource_find(resource_words[i]);
		ATF_REQUIRE(r != NULL);
		ATF_CHECK_STREQ(resource_words[i], r->word);
		ATF_CHECK(r->first >= 1 && r->first <= 250);
	}
	for (r = resources; r->word; r++)
		i--;
	ATF_CHECK_EQ(0, i);
	ATF_CHECK_EQ(IN_ORDER_STUB, resource_find("transactions")->table);
	ATF_CHECK_EQ(NULL, resource_find("shops"));
	ATF_CHECK_EQ(NULL, resource_find(""));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_page_has_nodes_a_cursor_and_what_it_cost);
	ATF_TP_ADD_TC(
	    tp, a_page_that_is_too_dear_is_halved_and_says_what_was_asked);
	ATF_TP_ADD_TC(tp, what_is_no_page_is_no_answer);
	ATF_TP_ADD_TC(
	    tp, a_cursor_that_stands_still_does_not_go_round_for_ever);
	ATF_TP_ADD_TC(tp, the_count_is_shopifys_for_the_same_search);
	ATF_TP_ADD_TC(tp, a_count_that_is_not_exact_is_none);
	ATF_TP_ADD_TC(tp, a_search_that_is_too_long_is_not_sent_by_half);
	ATF_TP_ADD_TC(tp, what_can_be_pulled_has_a_row_and_a_word);
	return atf_no_error();
}
