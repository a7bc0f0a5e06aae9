/* The gate against JSONTestSuite, and what it adds to the grammar. */
#include <atf-c.h>
#include <stdio.h>
#include <string.h>

#include "base/code.h"
#include "test.h"

static struct slice
bytes(const char *base64)
{
	struct slice out;

	ATF_REQUIRE(base64_to(test_arena(), slice_of(base64), &out));
	return out;
}

/* A case's text: bytes as they are, or a unit many times and a tail. */
static struct slice
text_of_case(struct json one)
{
	const char *plain = jtext_or(one, "b64", NULL);
	struct buf b = buf_new(test_arena(), 1 << 20);
	struct slice unit, tail;
	int64_t i;

	if (plain != NULL)
		return bytes(plain);
	unit = bytes(jtext_or(one, "repeat.unit_b64", ""));
	tail = bytes(jtext_or(one, "repeat.tail_b64", ""));
	for (i = 0; i < jint_or(one, "repeat.count", 0); i++)
		buf_addn(&b, unit.p, unit.n);
	buf_addn(&b, tail.p, tail.n);
	return buf_slice(&b);
}

/* RFC 8259 lets a name stand twice; our gate does not (security.md D13). */
static bool
has_a_name_twice(struct json one)
{
	return text_starts(
	    jtext_or(one, "name", ""), "y_object_duplicated_key");
}

static bool
is_decided(const char *expect)
{
	return text_same(expect, "accept") || text_same(expect, "reject");
}

/* How many pass, or do not; prints the names of wrong verdicts. */
static size_t
count_suite(const char *expect, bool passes)
{
	const struct json suite =
	    test_json(test_fixture("security/json_test_suite.json"));
	struct json one, out;
	size_t i, n = 0;
	enum rc rc;

	for (i = 0; i < jlen(suite); i++) {
		one = jitem(suite, i);
		if (!text_same(jtext_or(one, "expect", ""), expect))
			continue;
		rc = json_read(
		    test_cx(), text_of_case(one), 1 << 20, RC_INPUT, &out);
		rc_forget(test_cx());
		ATF_CHECK_MSG(rc == RC_OK || rc == RC_INPUT, "%s: json-c",
		    jtext_or(one, "name", "?"));
		if ((rc == RC_OK) == passes)
			n++;
		if ((rc == RC_OK) != text_same(expect, "accept") &&
		    !has_a_name_twice(one) && is_decided(expect))
			printf("%s\n", jtext_or(one, "name", "?"));
	}
	return n;
}

ATF_TC_WITHOUT_HEAD(what_the_suite_accepts_passes_but_for_names_twice);
ATF_TC_BODY(what_the_suite_accepts_passes_but_for_names_twice, tc)
{
	ATF_CHECK_EQ(95 - 2, count_suite("accept", true));
	ATF_CHECK_EQ(2, count_suite("accept", false));
}

ATF_TC_WITHOUT_HEAD(what_the_suite_rejects_is_refused);
ATF_TC_BODY(what_the_suite_rejects_is_refused, tc)
{
	ATF_CHECK_EQ(188, count_suite("reject", false));
	ATF_CHECK_EQ(0, count_suite("reject", true));
}

ATF_TC_WITHOUT_HEAD(what_the_suite_leaves_open_ends_in_an_answer);
ATF_TC_BODY(what_the_suite_leaves_open_ends_in_an_answer, tc)
{
	ATF_CHECK_EQ(
	    35, count_suite("either", true) + count_suite("either", false));
	ATF_CHECK_EQ(
	    22, count_suite("note", true) + count_suite("note", false));
}

/* Whether the gate says `why` at byte `where`; NULL: it passes. */
static void
check(const char *text, const char *why, size_t where)
{
	size_t at;
	const char *said = json_gate(slice_of(text), &at);

	ATF_CHECK_MSG((said == NULL) == (why == NULL) &&
			  (why == NULL || text_same(said, why)),
	    "%s: %s", text, said ? said : "passes");
	if (why != NULL)
		ATF_CHECK_EQ_MSG(where, at, "%s: at %zu", text, at);
}

ATF_TC_WITHOUT_HEAD(each_refusal_says_what_and_where);
ATF_TC_BODY(each_refusal_says_what_and_where, tc)
{
	check("", "nothing there", 0);
	check(" ", "a value is missing", 1);
	check("nul", "an unknown word", 0);
	check("nulx", "an unknown word", 0);
	check("[trueX]", "a comma or closing bracket is missing", 5);
	check("[1,]", "a value is missing", 3);
	check("[1 2]", "a comma or closing bracket is missing", 3);
	check("{1:2}", "a name is missing", 1);
	check("{\"a\" 2}", "a colon is missing", 5);
	check("[01]", "a number with a zero in front", 3);
	check("[1.]", "a digit is missing", 3);
	check("[1e+]", "a digit is missing", 4);
	check("[-]", "a digit is missing", 2);
	check("\"a", "a text without its end", 2);
	check("\"\\", "a text without its end", 1);
	check("\"\\x\"", "an unknown escape", 1);
	check("\"\\u12g4\"", "a \\u escape that is no character", 1);
	check("\"\n\"", "a raw control character in a text", 1);
	check("\"\xff\"", "invalid UTF-8", 1);
	check("\t\r\n 1\r\n\t ", NULL, 0);
	check("\v1", "a value is missing", 0);
	check("1 1", "something behind the value", 2);
	check("\xef\xbb\xbf"
	      "1",
	    "a value is missing", 0);
}

ATF_TC_WITHOUT_HEAD(half_a_surrogate_pair_is_refused);
ATF_TC_BODY(half_a_surrogate_pair_is_refused, tc)
{
	const char *const why = "a \\u escape that is no character";

	check("\"\\ud83d\\ude00\"", NULL, 0);
	check("\"\\ud83d\"", why, 1);
	check("\"\\ude00\"", why, 1);
	check("\"\\ud83d\\u0041\"", why, 1);
	check("\"\\ud83d\\ud83d\"", why, 1);
	check("\"\\ud83dx\"", why, 1);
	check("\"\\ud83dx------\"", why, 1);
	check("\"\\ud83d\\n-----\"", why, 1);
	check("\"\\ud83d\\u12g4\"", why, 1);
	check("\"\\ud83d\\ue000\"", why, 1);
}

ATF_TC_WITHOUT_HEAD(a_name_may_stand_once_in_an_object_however_written);
ATF_TC_BODY(a_name_may_stand_once_in_an_object_however_written, tc)
{
	const char *const why = "a name stands twice in an object";

	check("{\"a\":1,\"b\":{\"a\":1},\"c\":[{\"a\":1},{\"a\":1}]}", NULL, 0);
	check("{\"a\":1,\"a\":1}", why, 8);
	check("{\"a\":1,\"\\u0061\":1}", why, 8);
	check("{\"\":1,\"\":1}", why, 7);
	check("{\"\\n\":1,\"\\u000a\":1}", why, 9);
	check("{\"\xf0\x9f\x98\x80\":1,\"\\ud83d\\ude00\":1}", why, 11);
	check("{\"a\":1,\"a\\u0000\":1}", NULL, 0);
	check("{\"/\":1,\"\\/\":1}", why, 8);
	check("{\"\\\"\":1,\"\\u0022\":1}", why, 9);
	/* Another word, but the same FNV-1a hash. */
	check("{\"costarring\":1,\"liquid\":1}", NULL, 0);
	check("{\"liquid\":1,\"costarring\":1,\"liquid\":1}", why, 28);
	check("{\"o\":{\"x\":1,\"y\":1,\"x\":1}}", why, 19);
	check("{\"x\":{\"a\":1},\"a\":1,\"y\":[1],\"x\":1}", why, 28);
}

ATF_TC_WITHOUT_HEAD(whole_numbers_reach_as_far_as_64_bits);
ATF_TC_BODY(whole_numbers_reach_as_far_as_64_bits, tc)
{
	const char *const why = "a whole number beyond 64 bits";

	check("9223372036854775807", NULL, 0);
	check("-9223372036854775808", NULL, 0);
	check("9223372036854775808", why, 19);
	check("-9223372036854775809", why, 20);
	check("18446744073709551616", why, 20);
	check("9223372036854775808.0", NULL, 0);
	check("1e400", NULL, 0);
}

static const char *
nested(int depth)
{
	struct buf b = buf_new(test_arena(), 1000);
	int i;

	for (i = 0; i < depth; i++)
		buf_add(&b, i % 2 ? "{\"a\":" : "[");
	buf_add(&b, "1");
	while (i-- > 0)
		buf_add(&b, i % 2 ? "}" : "]");
	return buf_text(&b);
}

ATF_TC_WITHOUT_HEAD(thirty_two_levels_pass_and_parse_and_one_more_does_not);
ATF_TC_BODY(thirty_two_levels_pass_and_parse_and_one_more_does_not, tc)
{
	check(nested(32), NULL, 0);
	(void)test_json(slice_of(nested(32)));
	check(nested(33), "nested too deep", 16 * 6);
}

ATF_TC_WITHOUT_HEAD(no_bytes_at_all_are_refused);
ATF_TC_BODY(no_bytes_at_all_are_refused, tc)
{
	size_t at;

	ATF_CHECK_STREQ(
	    "nothing there", json_gate((struct slice){ NULL, 0 }, &at));
	ATF_CHECK_EQ(0, at);
}

ATF_TC_WITHOUT_HEAD(past_four_gibibytes_nothing_is_read);
ATF_TC_BODY(past_four_gibibytes_nothing_is_read, tc)
{
	size_t at;

	ATF_CHECK_STREQ("too long",
	    json_gate((struct slice){ "1", (size_t)UINT32_MAX + 1 }, &at));
}

/* Bytes behind the end must not be looked at: only ASan and the answer tell. */
ATF_TC_WITHOUT_HEAD(a_text_cut_anywhere_is_refused_without_reading_on);
ATF_TC_BODY(a_text_cut_anywhere_is_refused_without_reading_on, tc)
{
	const char *const text = "{\"a\":[true,null,-1.5e+3,"
				 "\"\\ud83d\\ude00\xe2\x82\xac\\n\"],\"b\":0}";
	struct slice cut;
	size_t n, at;

	for (n = 0; n < strlen(text); n++) {
		cut.p = arena_copy(test_arena(), text, n);
		cut.n = n;
		ATF_CHECK_MSG(json_gate(cut, &at) != NULL, "%zu", n);
		ATF_CHECK(at <= n);
	}
	check(text, NULL, 0);
}

/* One level of 100,000 names: n log n, not its square. */
ATF_TC_WITHOUT_HEAD(many_names_take_no_longer_than_they_must);
ATF_TC_BODY(many_names_take_no_longer_than_they_must, tc)
{
	struct buf b = buf_new(test_arena(), 4 << 20);
	size_t at;
	int i;

	buf_add(&b, "{");
	for (i = 0; i < 100000; i++)
		buf_addf(&b, "\"n%d\":0,", i);
	buf_add(&b, "\"n77\":0}");
	ATF_CHECK_STREQ(
	    "a name stands twice in an object", json_gate(buf_slice(&b), &at));
	ATF_CHECK_EQ(b.n - 7, at);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_the_suite_accepts_passes_but_for_names_twice);
	ATF_TP_ADD_TC(tp, what_the_suite_rejects_is_refused);
	ATF_TP_ADD_TC(tp, what_the_suite_leaves_open_ends_in_an_answer);
	ATF_TP_ADD_TC(tp, each_refusal_says_what_and_where);
	ATF_TP_ADD_TC(tp, half_a_surrogate_pair_is_refused);
	ATF_TP_ADD_TC(tp, a_name_may_stand_once_in_an_object_however_written);
	ATF_TP_ADD_TC(tp, whole_numbers_reach_as_far_as_64_bits);
	ATF_TP_ADD_TC(
	    tp, thirty_two_levels_pass_and_parse_and_one_more_does_not);
	ATF_TP_ADD_TC(tp, a_text_cut_anywhere_is_refused_without_reading_on);
	ATF_TP_ADD_TC(tp, past_four_gibibytes_nothing_is_read);
	ATF_TP_ADD_TC(tp, no_bytes_at_all_are_refused);
	ATF_TP_ADD_TC(tp, many_names_take_no_longer_than_they_must);
	return atf_no_error();
}
