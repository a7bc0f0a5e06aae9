/* Queues as the operator sets them, and what claims make of that. */
#include <atf-c.h>

#include "queue.h"
#include "store/queue.h"
#include "store/rate.h"

static void
begin(void)
{
	(void)test_shop("ops");
	test_cx()->every_shop = true;
}

static struct queue
pulls(void)
{
	struct queue q;

	OK(queue_load(test_cx(), "pulls", &q));
	return q;
}

static void
running(const char *want)
{
	test_claim();
	ATF_CHECK_STREQ(want, test_answer("t", "SELECT count(*) FROM job "
					       "WHERE state = 'running'"));
}

static void
put_five(void)
{
	for (int i = 0; i < 5; i++)
		(void)test_put(NULL, 0);
}

SERVER_CASE(paused_nothing_starts_and_resumed_it_does)
{
	struct queue *list, q;
	size_t n;

	begin();
	put_five();
	OK(queue_pause(test_cx(), "pulls"));
	running("0");
	OK(queue_list(test_cx(), &list, &n));
	ATF_REQUIRE(n >= 6);
	ATF_CHECK(!list[0].paused && list[1].paused);
	ATF_CHECK_STREQ("pulls", list[1].name);
	OK(queue_resume(test_cx(), "pulls"));
	running("4");
	q = pulls();
	ATF_CHECK(q.id == 2 && q.max_running == 64 && !q.paused);
	ATF_CHECK(q.max_running_per_shop == 4 && q.rate_key == NULL);
	CODE(RC_ABSENT, queue_pause(test_cx(), "none"));
	CODE(RC_ABSENT, queue_load(test_cx(), "none", &q));
}

SERVER_CASE(the_operator_changes_caps_and_they_hold_at_the_next_claim)
{
	begin();
	put_five();
	OK(queue_caps(test_cx(), "pulls", -1, 1));
	running("1");
	OK(queue_caps(test_cx(), "pulls", 3, 100));
	running("3");
	ATF_CHECK(pulls().max_running == 3);
	ATF_CHECK(pulls().max_running_per_shop == 100);
	ATF_CHECK_EQ(RC_INPUT, queue_caps(test_cx(), "pulls", -2, -1));
	ATF_CHECK_STREQ("max_running", test_cx()->fault.field);
	ATF_CHECK_STREQ("-2", test_cx()->fault.got);
	rc_forget(test_cx());
	ATF_CHECK_EQ(RC_INPUT, queue_caps(test_cx(), "pulls", 5, 10001));
	ATF_CHECK_STREQ("max_running_per_shop", test_cx()->fault.field);
	rc_forget(test_cx());
	ATF_CHECK(pulls().max_running == 3);
	CODE(RC_ABSENT, queue_caps(test_cx(), "none", 1, 1));
	test_cx()->every_shop = false;
	CODE(RC_DENIED, queue_pause(test_cx(), "pulls"));
	CODE(RC_DENIED, queue_resume(test_cx(), "pulls"));
	CODE(RC_DENIED, queue_caps(test_cx(), "pulls", 1, 1));
	CODE(RC_DENIED, queue_rate(test_cx(), "pulls", NULL));
	CODE(RC_DENIED, queue_shop_cap(test_cx(), "pulls", SHOP, 1));
	CODE(RC_DENIED, queue_shop_uncap(test_cx(), "pulls", SHOP));
	ATF_CHECK(pulls().max_running == 3);
}

SERVER_CASE(a_shop_has_a_cap_of_its_own_and_0_pauses_it)
{
	struct queue_shop *list;
	size_t n;

	begin();
	put_five();
	OK(queue_shop_cap(test_cx(), "pulls", SHOP, 0));
	running("0");
	OK(queue_shop_cap(test_cx(), "pulls", SHOP, 5));
	OK(queue_shop_list(test_cx(), &list, &n));
	ATF_REQUIRE_EQ(1, n);
	ATF_CHECK_STREQ("pulls", list[0].queue);
	ATF_CHECK(list[0].shop_id == SHOP && list[0].max_running == 5);
	OK(queue_shop_uncap(test_cx(), "pulls", SHOP));
	running("4");
	CODE(RC_INPUT, queue_shop_cap(test_cx(), "pulls", SHOP, -1));
	CODE(RC_ABSENT, queue_shop_cap(test_cx(), "none", SHOP, 1));
	CODE(RC_ABSENT, queue_shop_uncap(test_cx(), "none", SHOP));
}

SERVER_CASE(a_queue_counts_by_a_rate_that_there_is)
{
	begin();
	put_five();
	ATF_CHECK_EQ(RC_INPUT, queue_rate(test_cx(), "pulls", "none"));
	ATF_CHECK_STREQ("rate", test_cx()->fault.field);
	rc_forget(test_cx());
	OK(rate_set(test_cx(), "slow", 0.001, 2));
	OK(queue_rate(test_cx(), "pulls", "slow"));
	ATF_CHECK_STREQ("slow", pulls().rate_key);
	running("2");
	CODE(RC_CONFLICT, rate_drop(test_cx(), "slow"));
	OK(queue_rate(test_cx(), "pulls", NULL));
	running("4");
	OK(rate_drop(test_cx(), "slow"));
	CODE(RC_ABSENT, queue_rate(test_cx(), "none", NULL));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, paused_nothing_starts_and_resumed_it_does);
	ATF_TP_ADD_TC(
	    tp, the_operator_changes_caps_and_they_hold_at_the_next_claim);
	ATF_TP_ADD_TC(tp, a_shop_has_a_cap_of_its_own_and_0_pauses_it);
	ATF_TP_ADD_TC(tp, a_queue_counts_by_a_rate_that_there_is);
	return atf_no_error();
}
