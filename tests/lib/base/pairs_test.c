/* Query strings and forms. */
#include <atf-c.h>

#include "base/pairs.h"
#include "test.h"

static const char *
shown(const char *text)
{
	struct pairs ps;
	const char *all = "";
	size_t i;

	OK(pairs_parse(test_cx(), slice_of(text), &ps));
	for (i = 0; i < ps.n; i++)
		all = text_fmt(test_arena(), "%s<%s|%s>", all, ps.items[i].name,
		    ps.items[i].value);
	return all;
}

ATF_TC_WITHOUT_HEAD(pairs_come_decoded_and_in_order);
ATF_TC_BODY(pairs_come_decoded_and_in_order, tc)
{
	ATF_CHECK_STREQ("", shown(""));
	ATF_CHECK_STREQ("", shown("&&"));
	ATF_CHECK_STREQ("<b|2><a|1>", shown("b=2&a=1"));
	ATF_CHECK_STREQ("<a|>", shown("a"));
	ATF_CHECK_STREQ("<a|>", shown("a="));
	ATF_CHECK_STREQ("<|b>", shown("=b"));
	ATF_CHECK_STREQ("<|>", shown("="));
	ATF_CHECK_STREQ("<a|b=c>", shown("a=b=c"));
	ATF_CHECK_STREQ("<a b|c&d=\xc3\xa9>", shown("a+b=c%26d%3D%C3%A9&"));
	ATF_CHECK_STREQ("<a|%41>", shown("a=%2541"));
}

ATF_TC_WITHOUT_HEAD(the_first_of_a_name_is_found_and_all_are_counted);
ATF_TC_BODY(the_first_of_a_name_is_found_and_all_are_counted, tc)
{
	struct pairs ps;

	OK(pairs_parse(test_cx(), slice_of("a=1&b=2&a=3&%61=4"), &ps));
	ATF_CHECK_STREQ("1", pairs_find(&ps, "a"));
	ATF_CHECK_EQ(3, pairs_count(&ps, "a"));
	ATF_CHECK_EQ(0, pairs_count(&ps, "A"));
	ATF_CHECK_EQ(NULL, pairs_find(&ps, "c"));
}

static void
refused(struct slice text, const char *field)
{
	struct pairs ps;

	ATF_CHECK_EQ(RC_INPUT, pairs_parse(test_cx(), text, &ps));
	ATF_CHECK_STREQ(field, test_cx()->fault.field);
	rc_forget(test_cx());
}

ATF_TC_WITHOUT_HEAD(what_is_no_text_is_refused_and_its_place_told);
ATF_TC_BODY(what_is_no_text_is_refused_and_its_place_told, tc)
{
	refused(slice_of("a=1&b=%zz"), "parameter 2");
	refused(slice_of("%=1"), "parameter 1");
	refused(slice_of("a=%ff"), "parameter 1");
	refused(slice_of("a=\xc3"), "parameter 1");
	refused(slice_of("a=%00"), "parameter 1");
	refused((struct slice){ "a=\0", 3 }, "parameter 1");
	refused(slice_of("a=%c3&%a9=1"), "parameter 1");
}

ATF_TC_WITHOUT_HEAD(one_past_a_hundred_is_too_many);
ATF_TC_BODY(one_past_a_hundred_is_too_many, tc)
{
	struct buf b = buf_new(test_arena(), 1000);
	struct pairs ps;
	int i;

	for (i = 0; i < PAIRS_MAX; i++)
		buf_add(&b, "&a=1");
	OK(pairs_parse(test_cx(), buf_slice(&b), &ps));
	ATF_CHECK_EQ(100, ps.n);
	buf_add(&b, "&a");
	ATF_CHECK_EQ(RC_TOO_BIG, pairs_parse(test_cx(), buf_slice(&b), &ps));
}

ATF_TC_WITHOUT_HEAD(pairs_written_read_back_the_same);
ATF_TC_BODY(pairs_written_read_back_the_same, tc)
{
	static const struct pair items[] = { { "a b", "1&2" }, { "", "" },
		{ "\xc3\xa9", "+%=" } };

	ATF_CHECK_STREQ("", pairs_text(test_arena(), items, 0));
	ATF_CHECK_STREQ("a%20b=1%262&=&%C3%A9=%2B%25%3D",
	    pairs_text(test_arena(), items, 3));
	ATF_CHECK_STREQ("<a b|1&2><|><\xc3\xa9|+%=>",
	    shown(pairs_text(test_arena(), items, 3)));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, pairs_come_decoded_and_in_order);
	ATF_TP_ADD_TC(tp, the_first_of_a_name_is_found_and_all_are_counted);
	ATF_TP_ADD_TC(tp, what_is_no_text_is_refused_and_its_place_told);
	ATF_TP_ADD_TC(tp, one_past_a_hundred_is_too_many);
	ATF_TP_ADD_TC(tp, pairs_written_read_back_the_same);
	return atf_no_error();
}
