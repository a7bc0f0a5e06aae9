/* Lists that a page could not hold: read on to their end, or not at all. */
#include <atf-c.h>
#include <string.h>

#include "app/reread.h"
#include "io/http.h"
#include "made.h"
#include "pretend.h"
#include "shop.h"

#define ORDER "gid://shopify/Order/7"

static struct shop shop;
static struct intake in;

static void
begin(void)
{
	(void)test_shop("jobd");
	pretend_start();
	OK(http_start(test_cx()));
	test_token(3600);
	shop = test_shop_row();
	in = (struct intake){ .shop = &shop };
}

/* Counts what it is given; a list of three stops it. */
static enum rc
count(struct cx *cx, struct intake *unused, struct json nodes, void *arg)
{
	size_t *n = arg;

	(void)unused;
	*n += jlen(nodes);
	return jlen(nodes) == 3 ? rc_fail(cx, RC_CONFLICT, "three") : RC_OK;
}

static void
lines(const char *nodes, const char *cursor)
{
	pretend_data("OrderLines", text_fmt(test_arena(), "{\"order\":%s}",
				       made_page("lineItems", nodes, cursor)));
}

static enum rc
read_on(const char *after, size_t *n)
{
	*n = 0;
	rc_forget(test_cx());
	return reread_connection(test_cx(), &in, GQL_ORDER_LINES, ORDER,
	    "order.lineItems", after, count, n);
}

SERVER_CASE(a_connection_is_read_to_its_end_from_where_the_page_ended)
{
	size_t n;

	begin();
	lines("1,2", "c2");
	lines("3", NULL);
	OK(read_on("c1", &n));
	ATF_CHECK_EQ(3, n);
	ATF_CHECK_EQ(2, pretend_calls("OrderLines"));
	ATF_CHECK_EQ(20, (int)in.cost_points);
	GOT("OrderLines", "\"variables\":{\"id\":\"" ORDER
			  "\",\"first\":250,\"after\":\"c2\"}");
	OK(read_on(NULL, &n));
	GOT("OrderLines", "\"variables\":{\"id\":\"" ORDER "\",\"first\":250}");
}

SERVER_CASE(a_page_that_is_too_dear_is_asked_for_by_halves)
{
	size_t n;

	begin();
	pretend_too_dear("OrderLines");
	pretend_too_dear("OrderLines");
	lines("1,2", "c2");
	lines("3", NULL);
	OK(read_on("c1", &n));
	ATF_CHECK_EQ(3, n);
	ATF_CHECK_EQ(4, pretend_calls("OrderLines"));
	GOT("OrderLines", "\"first\":62");
	ATF_CHECK_EQ(RC_OK, test_cx()->fault.rc);
}

SERVER_CASE(one_object_that_is_too_dear_ends_it)
{
	size_t n;

	begin();
	pretend_too_dear("OrderLines");
	ATF_CHECK_EQ(RC_TOO_BIG, read_on("c1", &n));
	ATF_CHECK_EQ(8, pretend_calls("OrderLines"));
	GOT("OrderLines", "\"first\":1,");
}

SERVER_CASE(what_goes_wrong_on_the_way_is_passed_up)
{
	size_t n;

	begin();
	lines("1,2", "c2");
	lines("1,2,3", NULL);
	ATF_CHECK_EQ(RC_CONFLICT, read_on("c1", &n));
	pretend_data("OrderLines", "{\"order\":{\"lineItems\":{}}}");
	ATF_CHECK_EQ(RC_REMOTE, read_on("c1", &n));
	pretend_says("OrderLines", 502, "");
	ATF_CHECK_EQ(RC_REMOTE, read_on("c1", &n));
	pretend_says("OrderLines", 0, "");
	ATF_CHECK_EQ(RC_REMOTE, read_on("c1", &n));
}

/* Shopify names no next page but says that there is one: it would go round. */
SERVER_CASE(a_page_without_a_cursor_does_not_begin_anew)
{
	size_t n;

	begin();
	pretend_data("OrderLines",
	    "{\"order\":{\"lineItems\":{\"nodes\":[1],\"pageInfo\":{"
	    "\"hasNextPage\":true,\"endCursor\":null}}}}");
	ATF_CHECK_EQ(RC_REMOTE, read_on("c1", &n));
	ATF_CHECK_EQ(1, pretend_calls("OrderLines"));
}

SERVER_CASE(a_cursor_that_stands_still_is_followed_once)
{
	size_t n;

	begin();
	lines("1,2", "c1");
	ATF_CHECK_EQ(RC_REMOTE, read_on("c1", &n));
	ATF_CHECK_EQ(1, pretend_calls("OrderLines"));
}

SERVER_CASE(what_has_gone_since_has_nothing_more)
{
	size_t n;

	begin();
	pretend_data("OrderLines", "{\"order\":null}");
	OK(read_on("c1", &n));
	ATF_CHECK_EQ(0, n);
}

/* ---- lists without a cursor */

static enum rc
read_list(size_t *n)
{
	*n = 0;
	rc_forget(test_cx());
	return reread_list(test_cx(), &in, GQL_ORDER_TRANSACTIONS, ORDER,
	    "order.transactions", 12, count, n);
}

SERVER_CASE(a_plain_list_is_read_at_once_or_is_gone)
{
	size_t n;

	begin();
	pretend_data(
	    "OrderTransactions", "{\"order\":{\"transactions\":[1,2]}}");
	OK(read_list(&n));
	ATF_CHECK_EQ(2, n);
	GOT("OrderTransactions",
	    "\"variables\":{\"id\":\"" ORDER "\",\"first\":12}");
	pretend_data("OrderTransactions", "{\"order\":null}");
	OK(read_list(&n));
	ATF_CHECK_EQ(0, n);
	pretend_data(
	    "OrderTransactions", "{\"order\":{\"transactions\":[1,2,3]}}");
	ATF_CHECK_EQ(RC_CONFLICT, read_list(&n));
	pretend_says("OrderTransactions", 502, "");
	ATF_CHECK_EQ(RC_REMOTE, read_list(&n));
}

/* Half of it would pass for all of it. */
SERVER_CASE(a_plain_list_is_never_read_by_half)
{
	size_t n;

	begin();
	pretend_too_dear("OrderTransactions");
	pretend_data(
	    "OrderTransactions", "{\"order\":{\"transactions\":[1,2]}}");
	ATF_CHECK_EQ(RC_TOO_BIG, read_list(&n));
	ATF_CHECK_EQ(0, n);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(
	    tp, a_connection_is_read_to_its_end_from_where_the_page_ended);
	ATF_TP_ADD_TC(tp, a_page_that_is_too_dear_is_asked_for_by_halves);
	ATF_TP_ADD_TC(tp, one_object_that_is_too_dear_ends_it);
	ATF_TP_ADD_TC(tp, what_goes_wrong_on_the_way_is_passed_up);
	ATF_TP_ADD_TC(tp, a_page_without_a_cursor_does_not_begin_anew);
	ATF_TP_ADD_TC(tp, a_cursor_that_stands_still_is_followed_once);
	ATF_TP_ADD_TC(tp, what_has_gone_since_has_nothing_more);
	ATF_TP_ADD_TC(tp, a_plain_list_is_read_at_once_or_is_gone);
	ATF_TP_ADD_TC(tp, a_plain_list_is_never_read_by_half);
	return atf_no_error();
}
