/* The outline of an object: its small members, as they stand. */
#include <atf-c.h>

#include "test.h"

static void
check(const char *want, const char *text, size_t most)
{
	const struct slice got =
	    json_outline(test_arena(), slice_of(text), most);
	size_t at;

	ATF_REQUIRE_EQ_MSG(
	    NULL, json_gate(slice_of(text), &at), "no JSON: %s", text);
	ATF_CHECK_STREQ(want, text_of(test_arena(), got));
	ATF_CHECK_EQ(NULL, json_gate(got, &at));
}

ATF_TC_WITHOUT_HEAD(it_has_the_members_that_are_small_enough);
ATF_TC_BODY(it_has_the_members_that_are_small_enough, tc)
{
	check("{\"id\":11}", "{\"id\":11,\"note\":\"1234567\"}", 7);
	check("{\"id\":11}", "{\"note\":\"1234567\",\"id\":11}", 7);
	check("{\"a\":1,\"b\":2}", "{\"a\":1,\"x\":[1,2,3],\"b\":2}", 5);
	check("{}", "{\"id\":11}", 6);
	check("{\"a\":1,\"b\":2}", "{\"a\":1,\"b\":2}", 99);
	check("{}", "{}", 99);
	check("{ \"a\" : 1 , \"b\":\n2 }", " \t\r\n{ \"a\" : 1 , \"b\":\n2 } ",
	    99);
}

ATF_TC_WITHOUT_HEAD(what_is_inside_a_text_or_deeper_ends_no_member);
ATF_TC_BODY(what_is_inside_a_text_or_deeper_ends_no_member, tc)
{
	check(
	    "{\"id\":1}", "{\"x\":{\"a\":[{},{\"b\":1}],\"c\":2},\"id\":1}", 9);
	check("{\"id\":1}", "{\"x\":\"a\\\",\\\"id\\\":2}]\\\\\",\"id\":1}", 9);
	check("{\"id\":1}", "{\"a,}\\\"b:\":\"[{\",\"id\":1}", 9);
	check("{\"x\":{\"a\":[\"]}\",{}]}}", "{\"x\":{\"a\":[\"]}\",{}]}}", 99);
}

ATF_TC_WITHOUT_HEAD(what_is_no_object_has_an_empty_one);
ATF_TC_BODY(what_is_no_object_has_an_empty_one, tc)
{
	check("{}", "[{\"id\":1}]", 99);
	check("{}", "\"{\"", 99);
	check("{}", "11", 99);
	check("{}", "null", 99);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, it_has_the_members_that_are_small_enough);
	ATF_TP_ADD_TC(tp, what_is_inside_a_text_or_deeper_ends_no_member);
	ATF_TP_ADD_TC(tp, what_is_no_object_has_an_empty_one);
	return atf_no_error();
}
