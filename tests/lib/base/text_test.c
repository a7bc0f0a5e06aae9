/* Words, numbers and characters out of bytes. */
#include <atf-c.h>

#include "base/utf8.h"
#include "test.h"

ATF_TC_WITHOUT_HEAD(words_are_compared_as_they_say);
ATF_TC_BODY(words_are_compared_as_they_say, tc)
{
	ATF_CHECK(text_same("a", "a"));
	ATF_CHECK(!text_same("a", "A"));
	ATF_CHECK(text_same_nocase("CONTENT-AZ@[", "content-az@["));
	ATF_CHECK(!text_same_nocase("ab", "abc"));
	ATF_CHECK(!text_same_nocase("abc", "ab"));
	ATF_CHECK(!text_same_nocase("[", "{"));
	ATF_CHECK(text_starts("abc", "ab") && text_starts("abc", ""));
	ATF_CHECK(!text_starts("ab", "abc"));
	ATF_CHECK(text_ends("abc", "bc") && text_ends("abc", "abc"));
	ATF_CHECK(!text_ends("bc", "abc") && !text_ends("abc", "ab"));
	ATF_CHECK_STREQ("az-abc-\xc3\x89", /* only ASCII */
	    text_lower(test_arena(), "AZ-aBC-\xc3\x89"));
}

ATF_TC_WITHOUT_HEAD(slices_are_the_same_byte_by_byte);
ATF_TC_BODY(slices_are_the_same_byte_by_byte, tc)
{
	ATF_CHECK(slice_same(slice_of(NULL), slice_of("")));
	ATF_CHECK(!slice_same(slice_of("a"), slice_of("")));
	ATF_CHECK(!slice_same(slice_of("a"), slice_of("b")));
	ATF_CHECK(!slice_same(
	    (struct slice){ "a\0b", 3 }, (struct slice){ "a\0c", 3 }));
}

static void
number(const char *text, int64_t min, int64_t max, bool good, int64_t want)
{
	int64_t n = 0;

	ATF_CHECK_EQ_MSG(good, text_int(text, min, max, &n), "%s", text);
	ATF_CHECK_EQ_MSG(want, n, "%s", text);
}

ATF_TC_WITHOUT_HEAD(a_number_is_the_whole_text_and_within_bounds);
ATF_TC_BODY(a_number_is_the_whole_text_and_within_bounds, tc)
{
	static const char *const wrong[] = { "", "-", "+1", " 1", "1 ", "01",
		"-01", "-0", "1.0", "0x1", "1e1", "9223372036854775808",
		"-9223372036854775809", "99999999999999999999999", "--1",
		"\xd9\xa1" };
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		number(wrong[i], INT64_MIN, INT64_MAX, false, 0);
	number("0", 0, 0, true, 0);
	number("12", 1, 12, true, 12);
	number("13", 1, 12, false, 0);
	number("-1", 0, 12, false, 0);
	number("-5", -5, 0, true, -5);
	number("9223372036854775807", 0, INT64_MAX, true, INT64_MAX);
	number("-9223372036854775808", INT64_MIN, 0, true, INT64_MIN);
}

static const char *
parts(const char *text)
{
	struct slice rest = slice_of(text);
	const char *all = "";
	struct slice part;

	while (text_next(&rest, ',', &part))
		all = text_fmt(
		    test_arena(), "%s<%s>", all, text_of(test_arena(), part));
	return all;
}

ATF_TC_WITHOUT_HEAD(a_list_falls_apart_at_its_commas);
ATF_TC_BODY(a_list_falls_apart_at_its_commas, tc)
{
	ATF_CHECK_STREQ("", parts(""));
	ATF_CHECK_STREQ("<a>", parts("a"));
	ATF_CHECK_STREQ("<a><><b>", parts("a,,b"));
	ATF_CHECK_STREQ("<a>", parts("a,"));
	ATF_CHECK_STREQ("<>", parts(","));
}

ATF_TC_WITHOUT_HEAD(utf8_is_what_rfc_3629_says_and_no_more);
ATF_TC_BODY(utf8_is_what_rfc_3629_says_and_no_more, tc)
{
	static const char *const good[] = { "", "a", "\x7f", "\xc2\x80",
		"\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
		"\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf" };
	static const char *const bad[] = { "\x80", "\xbf", "\xc0\x80",
		"\xc1\xbf", "\xc2", "\xc2\x41", "\xe0\x80\x80", "\xe0\x9f\xbf",
		"\xe2\x82", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf",
		"\xf0\x9f\x98", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff",
		"a\xfe" };
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(*good); i++)
		ATF_CHECK_MSG(text_utf8(slice_of(good[i])), "good %zu", i);
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		ATF_CHECK_MSG(!text_utf8(slice_of(bad[i])), "bad %zu", i);
}

ATF_TC_WITHOUT_HEAD(characters_come_one_at_a_time);
ATF_TC_BODY(characters_come_one_at_a_time, tc)
{
	uint32_t code = 7;

	ATF_CHECK_EQ(0, utf8_next("a", 0, &code));
	ATF_CHECK_EQ(0, utf8_next("\xe2\x82\xac", 2, &code));
	ATF_CHECK_EQ(7, code);
	ATF_CHECK_EQ(3, utf8_next("\xe2\x82\xac", 3, &code));
	ATF_CHECK_EQ(0x20ac, code);
	ATF_CHECK_EQ(4, utf8_next("\xf0\x9f\x98\x80", 9, &code));
	ATF_CHECK_EQ(0x1f600, code);
}

ATF_TC_WITHOUT_HEAD(a_cut_text_ends_in_dots_and_whole_characters);
ATF_TC_BODY(a_cut_text_ends_in_dots_and_whole_characters, tc)
{
	struct arena *mem = test_arena();

	ATF_CHECK_STREQ("abcdef", text_cut(mem, "abcdef", 6));
	ATF_CHECK_STREQ("abc...", text_cut(mem, "abcdefg", 6));
	ATF_CHECK_STREQ(
	    "ab...", text_cut(mem, "ab\xe2\x82\xac\xe2\x82\xac", 7));
	ATF_CHECK_STREQ("..", text_cut(mem, "abcdefg", 2));
	ATF_CHECK_STREQ("", text_cut(mem, "abcdefg", 0));
	ATF_CHECK_STREQ("...", text_cut(mem, "\x80\x80\x80\x80\x80", 4));
}

ATF_TC_WITHOUT_HEAD(formatted_text_is_as_long_as_it_needs);
ATF_TC_BODY(formatted_text_is_as_long_as_it_needs, tc)
{
	const char *text = text_fmt(test_arena(), "%08000d", 1);

	ATF_CHECK_EQ(8000, slice_of(text).n);
	ATF_CHECK_STREQ("", text_fmt(test_arena(), "%s", ""));
	ATF_CHECK_STREQ("x", text_dup(test_arena(), "x"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, words_are_compared_as_they_say);
	ATF_TP_ADD_TC(tp, slices_are_the_same_byte_by_byte);
	ATF_TP_ADD_TC(tp, a_number_is_the_whole_text_and_within_bounds);
	ATF_TP_ADD_TC(tp, a_list_falls_apart_at_its_commas);
	ATF_TP_ADD_TC(tp, utf8_is_what_rfc_3629_says_and_no_more);
	ATF_TP_ADD_TC(tp, characters_come_one_at_a_time);
	ATF_TP_ADD_TC(tp, a_cut_text_ends_in_dots_and_whole_characters);
	ATF_TP_ADD_TC(tp, formatted_text_is_as_long_as_it_needs);
	return atf_no_error();
}
