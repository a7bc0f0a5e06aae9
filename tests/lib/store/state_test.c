/* OAuth states: one use, ten minutes, one browser, one shop (SEC-2). */
#include <atf-c.h>
#include <string.h>

#include "shop.h"
#include "store/state.h"

#define NAME "new.myshopify.com"

/* Always in the same words. */
static void
refused(const char *state, const char *cookie, const char *shop)
{
	rc_forget(test_cx());
	ATF_CHECK_EQ(RC_AUTH, state_take(test_cx(), state, cookie, shop));
	ATF_CHECK_STREQ(
	    "the state is unknown, used, too old or another browser's",
	    test_cx()->fault.sentence);
	rc_forget(test_cx());
}

/* As it is when Shopify calls: no shop is at work. */
static void
begin(const char **state, const char **cookie)
{
	(void)test_shop("auth");
	test_cx()->shop_id = 0;
	*state = *cookie = "";
	OK(state_mint(test_cx(), NAME, state, cookie));
}

SERVER_CASE(a_state_is_taken_once)
{
	const char *state, *cookie;

	begin(&state, &cookie);
	ATF_CHECK_EQ(43, strlen(state));
	ATF_CHECK_EQ(43, strlen(cookie));
	ATF_CHECK(!text_same(state, cookie));
	OK(state_take(test_cx(), state, cookie, NAME));
	refused(state, cookie, NAME);
}

SERVER_CASE(another_browser_or_shop_uses_it_up_and_gets_nothing)
{
	const char *state, *cookie;

	begin(&state, &cookie);
	refused(state, "another", NAME);
	refused(state, cookie, NAME);
	OK(state_mint(test_cx(), NAME, &state, &cookie));
	refused(state, cookie, "other.myshopify.com");
	refused(state, cookie, NAME);
}

SERVER_CASE(unknown_missing_and_old_ones_are_refused_alike)
{
	const char *state, *cookie;

	begin(&state, &cookie);
	refused("unknown", cookie, NAME);
	refused(NULL, cookie, NAME);
	refused(state, NULL, NAME);
	test_answers("600", "t",
	    "SELECT extract(epoch FROM expires_at - created_at)::int "
	    "FROM oauth_state");
	test_sql("t", "UPDATE oauth_state SET expires_at = now()");
	refused(state, cookie, NAME);
}

SERVER_CASE(only_hashes_are_kept_and_old_ones_go_with_the_next)
{
	const char *state, *cookie, *second;

	begin(&state, &cookie);
	test_sql("t", "COPY (SELECT * FROM oauth_state) TO STDOUT");
	ATF_CHECK(!atf_utils_grep_file("%s", "sql.out", state));
	ATF_CHECK(!atf_utils_grep_file("%s", "sql.out", cookie));
	test_sql("t", "UPDATE oauth_state SET expires_at = now()");
	OK(state_mint(test_cx(), NAME, &second, &cookie));
	test_answers("1", "t", "SELECT count(*) FROM oauth_state");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_state_is_taken_once);
	ATF_TP_ADD_TC(tp, another_browser_or_shop_uses_it_up_and_gets_nothing);
	ATF_TP_ADD_TC(tp, unknown_missing_and_old_ones_are_refused_alike);
	ATF_TP_ADD_TC(tp, only_hashes_are_kept_and_old_ones_go_with_the_next);
	return atf_no_error();
}
