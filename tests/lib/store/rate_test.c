/* Rates of starts, and what a provider's 429 does to them. */
#include <atf-c.h>
#include <math.h>

#include "queue.h"
#include "store/queue.h"
#include "store/rate.h"

static void
begin(void)
{
	(void)test_shop("jobd");
	test_cx()->every_shop = true;
}

static struct rate
loaded(const char *key)
{
	struct rate r;

	OK(rate_load(test_cx(), key, &r));
	return r;
}

SERVER_CASE(a_rate_begins_full_and_keeps_what_was_saved_up)
{
	struct rate *list;
	struct rate r;
	size_t n;

	begin();
	OK(rate_set(test_cx(), "llm", 2, 10));
	r = loaded("llm");
	ATF_CHECK(r.per_s == 2 && r.burst == 10 && r.tokens == 10);
	ATF_CHECK(r.hold_s == 0 && r.hold_until == 0);
	test_sql("t", "UPDATE rate SET tokens = 3, at = now() - interval "
		      "'1 s'");
	OK(rate_set(test_cx(), "llm", 1, 10));
	r = loaded("llm");
	ATF_CHECK(r.tokens >= 5 && r.tokens < 10);
	OK(rate_set(test_cx(), "llm", 1, 2));
	ATF_CHECK(loaded("llm").tokens == 2);
	OK(rate_set(test_cx(), "a", 1, 1));
	OK(rate_list(test_cx(), &list, &n));
	ATF_REQUIRE_EQ(2, n);
	ATF_CHECK_STREQ("a", list[0].key);
	OK(rate_drop(test_cx(), "a"));
	CODE(RC_ABSENT, rate_drop(test_cx(), "a"));
	CODE(RC_ABSENT, rate_load(test_cx(), "a", &r));
}

/* What a provider says is foreign. */
static void
is_held_for_a_day_at_most(void)
{
	OK(rate_set(test_cx(), "llm", 1, 1));
	OK(rate_hold(test_cx(), "llm", 1e300));
	ATF_CHECK(loaded("llm").hold_s <= 86400);
	OK(rate_hold(test_cx(), "llm", NAN));
	OK(rate_hold(test_cx(), "llm", -5));
	ATF_CHECK(loaded("llm").hold_s > 86000);
	OK(rate_hold(test_cx(), "nobody's", 5));
}

/* A 429: nothing starts until it is over, and a shorter one ends no longer. */
SERVER_CASE(held_nothing_starts_until_the_hold_is_over)
{
	struct cx *ops;

	begin();
	ops = test_rival("ops");
	ops->every_shop = true;
	OK(rate_set(test_cx(), "llm", 100, 100));
	OK(queue_rate(ops, "pulls", "llm"));
	(void)test_put(NULL, 0);
	OK(rate_hold(test_cx(), "llm", 30));
	OK(rate_hold(test_cx(), "llm", 5));
	ATF_CHECK(loaded("llm").hold_s > 20 && loaded("llm").hold_s <= 30);
	ATF_CHECK(loaded("llm").hold_until > 0);
	test_claim();
	test_answers("available", "t", "SELECT state FROM job");
	test_sql("t", "UPDATE rate SET hold_until = now()");
	test_claim();
	test_answers("running", "t", "SELECT state FROM job");
	is_held_for_a_day_at_most();
}

static void
refused(const char *key, double per_s, double burst, const char *field)
{
	ATF_CHECK_EQ(RC_INPUT, rate_set(test_cx(), key, per_s, burst));
	ATF_CHECK_STREQ(field, test_cx()->fault.field);
	rc_forget(test_cx());
}

ATF_TC_WITHOUT_HEAD(what_is_no_rate_is_refused);
ATF_TC_BODY(what_is_no_rate_is_refused, tc)
{
	refused("", 1, 1, "key");
	refused(text_fmt(test_arena(), "%0101d", 1), 1, 1, "key");
	refused("a", 0, 1, "per_s");
	refused("a", NAN, 1, "per_s");
	refused("a", 1e9, 1, "per_s");
	refused("a", 1, 0.5, "burst");
	refused("a", 1, INFINITY, "burst");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_rate_begins_full_and_keeps_what_was_saved_up);
	ATF_TP_ADD_TC(tp, held_nothing_starts_until_the_hold_is_over);
	ATF_TP_ADD_TC(tp, what_is_no_rate_is_refused);
	return atf_no_error();
}
