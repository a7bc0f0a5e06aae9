/* kyua: timeout=120 */
/* Subscriptions: what is missing is made, what delivers elsewhere is moved, and
 * one that Shopify refuses does not stand in the others' way (shopify.md 3.4).
 */
#include <atf-c.h>
#include <string.h>

#include "app/subscriptions.h"
#include "base/log.h"
#include "io/http.h"
#include "pretend.h"
#include "shop.h"
#include "store/subscription.h"

#define GID "gid://shopify/WebhookSubscription/"
#define URI "https://app.test/webhooks"

static struct shop shop;

static void
begin(void)
{
	(void)test_shop("jobd");
	log_open(LOG_ERR + 1, 2);
	pretend_start();
	OK(http_start(test_cx()));
	test_token(3600);
	test_sql("t", "UPDATE shop SET scopes = '{read_products}'");
	shop = test_shop_row();
}

/* The list of those that are there: "topic id uri" and a comma each. */
static void
there(const char *nodes)
{
	pretend_data("WebhooksList",
	    text_fmt(test_arena(),
		"{\"webhookSubscriptions\":{\"nodes\":[%s],"
		"\"pageInfo\":{\"hasNextPage\":false,\"endCursor\":null}}}",
		nodes));
}

static const char *
node(const char *topic, const char *id, const char *uri)
{
	return text_fmt(test_arena(),
	    "{\"id\":\"" GID "%s\",\"topic\":\"%s\",\"uri\":\"%s\"}", id, topic,
	    uri);
}

static void
done(const char *what, const char *root, const char *id)
{
	pretend_data(what, text_fmt(test_arena(),
			       "{\"%s\":{\"webhookSubscription\":{\"id\":\"" GID
			       "%s\"},\"userErrors\":[]}}",
			       root, id));
}

static void
refused(const char *words)
{
	pretend_data("WebhookCreate",
	    text_fmt(test_arena(),
		"{\"webhookSubscriptionCreate\":{"
		"\"webhookSubscription\":null,\"userErrors\":["
		"{\"field\":[\"topic\"],\"message\":\"%s\"}]}}",
		words));
}

static struct subscriptions_found
compared(enum rc want)
{
	struct subscriptions_found found = { .right = -1 };

	rc_forget(test_cx());
	ATF_CHECK_EQ(want, subscriptions_compare(test_cx(), &shop, &found));
	return found;
}

static void
check_kept(const char *want)
{
	test_answers(want, "t",
	    "SELECT string_agg(topic || $$ $$ || right(gid, 1) || $$ $$ || "
	    "uri, $$,$$ ORDER BY topic) FROM subscription");
}

SERVER_CASE(what_is_missing_is_made_for_the_scopes_that_were_granted)
{
	struct subscriptions_found found;

	begin();
	there("");
	done("WebhookCreate", "webhookSubscriptionCreate", "1");
	done("WebhookCreate", "webhookSubscriptionCreate", "2");
	done("WebhookCreate", "webhookSubscriptionCreate", "3");
	done("WebhookCreate", "webhookSubscriptionCreate", "4");
	done("WebhookCreate", "webhookSubscriptionCreate", "5");
	done("WebhookCreate", "webhookSubscriptionCreate", "6");
	found = compared(RC_OK);
	ATF_CHECK_EQ(0, found.right);
	ATF_CHECK_EQ(6, found.made);
	ATF_CHECK_EQ(0, found.moved);
	check_kept("app/uninstalled 6 " URI ",bulk_operations/finish 4 " URI
		   ",products/create 1 " URI ",products/delete 3 " URI
		   ",products/update 2 " URI ",shop/update 5 " URI);
	GOT("WebhookCreate", "\"variables\":{\"topic\":\"APP_UNINSTALLED\","
			     "\"webhookSubscription\":{\"uri\":\"" URI
			     "\",\"format\":\"JSON\"}}");
}

/* write_orders is read_orders, too. */
SERVER_CASE(with_every_scope_every_topic_of_ours_is_there)
{
	begin();
	test_sql("t", "UPDATE shop SET "
		      "scopes = '{read_products,write_orders,read_customers}'");
	shop = test_shop_row();
	there("");
	done("WebhookCreate", "webhookSubscriptionCreate", "1");
	ATF_CHECK_EQ(15, compared(RC_OK).made);
	test_answers("15", "t", "SELECT count(*) FROM subscription");
	test_answers("0", "t",
	    "SELECT count(*) FROM subscription "
	    "WHERE topic ~ $$redact|data_request|paid|fulfilled|edited$$");
}

SERVER_CASE(what_is_there_is_left_alone_and_what_is_elsewhere_is_moved)
{
	struct subscriptions_found found;

	begin();
	there(text_fmt(test_arena(), "%s,%s,%s,%s,%s,%s,%s",
	    node("PRODUCTS_CREATE", "1", URI),
	    node("PRODUCTS_UPDATE", "2", "https://old.test/webhooks"),
	    node("PRODUCTS_DELETE", "3", URI),
	    node("APP_UNINSTALLED", "4", URI), node("SHOP_UPDATE", "7", URI),
	    node("BULK_OPERATIONS_FINISH", "6", URI),
	    node("THEMES_PUBLISH", "5", "https://old.test/webhooks")));
	done("WebhookUpdate", "webhookSubscriptionUpdate", "2");
	found = compared(RC_OK);
	ATF_CHECK_EQ(5, found.right);
	ATF_CHECK_EQ(0, found.made);
	ATF_CHECK_EQ(1, found.moved);
	ATF_CHECK_EQ(0, pretend_calls("WebhookCreate"));
	ATF_CHECK_EQ(1, pretend_calls("WebhookUpdate"));
	GOT("WebhookUpdate", "\"variables\":{\"id\":\"" GID "2\","
			     "\"webhookSubscription\":{\"uri\":\"" URI "\"");
	check_kept("app/uninstalled 4 " URI ",bulk_operations/finish 6 " URI
		   ",products/create 1 " URI ",products/delete 3 " URI
		   ",products/update 2 " URI ",shop/update 7 " URI);
}

/* A shop may have more than one of a topic. */
SERVER_CASE(of_two_of_a_topic_ours_counts)
{
	struct subscriptions_found found;

	begin();
	there(text_fmt(test_arena(), "%s,%s,%s,%s,%s,%s,%s",
	    node("PRODUCTS_CREATE", "9", "pubsub://project:topic"),
	    node("PRODUCTS_CREATE", "1", URI),
	    node("PRODUCTS_UPDATE", "2", URI),
	    node("PRODUCTS_DELETE", "3", URI), node("SHOP_UPDATE", "7", URI),
	    node("BULK_OPERATIONS_FINISH", "6", URI),
	    node("APP_UNINSTALLED", "4", URI)));
	found = compared(RC_OK);
	ATF_CHECK_EQ(6, found.right);
	ATF_CHECK_EQ(0, pretend_calls("WebhookUpdate"));
	check_kept("app/uninstalled 4 " URI ",bulk_operations/finish 6 " URI
		   ",products/create 1 " URI ",products/delete 3 " URI
		   ",products/update 2 " URI ",shop/update 7 " URI);
}

SERVER_CASE(one_that_is_refused_does_not_keep_the_others_from_being_made)
{
	struct subscriptions_found found;

	begin();
	there("");
	refused("This app is not approved");
	done("WebhookCreate", "webhookSubscriptionCreate", "2");
	found = compared(RC_REMOTE);
	ATF_CHECK_STREQ("Shopify refused the subscription to "
			"products/create: This app is not approved",
	    test_cx()->fault.sentence);
	ATF_CHECK_EQ(5, found.made);
	ATF_CHECK_EQ(6, pretend_calls("WebhookCreate"));
	check_kept("app/uninstalled 2 " URI ",bulk_operations/finish 2 " URI
		   ",products/delete 2 " URI ",products/update 2 " URI
		   ",shop/update 2 " URI);
}

SERVER_CASE(an_answer_that_is_none_is_not_taken_for_one)
{
	begin();
	pretend_data("WebhooksList", "{\"webhookSubscriptions\":{}}");
	(void)compared(RC_REMOTE);
	ATF_CHECK_EQ(0, pretend_calls("WebhookCreate"));
}

SERVER_CASE(what_shopify_does_not_answer_is_not_noted_as_made)
{
	begin();
	there("");
	pretend_data("WebhookCreate", "{\"webhookSubscriptionCreate\":{"
				      "\"webhookSubscription\":null,"
				      "\"userErrors\":[]}}");
	(void)compared(RC_REMOTE);
	pretend_says("WebhookCreate", 500, "{}");
	(void)compared(RC_REMOTE);
	test_answers("0", "t", "SELECT count(*) FROM subscription");
}

SERVER_CASE(without_a_token_nothing_is_asked)
{
	begin();
	test_sql("t", "DELETE FROM token");
	(void)compared(RC_TOKEN);
	ATF_CHECK_EQ(0, pretend_calls("WebhooksList"));
}

SERVER_CASE(the_job_that_compares_is_put_once_an_installation)
{
	struct shop other;

	begin();
	OK(subscriptions_put(test_cx(), &shop));
	OK(subscriptions_put(test_cx(), &shop));
	test_answers("subscriptions|9007199254740993|1", "t",
	    "SELECT kind, shop_id, shop_epoch FROM job");
	other = shop;
	other.epoch++;
	OK(subscriptions_put(test_cx(), &other));
	test_answers("2", "t", "SELECT count(*) FROM job");
	other.id = OTHER;
	ATF_CHECK(test_code(subscriptions_put(
		      test_rival("webhooks"), &other)) != RC_OK);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(
	    tp, what_is_missing_is_made_for_the_scopes_that_were_granted);
	ATF_TP_ADD_TC(tp, with_every_scope_every_topic_of_ours_is_there);
	ATF_TP_ADD_TC(
	    tp, what_is_there_is_left_alone_and_what_is_elsewhere_is_moved);
	ATF_TP_ADD_TC(tp, of_two_of_a_topic_ours_counts);
	ATF_TP_ADD_TC(
	    tp, one_that_is_refused_does_not_keep_the_others_from_being_made);
	ATF_TP_ADD_TC(tp, an_answer_that_is_none_is_not_taken_for_one);
	ATF_TP_ADD_TC(tp, what_shopify_does_not_answer_is_not_noted_as_made);
	ATF_TP_ADD_TC(tp, without_a_token_nothing_is_asked);
	ATF_TP_ADD_TC(tp, the_job_that_compares_is_put_once_an_installation);
	return atf_no_error();
}
