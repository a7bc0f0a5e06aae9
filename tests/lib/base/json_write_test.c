/* Writing JSON: always whole, and it reads back as what went in. */
#include <atf-c.h>
#include <math.h>
#include <string.h>

#include "test.h"

static struct buf b;

static struct jw
writer(size_t max)
{
	b = buf_new(test_arena(), max);
	return jw_new(&b);
}

ATF_TC_WITHOUT_HEAD(every_kind_of_value_is_written);
ATF_TC_BODY(every_kind_of_value_is_written, tc)
{
	struct jw w = writer(1000);

	jw_object(&w, NULL);
	jw_text(&w, "a", "x/y");
	jw_text(&w, "b", NULL);
	jw_int(&w, "c", INT64_MIN);
	jw_bool(&w, "d", true);
	jw_list(&w, "e");
	jw_null(&w, NULL);
	jw_object(&w, NULL);
	jw_close(&w);
	jw_list(&w, NULL);
	jw_close(&w);
	jw_int(&w, NULL, 1);
	jw_close(&w);
	jw_textn(&w, "f\"", (struct slice){ "a\0b", 3 });
	jw_json(&w, "g", test_json(slice_of("{\"p\":1.50}")));
	jw_json(&w, "h", (struct json){ 0 });
	jw_raw(&w, "i", slice_of("[1]"));
	jw_bool(&w, "j", false);
	jw_time(&w, "k", 1795562220);
	jw_time(&w, "l", 0);
	jw_id(&w, "m", 9007199254740993);
	jw_close(&w);
	OK(jw_end(&w));
	ATF_CHECK_STREQ("{\"a\":\"x/y\",\"b\":null,\"c\":-9223372036854775808,"
			"\"d\":true,\"e\":[null,{},[],1],"
			"\"f\\\"\":\"a\\u0000b\",\"g\":{\"p\":1.50},"
			"\"h\":null,\"i\":[1],\"j\":false,"
			"\"k\":\"2026-11-24T23:17:00Z\",\"l\":null,"
			"\"m\":\"9007199254740993\"}",
	    buf_text(&b));
}

static const char *
written(struct slice text)
{
	struct jw w = writer(100000);

	jw_textn(&w, NULL, text);
	OK(jw_end(&w));
	return buf_text(&b);
}

ATF_TC_WITHOUT_HEAD(what_a_terminal_or_parser_obeys_is_escaped);
ATF_TC_BODY(what_a_terminal_or_parser_obeys_is_escaped, tc)
{
	ATF_CHECK_STREQ("\"\\\"\\\\\\b\\f\\n\\r\\t\\u001b\\u007f\\u0085\"",
	    written(slice_of("\"\\\b\f\n\r\t\x1b\x7f\xc2\x85")));
	ATF_CHECK_STREQ("\"bfnrt/\xc3\xa9\xf0\x9f\x98\x80\"",
	    written(slice_of("bfnrt/\xc3\xa9\xf0\x9f\x98\x80")));
}

ATF_TC_WITHOUT_HEAD(invalid_utf8_is_replaced_byte_by_byte);
ATF_TC_BODY(invalid_utf8_is_replaced_byte_by_byte, tc)
{
	ATF_CHECK_STREQ("\"a\xef\xbf\xbd\"", written(slice_of("a\xff")));
	ATF_CHECK_STREQ(
	    "\"\xef\xbf\xbd\xef\xbf\xbdz\"", written(slice_of("\xe2\x82z")));
	ATF_CHECK_STREQ("\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"",
	    written(slice_of("\xed\xa0\x80")));
}

ATF_TC_WITHOUT_HEAD(naughty_strings_come_back_as_they_went);
ATF_TC_BODY(naughty_strings_come_back_as_they_went, tc)
{
	const struct json all =
	    test_json(test_fixture("security/naughty_strings.json"));
	size_t i;

	ATF_CHECK_EQ(515, jlen(all));
	for (i = 0; i < jlen(all); i++) {
		const char *one = jtext_or(jitem(all, i), "", NULL);

		ATF_REQUIRE(one != NULL);
		ATF_CHECK_STREQ(
		    one, jtext_or(test_json(slice_of(written(slice_of(one)))),
			     "", "?"));
		ATF_CHECK_STREQ(one,
		    jtext_or(
			test_json(slice_of(jtext(test_arena(), jitem(all, i)))),
			"", "?"));
	}
}

ATF_TC_WITHOUT_HEAD(every_pair_of_bytes_becomes_good_json);
ATF_TC_BODY(every_pair_of_bytes_becomes_good_json, tc)
{
	struct arena_mark mark = arena_mark(test_arena());
	char two[2];
	size_t at;
	int i;

	for (i = 0; i < 65536; i++) {
		two[0] = (char)(i >> 8);
		two[1] = (char)i;
		ATF_REQUIRE_EQ(
		    NULL, json_gate(slice_of(written((struct slice){ two, 2 })),
			      &at));
		arena_back(test_arena(), mark);
	}
}

static void
real(double value, const char *want)
{
	struct jw w = writer(100);

	jw_real(&w, NULL, value);
	OK(jw_end(&w));
	ATF_CHECK_STREQ(want, buf_text(&b));
}

ATF_TC_WITHOUT_HEAD(a_double_is_written_as_short_as_reads_back);
ATF_TC_BODY(a_double_is_written_as_short_as_reads_back, tc)
{
	real(0.1, "0.1");
	real(1, "1");
	real(-0.0, "-0");
	real(1e300, "1e+300");
	real(0.1 + 0.2, "0.30000000000000004");
	real(123456789.125, "123456789.125");
	real(5e-324, "4.94065645841247e-324");
	real(INFINITY, "null");
	real(-INFINITY, "null");
	real(NAN, "null");
}

ATF_TC_WITHOUT_HEAD(a_full_buffer_is_told_at_the_end);
ATF_TC_BODY(a_full_buffer_is_told_at_the_end, tc)
{
	struct jw w = writer(10);

	jw_list(&w, NULL);
	jw_text(&w, NULL, "0123456789");
	jw_close(&w);
	ATF_CHECK_EQ(RC_TOO_BIG, jw_end(&w));
}

ATF_TC_WITHOUT_HEAD(a_writer_left_open_is_our_bug);
ATF_TC_BODY(a_writer_left_open_is_our_bug, tc)
{
	struct jw w = writer(100);

	jw_object(&w, NULL);
	ATF_CHECK_EQ(RC_BUG, jw_end(&w));
	jw_close(&w);
	ATF_CHECK_EQ(RC_OK, jw_end(&w));
	jw_close(&w);
	ATF_CHECK_EQ(RC_BUG, jw_end(&w));
}

ATF_TC_WITHOUT_HEAD(a_name_too_many_or_too_few_is_our_bug);
ATF_TC_BODY(a_name_too_many_or_too_few_is_our_bug, tc)
{
	struct jw w = writer(100);

	jw_object(&w, NULL);
	jw_int(&w, NULL, 1);
	jw_close(&w);
	ATF_CHECK_EQ(RC_BUG, jw_end(&w));
	w = writer(100);
	jw_list(&w, NULL);
	jw_int(&w, "a", 1);
	jw_close(&w);
	ATF_CHECK_EQ(RC_BUG, jw_end(&w));
	w = writer(100);
	jw_int(&w, NULL, 1);
	jw_int(&w, NULL, 2);
	ATF_CHECK_EQ(RC_BUG, jw_end(&w));
}

ATF_TC_WITHOUT_HEAD(too_many_levels_are_our_bug_and_harm_nothing);
ATF_TC_BODY(too_many_levels_are_our_bug_and_harm_nothing, tc)
{
	struct jw w = writer(1000);
	int i;

	for (i = 0; i < 70; i++)
		jw_list(&w, NULL);
	for (i = 0; i < 70; i++)
		jw_close(&w);
	ATF_CHECK_EQ(RC_BUG, jw_end(&w));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, every_kind_of_value_is_written);
	ATF_TP_ADD_TC(tp, what_a_terminal_or_parser_obeys_is_escaped);
	ATF_TP_ADD_TC(tp, invalid_utf8_is_replaced_byte_by_byte);
	ATF_TP_ADD_TC(tp, naughty_strings_come_back_as_they_went);
	ATF_TP_ADD_TC(tp, every_pair_of_bytes_becomes_good_json);
	ATF_TP_ADD_TC(tp, a_double_is_written_as_short_as_reads_back);
	ATF_TP_ADD_TC(tp, a_full_buffer_is_told_at_the_end);
	ATF_TP_ADD_TC(tp, a_writer_left_open_is_our_bug);
	ATF_TP_ADD_TC(tp, a_name_too_many_or_too_few_is_our_bug);
	ATF_TP_ADD_TC(tp, too_many_levels_are_our_bug_and_harm_nothing);
	return atf_no_error();
}
