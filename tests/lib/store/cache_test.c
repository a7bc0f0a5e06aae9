/* Door limits: bursts, refills, and one bucket for all processes (SEC-27). */
#include <atf-c.h>

#include "shop.h"
#include "store/cache.h"

/* A call a minute, five at once: slower than any machine. */
static const struct limit slow = { "address:192.0.2.1", 1, 5 };

static enum rc
taken(struct cx *cx, const struct limit *limit, struct limit_state *out)
{
	rc_forget(cx);
	return limit_take(cx, limit, out);
}

/* As if `ms` had gone by. */
static void
later(int ms)
{
	test_sql("t",
	    text_fmt(test_arena(),
		"UPDATE rate_bucket SET tat = tat - interval '%d ms'", ms));
}

SERVER_CASE(a_burst_passes_and_what_comes_behind_it_is_told_when)
{
	struct limit_state state;
	int i;

	(void)test_shop("auth");
	for (i = 4; i >= 0; i--) {
		ATF_REQUIRE_EQ(RC_OK, taken(test_cx(), &slow, &state));
		ATF_CHECK_EQ(i, state.left);
		ATF_CHECK(state.reset_ms > (4 - i) * 60000 &&
			  state.reset_ms <= (5 - i) * 60000);
	}
	ATF_REQUIRE_EQ(RC_LIMITED, taken(test_cx(), &slow, &state));
	ATF_CHECK_EQ(0, state.left);
	ATF_CHECK(state.reset_ms > 240000 && state.reset_ms <= 300000);
	ATF_CHECK_MSG(test_cx()->retry_after_ms > 30000 &&
			  test_cx()->retry_after_ms <= 60001,
	    "%d", (int)test_cx()->retry_after_ms);
}

SERVER_CASE(after_the_time_that_was_told_one_call_passes_and_no_more)
{
	struct limit_state state;
	int i;

	(void)test_shop("auth");
	for (i = 0; i < 5; i++)
		ATF_REQUIRE_EQ(RC_OK, taken(test_cx(), &slow, &state));
	ATF_REQUIRE_EQ(RC_LIMITED, taken(test_cx(), &slow, &state));
	later((int)test_cx()->retry_after_ms);
	ATF_CHECK_EQ(RC_OK, taken(test_cx(), &slow, &state));
	ATF_CHECK_EQ(RC_LIMITED, taken(test_cx(), &slow, &state));
	/* A refused call costs nothing. */
	ATF_CHECK_EQ(RC_LIMITED, taken(test_cx(), &slow, &state));
	later(60000);
	ATF_CHECK_EQ(RC_OK, taken(test_cx(), &slow, &state));
	/* One that is far away is told as it is. */
	later(-600000);
	ATF_CHECK_EQ(RC_LIMITED, taken(test_cx(), &slow, &state));
	ATF_CHECK(test_cx()->retry_after_ms > 600000);
}

SERVER_CASE(a_long_silence_gives_back_the_burst_and_not_more)
{
	struct limit_state state;
	int i;

	(void)test_shop("auth");
	ATF_REQUIRE_EQ(RC_OK, taken(test_cx(), &slow, &state));
	later(3600 * 1000);
	for (i = 0; i < 5; i++)
		ATF_REQUIRE_EQ(RC_OK, taken(test_cx(), &slow, &state));
	ATF_CHECK_EQ(RC_LIMITED, taken(test_cx(), &slow, &state));
}

SERVER_CASE(without_its_table_nobody_passes)
{
	struct limit_state state;

	(void)test_shop("auth");
	test_sql("t", "DROP TABLE rate_bucket");
	ATF_CHECK_EQ(RC_BUG, taken(test_cx(), &slow, &state));
}

SERVER_CASE(two_processes_share_a_bucket_and_two_keys_do_not)
{
	const struct limit other = { "address:192.0.2.2", 60, 5 };
	struct limit_state state;
	struct cx *rival;
	int i;

	(void)test_shop("auth");
	rival = test_rival("pulls");
	for (i = 0; i < 5; i++)
		ATF_REQUIRE_EQ(
		    RC_OK, taken(i % 2 ? rival : test_cx(), &slow, &state));
	ATF_CHECK_EQ(RC_LIMITED, taken(rival, &slow, &state));
	ATF_CHECK_EQ(RC_LIMITED, taken(test_cx(), &slow, &state));
	ATF_CHECK_EQ(RC_OK, taken(test_cx(), &other, &state));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_burst_passes_and_what_comes_behind_it_is_told_when);
	ATF_TP_ADD_TC(
	    tp, after_the_time_that_was_told_one_call_passes_and_no_more);
	ATF_TP_ADD_TC(tp, a_long_silence_gives_back_the_burst_and_not_more);
	ATF_TP_ADD_TC(tp, without_its_table_nobody_passes);
	ATF_TP_ADD_TC(tp, two_processes_share_a_bucket_and_two_keys_do_not);
	return atf_no_error();
}
