/* Shapes let through what their table says, and name what breaks it. */
#include <atf-c.h>
#include <string.h>

#include "test.h"
#include "web/shape.h"

static const char *const colours[] = { "red", "green", "blue", NULL };

static bool
is_even(const char *text)
{
	return strlen(text) % 2 == 0;
}

struct city {
	const char *name;
	int64_t people;
};

struct thing {
	const char *label;
	const char *even;
	const char *key;
	int64_t days;
	bool has_days;
	int64_t least;
	int64_t any;
	bool loud;
	int64_t since;
	const char *colour;
	struct words colours;
	struct words tags;
	const struct city *city;
	struct json extra;
};

static const struct field city_fields[] = {
	FIELD_TEXT(city, name, .need = true),
	FIELD_INT(city, people),
	FIELD_END,
};
static const struct shape city = SHAPE(city, city_fields);

static const struct field thing_fields[] = {
	FIELD_TEXT(thing, label, .need = true, .max = 8),
	FIELD_TEXT(thing, even, .ok = is_even, .rule = "text of even length"),
	FIELD_TEXT(thing, key, .max = 4, .hide = true),
	FIELD_INT(thing, days, .min = 0, .max = 3650, .fallback = "30",
	    GIVEN(thing, has_days)),
	FIELD_INT(thing, least, .min = 5),
	FIELD_INT(thing, any),
	FIELD_BOOL(thing, loud, .fallback = "true"),
	FIELD_TIME(thing, since),
	FIELD_WORD(thing, colour, .words = colours, .fallback = "green"),
	FIELD_WORDS(thing, colours, .words = colours, .min = 1, .max = 3,
	    .fallback = "red,blue"),
	FIELD_TEXTS(thing, tags, .max = 2),
	FIELD_OBJECT(thing, city, &city),
	FIELD_ANY(thing, extra),
	FIELD_END,
};
static const struct shape thing = SHAPE(thing, thing_fields);

static const struct thing *
good(const char *json)
{
	const void *out;

	rc_forget(test_cx());
	OK(shape_read(test_cx(), &thing, test_json(slice_of(json)), &out));
	return out;
}

/* The fault of a text that must not pass. */
static const struct fault *
bad(const char *json)
{
	const void *out;

	rc_forget(test_cx());
	ATF_REQUIRE_EQ_MSG(RC_INPUT,
	    shape_read(test_cx(), &thing, test_json(slice_of(json)), &out),
	    "%s", json);
	return &test_cx()->fault;
}

static void
is_bad(const char *json, const char *field, const char *rule, const char *got)
{
	const struct fault *f = bad(json);

	ATF_CHECK_STREQ(field, f->field);
	ATF_CHECK_STREQ(rule, f->rule);
	if (got == NULL)
		ATF_CHECK(f->got == NULL);
	else
		ATF_CHECK_STREQ(got, f->got);
}

ATF_TC_WITHOUT_HEAD(an_object_fills_its_struct);
ATF_TC_BODY(an_object_fills_its_struct, tc)
{
	const struct thing *in =
	    good("{\"label\":\"x\",\"even\":\"ab\",\"days\":3650,\"least\":5,"
		 "\"any\":-9223372036854775808,\"loud\":false,"
		 "\"since\":\"1970-01-01T01:00:10.9+01:00\",\"colour\":\"red\","
		 "\"colours\":[\"blue\"],\"tags\":[\"a\",\"b\"],"
		 "\"city\":{\"name\":\"Ulm\",\"people\":126000},"
		 "\"extra\":[1,{\"a\":null}]}");

	ATF_CHECK_STREQ("x", in->label);
	ATF_CHECK_STREQ("ab", in->even);
	ATF_CHECK_EQ(3650, in->days);
	ATF_CHECK_EQ(5, in->least);
	ATF_CHECK_EQ(INT64_MIN, in->any);
	ATF_CHECK(!in->loud);
	ATF_CHECK_EQ(10, in->since);
	ATF_CHECK_EQ(colours[0], in->colour);
	ATF_CHECK_EQ(1, in->colours.n);
	ATF_CHECK_EQ(colours[2], in->colours.list[0]);
	ATF_CHECK_EQ(2, in->tags.n);
	ATF_CHECK_STREQ("b", in->tags.list[1]);
	ATF_CHECK_STREQ("Ulm", in->city->name);
	ATF_CHECK_EQ(126000, in->city->people);
	ATF_CHECK_STREQ("[1,{\"a\":null}]", jtext(test_arena(), in->extra));
}

ATF_TC_WITHOUT_HEAD(what_is_left_out_or_null_gets_its_fallback);
ATF_TC_BODY(what_is_left_out_or_null_gets_its_fallback, tc)
{
	const struct thing *in =
	    good("{\"label\":\"x\",\"days\":null,\"tags\":null}");

	ATF_CHECK_EQ(30, in->days);
	ATF_CHECK(in->loud);
	ATF_CHECK_STREQ("green", in->colour);
	ATF_CHECK_EQ(2, in->colours.n);
	ATF_CHECK_STREQ("blue", in->colours.list[1]);
	ATF_CHECK_EQ(0, in->tags.n);
	ATF_CHECK_EQ(0, in->since);
	ATF_CHECK(in->even == NULL);
	ATF_CHECK(in->city == NULL);
	ATF_CHECK_EQ(JSON_NULL, json_kind(in->extra));
}

ATF_TC_WITHOUT_HEAD(what_came_is_told_from_what_was_filled_in);
ATF_TC_BODY(what_came_is_told_from_what_was_filled_in, tc)
{
	const struct pair days = { "days", "30" };
	const struct pair label = { "label", "a" };
	const struct pair list[] = { label, days };
	const void *out;

	ATF_CHECK(!good("{\"label\":\"a\"}")->has_days);
	ATF_CHECK(!good("{\"label\":\"a\",\"days\":null}")->has_days);
	ATF_CHECK(good("{\"label\":\"a\",\"days\":30}")->has_days);
	OK(shape_read_pairs(
	    test_cx(), &thing, &(struct pairs){ list, 2 }, &out));
	ATF_CHECK(((const struct thing *)out)->has_days);
	OK(shape_read_pairs(
	    test_cx(), &thing, &(struct pairs){ list, 1 }, &out));
	ATF_CHECK(!((const struct thing *)out)->has_days);
}

ATF_TC_WITHOUT_HEAD(what_must_be_there_is_missed_by_name);
ATF_TC_BODY(what_must_be_there_is_missed_by_name, tc)
{
	is_bad("{}", "label", "text of 1 to 8 bytes", NULL);
	is_bad("{\"label\":null}", "label", "text of 1 to 8 bytes", "null");
	is_bad("{\"label\":\"\"}", "label", "text of 1 to 8 bytes", "\"\"");
	is_bad("{\"label\":\"x\",\"city\":{}}", "city.name",
	    "text that is not empty", NULL);
}

ATF_TC_WITHOUT_HEAD(a_text_keeps_its_length_in_bytes_and_its_own_rule);
ATF_TC_BODY(a_text_keeps_its_length_in_bytes_and_its_own_rule, tc)
{
	(void)good("{\"label\":\"12345678\"}");
	(void)good("{\"label\":\"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\"}");
	is_bad("{\"label\":\"123456789\"}", "label", "text of 1 to 8 bytes",
	    "\"123456789\"");
	is_bad("{\"label\":\"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
	       "1\"}",
	    "label", "text of 1 to 8 bytes",
	    "\"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
	    "1\"");
	is_bad("{\"label\":\"x\",\"even\":\"abc\"}", "even",
	    "text of even length", "\"abc\"");
}

ATF_TC_WITHOUT_HEAD(a_number_keeps_its_range);
ATF_TC_BODY(a_number_keeps_its_range, tc)
{
	const char *rule = "a whole number from 0 to 3650";

	(void)good("{\"label\":\"x\",\"days\":0}");
	is_bad("{\"label\":\"x\",\"days\":-1}", "days", rule, "-1");
	is_bad("{\"label\":\"x\",\"days\":3651}", "days", rule, "3651");
	is_bad("{\"label\":\"x\",\"days\":1.5}", "days", rule, "a number 1.5");
	is_bad("{\"label\":\"x\",\"days\":1e2}", "days", rule, "a number 1e2");
	is_bad(
	    "{\"label\":\"x\",\"days\":\"7\"}", "days", rule, "a text \"7\"");
	is_bad("{\"label\":\"x\",\"least\":4}", "least",
	    "a whole number from 5 on", "4");
	ATF_CHECK_EQ(INT64_MAX,
	    good("{\"label\":\"x\",\"least\":9223372036854775807}")->least);
}

ATF_TC_WITHOUT_HEAD(another_type_is_named);
ATF_TC_BODY(another_type_is_named, tc)
{
	const char *text = "text of 1 to 8 bytes";

	is_bad("{\"label\":7}", "label", text, "a number 7");
	is_bad("{\"label\":true}", "label", text, "the value true");
	is_bad("{\"label\":[1,2]}", "label", text, "a list of 2");
	is_bad("{\"label\":{}}", "label", text, "an object");
	is_bad("{\"label\":\"x\",\"loud\":1}", "loud", "true or false",
	    "a number 1");
	is_bad("{\"label\":\"x\",\"tags\":\"a\"}", "tags",
	    "a list of at most 2 items, each text that is not empty",
	    "a text \"a\"");
	is_bad("{\"label\":\"x\",\"city\":[]}", "city", "an object", "a list");
	is_bad("[]", "body", "an object", "a list");
}

ATF_TC_WITHOUT_HEAD(a_time_is_rfc_3339);
ATF_TC_BODY(a_time_is_rfc_3339, tc)
{
	const char *rule = "a time like 2026-11-24T23:17:00Z (RFC 3339)";

	is_bad("{\"label\":\"x\",\"since\":\"yesterday\"}", "since", rule,
	    "\"yesterday\"");
	is_bad("{\"label\":\"x\",\"since\":1}", "since", rule, "a number 1");
	ATF_CHECK_EQ(
	    -1, good("{\"label\":\"x\",\"since\":\"1969-12-31T23:59:59.5Z\"}")
		    ->since);
}

ATF_TC_WITHOUT_HEAD(a_word_is_one_of_the_list);
ATF_TC_BODY(a_word_is_one_of_the_list, tc)
{
	is_bad("{\"label\":\"x\",\"colour\":\"pink\"}", "colour",
	    "one of red, green or blue", "\"pink\"");
	is_bad("{\"label\":\"x\",\"colour\":\"\"}", "colour",
	    "one of red, green or blue", "\"\"");
	is_bad("{\"label\":\"x\",\"colours\":[\"red\",\"pink\"]}", "colours[1]",
	    "one of red, green or blue", "\"pink\"");
	is_bad("{\"label\":\"x\",\"colours\":[\"red\",\"red\"]}", "colours[1]",
	    "a word that is not in the list yet", "\"red\"");
	is_bad("{\"label\":\"x\",\"colours\":[7]}", "colours[0]",
	    "one of red, green or blue", "a number 7");
}

ATF_TC_WITHOUT_HEAD(a_list_keeps_its_count);
ATF_TC_BODY(a_list_keeps_its_count, tc)
{
	is_bad("{\"label\":\"x\",\"colours\":[]}", "colours",
	    "a list of 1 to 3 items, each one of red, green or blue",
	    "a list of 0");
	is_bad("{\"label\":\"x\",\"tags\":[\"a\",\"b\",\"c\"]}", "tags",
	    "a list of at most 2 items, each text that is not empty",
	    "a list of 3");
	is_bad("{\"label\":\"x\",\"tags\":[\"\"]}", "tags[0]",
	    "text that is not empty", "\"\"");
}

ATF_TC_WITHOUT_HEAD(an_unknown_member_is_refused_by_name);
ATF_TC_BODY(an_unknown_member_is_refused_by_name, tc)
{
	ATF_CHECK_STREQ("lable", bad("{\"label\":\"x\",\"lable\":1}")->field);
	ATF_CHECK_STREQ("city.mayor",
	    bad("{\"label\":\"x\",\"city\":{\"name\":\"a\",\"mayor\":1}}")
		->field);
	ATF_CHECK(strstr(bad("{\"x\":1}")->rule, "label, even") != NULL);
	ATF_CHECK_STREQ("a.b", bad("{\"a.b\":1}")->field);
}

ATF_TC_WITHOUT_HEAD(what_was_got_is_cut_and_secrets_are_not_said);
ATF_TC_BODY(what_was_got_is_cut_and_secrets_are_not_said, tc)
{
	const char *json = text_fmt(test_arena(), "{\"label\":\"%0200d\"}", 0);

	ATF_CHECK(strlen(bad(json)->got) <= 62);
	ATF_CHECK(text_ends(bad(json)->got, "...\""));
	json = text_fmt(test_arena(), "{\"%0200d\":1}", 0);
	ATF_CHECK(strlen(bad(json)->field) <= 60);
	is_bad("{\"label\":\"x\",\"key\":\"sk_abc\"}", "key",
	    "text of at most 4 bytes", "a text of 6 bytes");
	is_bad("{\"label\":\"x\",\"key\":123456}", "key",
	    "text of at most 4 bytes", "a number");
}

ATF_TC_WITHOUT_HEAD(a_fallback_against_its_own_rule_is_our_bug);
ATF_TC_BODY(a_fallback_against_its_own_rule_is_our_bug, tc)
{
	const struct field fields[] = {
		FIELD_INT(thing, days, .max = 5, .fallback = "6"),
		FIELD_END,
	};
	const struct shape shape = SHAPE(thing, fields);
	const void *out;

	ATF_CHECK_EQ(RC_BUG,
	    shape_read(test_cx(), &shape, test_json(slice_of("{}")), &out));
	ATF_CHECK_EQ(RC_BUG, test_cx()->fault.rc);
	ATF_CHECK(test_cx()->fault.field == NULL);
}

/* ---- queries */

static enum rc
query(const char *text, const struct thing **out)
{
	struct pairs pairs;
	const void *in;
	enum rc rc;

	rc_forget(test_cx());
	OK(pairs_parse(test_cx(), slice_of(text), &pairs));
	rc = shape_read_pairs(test_cx(), &thing, &pairs, &in);
	*out = in;
	return rc;
}

ATF_TC_WITHOUT_HEAD(a_query_fills_the_same_struct);
ATF_TC_BODY(a_query_fills_the_same_struct, tc)
{
	const struct thing *in;

	OK(query("label=a%20b+c&days=7&loud=false&colours=red,blue&colours="
		 "green&tags=a,b&tags=c&since=1970-01-01T00:00:01Z",
	    &in));
	ATF_CHECK_STREQ("a b c", in->label);
	ATF_CHECK_EQ(7, in->days);
	ATF_CHECK(!in->loud);
	ATF_CHECK_EQ(3, in->colours.n);
	ATF_CHECK_STREQ("green", in->colours.list[2]);
	ATF_CHECK_EQ(2, in->tags.n);
	ATF_CHECK_STREQ("a,b", in->tags.list[0]);
	ATF_CHECK_EQ(1, in->since);
	ATF_CHECK_STREQ("green", in->colour);
}

ATF_TC_WITHOUT_HEAD(a_query_is_refused_by_the_same_rules);
ATF_TC_BODY(a_query_is_refused_by_the_same_rules, tc)
{
	static const struct {
		const char *query, *field;
	} cases[] = {
		{ "", "label" },
		{ "label=", "label" },
		{ "label=x&odd=1", "odd" },
		{ "label=x&days=7x", "days" },
		{ "label=x&days=%2B7", "days" },
		{ "label=x&days=", "days" },
		{ "label=x&days=4000", "days" },
		{ "label=x&days=1&days=2", "days" },
		{ "label=x&loud=yes", "loud" },
		{ "label=x&colours=red,pink", "colours" },
		{ "label=x&colours=red&colours=red", "colours" },
		{ "label=x&tags=a&tags=b&tags=c", "tags" },
		{ "label=x&tags=", "tags" },
	};
	const struct thing *in;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ATF_CHECK_EQ_MSG(
		    RC_INPUT, query(cases[i].query, &in), "%s", cases[i].query);
		ATF_CHECK_STREQ(cases[i].field, test_cx()->fault.field);
	}
}

ATF_TC_WITHOUT_HEAD(an_object_cannot_come_in_a_query);
ATF_TC_BODY(an_object_cannot_come_in_a_query, tc)
{
	const struct thing *in;

	ATF_CHECK_EQ(RC_BUG, query("label=x&city=Ulm", &in));
}

ATF_TC_WITHOUT_HEAD(anything_goes_where_anything_may);
ATF_TC_BODY(anything_goes_where_anything_may, tc)
{
	struct pairs pairs;
	const void *in = "";

	OK(pairs_parse(test_cx(), slice_of("a=1&a=2&b"), &pairs));
	OK(shape_read_pairs(test_cx(), &any_query, &pairs, &in));
	ATF_CHECK(in == NULL);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, an_object_fills_its_struct);
	ATF_TP_ADD_TC(tp, what_is_left_out_or_null_gets_its_fallback);
	ATF_TP_ADD_TC(tp, what_came_is_told_from_what_was_filled_in);
	ATF_TP_ADD_TC(tp, what_must_be_there_is_missed_by_name);
	ATF_TP_ADD_TC(tp, a_text_keeps_its_length_in_bytes_and_its_own_rule);
	ATF_TP_ADD_TC(tp, a_number_keeps_its_range);
	ATF_TP_ADD_TC(tp, another_type_is_named);
	ATF_TP_ADD_TC(tp, a_time_is_rfc_3339);
	ATF_TP_ADD_TC(tp, a_word_is_one_of_the_list);
	ATF_TP_ADD_TC(tp, a_list_keeps_its_count);
	ATF_TP_ADD_TC(tp, an_unknown_member_is_refused_by_name);
	ATF_TP_ADD_TC(tp, what_was_got_is_cut_and_secrets_are_not_said);
	ATF_TP_ADD_TC(tp, a_fallback_against_its_own_rule_is_our_bug);
	ATF_TP_ADD_TC(tp, a_query_fills_the_same_struct);
	ATF_TP_ADD_TC(tp, a_query_is_refused_by_the_same_rules);
	ATF_TP_ADD_TC(tp, an_object_cannot_come_in_a_query);
	ATF_TP_ADD_TC(tp, anything_goes_where_anything_may);
	return atf_no_error();
}
