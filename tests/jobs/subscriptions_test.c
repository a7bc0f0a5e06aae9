/* subscriptions: compared after an install, and what was found is noted. */
#include <atf-c.h>

#include "app/subscriptions.h"
#include "base/log.h"
#include "handled.h"
#include "io/http.h"
#include "pretend.h"

static void
begin(void)
{
	const struct shop shop = { .id = SHOP, .epoch = 1 };

	(void)test_shop("jobd");
	log_open(LOG_ERR + 1, 2);
	pretend_start();
	OK(http_start(test_cx()));
	test_token(3600);
	test_sql("t", "UPDATE shop SET scopes = '{}'");
	OK(subscriptions_put(test_cx(), &shop));
	pretend_data(
	    "WebhooksList", "{\"webhookSubscriptions\":{\"nodes\":[]}}");
}

SERVER_CASE(what_was_found_is_noted_for_people)
{
	begin();
	pretend_data("WebhookCreate", "{\"webhookSubscriptionCreate\":{"
				      "\"webhookSubscription\":{\"id\":\"1\"},"
				      "\"userErrors\":[]}}");
	handled_well(handled(JOB_SUBSCRIPTIONS));
	test_answers("0 were right, 1 were made, 0 were moved", "t",
	    "SELECT text FROM job_note");
	test_answers("app/uninstalled", "t", "SELECT topic FROM subscription");
}

SERVER_CASE(what_shopify_refuses_is_tried_again_and_said)
{
	begin();
	pretend_data("WebhookCreate",
	    "{\"webhookSubscriptionCreate\":{"
	    "\"webhookSubscription\":null,"
	    "\"userErrors\":[{\"message\":\"no\"}]}}");
	handled_said(JOB_FAILED, "the subscription to app/uninstalled: no",
	    handled(JOB_SUBSCRIPTIONS));
	test_answers("scheduled", "t", "SELECT state FROM job");
}

SERVER_CASE(one_of_an_ended_installation_asks_nothing)
{
	begin();
	test_sql("t", "UPDATE shop SET epoch = 2");
	handled_said(JOB_DEAD, "before the shop was installed anew",
	    handled(JOB_SUBSCRIPTIONS));
	ATF_CHECK_EQ(0, pretend_calls("WebhooksList"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_was_found_is_noted_for_people);
	ATF_TP_ADD_TC(tp, what_shopify_refuses_is_tried_again_and_said);
	ATF_TP_ADD_TC(tp, one_of_an_ended_installation_asks_nothing);
	return atf_no_error();
}
