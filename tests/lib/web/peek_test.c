/* A worker sees only requests that are whole, and no length it cannot bear
 * (D12, REL-14). */
#include <atf-c.h>
#include <string.h>

#include "lib/web/fcgi.h"
#include "test.h"
#include "web/peek.h"

static struct slice
first(struct slice s, size_t n)
{
	return (struct slice){ s.p, n };
}

ATF_TC_WITHOUT_HEAD(a_request_cut_anywhere_is_not_whole_and_not_wrong);
ATF_TC_BODY(a_request_cut_anywhere_is_not_whole_and_not_wrong, tc)
{
	const struct slice all = fcgi_request("POST", "/", "some body", NULL);
	const struct slice head = fcgi_request("POST", "/", NULL, NULL);
	size_t whole_head = 0;

	for (size_t n = 0; n < all.n; n++) {
		const enum peek said = peek_bytes(first(all, n));

		ATF_CHECK(said == PEEK_SOME || said == PEEK_HEAD);
		ATF_CHECK(whole_head == 0 || said == PEEK_HEAD);
		if (said == PEEK_HEAD && whole_head == 0)
			whole_head = n;
	}
	/* Two lines of the body's own: its type and its length. */
	ATF_CHECK(whole_head > head.n - 8);
	ATF_CHECK_EQ(PEEK_WHOLE, peek_bytes(all));
}

ATF_TC_WITHOUT_HEAD(records_may_cut_a_pair_anywhere);
ATF_TC_BODY(records_may_cut_a_pair_anywhere, tc)
{
	struct buf pairs = buf_new(test_arena(), 1000);
	char value[200];

	memset(value, 'v', sizeof(value));
	value[199] = '\0';
	fcgi_pair(&pairs, "NAME", value); /* a length of four bytes */
	fcgi_pair(&pairs, "", "");
	for (size_t cut = 1; cut < pairs.n; cut++) {
		struct buf b = buf_new(test_arena(), 1000);

		fcgi_begin_record(&b);
		fcgi_record(&b, FCGI_PARAMS, first(buf_slice(&pairs), cut));
		fcgi_record(&b, FCGI_PARAMS,
		    (struct slice){ pairs.p + cut, pairs.n - cut });
		fcgi_record(&b, FCGI_PARAMS, slice_of(""));
		fcgi_record(&b, FCGI_IN, slice_of(""));
		ATF_CHECK_EQ(PEEK_WHOLE, peek_bytes(buf_slice(&b)));
	}
}

static enum peek
peek_params(const char *bytes, size_t n)
{
	struct buf b = buf_new(test_arena(), 1000);

	fcgi_begin_record(&b);
	fcgi_record(&b, FCGI_PARAMS, (struct slice){ bytes, n });
	fcgi_record(&b, FCGI_PARAMS, slice_of(""));
	fcgi_record(&b, FCGI_IN, slice_of(""));
	return peek_bytes(buf_slice(&b));
}

ATF_TC_WITHOUT_HEAD(a_length_no_head_can_have_is_wrong);
ATF_TC_BODY(a_length_no_head_can_have_is_wrong, tc)
{
	ATF_CHECK_EQ(PEEK_WHOLE, peek_params("\1\1ab", 4));
	ATF_CHECK_EQ(PEEK_WHOLE, peek_params("\x80\0\0\1\1ab", 7));
	ATF_CHECK_EQ(PEEK_WRONG, peek_params("\xff\xff\xff\xff\1ab", 7));
	ATF_CHECK_EQ(PEEK_WRONG, peek_params("\1\xff\xff\xff\xff"
					     "ab",
				     7));
	ATF_CHECK_EQ(PEEK_WRONG, peek_params("\x80\1\0\1\1ab", 7));
}

ATF_TC_WITHOUT_HEAD(such_a_length_is_wrong_before_what_it_counts_comes);
ATF_TC_BODY(such_a_length_is_wrong_before_what_it_counts_comes, tc)
{
	static const struct slice lengths[] = { { "\xff\xff\xff\xff\1", 5 },
		{ "\1\x80\1\0\1", 5 } };

	for (size_t i = 0; i < 2; i++) {
		struct buf b = buf_new(test_arena(), 1000);

		fcgi_begin_record(&b);
		fcgi_record(&b, FCGI_PARAMS, lengths[i]);
		ATF_CHECK_EQ(PEEK_WRONG, peek_bytes(buf_slice(&b)));
	}
}

ATF_TC_WITHOUT_HEAD(padding_is_stepped_over);
ATF_TC_BODY(padding_is_stepped_over, tc)
{
	static const char all[] = "\1\1\0\1\0\10\3\0"
				  "\0\1\0\0\0\0\0\0ppp"
				  "\1\4\0\1\0\4\5\0\1\1abppppp"
				  "\1\4\0\1\0\0\2\0pp"
				  "\1\5\0\1\0\1\7\0xppppppp"
				  "\1\5\0\1\0\0\1\0p";

	for (size_t n = 0; n < sizeof(all) - 1; n++)
		ATF_CHECK(peek_bytes((struct slice){ all, n }) != PEEK_WHOLE &&
			  peek_bytes((struct slice){ all, n }) != PEEK_WRONG);
	ATF_CHECK_EQ(
	    PEEK_WHOLE, peek_bytes((struct slice){ all, sizeof(all) - 1 }));
}

ATF_TC_WITHOUT_HEAD(a_body_before_the_params_have_ended_is_wrong);
ATF_TC_BODY(a_body_before_the_params_have_ended_is_wrong, tc)
{
	struct buf b = buf_new(test_arena(), 1000);

	fcgi_begin_record(&b);
	fcgi_record(&b, FCGI_IN, slice_of(""));
	ATF_CHECK_EQ(PEEK_WRONG, peek_bytes(buf_slice(&b)));
}

ATF_TC_WITHOUT_HEAD(params_that_end_within_a_pair_are_wrong);
ATF_TC_BODY(params_that_end_within_a_pair_are_wrong, tc)
{
	ATF_CHECK_EQ(PEEK_WRONG, peek_params("\1", 1));
	ATF_CHECK_EQ(PEEK_WRONG, peek_params("\1\1", 2));
	ATF_CHECK_EQ(PEEK_WRONG, peek_params("\1\1a", 3));
	ATF_CHECK_EQ(PEEK_WRONG, peek_params("\x80\0\0", 3));
}

ATF_TC_WITHOUT_HEAD(what_is_no_fastcgi_is_wrong_at_once);
ATF_TC_BODY(what_is_no_fastcgi_is_wrong_at_once, tc)
{
	static const struct {
		const char *bytes;
		size_t n;
	} cases[] = {
		{ "GET / HTTP/1.1\r\n\r\n", 18 }, { "G", 1 },
		{ "\0\0\0\0\0\0\0\0", 8 },
		{ "\2\1\0\1\0\10\0\0\0\1\0\0\0\0\0\0", 16 }, /* version 2 */
		{ "\1\11\0\0\0\0\0\0", 8 }, /* FCGI_GET_VALUES */
		{ "\1\2\0\1\0\0\0\0", 8 }, /* FCGI_ABORT_REQUEST */
		{ "\1\4\0\1\0\0\0\0", 8 }, /* PARAMS before its beginning */
		{ "\1\1\0\0\0\10\0\0\0\1\0\0\0\0\0\0", 16 }, /* request 0 */
		{ "\1\1\0\1\0\10\0\0\0\2\0\0\0\0\0\0", 16 }, /* authorizer */
		{ "\1\1\0\1\0\7\0\0\0\1\0\0\0\0\0", 15 }, /* too short */
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ATF_CHECK_EQ_MSG(PEEK_WRONG,
		    peek_bytes((struct slice){ cases[i].bytes, cases[i].n }),
		    "case %zu", i);
}

ATF_TC_WITHOUT_HEAD(another_request_on_the_connection_is_wrong);
ATF_TC_BODY(another_request_on_the_connection_is_wrong, tc)
{
	struct buf b = buf_new(test_arena(), 1000);

	fcgi_begin_record(&b);
	fcgi_record(&b, FCGI_PARAMS, slice_of(""));
	fcgi_begin_record(&b);
	ATF_CHECK_EQ(PEEK_WRONG, peek_bytes(buf_slice(&b)));
}

static struct slice
large_head(const char *value)
{
	const char *extra[] = { "A", value, "B", value, NULL };

	return fcgi_request("GET", value, NULL, extra);
}

ATF_TC_WITHOUT_HEAD(a_large_body_is_read_as_it_comes_a_large_head_is_not);
ATF_TC_BODY(a_large_body_is_read_as_it_comes_a_large_head_is_not, tc)
{
	char *large = arena_alloc(test_arena(), PEEK_VALUE_BYTES + 1);
	struct slice all;

	memset(large, 'x', PEEK_VALUE_BYTES);
	all = fcgi_request("POST", "/", large, NULL);
	ATF_CHECK_EQ(PEEK_HEAD, peek_bytes(first(all, PEEK_BYTES - 1)));
	ATF_CHECK_EQ(PEEK_WHOLE, peek_bytes(first(all, PEEK_BYTES)));
	large[PEEK_VALUE_BYTES - 100] = '\0';
	all = large_head(large);
	ATF_CHECK_EQ(PEEK_SOME, peek_bytes(first(all, PEEK_HEAD_BYTES - 1)));
	ATF_CHECK_EQ(PEEK_WRONG, peek_bytes(first(all, PEEK_HEAD_BYTES)));
}

/* As Apache sends it: REQUEST_URI and QUERY_STRING. */
ATF_TC_WITHOUT_HEAD(a_query_of_60000_bytes_is_whole);
ATF_TC_BODY(a_query_of_60000_bytes_is_whole, tc)
{
	char *query = arena_alloc(test_arena(), 60001);
	const char *extra[] = { "QUERY_STRING", query, NULL };

	memset(query, 'q', 60000);
	ATF_CHECK_EQ(
	    PEEK_WHOLE, peek_bytes(fcgi_request("GET", query, NULL, extra)));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_request_cut_anywhere_is_not_whole_and_not_wrong);
	ATF_TP_ADD_TC(tp, records_may_cut_a_pair_anywhere);
	ATF_TP_ADD_TC(tp, a_length_no_head_can_have_is_wrong);
	ATF_TP_ADD_TC(tp, such_a_length_is_wrong_before_what_it_counts_comes);
	ATF_TP_ADD_TC(tp, padding_is_stepped_over);
	ATF_TP_ADD_TC(tp, a_body_before_the_params_have_ended_is_wrong);
	ATF_TP_ADD_TC(tp, params_that_end_within_a_pair_are_wrong);
	ATF_TP_ADD_TC(tp, what_is_no_fastcgi_is_wrong_at_once);
	ATF_TP_ADD_TC(tp, another_request_on_the_connection_is_wrong);
	ATF_TP_ADD_TC(tp, a_large_body_is_read_as_it_comes_a_large_head_is_not);
	ATF_TP_ADD_TC(tp, a_query_of_60000_bytes_is_whole);
	return atf_no_error();
}
