/* Failures are noted once, and nothing is left for the next turn. */
#include <atf-c.h>
#include <string.h>

#include "test.h"

ATF_TC_WITHOUT_HEAD(the_first_note_wins_until_it_is_forgotten);
ATF_TC_BODY(the_first_note_wins_until_it_is_forgotten, tc)
{
	struct cx *cx = test_cx();

	ATF_CHECK_EQ(RC_REMOTE, rc_fail(cx, RC_REMOTE, "said %d", 500));
	ATF_CHECK_EQ(RC_BUG, rc_fail(cx, RC_BUG, "later"));
	ATF_CHECK_EQ(RC_INPUT, rc_field(cx, RC_INPUT, "f", "r", "g"));
	ATF_CHECK_EQ(RC_REMOTE, cx->fault.rc);
	ATF_CHECK_STREQ("said 500", cx->fault.sentence);
	ATF_CHECK_EQ(NULL, cx->fault.field);
	rc_forget(cx);
	ATF_CHECK_EQ(RC_OK, cx->fault.rc);
	ATF_CHECK_EQ(RC_BUG, rc_fail(cx, RC_BUG, "next"));
	ATF_CHECK_STREQ("next", cx->fault.sentence);
}

ATF_TC_WITHOUT_HEAD(a_field_carries_its_rule_and_what_was_got);
ATF_TC_BODY(a_field_carries_its_rule_and_what_was_got, tc)
{
	struct cx *cx = test_cx();

	ATF_CHECK_EQ(RC_UNPROCESSABLE,
	    rc_field(cx, RC_UNPROCESSABLE, "days", "at most 9", "12"));
	ATF_CHECK_STREQ("days", cx->fault.field);
	ATF_CHECK_STREQ("at most 9", cx->fault.rule);
	ATF_CHECK_STREQ("12", cx->fault.got);
	ATF_CHECK_STREQ("days must be at most 9", cx->fault.sentence);
	rc_forget(cx);
	(void)rc_field(cx, RC_INPUT, "days", "there", NULL);
	ATF_CHECK_EQ(NULL, cx->fault.got);
}

ATF_TC_WITHOUT_HEAD(what_was_got_is_cut_short);
ATF_TC_BODY(what_was_got_is_cut_short, tc)
{
	struct cx *cx = test_cx();
	const char *lots = text_fmt(cx->mem, "%05000d", 1);

	(void)rc_field(cx, RC_INPUT, lots, lots, lots);
	ATF_CHECK_EQ(100, strlen(cx->fault.got));
	ATF_CHECK(text_ends(cx->fault.got, "..."));
	ATF_CHECK(strlen(cx->fault.field) < 1000);
	ATF_CHECK(strlen(cx->fault.rule) < 2000);
	ATF_CHECK(strlen(cx->fault.sentence) < 3000);
}

ATF_TC_WITHOUT_HEAD(a_note_outlives_going_back_behind_a_mark);
ATF_TC_BODY(a_note_outlives_going_back_behind_a_mark, tc)
{
	struct cx *cx = test_cx();
	struct arena_mark mark = arena_mark(cx->mem);

	(void)rc_field(cx, RC_INPUT, text_dup(cx->mem, "field"),
	    text_dup(cx->mem, "a rule"), text_dup(cx->mem, "got"));
	arena_back(cx->mem, mark);
	memset(arena_alloc(cx->mem, 4000), 'x', 4000);
	ATF_CHECK_STREQ("field must be a rule", cx->fault.sentence);
	ATF_CHECK_STREQ("field", cx->fault.field);
	ATF_CHECK_STREQ("a rule", cx->fault.rule);
	ATF_CHECK_STREQ("got", cx->fault.got);
}

static bool
never(void)
{
	return false;
}

ATF_TC_WITHOUT_HEAD(a_reset_keeps_the_process_and_forgets_the_request);
ATF_TC_BODY(a_reset_keeps_the_process_and_forgets_the_request, tc)
{
	struct db *db = (struct db *)test_arena();
	struct cx cx = { .mem = arena_new(),
		.db = db,
		.keyring = db,
		.program = "p",
		.trace = "t",
		.shop_id = 1,
		.every_shop = true,
		.job_id = 2,
		.job_epoch = 3,
		.retry_after_ms = 4,
		.should_stop = never,
		.job_settled = true };

	(void)rc_fail(&cx, RC_BUG, "x");
	cx_reset(&cx);
	ATF_CHECK(cx.db == db && cx.keyring == db && cx.should_stop == never);
	ATF_CHECK_STREQ("p", cx.program);
	ATF_CHECK_EQ(NULL, cx.trace);
	ATF_CHECK_EQ(0, cx.shop_id);
	ATF_CHECK(!cx.every_shop && !cx.job_settled);
	ATF_CHECK_EQ(0, cx.job_id + cx.job_epoch + cx.retry_after_ms);
	ATF_CHECK_EQ(RC_OK, cx.fault.rc);
	ATF_CHECK_EQ(NULL, cx.fault.sentence);
	ATF_CHECK_EQ(0, arena_used(cx.mem));
	arena_free(cx.mem);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, the_first_note_wins_until_it_is_forgotten);
	ATF_TP_ADD_TC(tp, a_field_carries_its_rule_and_what_was_got);
	ATF_TP_ADD_TC(tp, what_was_got_is_cut_short);
	ATF_TP_ADD_TC(tp, a_note_outlives_going_back_behind_a_mark);
	ATF_TP_ADD_TC(tp, a_reset_keeps_the_process_and_forgets_the_request);
	return atf_no_error();
}
