/* Words, strings and block strings of a document. */
#include <atf-c.h>

#include "../../sandbox/doc_value.h"
#include "../../sandbox/lex.h"
#include "../test.h"

/* The value of what is written, as JSON; or the problem. */
static const char *
value(const char *text)
{
	struct literal v;
	struct lex l;

	if (lex_start(test_cx(), slice_of(text), &l) != RC_OK ||
	    value_read(&l, false, 0, &v) != RC_OK)
		return l.problem;
	ATF_CHECK_EQ(WORD_END, l.word);
	return value_text(test_arena(), &v, false);
}

ATF_TC_WITHOUT_HEAD(values_are_read_as_they_are_written);
ATF_TC_BODY(values_are_read_as_they_are_written, tc)
{
	ATF_CHECK_STREQ("1", value("1"));
	ATF_CHECK_STREQ("-12", value(" , -12 # a remark"));
	ATF_CHECK_STREQ("0.5e-3", value("0.5e-3"));
	ATF_CHECK_STREQ("true", value("true"));
	ATF_CHECK_STREQ("null", value("null"));
	ATF_CHECK_STREQ("\"UPDATED_AT\"", value("UPDATED_AT"));
	ATF_CHECK_STREQ("[1,[],{\"a\":\"b\"}]", value("[1 [] {a: \"b\"}]"));
	ATF_CHECK_STREQ("9223372036854775808", value("9223372036854775808"));
}

ATF_TC_WITHOUT_HEAD(strings_have_their_escapes_taken_out);
ATF_TC_BODY(strings_have_their_escapes_taken_out, tc)
{
	ATF_CHECK_STREQ("\"\"", value("\"\""));
	ATF_CHECK_STREQ("\"a\\\"b\\\\c/\\n\"", value("\"a\\\"b\\\\c\\/\\n\""));
	ATF_CHECK_STREQ("\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"",
	    value("\"\\u00e9\\u20ac\\ud83d\\ude00\""));
	ATF_CHECK_STREQ("\"one\\n  two\\n\\nthree\"",
	    value("\"\"\"\n    one\n      two\n\n    three\n  \"\"\""));
	ATF_CHECK_STREQ(
	    "\"say \\\"\\\"\\\" now\"", value("\"\"\"say \\\"\"\" now\"\"\""));
}

ATF_TC_WITHOUT_HEAD(what_is_no_word_is_told_with_its_place);
ATF_TC_BODY(what_is_no_word_is_told_with_its_place, tc)
{
	ATF_CHECK_STREQ(
	    "syntax error, unexpected \"0\" at [1, 1]", value("01"));
	ATF_CHECK(value("1x") != NULL);
	ATF_CHECK(text_starts(
	    value("\n  \"open"), "syntax error, unexpected \"\"\" at [2, 3]"));
	ATF_CHECK(text_starts(value("\"\\q\""), "syntax error"));
	ATF_CHECK(text_starts(value("\"\\ud800\""), "syntax error"));
	ATF_CHECK(text_starts(value("%"), "syntax error"));
	ATF_CHECK(text_starts(value(""), "syntax error, unexpected end"));
	ATF_CHECK(text_starts(value("[1"), "syntax error, unexpected end"));
	ATF_CHECK(text_starts(value("\"\"\"never"), "syntax error"));
}

ATF_TC_WITHOUT_HEAD(values_inside_each_other_end_somewhere);
ATF_TC_BODY(values_inside_each_other_end_somewhere, tc)
{
	ATF_CHECK(
	    text_starts(value("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1"),
		"syntax error"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, values_are_read_as_they_are_written);
	ATF_TP_ADD_TC(tp, strings_have_their_escapes_taken_out);
	ATF_TP_ADD_TC(tp, what_is_no_word_is_told_with_its_place);
	ATF_TP_ADD_TC(tp, values_inside_each_other_end_somewhere);
	return atf_no_error();
}
