/* Tokens: sealed at rest, refreshed by who holds the lease (D8, SEC-15). */
#include <atf-c.h>
#include <string.h>

#include "shop.h"
#include "store/token.h"

static struct secret
secret(const char *text)
{
	return (struct secret){ text, text ? strlen(text) : 0 };
}

static struct token_pair
pair_of(const char *access, const char *refresh, int64_t expires_in_s)
{
	return (struct token_pair){
		.kind = "expiring",
		.access = secret(access),
		.refresh = secret(refresh),
		.expires_in_s = expires_in_s,
		.refresh_expires_in_s = 7776000,
	};
}

/* A shop whose token lapses in so many seconds. */
static struct keys
begin(int64_t expires_in_s)
{
	const struct token_pair pair =
	    pair_of("shpat_first", "shprt_first", expires_in_s);
	struct keys keys;

	(void)test_shop("auth");
	keys = test_keys();
	OK(token_save(test_cx(), &keys, &pair));
	return keys;
}

static void
check_access(const struct keys *keys, const char *want)
{
	struct token token;

	OK(token_load(test_cx(), keys, &token));
	ATF_CHECK_STREQ(
	    want, text_of(test_arena(),
		      (struct slice){ token.access.p, token.access.n }));
}

static void
check_refresh(const struct token_lease *lease, const char *want)
{
	ATF_CHECK_STREQ(
	    want, text_of(test_arena(),
		      (struct slice){ lease->refresh.p, lease->refresh.n }));
}

SERVER_CASE(a_token_comes_back_as_it_was_and_lies_sealed)
{
	const struct keys keys = begin(3600);
	struct token token;

	OK(token_load(test_cx(), &keys, &token));
	ATF_CHECK_STREQ("expiring", token.kind);
	ATF_CHECK(token.expires);
	ATF_CHECK(token.seconds_left > 3590 && token.seconds_left <= 3600);
	ATF_CHECK_EQ(NULL, token.failed);
	ATF_CHECK(!token.refreshing);
	check_access(&keys, "shpat_first");
	test_sql("t", "SET bytea_output = escape; TABLE token");
	ATF_CHECK(!atf_utils_grep_file("shp[ar]t_", "sql.out"));
}

SERVER_CASE(there_is_none_for_another_shop_and_none_at_first)
{
	struct keys keys = begin(3600);
	struct token token;

	keys.shop_id = OTHER;
	CODE(RC_ABSENT, token_load(test_cx(), &keys, &token));
	test_sql("t", "DELETE FROM token");
	keys.shop_id = SHOP;
	CODE(RC_ABSENT, token_load(test_cx(), &keys, &token));
}

/* SEC-15: a blob opens in its own row and column, as it was, or not at all. */
SERVER_CASE(a_moved_or_changed_blob_does_not_open)
{
	struct keys keys = begin(3600);
	struct token_lease lease;
	struct token token;

	test_sql("t",
	    "INSERT INTO token (shop_id, kind, access) SELECT 2, kind, access "
	    "FROM token");
	keys.shop_id = test_cx()->shop_id = OTHER;
	CODE(RC_BUG, token_load(test_cx(), &keys, &token));
	keys.shop_id = test_cx()->shop_id = SHOP;
	test_sql("t", "UPDATE token SET refresh = access, expires_at = now()");
	CODE(RC_BUG, token_lease(test_cx(), &keys, 300, &lease));
	test_sql("t", "UPDATE token SET access = set_byte(access, 60, "
		      "get_byte(access, 60) # 1)");
	CODE(RC_BUG, token_load(test_cx(), &keys, &token));
	test_sql("t", "UPDATE token SET access = substr(access, 1, 30)");
	CODE(RC_BUG, token_load(test_cx(), &keys, &token));
	test_sql("t", "UPDATE token SET access = ''");
	CODE(RC_BUG, token_load(test_cx(), &keys, &token));
	keys.n = 0;
	CODE(RC_BUG, token_load(test_cx(), &keys, &token));
}

SERVER_CASE(one_holds_the_lease_while_the_token_is_not_fresh)
{
	const struct keys keys = begin(299);
	struct token_lease lease, second;
	struct token token;

	OK(token_lease(test_cx(), &keys, 300, &lease));
	ATF_CHECK_STREQ("expiring", lease.kind);
	check_refresh(&lease, "shprt_first");
	CODE(RC_CONFLICT, token_lease(test_cx(), &keys, 300, &second));
	OK(token_load(test_cx(), &keys, &token));
	ATF_CHECK(token.refreshing);
	test_answers("t", "t",
	    "SELECT refresh_until BETWEEN now() + interval '20 s' "
	    "AND now() + interval '30 s' FROM token");
	/* Whoever held it is gone: the next one may. */
	test_sql("t", "UPDATE token SET refresh_until = now()");
	OK(token_lease(test_cx(), &keys, 300, &second));
	ATF_CHECK(!text_same(lease.holder, second.holder));
}

SERVER_CASE(a_fresh_a_dead_and_an_endless_token_are_nobodys_to_refresh)
{
	const struct keys keys = begin(310);
	struct token_lease lease;

	CODE(RC_CONFLICT, token_lease(test_cx(), &keys, 300, &lease));
	test_sql("t", "UPDATE token SET expires_at = now(), failed = 'x'");
	CODE(RC_CONFLICT, token_lease(test_cx(), &keys, 300, &lease));
	test_sql("t", "UPDATE token SET expires_at = NULL, failed = NULL");
	CODE(RC_CONFLICT, token_lease(test_cx(), &keys, 300, &lease));
}

SERVER_CASE(the_holder_keeps_both_new_ones_and_the_old_refresh_token)
{
	const struct token_pair next =
	    pair_of("shpat_second", "shprt_second", 1800);
	const struct keys keys = begin(1);
	struct token_lease lease;
	struct token token;

	OK(token_lease(test_cx(), &keys, 300, &lease));
	OK(token_refreshed(test_cx(), &keys, &lease, &next));
	check_access(&keys, "shpat_second");
	OK(token_load(test_cx(), &keys, &token));
	ATF_CHECK(!token.refreshing);
	ATF_CHECK(token.seconds_left > 1790 && token.seconds_left <= 1800);
	/* Shopify lets it be tried again until the new one was used. */
	test_sql("t",
	    "UPDATE token SET refresh = previous_refresh, expires_at = now()");
	OK(token_lease(test_cx(), &keys, 300, &lease));
	check_refresh(&lease, "shprt_first");
}

SERVER_CASE(who_lost_the_lease_changes_nothing)
{
	const struct token_pair next =
	    pair_of("shpat_second", "shprt_second", 1800);
	const struct keys keys = begin(1);
	struct token_lease lost, held;

	OK(token_lease(test_cx(), &keys, 300, &lost));
	test_sql("t", "UPDATE token SET refresh_until = now()");
	OK(token_lease(test_cx(), &keys, 300, &held));
	CODE(RC_CONFLICT, token_refreshed(test_cx(), &keys, &lost, &next));
	CODE(RC_CONFLICT,
	    token_lease_end(test_cx(), SHOP, &lost, "it says that it is dead"));
	check_access(&keys, "shpat_first");
	OK(token_refreshed(test_cx(), &keys, &held, &next));
	check_access(&keys, "shpat_second");
	test_answers("", "t", "SELECT failed FROM token");
}

SERVER_CASE(a_life_that_was_not_said_is_an_hour_and_no_new_refresh_token_none)
{
	const struct token_pair next = { .access = secret("shpat_second") };
	const struct keys keys = begin(1);
	struct token_lease lease;
	struct token token;

	OK(token_lease(test_cx(), &keys, 300, &lease));
	OK(token_refreshed(test_cx(), &keys, &lease, &next));
	OK(token_load(test_cx(), &keys, &token));
	ATF_CHECK(token.seconds_left > 3590 && token.seconds_left <= 3600);
	test_answers("t", "t",
	    "SELECT refresh_expires_at > now() + interval '89 days' "
	    "FROM token");
	test_sql("t", "UPDATE token SET expires_at = now()");
	OK(token_lease(test_cx(), &keys, 300, &lease));
	check_refresh(&lease, "shprt_first");
}

SERVER_CASE(a_lease_is_given_back_with_or_without_hope)
{
	const struct keys keys = begin(1);
	struct token_lease lease;
	struct token token;

	OK(token_lease(test_cx(), &keys, 300, &lease));
	OK(token_lease_end(test_cx(), SHOP, &lease, NULL));
	OK(token_lease(test_cx(), &keys, 300, &lease));
	OK(token_lease_end(test_cx(), SHOP, &lease, "dead for good"));
	OK(token_load(test_cx(), &keys, &token));
	ATF_CHECK(!token.refreshing);
	ATF_CHECK_STREQ("dead for good", token.failed);
	CODE(RC_CONFLICT, token_lease(test_cx(), &keys, 300, &lease));
}

SERVER_CASE(a_new_grant_takes_the_place_of_all_that_was)
{
	const struct token_pair next = { .kind = "non_expiring",
		.access = secret("shpat_second") };
	const struct keys keys = begin(1);
	struct token_lease lease;
	struct token token;

	OK(token_lease(test_cx(), &keys, 300, &lease));
	OK(token_lease_end(test_cx(), SHOP, &lease, "dead for good"));
	OK(token_save(test_cx(), &keys, &next));
	OK(token_load(test_cx(), &keys, &token));
	ATF_CHECK_STREQ("non_expiring", token.kind);
	ATF_CHECK(!token.expires);
	ATF_CHECK_EQ(NULL, token.failed);
	check_access(&keys, "shpat_second");
	test_answers("t|t|t", "t",
	    "SELECT refresh IS NULL, refresh_expires_at IS NULL, "
	    "expires_at IS NULL FROM token");
}

SERVER_CASE(the_very_token_that_was_refused_lapses)
{
	const struct token_pair next =
	    pair_of("shpat_second", "shprt_second", 1800);
	const struct keys keys = begin(3600);
	struct token old, token;

	OK(token_load(test_cx(), &keys, &old));
	OK(token_expire(test_cx(), SHOP, &old));
	OK(token_load(test_cx(), &keys, &token));
	ATF_CHECK(token.seconds_left <= 0);
	/* Another one was kept meanwhile: it is not the one that was refused.
	 */
	OK(token_save(test_cx(), &keys, &next));
	OK(token_expire(test_cx(), SHOP, &old));
	OK(token_load(test_cx(), &keys, &token));
	ATF_CHECK(token.seconds_left > 1700);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_token_comes_back_as_it_was_and_lies_sealed);
	ATF_TP_ADD_TC(tp, there_is_none_for_another_shop_and_none_at_first);
	ATF_TP_ADD_TC(tp, a_moved_or_changed_blob_does_not_open);
	ATF_TP_ADD_TC(tp, one_holds_the_lease_while_the_token_is_not_fresh);
	ATF_TP_ADD_TC(
	    tp, a_fresh_a_dead_and_an_endless_token_are_nobodys_to_refresh);
	ATF_TP_ADD_TC(
	    tp, the_holder_keeps_both_new_ones_and_the_old_refresh_token);
	ATF_TP_ADD_TC(tp, who_lost_the_lease_changes_nothing);
	ATF_TP_ADD_TC(tp,
	    a_life_that_was_not_said_is_an_hour_and_no_new_refresh_token_none);
	ATF_TP_ADD_TC(tp, a_lease_is_given_back_with_or_without_hope);
	ATF_TP_ADD_TC(tp, a_new_grant_takes_the_place_of_all_that_was);
	ATF_TP_ADD_TC(tp, the_very_token_that_was_refused_lapses);
	return atf_no_error();
}
