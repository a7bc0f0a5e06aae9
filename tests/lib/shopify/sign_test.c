/* What Shopify signs, by the known answers of shopify.md 2.2 and 3.2
 * (SEC-2, SEC-5, SEC-9). */
#include <atf-c.h>
#include <sys/stat.h>

#include "base/code.h"
#include "io/crypt.h"
#include "shopify/sign.h"
#include "test.h"

#define FULL                                                                   \
	"code=0907a61c0c8d55e99db179b68161bc00&"                               \
	"shop=some-shop.myshopify.com&state=0.6784241404160823&"               \
	"timestamp=1337178173"
#define FULL_MAC                                                               \
	"700e2dadb827fcc8609e9d5ce208b2e9cdaab9df07390d2cbca10d7c328fc4bf"
#define BARE                                                                   \
	"code=0907a61c0c8d55e99db179b68161bc00&"                               \
	"shop=some-shop.myshopify.com&timestamp=1337178173"
#define BARE_MAC                                                               \
	"4712bf92ffc2917d15a2f5a273e39f0116667419aa4b6ac0b3baaf26fa3c4d20"

enum { THEN = 1337178173 };

static const struct sign_secrets hush = { .now = { "hush", 4 } };

static enum rc
checked(const struct sign_secrets *secrets, const char *query, int64_t now)
{
	struct pairs pairs;

	OK(crypt_start(test_cx()));
	rc_forget(test_cx());
	OK(pairs_parse(test_cx(), slice_of(query), &pairs));
	return sign_query(test_cx(), secrets, &pairs, now);
}

ATF_TC_WITHOUT_HEAD(known_answers_hold_in_any_order);
ATF_TC_BODY(known_answers_hold_in_any_order, tc)
{
	OK(checked(&hush, FULL "&hmac=" FULL_MAC, THEN));
	OK(checked(&hush, BARE "&hmac=" BARE_MAC, THEN));
	OK(checked(&hush,
	    "timestamp=1337178173&hmac=" BARE_MAC
	    "&shop=some-shop.myshopify.com&"
	    "code=0907a61c0c8d55e99db179b68161bc00",
	    THEN));
}

ATF_TC_WITHOUT_HEAD(unknown_parameters_count_too);
ATF_TC_BODY(unknown_parameters_count_too, tc)
{
	ATF_CHECK_EQ(
	    RC_AUTH, checked(&hush, BARE "&new=1&hmac=" BARE_MAC, THEN));
	ATF_CHECK_EQ(
	    RC_OK, checked(&hush, BARE "&signature=x&hmac=" BARE_MAC, THEN));
}

ATF_TC_WITHOUT_HEAD(either_secret_will_do_while_one_follows_the_other);
ATF_TC_BODY(either_secret_will_do_while_one_follows_the_other, tc)
{
	const struct sign_secrets both = { .now = { "new", 3 },
		.before = { "hush", 4 } };
	const struct sign_secrets after = { .now = { "new", 3 } };

	OK(checked(&both, BARE "&hmac=" BARE_MAC, THEN));
	ATF_CHECK_EQ(RC_AUTH, checked(&after, BARE "&hmac=" BARE_MAC, THEN));
}

static void
refused(const char *query, int64_t now, const char *field)
{
	ATF_CHECK_EQ(RC_INPUT, checked(&hush, query, now));
	ATF_CHECK_STREQ(field, test_cx()->fault.field);
}

ATF_TC_WITHOUT_HEAD(ninety_seconds_off_is_too_old_and_too_new);
ATF_TC_BODY(ninety_seconds_off_is_too_old_and_too_new, tc)
{
	OK(checked(&hush, BARE "&hmac=" BARE_MAC, THEN + 90));
	OK(checked(&hush, BARE "&hmac=" BARE_MAC, THEN - 90));
	refused(BARE "&hmac=" BARE_MAC, THEN + 91, "timestamp");
	refused(BARE "&hmac=" BARE_MAC, THEN - 91, "timestamp");
	refused("shop=a.myshopify.com&hmac=" BARE_MAC, THEN, "timestamp");
	refused("timestamp=soon&hmac=" BARE_MAC, THEN, "timestamp");
}

ATF_TC_WITHOUT_HEAD(what_is_given_twice_is_refused);
ATF_TC_BODY(what_is_given_twice_is_refused, tc)
{
	refused(BARE "&hmac=" BARE_MAC "&hmac=" BARE_MAC, THEN, "hmac");
	refused(BARE "&hmac=" BARE_MAC "&shop=x", THEN, "shop");
	refused(BARE "&hmac=" BARE_MAC "&code=x", THEN, "code");
	refused(BARE "&hmac=" BARE_MAC "&timestamp=1", THEN, "timestamp");
	refused(FULL "&hmac=" FULL_MAC "&state=1", THEN, "state");
}

ATF_TC_WITHOUT_HEAD(an_hmac_is_64_lower_case_hex_digits);
ATF_TC_BODY(an_hmac_is_64_lower_case_hex_digits, tc)
{
	refused(BARE, THEN, "hmac");
	refused(BARE "&hmac=", THEN, "hmac");
	refused(BARE "&hmac=4712", THEN, "hmac");
	refused(BARE "&hmac=" BARE_MAC "0", THEN, "hmac");
}

ATF_TC_WITHOUT_HEAD(values_are_encoded_anew_a_space_as_percent_20);
ATF_TC_BODY(values_are_encoded_anew_a_space_as_percent_20, tc)
{
	struct pairs pairs;

	OK(pairs_parse(
	    test_cx(), slice_of("b=x+y%2Fz&ids[]=1&hmac=0&a=%C3%A9"), &pairs));
	ATF_CHECK_STREQ(
	    "a=%C3%A9&b=x%20y%2Fz&ids[]=1", sign_query_text(test_cx(), &pairs));
}

ATF_TC_WITHOUT_HEAD(secrets_come_from_files_or_not_at_all);
ATF_TC_BODY(secrets_come_from_files_or_not_at_all, tc)
{
	struct sign_secrets secrets;

	atf_utils_create_file("secret", "hush\n");
	conf_set(C_SHOPIFY_API_SECRET_FILE, "secret");
	conf_set(C_SHOPIFY_API_SECRET_PREVIOUS_FILE, "");
	ATF_REQUIRE_EQ(0, chmod("secret", 0600));
	OK(sign_secrets(test_cx(), &secrets));
	ATF_CHECK(slice_same(
	    slice_of("hush"), (struct slice){ secrets.now.p, secrets.now.n }));
	ATF_CHECK_EQ(NULL, secrets.before.p);
	conf_set(C_SHOPIFY_API_SECRET_PREVIOUS_FILE, "no-such-file");
	ATF_CHECK_EQ(RC_BUG, sign_secrets(test_cx(), &secrets));
	rc_forget(test_cx());
	conf_set(C_SHOPIFY_API_SECRET_PREVIOUS_FILE, "");
	conf_set(C_SHOPIFY_API_SECRET_FILE, "no-such-file");
	ATF_CHECK_EQ(RC_BUG, sign_secrets(test_cx(), &secrets));
	ATF_CHECK(text_starts(
	    test_cx()->fault.sentence, "SHOPIFY_API_SECRET_FILE: "));
	rc_forget(test_cx());
	conf_set(C_SHOPIFY_API_SECRET_FILE, "");
	ATF_CHECK_EQ(RC_BUG, sign_secrets(test_cx(), &secrets));
}

/* ---- webhooks (shopify.md 3.2) */

#define BODY "{\"shop_id\":954889,\"shop_domain\":\"some-shop.myshopify.com\"}"
#define BODY_MAC "Tr2c7Me17fTQwz4kN7AGPjEn0lRCShuYgLnmDSgxA4k="

static enum rc
body_checked(
    const struct sign_secrets *secrets, struct slice body, const char *header)
{
	OK(crypt_start(test_cx()));
	rc_forget(test_cx());
	return sign_webhook(test_cx(), secrets, body, header);
}

ATF_TC_WITHOUT_HEAD(a_webhooks_known_answer_holds_for_its_very_bytes);
ATF_TC_BODY(a_webhooks_known_answer_holds_for_its_very_bytes, tc)
{
	static const char odd[] = "a\0\r\n\xff\\/\\u0026";
	const struct slice bytes = { odd, sizeof(odd) - 1 };
	unsigned char mac[SHA256_BYTES];

	OK(body_checked(&hush, slice_of(BODY), BODY_MAC));
	ATF_CHECK_EQ(
	    RC_AUTH, body_checked(&hush, slice_of(BODY "\n"), BODY_MAC));
	ATF_CHECK_EQ(
	    RC_AUTH, body_checked(&hush, slice_of(BODY " "), BODY_MAC));
	ATF_CHECK_EQ(RC_AUTH, body_checked(&hush, slice_of(""), BODY_MAC));
	OK(crypt_hmac(test_cx(), slice_of("hush"), bytes, mac));
	OK(body_checked(
	    &hush, bytes, base64_of(test_arena(), mac, sizeof(mac))));
	OK(crypt_hmac(test_cx(), slice_of("hush"), slice_of(""), mac));
	OK(body_checked(
	    &hush, slice_of(""), base64_of(test_arena(), mac, sizeof(mac))));
}

/* One text for one value: whoever writes it otherwise has not signed. */
ATF_TC_WITHOUT_HEAD(a_webhooks_hmac_is_base64_of_32_bytes_and_no_other_text);
ATF_TC_BODY(a_webhooks_hmac_is_base64_of_32_bytes_and_no_other_text, tc)
{
	static const char *const bad[] = { NULL, "", "=", "====", "Tr2c",
		"Tr2c7Me17fTQwz4kN7AGPjEn0lRCShuYgLnmDSgxA4k",
		"Tr2c7Me17fTQwz4kN7AGPjEn0lRCShuYgLnmDSgxA4k==",
		"Tr2c7Me17fTQwz4kN7AGPjEn0lRCShuYgLnmDSgxA4l=", /* spare bits */
		"Tr2c7Me17fTQwz4kN7AGPjEn0lRCShuYgLnmDSgxA4k= ",
		" Tr2c7Me17fTQwz4kN7AGPjEn0lRCShuYgLnmDSgxA4k=",
		"Tr2c7Me17fTQwz4kN7AGPjEn0lRC ShuYgLnmDSgxA4k=",
		"Tr2c7Me17fTQwz4kN7AGPjEn0lRCShuYgLnmDSgxA4=k",
		"Tr2c7Me17fTQwz4kN7AGPjEn0lRCShuYgLnmDSgxA4k=AAAA",
		"Tr2c7Me17fTQwz4kN7AGPjEn0lRCShuYgLnmDSgxA4-=",
		"tr2c7Me17fTQwz4kN7AGPjEn0lRCShuYgLnmDSgxA4k=",
		"4ebd9cecc7b5edf4d0c33e2437b0063e3127d254424a1b9880b9e60d283103"
		"89",
		BODY_MAC "," BODY_MAC };
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ATF_CHECK_EQ_MSG(RC_AUTH,
		    body_checked(&hush, slice_of(BODY), bad[i]), "%s",
		    bad[i] ? bad[i] : "none");
}

ATF_TC_WITHOUT_HEAD(a_webhook_may_be_signed_by_the_secret_before);
ATF_TC_BODY(a_webhook_may_be_signed_by_the_secret_before, tc)
{
	const struct sign_secrets both = { .now = { "new", 3 },
		.before = { "hush", 4 } };
	const struct sign_secrets after = { .now = { "new", 3 } };
	unsigned char mac[SHA256_BYTES];
	bool good;

	OK(body_checked(&both, slice_of(BODY), BODY_MAC));
	ATF_CHECK_EQ(RC_AUTH, body_checked(&after, slice_of(BODY), BODY_MAC));
	OK(crypt_hmac(test_cx(), slice_of("hush"), slice_of(BODY), mac));
	OK(sign_check(test_cx(), &both, slice_of(BODY), mac, &good));
	ATF_CHECK(good);
	OK(sign_check(test_cx(), &after, slice_of(BODY), mac, &good));
	ATF_CHECK(!good);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, known_answers_hold_in_any_order);
	ATF_TP_ADD_TC(tp, unknown_parameters_count_too);
	ATF_TP_ADD_TC(tp, either_secret_will_do_while_one_follows_the_other);
	ATF_TP_ADD_TC(tp, ninety_seconds_off_is_too_old_and_too_new);
	ATF_TP_ADD_TC(tp, what_is_given_twice_is_refused);
	ATF_TP_ADD_TC(tp, an_hmac_is_64_lower_case_hex_digits);
	ATF_TP_ADD_TC(tp, values_are_encoded_anew_a_space_as_percent_20);
	ATF_TP_ADD_TC(tp, secrets_come_from_files_or_not_at_all);
	ATF_TP_ADD_TC(tp, a_webhooks_known_answer_holds_for_its_very_bytes);
	ATF_TP_ADD_TC(
	    tp, a_webhooks_hmac_is_base64_of_32_bytes_and_no_other_text);
	ATF_TP_ADD_TC(tp, a_webhook_may_be_signed_by_the_secret_before);
	return atf_no_error();
}
