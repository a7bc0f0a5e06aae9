/* Bytes as Shopify writes and signs them; the times of retries. */
#include <atf-c.h>
#include <string.h>

#include "../../sandbox/hook_topic.h"
#include "../../sandbox/hooks.h"
#include "../../sandbox/spool.h"
#include "../../sandbox/wire.h"
#include "../test.h"
#include "base/uuid.h"
#include "io/crypt.h"

ATF_TC_WITHOUT_HEAD(a_body_is_signed_as_the_known_answer);
ATF_TC_BODY(a_body_is_signed_as_the_known_answer, tc)
{
	const char *mac;

	OK(crypt_start(test_cx()));
	OK(wire_hmac(test_cx(), slice_of("hush"),
	    slice_of("{\"shop_id\":954889,\"shop_domain\":"
		     "\"some-shop.myshopify.com\"}"),
	    &mac));
	ATF_CHECK_STREQ("Tr2c7Me17fTQwz4kN7AGPjEn0lRCShuYgLnmDSgxA4k=", mac);
}

static const char *
wired(const char *json)
{
	const struct slice s = wire_json(test_arena(), slice_of(json));

	return text_of(test_arena(), s);
}

ATF_TC_WITHOUT_HEAD(json_has_shopifys_escapes_and_the_same_value);
ATF_TC_BODY(json_has_shopifys_escapes_and_the_same_value, tc)
{
	static const char odd[] =
	    "{\"a\":\"</p>\\\\/ & ü 日本 🍮 \\n\\\"\","
	    "\"b\":[\"\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xa6\"]}";
	const char *text = wired(odd);

	ATF_CHECK_STREQ("{\"a\":\"\\u003c\\/p\\u003e\\\\\\/ \\u0026 ü 日本 🍮 "
			"\\n\\\"\",\"b\":[\"\\u2028\\u2029\xe2\x80\xa6\"]}",
	    text);
	ATF_CHECK_STREQ(jtext(test_arena(), test_json(slice_of(odd))),
	    jtext(test_arena(), test_json(slice_of(text))));
	ATF_CHECK_STREQ("", wired(""));
	ATF_CHECK_STREQ("{}", wired("{}"));
	ATF_CHECK_STREQ("\"\xe2\x80\"", wired("\"\xe2\x80\"")); /* cut off */
}

ATF_TC_WITHOUT_HEAD(times_have_the_shops_offset);
ATF_TC_BODY(times_have_the_shops_offset, tc)
{
	struct arena *mem = test_arena();

	ATF_CHECK_STREQ("2026-11-24T13:00:00+01:00",
	    wire_time(mem, INT64_C(1795521600), 60));
	ATF_CHECK_STREQ("2026-11-24T08:30:00-03:30",
	    wire_time(mem, INT64_C(1795521600), -210));
	ATF_CHECK_STREQ("2026-11-24T12:00:00+00:00",
	    wire_time(mem, INT64_C(1795521600), 0));
	ATF_CHECK_EQ(NULL, wire_time(mem, 0, 60));
	ATF_CHECK_STREQ("2026-11-24T12:00:00.000000042Z",
	    wire_nanos(mem, INT64_C(1795521600), 42));
}

ATF_TC_WITHOUT_HEAD(a_delivery_id_is_a_uuid_of_random_bits);
ATF_TC_BODY(a_delivery_id_is_a_uuid_of_random_bits, tc)
{
	const char *a, *b;

	OK(crypt_start(test_cx()));
	OK(wire_uuid(test_cx(), &a));
	OK(wire_uuid(test_cx(), &b));
	ATF_CHECK(uuid_ok(a));
	ATF_CHECK_EQ('4', a[14]);
	ATF_CHECK(!text_same(a, b));
}

ATF_TC_WITHOUT_HEAD(eight_retries_take_four_hours_each_twice_as_long);
ATF_TC_BODY(eight_retries_take_four_hours_each_twice_as_long, tc)
{
	int64_t sum = 0, n;

	for (n = 1; n <= 8; n++) {
		const int64_t ms = spool_retry_ms(n, 1);

		ATF_CHECK(n == 1 || ms >= 2 * spool_retry_ms(n - 1, 1));
		sum += ms;
	}
	ATF_CHECK(sum > 4 * 3600 * 1000 - 10 && sum <= 4 * 3600 * 1000);
	ATF_CHECK_EQ(-1, spool_retry_ms(9, 1));
	ATF_CHECK_EQ(-1, spool_retry_ms(0, 1));
	ATF_CHECK_EQ(78, spool_retry_ms(1, 720));
	ATF_CHECK_EQ(0, spool_retry_ms(8, 14400000));
}

ATF_TC_WITHOUT_HEAD(an_address_is_https_or_this_machine);
ATF_TC_BODY(an_address_is_https_or_this_machine, tc)
{
	static const char *const good[] = { "https://app.example.com/webhooks",
		"https://a", "http://127.0.0.1:8080/x", "http://127.1.2.3",
		"http://localhost/", "http://[::1]:80/x" };
	static const char *const bad[] = { "", "https://", "https:///x",
		"http://example.com", "http://127.0.0.1.example.com/",
		"http://localhost.example.com", "http://localhostx",
		"http://127.0.0.1@example.com", "http://a@127.0.0.1/",
		"http://127.0.0.1:80\n", "ftp://127.0.0.1/", "HTTP://x",
		"http://1270.0.0.1/", "pubsub://a:b", "http://127.0.0/" };
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		ATF_CHECK_MSG(hooks_address_ok(good[i]), "%s", good[i]);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ATF_CHECK_MSG(!hooks_address_ok(bad[i]), "%s", bad[i]);
}

static bool
may(const char *word, const char *scope)
{
	const char *const scopes[] = { "read_themes", scope };
	const struct texts all = { scopes, 2 };

	return hook_topic_may(hook_topic_word(word), &all);
}

ATF_TC_WITHOUT_HEAD(a_topic_needs_one_of_its_scopes);
ATF_TC_BODY(a_topic_needs_one_of_its_scopes, tc)
{
	ATF_CHECK(may("ORDERS_CREATE", "read_orders"));
	ATF_CHECK(may("ORDERS_CREATE", "read_marketplace_orders"));
	ATF_CHECK(may("ORDERS_CREATE", "write_orders"));
	ATF_CHECK(!may("ORDERS_CREATE", "read_order"));
	ATF_CHECK(!may("ORDERS_CREATE", "read_order_edits"));
	ATF_CHECK(!may("ORDERS_CREATE", "write_products"));
	ATF_CHECK(may("APP_UNINSTALLED", "read_products"));
	ATF_CHECK(may("SHOP_UPDATE", "read_products"));
	ATF_CHECK(hook_topic_protected(hook_topic_word("REFUNDS_CREATE")));
	ATF_CHECK(!hook_topic_protected(hook_topic_word("PRODUCTS_UPDATE")));
	ATF_CHECK_STREQ("CUSTOMER_TAGS_ADDED",
	    hook_topic_name("customer.tags_added")->word);
	ATF_CHECK_EQ(NULL, hook_topic_name("orders/update"));
	ATF_CHECK_EQ(NULL, hook_topic_word("SHOP_REDACT"));
	ATF_CHECK(hook_topic_declared("shop/redact"));
	ATF_CHECK(!hook_topic_declared("orders/create"));
}

/* The enum's word is the name in capitals (shopify.md 3.4), and there are 218
 * of them. */
ATF_TC_WITHOUT_HEAD(a_topics_word_is_its_name_in_capitals);
ATF_TC_BODY(a_topics_word_is_its_name_in_capitals, tc)
{
	struct slice rest = slice_of(hook_topic_words), part;
	const char *word, *name;
	size_t n = 0, i;

	for (; text_next(&rest, ' ', &part); n++) {
		word = text_of(test_arena(), part);
		name = hook_topic_word(word)->name;
		ATF_REQUIRE_EQ(strlen(word), strlen(name));
		for (i = 0; word[i] != '\0'; i++)
			ATF_CHECK_MSG(name[i] == (word[i] | 0x20) ||
					  strchr("/._", name[i]) != NULL,
			    "%s %s", word, name);
	}
	ATF_CHECK_EQ(218, n);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_body_is_signed_as_the_known_answer);
	ATF_TP_ADD_TC(tp, json_has_shopifys_escapes_and_the_same_value);
	ATF_TP_ADD_TC(tp, times_have_the_shops_offset);
	ATF_TP_ADD_TC(tp, a_delivery_id_is_a_uuid_of_random_bits);
	ATF_TP_ADD_TC(tp, eight_retries_take_four_hours_each_twice_as_long);
	ATF_TP_ADD_TC(tp, an_address_is_https_or_this_machine);
	ATF_TP_ADD_TC(tp, a_topic_needs_one_of_its_scopes);
	ATF_TP_ADD_TC(tp, a_topics_word_is_its_name_in_capitals);
	return atf_no_error();
}
