/* Shopify's signatures: on query strings, and session tokens. */
#include <atf-c.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "../../sandbox/jwt.h"
#include "../../sandbox/query_sign.h"
#include "../test.h"
#include "base/clock.h"
#include "base/conf.h"
#include "io/crypt.h"

#define SHOP "demo-shop.myshopify.com"

static const char *
hmac_of(const struct pair *items, size_t n)
{
	const char *mac;

	OK(crypt_start(test_cx()));
	OK(query_hmac(test_cx(), slice_of("hush"), items, n, &mac));
	return mac;
}

ATF_TC_WITHOUT_HEAD(query_strings_are_signed_as_the_known_answers);
ATF_TC_BODY(query_strings_are_signed_as_the_known_answers, tc)
{
	const struct pair four[] = {
		{ "timestamp", "1337178173" },
		{ "code", "0907a61c0c8d55e99db179b68161bc00" },
		{ "hmac", "of no effect" },
		{ "shop", "some-shop.myshopify.com" },
		{ "state", "0.6784241404160823" },
	};
	const struct pair three[] = { four[0], four[1], four[3] };

	ATF_CHECK_STREQ("700e2dadb827fcc8609e9d5ce208b2e9cdaab9df07390d2cbca10"
			"d7c328fc4bf",
	    hmac_of(four, 5));
	ATF_CHECK_STREQ("4712bf92ffc2917d15a2f5a273e39f0116667419aa4b6ac0b3baa"
			"f26fa3c4d20",
	    hmac_of(three, 3));
}

ATF_TC_WITHOUT_HEAD(the_host_is_unpadded_base64);
ATF_TC_BODY(the_host_is_unpadded_base64, tc)
{
	ATF_CHECK_STREQ("YWRtaW4uc2hvcGlmeS5jb20vc3RvcmUvYQ",
	    query_host(test_arena(), "a.myshopify.com"));
	ATF_CHECK_STREQ("YWRtaW4uc2hvcGlmeS5jb20vc3RvcmUvYWI",
	    query_host(test_arena(), "ab.myshopify.com"));
}

/* ---- session tokens */

static void
write_secret(const char *path, const char *text)
{
	const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	ATF_REQUIRE(fd >= 0);
	ATF_REQUIRE_EQ((ssize_t)strlen(text), write(fd, text, strlen(text)));
	(void)close(fd);
}

static void
begin(void)
{
	OK(crypt_start(test_cx()));
	write_secret("secret", "hush");
	write_secret("old", "hushed before");
	conf_set(C_SHOPIFY_API_KEY, "client");
	conf_set(C_SHOPIFY_API_SECRET_FILE, "secret");
	conf_set(C_SHOPIFY_API_SECRET_PREVIOUS_FILE, "old");
}

static enum rc
checked(const char *claims)
{
	const char *token;

	OK(jwt_mint(test_cx(), SHOP, test_json(slice_of(claims)), &token));
	return jwt_verify(test_cx(), SHOP, token);
}

ATF_TC_WITHOUT_HEAD(a_session_token_is_taken_when_all_of_it_is_right);
ATF_TC_BODY(a_session_token_is_taken_when_all_of_it_is_right, tc)
{
	begin();
	ATF_CHECK_EQ(RC_OK, checked("{}"));
	ATF_CHECK_EQ(RC_OK, checked("{\"secret\":\"previous\"}"));
	ATF_CHECK_EQ(RC_OK, checked("{\"skew_s\":-65}"));
	ATF_CHECK_EQ(RC_OK, checked("{\"drop\":[\"sub\",\"sid\"]}"));
	ATF_CHECK_EQ(RC_AUTH, checked("{\"secret\":\"wrong\"}"));
	ATF_CHECK_EQ(RC_AUTH, checked("{\"skew_s\":-75}"));
	ATF_CHECK_EQ(RC_AUTH, checked("{\"skew_s\":20}"));
	ATF_CHECK_EQ(RC_AUTH, checked("{\"alg\":\"none\"}"));
	ATF_CHECK_EQ(RC_AUTH, checked("{\"alg\":\"HS512\"}"));
	ATF_CHECK_EQ(RC_AUTH, checked("{\"aud\":\"other\"}"));
	ATF_CHECK_EQ(
	    RC_AUTH, checked("{\"dest\":\"https://x.myshopify.com\"}"));
	ATF_CHECK_EQ(RC_AUTH, checked("{\"drop\":[\"exp\"]}"));
	ATF_CHECK_EQ(RC_AUTH, checked("{\"drop\":[\"nbf\"]}"));
	ATF_CHECK_EQ(RC_AUTH, jwt_verify(test_cx(), SHOP, "a.b"));
	ATF_CHECK_EQ(RC_AUTH, jwt_verify(test_cx(), SHOP, ""));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, query_strings_are_signed_as_the_known_answers);
	ATF_TP_ADD_TC(tp, the_host_is_unpadded_base64);
	ATF_TP_ADD_TC(tp, a_session_token_is_taken_when_all_of_it_is_right);
	return atf_no_error();
}
