/* FastCGI records: known answers, cut anywhere, and none of them past its
 * bounds. SEC-26, REL-14. */
#include <atf-c.h>
#include <stdlib.h>
#include <string.h>

#include "lib/web/fcgi.h"
#include "test.h"
#include "web/guard.h"
#include "web/record.h"

enum { MAX_BODY = 300000, BEFORE = 32, AFTER = 16, MOST = 4 << 20 };

static const struct record_limits limits = { MAX_BODY, BEFORE, AFTER };
static struct record_reader reader;

static void
anew(void)
{
	record_next(&reader);
	reader = (struct record_reader){ .limits = &limits };
}

static void
begin(void)
{
	reader.limits = &limits;
}

static struct slice
first(struct slice s, size_t n)
{
	return (struct slice){ s.p, n };
}

/* All of it at once; *left, unless NULL, is what was not taken. */
static enum record_said
take(struct slice all, size_t *left)
{
	const enum record_said said = record_take(&reader, &all);

	if (left != NULL)
		*left = all.n;
	return said;
}

static struct slice
body_of(void)
{
	return (struct slice){ reader.rq.body, reader.rq.n_body };
}

static const char *
var(const char *name)
{
	const char *p = reader.rq.vars;

	for (size_t i = 0; i < reader.rq.count; i++, p += strlen(p) + 1)
		if (text_starts(p, name) && p[strlen(name)] == '=')
			return p + strlen(name) + 1;
	return NULL;
}

/* The record at `at` of what is to be sent: its type, and behind it. */
static int
said_at(size_t *at, int *id)
{
	const unsigned char *r = reader.out + *at;

	if (*at + 8 > reader.n_out)
		return 0;
	*id = r[2] << 8 | r[3];
	*at += 8u + (size_t)(r[4] << 8 | r[5]) + r[6];
	ATF_REQUIRE(*at <= reader.n_out);
	return r[1];
}

ATF_TC_WITHOUT_HEAD(a_request_gives_its_variables_and_its_body);
ATF_TC_BODY(a_request_gives_its_variables_and_its_body, tc)
{
	static const char *const extra[] = { "HTTP_X_A", "1", "SCRIPT_NAME",
		"/x", "HTTPS", "on", "HTTP_EMPTY", "", NULL };
	size_t left;

	begin();
	ATF_CHECK_EQ(RECORD_WHOLE,
	    take(fcgi_request("POST", "/a?b", "some body", extra), &left));
	ATF_CHECK_EQ(0, left);
	ATF_CHECK_EQ(1, reader.rq.id);
	ATF_CHECK(!reader.rq.keep);
	ATF_CHECK_EQ(0, reader.rq.over);
	ATF_CHECK_EQ(9, reader.rq.said);
	ATF_CHECK(slice_same(slice_of("some body"), body_of()));
	ATF_CHECK_STREQ("POST", var("REQUEST_METHOD"));
	ATF_CHECK_STREQ("/a?b", var("REQUEST_URI"));
	ATF_CHECK_STREQ("1", var("HTTP_X_A"));
	ATF_CHECK_STREQ("", var("HTTP_EMPTY"));
	ATF_CHECK_STREQ("on", var("HTTPS"));
	ATF_CHECK(var("SCRIPT_NAME") == NULL); /* nobody asks for it */
	ATF_CHECK_EQ(0, reader.n_out);
	anew();
}

ATF_TC_WITHOUT_HEAD(it_may_come_cut_anywhere);
ATF_TC_BODY(it_may_come_cut_anywhere, tc)
{
	const struct slice all = fcgi_request("POST", "/", "some body", NULL);

	for (size_t cut = 1; cut < all.n; cut++) {
		begin();
		ATF_CHECK_EQ(RECORD_MORE, take(first(all, cut), NULL));
		ATF_CHECK_EQ(RECORD_WHOLE,
		    take((struct slice){ all.p + cut, all.n - cut }, NULL));
		ATF_CHECK(slice_same(slice_of("some body"), body_of()));
		ATF_CHECK_STREQ("app.test", var("HTTP_HOST"));
		anew();
	}
	begin();
	for (size_t i = 0; i < all.n - 1; i++)
		ATF_REQUIRE_EQ(
		    RECORD_MORE, take((struct slice){ all.p + i, 1 }, NULL));
	ATF_CHECK_EQ(
	    RECORD_WHOLE, take((struct slice){ all.p + all.n - 1, 1 }, NULL));
	anew();
}

ATF_TC_WITHOUT_HEAD(records_may_cut_a_pair_and_have_padding);
ATF_TC_BODY(records_may_cut_a_pair_and_have_padding, tc)
{
	struct buf pairs = buf_new(test_arena(), 2000);
	char value[200];

	memset(value, 'v', sizeof(value));
	value[199] = '\0';
	fcgi_pair(&pairs, "HTTP_LONG", value); /* a length of four bytes */
	fcgi_pair(&pairs, "", "");
	for (size_t cut = 1; cut < pairs.n; cut++) {
		struct buf b = buf_new(test_arena(), 2000);

		fcgi_begin_record(&b);
		fcgi_record_of(&b, FCGI_PARAMS, 1,
		    first(buf_slice(&pairs), cut), (int)cut % 256);
		fcgi_record_of(&b, FCGI_PARAMS, 1,
		    (struct slice){ pairs.p + cut, pairs.n - cut }, 7);
		fcgi_record_of(&b, FCGI_PARAMS, 1, slice_of(""), 255);
		fcgi_record_of(&b, FCGI_IN, 1, slice_of(""), 1);
		begin();
		ATF_CHECK_EQ(RECORD_WHOLE, take(buf_slice(&b), NULL));
		ATF_CHECK_STREQ(value, var("HTTP_LONG"));
		ATF_CHECK_EQ(1, reader.rq.count);
		anew();
	}
}

static struct slice
head_of(const char *name, const char *value, const char *body)
{
	const char *const extra[] = { name, value, NULL };

	return fcgi_request("POST", "/", body, extra);
}

static const char *
filled(char c, size_t n)
{
	char *p = arena_alloc(test_arena(), n + 1);

	memset(p, c, n);
	return p;
}

/* Whole as soon as it is known, and too long for guard.c, too. */
ATF_TC_WITHOUT_HEAD(what_is_too_long_is_refused_once_its_head_is_there);
ATF_TC_BODY(what_is_too_long_is_refused_once_its_head_is_there, tc)
{
	struct slice all = head_of("HTTP_A", filled('a', 20000), "body");

	begin();
	ATF_CHECK_EQ(RECORD_WHOLE, take(all, NULL));
	ATF_CHECK_EQ(431, reader.rq.over);
	ATF_CHECK(strlen(var("HTTP_A")) + strlen("HTTP_A=") >
		  GUARD_HEADER_BYTES - 100);
	ATF_CHECK(record_held(&reader) < 64 << 10);
	anew();
	begin();
	all = fcgi_request("POST",
	    text_fmt(test_arena(), "/?%s", filled('q', 60000)), "body", NULL);
	ATF_CHECK_EQ(RECORD_WHOLE, take(all, NULL));
	ATF_CHECK_EQ(414, reader.rq.over);
	ATF_CHECK_EQ(GUARD_LINE_BYTES + 1, strlen(var("REQUEST_URI")));
	anew();
	begin();
	all = head_of("SCRIPT_FILENAME", filled('f', 60000), "body");
	ATF_CHECK_EQ(RECORD_WHOLE, take(all, NULL)); /* nobody asks for it */
	ATF_CHECK_EQ(0, reader.rq.over);
	anew();
}

ATF_TC_WITHOUT_HEAD(a_limit_is_reached_and_not_passed);
ATF_TC_BODY(a_limit_is_reached_and_not_passed, tc)
{
	const size_t others = strlen("HTTP_HOST=app.test");
	const size_t room = GUARD_HEADER_BYTES - others - strlen("HTTP_A=");

	begin();
	ATF_CHECK_EQ(RECORD_WHOLE,
	    take(head_of("HTTP_A", filled('a', room), NULL), NULL));
	ATF_CHECK_EQ(0, reader.rq.over);
	ATF_CHECK_EQ(room, strlen(var("HTTP_A")));
	anew();
	begin();
	ATF_CHECK_EQ(RECORD_WHOLE,
	    take(head_of("HTTP_A", filled('a', room + 1), NULL), NULL));
	ATF_CHECK_EQ(431, reader.rq.over);
	anew();
	begin();
	ATF_CHECK_EQ(RECORD_WHOLE,
	    take(fcgi_request("GET", filled('/', GUARD_LINE_BYTES), NULL, NULL),
		NULL));
	ATF_CHECK_EQ(0, reader.rq.over);
	anew();
}

ATF_TC_WITHOUT_HEAD(a_hundred_headers_are_enough);
ATF_TC_BODY(a_hundred_headers_are_enough, tc)
{
	for (int n = 99; n <= 100; n++) {
		const char *extra[2 * 101] = { NULL };

		for (int i = 0; i < n; i++) {
			extra[2 * i] = text_fmt(test_arena(), "HTTP_X_%d", i);
			extra[2 * i + 1] = "1";
		}
		begin(); /* a Host comes with each */
		ATF_CHECK_EQ(RECORD_WHOLE,
		    take(fcgi_request("GET", "/", NULL, extra), NULL));
		ATF_CHECK_EQ(n == 99 ? 0 : 431, reader.rq.over);
		anew();
	}
}

ATF_TC_WITHOUT_HEAD(a_body_is_bounded_while_it_is_read);
ATF_TC_BODY(a_body_is_bounded_while_it_is_read, tc)
{
	struct slice all =
	    fcgi_request("POST", "/", filled('x', MAX_BODY), NULL);
	struct buf b = buf_new(test_arena(), MOST);
	size_t left;

	begin();
	ATF_CHECK_EQ(RECORD_WHOLE, take(all, NULL));
	ATF_CHECK_EQ(MAX_BODY, reader.rq.n_body);
	ATF_CHECK_EQ(0, reader.rq.over);
	anew();
	/* It says so: nothing of it is read. */
	all = fcgi_request("POST", "/", filled('x', MAX_BODY + 1), NULL);
	begin();
	ATF_CHECK_EQ(RECORD_WHOLE, take(all, &left));
	ATF_CHECK_EQ(413, reader.rq.over);
	ATF_CHECK(left > MAX_BODY);
	ATF_CHECK(record_held(&reader) < 8 << 10);
	anew();
	/* It does not say so. */
	fcgi_begin_record(&b);
	fcgi_record(&b, FCGI_PARAMS, slice_of(""));
	for (int i = 0; i < 100; i++)
		fcgi_record(
		    &b, FCGI_IN, (struct slice){ filled('y', 60000), 60000 });
	begin();
	ATF_CHECK_EQ(RECORD_WHOLE, take(buf_slice(&b), NULL));
	ATF_CHECK_EQ(413, reader.rq.over);
	ATF_CHECK(reader.rq.n_body <= MAX_BODY);
	anew();
}

ATF_TC_WITHOUT_HEAD(a_length_that_lies_gets_no_memory);
ATF_TC_BODY(a_length_that_lies_gets_no_memory, tc)
{
	struct slice all = head_of("CONTENT_LENGTH", "299999", NULL);
	struct buf b = buf_new(test_arena(), MOST);

	buf_addn(&b, all.p, all.n - 8);
	fcgi_record(&b, FCGI_IN, slice_of("12345"));
	begin();
	ATF_CHECK_EQ(RECORD_MORE, take(buf_slice(&b), NULL));
	ATF_CHECK(record_held(&reader) < 20 << 10);
	anew();
	/* More than was said is not read, as libfcgi's callers do not. */
	b = buf_new(test_arena(), MOST);
	all = head_of("CONTENT_LENGTH", "3", NULL);
	buf_addn(&b, all.p, all.n - 8);
	fcgi_record(&b, FCGI_IN, slice_of("12345"));
	fcgi_record(&b, FCGI_IN, slice_of("678"));
	fcgi_record(&b, FCGI_IN, slice_of(""));
	begin();
	ATF_CHECK_EQ(RECORD_WHOLE, take(buf_slice(&b), NULL));
	ATF_CHECK(slice_same(slice_of("123"), body_of()));
	anew();
}

ATF_TC_WITHOUT_HEAD(a_body_has_room_around_it);
ATF_TC_BODY(a_body_has_room_around_it, tc)
{
	static const size_t sizes[] = { 1, 16383, 16384, 16385, 100000,
		MAX_BODY };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		begin();
		ATF_REQUIRE_EQ(RECORD_WHOLE,
		    take(fcgi_request("POST", "/", filled('x', sizes[i]), NULL),
			NULL));
		memset(reader.rq.body - BEFORE, 'b', BEFORE);
		memset(reader.rq.body + sizes[i], 'a', AFTER);
		anew(); /* the sanitizer has looked */
	}
}

static enum record_said
said_of(const char *bytes, size_t n)
{
	enum record_said said;

	begin();
	said = take((struct slice){ bytes, n }, NULL);
	anew();
	return said;
}

ATF_TC_WITHOUT_HEAD(what_is_no_fastcgi_is_wrong);
ATF_TC_BODY(what_is_no_fastcgi_is_wrong, tc)
{
	static const char begun[] = "\1\1\0\1\0\10\0\0\0\1\0\0\0\0\0\0";
	static const struct slice behind[] = {
		{ "\1\1\0\1\0\10\0\0\0\1\0\0\0\0\0\0", 16 }, /* again */
		{ "\1\5\0\1\0\1\0\0x", 9 }, /* a body before its head */
		{ "\1\4\0\1\0\11\0\0\377\377\377\377\377\377\377\376x", 17 },
		{ "\1\4\0\1\0\1\0\0\5\1\4\0\1\0\0\0\0", 17 }, /* half a pair */
		{ "\1\4\0\1\0\4\0\0\2\0a\0", 12 }, /* a NUL in a name */
		{ "\1\4\0\1\0\4\0\0\2\0a=", 12 },
		{ "\1\4\0\1\0\15\0\0\6\1HTTP_A\0\0\0\0\0", 21 },
		{ "\1\4\0\1\0\0\0\0\1\4\0\1\0\0\0\0", 16 }, /* two heads */
		{ "\2\4\0\1\0\0\0\0", 8 },
	};

	ATF_CHECK_EQ(RECORD_WRONG, said_of("GET / HTTP/1.1\r\n", 16));
	ATF_CHECK_EQ(RECORD_WRONG, said_of("\0\0\0\0\0\0\0\0", 8));
	ATF_CHECK_EQ(RECORD_WRONG, said_of("\1\4\0\1\0\0\0\0", 8));
	ATF_CHECK_EQ(RECORD_WRONG, said_of("\1\1\0\1\0\7\0\0", 8));
	for (size_t i = 0; i < sizeof(behind) / sizeof(behind[0]); i++) {
		struct buf b = buf_new(test_arena(), 100);

		buf_addn(&b, begun, 16);
		buf_addn(&b, behind[i].p, behind[i].n);
		ATF_CHECK_EQ_MSG(RECORD_WRONG, said_of(b.p, b.n), "%zu", i);
	}
}

ATF_TC_WITHOUT_HEAD(endless_variables_are_wrong);
ATF_TC_BODY(endless_variables_are_wrong, tc)
{
	struct buf b = buf_new(test_arena(), MOST);

	fcgi_begin_record(&b);
	for (int i = 0; i < 10; i++)
		fcgi_record(&b, FCGI_PARAMS,
		    (struct slice){ filled('\1', 60000), 60000 });
	ATF_CHECK_EQ(RECORD_WRONG, said_of(b.p, b.n));
}

/* The other request is told that there is one at a time [4.1]. */
ATF_TC_WITHOUT_HEAD(another_request_in_between_is_refused_and_skipped);
ATF_TC_BODY(another_request_in_between_is_refused_and_skipped, tc)
{
	const struct slice all = fcgi_request("POST", "/", "body", NULL);
	struct buf b = buf_new(test_arena(), MOST);
	size_t at = 0;
	int id = 0;

	buf_addn(&b, all.p, 16);
	fcgi_record_of(
	    &b, FCGI_BEGIN, 7, (struct slice){ "\0\1\0\0\0\0\0\0", 8 }, 0);
	fcgi_record_of(&b, FCGI_PARAMS, 7, slice_of("anything"), 0);
	fcgi_record_of(&b, FCGI_IN, 7, slice_of("anything"), 0);
	buf_addn(&b, all.p + 16, all.n - 16);
	begin();
	ATF_CHECK_EQ(RECORD_WHOLE, take(buf_slice(&b), NULL));
	ATF_CHECK_EQ(1, reader.rq.id);
	ATF_CHECK(slice_same(slice_of("body"), body_of()));
	ATF_CHECK_EQ(FCGI_END, said_at(&at, &id));
	ATF_CHECK_EQ(7, id);
	ATF_CHECK_EQ(RECORD_CANT_MPX, reader.out[12]);
	ATF_CHECK_EQ(at, reader.n_out);
	anew();
}

ATF_TC_WITHOUT_HEAD(another_role_is_refused);
ATF_TC_BODY(another_role_is_refused, tc)
{
	struct buf b = buf_new(test_arena(), MOST);
	size_t at = 0;
	int id = 0;

	fcgi_record_of(
	    &b, FCGI_BEGIN, 3, (struct slice){ "\0\3\0\0\0\0\0\0", 8 }, 0);
	begin();
	ATF_CHECK_EQ(RECORD_MORE, take(buf_slice(&b), NULL));
	ATF_CHECK_EQ(FCGI_END, said_at(&at, &id));
	ATF_CHECK_EQ(3, id);
	ATF_CHECK_EQ(RECORD_ROLE, reader.out[12]);
	anew();
}

ATF_TC_WITHOUT_HEAD(management_is_answered_at_any_time);
ATF_TC_BODY(management_is_answered_at_any_time, tc)
{
	const struct slice all = fcgi_request("POST", "/", "body", NULL);
	struct buf asked = buf_new(test_arena(), MOST);
	struct buf b = buf_new(test_arena(), MOST);
	size_t at = 0;
	int id = -1;

	fcgi_pair(&asked, "FCGI_MPXS_CONNS", "");
	fcgi_pair(&asked, "FCGI_WHATEVER_IS_ASKED", "");
	fcgi_pair(&asked, "FCGI_MAX_CONNS", "");
	buf_addn(&b, all.p, 16);
	fcgi_record_of(&b, FCGI_VALUES, 0, buf_slice(&asked), 3);
	fcgi_record_of(&b, 77, 0, slice_of("what?"), 0);
	buf_addn(&b, all.p + 16, all.n - 16);
	begin();
	ATF_CHECK_EQ(RECORD_WHOLE, take(buf_slice(&b), NULL));
	ATF_CHECK(slice_same(slice_of("body"), body_of()));
	ATF_CHECK_EQ(FCGI_VALUES_RESULT, said_at(&at, &id));
	ATF_CHECK_EQ(0, id);
	ATF_CHECK(slice_same((struct slice){ (char *)reader.out + 8, at - 8 },
	    slice_of("\16\4FCGI_MAX_CONNS1000\17\1FCGI_MPXS_CONNS0")));
	ATF_CHECK_EQ(77, reader.out[at + 8]);
	ATF_CHECK_EQ(FCGI_UNKNOWN, said_at(&at, &id));
	ATF_CHECK_EQ(0, id);
	ATF_CHECK_EQ(at, reader.n_out);
	anew();
}

/* Who asks and does not listen is dropped. */
ATF_TC_WITHOUT_HEAD(questions_without_end_are_wrong);
ATF_TC_BODY(questions_without_end_are_wrong, tc)
{
	struct buf b = buf_new(test_arena(), MOST);

	for (int i = 0; i < 100; i++)
		fcgi_record_of(&b, 77, 0, slice_of(""), 0);
	ATF_CHECK_EQ(RECORD_WRONG, said_of(b.p, b.n));
}

ATF_TC_WITHOUT_HEAD(an_aborted_request_is_ended_and_another_may_come);
ATF_TC_BODY(an_aborted_request_is_ended_and_another_may_come, tc)
{
	const struct slice all = fcgi_request("POST", "/", "body", NULL);

	for (size_t n = 16; n < all.n; n++) {
		struct buf b = buf_new(test_arena(), MOST);
		struct slice rest;
		size_t at = 0;
		int id = 0;

		begin();
		ATF_REQUIRE_EQ(RECORD_MORE, take(first(all, n), NULL));
		if (reader.n_head != 0) { /* not within a record */
			anew();
			continue;
		}
		fcgi_record(&b, FCGI_ABORT, slice_of(""));
		buf_addn(&b, all.p, all.n);
		rest = buf_slice(&b);
		ATF_CHECK_EQ(RECORD_ABORTED, record_take(&reader, &rest));
		ATF_CHECK_EQ(all.n, rest.n);
		ATF_CHECK_EQ(FCGI_END, said_at(&at, &id));
		ATF_CHECK_EQ(1, id);
		record_next(&reader);
		ATF_CHECK_EQ(RECORD_WHOLE, record_take(&reader, &rest));
		ATF_CHECK(slice_same(slice_of("body"), body_of()));
		anew();
	}
}

ATF_TC_WITHOUT_HEAD(a_kept_connection_brings_one_after_another);
ATF_TC_BODY(a_kept_connection_brings_one_after_another, tc)
{
	struct slice all = fcgi_request("POST", "/", "body", NULL);
	char *kept = arena_copy(test_arena(), all.p, all.n);

	kept[10] = 1; /* the flag of BEGIN_REQUEST */
	begin();
	for (int i = 0; i < 3; i++) {
		ATF_CHECK_EQ(
		    RECORD_WHOLE, take((struct slice){ kept, all.n }, NULL));
		ATF_CHECK(reader.rq.keep);
		ATF_CHECK(slice_same(slice_of("body"), body_of()));
		record_next(&reader);
		ATF_CHECK_EQ(0, record_held(&reader));
	}
	anew();
}

ATF_TC_WITHOUT_HEAD(an_answer_is_written_in_records_that_hold_it);
ATF_TC_BODY(an_answer_is_written_in_records_that_hold_it, tc)
{
	static const size_t sizes[] = { 0, 1, 8, 65528, 65529, 200000 };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct buf b = buf_new(test_arena(), MOST);
		const char *text = filled('t', sizes[i]);

		record_answer(&b, 1, slice_of(text));
		ATF_CHECK_EQ(0, b.n % 8);
		ATF_CHECK_STREQ(text, fcgi_said(buf_slice(&b)));
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_request_gives_its_variables_and_its_body);
	ATF_TP_ADD_TC(tp, it_may_come_cut_anywhere);
	ATF_TP_ADD_TC(tp, records_may_cut_a_pair_and_have_padding);
	ATF_TP_ADD_TC(tp, what_is_too_long_is_refused_once_its_head_is_there);
	ATF_TP_ADD_TC(tp, a_limit_is_reached_and_not_passed);
	ATF_TP_ADD_TC(tp, a_hundred_headers_are_enough);
	ATF_TP_ADD_TC(tp, a_body_is_bounded_while_it_is_read);
	ATF_TP_ADD_TC(tp, a_length_that_lies_gets_no_memory);
	ATF_TP_ADD_TC(tp, a_body_has_room_around_it);
	ATF_TP_ADD_TC(tp, what_is_no_fastcgi_is_wrong);
	ATF_TP_ADD_TC(tp, endless_variables_are_wrong);
	ATF_TP_ADD_TC(tp, another_request_in_between_is_refused_and_skipped);
	ATF_TP_ADD_TC(tp, another_role_is_refused);
	ATF_TP_ADD_TC(tp, management_is_answered_at_any_time);
	ATF_TP_ADD_TC(tp, questions_without_end_are_wrong);
	ATF_TP_ADD_TC(tp, an_aborted_request_is_ended_and_another_may_come);
	ATF_TP_ADD_TC(tp, a_kept_connection_brings_one_after_another);
	ATF_TP_ADD_TC(tp, an_answer_is_written_in_records_that_hold_it);
	return atf_no_error();
}
