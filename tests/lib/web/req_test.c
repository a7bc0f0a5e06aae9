/* What a handler asks of a request. */
#include <atf-c.h>

#include "lib/web/fake_source.h"
#include "test.h"

static struct req
req_with(const char *param)
{
	struct fake *f = fake_new("GET", "/");

	fake_param(f, param);
	return (struct req){ .source = &f->source };
}

ATF_TC_WITHOUT_HEAD(a_header_is_found_by_its_http_name);
ATF_TC_BODY(a_header_is_found_by_its_http_name, tc)
{
	struct req rq = req_with("HTTP_IDEMPOTENCY_KEY=a=b");

	ATF_CHECK_STREQ("a=b", req_header(&rq, "Idempotency-Key"));
	ATF_CHECK_STREQ("a=b", req_header(&rq, "idempotency-key"));
	ATF_CHECK(req_header(&rq, "Idempotency") == NULL);
	ATF_CHECK(req_header(&rq, "Idempotency-Key-2") == NULL);
	ATF_CHECK(req_header(&rq, "Content-Type") == NULL);
	ATF_CHECK(req_header(&rq, "Method") == NULL);
}

ATF_TC_WITHOUT_HEAD(type_and_length_of_the_body_are_headers_too);
ATF_TC_BODY(type_and_length_of_the_body_are_headers_too, tc)
{
	struct req rq = req_with("CONTENT_TYPE=text/plain");

	ATF_CHECK_STREQ("text/plain", req_header(&rq, "Content-Type"));
	rq = req_with("HTTP_CONTENT_TYPE=text/plain");
	ATF_CHECK(req_header(&rq, "Content-Type") == NULL);
}

static const char *
cookie(const char *header, const char *name)
{
	struct req rq =
	    req_with(text_fmt(test_arena(), "HTTP_COOKIE=%s", header));

	return req_cookie(test_cx(), &rq, name);
}

ATF_TC_WITHOUT_HEAD(a_cookie_is_found_whole_and_by_its_whole_name);
ATF_TC_BODY(a_cookie_is_found_whole_and_by_its_whole_name, tc)
{
	ATF_CHECK_STREQ("1", cookie("a=1", "a"));
	ATF_CHECK_STREQ("1", cookie("xa=2; a=1; ax=3", "a"));
	ATF_CHECK_STREQ("b=c", cookie("a=b=c", "a"));
	ATF_CHECK_STREQ("1", cookie("  b=2;a=1\t;", "a"));
	ATF_CHECK_STREQ("", cookie("a=", "a"));
	ATF_CHECK(cookie("A=1", "a") == NULL);
	ATF_CHECK(cookie("", "a") == NULL);
	ATF_CHECK(cookie(";;=;", "a") == NULL);
}

ATF_TC_WITHOUT_HEAD(a_cookie_that_came_twice_counts_as_none);
ATF_TC_BODY(a_cookie_that_came_twice_counts_as_none, tc)
{
	ATF_CHECK(cookie("a=1; b=2; a=3", "a") == NULL);
	ATF_CHECK(cookie("a=1; a=1", "a") == NULL);
	ATF_CHECK_STREQ("2", cookie("a=1; b=2; a=3", "b"));
}

static const char *
bearer(const char *value)
{
	struct req rq =
	    req_with(text_fmt(test_arena(), "HTTP_AUTHORIZATION=%s", value));

	return req_bearer(&rq);
}

ATF_TC_WITHOUT_HEAD(a_bearer_is_what_follows_the_scheme);
ATF_TC_BODY(a_bearer_is_what_follows_the_scheme, tc)
{
	ATF_CHECK_STREQ("sk_1", bearer("Bearer sk_1"));
	ATF_CHECK_STREQ("sk_1", bearer("bearer  sk_1"));
	ATF_CHECK(bearer("Basic sk_1") == NULL);
	ATF_CHECK(bearer("Bearersk_1") == NULL);
	ATF_CHECK(bearer("Bearer ") == NULL);
	ATF_CHECK(bearer("") == NULL);
}

ATF_TC_WITHOUT_HEAD(methods_are_known_by_their_exact_names);
ATF_TC_BODY(methods_are_known_by_their_exact_names, tc)
{
	ATF_CHECK_EQ(PATCH, method_of("PATCH"));
	ATF_CHECK_EQ(0, method_of("patch"));
	ATF_CHECK_EQ(0, method_of(""));
	ATF_CHECK_EQ(0, method_of("-"));
	ATF_CHECK_STREQ("DELETE", method_text(DELETE));
	ATF_CHECK_STREQ("-", method_text(0));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_header_is_found_by_its_http_name);
	ATF_TP_ADD_TC(tp, type_and_length_of_the_body_are_headers_too);
	ATF_TP_ADD_TC(tp, a_cookie_is_found_whole_and_by_its_whole_name);
	ATF_TP_ADD_TC(tp, a_cookie_that_came_twice_counts_as_none);
	ATF_TP_ADD_TC(tp, a_bearer_is_what_follows_the_scheme);
	ATF_TP_ADD_TC(tp, methods_are_known_by_their_exact_names);
	return atf_no_error();
}
