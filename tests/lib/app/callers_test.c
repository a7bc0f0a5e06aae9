/* Who calls: one answer for all that is wrong, and whose shop it is (SEC-7). */
#include <atf-c.h>
#include <string.h>
#include <sys/stat.h>

#include "app/callers.h"
#include "app/doors.h"
#include "base/clock.h"
#include "base/code.h"
#include "base/conf.h"
#include "io/crypt.h"
#include "lib/web/fake_source.h"
#include "shop.h"
#include "store/apikey.h"
#include "store/session.h"

static const struct route anybody = { .caller = BY_CALLER };
static struct req rq;

static void
begin(void)
{
	(void)test_shop("auth");
	atf_utils_create_file("client-secret", "hush\n");
	ATF_REQUIRE(chmod("client-secret", 0600) == 0);
	conf_set(C_SHOPIFY_API_SECRET_FILE, "client-secret");
	conf_set(C_SHOPIFY_API_KEY, "app-key");
}

/* The caller of a request with these headers ("HTTP_COOKIE=..."). */
static enum rc
found(const struct route *route, const char *one, const char *two)
{
	struct fake *f = fake_new("GET", "/");

	if (one)
		fake_param(f, one);
	if (two)
		fake_param(f, two);
	rc_forget(test_cx());
	test_cx()->shop_id = 0;
	test_cx()->every_shop = false;
	rq = (struct req){ .source = &f->source };
	return caller_find(test_cx(), route, &rq);
}

static const char *
bearer(const char *text)
{
	return text_fmt(test_arena(), "HTTP_AUTHORIZATION=Bearer %s", text);
}

static const char *
key_of(int64_t shop_id, const char *scope)
{
	struct apikey key = { .label = "x", .scopes = &scope, .n_scopes = 1 };
	const char *secret;

	test_cx()->shop_id = shop_id;
	OK(apikey_mint(test_cx(), &key, 0, &secret));
	return bearer(secret);
}

static const char *
session_of(int64_t shop_id)
{
	struct session session;
	const char *cookie;

	test_cx()->shop_id = shop_id;
	OK(session_mint(
	    test_cx(), 7, "Browser", shop_id ? 1 : 0, &session, &cookie));
	return text_fmt(
	    test_arena(), "HTTP_COOKIE=" SESSION_COOKIE "=%s", cookie);
}

/* A session token of a shop, good for a minute more or less. */
static const char *
id_token(const char *shop, int for_s)
{
	static const char head[] = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
	const long long exp = clock_wall() + for_s;
	struct arena *mem = test_arena();
	unsigned char mac[SHA256_BYTES];
	const char *claims, *covered;

	claims = text_fmt(mem,
	    "{\"iss\":\"https://%s/admin\",\"dest\":\"https://%s\","
	    "\"aud\":\"app-key\",\"sub\":\"42\",\"exp\":%lld,\"nbf\":%lld}",
	    shop, shop, exp, exp - 120);
	covered = text_fmt(mem, "%s.%s", base64url_of(mem, head, strlen(head)),
	    base64url_of(mem, claims, strlen(claims)));
	OK(crypt_hmac(test_cx(), slice_of("hush"), slice_of(covered), mac));
	return bearer(text_fmt(
	    mem, "%s.%s", covered, base64url_of(mem, mac, sizeof(mac))));
}

/* ---- the three, and the operator's two */

SERVER_CASE(a_shops_three_callers_see_their_shop_only)
{
	begin();
	OK(found(&anybody, key_of(SHOP, "pulls:read"), NULL));
	ATF_CHECK_EQ(BY_SHOP_KEY, rq.who.by);
	ATF_CHECK_EQ(SHOP, test_cx()->shop_id);
	ATF_CHECK(!test_cx()->every_shop);
	ATF_CHECK_STREQ("a.myshopify.com", rq.who.shop);
	ATF_CHECK_STREQ("pulls:read", rq.who.scopes[0]);
	ATF_CHECK(text_starts(caller_text(test_cx(), &rq), "key 0"));
	OK(found(&anybody, session_of(SHOP), NULL));
	ATF_CHECK_EQ(BY_SHOP_SESSION, rq.who.by);
	ATF_CHECK_EQ(SHOP, test_cx()->shop_id);
	ATF_CHECK(!test_cx()->every_shop);
	ATF_CHECK_EQ(7, rq.who.user_id);
	ATF_CHECK_STREQ("*", rq.who.scopes[0]);
	ATF_CHECK(text_starts(caller_text(test_cx(), &rq), "session 0"));
	OK(found(&anybody, id_token("a.myshopify.com", 60), NULL));
	ATF_CHECK_EQ(BY_ID_TOKEN, rq.who.by);
	ATF_CHECK_EQ(SHOP, rq.who.shop_id);
	ATF_CHECK_EQ(SHOP, test_cx()->shop_id);
	ATF_CHECK(!test_cx()->every_shop);
	ATF_CHECK_STREQ("user 42", caller_text(test_cx(), &rq));
}

SERVER_CASE(the_operator_sees_every_shop)
{
	begin();
	OK(found(&anybody, key_of(0, "*"), NULL));
	ATF_CHECK_EQ(BY_OPERATOR_KEY, rq.who.by);
	ATF_CHECK(test_cx()->every_shop);
	ATF_CHECK_EQ(0, test_cx()->shop_id);
	ATF_CHECK_EQ(NULL, rq.who.shop);
	OK(found(&anybody, session_of(0), NULL));
	ATF_CHECK_EQ(BY_OPERATOR_SESSION, rq.who.by);
	ATF_CHECK(test_cx()->every_shop);
}

SERVER_CASE(a_bearer_goes_before_a_cookie)
{
	const char *session;

	begin();
	session = session_of(SHOP);
	OK(found(&anybody, session, key_of(OTHER, "*")));
	ATF_CHECK_EQ(OTHER, rq.who.shop_id);
	ATF_CHECK_EQ(RC_AUTH, found(&anybody, session, bearer("sk_no")));
}

/* ---- refusals */

static void
nobody(const char *header)
{
	ATF_CHECK_EQ_MSG(RC_AUTH, found(&anybody, header, NULL), "%s", header);
	ATF_CHECK_STREQ(
	    "no valid session, key or token", test_cx()->fault.sentence);
	ATF_CHECK_EQ(0, test_cx()->shop_id);
	ATF_CHECK(!test_cx()->every_shop);
	ATF_CHECK_EQ(0, rq.who.shop_id);
}

SERVER_CASE(whatever_is_wrong_the_words_are_the_same)
{
	const char *key, *session;

	begin();
	key = key_of(SHOP, "*");
	session = session_of(SHOP);
	nobody(NULL);
	nobody("HTTP_AUTHORIZATION=Basic x");
	nobody(bearer("sk_no"));
	nobody(bearer("a.b.c"));
	nobody(bearer("x"));
	nobody("HTTP_COOKIE=" SESSION_COOKIE "=x");
	nobody("HTTP_COOKIE=other=x");
	nobody(id_token("a.myshopify.com", -11));
	nobody(id_token("no.myshopify.com", 60));
	test_sql("t", "UPDATE shop SET status = 'uninstalled'");
	nobody(key);
	nobody(session);
	nobody(id_token("a.myshopify.com", 60));
}

/* Without our secret no token can be checked: that is our fault. */
SERVER_CASE(a_missing_client_secret_is_ours_and_not_the_callers)
{
	begin();
	conf_set(C_SHOPIFY_API_SECRET_FILE, "");
	ATF_CHECK_EQ(
	    RC_BUG, found(&anybody, id_token("a.myshopify.com", 60), NULL));
}

SERVER_CASE(a_route_names_its_callers_and_its_scope)
{
	const struct route operators = { .caller = BY_OPERATOR };
	const struct route keys = { .caller = BY_CALLER, .scope = "keys:read" };
	const char *narrow, *star;

	begin();
	narrow = key_of(SHOP, "pulls:read");
	star = key_of(SHOP, "*");
	ATF_CHECK_EQ(RC_DENIED, found(&operators, star, NULL));
	OK(found(&operators, key_of(0, "pulls:read"), NULL));
	ATF_CHECK_EQ(RC_DENIED, found(&keys, narrow, NULL));
	ATF_CHECK_STREQ(
	    "the key lacks the scope keys:read", test_cx()->fault.sentence);
	OK(found(&keys, star, NULL));
	OK(found(&keys, session_of(SHOP), NULL));
	OK(found(&keys, id_token("a.myshopify.com", 60), NULL));
}

SERVER_CASE(use_is_noted_of_keys_and_sessions)
{
	begin();
	OK(found(&anybody, key_of(SHOP, "*"), NULL));
	test_answers("1", "t", "SELECT count(last_used_at) FROM api_key");
	(void)session_of(SHOP);
	test_sql("t", "UPDATE session SET seen_at = now() - interval '2 min', "
		      "idle_until = now() + interval '1 min'");
	OK(found(&anybody, session_of(SHOP), NULL));
	test_answers("1", "t",
	    "SELECT count(*) FROM session "
	    "WHERE idle_until > now() + interval '1 h'");
}

/* ---- which shop a call is about */

static enum rc
about(const char *named, struct shop *out)
{
	rc_forget(test_cx());
	test_cx()->shop_id = rq.who.shop_id;
	test_cx()->every_shop = (rq.who.by & BY_OPERATOR) != 0;
	return caller_shop(test_cx(), &rq, named, out);
}

SERVER_CASE(a_shops_caller_means_its_own_shop_and_no_other)
{
	struct shop shop;

	begin();
	OK(found(&anybody, key_of(SHOP, "*"), NULL));
	OK(about(NULL, &shop));
	ATF_CHECK_EQ(SHOP, shop.id);
	OK(about("A.myshopify.com", &shop));
	ATF_CHECK_STREQ("A", shop.name);
	ATF_CHECK_EQ(RC_ABSENT, about("b.myshopify.com", &shop));
	ATF_CHECK_STREQ("no such shop", test_cx()->fault.sentence);
	ATF_CHECK_EQ(RC_ABSENT, about("no.myshopify.com", &shop));
	ATF_CHECK_STREQ("no such shop", test_cx()->fault.sentence);
	ATF_CHECK_EQ(RC_INPUT, about("evil.test", &shop));
}

/* What a key of a shop is for does not go by the name. */
SERVER_CASE(a_name_that_passed_to_another_shop_takes_no_caller_along)
{
	struct shop shop;

	begin();
	OK(found(&anybody, key_of(SHOP, "*"), NULL));
	test_sql("t", "UPDATE shop SET domain = 'a.myshopify.com', "
		      "installed_at = now() + interval '1 h' "
		      "WHERE shop_id = 2");
	OK(about(NULL, &shop));
	ATF_CHECK_EQ(SHOP, shop.id);
	OK(about("a.myshopify.com", &shop));
	ATF_CHECK_EQ(SHOP, shop.id);
}

/* From then on it is that shop's work, and row-level security holds. */
SERVER_CASE(the_operator_says_which_shop)
{
	struct shop shop;

	begin();
	OK(found(&anybody, key_of(0, "*"), NULL));
	ATF_CHECK_EQ(RC_INPUT, about(NULL, &shop));
	ATF_CHECK_STREQ("shop", test_cx()->fault.field);
	ATF_CHECK_EQ(RC_INPUT, about("evil.test", &shop));
	ATF_CHECK_STREQ("shop", test_cx()->fault.field);
	ATF_CHECK_EQ(RC_ABSENT, about("no.myshopify.com", &shop));
	OK(about("b.myshopify.com", &shop));
	ATF_CHECK_EQ(OTHER, shop.id);
	ATF_CHECK_EQ(OTHER, test_cx()->shop_id);
	ATF_CHECK(!test_cx()->every_shop);
}

/* ---- App Bridge is told what to do (shopify.md 2.5) */

static const char *
told(enum rc rc, const char *header)
{
	static struct reply rp;

	rp = (struct reply){ .body = buf_new(test_arena(), 4096) };
	caller_refused(test_cx(), &rq, &rp, rc);
	return reply_header_of(&rp, header);
}

SERVER_CASE(app_bridge_is_told_to_fetch_a_token_or_to_authorize)
{
	static const char retry[] = "X-Shopify-Retry-Invalid-Session-Request";
	static const char again[] = "X-Shopify-API-Request-Failure-Reauthorize";

	begin();
	(void)found(&anybody, bearer("a.b.c"), NULL);
	ATF_CHECK_STREQ("1", told(RC_AUTH, retry));
	ATF_CHECK_EQ(NULL, told(RC_TOKEN, again));
	ATF_CHECK_EQ(NULL, told(RC_DENIED, retry));
	OK(found(&anybody, id_token("a.myshopify.com", 60), NULL));
	ATF_CHECK_STREQ("1", told(RC_TOKEN, again));
	ATF_CHECK_STREQ("/api/auth/shopify/connect?shop=a.myshopify.com",
	    told(RC_TOKEN, "X-Shopify-API-Request-Failure-Reauthorize-Url"));
	(void)found(&anybody, bearer("sk_no"), NULL);
	ATF_CHECK_EQ(NULL, told(RC_AUTH, retry));
	(void)found(&anybody, NULL, NULL);
	ATF_CHECK_EQ(NULL, told(RC_AUTH, retry));
}

ATF_TC_WITHOUT_HEAD(every_program_has_the_same_doors);
ATF_TC_BODY(every_program_has_the_same_doors, tc)
{
	ATF_CHECK(app_doors.who == caller_find);
	ATF_CHECK(app_doors.refused == caller_refused);
	ATF_CHECK(app_doors.start != NULL && app_doors.limit != NULL);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_shops_three_callers_see_their_shop_only);
	ATF_TP_ADD_TC(tp, the_operator_sees_every_shop);
	ATF_TP_ADD_TC(tp, a_bearer_goes_before_a_cookie);
	ATF_TP_ADD_TC(tp, whatever_is_wrong_the_words_are_the_same);
	ATF_TP_ADD_TC(tp, a_missing_client_secret_is_ours_and_not_the_callers);
	ATF_TP_ADD_TC(tp, a_route_names_its_callers_and_its_scope);
	ATF_TP_ADD_TC(tp, use_is_noted_of_keys_and_sessions);
	ATF_TP_ADD_TC(tp, a_shops_caller_means_its_own_shop_and_no_other);
	ATF_TP_ADD_TC(
	    tp, a_name_that_passed_to_another_shop_takes_no_caller_along);
	ATF_TP_ADD_TC(tp, the_operator_says_which_shop);
	ATF_TP_ADD_TC(tp, app_bridge_is_told_to_fetch_a_token_or_to_authorize);
	ATF_TP_ADD_TC(tp, every_program_has_the_same_doors);
	return atf_no_error();
}
