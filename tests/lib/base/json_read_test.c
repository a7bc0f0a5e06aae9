/* Reading JSON by path, and who is blamed. */
#include <atf-c.h>
#include <math.h>
#include <string.h>

#include "test.h"

static struct json
json(const char *text)
{
	return test_json(slice_of(text));
}

static const char order[] =
    "{\"data\":{\"shop\":{\"name\":\"caf\\u00e9\",\"id\":9007199254740993,"
    "\"plus\":false,\"none\":null,\"price\":12.50}},"
    "\"list\":[1,{\"x\":\"y\"},[true]],\"\":\"empty\"}";

ATF_TC_WITHOUT_HEAD(a_path_leads_to_its_value);
ATF_TC_BODY(a_path_leads_to_its_value, tc)
{
	const struct json j = json(order);
	struct json found;
	const char *text;
	int64_t n;
	double real;
	bool truth;

	OK(jget_text(test_cx(), j, "data.shop.name", &text));
	ATF_CHECK_STREQ("caf\xc3\xa9", text);
	OK(jget_int(test_cx(), j, "data.shop.id", &n));
	ATF_CHECK_EQ(INT64_C(9007199254740993), n); /* past 2^53 */
	OK(jget_bool(test_cx(), j, "data.shop.plus", &truth));
	ATF_CHECK(!truth);
	OK(jget_bool(test_cx(), j, "list.2.0", &truth));
	ATF_CHECK(truth);
	OK(jget_real(test_cx(), j, "data.shop.price", &real));
	ATF_CHECK_EQ(12.5, real);
	OK(jget_real(test_cx(), j, "list.0", &real));
	ATF_CHECK_EQ(1, real);
	OK(jget_object(test_cx(), j, "", &found));
	OK(jget_object(test_cx(), j, "list.1", &found));
	OK(jget_text(test_cx(), found, "x", &text));
	OK(jget_list(test_cx(), j, "list", &found));
	ATF_CHECK_EQ(3, jlen(found));
}

/* The fault after a call that must fail, and then forgotten. */
static struct fault
fault(enum rc want, enum rc got)
{
	const struct fault f = test_cx()->fault;

	ATF_CHECK_EQ(want, got);
	rc_forget(test_cx());
	return f;
}

ATF_TC_WITHOUT_HEAD(another_type_is_blamed_by_path_rule_and_kind);
ATF_TC_BODY(another_type_is_blamed_by_path_rule_and_kind, tc)
{
	struct cx *cx = test_cx();
	struct json j = json(order);
	const char *text;
	struct fault f;
	double real;
	int64_t n;
	bool truth;

	f = fault(RC_INPUT, jget_text(cx, j, "data.shop.id", &text));
	ATF_CHECK_STREQ("data.shop.id must be a text", f.sentence);
	ATF_CHECK_STREQ("data.shop.id", f.field);
	ATF_CHECK_STREQ("a text", f.rule);
	ATF_CHECK_STREQ("a whole number", f.got);
	f = fault(RC_INPUT, jget_int(cx, j, "data.shop.none", &n));
	ATF_CHECK_STREQ("null", f.got);
	j.blame = RC_REMOTE;
	f = fault(RC_REMOTE, jget_int(cx, j, "data.shop.price", &n));
	ATF_CHECK_STREQ("a number", f.got);
	(void)fault(RC_REMOTE, jget_real(cx, j, "data.shop.name", &real));
	(void)fault(RC_REMOTE, jget_int(cx, j, "data.shop.plus", &n));
	(void)fault(RC_REMOTE, jget_bool(cx, j, "data.shop.id", &truth));
}

ATF_TC_WITHOUT_HEAD(what_is_not_there_was_got_as_nothing);
ATF_TC_BODY(what_is_not_there_was_got_as_nothing, tc)
{
	static const char *const nowhere[] = { "data.shop.nam", "data.list",
		"list.3", "list.x", "list.-1", "list.1.x.y", "list.0000000000",
		"data.shop.none.x", "data..shop", "list..x" };
	const struct json j = json(order);
	struct json found;
	size_t i;

	for (i = 0; i < sizeof(nowhere) / sizeof(*nowhere); i++) {
		const struct fault f =
		    fault(RC_INPUT, jget(test_cx(), j, nowhere[i], &found));

		ATF_CHECK_STREQ(nowhere[i], f.field);
		ATF_CHECK_EQ(NULL, f.got);
		(void)fault(
		    RC_INPUT, jget_object(test_cx(), j, nowhere[i], &found));
		(void)fault(
		    RC_INPUT, jget_list(test_cx(), j, nowhere[i], &found));
		ATF_CHECK_EQ(JSON_NULL, json_kind(found));
	}
}

ATF_TC_WITHOUT_HEAD(null_is_there_but_nothing_more);
ATF_TC_BODY(null_is_there_but_nothing_more, tc)
{
	const struct json j = json(order);
	struct json found;

	OK(jget(test_cx(), j, "data.shop.none", &found));
	ATF_CHECK_EQ(JSON_NULL, json_kind(found));
	ATF_CHECK_EQ(NULL, found.node);
	found = json("null");
	ATF_CHECK_EQ(JSON_NULL, json_kind(found));
	ATF_CHECK_STREQ("null", jtext(test_arena(), found));
}

ATF_TC_WITHOUT_HEAD(kinds_are_told_apart);
ATF_TC_BODY(kinds_are_told_apart, tc)
{
	ATF_CHECK_EQ(JSON_BOOL, json_kind(json("true")));
	ATF_CHECK_EQ(JSON_INT, json_kind(json("12")));
	ATF_CHECK_EQ(JSON_INT, json_kind(json(" 12 \n")));
	ATF_CHECK_EQ(JSON_INT, json_kind(json("-9223372036854775808")));
	ATF_CHECK_EQ(JSON_REAL, json_kind(json("12.0")));
	ATF_CHECK_EQ(JSON_REAL, json_kind(json("1e2")));
	ATF_CHECK_EQ(JSON_REAL, json_kind(json("9223372036854775808.0")));
	ATF_CHECK_EQ(JSON_TEXT, json_kind(json("\"\"")));
	ATF_CHECK_EQ(JSON_LIST, json_kind(json("[]")));
	ATF_CHECK_EQ(JSON_OBJECT, json_kind(json("{}")));
}

ATF_TC_WITHOUT_HEAD(fallbacks_stand_in_for_what_is_not_there);
ATF_TC_BODY(fallbacks_stand_in_for_what_is_not_there, tc)
{
	const struct json j = json(order);

	ATF_CHECK_STREQ("y", jtext_or(j, "list.1.x", "z"));
	ATF_CHECK_STREQ("z", jtext_or(j, "list.0", "z"));
	ATF_CHECK_STREQ("z", jtext_or(j, "data.shop.none", "z"));
	ATF_CHECK_EQ(1, jint_or(j, "list.0", 7));
	ATF_CHECK_EQ(7, jint_or(j, "data.shop.price", 7));
	ATF_CHECK(jbool_or(j, "list.2.0", false));
	ATF_CHECK(jbool_or(j, "list.0", true));
	ATF_CHECK_EQ(JSON_NULL, json_kind(jat(j, "no.such")));
	ATF_CHECK_EQ(0, jlen(j));
	ATF_CHECK_EQ(JSON_NULL, json_kind(jitem(j, 0)));
	ATF_CHECK_EQ(JSON_NULL, json_kind(jitem(jat(j, "list"), 3)));
	ATF_CHECK_EQ(JSON_LIST, json_kind(jitem(jat(j, "list"), 2)));
}

ATF_TC_WITHOUT_HEAD(members_come_in_the_order_of_the_text);
ATF_TC_BODY(members_come_in_the_order_of_the_text, tc)
{
	struct jmember *ms;

	ATF_REQUIRE_EQ(3, jmembers(test_arena(), json(order), &ms));
	ATF_CHECK_STREQ("data", ms[0].name);
	ATF_CHECK_STREQ("list", ms[1].name);
	ATF_CHECK_STREQ("", ms[2].name);
	ATF_CHECK_STREQ("empty", jtext_or(ms[2].value, "", "?"));
	ATF_CHECK_EQ(0, jmembers(test_arena(), json("{}"), &ms));
	ATF_CHECK_EQ(0, jmembers(test_arena(), json("[1]"), &ms));
}

ATF_TC_WITHOUT_HEAD(written_again_numbers_keep_their_digits);
ATF_TC_BODY(written_again_numbers_keep_their_digits, tc)
{
	static const char *const texts[] = { "[1.50,0.10,1E400,-0.0,1e5]",
		"9007199254740993", "-9223372036854775808",
		"{\"a\":\"/\xc3\xa9\",\"b\":[null,true,{}]}", "[]", "\"\"",
		"[0,-1]" };
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		ATF_CHECK_STREQ(texts[i], jtext(test_arena(), json(texts[i])));
}

ATF_TC_WITHOUT_HEAD(a_number_no_double_can_hold_is_refused);
ATF_TC_BODY(a_number_no_double_can_hold_is_refused, tc)
{
	double real;

	ATF_CHECK_EQ(
	    RC_INPUT, jget_real(test_cx(), json("[1e400]"), "0", &real));
}

ATF_TC_WITHOUT_HEAD(nul_becomes_the_replacement_character);
ATF_TC_BODY(nul_becomes_the_replacement_character, tc)
{
	const struct json j = json("{\"a\\u0000b\":\"c\\u0000d\\u0000\","
				   "\"e\":\"\\\\u0000\"}");
	struct jmember *ms;

	ATF_REQUIRE_EQ(2, jmembers(test_arena(), j, &ms));
	ATF_CHECK_STREQ("a\xef\xbf\xbd"
			"b",
	    ms[0].name);
	ATF_CHECK_STREQ("c\xef\xbf\xbd"
			"d\xef\xbf\xbd",
	    jtext_or(ms[0].value, "", "?"));
	ATF_CHECK_STREQ("\\u0000", jtext_or(j, "e", "?"));
	ATF_CHECK(json_nul(slice_of("[\"a\\u0000\"]")));
	ATF_CHECK(!json_nul(slice_of("[\"a\\\\u0000\"]")));
	ATF_CHECK(!json_nul(slice_of("[\"a\\")));
}

/* json-c ends names at a NUL, so the two would be one to it. */
ATF_TC_WITHOUT_HEAD(names_that_differ_by_nul_alone_stay_two);
ATF_TC_BODY(names_that_differ_by_nul_alone_stay_two, tc)
{
	const struct json j = json("{\"a\":1,\"a\\u0000\":2}");
	struct json out;
	struct slice twice = slice_of("{\"a\\u0000\":1,\"a\\ufffd\":2}");

	ATF_CHECK_EQ(1, jint_or(j, "a", 0));
	ATF_CHECK_EQ(2, jint_or(j, "a\xef\xbf\xbd", 0));
	ATF_CHECK_EQ(
	    RC_INPUT, json_read(test_cx(), twice, 100, RC_INPUT, &out));
}

ATF_TC_WITHOUT_HEAD(what_the_gate_refuses_is_blamed_with_its_byte);
ATF_TC_BODY(what_the_gate_refuses_is_blamed_with_its_byte, tc)
{
	struct json out;
	struct fault f = fault(RC_REMOTE,
	    json_read(test_cx(), slice_of("[1,]"), 100, RC_REMOTE, &out));

	ATF_CHECK_STREQ(
	    "JSON must be well formed; at byte 3: a value is missing",
	    f.sentence);
	ATF_CHECK_EQ(JSON_NULL, json_kind(out));
	f = fault(RC_TOO_BIG,
	    json_read(test_cx(), slice_of("[1,2]"), 4, RC_REMOTE, &out));
	ATF_CHECK_STREQ("JSON of 5 bytes, at most 4 are allowed", f.sentence);
}

ATF_TC_WITHOUT_HEAD(a_bare_value_ends_where_its_slice_ends);
ATF_TC_BODY(a_bare_value_ends_where_its_slice_ends, tc)
{
	const char *digits = "123456";

	ATF_CHECK_EQ(
	    12, jint_or(test_json((struct slice){ digits, 2 }), "", 0));
	ATF_CHECK_EQ(
	    JSON_BOOL, json_kind(test_json((struct slice){ "truetrue", 4 })));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_path_leads_to_its_value);
	ATF_TP_ADD_TC(tp, another_type_is_blamed_by_path_rule_and_kind);
	ATF_TP_ADD_TC(tp, what_is_not_there_was_got_as_nothing);
	ATF_TP_ADD_TC(tp, null_is_there_but_nothing_more);
	ATF_TP_ADD_TC(tp, kinds_are_told_apart);
	ATF_TP_ADD_TC(tp, fallbacks_stand_in_for_what_is_not_there);
	ATF_TP_ADD_TC(tp, members_come_in_the_order_of_the_text);
	ATF_TP_ADD_TC(tp, written_again_numbers_keep_their_digits);
	ATF_TP_ADD_TC(tp, a_number_no_double_can_hold_is_refused);
	ATF_TP_ADD_TC(tp, nul_becomes_the_replacement_character);
	ATF_TP_ADD_TC(tp, names_that_differ_by_nul_alone_stay_two);
	ATF_TP_ADD_TC(tp, what_the_gate_refuses_is_blamed_with_its_byte);
	ATF_TP_ADD_TC(tp, a_bare_value_ends_where_its_slice_ends);
	return atf_no_error();
}
