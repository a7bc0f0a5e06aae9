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
	test_answers("0 were right, 3 were made, 0 were moved", "t",
	    "SELECT text FROM job_note");
	test_answers("app/uninstalled bulk_operations/finish shop/update", "t",
	    "SELECT string_agg(topic, $$ $$ ORDER BY topic) FROM subscription");
}

SERVER_CASE(what_shopify_refuses_is_tried_again_and_said)
{
	begin();
	pretend_data("WebhookCreate",
	    "{\"webhookSubscriptionCreate\":{"
	    "\"webhookSubscription\":null,"
	    "\"userErrors\":[{\"message\":\"no\"}]}}");
	handled_said(JOB_FAILED,
	    "the subscription to bulk_operations/finish: no",
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

/* Daily: of one that has lost a subscription the next hour makes it anew. */
SERVER_CASE(of_no_shop_it_puts_one_for_each_that_is_installed)
{
	const struct job_new job = { .kind = JOB_SUBSCRIPTIONS };
	int i;

	begin();
	test_sql("t", "DELETE FROM job; UPDATE shop SET epoch = 3 "
		      "WHERE shop_id > 2");
	test_sql("t", "INSERT INTO shop (shop_id, domain, status) VALUES "
		      "(3, 'gone.myshopify.com', 'uninstalled'), "
		      "(4, 'last.myshopify.com', 'installed')");
	test_cx()->every_shop = true;
	for (i = 0; i < 2; i++) {
		OK(job_put(test_cx(), &job, NULL));
		test_sql("t", "UPDATE job SET state = 'scheduled' "
			      "WHERE shop_id > 0");
		handled_well(handled(JOB_SUBSCRIPTIONS));
		test_answers("2 1 8,4 1 8,9007199254740993 3 8", "t",
		    "SELECT string_agg(concat_ws(' ', shop_id, shop_epoch, "
		    "priority), ',' ORDER BY shop_id) FROM job");
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, of_no_shop_it_puts_one_for_each_that_is_installed);
	ATF_TP_ADD_TC(tp, what_was_found_is_noted_for_people);
	ATF_TP_ADD_TC(tp, what_shopify_refuses_is_tried_again_and_said);
	ATF_TP_ADD_TC(tp, one_of_an_ended_installation_asks_nothing);
	return atf_no_error();
}
