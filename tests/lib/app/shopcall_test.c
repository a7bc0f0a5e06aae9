/* One call with the shop's live token, and what its refusals lead to. */
#include <atf-c.h>
#include <string.h>

#include "app/shopcall.h"
#include "io/http.h"
#include "pretend.h"
#include "shop.h"

static struct shop shop;
static struct gql_reply reply;

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
called(void)
{
	rc_forget(test_cx());
	return shop_call(
	    test_cx(), &shop, GQL_SHOP, slice_of("{\"x\":1}"), &reply);
}

static void
check_status(const char *status, const char *reason)
{
	const struct shop now = test_shop_row();

	ATF_CHECK_STREQ(status, now.status);
	if (reason)
		ATF_CHECK_STREQ(reason, now.status_reason);
}

SERVER_CASE(a_call_carries_the_token_the_document_and_its_variables)
{
	begin();
	pretend_data("Shop", "{\"shop\":{\"name\":\"A\"}}");
	OK(called());
	ATF_CHECK_STREQ("A", jtext_or(reply.data, "shop.name", ""));
	ATF_CHECK_STREQ("shpat_1", pretend_token());
	GOT("Shop", "\"variables\":{\"x\":1}");
	GOT("Shop", "\"operationName\":\"Shop\"");
	GOT("Shop", "query Shop");
}

SERVER_CASE(a_refused_token_is_refreshed_once_and_the_call_made_again)
{
	begin();
	pretend_says("Shop", 401, "{}");
	pretend_data("Shop", "{\"shop\":{\"name\":\"A\"}}");
	pretend_says("refresh_token", 200,
	    "{\"access_token\":\"shpat_2\",\"refresh_token\":\"shprt_2\","
	    "\"expires_in\":3600}");
	OK(called());
	ATF_CHECK_EQ(RC_OK, test_cx()->fault.rc);
	ATF_CHECK_STREQ("shpat_2", pretend_token());
	ATF_CHECK_EQ(2, pretend_calls("Shop"));
	ATF_CHECK_EQ(1, pretend_calls("refresh_token"));
	/* Refused again, it is not Shopify's word on an old token. */
	pretend_says("Shop", 401, "{}");
	ATF_CHECK_EQ(RC_TOKEN, called());
	ATF_CHECK_EQ(4, pretend_calls("Shop"));
	ATF_CHECK_EQ(2, pretend_calls("refresh_token"));
	check_status("needs_authorization",
	    "Shopify refused a token that it had just given");
}

SERVER_CASE(where_no_token_is_to_be_had_nothing_is_called)
{
	begin();
	pretend_says("Shop", 401, "{}");
	pretend_says("refresh_token", 401, "{}");
	ATF_CHECK_EQ(RC_TOKEN, called());
	check_status("needs_authorization", NULL);
	ATF_CHECK_EQ(1, pretend_calls("Shop"));
	ATF_CHECK_EQ(RC_TOKEN, called());
	ATF_CHECK_EQ(1, pretend_calls("Shop"));
	ATF_CHECK_EQ(1, pretend_calls("refresh_token"));
}

/* shopify.md 4.3 */
SERVER_CASE(a_shop_that_nobody_can_call_is_paused_with_the_reason)
{
	begin();
	pretend_says("Shop", 402, "{}");
	ATF_CHECK_EQ(RC_DENIED, called());
	check_status("paused", "the shop is frozen");
	pretend_says("Shop", 423, "{}");
	ATF_CHECK_EQ(RC_DENIED, called());
	check_status("paused", "the shop is locked");
}

/* Else nothing but a new install would end it. */
SERVER_CASE(a_paused_shop_that_answers_goes_on)
{
	begin();
	pretend_says("Shop", 402, "{}");
	pretend_data("Shop", "{\"shop\":{\"name\":\"A\"}}");
	ATF_CHECK_EQ(RC_DENIED, called());
	shop = test_shop_row();
	OK(called());
	check_status("installed", NULL);
	ATF_CHECK_EQ(1, test_shop_row().epoch);
	test_sql("t", "UPDATE shop SET status = 'needs_authorization'");
	OK(called());
	check_status("needs_authorization", NULL);
}

SERVER_CASE(what_only_this_call_may_not_see_pauses_nothing)
{
	begin();
	pretend_says("Shop", 200,
	    "{\"errors\":[{\"message\":\"Access denied for email.\","
	    "\"extensions\":{\"code\":\"ACCESS_DENIED\"}}]}");
	ATF_CHECK_EQ(RC_DENIED, called());
	ATF_CHECK_STREQ("Access denied for email.", reply.access);
	check_status("installed", NULL);
}

/* The end point of tokens said 403, of which no reply of the shop tells. */
SERVER_CASE(where_no_call_was_made_its_reply_is_empty)
{
	begin();
	test_sql("t", "UPDATE token SET expires_at = now()");
	pretend_says("refresh_token", 403, "{}");
	reply = (struct gql_reply){ .pause = "of a call before" };
	ATF_CHECK_EQ(RC_DENIED, called());
	ATF_CHECK_EQ(NULL, reply.pause);
	check_status("installed", NULL);
}

SERVER_CASE(what_will_pass_is_told_when_and_changes_nothing)
{
	begin();
	pretend_says("Shop", 429, "{}");
	ATF_CHECK_EQ(RC_LIMITED, called());
	ATF_CHECK_EQ(2000, test_cx()->retry_after_ms);
	pretend_says("Shop", 502, "");
	ATF_CHECK_EQ(RC_REMOTE, called());
	pretend_says("Shop", 0, "");
	ATF_CHECK_EQ(RC_REMOTE, called());
	check_status("installed", NULL);
	ATF_CHECK_EQ(0, pretend_calls("refresh_token"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(
	    tp, a_call_carries_the_token_the_document_and_its_variables);
	ATF_TP_ADD_TC(
	    tp, a_refused_token_is_refreshed_once_and_the_call_made_again);
	ATF_TP_ADD_TC(tp, where_no_token_is_to_be_had_nothing_is_called);
	ATF_TP_ADD_TC(
	    tp, a_shop_that_nobody_can_call_is_paused_with_the_reason);
	ATF_TP_ADD_TC(tp, a_paused_shop_that_answers_goes_on);
	ATF_TP_ADD_TC(tp, what_only_this_call_may_not_see_pauses_nothing);
	ATF_TP_ADD_TC(tp, where_no_call_was_made_its_reply_is_empty);
	ATF_TP_ADD_TC(tp, what_will_pass_is_told_when_and_changes_nothing);
	return atf_no_error();
}
