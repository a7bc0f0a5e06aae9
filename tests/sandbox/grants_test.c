/* The rules of codes and tokens (shopify.md 2.3 to 2.7). */
#include <atf-c.h>
#include <string.h>

#include "../../sandbox/grants.h"
#include "../test.h"

#define SHOP "demo-shop.myshopify.com"
#define SCOPE "read_products,read_orders"

static struct grants grants;
static struct rules rules;
static struct refusal no;
static const struct rules usual = { .code_s = 600,
	.access_token_s = 3600,
	.refresh_token_s = 90 * 86400,
	.online_token_s = 86399,
	.client_token_s = 86399,
	.retry_s = 30 * 86400 };

static void
begin(void)
{
	grants = (struct grants){ .mem = test_arena() };
	rules = usual;
}

static struct issued
issue(enum access_kind kind, int64_t now)
{
	struct issued i;

	OK(grants_issue(
	    test_cx(), &grants, &rules, SHOP, SCOPE, kind, now, &i));
	return i;
}

static struct issued
refresh(const char *token, int64_t now)
{
	struct issued i;

	OK(grants_refresh(
	    test_cx(), &grants, &rules, SHOP, token, now, &i, &no));
	return i;
}

static void
refused(const char *token, int64_t now)
{
	struct issued i;

	ATF_CHECK_EQ(RC_DENIED, grants_refresh(test_cx(), &grants, &rules, SHOP,
				    token, now, &i, &no));
	ATF_CHECK_EQ(401, no.status);
	ATF_CHECK_STREQ("invalid_request", no.error);
	ATF_CHECK_STREQ(
	    "This request requires an active refresh_token", no.description);
}

static bool
lives(const struct access *a, int64_t now)
{
	return grants_access(&grants, SHOP, a->token, now) == a;
}

ATF_TC_WITHOUT_HEAD(a_code_is_good_once_for_its_shop_and_time);
ATF_TC_BODY(a_code_is_good_once_for_its_shop_and_time, tc)
{
	const char *code, *late;
	struct issued i;

	begin();
	OK(grants_code(
	    test_cx(), &grants, &rules, SHOP, SCOPE, false, 1000, &code));
	OK(grants_code(
	    test_cx(), &grants, &rules, SHOP, SCOPE, false, 1000, &late));
	ATF_CHECK_EQ(
	    RC_DENIED, grants_redeem(test_cx(), &grants, &rules,
			   "other.myshopify.com", code, true, 1001, &i, &no));
	ATF_CHECK_EQ(400, no.status);
	OK(grants_redeem(
	    test_cx(), &grants, &rules, SHOP, code, true, 1001, &i, &no));
	ATF_CHECK_STREQ(SCOPE, i.access->scope);
	ATF_CHECK(i.refresh != NULL);
	ATF_CHECK_EQ(RC_DENIED, grants_redeem(test_cx(), &grants, &rules, SHOP,
				    code, true, 1001, &i, &no));
	ATF_CHECK_EQ(RC_DENIED, grants_redeem(test_cx(), &grants, &rules, SHOP,
				    late, true, 1600, &i, &no));
}

ATF_TC_WITHOUT_HEAD(a_refresh_gives_a_new_pair_and_the_old_access_lives_on);
ATF_TC_BODY(a_refresh_gives_a_new_pair_and_the_old_access_lives_on, tc)
{
	struct issued first, second;

	begin();
	first = issue(ACCESS_EXPIRING, 1000);
	second = refresh(first.refresh->token, 2000);
	ATF_CHECK(!text_same(first.access->token, second.access->token));
	ATF_CHECK(!text_same(first.refresh->token, second.refresh->token));
	ATF_CHECK(text_starts(second.access->token, "shpat_"));
	ATF_CHECK(text_starts(second.refresh->token, "shprt_"));
	ATF_CHECK_EQ(2000 + 90 * 86400, second.refresh->expires_at);
	ATF_CHECK(lives(first.access, 4599));
	ATF_CHECK(!lives(first.access, 4600));
	ATF_CHECK(lives(second.access, 5599));
}

ATF_TC_WITHOUT_HEAD(a_used_refresh_token_works_until_its_replacement_is_used);
ATF_TC_BODY(a_used_refresh_token_works_until_its_replacement_is_used, tc)
{
	struct issued first, lost, second, third;

	begin();
	first = issue(ACCESS_EXPIRING, 1000);
	lost = refresh(first.refresh->token, 2000);
	second = refresh(first.refresh->token, 2010);
	refused(lost.refresh->token, 2020); /* never came: replaced */
	second = refresh(first.refresh->token, 2030);
	third = refresh(second.refresh->token, 2040);
	refused(first.refresh->token, 2050);
	ATF_CHECK(lives(third.access, 2060));
	ATF_CHECK(lives(lost.access, 2060));
}

ATF_TC_WITHOUT_HEAD(a_retry_has_thirty_days_and_never_more_than_its_ninety);
ATF_TC_BODY(a_retry_has_thirty_days_and_never_more_than_its_ninety, tc)
{
	const int64_t day = 86400;
	struct issued first, old;

	begin();
	first = issue(ACCESS_EXPIRING, 0);
	(void)refresh(first.refresh->token, day);
	(void)refresh(first.refresh->token, 31 * day - 1);
	refused(first.refresh->token, 31 * day);
	old = issue(ACCESS_EXPIRING, 0);
	(void)refresh(old.refresh->token, 80 * day);
	(void)refresh(old.refresh->token, 90 * day - 1);
	refused(old.refresh->token, 90 * day);
	refused("shprt_never", 1);
}

ATF_TC_WITHOUT_HEAD(a_new_acquisition_ends_older_refresh_tokens);
ATF_TC_BODY(a_new_acquisition_ends_older_refresh_tokens, tc)
{
	struct issued first, second, online;

	begin();
	first = issue(ACCESS_EXPIRING, 1000);
	second = issue(ACCESS_EXPIRING, 1100);
	refused(first.refresh->token, 1200);
	ATF_CHECK(lives(first.access, 1200));
	online = issue(ACCESS_ONLINE, 1300);
	ATF_CHECK(online.refresh == NULL);
	(void)refresh(second.refresh->token, 1400);
}

ATF_TC_WITHOUT_HEAD(a_token_that_does_not_expire_is_the_same_each_time);
ATF_TC_BODY(a_token_that_does_not_expire_is_the_same_each_time, tc)
{
	struct issued a, b, client;

	begin();
	a = issue(ACCESS_FOREVER, 1000);
	b = issue(ACCESS_FOREVER, 2000);
	ATF_CHECK_EQ(a.access, b.access);
	ATF_CHECK(lives(a.access, INT64_MAX));
	client = issue(ACCESS_CLIENT, 1000);
	ATF_CHECK(client.refresh == NULL);
	ATF_CHECK(lives(client.access, 87398));
	ATF_CHECK(!lives(client.access, 87399));
}

ATF_TC_WITHOUT_HEAD(a_migration_is_for_good_and_repeats_for_a_week);
ATF_TC_BODY(a_migration_is_for_good_and_repeats_for_a_week, tc)
{
	const struct access *old;
	struct issued a, b;

	begin();
	old = issue(ACCESS_FOREVER, 0).access;
	OK(grants_migrate(
	    test_cx(), &grants, &rules, SHOP, old->token, 100, &a, &no));
	ATF_CHECK(!lives(old, 200));
	OK(grants_migrate(
	    test_cx(), &grants, &rules, SHOP, old->token, 6 * 86400, &b, &no));
	ATF_CHECK_EQ(a.access, b.access);
	ATF_CHECK_EQ(a.refresh, b.refresh);
	ATF_CHECK(lives(b.access, 6 * 86400 + 3599));
	(void)refresh(a.refresh->token, 6 * 86400 + 1);
	ATF_CHECK_EQ(RC_DENIED, grants_migrate(test_cx(), &grants, &rules, SHOP,
				    old->token, 6 * 86400 + 2, &b, &no));
	ATF_CHECK_STREQ("invalid_subject_token", no.error);
}

ATF_TC_WITHOUT_HEAD(after_an_uninstall_every_token_is_dead);
ATF_TC_BODY(after_an_uninstall_every_token_is_dead, tc)
{
	struct issued a;
	const char *code;

	begin();
	a = issue(ACCESS_EXPIRING, 1000);
	OK(grants_code(
	    test_cx(), &grants, &rules, SHOP, SCOPE, false, 1000, &code));
	ATF_CHECK(grants_install(&grants, SHOP) != NULL);
	grants_uninstall(&grants, SHOP);
	ATF_CHECK(!lives(a.access, 1001));
	refused(a.refresh->token, 1001);
	ATF_CHECK_EQ(RC_DENIED, grants_redeem(test_cx(), &grants, &rules, SHOP,
				    code, true, 1001, &a, &no));
	ATF_CHECK_EQ(NULL, grants_install(&grants, SHOP));
}

static const char *
written(void)
{
	struct buf b = buf_new(test_arena(), 1 << 20);
	struct jw w = jw_new(&b);

	jw_object(&w, NULL);
	grants_write(&w, "grants", &grants);
	jw_close(&w);
	OK(jw_end(&w));
	return buf_text(&b);
}

ATF_TC_WITHOUT_HEAD(what_is_written_is_read_back_the_same);
ATF_TC_BODY(what_is_written_is_read_back_the_same, tc)
{
	struct issued first, second;
	const char *text, *code;

	begin();
	first = issue(ACCESS_EXPIRING, 1000);
	second = refresh(first.refresh->token, 2000);
	(void)issue(ACCESS_ONLINE, 2000);
	OK(grants_code(
	    test_cx(), &grants, &rules, SHOP, SCOPE, true, 1000, &code));
	text = written();
	begin();
	grants_read(&grants, jat(test_json(slice_of(text)), "grants"));
	ATF_CHECK_STREQ(text, written());
	(void)refresh(first.refresh->token, 2100); /* still only tried again */
	refused(second.refresh->token, 2200);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_code_is_good_once_for_its_shop_and_time);
	ATF_TP_ADD_TC(
	    tp, a_refresh_gives_a_new_pair_and_the_old_access_lives_on);
	ATF_TP_ADD_TC(
	    tp, a_used_refresh_token_works_until_its_replacement_is_used);
	ATF_TP_ADD_TC(
	    tp, a_retry_has_thirty_days_and_never_more_than_its_ninety);
	ATF_TP_ADD_TC(tp, a_new_acquisition_ends_older_refresh_tokens);
	ATF_TP_ADD_TC(tp, a_token_that_does_not_expire_is_the_same_each_time);
	ATF_TP_ADD_TC(tp, a_migration_is_for_good_and_repeats_for_a_week);
	ATF_TP_ADD_TC(tp, after_an_uninstall_every_token_is_dead);
	ATF_TP_ADD_TC(tp, what_is_written_is_read_back_the_same);
	return atf_no_error();
}
