/* Browser sessions: their two lives, their list and their end (D6, SEC-8). */
#include <atf-c.h>
#include <string.h>

#include "base/conf.h"
#include "shop.h"
#include "store/session.h"

static const char *
minted(const char *agent, struct session *out)
{
	const char *cookie;

	OK(session_mint(test_cx(), 42, agent, 1, out, &cookie));
	return cookie;
}

SERVER_CASE(a_session_is_found_by_its_cookie_and_kept_as_a_hash)
{
	struct session made, found;
	const char *cookie;

	(void)test_shop("auth");
	cookie = minted("Browser", &made);
	ATF_CHECK_EQ(28800, made.idle_until - made.created_at);
	ATF_CHECK_EQ(604800, made.expires_at - made.created_at);
	test_cx()->shop_id = 0;
	OK(session_find(test_cx(), cookie, &found));
	ATF_CHECK_STREQ(made.id, found.id);
	ATF_CHECK_EQ(SHOP, found.shop_id);
	ATF_CHECK_STREQ("a.myshopify.com", found.shop);
	ATF_CHECK_STREQ("installed", found.status);
	ATF_CHECK_EQ(42, found.user_id);
	ATF_CHECK(!found.operator);
	ATF_CHECK(!found.stale);
	test_sql("t", "COPY (SELECT * FROM session) TO STDOUT");
	ATF_CHECK(!atf_utils_grep_file("%s", "sql.out", cookie));
}

SERVER_CASE(without_a_shop_it_is_the_operators)
{
	struct session made, found;
	const char *cookie;

	(void)test_shop("auth");
	test_cx()->shop_id = 0;
	OK(session_mint(test_cx(), 0, NULL, 0, &made, &cookie));
	OK(session_find(test_cx(), cookie, &found));
	ATF_CHECK(found.operator);
	ATF_CHECK_EQ(NULL, found.shop);
	ATF_CHECK_EQ(0, found.user_id);
	ATF_CHECK_STREQ("", made.agent);
}

/* One statement puts it as it must not be, and another as it was. */
static void
ends_by(const char *cookie, const char *end, const char *undo)
{
	struct session found;

	OK(session_find(test_cx(), cookie, &found));
	test_sql("t", end);
	ATF_CHECK_EQ_MSG(RC_ABSENT,
	    test_code(session_find(test_cx(), cookie, &found)), "%s", end);
	test_sql("t", undo);
}

SERVER_CASE(a_session_ends_by_idleness_age_reinstall_and_uninstall)
{
	struct session made, found;
	const char *cookie;

	(void)test_shop("auth");
	cookie = minted("Browser", &made);
	ends_by(cookie, "UPDATE session SET idle_until = now()",
	    "UPDATE session SET idle_until = now() + interval '1 h'");
	ends_by(cookie, "UPDATE session SET expires_at = now()",
	    "UPDATE session SET expires_at = now() + interval '1 h'");
	ends_by(
	    cookie, "UPDATE shop SET epoch = 2", "UPDATE shop SET epoch = 1");
	ends_by(cookie, "UPDATE shop SET status = 'uninstalled'",
	    "UPDATE shop SET status = 'paused'");
	OK(session_find(test_cx(), cookie, &found));
	CODE(RC_ABSENT, session_find(test_cx(), "", &found));
	test_sql("t", "UPDATE session SET hash = sha256('short')");
	CODE(RC_ABSENT, session_find(test_cx(), "short", &found));
	CODE(RC_ABSENT,
	    session_find(test_cx(),
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", &found));
}

SERVER_CASE(use_begins_the_idle_life_anew_but_never_past_the_end)
{
	struct session made, found;
	const char *cookie;

	(void)test_shop("auth");
	cookie = minted("Browser", &made);
	test_sql("t", "UPDATE session SET seen_at = now() - interval '61 s', "
		      "idle_until = now() + interval '1 s'");
	OK(session_find(test_cx(), cookie, &found));
	ATF_CHECK(found.stale);
	OK(session_seen(test_cx(), SHOP, made.id));
	OK(session_find(test_cx(), cookie, &found));
	ATF_CHECK(!found.stale);
	ATF_CHECK(found.idle_until >= made.idle_until);
	test_sql(
	    "t", "UPDATE session SET expires_at = now() + interval '60 s'");
	OK(session_seen(test_cx(), SHOP, made.id));
	OK(session_find(test_cx(), cookie, &found));
	ATF_CHECK_EQ(found.expires_at, found.idle_until);
}

SERVER_CASE(a_list_shows_the_live_ones_of_the_shop_from_the_newest)
{
	struct session first, second, third, *list;
	size_t n;

	(void)test_shop("auth");
	(void)minted("first", &first);
	(void)minted("second", &second);
	(void)minted("third", &third);
	test_sql(
	    "t", text_fmt(test_arena(),
		     "UPDATE session SET idle_until = now() WHERE id = '%s'",
		     second.id));
	OK(session_list(test_cx(), SHOP, NULL, 1, &list, &n));
	ATF_REQUIRE_EQ(1, n);
	ATF_CHECK_STREQ("third", list[0].agent);
	ATF_CHECK(list[0].seen_at >= list[0].created_at);
	OK(session_list(test_cx(), SHOP, third.id, 10, &list, &n));
	ATF_REQUIRE_EQ(1, n);
	ATF_CHECK_STREQ(first.id, list[0].id);
	ATF_CHECK_EQ(42, list[0].user_id);
	OK(session_list(test_cx(), OTHER, NULL, 10, &list, &n));
	ATF_CHECK_EQ(0, n);
}

SERVER_CASE(an_ended_session_is_nobodys_and_cannot_be_ended_again)
{
	struct session made, found;
	const char *cookie;

	(void)test_shop("auth");
	cookie = minted("Browser", &made);
	CODE(RC_ABSENT, session_drop(test_cx(), OTHER, made.id));
	OK(session_find(test_cx(), cookie, &found));
	OK(session_drop(test_cx(), SHOP, made.id));
	CODE(RC_ABSENT, session_find(test_cx(), cookie, &found));
	CODE(RC_ABSENT, session_drop(test_cx(), SHOP, made.id));
}

SERVER_CASE(a_browsers_long_name_is_cut)
{
	char *name = arena_alloc(test_arena(), 1000);
	struct session made;

	(void)test_shop("auth");
	memset(name, 'x', 999);
	(void)minted(name, &made);
	ATF_CHECK_EQ(200, strlen(made.agent));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_session_is_found_by_its_cookie_and_kept_as_a_hash);
	ATF_TP_ADD_TC(tp, without_a_shop_it_is_the_operators);
	ATF_TP_ADD_TC(
	    tp, a_session_ends_by_idleness_age_reinstall_and_uninstall);
	ATF_TP_ADD_TC(tp, use_begins_the_idle_life_anew_but_never_past_the_end);
	ATF_TP_ADD_TC(
	    tp, a_list_shows_the_live_ones_of_the_shop_from_the_newest);
	ATF_TP_ADD_TC(
	    tp, an_ended_session_is_nobodys_and_cannot_be_ended_again);
	ATF_TP_ADD_TC(tp, a_browsers_long_name_is_cut);
	return atf_no_error();
}
