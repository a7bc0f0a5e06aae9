/* CONNECT_TO: curl's syntax, and *.SUFFIX. */
#include <atf-c.h>

#include "io/http_in.h"
#include "test.h"

static const char *
mapped(const char *map, const char *host, long port)
{
	const char *entry;

	OK(http_map_read(test_cx(), map));
	entry = http_map_find(test_arena(), host, port);
	return entry ? entry : "none";
}

ATF_TC_WITHOUT_HEAD(a_host_and_port_are_mapped_exactly);
ATF_TC_BODY(a_host_and_port_are_mapped_exactly, tc)
{
	const char *map = "a.test:443:127.0.0.1:8443";

	ATF_CHECK_STREQ(
	    "a.test:443:127.0.0.1:8443", mapped(map, "a.test", 443));
	ATF_CHECK_STREQ("none", mapped(map, "a.test", 444));
	ATF_CHECK_STREQ("none", mapped(map, "b.a.test", 443));
	ATF_CHECK_STREQ("none", mapped(map, "a.test.evil.test", 443));
	ATF_CHECK_STREQ("none", mapped("", "a.test", 443));
}

ATF_TC_WITHOUT_HEAD(letters_case_makes_no_difference);
ATF_TC_BODY(letters_case_makes_no_difference, tc)
{
	ATF_CHECK_STREQ(
	    "a.TEST:443:x:1", mapped("A.test:443:x:1", "a.TEST", 443));
}

ATF_TC_WITHOUT_HEAD(a_suffix_maps_what_is_below_it_to_an_exact_entry);
ATF_TC_BODY(a_suffix_maps_what_is_below_it_to_an_exact_entry, tc)
{
	const char *map = "*.shop.test:443:127.0.0.1:9";

	ATF_CHECK_STREQ(
	    "a.shop.test:443:127.0.0.1:9", mapped(map, "a.shop.test", 443));
	ATF_CHECK_STREQ("none", mapped(map, "shop.test", 443));
	ATF_CHECK_STREQ("none", mapped(map, ".shop.test", 443));
	ATF_CHECK_STREQ("none", mapped(map, "ashop.test", 443));
	ATF_CHECK_STREQ("none", mapped(map, "a.shop.test.evil", 443));
	ATF_CHECK_STREQ("none", mapped(map, "a.shop.test", 80));
}

ATF_TC_WITHOUT_HEAD(empty_parts_mean_any_as_in_curl);
ATF_TC_BODY(empty_parts_mean_any_as_in_curl, tc)
{
	ATF_CHECK_STREQ("a.test:443:b:1", mapped("::b:1", "a.test", 443));
	ATF_CHECK_STREQ("a.test:8:b:1", mapped("a.test::b:1", "a.test", 8));
	ATF_CHECK_STREQ("a.test:8::1", mapped("a.test:8::1", "a.test", 8));
	ATF_CHECK_STREQ("a.test:8:b:", mapped("a.test:8:b:", "a.test", 8));
}

ATF_TC_WITHOUT_HEAD(the_first_of_several_entries_wins);
ATF_TC_BODY(the_first_of_several_entries_wins, tc)
{
	const char *map = "a.test:443:x:1,*.test:443:y:2,:443:z:3";

	ATF_CHECK_STREQ("a.test:443:x:1", mapped(map, "a.test", 443));
	ATF_CHECK_STREQ("b.test:443:y:2", mapped(map, "b.test", 443));
	ATF_CHECK_STREQ("c:443:z:3", mapped(map, "c", 443));
}

ATF_TC_WITHOUT_HEAD(addresses_in_brackets_can_be_mapped);
ATF_TC_BODY(addresses_in_brackets_can_be_mapped, tc)
{
	ATF_CHECK_STREQ("[::1]:443:[fe80::1]:8",
	    mapped("[::1]:443:[fe80::1]:8", "[::1]", 443));
}

ATF_TC_WITHOUT_HEAD(what_is_not_an_entry_is_named);
ATF_TC_BODY(what_is_not_an_entry_is_named, tc)
{
	static const char *const bad[] = { "a", "a:1", "a:1:b", "a:0:b:1",
		"a:65536:b:1", "a:1:b:x", "a:1:b:2:3", "[a:1:b:1", "a b:1:c:1",
		"*a.test:1:b:1", "a.*.test:1:b:1", "*:1:b:1", "a:1:b c:1",
		"a:1:b:1,a" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		rc_forget(test_cx());
		ATF_CHECK_MSG(
		    http_map_read(test_cx(), bad[i]) == RC_INPUT, "%s", bad[i]);
	}
	ATF_CHECK_STREQ("CONNECT_TO: \"a\" is not HOST:PORT:TO-HOST:TO-PORT",
	    test_cx()->fault.sentence);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_host_and_port_are_mapped_exactly);
	ATF_TP_ADD_TC(tp, letters_case_makes_no_difference);
	ATF_TP_ADD_TC(tp, a_suffix_maps_what_is_below_it_to_an_exact_entry);
	ATF_TP_ADD_TC(tp, empty_parts_mean_any_as_in_curl);
	ATF_TP_ADD_TC(tp, the_first_of_several_entries_wins);
	ATF_TP_ADD_TC(tp, addresses_in_brackets_can_be_mapped);
	ATF_TP_ADD_TC(tp, what_is_not_an_entry_is_named);
	return atf_no_error();
}
