/* Session tokens: the Wycheproof vectors, and Shopify's own claims (SEC-3). */
#include <atf-c.h>
#include <string.h>

#include "base/code.h"
#include "io/crypt.h"
#include "shopify/idtoken.h"
#include "test.h"

enum { NOW = 1800000000 };

static const struct sign_secrets hush = { .now = { "hush", 4 } };

/* README of the vectors: two labelled invalid hold nothing wrong any more, two
 * labelled valid hold a byte that is no base64url. */
static bool
expected(int64_t id, const char *result)
{
	if (id == 367 || id == 370)
		return true;
	if (id == 372 || id == 373)
		return false;
	return text_same(result, "valid");
}

static bool
verifies(struct sign_secrets secrets, const char *jws)
{
	struct slice payload;
	const enum rc rc = idtoken_verify(test_cx(), &secrets, jws, &payload);

	rc_forget(test_cx());
	return rc == RC_OK;
}

/* A group of another algorithm has no shared key: ours is any. */
static struct sign_secrets
key_of(struct json group)
{
	const char *k = jtext_or(group, "private.k", "aGVsbG8");
	struct slice key;

	ATF_REQUIRE(base64url_to(test_arena(), slice_of(k), &key));
	return (struct sign_secrets){ .now = { key.p, key.n } };
}

static int
run_group(struct json group)
{
	const bool ours =
	    text_same(jtext_or(group, "private.alg", ""), "HS256");
	const struct json tests = jat(group, "tests");
	size_t i;

	for (i = 0; i < jlen(tests); i++) {
		const struct json t = jitem(tests, i);
		const int64_t id = jint_or(t, "tcId", 0);
		const bool want =
		    ours && expected(id, jtext_or(t, "result", ""));

		ATF_CHECK_EQ_MSG(want,
		    verifies(key_of(group), jtext_or(t, "jws", "")),
		    "vector %d: %s", (int)id, jtext_or(t, "comment", ""));
	}
	return (int)jlen(tests);
}

ATF_TC_WITHOUT_HEAD(wycheproofs_signatures_come_out_as_they_must);
ATF_TC_BODY(wycheproofs_signatures_come_out_as_they_must, tc)
{
	struct json root, groups;
	int n = 0;
	size_t i;

	OK(crypt_start(test_cx()));
	root = test_json(
	    test_fixture("security/wycheproof_json_web_signature.json"));
	groups = jat(root, "testGroups");
	for (i = 0; i < jlen(groups); i++)
		n += run_group(jitem(groups, i));
	ATF_CHECK_EQ(401, n);
}

/* Mixed JOSE: a token that is encrypted (jwe) is none of ours whatever it says,
 * a signed one as above. */
static int
run_crypto_group(struct json group)
{
	const bool ours =
	    text_same(jtext_or(group, "private.alg", ""), "HS256");
	const struct json tests = jat(group, "tests");
	size_t i;

	for (i = 0; i < jlen(tests); i++) {
		const struct json t = jitem(tests, i);
		const char *jws = jtext_or(t, "jws", NULL);
		const bool want = ours && jws &&
				  text_same(jtext_or(t, "result", ""), "valid");

		ATF_CHECK_EQ_MSG(want,
		    verifies(key_of(group), jws ? jws : jtext_or(t, "jwe", "")),
		    "vector %d: %s", (int)jint_or(t, "tcId", 0),
		    jtext_or(t, "comment", ""));
	}
	return (int)jlen(tests);
}

ATF_TC_WITHOUT_HEAD(wycheproofs_mixed_tokens_come_out_as_they_must);
ATF_TC_BODY(wycheproofs_mixed_tokens_come_out_as_they_must, tc)
{
	struct json root, groups;
	int n = 0;
	size_t i;

	OK(crypt_start(test_cx()));
	root =
	    test_json(test_fixture("security/wycheproof_json_web_crypto.json"));
	groups = jat(root, "testGroups");
	for (i = 0; i < jlen(groups); i++)
		n += run_crypto_group(jitem(groups, i));
	ATF_CHECK_EQ(83, n);
}

/* A token of header and claims, signed by "hush". */
static const char *
minted(const char *header, const char *claims)
{
	struct arena *mem = test_arena();
	unsigned char mac[32];
	const char *covered =
	    text_fmt(mem, "%s.%s", base64url_of(mem, header, strlen(header)),
		base64url_of(mem, claims, strlen(claims)));

	OK(crypt_start(test_cx()));
	OK(crypt_hmac(test_cx(), slice_of("hush"), slice_of(covered), mac));
	return text_fmt(mem, "%s.%s", covered, base64url_of(mem, mac, 32));
}

#define HS256 "{\"alg\":\"HS256\",\"typ\":\"JWT\"}"

static const char *
claims(const char *iss, const char *dest, const char *aud, int exp, int nbf)
{
	return text_fmt(test_arena(),
	    "{\"iss\":\"%s\",\"dest\":\"%s\",\"aud\":\"%s\",\"exp\":%d,"
	    "\"nbf\":%d,\"iat\":1,\"sub\":\"42\",\"sid\":\"s\"}",
	    iss, dest, aud, exp, nbf);
}

#define SHOP "https://a.myshopify.com"

static enum rc
reads(const char *token, struct idtoken *out)
{
	const enum rc rc =
	    idtoken_read(test_cx(), &hush, "app", token, NOW, out);

	if (rc != RC_OK)
		ATF_CHECK_STREQ("the session token is not valid",
		    test_cx()->fault.sentence);
	rc_forget(test_cx());
	return rc;
}

ATF_TC_WITHOUT_HEAD(a_good_token_names_shop_and_user);
ATF_TC_BODY(a_good_token_names_shop_and_user, tc)
{
	struct idtoken token;

	OK(reads(
	    minted(HS256, claims(SHOP "/admin", SHOP, "app", NOW + 60, NOW)),
	    &token));
	ATF_CHECK_STREQ("a.myshopify.com", token.shop);
	ATF_CHECK_EQ(42, token.user_id);
	ATF_CHECK_STREQ("s", token.session);
	ATF_CHECK_EQ(NOW + 60, token.expires_at);
}

ATF_TC_WITHOUT_HEAD(each_wrong_claim_is_refused_in_the_same_words);
ATF_TC_BODY(each_wrong_claim_is_refused_in_the_same_words, tc)
{
	const char *bad[] = {
		claims(SHOP "/admin", SHOP, "app", NOW - 10, NOW),
		claims(SHOP "/admin", SHOP, "app", NOW + 60, NOW + 11),
		claims(SHOP "/admin", SHOP, "other", NOW + 60, NOW),
		claims("https://b.myshopify.com/admin", SHOP, "app", NOW + 60,
		    NOW),
		claims(SHOP, SHOP, "app", NOW + 60, NOW),
		claims(SHOP "/admin", "http://a.myshopify.com", "app", NOW + 60,
		    NOW),
		claims("https://evil.test/admin", "https://evil.test", "app",
		    NOW + 60, NOW),
		"{}",
		"[]",
		"{\"exp\":1e9}",
		"not json",
	};
	struct idtoken token;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ATF_CHECK_EQ_MSG(RC_AUTH, reads(minted(HS256, bad[i]), &token),
		    "%s", bad[i]);
}

ATF_TC_WITHOUT_HEAD(leeway_is_ten_seconds);
ATF_TC_BODY(leeway_is_ten_seconds, tc)
{
	struct idtoken token;

	OK(reads(minted(HS256,
		     claims(SHOP "/admin", SHOP, "app", NOW - 9, NOW + 10)),
	    &token));
}

ATF_TC_WITHOUT_HEAD(headers_that_name_another_key_or_algorithm_are_refused);
ATF_TC_BODY(headers_that_name_another_key_or_algorithm_are_refused, tc)
{
	static const char *const bad[] = { "{\"alg\":\"none\"}",
		"{\"alg\":\"RS256\"}", "{\"alg\":\"hs256\"}", "{}",
		"{\"alg\":\"HS256\",\"kid\":\"1\"}",
		"{\"alg\":\"HS256\",\"jwk\":{}}",
		"{\"alg\":\"HS256\",\"jku\":\"x\"}",
		"{\"alg\":\"HS256\",\"x5u\":\"x\"}",
		"{\"alg\":\"HS256\",\"crit\":[\"exp\"]}", "[\"HS256\"]" };
	const char *good = claims(SHOP "/admin", SHOP, "app", NOW + 60, NOW);
	struct idtoken token;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ATF_CHECK_EQ_MSG(
		    RC_AUTH, reads(minted(bad[i], good), &token), "%s", bad[i]);
}

ATF_TC_WITHOUT_HEAD(what_is_no_token_is_refused);
ATF_TC_BODY(what_is_no_token_is_refused, tc)
{
	const char *good =
	    minted(HS256, claims(SHOP "/admin", SHOP, "app", NOW + 60, NOW));
	struct arena *mem = test_arena();
	char *longest = arena_alloc(mem, 5000);
	struct idtoken token;

	memset(longest, 'a', 4999);
	ATF_CHECK_EQ(RC_AUTH, reads(NULL, &token));
	ATF_CHECK_EQ(RC_AUTH, reads("", &token));
	ATF_CHECK_EQ(RC_AUTH, reads("a.b", &token));
	ATF_CHECK_EQ(RC_AUTH, reads("..", &token));
	ATF_CHECK_EQ(RC_AUTH, reads(longest, &token));
	ATF_CHECK_EQ(RC_AUTH, reads(text_fmt(mem, "%s.", good), &token));
	ATF_CHECK_EQ(RC_AUTH, reads(text_fmt(mem, "%s=", good), &token));
	ATF_CHECK_EQ(RC_AUTH, reads(text_fmt(mem, " %s", good), &token));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, wycheproofs_signatures_come_out_as_they_must);
	ATF_TP_ADD_TC(tp, wycheproofs_mixed_tokens_come_out_as_they_must);
	ATF_TP_ADD_TC(tp, a_good_token_names_shop_and_user);
	ATF_TP_ADD_TC(tp, each_wrong_claim_is_refused_in_the_same_words);
	ATF_TP_ADD_TC(tp, leeway_is_ten_seconds);
	ATF_TP_ADD_TC(
	    tp, headers_that_name_another_key_or_algorithm_are_refused);
	ATF_TP_ADD_TC(tp, what_is_no_token_is_refused);
	return atf_no_error();
}
