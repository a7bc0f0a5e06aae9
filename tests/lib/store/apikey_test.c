/* API keys: shown once, found by hash, gone when revoked (SEC-7, D7). */
#include <atf-c.h>
#include <string.h>

#include "shop.h"
#include "store/apikey.h"

static const char *const two[] = { "pulls:read", "keys:write" };

static const char *
minted(int64_t days, struct apikey *out)
{
	const char *secret;

	*out = (struct apikey){ .label = "till", .scopes = two, .n_scopes = 2 };
	OK(apikey_mint(test_cx(), out, days, &secret));
	return secret;
}

SERVER_CASE(a_key_is_found_by_its_secret_and_kept_as_a_hash)
{
	struct apikey key, found;
	const char *secret;

	(void)test_shop("auth");
	secret = minted(3, &key);
	ATF_CHECK_EQ(3 + 43 + 6, strlen(secret));
	ATF_CHECK(text_starts(secret, "sk_"));
	ATF_CHECK(text_starts(secret, key.prefix));
	ATF_CHECK_EQ(3 * 86400, key.expires_at - key.created_at);
	test_cx()->shop_id = 0; /* nobody is known yet */
	OK(apikey_find(test_cx(), secret, &found));
	ATF_CHECK_STREQ(key.id, found.id);
	ATF_CHECK_EQ(SHOP, found.shop_id);
	ATF_CHECK_STREQ("a.myshopify.com", found.shop);
	ATF_CHECK_STREQ("installed", found.status);
	ATF_CHECK(!found.operator);
	ATF_CHECK_EQ(2, found.n_scopes);
	ATF_CHECK_STREQ("keys:write", found.scopes[1]);
	test_sql("t", "COPY (SELECT * FROM api_key) TO STDOUT");
	ATF_CHECK(!atf_utils_grep_file("%s", "sql.out", secret + 9));
	ATF_CHECK(atf_utils_grep_file("%s", "sql.out", key.prefix));
}

SERVER_CASE(without_a_shop_it_is_the_operators_and_without_days_it_stays)
{
	struct apikey key, found;
	const char *secret;

	(void)test_shop("auth");
	test_cx()->shop_id = 0;
	secret = minted(0, &key);
	ATF_CHECK_EQ(0, key.expires_at);
	OK(apikey_find(test_cx(), secret, &found));
	ATF_CHECK(found.operator);
	ATF_CHECK_EQ(0, found.shop_id);
	ATF_CHECK_EQ(NULL, found.shop);
}

/* Another character somewhere: the checksum keeps it from the database. */
SERVER_CASE(whatever_is_wrong_with_a_key_it_is_not_there)
{
	struct apikey key, found;
	const char *secret;
	char *bent;

	(void)test_shop("auth");
	secret = minted(1, &key);
	bent = text_dup(test_arena(), secret);
	bent[10] = bent[10] == 'a' ? 'b' : 'a';
	CODE(RC_ABSENT, apikey_find(test_cx(), bent, &found));
	CODE(RC_ABSENT, apikey_find(test_cx(), "", &found));
	test_sql("t", "UPDATE api_key SET hash = sha256('sk_misspelt')");
	CODE(RC_ABSENT, apikey_find(test_cx(), "sk_misspelt", &found));
	secret = minted(1, &key);
	CODE(RC_ABSENT, apikey_find(test_cx(),
			    text_fmt(test_arena(), "%s0", secret), &found));
	test_sql("t", "UPDATE api_key SET expires_at = now()");
	CODE(RC_ABSENT, apikey_find(test_cx(), secret, &found));
	test_sql("t", "UPDATE api_key SET expires_at = NULL");
	OK(apikey_find(test_cx(), secret, &found));
	test_sql("t", "UPDATE shop SET status = 'uninstalled'");
	CODE(RC_ABSENT, apikey_find(test_cx(), secret, &found));
}

SERVER_CASE(a_revoked_key_is_gone_at_once_and_cannot_be_revoked_again)
{
	struct apikey key, found, *list;
	const char *secret;
	size_t n;

	(void)test_shop("auth");
	secret = minted(0, &key);
	CODE(RC_ABSENT, apikey_drop(test_cx(), OTHER, key.id));
	OK(apikey_find(test_cx(), secret, &found));
	OK(apikey_drop(test_cx(), SHOP, key.id));
	CODE(RC_ABSENT, apikey_find(test_cx(), secret, &found));
	CODE(RC_ABSENT, apikey_drop(test_cx(), SHOP, key.id));
	OK(apikey_list(test_cx(), SHOP, NULL, 10, &list, &n));
	ATF_REQUIRE_EQ(1, n);
	ATF_CHECK(list[0].revoked_at > 0);
}

SERVER_CASE(its_use_is_noted_once_a_minute)
{
	struct apikey key, found, *list;
	const char *secret;
	size_t n;

	(void)test_shop("auth");
	secret = minted(0, &key);
	OK(apikey_find(test_cx(), secret, &found));
	ATF_CHECK(found.stale);
	OK(apikey_used(test_cx(), SHOP, key.id));
	OK(apikey_find(test_cx(), secret, &found));
	ATF_CHECK(!found.stale);
	OK(apikey_list(test_cx(), SHOP, NULL, 10, &list, &n));
	ATF_CHECK(list[0].last_used_at >= list[0].created_at);
	test_sql(
	    "t", "UPDATE api_key SET last_used_at = now() - interval '61 s'");
	OK(apikey_find(test_cx(), secret, &found));
	ATF_CHECK(found.stale);
}

SERVER_CASE(a_list_is_paged_from_the_newest_and_holds_the_shops_own)
{
	struct apikey first, second, *list;
	size_t n;

	(void)test_shop("auth");
	(void)minted(0, &first);
	(void)minted(0, &second);
	OK(apikey_list(test_cx(), SHOP, NULL, 1, &list, &n));
	ATF_REQUIRE_EQ(1, n);
	ATF_CHECK_STREQ(second.id, list[0].id);
	ATF_CHECK_STREQ("till", list[0].label);
	ATF_CHECK_EQ(2, list[0].n_scopes);
	OK(apikey_list(test_cx(), SHOP, second.id, 10, &list, &n));
	ATF_REQUIRE_EQ(1, n);
	ATF_CHECK_STREQ(first.id, list[0].id);
	OK(apikey_list(test_cx(), SHOP, first.id, 10, &list, &n));
	ATF_CHECK_EQ(0, n);
	test_cx()->shop_id = OTHER;
	OK(apikey_list(test_cx(), OTHER, NULL, 10, &list, &n));
	ATF_CHECK_EQ(0, n);
	OK(apikey_list(test_cx(), SHOP, NULL, 10, &list, &n));
	ATF_CHECK_EQ(0, n); /* row-level security, whatever is asked */
}

ATF_TC_WITHOUT_HEAD(a_star_stands_for_every_scope);
ATF_TC_BODY(a_star_stands_for_every_scope, tc)
{
	static const char *const star[] = { "*" };

	ATF_CHECK(scope_in(two, 2, "keys:write"));
	ATF_CHECK(!scope_in(two, 2, "keys:read"));
	ATF_CHECK(!scope_in(two, 1, "keys:write"));
	ATF_CHECK(scope_in(star, 1, "keys:read"));
	ATF_CHECK(!scope_in(NULL, 0, "keys:read"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_key_is_found_by_its_secret_and_kept_as_a_hash);
	ATF_TP_ADD_TC(
	    tp, without_a_shop_it_is_the_operators_and_without_days_it_stays);
	ATF_TP_ADD_TC(tp, whatever_is_wrong_with_a_key_it_is_not_there);
	ATF_TP_ADD_TC(
	    tp, a_revoked_key_is_gone_at_once_and_cannot_be_revoked_again);
	ATF_TP_ADD_TC(tp, its_use_is_noted_once_a_minute);
	ATF_TP_ADD_TC(
	    tp, a_list_is_paged_from_the_newest_and_holds_the_shops_own);
	ATF_TP_ADD_TC(tp, a_star_stands_for_every_scope);
	return atf_no_error();
}
