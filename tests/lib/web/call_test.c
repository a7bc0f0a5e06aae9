/* What a request meets before its handler, and what leaves after it: SEC-24 to
 * SEC-28, D6. */
#include <atf-c.h>
#include <string.h>

#include "lib/web/fake_source.h"
#include "test.h"
#include "web/guard.h"

/* ---- a program */

static const char *ran; /* the handler that ran, or NULL */

struct note {
	const char *text;
};

static const struct field note_fields[] = {
	FIELD_TEXT(note, text, .max = 400000),
	FIELD_END,
};
static const struct shape note = SHAPE(note, note_fields);

static enum rc
show(struct cx *cx, const struct req *rq, struct reply *rp)
{
	struct jw *w = reply_json(rp, 200);

	(void)cx;
	ran = "show";
	jw_text(w, "path", rq->path);
	jw_text(w, "id", rq->params[0]);
	return reply_end(rp);
}

static enum rc
keep(struct cx *cx, const struct req *rq, struct reply *rp)
{
	(void)cx;
	(void)rq;
	ran = "keep";
	return reply_empty(rp, 204);
}

/* Fails late, by the code that the test wants. */
static enum rc code;

static enum rc
fail(struct cx *cx, const struct req *rq, struct reply *rp)
{
	(void)rq;
	jw_text(reply_json(rp, 200), "half", "an answer");
	reply_header(rp, "Location", "/half");
	reply_cookie(cx, rp, "half", "1", 60);
	return rc_fail(cx, code, "relation \"secrets\" does not exist");
}

/* Says that it is unwell, and then cannot say why. */
static enum rc
unwell(struct cx *cx, const struct req *rq, struct reply *rp)
{
	(void)rq;
	(void)reply_json(rp, 503);
	return rc_fail(cx, RC_BUG, "no why");
}

static int64_t later_ms;

static enum rc
busy(struct cx *cx, const struct req *rq, struct reply *rp)
{
	(void)rq;
	(void)rp;
	cx->retry_after_ms = later_ms;
	return rc_fail(cx, RC_BUSY, "busy");
}

static enum rc
nothing(struct cx *cx, const struct req *rq, struct reply *rp)
{
	(void)cx;
	(void)rq;
	(void)rp;
	return RC_OK;
}

static enum rc
page(struct cx *cx, const struct req *rq, struct reply *rp)
{
	(void)cx;
	(void)rq;
	reply_header(rp, "Content-Security-Policy", "default-src 'self'");
	reply_header(rp, "Cache-Control", "max-age=60");
	reply_header(rp, "X-Odd", "a\r\nSet-Cookie: b=c");
	return reply_bytes(
	    rp, 200, "text/html; charset=utf-8", slice_of("<p>"));
}

static enum caller by;
static int limits[2]; /* calls before and after the caller is known */

static enum rc
who(struct cx *cx, const struct route *route, struct req *rq)
{
	(void)route;
	if (by == 0)
		return rc_fail(cx, RC_AUTH, "nobody");
	rq->who.by = by;
	return RC_OK;
}

static enum rc
limit(struct cx *cx, const struct route *route, const struct req *rq,
    struct reply *rp)
{
	(void)route;
	limits[rq->who.by != 0]++;
	reply_header(rp, "RateLimit", "r=1");
	if (req_header(rq, "X-Enough") == NULL)
		return RC_OK;
	cx->retry_after_ms = 1;
	return rc_fail(cx, RC_LIMITED, "enough");
}

static const struct doors doors = { .who = who, .limit = limit };

/* clang-format off */
static const struct route routes[] = {
	{ GET,    "/things/:id", BY_ANYONE, NULL, 0, NULL, NULL, NULL, 200, "", show },
	{ POST,   "/things",     BY_ANYONE, NULL, 0, NULL, &note, NULL, 204, "", keep },
	{ POST,   "/raw",        BY_ANYONE, NULL, 0, NULL, &any_body, NULL, 204, "", keep },
	{ GET,    "/any",        BY_ANYONE, NULL, 0, &any_query, NULL, NULL, 200, "", show },
	{ GET,    "/fail",       BY_ANYONE, NULL, 0, NULL, NULL, NULL, 200, "", fail },
	{ GET,    "/unwell",     BY_ANYONE, NULL, 0, NULL, NULL, NULL, 200, "", unwell },
	{ GET,    "/busy",       BY_ANYONE, NULL, 0, NULL, NULL, NULL, 200, "", busy },
	{ GET,    "/nothing",    BY_ANYONE, NULL, 0, NULL, NULL, NULL, 200, "", nothing },
	{ GET,    "/page",       BY_ANYONE, NULL, 0, NULL, NULL, NULL, 200, "", page },
	{ GET,    "/mine",       BY_SHOP,   NULL, PER_ADDRESS | PER_CALLER, NULL, NULL, NULL, 204, "", keep },
	{ POST,   "/mine",       BY_SHOP,   NULL, PER_CALLER, NULL, &note, NULL, 204, "", keep },
	{ DELETE, "/mine",       BY_SHOP,   NULL, PER_ADDRESS, NULL, NULL, NULL, 204, "", keep },
	{ 0 }
};
/* clang-format on */

static const struct program program = { "test", routes, &doors };

static const char *
ask(struct fake *f)
{
	ran = NULL;
	return fake_ask(f, &program);
}

static const char *
get(const char *uri)
{
	return ask(fake_new("GET", uri));
}

static const char *
get_with(const char *uri, const char *param)
{
	struct fake *f = fake_new("GET", uri);

	fake_param(f, param);
	return ask(f);
}

/* ---- paths and methods */

ATF_TC_WITHOUT_HEAD(a_path_is_decoded_once);
ATF_TC_BODY(a_path_is_decoded_once, tc)
{
	const char *a = get("/things/a%20+%25b%C3%A9");

	ATF_CHECK_EQ(200, fake_status(a));
	ATF_CHECK_STREQ("a +%b\xc3\xa9", jtext_or(fake_json(a), "id", ""));
}

ATF_TC_WITHOUT_HEAD(a_path_that_could_mean_two_things_is_refused);
ATF_TC_BODY(a_path_that_could_mean_two_things_is_refused, tc)
{
	static const char *const paths[] = { "/things/a%00", "/things/%",
		"/things/%zz", "/things/../x", "/things/%2e%2E", "/./things",
		"/things/a\\b", "/things/a%5cb", "/things/a%ff", "/things/%0a",
		"/things/a%7f", "/things/1#x", "things/1", "http://x/things/1",
		"*", "" };

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		ATF_CHECK_EQ_MSG(
		    400, fake_status(get(paths[i])), "%s", paths[i]);
	ATF_CHECK(ran == NULL);
}

ATF_TC_WITHOUT_HEAD(dots_within_a_name_are_only_dots);
ATF_TC_BODY(dots_within_a_name_are_only_dots, tc)
{
	ATF_CHECK_EQ(200, fake_status(get("/things/a..b")));
	ATF_CHECK_EQ(200, fake_status(get("/things/...")));
}

ATF_TC_WITHOUT_HEAD(an_unknown_path_is_404_and_an_encoded_slash_is_a_slash);
ATF_TC_BODY(an_unknown_path_is_404_and_an_encoded_slash_is_a_slash, tc)
{
	ATF_CHECK_EQ(404, fake_status(get("/")));
	ATF_CHECK_EQ(404, fake_status(get("/things/1/")));
	ATF_CHECK_EQ(404, fake_status(get("/things/a%2Fb")));
	ATF_CHECK_EQ(404, fake_status(get("//things/a")));
	ATF_CHECK(fake_header(get("/"), "Allow") == NULL);
}

ATF_TC_WITHOUT_HEAD(a_method_that_is_not_served_names_those_that_are);
ATF_TC_BODY(a_method_that_is_not_served_names_those_that_are, tc)
{
	static const char *const methods[] = { "PUT", "TRACE", "OPTIONS",
		"CONNECT", "PATCH" };
	const char *a;

	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		a = ask(fake_new(methods[i], "/mine"));
		ATF_CHECK_EQ_MSG(405, fake_status(a), "%s", methods[i]);
		ATF_CHECK_STREQ(
		    "GET, HEAD, POST, DELETE", fake_header(a, "Allow"));
	}
	ATF_CHECK_EQ(501, fake_status(ask(fake_new("BREW", "/mine"))));
	ATF_CHECK_EQ(501, fake_status(ask(fake_new("get", "/mine"))));
	ATF_CHECK_EQ(404, fake_status(ask(fake_new("TRACE", "/nowhere"))));
}

ATF_TC_WITHOUT_HEAD(options_gives_nothing_away_across_origins);
ATF_TC_BODY(options_gives_nothing_away_across_origins, tc)
{
	struct fake *f = fake_new("OPTIONS", "/things");
	const char *a;

	fake_param(f, "HTTP_ORIGIN=https://elsewhere.test");
	fake_param(f, "HTTP_ACCESS_CONTROL_REQUEST_METHOD=POST");
	a = ask(f);
	ATF_CHECK_EQ(405, fake_status(a));
	ATF_CHECK(strstr(a, "Access-Control") == NULL);
}

ATF_TC_WITHOUT_HEAD(head_is_get_without_its_body);
ATF_TC_BODY(head_is_get_without_its_body, tc)
{
	const char *length = fake_header(get("/things/1"), "Content-Length");
	const char *a = ask(fake_new("HEAD", "/things/1"));

	ATF_CHECK_EQ(200, fake_status(a));
	ATF_CHECK_STREQ(length, fake_header(a, "Content-Length"));
	ATF_CHECK_STREQ("", fake_text(a));
	ATF_CHECK_EQ(405, fake_status(ask(fake_new("HEAD", "/things"))));
}

/* ---- headers and sizes */

ATF_TC_WITHOUT_HEAD(a_request_line_over_8_kib_is_414);
ATF_TC_BODY(a_request_line_over_8_kib_is_414, tc)
{
	struct buf b = buf_new(arena_new(), 10000);

	buf_add(&b, "/things/");
	while (b.n < GUARD_LINE_BYTES)
		buf_addc(&b, 'x');
	ATF_CHECK_EQ(200, fake_status(get(buf_text(&b))));
	buf_addc(&b, 'x');
	ATF_CHECK_EQ(414, fake_status(get(buf_text(&b))));
	arena_free(b.mem);
}

ATF_TC_WITHOUT_HEAD(more_than_100_headers_are_431);
ATF_TC_BODY(more_than_100_headers_are_431, tc)
{
	struct fake *f = fake_new("GET", "/things/1"); /* has a Host */
	struct fake *g = fake_new("GET", "/things/1");
	char name[] = "HTTP_X__=1";

	for (int i = 0; i < 100; i++) {
		name[6] = (char)('A' + i / 10);
		name[7] = (char)('A' + i % 10);
		if (i < 99)
			fake_param(f, name);
		fake_param(g, name);
	}
	ATF_CHECK_EQ(200, fake_status(ask(f)));
	ATF_CHECK_EQ(431, fake_status(ask(g)));
}

ATF_TC_WITHOUT_HEAD(headers_over_16_kib_are_431);
ATF_TC_BODY(headers_over_16_kib_are_431, tc)
{
	struct buf b = buf_new(arena_new(), 20000);

	buf_add(&b, "HTTP_X=");
	while (b.n + strlen("HTTP_HOST=app.test") < GUARD_HEADER_BYTES)
		buf_addc(&b, 'x');
	ATF_CHECK_EQ(200, fake_status(get_with("/things/1", buf_text(&b))));
	buf_addc(&b, 'x');
	ATF_CHECK_EQ(431, fake_status(get_with("/things/1", buf_text(&b))));
	arena_free(b.mem);
}

ATF_TC_WITHOUT_HEAD(a_variable_that_comes_twice_is_refused);
ATF_TC_BODY(a_variable_that_comes_twice_is_refused, tc)
{
	ATF_CHECK_EQ(
	    400, fake_status(get_with("/things/1", "HTTP_HOST=app.test")));
	ATF_CHECK_EQ(
	    400, fake_status(get_with("/things/1", "REMOTE_ADDR=192.0.2.2")));
	ATF_CHECK_EQ(
	    400, fake_status(get_with("/things/1", "REQUEST_URI=/things/2")));
}

ATF_TC_WITHOUT_HEAD(a_comma_in_a_header_of_one_value_is_refused);
ATF_TC_BODY(a_comma_in_a_header_of_one_value_is_refused, tc)
{
	static const char *const params[] = { "HTTP_ORIGIN=a, b",
		"HTTP_AUTHORIZATION=Bearer a, Bearer b",
		"CONTENT_TYPE=application/json, text/plain",
		"CONTENT_LENGTH=1,1", "HTTP_IDEMPOTENCY_KEY=a,b",
		"HTTP_SEC_FETCH_SITE=same-origin, none",
		"HTTP_X_SHOPIFY_TOPIC=a,b" };

	for (size_t i = 0; i < sizeof(params) / sizeof(params[0]); i++)
		ATF_CHECK_EQ_MSG(400,
		    fake_status(get_with("/things/1", params[i])), "%s",
		    params[i]);
	ATF_CHECK_EQ(
	    200, fake_status(get_with("/things/1", "HTTP_ACCEPT=a, b")));
}

ATF_TC_WITHOUT_HEAD(a_body_over_256_kib_is_413_before_it_is_read);
ATF_TC_BODY(a_body_over_256_kib_is_413_before_it_is_read, tc)
{
	struct fake *f = fake_new("POST", "/raw");

	fake_param(f, "CONTENT_LENGTH=262145");
	f->body = slice_of("x");
	ATF_CHECK_EQ(413, fake_status(ask(f)));
	ATF_CHECK_EQ(1, f->body.n);

	f = fake_new("POST", "/raw");
	fake_param(f, "CONTENT_LENGTH=99999999999999999999999");
	ATF_CHECK_EQ(413, fake_status(ask(f)));
}

ATF_TC_WITHOUT_HEAD(a_body_of_unsaid_length_is_counted_while_it_is_read);
ATF_TC_BODY(a_body_of_unsaid_length_is_counted_while_it_is_read, tc)
{
	static char bytes[GUARD_BODY_BYTES + 1];
	struct fake *f = fake_new("POST", "/raw");

	f->body = (struct slice){ bytes, GUARD_BODY_BYTES };
	ATF_CHECK_EQ(204, fake_status(ask(f)));
	f = fake_new("POST", "/raw");
	f->body = (struct slice){ bytes, GUARD_BODY_BYTES + 1 };
	ATF_CHECK_EQ(413, fake_status(ask(f)));
}

ATF_TC_WITHOUT_HEAD(a_body_that_is_cut_off_or_late_reaches_no_handler);
ATF_TC_BODY(a_body_that_is_cut_off_or_late_reaches_no_handler, tc)
{
	static const int fails[] = { 0, READ_BROKEN, READ_LATE };
	static const int statuses[] = { 400, 400, 408 };

	for (size_t i = 0; i < 3; i++) {
		struct fake *f = fake_new("POST", "/raw");

		fake_param(f, "CONTENT_LENGTH=3");
		f->body = slice_of("ab");
		f->read_fails = fails[i];
		ATF_CHECK_EQ(statuses[i], fake_status(ask(f)));
		ATF_CHECK(ran == NULL);
	}
}

ATF_TC_WITHOUT_HEAD(a_length_that_is_no_number_is_refused);
ATF_TC_BODY(a_length_that_is_no_number_is_refused, tc)
{
	static const char *const params[] = { "CONTENT_LENGTH=-1",
		"CONTENT_LENGTH=+1", "CONTENT_LENGTH=1 ",
		"CONTENT_LENGTH=0x1" };

	for (size_t i = 0; i < sizeof(params) / sizeof(params[0]); i++) {
		struct fake *f = fake_new("POST", "/raw");

		fake_param(f, params[i]);
		ATF_CHECK_EQ(400, fake_status(ask(f)));
	}
}

ATF_TC_WITHOUT_HEAD(a_body_that_is_not_json_by_its_type_is_415);
ATF_TC_BODY(a_body_that_is_not_json_by_its_type_is_415, tc)
{
	static const struct {
		const char *type;
		int status;
	} cases[] = {
		{ "CONTENT_TYPE=application/json", 204 },
		{ "CONTENT_TYPE=application/json;charset=UTF-8", 204 },
		{ "CONTENT_TYPE=Application/JSON; charset=\"utf-8\"", 204 },
		{ "CONTENT_TYPE=application/jsonx", 415 },
		{ "CONTENT_TYPE=application/json; charset=latin1", 415 },
		{ "CONTENT_TYPE=text/plain", 415 },
		{ "CONTENT_TYPE=", 415 },
		{ "HTTP_ACCEPT=*/*", 415 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fake *f = fake_new("POST", "/things");

		fake_param(f, cases[i].type);
		fake_param(f, "CONTENT_LENGTH=2");
		f->body = slice_of("{}");
		ATF_CHECK_EQ_MSG(
		    cases[i].status, fake_status(ask(f)), "%s", cases[i].type);
	}
}

ATF_TC_WITHOUT_HEAD(a_nul_in_a_body_is_refused_not_replaced);
ATF_TC_BODY(a_nul_in_a_body_is_refused_not_replaced, tc)
{
	struct fake *f = fake_new("POST", "/things");

	fake_body(f, "{\"text\":\"a\\u0000\"}");
	ATF_CHECK_EQ(400, fake_status(ask(f)));
	f = fake_new("POST", "/things");
	fake_body(f, "{\"text\":\"a\\\\u0000\"}"); /* a backslash, then u0000 */
	ATF_CHECK_EQ(204, fake_status(ask(f)));
}

ATF_TC_WITHOUT_HEAD(a_query_string_where_none_belongs_is_named);
ATF_TC_BODY(a_query_string_where_none_belongs_is_named, tc)
{
	const char *a = get("/things/1?odd=1&x=2");

	ATF_CHECK_EQ(400, fake_status(a));
	ATF_CHECK_STREQ("odd",
	    jtext_or(jitem(jat(fake_json(a), "errors"), 0), "field", ""));
	ATF_CHECK_EQ(200, fake_status(get("/things/1?")));
	ATF_CHECK_EQ(200, fake_status(get("/any?odd=1")));
}

/* ---- callers */

ATF_TC_WITHOUT_HEAD(a_stranger_is_asked_who_he_is);
ATF_TC_BODY(a_stranger_is_asked_who_he_is, tc)
{
	const char *a;

	by = 0;
	a = get("/mine");
	ATF_CHECK_EQ(401, fake_status(a));
	ATF_CHECK_STREQ("Bearer", fake_header(a, "WWW-Authenticate"));
	by = BY_OPERATOR_KEY;
	ATF_CHECK_EQ(403, fake_status(get("/mine")));
	by = BY_SHOP_KEY;
	ATF_CHECK_EQ(204, fake_status(get("/mine")));
}

ATF_TC_WITHOUT_HEAD(without_doors_only_open_routes_are_open);
ATF_TC_BODY(without_doors_only_open_routes_are_open, tc)
{
	const struct program bare = { "test", routes, NULL };

	ATF_CHECK_EQ(
	    200, fake_status(fake_ask(fake_new("GET", "/things/1"), &bare)));
	ATF_CHECK_EQ(
	    401, fake_status(fake_ask(fake_new("GET", "/mine"), &bare)));
}

static int
change_by_cookie(const char *method, const char *param)
{
	struct fake *f = fake_new(method, "/mine");

	by = BY_SHOP_SESSION;
	if (param != NULL)
		fake_param(f, param);
	if (text_same(method, "POST"))
		fake_body(f, "{}");
	return fake_status(ask(f));
}

ATF_TC_WITHOUT_HEAD(a_change_by_cookie_comes_from_our_own_pages);
ATF_TC_BODY(a_change_by_cookie_comes_from_our_own_pages, tc)
{
	static const struct {
		const char *param;
		int status;
	} cases[] = {
		{ NULL, 403 },
		{ "HTTP_SEC_FETCH_SITE=same-origin", 204 },
		{ "HTTP_SEC_FETCH_SITE=same-site", 403 },
		{ "HTTP_SEC_FETCH_SITE=cross-site", 403 },
		{ "HTTP_SEC_FETCH_SITE=none", 403 },
		{ "HTTP_ORIGIN=http://app.test", 204 },
		{ "HTTP_ORIGIN=https://app.test", 403 },
		{ "HTTP_ORIGIN=http://app.test.evil.test", 403 },
		{ "HTTP_ORIGIN=null", 403 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ATF_CHECK_EQ_MSG(cases[i].status,
		    change_by_cookie("POST", cases[i].param), "%s",
		    cases[i].param);
		ATF_CHECK_EQ(cases[i].status,
		    change_by_cookie("DELETE", cases[i].param));
	}
}

ATF_TC_WITHOUT_HEAD(sec_fetch_site_is_believed_over_origin);
ATF_TC_BODY(sec_fetch_site_is_believed_over_origin, tc)
{
	struct fake *f = fake_new("DELETE", "/mine");

	by = BY_SHOP_SESSION;
	fake_param(f, "HTTP_SEC_FETCH_SITE=cross-site");
	fake_param(f, "HTTP_ORIGIN=http://app.test");
	ATF_CHECK_EQ(403, fake_status(ask(f)));
}

ATF_TC_WITHOUT_HEAD(a_change_by_cookie_is_json);
ATF_TC_BODY(a_change_by_cookie_is_json, tc)
{
	struct fake *f = fake_new("POST", "/mine");

	by = BY_SHOP_SESSION;
	fake_param(f, "HTTP_SEC_FETCH_SITE=same-origin");
	fake_param(f, "CONTENT_TYPE=text/plain");
	ATF_CHECK_EQ(403, fake_status(ask(f)));
	ATF_CHECK(ran == NULL);
}

ATF_TC_WITHOUT_HEAD(a_key_or_a_read_by_cookie_needs_no_origin);
ATF_TC_BODY(a_key_or_a_read_by_cookie_needs_no_origin, tc)
{
	by = BY_SHOP_SESSION;
	ATF_CHECK_EQ(204, fake_status(get("/mine")));
	by = BY_SHOP_KEY;
	ATF_CHECK_EQ(204, fake_status(ask(fake_new("DELETE", "/mine"))));
}

ATF_TC_WITHOUT_HEAD(limits_count_addresses_before_and_callers_after);
ATF_TC_BODY(limits_count_addresses_before_and_callers_after, tc)
{
	by = BY_SHOP_KEY;
	limits[0] = limits[1] = 0;
	(void)get("/things/1");
	ATF_CHECK_EQ(0, limits[0] + limits[1]);
	(void)get("/mine");
	ATF_CHECK_EQ(1, limits[0]);
	ATF_CHECK_EQ(1, limits[1]);
	by = 0;
	(void)get("/mine");
	ATF_CHECK_EQ(2, limits[0]);
	ATF_CHECK_EQ(1, limits[1]);
}

ATF_TC_WITHOUT_HEAD(over_a_limit_the_answer_says_when_to_come_back);
ATF_TC_BODY(over_a_limit_the_answer_says_when_to_come_back, tc)
{
	const char *a = get_with("/mine", "HTTP_X_ENOUGH=1");

	ATF_CHECK_EQ(429, fake_status(a));
	ATF_CHECK_STREQ("1", fake_header(a, "Retry-After"));
	ATF_CHECK_STREQ("r=1", fake_header(a, "RateLimit"));
}

/* ---- answers */

ATF_TC_WITHOUT_HEAD(every_answer_has_the_security_headers);
ATF_TC_BODY(every_answer_has_the_security_headers, tc)
{
	static const char *const uris[] = { "/things/1", "/nowhere",
		"/things/%", "/mine", "/fail" };

	by = 0;
	code = RC_BUG;
	for (size_t i = 0; i < sizeof(uris) / sizeof(uris[0]); i++) {
		const char *a = get(uris[i]);

		ATF_CHECK_STREQ(
		    "nosniff", fake_header(a, "X-Content-Type-Options"));
		ATF_CHECK_STREQ(
		    "no-referrer", fake_header(a, "Referrer-Policy"));
		ATF_CHECK_STREQ("default-src 'none'; frame-ancestors 'none'",
		    fake_header(a, "Content-Security-Policy"));
		ATF_CHECK_STREQ("no-store", fake_header(a, "Cache-Control"));
		ATF_CHECK(fake_header(a, "X-Request-Id") != NULL);
		ATF_CHECK(text_ends(fake_header(a, "Content-Type"), "utf-8"));
		ATF_CHECK(fake_header(a, "Strict-Transport-Security") == NULL);
	}
}

ATF_TC_WITHOUT_HEAD(by_https_browsers_are_told_to_stay_there);
ATF_TC_BODY(by_https_browsers_are_told_to_stay_there, tc)
{
	static const char *const https[] = { "HTTPS=on",
		"REQUEST_SCHEME=https" };
	static const char *const plain[] = { "HTTPS=off", "REQUEST_SCHEME=http",
		"HTTP_X_FORWARDED_PROTO=https" };

	for (size_t i = 0; i < 2; i++)
		ATF_CHECK_STREQ("max-age=31536000",
		    fake_header(get_with("/things/1", https[i]),
			"Strict-Transport-Security"));
	for (size_t i = 0; i < 3; i++)
		ATF_CHECK(fake_header(get_with("/things/1", plain[i]),
			      "Strict-Transport-Security") == NULL);
}

ATF_TC_WITHOUT_HEAD(a_page_sets_its_own_policy_and_no_header_by_the_way);
ATF_TC_BODY(a_page_sets_its_own_policy_and_no_header_by_the_way, tc)
{
	const char *a = get("/page");

	ATF_CHECK_STREQ(
	    "default-src 'self'", fake_header(a, "Content-Security-Policy"));
	ATF_CHECK_STREQ("max-age=60", fake_header(a, "Cache-Control"));
	ATF_CHECK_STREQ("a  Set-Cookie: b=c", fake_header(a, "X-Odd"));
	ATF_CHECK(fake_header(a, "Set-Cookie") == NULL);
}

ATF_TC_WITHOUT_HEAD(a_request_id_of_the_senders_is_kept_when_it_is_plain);
ATF_TC_BODY(a_request_id_of_the_senders_is_kept_when_it_is_plain, tc)
{
	const char *a = get_with("/things/1", "HTTP_X_REQUEST_ID=abc.DEF-12_3");

	ATF_CHECK_STREQ("abc.DEF-12_3", fake_header(a, "X-Request-Id"));
	a = get_with("/things/1", "HTTP_X_REQUEST_ID=short");
	ATF_CHECK_EQ(16, strlen(fake_header(a, "X-Request-Id")));
	a = get_with("/things/1", "HTTP_X_REQUEST_ID=12345678\" x");
	ATF_CHECK_EQ(16, strlen(fake_header(a, "X-Request-Id")));
	ATF_CHECK(strcmp(fake_header(a, "X-Request-Id"),
		      fake_header(get("/things/1"), "X-Request-Id")) != 0);
}

ATF_TC_WITHOUT_HEAD(a_failure_after_half_a_reply_starts_anew);
ATF_TC_BODY(a_failure_after_half_a_reply_starts_anew, tc)
{
	const char *a;

	for (code = RC_INPUT; code < RC_COUNT; code++) {
		a = get("/fail");
		ATF_CHECK_EQ(rc_row(code)->status, fake_status(a));
		ATF_CHECK_STREQ(
		    rc_row(code)->code, jtext_or(fake_json(a), "code", ""));
		ATF_CHECK_EQ(
		    rc_row(code)->status, jint_or(fake_json(a), "status", 0));
		ATF_CHECK_STREQ(fake_header(a, "X-Request-Id"),
		    jtext_or(fake_json(a), "request_id", ""));
		ATF_CHECK(strstr(a, "half") == NULL);
		ATF_CHECK_STREQ("application/problem+json; charset=utf-8",
		    fake_header(a, "Content-Type"));
	}
}

ATF_TC_WITHOUT_HEAD(a_failures_status_is_its_own);
ATF_TC_BODY(a_failures_status_is_its_own, tc)
{
	ATF_CHECK_EQ(500, fake_status(get("/unwell")));
}

ATF_TC_WITHOUT_HEAD(who_is_busy_says_when_in_whole_seconds);
ATF_TC_BODY(who_is_busy_says_when_in_whole_seconds, tc)
{
	later_ms = 0;
	ATF_CHECK_STREQ("1", fake_header(get("/busy"), "Retry-After"));
	later_ms = 1000;
	ATF_CHECK_STREQ("1", fake_header(get("/busy"), "Retry-After"));
	later_ms = 1001;
	ATF_CHECK_STREQ("2", fake_header(get("/busy"), "Retry-After"));
}

ATF_TC_WITHOUT_HEAD(our_own_troubles_stay_in_the_log);
ATF_TC_BODY(our_own_troubles_stay_in_the_log, tc)
{
	static const enum rc codes[] = { RC_BUG, RC_BUSY, RC_STOPPED };

	for (size_t i = 0; i < 3; i++) {
		code = codes[i];
		ATF_CHECK(strstr(get("/fail"), "secrets") == NULL);
	}
	code = RC_CONFLICT;
	ATF_CHECK(strstr(get("/fail"), "secrets") != NULL);
}

ATF_TC_WITHOUT_HEAD(a_handler_that_says_nothing_is_a_bug);
ATF_TC_BODY(a_handler_that_says_nothing_is_a_bug, tc)
{
	ATF_CHECK_EQ(500, fake_status(get("/nothing")));
}

ATF_TC_WITHOUT_HEAD(memory_does_not_grow_with_requests);
ATF_TC_BODY(memory_does_not_grow_with_requests, tc)
{
	size_t used = 0;

	for (int i = 0; i < 100; i++) {
		(void)get("/things/1");
		if (i == 10)
			used = arena_used(test_arena());
	}
	ATF_CHECK_EQ(used, arena_used(test_arena()));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_path_is_decoded_once);
	ATF_TP_ADD_TC(tp, a_path_that_could_mean_two_things_is_refused);
	ATF_TP_ADD_TC(tp, dots_within_a_name_are_only_dots);
	ATF_TP_ADD_TC(
	    tp, an_unknown_path_is_404_and_an_encoded_slash_is_a_slash);
	ATF_TP_ADD_TC(tp, a_method_that_is_not_served_names_those_that_are);
	ATF_TP_ADD_TC(tp, options_gives_nothing_away_across_origins);
	ATF_TP_ADD_TC(tp, head_is_get_without_its_body);
	ATF_TP_ADD_TC(tp, a_request_line_over_8_kib_is_414);
	ATF_TP_ADD_TC(tp, more_than_100_headers_are_431);
	ATF_TP_ADD_TC(tp, headers_over_16_kib_are_431);
	ATF_TP_ADD_TC(tp, a_variable_that_comes_twice_is_refused);
	ATF_TP_ADD_TC(tp, a_comma_in_a_header_of_one_value_is_refused);
	ATF_TP_ADD_TC(tp, a_body_over_256_kib_is_413_before_it_is_read);
	ATF_TP_ADD_TC(tp, a_body_of_unsaid_length_is_counted_while_it_is_read);
	ATF_TP_ADD_TC(tp, a_body_that_is_cut_off_or_late_reaches_no_handler);
	ATF_TP_ADD_TC(tp, a_length_that_is_no_number_is_refused);
	ATF_TP_ADD_TC(tp, a_body_that_is_not_json_by_its_type_is_415);
	ATF_TP_ADD_TC(tp, a_nul_in_a_body_is_refused_not_replaced);
	ATF_TP_ADD_TC(tp, a_query_string_where_none_belongs_is_named);
	ATF_TP_ADD_TC(tp, a_stranger_is_asked_who_he_is);
	ATF_TP_ADD_TC(tp, without_doors_only_open_routes_are_open);
	ATF_TP_ADD_TC(tp, a_change_by_cookie_comes_from_our_own_pages);
	ATF_TP_ADD_TC(tp, sec_fetch_site_is_believed_over_origin);
	ATF_TP_ADD_TC(tp, a_change_by_cookie_is_json);
	ATF_TP_ADD_TC(tp, a_key_or_a_read_by_cookie_needs_no_origin);
	ATF_TP_ADD_TC(tp, limits_count_addresses_before_and_callers_after);
	ATF_TP_ADD_TC(tp, over_a_limit_the_answer_says_when_to_come_back);
	ATF_TP_ADD_TC(tp, every_answer_has_the_security_headers);
	ATF_TP_ADD_TC(tp, by_https_browsers_are_told_to_stay_there);
	ATF_TP_ADD_TC(tp, a_page_sets_its_own_policy_and_no_header_by_the_way);
	ATF_TP_ADD_TC(tp, a_request_id_of_the_senders_is_kept_when_it_is_plain);
	ATF_TP_ADD_TC(tp, a_failure_after_half_a_reply_starts_anew);
	ATF_TP_ADD_TC(tp, a_failures_status_is_its_own);
	ATF_TP_ADD_TC(tp, who_is_busy_says_when_in_whole_seconds);
	ATF_TP_ADD_TC(tp, our_own_troubles_stay_in_the_log);
	ATF_TP_ADD_TC(tp, a_handler_that_says_nothing_is_a_bug);
	ATF_TP_ADD_TC(tp, memory_does_not_grow_with_requests);
	return atf_no_error();
}
