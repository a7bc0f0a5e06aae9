/* Subscriptions as Shopify had them when they were last compared. */
#include <atf-c.h>

#include "base/log.h"
#include "shop.h"
#include "store/subscription.h"

#define GID "gid://shopify/WebhookSubscription/"
#define URI "https://app.test/webhooks"

static struct cx *
begin(const char *program)
{
	struct cx *cx = test_shop(program);

	log_open(LOG_ERR + 1, 2);
	return cx;
}

static struct subscription *
listed(size_t want)
{
	struct subscription *list;
	size_t n;

	OK(subscription_list(test_cx(), &list, &n));
	ATF_REQUIRE_EQ(want, n);
	return list;
}

SERVER_CASE(they_are_listed_by_topic_for_their_shop_alone)
{
	struct cx *cx = begin("jobd");
	const struct subscription *list;

	(void)listed(0);
	OK(subscription_save(cx, "products/create", GID "2", URI));
	OK(subscription_save(cx, "orders/create", GID "1", URI));
	cx->shop_id = OTHER;
	OK(subscription_save(cx, "orders/create", GID "3", URI));
	cx->shop_id = SHOP;
	list = listed(2);
	ATF_CHECK_STREQ("orders/create", list[0].topic);
	ATF_CHECK_STREQ(GID "1", list[0].gid);
	ATF_CHECK_STREQ(URI, list[0].uri);
	ATF_CHECK(list[0].made_at > 0 && list[0].seen_at > 0);
	ATF_CHECK_STREQ("products/create", list[1].topic);
}

SERVER_CASE(one_that_was_there_keeps_when_it_was_made)
{
	struct cx *cx = begin("jobd");
	const struct subscription *list;

	OK(subscription_save(cx, "orders/create", GID "1", URI));
	test_sql("t", "UPDATE subscription SET "
		      "made_at = '2026-01-01T00:00:00Z', seen_at = made_at");
	OK(subscription_save(cx, "orders/create", GID "2", URI "/"));
	list = listed(1);
	ATF_CHECK_STREQ(GID "2", list[0].gid);
	ATF_CHECK_STREQ(URI "/", list[0].uri);
	ATF_CHECK_EQ(1767225600, list[0].made_at);
	ATF_CHECK(list[0].seen_at > list[0].made_at);
}

SERVER_CASE(who_only_looks_cannot_save_and_who_may_not_look_cannot_list)
{
	struct subscription *list;
	size_t n;

	(void)begin("ops");
	(void)listed(0);
	CODE(RC_BUG,
	    subscription_save(test_cx(), "orders/create", GID "1", URI));
	CODE(RC_BUG, subscription_list(test_rival("webhooks"), &list, &n));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, they_are_listed_by_topic_for_their_shop_alone);
	ATF_TP_ADD_TC(tp, one_that_was_there_keeps_when_it_was_made);
	ATF_TP_ADD_TC(
	    tp, who_only_looks_cannot_save_and_who_may_not_look_cannot_list);
	return atf_no_error();
}
