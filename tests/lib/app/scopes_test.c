/* Access scopes: what is needed against what was granted (shopify.md 2.3). */
#include <atf-c.h>

#include "app/scopes.h"
#include "base/conf.h"
#include "test.h"

static const char *
listed(struct scopes scopes)
{
	struct buf b = buf_new(test_arena(), 4096);
	struct jw w = jw_new(&b);

	jw_object(&w, NULL);
	scopes_write(&w, "x", scopes);
	jw_close(&w);
	OK(jw_end(&w));
	return buf_text(&b);
}

static struct scopes
of(const char *text)
{
	return scopes_of(test_cx(), text);
}

ATF_TC_WITHOUT_HEAD(a_comma_list_is_taken_apart);
ATF_TC_BODY(a_comma_list_is_taken_apart, tc)
{
	ATF_CHECK_STREQ("{\"x\":[\"read_orders\",\"write_products\"]}",
	    listed(of(" read_orders , ,write_products,")));
	ATF_CHECK_STREQ("{\"x\":[]}", listed(of("")));
	ATF_CHECK_STREQ("{\"x\":[]}", listed(of(NULL)));
	ATF_CHECK_STREQ("{\"x\":[]}", listed(of(" , ")));
	ATF_CHECK_STREQ("{\"x\":[\"a\",\"b\",\"c\"]}", listed(of("a,b,c")));
}

static const char *
missing(const char *needed, const char *granted)
{
	return listed(scopes_missing(test_cx(), of(needed), of(granted)));
}

ATF_TC_WITHOUT_HEAD(to_write_is_to_read);
ATF_TC_BODY(to_write_is_to_read, tc)
{
	ATF_CHECK_STREQ("{\"x\":[]}", missing("read_orders", "write_orders"));
	ATF_CHECK_STREQ(
	    "{\"x\":[]}", missing("read_orders", "read_products,read_orders"));
	ATF_CHECK_STREQ("{\"x\":[\"write_orders\"]}",
	    missing("write_orders", "read_orders"));
	ATF_CHECK_STREQ("{\"x\":[\"read_all_orders\"]}",
	    missing("read_all_orders", "write_orders"));
	ATF_CHECK_STREQ(
	    "{\"x\":[\"read_a\",\"read_b\"]}", missing("read_a,read_b", ""));
	ATF_CHECK_STREQ("{\"x\":[]}", missing("", "read_a"));
	ATF_CHECK_STREQ(
	    "{\"x\":[\"read_o\"]}", missing("read_o", "read_orders"));
}

ATF_TC_WITHOUT_HEAD(what_is_needed_is_a_setting);
ATF_TC_BODY(what_is_needed_is_a_setting, tc)
{
	conf_set(C_SCOPES, "read_products, read_orders");
	ATF_CHECK_STREQ("{\"x\":[\"read_products\",\"read_orders\"]}",
	    listed(scopes_needed(test_cx())));
	conf_set(C_SCOPES, "");
	ATF_CHECK_STREQ("{\"x\":[]}", listed(scopes_needed(test_cx())));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_comma_list_is_taken_apart);
	ATF_TP_ADD_TC(tp, to_write_is_to_read);
	ATF_TP_ADD_TC(tp, what_is_needed_is_a_setting);
	return atf_no_error();
}
