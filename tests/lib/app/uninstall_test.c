/* Uninstalling: what the shop gave us is gone at once (SEC-8, shopify.md 2.10).
 */
#include <atf-c.h>

#include "app/uninstall.h"
#include "base/clock.h"
#include "base/log.h"
#include "shop.h"
#include "store/apikey.h"
#include "store/changed.h"
#include "store/pull.h"
#include "store/session.h"
#include "store/subscription.h"
#include "store/token.h"

static struct cx *auth, *pulls;
static const char *cookie, *secret;

/* All that a shop has which an uninstall ends, from a day ago; the other shop
 * has it, too. */
static void
fill(int64_t shop)
{
	static const char *const resources[] = { "orders" };
	const char *scopes[] = { "*" };
	struct apikey key = {
		.label = "till", .scopes = scopes, .n_scopes = 1
	};
	struct pull pull = { .mode = "paged", .shop_epoch = 1 };
	struct session session;

	auth->shop_id = pulls->shop_id = test_cx()->shop_id = shop;
	OK(session_mint(auth, 0, NULL, 1, &session, &cookie));
	OK(apikey_mint(auth, &key, 0, &secret));
	OK(db_begin(pulls));
	OK(pull_put(pulls, &pull, resources, 1, "key x"));
	OK(db_commit(pulls));
	OK(changed_note(test_cx(), "orders", 1));
	OK(subscription_save(test_cx(), "orders/create", "gid", "uri"));
}

static void
begin(void)
{
	(void)test_shop("jobd");
	log_open(LOG_ERR + 1, 2);
	auth = test_rival("auth");
	pulls = test_rival("pulls");
	fill(OTHER);
	fill(SHOP);
	test_sql("t",
	    "INSERT INTO token (shop_id, kind, access) SELECT shop_id, "
	    "'non_expiring', '\\x00' FROM shop;"
	    "UPDATE shop SET installed_at = now() - interval '1 day'");
}

static bool
ended(int64_t triggered_at)
{
	bool done = false;

	rc_forget(test_cx());
	OK(db_begin(test_cx()));
	OK(shop_uninstall(test_cx(), triggered_at, &done));
	OK(db_commit(test_cx()));
	return done;
}

/* status, epoch; then token, sessions, live keys, subscriptions, changed, live
 * pulls and parts. */
static void
check(const char *shop, const char *want)
{
	test_answers(want, "t",
	    text_fmt(test_arena(),
		"SELECT status, epoch, "
		"(SELECT count(*) FROM token WHERE shop_id = %s), "
		"(SELECT count(*) FROM session WHERE shop_id = %s), "
		"(SELECT count(*) FROM api_key WHERE shop_id = %s "
		"AND revoked_at IS NULL), "
		"(SELECT count(*) FROM subscription WHERE shop_id = %s), "
		"(SELECT count(*) FROM changed WHERE shop_id = %s), "
		"(SELECT count(*) FROM pull WHERE shop_id = %s "
		"AND state = $$queued$$), "
		"(SELECT count(*) FROM pull_part WHERE shop_id = %s "
		"AND state = $$queued$$) "
		"FROM shop WHERE shop_id = %s",
		shop, shop, shop, shop, shop, shop, shop, shop));
}

#define LIVE "installed|1|1|1|1|1|1|1|1"
#define ENDED "uninstalled|2|0|0|0|0|0|0|0"
#define MINE "9007199254740993"

SERVER_CASE(all_that_gives_access_ends_at_once_for_this_shop_alone)
{
	struct session session;
	struct apikey key;

	begin();
	check(MINE, LIVE);
	auth->shop_id = 0;
	OK(session_find(auth, cookie, &session));
	OK(apikey_find(auth, secret, &key));
	ATF_CHECK(ended(clock_wall()));
	check(MINE, ENDED);
	check("2", LIVE);
	ATF_CHECK_EQ(RC_ABSENT, session_find(auth, cookie, &session));
	ATF_CHECK_EQ(RC_ABSENT, apikey_find(auth, secret, &key));
	test_answers("t|t", "t",
	    "SELECT uninstalled_at IS NOT NULL, error IS NOT NULL "
	    "FROM shop, pull WHERE shop.shop_id = " MINE
	    " AND pull.shop_id = " MINE);
}

SERVER_CASE(once_more_it_does_nothing)
{
	begin();
	ATF_CHECK(ended(0));
	check(MINE, ENDED);
	ATF_CHECK(!ended(0));
	ATF_CHECK(!ended(clock_wall()));
	check(MINE, ENDED);
}

SERVER_CASE(a_late_one_leaves_the_new_installation_alone)
{
	begin();
	ATF_CHECK(!ended(clock_wall() - 86400 - 10));
	check(MINE, LIVE);
	ATF_CHECK(ended(clock_wall() - 86400 + 10));
	check(MINE, ENDED);
}

/* A time of tomorrow would end what is installed till then. */
SERVER_CASE(a_time_ahead_counts_as_now)
{
	begin();
	test_sql("t", "UPDATE shop SET installed_at = now() + interval '1 h'");
	ATF_CHECK(!ended(clock_wall() + 86400));
	ATF_CHECK(!ended(0));
	check(MINE, LIVE);
}

SERVER_CASE(a_shop_that_we_do_not_know_ends_nothing)
{
	begin();
	test_cx()->shop_id = 7;
	ATF_CHECK(!ended(0));
	check(MINE, LIVE);
	check("2", LIVE);
}

SERVER_CASE(what_cannot_be_erased_ends_nothing)
{
	bool done;

	begin();
	test_sql("t", "REVOKE DELETE ON subscription FROM stockroom_jobd");
	OK(db_begin(test_cx()));
	CODE(RC_BUG, shop_uninstall(test_cx(), 0, &done));
	db_rollback(test_cx());
	check(MINE, LIVE);
	CODE(RC_BUG, shop_forget_access(test_rival("ops"), SHOP));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(
	    tp, all_that_gives_access_ends_at_once_for_this_shop_alone);
	ATF_TP_ADD_TC(tp, once_more_it_does_nothing);
	ATF_TP_ADD_TC(tp, a_late_one_leaves_the_new_installation_alone);
	ATF_TP_ADD_TC(tp, a_time_ahead_counts_as_now);
	ATF_TP_ADD_TC(tp, a_shop_that_we_do_not_know_ends_nothing);
	ATF_TP_ADD_TC(tp, what_cannot_be_erased_ends_nothing);
	return atf_no_error();
}
