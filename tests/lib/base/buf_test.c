/* Buffers keep their ceiling and stay whole. */
#include <atf-c.h>

#include "base/buf.h"
#include "test.h"

ATF_TC_WITHOUT_HEAD(past_its_ceiling_a_buffer_stays_whole);
ATF_TC_BODY(past_its_ceiling_a_buffer_stays_whole, tc)
{
	struct buf b = buf_new(test_arena(), 4);

	buf_add(&b, "abc");
	buf_add(&b, "de");
	ATF_CHECK(buf_full(&b));
	ATF_CHECK_STREQ("abc", buf_text(&b));
}

ATF_TC_WITHOUT_HEAD(what_did_not_fit_once_keeps_all_later_out);
ATF_TC_BODY(what_did_not_fit_once_keeps_all_later_out, tc)
{
	struct buf b = buf_new(test_arena(), 4);

	buf_add(&b, "12345");
	buf_add(&b, "1");
	buf_addc(&b, '1');
	buf_addf(&b, "%d", 1);
	ATF_CHECK(buf_full(&b));
	ATF_CHECK_STREQ("", buf_text(&b));
	ATF_CHECK_EQ(0, buf_slice(&b).n);
}

ATF_TC_WITHOUT_HEAD(a_buffer_holds_exactly_its_ceiling);
ATF_TC_BODY(a_buffer_holds_exactly_its_ceiling, tc)
{
	struct buf b = buf_new(test_arena(), 4);

	buf_addf(&b, "%s%d", "ab", 12);
	ATF_CHECK(!buf_full(&b));
	ATF_CHECK_STREQ("ab12", buf_text(&b));
	buf_addn(&b, "", 0);
	ATF_CHECK(!buf_full(&b));
}

ATF_TC_WITHOUT_HEAD(a_format_past_the_ceiling_adds_nothing);
ATF_TC_BODY(a_format_past_the_ceiling_adds_nothing, tc)
{
	struct buf b = buf_new(test_arena(), 4);

	buf_add(&b, "a");
	buf_addf(&b, "%s", "bcde");
	ATF_CHECK(buf_full(&b));
	ATF_CHECK_STREQ("a", buf_text(&b));
}

ATF_TC_WITHOUT_HEAD(a_long_text_grows_byte_by_byte);
ATF_TC_BODY(a_long_text_grows_byte_by_byte, tc)
{
	struct buf b = buf_new(test_arena(), SIZE_MAX);
	size_t i;

	for (i = 0; i < 100000; i++)
		buf_addc(&b, (char)('a' + i % 26));
	ATF_REQUIRE_EQ(100000, b.n);
	for (i = 0; i < b.n; i++)
		ATF_REQUIRE_EQ((char)('a' + i % 26), b.p[i]);
	ATF_CHECK_EQ('\0', b.p[b.n]);
}

ATF_TC_WITHOUT_HEAD(an_empty_buffer_is_an_empty_text);
ATF_TC_BODY(an_empty_buffer_is_an_empty_text, tc)
{
	struct buf b = buf_new(test_arena(), 0);

	ATF_CHECK_STREQ("", buf_text(&b));
	buf_addc(&b, 'a');
	ATF_CHECK(buf_full(&b));
}

ATF_TC_WITHOUT_HEAD(bytes_may_hold_a_nul);
ATF_TC_BODY(bytes_may_hold_a_nul, tc)
{
	struct buf b = buf_new(test_arena(), 10);

	buf_addn(&b, "a\0b", 3);
	ATF_CHECK(slice_same((struct slice){ "a\0b", 3 }, buf_slice(&b)));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, past_its_ceiling_a_buffer_stays_whole);
	ATF_TP_ADD_TC(tp, what_did_not_fit_once_keeps_all_later_out);
	ATF_TP_ADD_TC(tp, a_buffer_holds_exactly_its_ceiling);
	ATF_TP_ADD_TC(tp, a_format_past_the_ceiling_adds_nothing);
	ATF_TP_ADD_TC(tp, a_long_text_grows_byte_by_byte);
	ATF_TP_ADD_TC(tp, an_empty_buffer_is_an_empty_text);
	ATF_TP_ADD_TC(tp, bytes_may_hold_a_nul);
	return atf_no_error();
}
