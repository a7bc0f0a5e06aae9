/* Shopify's OAuth: what is asked, and what its answers mean (shopify.md 2). */
#include <atf-c.h>
#include <string.h>

#include "base/conf.h"
#include "base/pairs.h"
#include "io/http.h"
#include "pretend.h"
#include "shopify/oauth.h"

#define NAME "a.myshopify.com"

#define EXPIRING                                                               \
	"{\"access_token\":\"shpat_1\",\"scope\":\"read_orders\","             \
	"\"expires_in\":3600,\"refresh_token\":\"shprt_1\","                   \
	"\"refresh_token_expires_in\":7776000}"

static struct oauth_grant grant;

static void
begin(void)
{
	pretend_start();
	OK(http_start(test_cx()));
}

static void
check_secret(const char *want, struct secret got)
{
	ATF_CHECK_STREQ(
	    want, text_of(test_arena(), (struct slice){ got.p, got.n }));
}

/* ---- the authorize address */

static const char *
authorize(void)
{
	const char *url;

	OK(oauth_authorize_url(test_cx(), NAME, "s&1", &url));
	return url;
}

ATF_TC_WITHOUT_HEAD(the_browser_is_sent_to_the_shop_with_our_own_callback);
ATF_TC_BODY(the_browser_is_sent_to_the_shop_with_our_own_callback, tc)
{
	conf_set(C_SHOPIFY_API_KEY, "app-key");
	conf_set(C_APP_URL, "https://app.test");
	conf_set(C_SCOPES, "read_products,read_orders");
	ATF_CHECK_STREQ("https://" NAME "/admin/oauth/authorize?"
			"client_id=app-key&scope=read_products%2Cread_orders&"
			"redirect_uri=https%3A%2F%2Fapp.test%2Fapi%2Fauth%2F"
			"shopify%2Fcallback&state=s%261",
	    authorize());
	conf_set(C_ADMIN_ORIGIN, "http://127.0.0.1:8080/sandbox/{shop}");
	ATF_CHECK(text_starts(authorize(),
	    "http://127.0.0.1:8080/sandbox/" NAME "/admin/oauth/authorize?"));
	conf_set(C_ADMIN_ORIGIN, "http://one.test");
	ATF_CHECK(
	    text_starts(authorize(), "http://one.test/admin/oauth/authorize?"));
}

ATF_TC_WITHOUT_HEAD(without_the_settings_there_is_no_address);
ATF_TC_BODY(without_the_settings_there_is_no_address, tc)
{
	const char *url;

	conf_set(C_SHOPIFY_API_KEY, "app-key");
	conf_set(C_APP_URL, "");
	ATF_CHECK_EQ(RC_BUG, oauth_authorize_url(test_cx(), NAME, "s", &url));
	conf_set(C_SHOPIFY_API_KEY, "");
	conf_set(C_APP_URL, "https://app.test");
	ATF_CHECK_EQ(RC_BUG, oauth_authorize_url(test_cx(), NAME, "s", &url));
}

/* ---- the grants */

ATF_TC_WITHOUT_HEAD(a_code_becomes_an_expiring_token);
ATF_TC_BODY(a_code_becomes_an_expiring_token, tc)
{
	begin();
	pretend_says("code", 200, EXPIRING);
	OK(oauth_code(test_cx(), NAME, "c0de", &grant));
	ATF_CHECK_EQ(TOKEN_EXPIRING, grant.kind);
	check_secret("shpat_1", grant.access);
	check_secret("shprt_1", grant.refresh);
	ATF_CHECK_STREQ("read_orders", grant.scope);
	ATF_CHECK_EQ(3600, grant.expires_in_s);
	ATF_CHECK_EQ(7776000, grant.refresh_expires_in_s);
	ATF_CHECK_STREQ("{\"client_id\":\"app-key\",\"client_secret\":\"hush\","
			"\"code\":\"c0de\",\"expiring\":\"1\"}",
	    pretend_got("code"));
	ATF_CHECK_STREQ("", pretend_token());
}

ATF_TC_WITHOUT_HEAD(a_refresh_a_session_token_and_we_ourselves_get_one_too);
ATF_TC_BODY(a_refresh_a_session_token_and_we_ourselves_get_one_too, tc)
{
	begin();
	pretend_says("refresh_token", 200, EXPIRING);
	pretend_says("token-exchange", 200, EXPIRING);
	pretend_says("client_credentials", 200,
	    "{\"access_token\":\"shpat_2\",\"expires_in\":86399}");
	OK(oauth_refresh(
	    test_cx(), NAME, (struct secret){ "shprt_0", 7 }, &grant));
	ATF_CHECK_EQ(TOKEN_EXPIRING, grant.kind);
	GOT("refresh_token", "\"refresh_token\":\"shprt_0\"");
	GOT("refresh_token", "\"client_secret\":\"hush\"");
	OK(oauth_exchange(test_cx(), NAME, "a.b.c", &grant));
	GOT("token-exchange", "\"subject_token\":\"a.b.c\"");
	GOT("token-exchange", "\"subject_token_type\":"
			      "\"urn:ietf:params:oauth:token-type:id_token\"");
	GOT("token-exchange",
	    "\"requested_token_type\":"
	    "\"urn:shopify:params:oauth:token-type:offline-access-token\"");
	GOT("token-exchange", "\"expiring\":\"1\"");
	OK(oauth_client_credentials(test_cx(), NAME, &grant));
	ATF_CHECK_EQ(TOKEN_CLIENT_CREDENTIALS, grant.kind);
	ATF_CHECK_EQ(86399, grant.expires_in_s);
	ATF_CHECK_EQ(NULL, grant.refresh.p);
	ATF_CHECK_EQ(NULL, grant.scope);
}

/* shopify.md 2.7 and 9.1: expires_in may be left out. */
ATF_TC_WITHOUT_HEAD(what_comes_with_a_refresh_token_expires);
ATF_TC_BODY(what_comes_with_a_refresh_token_expires, tc)
{
	begin();
	pretend_says(
	    "code", 200, "{\"access_token\":\"a\",\"refresh_token\":\"r\"}");
	pretend_says("code", 200, "{\"access_token\":\"a\",\"scope\":\"\"}");
	OK(oauth_code(test_cx(), NAME, "c", &grant));
	ATF_CHECK_EQ(TOKEN_EXPIRING, grant.kind);
	ATF_CHECK_EQ(0, grant.expires_in_s);
	OK(oauth_code(test_cx(), NAME, "c", &grant));
	ATF_CHECK_EQ(TOKEN_NON_EXPIRING, grant.kind);
	ATF_CHECK_EQ(0, grant.refresh_expires_in_s);
	ATF_CHECK_STREQ("", grant.scope);
}

ATF_TC_WITHOUT_HEAD(each_kind_has_the_word_of_its_column);
ATF_TC_BODY(each_kind_has_the_word_of_its_column, tc)
{
	ATF_CHECK_STREQ("expiring", token_kind_text(TOKEN_EXPIRING));
	ATF_CHECK_STREQ("non_expiring", token_kind_text(TOKEN_NON_EXPIRING));
	ATF_CHECK_STREQ(
	    "client_credentials", token_kind_text(TOKEN_CLIENT_CREDENTIALS));
}

/* ---- refusals */

static enum rc
says(int status, const char *body)
{
	pretend_says("code", status, body);
	rc_forget(test_cx());
	return oauth_code(test_cx(), NAME, "c", &grant);
}

ATF_TC_WITHOUT_HEAD(each_refusal_means_what_it_means);
ATF_TC_BODY(each_refusal_means_what_it_means, tc)
{
	begin();
	ATF_CHECK_EQ(RC_INPUT, says(400, "{\"error\":\"invalid_request\"}"));
	ATF_CHECK_EQ(RC_TOKEN, says(401, "{}"));
	ATF_CHECK_EQ(RC_DENIED, says(403, "{}"));
	ATF_CHECK_EQ(RC_DENIED, says(404, "<html>"));
	ATF_CHECK_EQ(RC_REMOTE, says(429, "{}"));
	ATF_CHECK_EQ(RC_REMOTE, says(500, "{}"));
	ATF_CHECK_EQ(RC_REMOTE, says(503, ""));
	ATF_CHECK_EQ(RC_DENIED, says(302, ""));
}

ATF_TC_WITHOUT_HEAD(what_is_no_grant_is_no_answer);
ATF_TC_BODY(what_is_no_grant_is_no_answer, tc)
{
	begin();
	ATF_CHECK_EQ(RC_REMOTE, says(200, "<html>"));
	ATF_CHECK_EQ(RC_REMOTE, says(200, ""));
	ATF_CHECK_EQ(RC_REMOTE, says(200, "{}"));
	ATF_CHECK_EQ(RC_REMOTE, says(200, "{\"access_token\":7}"));
	ATF_CHECK_EQ(RC_REMOTE, says(200, "{\"access_token\":null}"));
	ATF_CHECK_EQ(RC_REMOTE, says(200, "{\"access_token\":\"\"}"));
	ATF_CHECK_EQ(RC_REMOTE, says(200, "{\"access_token\":\"a\\r\\nb\"}"));
	ATF_CHECK_EQ(RC_REMOTE, says(200, "{\"access_token\":\"\\u00e9\"}"));
	ATF_CHECK_EQ(RC_REMOTE, says(0, ""));
}

/* SEC-31: nothing of what is secret stands in what is said about it. */
ATF_TC_WITHOUT_HEAD(a_refusal_repeats_no_secret);
ATF_TC_BODY(a_refusal_repeats_no_secret, tc)
{
	begin();
	pretend_says("refresh_token", 401, "{\"error\":\"shprt_0 is dead\"}");
	ATF_CHECK_EQ(RC_TOKEN, oauth_refresh(test_cx(), NAME,
				   (struct secret){ "shprt_0", 7 }, &grant));
	ATF_CHECK_EQ(NULL, strstr(test_cx()->fault.sentence, "shprt"));
	ATF_CHECK_EQ(NULL, strstr(test_cx()->fault.sentence, "hush"));
}

ATF_TC_WITHOUT_HEAD(without_our_secret_nothing_is_asked);
ATF_TC_BODY(without_our_secret_nothing_is_asked, tc)
{
	begin();
	pretend_says("code", 200, EXPIRING);
	conf_set(C_SHOPIFY_API_SECRET_FILE, "no-such-file");
	ATF_CHECK_EQ(RC_BUG, oauth_code(test_cx(), NAME, "c", &grant));
	conf_set(C_SHOPIFY_API_SECRET_FILE, "");
	ATF_CHECK_EQ(RC_BUG, oauth_code(test_cx(), NAME, "c", &grant));
	ATF_CHECK_EQ(0, pretend_calls("code"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(
	    tp, the_browser_is_sent_to_the_shop_with_our_own_callback);
	ATF_TP_ADD_TC(tp, without_the_settings_there_is_no_address);
	ATF_TP_ADD_TC(tp, a_code_becomes_an_expiring_token);
	ATF_TP_ADD_TC(
	    tp, a_refresh_a_session_token_and_we_ourselves_get_one_too);
	ATF_TP_ADD_TC(tp, what_comes_with_a_refresh_token_expires);
	ATF_TP_ADD_TC(tp, each_kind_has_the_word_of_its_column);
	ATF_TP_ADD_TC(tp, each_refusal_means_what_it_means);
	ATF_TP_ADD_TC(tp, what_is_no_grant_is_no_answer);
	ATF_TP_ADD_TC(tp, a_refusal_repeats_no_secret);
	ATF_TP_ADD_TC(tp, without_our_secret_nothing_is_asked);
	return atf_no_error();
}
