/* Lists over the API: the end of a page, and its cursor. */
#include <atf-c.h>

#include "app/lists.h"
#include "test.h"

static const char *
ended(const char *last, bool full)
{
	struct reply rp = { .body = buf_new(test_arena(), 4096) };
	struct jw *w = reply_json(&rp, 200);

	jw_list(w, "items");
	jw_int(w, NULL, 7);
	OK(list_end(&rp, w, last, full));
	return buf_text(&rp.body);
}

ATF_TC_WITHOUT_HEAD(a_full_page_says_where_the_next_begins);
ATF_TC_BODY(a_full_page_says_where_the_next_begins, tc)
{
	ATF_CHECK_STREQ(
	    "{\"items\":[7],\"next\":\"last\"}", ended("last", true));
	ATF_CHECK_STREQ("{\"items\":[7],\"next\":null}", ended("last", false));
	ATF_CHECK_STREQ("{\"items\":[7],\"next\":null}", ended(NULL, true));
}

ATF_TC_WITHOUT_HEAD(a_reply_that_was_spoilt_is_no_list);
ATF_TC_BODY(a_reply_that_was_spoilt_is_no_list, tc)
{
	struct reply rp = { .body = buf_new(test_arena(), 4096) };
	struct jw *w = reply_json(&rp, 200);

	jw_list(w, "items");
	jw_int(w, "a name in a list", 7);
	ATF_CHECK(list_end(&rp, w, NULL, false) != RC_OK);
}

ATF_TC_WITHOUT_HEAD(a_cursor_is_an_id);
ATF_TC_BODY(a_cursor_is_an_id, tc)
{
	ATF_CHECK(list_after_ok("01936d6e-0000-7000-8000-000000000000"));
	ATF_CHECK(!list_after_ok("01936d6e-0000-7000-8000-00000000000"));
	ATF_CHECK(!list_after_ok("01936d6e-0000-7000-8000-00000000000g"));
	ATF_CHECK(!list_after_ok("7"));
	ATF_CHECK(!list_after_ok(""));
	ATF_CHECK(list_query.fields[0].ok == list_after_ok);
	ATF_CHECK_STREQ("shop", shop_query.fields[0].name);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_full_page_says_where_the_next_begins);
	ATF_TP_ADD_TC(tp, a_reply_that_was_spoilt_is_no_list);
	ATF_TP_ADD_TC(tp, a_cursor_is_an_id);
	return atf_no_error();
}
