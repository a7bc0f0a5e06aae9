/* Files of bulk operations: cut at every byte, sent on, packed, not what they
 * should be: complete only when all came (REL-13, SEC-21). */
#include <atf-c.h>
#include <stdlib.h>
#include <string.h>

#include "base/conf.h"
#include "base/log.h"
#include "io/http.h"
#include "shopify/bulk_file.h"
#include "test.h"
#include "tls_server.h"

enum { FILE_BYTES = 10 << 10 };

/* 10 KiB of lines; the last ends with the file. */
static struct slice
file_text(void)
{
	char *p = arena_alloc(test_arena(), FILE_BYTES + 1);
	size_t at, n = 0;

	while (n < FILE_BYTES) {
		at = n;
		n += (size_t)snprintf(p + n, (size_t)(FILE_BYTES - n),
		    "{\"id\":\"gid://shopify/Product/"
		    "%zu\",\"title\":\"Grün\"}\n",
		    at);
	}
	p[FILE_BYTES - 1] = '\n';
	return (struct slice){ p, FILE_BYTES };
}

/* ---- cutting into lines */

/* Whether a file of `size` bytes is whole when these come, in pieces of `step`;
 * *got is what was given of it. */
static bool
is_whole(struct slice bytes, int64_t size, size_t step, struct buf *got)
{
	struct arena *mem = arena_new(); /* `got` lies in another one */
	struct bulk_lines l = bulk_lines_new(mem, 0, size);
	size_t at = 0, n, room;
	bool ended = false;
	struct slice out;
	enum rc rc;

	for (;;) {
		rc = bulk_lines_take(test_cx(), &l, ended, &out);
		if (rc != RC_OK || (out.n == 0 && ended))
			break;
		if (got != NULL)
			buf_addn(got, out.p, out.n);
		if (out.n > 0)
			continue;
		n = bytes.n - at < step ? bytes.n - at : step;
		memcpy(bulk_lines_room(&l, &room), bytes.p + at, n);
		ATF_REQUIRE(room >= n);
		bulk_lines_put(&l, n);
		at += n;
		ended = n == 0;
	}
	rc_forget(test_cx());
	arena_free(mem);
	return rc == RC_OK;
}

ATF_TC_WITHOUT_HEAD(cut_at_any_byte_it_is_not_whole);
ATF_TC_BODY(cut_at_any_byte_it_is_not_whole, tc)
{
	const struct slice all = file_text();
	size_t n, whole = 0;

	for (n = 0; n <= all.n; n++)
		whole += is_whole(
		    (struct slice){ all.p, n }, (int64_t)all.n, 4096, NULL);
	ATF_CHECK_EQ(1, whole);
	ATF_CHECK(is_whole(all, (int64_t)all.n, 1, NULL));
	/* And with a length that is not its own. */
	ATF_CHECK(!is_whole(all, (int64_t)all.n - 1, 4096, NULL));
	ATF_CHECK(!is_whole(all, (int64_t)all.n + 1, 4096, NULL));
}

ATF_TC_WITHOUT_HEAD(what_is_given_is_the_file_whatever_the_pieces);
ATF_TC_BODY(what_is_given_is_the_file_whatever_the_pieces, tc)
{
	static const size_t steps[] = { 1, 7, 100, 16384 };
	const struct slice all = file_text();
	struct buf got;
	size_t i;

	for (i = 0; i < 4; i++) {
		got = buf_new(test_arena(), 2 * FILE_BYTES);
		ATF_CHECK(is_whole(all, -1, steps[i], &got));
		ATF_CHECK(slice_same(all, buf_slice(&got)));
	}
}

ATF_TC_WITHOUT_HEAD(a_byte_order_mark_and_a_missing_last_end_do_no_harm);
ATF_TC_BODY(a_byte_order_mark_and_a_missing_last_end_do_no_harm, tc)
{
	struct buf got = buf_new(test_arena(), 100);

	ATF_CHECK(is_whole(
	    slice_of("\xef\xbb\xbf{\"a\":1}\r\n{\"b\":2}"), 19, 3, &got));
	ATF_CHECK_STREQ("{\"a\":1}\r\n{\"b\":2}", buf_text(&got));
}

ATF_TC_WITHOUT_HEAD(a_line_without_end_is_refused);
ATF_TC_BODY(a_line_without_end_is_refused, tc)
{
	const size_t n = BULK_LINE_MAX_BYTES + BULK_PIECE_BYTES;
	char *p = arena_alloc(test_arena(), n);

	memset(p, ' ', n);
	ATF_CHECK(!is_whole((struct slice){ p, n }, -1, 16384, NULL));
}

/* ---- fetching */

static struct tls_server server = { .cert = { .names = "DNS:bulk.test,"
						       "DNS:other.test" } };
static struct slice whole;

static void
begin(tls_answer *answer)
{
	log_open(LOG_ERR + 1, 2);
	whole = file_text();
	cert_ca("ca.pem");
	server.answer = answer;
	tls_start(&server);
	conf_set(C_CA_FILE, "ca.pem");
	conf_set(C_BULK_HOSTS, "storage.test,bulk.test");
	conf_set(C_CONNECT_TO,
	    text_fmt(test_arena(),
		"bulk.test:443:127.0.0.1:%d,other.test:443:127.0.0.1:%d",
		server.port, server.port));
	OK(http_start(test_cx()));
}

static void
end(void)
{
	http_stop();
	tls_stop(&server);
}

/* Reads it from `from` on; *n says how many bytes were given. */
static enum rc
fetch(const char *url, int64_t from, size_t *n)
{
	const struct bulk_ask ask = { url, from, FILE_BYTES };
	const struct arena_mark mark = arena_mark(test_arena());
	struct bulk_file *file;
	struct slice lines = { NULL, 1 };
	enum rc rc;

	rc_forget(test_cx());
	*n = 0;
	rc = bulk_file_open(test_cx(), &ask, &file);
	while (rc == RC_OK && lines.n > 0) {
		rc = bulk_file_next(test_cx(), file, &lines);
		if (rc == RC_OK)
			*n += lines.n;
		if (rc == RC_OK && lines.n > 0)
			ATF_CHECK_EQ(from + (int64_t)*n, bulk_file_at(file));
	}
	arena_back(test_arena(), mark);
	return rc;
}

#define URL "https://bulk.test/file"

static void
check_refused(const char *url, const char *words)
{
	size_t n;

	ATF_CHECK_EQ(RC_REMOTE, fetch(url, 0, &n));
	ATF_CHECK_MSG(strstr(test_cx()->fault.sentence, words), "it says: %s",
	    test_cx()->fault.sentence);
}

/* Where "bytes=N-" asks to begin; -1: it does not. */
static long
range_of(const char *head)
{
	const char *range = strcasestr(head, "\r\nRange: bytes=");

	return range ? strtol(range + 15, NULL, 10) : -1;
}

static void
say(struct tls_peer *peer, const char *status, const char *headers, long from,
    size_t length, size_t n)
{
	tls_say_text(peer, text_fmt(test_arena(),
			       "HTTP/1.1 %s\r\n%sContent-Length: %zu\r\n\r\n",
			       status, headers, length));
	tls_say(peer, whole.p + from, n);
}

static bool
answer_well(struct tls_peer *peer, const char *head, const char *body)
{
	const long from = range_of(head);
	const size_t n = FILE_BYTES - (size_t)(from < 0 ? 0 : from);

	(void)body;
	if (strcasestr(head, "X-Shopify") || !strcasestr(head, "identity"))
		say(peer, "400 Bad", "", 0, 0, 0);
	else if (from < 0)
		say(peer, "200 OK", "", 0, n, n);
	else
		say(peer, "206 Partial",
		    text_fmt(test_arena(), "Content-Range: bytes %ld-%d/%d\r\n",
			from, FILE_BYTES - 1, FILE_BYTES),
		    from, n, n);
	return true;
}

ATF_TC_WITHOUT_HEAD(it_is_fetched_whole_and_from_any_place);
ATF_TC_BODY(it_is_fetched_whole_and_from_any_place, tc)
{
	size_t n;

	begin(answer_well);
	OK(fetch(URL, 0, &n));
	ATF_CHECK_EQ(FILE_BYTES, n);
	OK(fetch(URL, 5000, &n));
	ATF_CHECK_EQ(FILE_BYTES - 5000, n);
	OK(fetch(URL, FILE_BYTES, &n)); /* nothing is left to be asked for */
	ATF_CHECK_EQ(0, n);
	end();
}

static bool
answer_all_again(struct tls_peer *peer, const char *head, const char *body)
{
	(void)head, (void)body;
	say(peer, "200 OK", "", 0, FILE_BYTES, FILE_BYTES);
	return true;
}

ATF_TC_WITHOUT_HEAD(a_host_that_gives_no_parts_is_read_over_what_we_have);
ATF_TC_BODY(a_host_that_gives_no_parts_is_read_over_what_we_have, tc)
{
	size_t n;

	begin(answer_all_again);
	OK(fetch(URL, 5000, &n));
	ATF_CHECK_EQ(FILE_BYTES - 5000, n);
	end();
}

static bool
answer_badly(struct tls_peer *peer, const char *head, const char *body)
{
	(void)body;
	if (strstr(head, "GET /cut "))
		say(peer, "200 OK", "", 0, FILE_BYTES, 5000);
	else if (strstr(head, "GET /short "))
		say(peer, "200 OK", "", 0, 5000, 5000);
	else if (strstr(head, "GET /packed "))
		say(peer, "200 OK", "Content-Encoding: gzip\r\n", 0, 5000,
		    5000);
	else if (strstr(head, "GET /gone "))
		say(peer, "403 Forbidden", "", 0, 0, 0);
	else if (strstr(head, "GET /ill "))
		say(peer, "503 Ill", "Retry-After: 7\r\n", 0, 0, 0);
	else { /* another length than Shopify said */
		tls_say_text(peer,
		    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
		for (int i = 0; i < 3; i++) {
			tls_say_text(peer, "2800\r\n");
			tls_say(peer, whole.p, FILE_BYTES);
			tls_say_text(peer, "\r\n");
		}
	}
	return false;
}

ATF_TC_WITHOUT_HEAD(what_is_not_the_file_is_refused_in_words);
ATF_TC_BODY(what_is_not_the_file_is_refused_in_words, tc)
{
	begin(answer_badly);
	check_refused("https://bulk.test/cut", "bulk.test: ");
	check_refused("https://bulk.test/short", "ends at byte 5000 of 10240");
	check_refused("https://bulk.test/packed", "packed (gzip)");
	check_refused("https://bulk.test/gone", "no longer good (403)");
	check_refused("https://bulk.test/ill", "said 503");
	ATF_CHECK_EQ(7000, test_cx()->retry_after_ms);
	check_refused("https://bulk.test/long", "too long");
	end();
}

/* /N sends on N times, then gives the file. */
static bool
answer_elsewhere(struct tls_peer *peer, const char *head, const char *body)
{
	const long left = strtol(head + 5, NULL, 10);
	const char *to = text_fmt(test_arena(), "/%ld", left - 1);

	if (left == 0)
		return answer_well(peer, head, body);
	if (strstr(head, "?http"))
		to = "http://bulk.test/0";
	if (strstr(head, "?other"))
		to = "https://other.test/0";
	if (strstr(head, "?private"))
		to = "https://storage.test:443/0";
	tls_say_text(
	    peer, text_fmt(test_arena(),
		      "HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: "
		      "0\r\n\r\n",
		      to));
	return true;
}

ATF_TC_WITHOUT_HEAD(it_is_followed_three_times_to_where_it_may_be);
ATF_TC_BODY(it_is_followed_three_times_to_where_it_may_be, tc)
{
	size_t n;

	begin(answer_elsewhere);
	OK(fetch("https://bulk.test/3", 0, &n));
	ATF_CHECK_EQ(FILE_BYTES, n);
	check_refused("https://bulk.test/4", "more than 3 times");
	check_refused("https://bulk.test/5", "more than 3 times");
	check_refused("https://bulk.test/1?http", "");
	check_refused(
	    "https://bulk.test/1?other", "none of the hosts that may be");
	/* One of the hosts, but nobody said that it is at home. */
	conf_set(C_CONNECT_TO,
	    text_fmt(test_arena(), "bulk.test:443:127.0.0.1:%d", server.port));
	check_refused("https://other.test/0", "none of the hosts that may be");
	end();
}

ATF_TC_WITHOUT_HEAD(an_address_of_a_private_network_is_not_gone_to);
ATF_TC_BODY(an_address_of_a_private_network_is_not_gone_to, tc)
{
	begin(answer_well);
	conf_set(C_BULK_HOSTS, "127.0.0.1,10.1.2.3");
	check_refused("https://127.0.0.1/file", "loopback");
	check_refused("https://10.1.2.3/file", "private");
	end();
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, cut_at_any_byte_it_is_not_whole);
	ATF_TP_ADD_TC(tp, what_is_given_is_the_file_whatever_the_pieces);
	ATF_TP_ADD_TC(tp, a_byte_order_mark_and_a_missing_last_end_do_no_harm);
	ATF_TP_ADD_TC(tp, a_line_without_end_is_refused);
	ATF_TP_ADD_TC(tp, it_is_fetched_whole_and_from_any_place);
	ATF_TP_ADD_TC(tp, a_host_that_gives_no_parts_is_read_over_what_we_have);
	ATF_TP_ADD_TC(tp, what_is_not_the_file_is_refused_in_words);
	ATF_TP_ADD_TC(tp, it_is_followed_three_times_to_where_it_may_be);
	ATF_TP_ADD_TC(tp, an_address_of_a_private_network_is_not_gone_to);
	return atf_no_error();
}
