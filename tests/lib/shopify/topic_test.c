/* Topics: each is found, its object is found in a payload of its shape, and it
 * is subscribed to by the name that the Admin API has for it (shopify.md 3.4,
 * 3.6). */
#include <atf-c.h>

#include "shopify/topic.h"
#include "test.h"

/* What tests/fixtures/topics are about. */
#define PRODUCT INT64_C(9007199254741001)
#define ORDER INT64_C(9007199254741003)
#define CUSTOMER INT64_C(9007199254741005)
#define SHOP INT64_C(954889)

static struct json
payload(const char *name)
{
	return test_json(
	    test_fixture(text_fmt(test_arena(), "topics/%s.json", name)));
}

static int64_t
object_of_type(const char *type)
{
	if (!type)
		return SHOP;
	if (text_same(type, "products"))
		return PRODUCT;
	return text_same(type, "orders") ? ORDER : CUSTOMER;
}

ATF_TC_WITHOUT_HEAD(each_topics_object_is_found_in_its_payload);
ATF_TC_BODY(each_topics_object_is_found_in_its_payload, tc)
{
	const struct topic *t;
	int64_t id;

	for (t = topics; t->name; t++) {
		if (t->does == TOPIC_BULK) /* named by a gid */
			continue;
		OK(topic_object(test_cx(), t, payload(t->name), &id));
		ATF_CHECK_EQ_MSG(object_of_type(t->type), id, "%s: %lld",
		    t->name, (long long)id);
	}
}

ATF_TC_WITHOUT_HEAD(a_bulk_operation_is_named_by_its_gid);
ATF_TC_BODY(a_bulk_operation_is_named_by_its_gid, tc)
{
	const struct topic *t = topic_find("bulk_operations/finish");

	ATF_CHECK_STREQ("gid://shopify/BulkOperation/147595010",
	    jtext_or(payload(t->name), t->path, ""));
	ATF_CHECK_STREQ("", t->scope);
}

ATF_TC_WITHOUT_HEAD(a_payload_without_its_object_says_so);
ATF_TC_BODY(a_payload_without_its_object_says_so, tc)
{
	static const char *const texts[] = { "{}", "{\"id\":null}",
		"{\"id\":\"7\"}", "{\"id\":7.5}", "{\"id\":[7]}", "[7]", "7" };
	const struct topic *t = topic_find("orders/create");
	int64_t id;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		rc_forget(test_cx());
		ATF_CHECK_EQ(RC_INPUT, topic_object(test_cx(), t,
					   test_json(slice_of(texts[i])), &id));
		ATF_CHECK_STREQ("id", test_cx()->fault.field);
	}
}

ATF_TC_WITHOUT_HEAD(a_topic_is_found_by_its_whole_name_only);
ATF_TC_BODY(a_topic_is_found_by_its_whole_name_only, tc)
{
	const struct topic *t;

	for (t = topics; t->name; t++)
		ATF_CHECK_EQ(t, topic_find(t->name));
	ATF_CHECK_EQ(NULL, topic_find("themes/publish"));
	ATF_CHECK_EQ(NULL, topic_find("orders/creat"));
	ATF_CHECK_EQ(NULL, topic_find("orders/created"));
	ATF_CHECK_EQ(NULL, topic_find("ORDERS/CREATE"));
	ATF_CHECK_EQ(NULL, topic_find(""));
}

ATF_TC_WITHOUT_HEAD(the_admin_api_has_it_in_upper_case);
ATF_TC_BODY(the_admin_api_has_it_in_upper_case, tc)
{
	static const struct topic made = { .name = "events.a/b_c" };

	ATF_CHECK_STREQ("ORDER_TRANSACTIONS_CREATE",
	    topic_enum(test_cx(), topic_find("order_transactions/create")));
	ATF_CHECK_STREQ("APP_UNINSTALLED",
	    topic_enum(test_cx(), topic_find("app/uninstalled")));
	ATF_CHECK_STREQ("EVENTS_A_B_C", topic_enum(test_cx(), &made));
}

/* The privacy topics are declared in shopify.app.toml only: the enum has none
 * of them. */
ATF_TC_WITHOUT_HEAD(what_the_admin_api_lacks_is_not_subscribed_to);
ATF_TC_BODY(what_the_admin_api_lacks_is_not_subscribed_to, tc)
{
	const struct topic *t;
	int privacy = 0;

	for (t = topics; t->name; t++) {
		if (t->does != TOPIC_PRIVACY)
			continue;
		privacy++;
		ATF_CHECK_EQ(NULL, t->scope);
	}
	ATF_CHECK_EQ(3, privacy);
	ATF_CHECK_STREQ("", topic_find("app/uninstalled")->scope);
	ATF_CHECK_STREQ("read_orders", topic_find("refunds/create")->scope);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, each_topics_object_is_found_in_its_payload);
	ATF_TP_ADD_TC(tp, a_bulk_operation_is_named_by_its_gid);
	ATF_TP_ADD_TC(tp, a_payload_without_its_object_says_so);
	ATF_TP_ADD_TC(tp, a_topic_is_found_by_its_whole_name_only);
	ATF_TP_ADD_TC(tp, the_admin_api_has_it_in_upper_case);
	ATF_TP_ADD_TC(tp, what_the_admin_api_lacks_is_not_subscribed_to);
	return atf_no_error();
}
