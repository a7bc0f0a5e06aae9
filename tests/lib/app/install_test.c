/* kyua: timeout=60 */
/* Installing: every check before any call, then all that is kept (SEC-2). */
#include <atf-c.h>
#include <string.h>

#include "app/install.h"
#include "app/tokens.h"
#include "base/clock.h"
#include "base/code.h"
#include "io/crypt.h"
#include "io/http.h"
#include "pretend.h"
#include "shop.h"

#define NEW "new.myshopify.com"

#define GRANT(access)                                                          \
	"{\"access_token\":\"" access "\",\"scope\":\"read_products,"          \
	"write_orders\",\"expires_in\":3600,"                                  \
	"\"refresh_token\":\"shprt_1\","                                       \
	"\"refresh_token_expires_in\":7776000}"

/* shop { ... } of a shop with this number. */
static void
shop_says(const char *gid)
{
	pretend_data("Shop",
	    text_fmt(test_arena(),
		"{\"shop\":{\"id\":\"%s\",\"name\":\"New shop\","
		"\"email\":\"owner-canary@example.com\","
		"\"currencyCode\":\"EUR\",\"ianaTimezone\":\"Europe/Berlin\","
		"\"shopAddress\":{\"countryCodeV2\":\"DE\"},"
		"\"plan\":{\"publicDisplayName\":\"Basic\"}}}",
		gid));
}

#define GID "gid://shopify/Shop/9007199254740997"

static struct install_start begun;
static struct shop shop;

static void
begin(void)
{
	(void)test_shop("auth");
	test_cx()->shop_id = 0; /* nobody is known yet */
	pretend_start();
	OK(http_start(test_cx()));
	conf_set(C_SCOPES, "read_products,read_orders,read_customers");
	OK(install_begin(test_cx(), "New.MyShopify.com", &begun));
}

static const char *
state(void)
{
	return strstr(begun.authorize_url, "&state=") + 7;
}

static struct pairs
signed_query(const char *query)
{
	unsigned char mac[SHA256_BYTES];
	struct pairs pairs;
	const char *text;

	OK(pairs_parse(test_cx(), slice_of(query), &pairs));
	text = sign_query_text(test_cx(), &pairs);
	OK(crypt_hmac(test_cx(), slice_of("hush"), slice_of(text), mac));
	text = text_fmt(test_arena(), "%s&hmac=%s", query,
	    hex_of(test_arena(), mac, sizeof(mac)));
	OK(pairs_parse(test_cx(), slice_of(text), &pairs));
	return pairs;
}

/* Shopify's callback with this state, from the browser with this cookie. */
static enum rc
called_back(const char *with_state, const char *cookie)
{
	const struct pairs query = signed_query(text_fmt(test_arena(),
	    "code=c0de&shop=" NEW "&state=%s&timestamp=%lld", with_state,
	    (long long)clock_wall()));

	rc_forget(test_cx());
	return install_finish(test_cx(), &query, cookie, &shop);
}

/* ---- beginning */

SERVER_CASE(an_install_begins_with_a_name_a_state_and_a_cookie)
{
	struct install_start out;

	begin();
	ATF_CHECK_STREQ(NEW, begun.shop);
	ATF_CHECK(text_starts(begun.authorize_url,
	    "https://" NEW "/admin/oauth/authorize?client_id=app-key&"));
	ATF_CHECK_EQ(43, strlen(state()));
	ATF_CHECK_EQ(43, strlen(begun.cookie));
	CODE(RC_INPUT, install_begin(test_cx(), "evil.test", &out));
	CODE(RC_INPUT, install_begin(test_cx(), NULL, &out));
	test_answers("1", "t", "SELECT count(*) FROM oauth_state");
}

/* ---- the callback */

SERVER_CASE(a_good_callback_keeps_shop_token_and_the_first_job)
{
	struct token token;

	begin();
	pretend_says("code", 200, GRANT("shpat_1"));
	shop_says(GID);
	OK(called_back(state(), begun.cookie));
	ATF_CHECK_EQ(INT64_C(9007199254740997), shop.id);
	ATF_CHECK_EQ(shop.id, test_cx()->shop_id);
	GOT("code", "\"code\":\"c0de\"");
	ATF_CHECK_STREQ("shpat_1", pretend_token());
	OK(token_live(test_cx(), &shop, &token));
	ATF_CHECK(memcmp(token.access.p, "shpat_1", 8) == 0);
	test_answers("new.myshopify.com|New shop|EUR|Europe/Berlin|DE|Basic|"
		     "{read_products,write_orders}|installed|1",
	    "t",
	    "SELECT domain, name, currency, iana_timezone, country, plan, "
	    "scopes, status, epoch FROM shop "
	    "WHERE shop_id = 9007199254740997");
	test_answers("subscriptions|1|available", "t",
	    "SELECT kind, shop_epoch, state FROM job ORDER BY id");
	test_server("pg_as \"$(pg_bin)/pg_dump\" -h \"$PG_DIR\" -U postgres t "
		    "> dump.out");
	ATF_CHECK(!atf_utils_grep_file("canary", "dump.out"));
	ATF_CHECK(!atf_utils_grep_file("shp[ar]t_", "dump.out"));
}

/* Or a job of the new install would take the old token for its own, and dead.
 */
SERVER_CASE(shop_and_token_are_kept_together_or_not_at_all)
{
	begin();
	pretend_says("code", 200, GRANT("shpat_1"));
	shop_says(GID);
	test_sql("t", "REVOKE INSERT ON token FROM stockroom_auth");
	ATF_CHECK_EQ(RC_BUG, called_back(state(), begun.cookie));
	test_answers("0|0", "t",
	    "SELECT (SELECT count(*) FROM shop "
	    "WHERE shop_id = 9007199254740997), (SELECT count(*) FROM job)");
}

SERVER_CASE(a_replayed_state_or_another_browser_asks_shopify_nothing)
{
	begin();
	pretend_says("code", 200, GRANT("shpat_1"));
	shop_says(GID);
	ATF_CHECK_EQ(RC_AUTH, called_back("wrong", begun.cookie));
	OK(called_back(state(), begun.cookie));
	ATF_CHECK_EQ(RC_AUTH, called_back(state(), begun.cookie));
	test_cx()->shop_id = 0;
	OK(install_begin(test_cx(), NEW, &begun));
	ATF_CHECK_EQ(RC_AUTH, called_back(state(), "another"));
	ATF_CHECK_EQ(RC_AUTH, called_back(state(), NULL));
	ATF_CHECK_EQ(1, pretend_calls("code"));
}

/* Each leaves the state as it was: nothing was asked, so it may come again. */
static void
refused(enum rc want, const char *query, const char *field)
{
	const struct pairs pairs = signed_query(query);

	rc_forget(test_cx());
	ATF_CHECK_EQ_MSG(want,
	    install_finish(test_cx(), &pairs, begun.cookie, &shop), "%s",
	    query);
	if (field)
		ATF_CHECK_STREQ(field, test_cx()->fault.field);
}

SERVER_CASE(what_is_wrong_with_a_callback_is_named_and_asks_nothing)
{
	const char *now =
	    text_fmt(test_arena(), "%lld", (long long)clock_wall());
	const char *old =
	    text_fmt(test_arena(), "%lld", (long long)clock_wall() - 100);
	struct pairs query;

	begin();
#define QUERY(...) text_fmt(test_arena(), __VA_ARGS__)
	refused(RC_INPUT,
	    QUERY("code=c&shop=evil.test&state=%s&timestamp=%s", state(), now),
	    "shop");
	refused(RC_INPUT,
	    QUERY("shop=" NEW "&state=%s&timestamp=%s", state(), now), "code");
	refused(RC_INPUT,
	    QUERY("code=&shop=" NEW "&state=%s&timestamp=%s", state(), now),
	    "code");
	refused(RC_INPUT,
	    QUERY("code=c&shop=" NEW "&state=%s&timestamp=%s", state(), old),
	    "timestamp");
	refused(RC_INPUT,
	    QUERY("code=c&code=d&shop=" NEW "&state=%s&timestamp=%s", state(),
		now),
	    "code");
	refused(RC_AUTH, QUERY("code=c&shop=" NEW "&timestamp=%s", now), NULL);
	OK(pairs_parse(test_cx(),
	    slice_of(QUERY("code=c&shop=" NEW "&state=%s&timestamp=%s&hmac="
			   "0000000000000000000000000000000000000000000000000"
			   "000000000000000",
		state(), now)),
	    &query));
	rc_forget(test_cx());
	ATF_CHECK_EQ(
	    RC_AUTH, install_finish(test_cx(), &query, begun.cookie, &shop));
	ATF_CHECK_EQ(0, pretend_calls("code"));
	pretend_says("code", 200, GRANT("shpat_1"));
	shop_says(GID);
	OK(called_back(state(), begun.cookie));
#undef QUERY
}

SERVER_CASE(a_refused_code_or_an_unreadable_shop_keeps_nothing)
{
	begin();
	pretend_says("code", 400, "{\"error\":\"invalid_request\"}");
	ATF_CHECK_EQ(RC_INPUT, called_back(state(), begun.cookie));
	OK(install_begin(test_cx(), NEW, &begun));
	pretend_says("code", 200, GRANT("shpat_1"));
	pretend_says("Shop", 502, "");
	ATF_CHECK_EQ(RC_REMOTE, called_back(state(), begun.cookie));
	OK(install_begin(test_cx(), NEW, &begun));
	shop_says("gid://shopify/Shop/x");
	ATF_CHECK_EQ(RC_REMOTE, called_back(state(), begun.cookie));
	test_answers("2|0|0", "t",
	    "SELECT count(*), (SELECT count(*) FROM token), "
	    "(SELECT count(*) FROM job) FROM shop");
}

SERVER_CASE(installed_once_more_its_sessions_end_and_the_epoch_rises)
{
	struct session session, found;
	const char *cookie;

	begin();
	pretend_says("code", 200, GRANT("shpat_1"));
	shop_says(GID);
	OK(called_back(state(), begun.cookie));
	OK(session_mint(
	    test_cx(), 0, "Browser", shop.epoch, &session, &cookie));
	OK(session_find(test_cx(), cookie, &found));
	test_cx()->shop_id = 0;
	OK(install_begin(test_cx(), NEW, &begun));
	pretend_says("code", 200, GRANT("shpat_2"));
	OK(called_back(state(), begun.cookie));
	ATF_CHECK_EQ(2, shop.epoch);
	CODE(RC_ABSENT, session_find(test_cx(), cookie, &found));
	test_answers("2", "t", "SELECT count(*) FROM job");
}

/* ---- token exchange */

static enum rc
exchanged(const char *name)
{
	const struct idtoken token = { .shop = name };

	rc_forget(test_cx());
	return install_exchange(test_cx(), "a.b.c", &token, &shop);
}

SERVER_CASE(a_session_token_installs_an_unknown_shop)
{
	begin();
	pretend_says("token-exchange", 200, GRANT("shpat_1"));
	shop_says(GID);
	OK(exchanged(NEW));
	ATF_CHECK_EQ(INT64_C(9007199254740997), shop.id);
	GOT("token-exchange", "\"subject_token\":\"a.b.c\"");
	/* Known by now, with a token that works: nothing to exchange. */
	test_cx()->shop_id = 0;
	OK(exchanged(NEW));
	ATF_CHECK_EQ(INT64_C(9007199254740997), shop.id);
	ATF_CHECK_EQ(1, pretend_calls("token-exchange"));
}

SERVER_CASE(a_shop_whose_token_no_longer_works_is_given_a_new_one)
{
	begin();
	test_token(1);
	test_sql("t", "UPDATE token SET expires_at = now()");
	pretend_says("refresh_token", 401, "{}");
	pretend_says("token-exchange", 200, GRANT("shpat_2"));
	shop_says("gid://shopify/Shop/9007199254740993");
	OK(exchanged("a.myshopify.com"));
	ATF_CHECK_EQ(SHOP, shop.id);
	ATF_CHECK_STREQ("shpat_2", pretend_token());
	test_answers("installed|", "t",
	    "SELECT status, failed FROM shop JOIN token USING (shop_id)");
}

SERVER_CASE(a_session_token_that_shopify_refuses_installs_nothing)
{
	begin();
	pretend_says("token-exchange", 400, "{}");
	ATF_CHECK_EQ(RC_INPUT, exchanged(NEW));
	pretend_says("token-exchange", 500, "{}");
	ATF_CHECK_EQ(RC_REMOTE, exchanged(NEW));
	test_answers("2", "t", "SELECT count(*) FROM shop");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, an_install_begins_with_a_name_a_state_and_a_cookie);
	ATF_TP_ADD_TC(tp, a_good_callback_keeps_shop_token_and_the_first_job);
	ATF_TP_ADD_TC(tp, shop_and_token_are_kept_together_or_not_at_all);
	ATF_TP_ADD_TC(
	    tp, a_replayed_state_or_another_browser_asks_shopify_nothing);
	ATF_TP_ADD_TC(
	    tp, what_is_wrong_with_a_callback_is_named_and_asks_nothing);
	ATF_TP_ADD_TC(tp, a_refused_code_or_an_unreadable_shop_keeps_nothing);
	ATF_TP_ADD_TC(
	    tp, installed_once_more_its_sessions_end_and_the_epoch_rises);
	ATF_TP_ADD_TC(tp, a_session_token_installs_an_unknown_shop);
	ATF_TP_ADD_TC(
	    tp, a_shop_whose_token_no_longer_works_is_given_a_new_one);
	ATF_TP_ADD_TC(
	    tp, a_session_token_that_shopify_refuses_installs_nothing);
	return atf_no_error();
}
