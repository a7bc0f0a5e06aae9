/* Addresses are put together from parts that stay parts. */
#include <atf-c.h>

#include "io/http.h"
#include "test.h"

static const char *
url(const char *host, const char *path, const char *query)
{
	const char *out = NULL;

	rc_forget(test_cx());
	switch (http_url(test_cx(), host, path, query, &out)) {
	case RC_OK:
		return out;
	case RC_INPUT:
		return "refused";
	default:
		return "?";
	}
}

ATF_TC_WITHOUT_HEAD(host_path_and_query_make_a_url);
ATF_TC_BODY(host_path_and_query_make_a_url, tc)
{
	ATF_CHECK_STREQ("https://a-b.example/x/y.json",
	    url("a-b.example", "/x/y.json", NULL));
	ATF_CHECK_STREQ(
	    "https://a.example/?a=1&b=%20", url("a.example", "/", "a=1&b=%20"));
	ATF_CHECK_STREQ("https://a.example/", url("a.example", "/", ""));
	ATF_CHECK_STREQ(
	    "https://a.example:8443/", url("a.example:8443", "/", NULL));
	ATF_CHECK_STREQ(
	    "https://[2001:db8::1]:8/", url("[2001:db8::1]:8", "/", NULL));
	ATF_CHECK_STREQ(
	    "https://[2001:db8::1]/", url("[2001:db8::1]", "/", NULL));
}

ATF_TC_WITHOUT_HEAD(what_is_no_host_is_refused);
ATF_TC_BODY(what_is_no_host_is_refused, tc)
{
	static const char *const bad[] = { "", ".", "-a.test", "a.test/x",
		"a.test?x", "a.test#x", "me@a.test", "a.test:", "a.test:0",
		"a.test:65536", "a.test:x", "a.test:1:2", "a b", "a\tb",
		"a\r\nb", "a%2eb", "a_b", "\xc3\xa4.test", "[", "[]", "[::1",
		"[::1]x", "[x]", "::1", "a\\b" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ATF_CHECK_MSG(text_same("refused", url(bad[i], "/", NULL)),
		    "\"%s\" became %s", bad[i], url(bad[i], "/", NULL));
}

ATF_TC_WITHOUT_HEAD(a_host_longer_than_dns_has_it_is_refused);
ATF_TC_BODY(a_host_longer_than_dns_has_it_is_refused, tc)
{
	char host[255 + 1];

	for (size_t i = 0; i < 255; i++)
		host[i] = i % 50 == 49 ? '.' : 'a';
	host[254] = '\0';
	ATF_CHECK_STREQ("refused", url(host, "/", NULL));
	host[253] = '\0';
	ATF_CHECK(text_starts(url(host, "/", NULL), "https://aaa"));
}

ATF_TC_WITHOUT_HEAD(path_and_query_cannot_end_before_their_end);
ATF_TC_BODY(path_and_query_cannot_end_before_their_end, tc)
{
	static const char *const paths[] = { "", "x", "//evil?", "/a?b=c",
		"/a#b", "/a b", "/a\r\nHost: b", "/\x7f", "/\xc3\xa4" };
	static const char *const queries[] = { "a#b", "a b", "a\nb", "\x80" };

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		ATF_CHECK_MSG(
		    text_same("refused", url("a.test", paths[i], NULL)), "%s",
		    paths[i]);
	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++)
		ATF_CHECK_MSG(
		    text_same("refused", url("a.test", "/", queries[i])), "%s",
		    queries[i]);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, host_path_and_query_make_a_url);
	ATF_TP_ADD_TC(tp, what_is_no_host_is_refused);
	ATF_TP_ADD_TC(tp, a_host_longer_than_dns_has_it_is_refused);
	ATF_TP_ADD_TC(tp, path_and_query_cannot_end_before_their_end);
	return atf_no_error();
}
