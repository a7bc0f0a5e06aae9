/* Calls to the outside: what they send, what they take, how they end (SEC-21,
 * SEC-23, D17). */
#include <atf-c.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "io/http.h"
#include "io/wait.h"
#include "test.h"
#include "tls_server.h"

enum { SOON_MS = 10000, TEN_MB = 10 * 1000 * 1000 };

static struct tls_server server = { .cert = { .names = "DNS:good.test" } };

/* good.test answers by `answer`. */
static void
begin(tls_answer *answer)
{
	log_open(LOG_ERR + 1, 2);
	cert_ca("ca.pem");
	server.answer = answer;
	tls_start(&server);
	conf_set(C_CA_FILE, "ca.pem");
	conf_set(C_CONNECT_TO,
	    text_fmt(test_arena(), "good.test:443:127.0.0.1:%d", server.port));
	OK(http_start(test_cx()));
}

static void
end(void)
{
	http_stop();
	tls_stop(&server);
}

static struct tls_report
ended(void)
{
	struct tls_report report;

	ATF_REQUIRE(tls_next(&server, SOON_MS, &report));
	return report;
}

static struct http_req
get(const char *path)
{
	struct http_req req = { .method = "GET", .max_bytes = 1000 };

	OK(http_url(test_cx(), "good.test", path, NULL, &req.url));
	return req;
}

/* GET /; RC_OK or what went wrong, which is then in the fault. */
static enum rc
fetch(struct http_res *res)
{
	const struct http_req req = get("/");

	rc_forget(test_cx());
	return http_do(test_cx(), &req, res);
}

static void
check_fault(enum rc rc, const char *words)
{
	const char *said = test_cx()->fault.sentence;

	ATF_REQUIRE_EQ(RC_REMOTE, rc);
	ATF_CHECK_MSG(said && strstr(said, words), "it says: %s", said);
}

#define CHECK_HAS(text, part)                                                  \
	ATF_CHECK_MSG(strstr((text), (part)), "no %s in: %s", (part), (text))
#define CHECK_LACKS(text, part)                                                \
	ATF_CHECK_MSG(!strstr((text), (part)), "%s in: %s", (part), (text))

/* ---- what is sent */

ATF_TC_WITHOUT_HEAD(a_get_sends_path_host_and_who_we_are);
ATF_TC_BODY(a_get_sends_path_host_and_who_we_are, tc)
{
	const struct http_req req = get("/admin/api");
	struct http_res res;

	begin(tls_echo);
	OK(http_do(test_cx(), &req, &res));
	ATF_CHECK_EQ(200, res.status);
	ATF_CHECK(text_starts(res.body.p, "GET /admin/api HTTP/1.1\r\n"));
	CHECK_HAS(res.body.p, "\r\nHost: good.test\r\n");
	CHECK_HAS(res.body.p, "\r\nUser-Agent: stockroom/");
	CHECK_HAS(res.body.p, "\r\nAccept-Encoding: gzip\r\n");
	ATF_CHECK_EQ(strlen(res.body.p), res.body.n);
	end();
}

ATF_TC_WITHOUT_HEAD(a_post_sends_headers_and_body);
ATF_TC_BODY(a_post_sends_headers_and_body, tc)
{
	static const struct http_header headers[] = {
		{ "Content-Type", "application/json" },
		{ "X-Empty", "" },
		{ NULL, NULL },
	};
	struct http_req req = get("/");
	struct http_res res;

	begin(tls_echo);
	req.method = "POST";
	req.headers = headers;
	req.body = slice_of("{\"a\":1}");
	OK(http_do(test_cx(), &req, &res));
	ATF_CHECK(text_starts(res.body.p, "POST / HTTP/1.1\r\n"));
	CHECK_HAS(res.body.p, "\r\nContent-Type: application/json\r\n");
	CHECK_HAS(res.body.p, "\r\nX-Empty:\r\n");
	CHECK_HAS(res.body.p, "\r\nContent-Length: 7\r\n");
	CHECK_LACKS(res.body.p, "Expect");
	ATF_CHECK(text_ends(res.body.p, "\r\n\r\n{\"a\":1}"));
	end();
}

ATF_TC_WITHOUT_HEAD(methods_go_out_by_their_name);
ATF_TC_BODY(methods_go_out_by_their_name, tc)
{
	static const char *const methods[] = { "GET", "POST", "PUT", "PATCH",
		"DELETE" };
	struct http_req req = get("/");
	struct http_res res;

	begin(tls_echo);
	for (size_t i = 0; i < 10; i++) {
		req.method = methods[i / 2];
		req.body = slice_of(i % 2 ? "body" : "");
		OK(http_do(test_cx(), &req, &res));
		ATF_CHECK_MSG(text_starts(res.body.p,
				  text_fmt(test_arena(), "%s /", req.method)),
		    "%s", res.body.p);
		ATF_CHECK_EQ(i % 2 == 1, text_ends(res.body.p, "\r\n\r\nbody"));
	}
	end();
}

ATF_TC_WITHOUT_HEAD(a_header_in_two_lines_is_our_bug);
ATF_TC_BODY(a_header_in_two_lines_is_our_bug, tc)
{
	static const struct http_header headers[] = {
		{ "X-A", "1\r\nX-B: 2" },
		{ NULL, NULL },
	};
	struct http_req req = get("/");
	struct http_res res;

	begin(tls_echo);
	req.headers = headers;
	ATF_CHECK_EQ(RC_BUG, http_do(test_cx(), &req, &res));
	end();
}

ATF_TC_WITHOUT_HEAD(proxies_and_passwords_lying_about_are_not_used);
ATF_TC_BODY(proxies_and_passwords_lying_about_are_not_used, tc)
{
	static const char *const names[] = { "https_proxy", "HTTPS_PROXY",
		"all_proxy", "ALL_PROXY" };
	struct http_res res;
	FILE *f = fopen(".netrc", "w");

	ATF_REQUIRE(f && fputs("default login me password secret\n", f) >= 0 &&
		    fclose(f) == 0);
	ATF_REQUIRE(setenv("HOME", ".", 1) == 0);
	for (size_t i = 0; i < 4; i++)
		ATF_REQUIRE(setenv(names[i], "http://127.0.0.1:1", 1) == 0);
	begin(tls_echo);
	OK(fetch(&res));
	CHECK_LACKS(res.body.p, "Authorization");
	end();
}

ATF_TC_WITHOUT_HEAD(session_keys_are_written_nowhere);
ATF_TC_BODY(session_keys_are_written_nowhere, tc)
{
	struct http_res res;

	ATF_REQUIRE(setenv("SSLKEYLOGFILE", "keys", 1) == 0);
	begin(tls_ok);
	OK(fetch(&res));
	end();
	ATF_CHECK(access("keys", F_OK) < 0);
}

/* ---- what is taken */

static bool
not_found(struct tls_peer *p, const char *head, const char *body)
{
	(void)head, (void)body;
	tls_say_text(p, "HTTP/1.1 404 Not Found\r\nX-Request-Id: 9f3a\r\n"
			"Content-Length: 4\r\n\r\nno");
	tls_say(p, "\0!", 2);
	return true;
}

ATF_TC_WITHOUT_HEAD(any_status_is_an_answer_with_headers_and_any_bytes);
ATF_TC_BODY(any_status_is_an_answer_with_headers_and_any_bytes, tc)
{
	struct http_res res;

	begin(not_found);
	OK(fetch(&res));
	ATF_CHECK_EQ(404, res.status);
	ATF_CHECK_EQ(4, res.body.n);
	ATF_CHECK_EQ(0, memcmp("no\0!", res.body.p, 5));
	ATF_CHECK_STREQ(
	    "9f3a", http_header_of(test_cx(), &res, "x-request-id"));
	ATF_CHECK(!http_header_of(test_cx(), &res, "x-other"));
	ATF_CHECK_EQ(0, res.retry_after_ms);
	end();
}

static bool
later(struct tls_peer *p, const char *head, const char *body)
{
	const char *when = "2";
	char date[40];
	time_t t = time(NULL) + 100;

	(void)body;
	(void)strftime(
	    date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", gmtime(&t));
	if (text_starts(head, "GET /shopify"))
		when = "2.0";
	else if (text_starts(head, "GET /date"))
		when = date;
	else if (text_starts(head, "GET /long"))
		when = "99999999999";
	tls_say_text(p, "HTTP/1.1 429 Slow\r\nContent-Length: 0\r\n");
	tls_say_text(p, "Retry-After: ");
	tls_say_text(p, when);
	tls_say_text(p, "\r\n\r\n");
	return true;
}

static int64_t
retry_after_of(const char *path)
{
	const struct http_req req = get(path);
	struct http_res res;

	OK(http_do(test_cx(), &req, &res));
	return res.retry_after_ms;
}

ATF_TC_WITHOUT_HEAD(retry_after_is_read_in_every_form);
ATF_TC_BODY(retry_after_is_read_in_every_form, tc)
{
	int64_t ms;

	begin(later);
	ATF_CHECK_EQ(2000, retry_after_of("/"));
	ATF_CHECK_EQ(2000, retry_after_of("/shopify"));
	ms = retry_after_of("/date");
	ATF_CHECK_MSG(ms > 90000 && ms <= 100000, "%d", (int)ms);
	ATF_CHECK_EQ(24 * 3600 * 1000, retry_after_of("/long"));
	end();
}

static bool
elsewhere(struct tls_peer *p, const char *head, const char *body)
{
	(void)head, (void)body;
	tls_say_text(p,
	    "HTTP/1.1 302 Found\r\nLocation: https://good.test/other\r\n"
	    "Content-Length: 0\r\n\r\n");
	return true;
}

ATF_TC_WITHOUT_HEAD(a_redirect_is_not_followed);
ATF_TC_BODY(a_redirect_is_not_followed, tc)
{
	struct http_res res;

	begin(elsewhere);
	OK(fetch(&res));
	ATF_CHECK_EQ(302, res.status);
	http_stop();
	ATF_CHECK_EQ(1, ended().requests);
	tls_stop(&server);
}

ATF_TC_WITHOUT_HEAD(a_connection_is_used_again);
ATF_TC_BODY(a_connection_is_used_again, tc)
{
	struct http_res res;

	begin(tls_ok);
	OK(fetch(&res));
	OK(fetch(&res));
	OK(fetch(&res));
	http_stop();
	ATF_CHECK_EQ(3, ended().requests);
	tls_stop(&server);
}

/* ---- how much is taken */

/* GET /N: N bytes, their number said before; GET /chunked/N: not said. */
static bool
bytes(struct tls_peer *p, const char *head, const char *body)
{
	const bool chunked = text_starts(head, "GET /chunked");
	const int n = (int)strtol(head + (chunked ? 13 : 5), NULL, 10);

	(void)body;
	if (chunked)
		tls_say_text(
		    p, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
	else
		tls_say_text(
		    p, text_fmt(test_arena(),
			   "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", n));
	for (int i = 0; i < n; i++)
		tls_say_text(p, chunked ? "1\r\nx\r\n" : "x");
	if (chunked)
		tls_say_text(p, "0\r\n\r\n");
	return true;
}

static enum rc
take(const char *path, size_t *n)
{
	const struct http_req req = get(path);
	struct http_res res;

	rc_forget(test_cx());
	TRY(http_do(test_cx(), &req, &res));
	*n = res.body.n;
	return RC_OK;
}

ATF_TC_WITHOUT_HEAD(an_answer_up_to_its_limit_is_taken_and_no_byte_more);
ATF_TC_BODY(an_answer_up_to_its_limit_is_taken_and_no_byte_more, tc)
{
	size_t n = 0;

	begin(bytes);
	OK(take("/1000", &n));
	ATF_CHECK_EQ(1000, n);
	OK(take("/chunked/1000", &n));
	ATF_CHECK_EQ(1000, n);
	check_fault(take("/1001", &n), "good.test: the answer is too long");
	check_fault(take("/chunked/1001", &n), "the answer is too long");
	end();
}

static bool
packed(struct tls_peer *p, const char *head, const char *body)
{
	static const unsigned char ok[] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3,
		0xcb, 0xcf, 6, 0, 0x47, 0xdd, 0xdc, 0x79, 2, 0, 0, 0 };

	(void)head, (void)body;
	tls_say_text(p, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
			"Content-Length: 22\r\n\r\n");
	tls_say(p, ok, sizeof(ok));
	return true;
}

ATF_TC_WITHOUT_HEAD(a_packed_answer_is_unpacked);
ATF_TC_BODY(a_packed_answer_is_unpacked, tc)
{
	struct http_res res;

	begin(packed);
	OK(fetch(&res));
	ATF_CHECK_STREQ("ok", res.body.p);
	end();
}

/* Ten megabytes of one letter, in fifteen kilobytes. */
static bool
bomb(struct tls_peer *p, const char *head, const char *body)
{
	static char packed_bytes[64 * 1024];
	FILE *f = fopen("bomb.gz", "r");
	const size_t n =
	    f ? fread(packed_bytes, 1, sizeof(packed_bytes), f) : 0;

	(void)head, (void)body;
	tls_say_text(p, text_fmt(test_arena(),
			    "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
			    "Content-Length: %zu\r\n\r\n",
			    n));
	tls_say(p, packed_bytes, n);
	return false;
}

static void
make_bomb(void)
{
	const pid_t pid = fork();
	int status = -1;

	if (pid == 0) {
		(void)execl("/bin/sh", "sh", "-c",
		    "head -c 10000000 /dev/zero | gzip -9 > bomb.gz",
		    (char *)NULL);
		_exit(127);
	}
	ATF_REQUIRE(waitpid(pid, &status, 0) == pid && status == 0);
}

ATF_TC_WITHOUT_HEAD(what_unpacks_past_the_limit_is_not_taken);
ATF_TC_BODY(what_unpacks_past_the_limit_is_not_taken, tc)
{
	struct http_req req = get("/");
	struct http_res res;

	make_bomb();
	begin(bomb);
	req.max_bytes = TEN_MB;
	OK(http_do(test_cx(), &req, &res));
	ATF_CHECK_EQ(TEN_MB, res.body.n);
	req.max_bytes = TEN_MB - 1;
	check_fault(http_do(test_cx(), &req, &res), "the answer is too long");
	end();
}

/* A gzip of a million blocks with nothing in them. */
static bool
hollow(struct tls_peer *p, const char *head, const char *body)
{
	static const unsigned char first[] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0,
		3 };
	static const unsigned char block[5] = { 0, 0, 0, 0xff, 0xff };

	(void)head, (void)body;
	tls_say_text(p, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n");
	tls_say(p, first, sizeof(first));
	for (int i = 0; i < 1000000; i++)
		tls_say(p, block, sizeof(block));
	return false;
}

ATF_TC_WITHOUT_HEAD(what_is_long_only_while_packed_is_not_taken_either);
ATF_TC_BODY(what_is_long_only_while_packed_is_not_taken_either, tc)
{
	struct http_res res;

	begin(hollow);
	check_fault(fetch(&res), "the answer is too long");
	end();
}

static bool
chatty(struct tls_peer *p, const char *head, const char *body)
{
	(void)head, (void)body;
	tls_say_text(p, "HTTP/1.1 200 OK\r\n");
	for (int i = 0; i < 5000; i++)
		tls_say_text(p, "X-Header: of some length\r\n");
	tls_say_text(p, "Content-Length: 0\r\n\r\n");
	return false;
}

ATF_TC_WITHOUT_HEAD(headers_without_end_are_not_taken);
ATF_TC_BODY(headers_without_end_are_not_taken, tc)
{
	struct http_res res;

	begin(chatty);
	check_fault(fetch(&res), "headers are too long");
	end();
}

/* ---- how it ends otherwise */

static bool
cut_short(struct tls_peer *p, const char *head, const char *body)
{
	(void)head, (void)body;
	tls_say_text(p, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
	return false;
}

ATF_TC_WITHOUT_HEAD(half_an_answer_is_none);
ATF_TC_BODY(half_an_answer_is_none, tc)
{
	struct http_res res;

	begin(cut_short);
	check_fault(fetch(&res), "good.test: ");
	end();
}

static bool
silent(struct tls_peer *p, const char *head, const char *body)
{
	if (text_starts(head, "GET /headers"))
		tls_say_text(
		    p, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
	while (body)
		(void)pause();
	return false;
}

ATF_TC_WITHOUT_HEAD(no_answer_ends_when_its_time_is_over);
ATF_TC_BODY(no_answer_ends_when_its_time_is_over, tc)
{
	const int64_t began = clock_ms();
	struct http_req req = get("/");
	struct http_res res;

	begin(silent);
	req.timeout_ms = 300;
	check_fault(http_do(test_cx(), &req, &res), "timed out");
	ATF_CHECK(clock_ms() - began < SOON_MS);
	end();
}

ATF_TC_WITHOUT_HEAD(an_answer_that_falls_silent_ends);
ATF_TC_BODY(an_answer_that_falls_silent_ends, tc)
{
	const int64_t began = clock_ms();
	struct http_req req = get("/headers");
	struct http_res res;

	begin(silent);
	req.timeout_ms = 60000;
	req.quiet_ms = 1000;
	check_fault(http_do(test_cx(), &req, &res), "too slow");
	ATF_CHECK(clock_ms() - began < SOON_MS);
	end();
}

static bool
at_once(void)
{
	return true;
}

ATF_TC_WITHOUT_HEAD(a_stop_ends_a_call);
ATF_TC_BODY(a_stop_ends_a_call, tc)
{
	struct cx cx = *test_cx();
	const struct http_req req = get("/");
	struct http_res res;

	begin(silent);
	cx.should_stop = at_once;
	ATF_CHECK_EQ(RC_STOPPED, http_do(&cx, &req, &res));
	end();
}

ATF_TC_WITHOUT_HEAD(after_a_failure_the_next_call_works);
ATF_TC_BODY(after_a_failure_the_next_call_works, tc)
{
	size_t n = 0;

	begin(bytes);
	check_fault(take("/1001", &n), "too long");
	OK(take("/10", &n));
	ATF_CHECK_EQ(10, n);
	end();
}

ATF_TC_WITHOUT_HEAD(nobody_listening_is_said_with_the_hosts_name);
ATF_TC_BODY(nobody_listening_is_said_with_the_hosts_name, tc)
{
	struct http_res res;

	begin(tls_ok);
	tls_stop(&server);
	check_fault(fetch(&res), "good.test: ");
	http_stop();
}

ATF_TC_WITHOUT_HEAD(a_failure_never_tells_the_query);
ATF_TC_BODY(a_failure_never_tells_the_query, tc)
{
	struct http_req req = get("/");
	struct http_res res;

	begin(cut_short);
	OK(http_url(test_cx(), "good.test", "/", "code=do_not_tell", &req.url));
	check_fault(http_do(test_cx(), &req, &res), "good.test: ");
	CHECK_LACKS(test_cx()->fault.sentence, "do_not_tell");
	end();
}

ATF_TC_WITHOUT_HEAD(a_call_within_a_transaction_ends_the_process);
ATF_TC_BODY(a_call_within_a_transaction_ends_the_process, tc)
{
	struct http_res res;
	int status = 0;
	pid_t pid;

	begin(tls_ok);
	pid = fork();
	if (pid == 0) {
		(void)close(STDERR_FILENO); /* where assert speaks */
		wait_forbid("a transaction is open");
		(void)!fetch(&res);
		_exit(0);
	}
	ATF_REQUIRE(waitpid(pid, &status, 0) == pid);
	ATF_CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	end();
}

/* ---- where it goes */

static enum rc
call(const char *url)
{
	const struct http_req req = {
		.method = "GET", .url = url, .max_bytes = 1000
	};
	struct http_res res;

	rc_forget(test_cx());
	return http_do(test_cx(), &req, &res);
}

ATF_TC_WITHOUT_HEAD(what_is_not_mapped_is_not_on_loopback);
ATF_TC_BODY(what_is_not_mapped_is_not_on_loopback, tc)
{
	static const char *const hosts[] = { "127.0.0.1", "localhost",
		"[::ffff:127.0.0.1]", "2130706433", "0.0.0.0" };
	struct tls_report report;
	struct arena *mem = test_arena();

	begin(tls_ok);
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
		check_fault(call(text_fmt(
				mem, "https://%s:%d/", hosts[i], server.port)),
		    "its address is not a public one but");
	/* Another port of a mapped host is not mapped either. */
	ATF_CHECK_EQ(RC_REMOTE,
	    call(text_fmt(mem, "https://good.test:%d/", server.port)));
	ATF_CHECK(!tls_next(&server, 0, &report));
	end();
}

ATF_TC_WITHOUT_HEAD(nothing_but_https_is_called);
ATF_TC_BODY(nothing_but_https_is_called, tc)
{
	static const char *const urls[] = { "http://good.test/",
		"ftp://good.test/", "file:///etc/passwd", "good.test",
		"https://me:secret@good.test/", "https:///", "https://", "" };

	begin(tls_ok);
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++)
		ATF_CHECK_MSG(
		    call(urls[i]) == RC_REMOTE, "called: %s", urls[i]);
	end();
}

ATF_TC_WITHOUT_HEAD(http_without_tls_is_not_called_where_it_would_work);
ATF_TC_BODY(http_without_tls_is_not_called_where_it_would_work, tc)
{
	server.plain = true;
	begin(tls_ok);
	conf_set(C_CONNECT_TO,
	    text_fmt(test_arena(), "good.test:80:127.0.0.1:%d", server.port));
	OK(http_start(test_cx()));
	check_fault(call("http://good.test/"), "rotocol");
	end();
}

ATF_TC_WITHOUT_HEAD(every_host_below_a_suffix_can_be_mapped);
ATF_TC_BODY(every_host_below_a_suffix_can_be_mapped, tc)
{
	server.cert.names = "DNS:*.shops.test";
	begin(tls_ok);
	conf_set(
	    C_CONNECT_TO, text_fmt(test_arena(),
			      "*.shops.test:443:127.0.0.1:%d", server.port));
	OK(http_start(test_cx()));
	OK(call("https://one.shops.test/"));
	OK(call("https://TWO.shops.test/"));
	ATF_CHECK_EQ(RC_REMOTE, call("https://one.shops.test:444/"));
	end();
}

ATF_TC_WITHOUT_HEAD(only_who_is_in_ca_file_is_trusted);
ATF_TC_BODY(only_who_is_in_ca_file_is_trusted, tc)
{
	struct http_res res;

	begin(tls_ok);
	ATF_REQUIRE(rename("ca.pem", "real.pem") == 0);
	cert_ca("ca.pem"); /* another one, of the same name */
	OK(http_start(test_cx()));
	check_fault(fetch(&res), "good.test: ");
	end();
}

ATF_TC_WITHOUT_HEAD(settings_that_cannot_be_used_stop_the_start);
ATF_TC_BODY(settings_that_cannot_be_used_stop_the_start, tc)
{
	conf_set(C_CA_FILE, "nowhere.pem");
	ATF_CHECK_EQ(RC_INPUT, http_start(test_cx()));
	rc_forget(test_cx());
	conf_set(C_CA_FILE, "");
	conf_set(C_CONNECT_TO, "good.test:443");
	ATF_CHECK_EQ(RC_INPUT, http_start(test_cx()));
	CHECK_HAS(test_cx()->fault.sentence, "CONNECT_TO: \"good.test:443\"");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_get_sends_path_host_and_who_we_are);
	ATF_TP_ADD_TC(tp, a_post_sends_headers_and_body);
	ATF_TP_ADD_TC(tp, methods_go_out_by_their_name);
	ATF_TP_ADD_TC(tp, a_header_in_two_lines_is_our_bug);
	ATF_TP_ADD_TC(tp, proxies_and_passwords_lying_about_are_not_used);
	ATF_TP_ADD_TC(tp, session_keys_are_written_nowhere);
	ATF_TP_ADD_TC(tp, any_status_is_an_answer_with_headers_and_any_bytes);
	ATF_TP_ADD_TC(tp, retry_after_is_read_in_every_form);
	ATF_TP_ADD_TC(tp, a_redirect_is_not_followed);
	ATF_TP_ADD_TC(tp, a_connection_is_used_again);
	ATF_TP_ADD_TC(tp, an_answer_up_to_its_limit_is_taken_and_no_byte_more);
	ATF_TP_ADD_TC(tp, a_packed_answer_is_unpacked);
	ATF_TP_ADD_TC(tp, what_unpacks_past_the_limit_is_not_taken);
	ATF_TP_ADD_TC(tp, what_is_long_only_while_packed_is_not_taken_either);
	ATF_TP_ADD_TC(tp, headers_without_end_are_not_taken);
	ATF_TP_ADD_TC(tp, half_an_answer_is_none);
	ATF_TP_ADD_TC(tp, no_answer_ends_when_its_time_is_over);
	ATF_TP_ADD_TC(tp, an_answer_that_falls_silent_ends);
	ATF_TP_ADD_TC(tp, a_stop_ends_a_call);
	ATF_TP_ADD_TC(tp, after_a_failure_the_next_call_works);
	ATF_TP_ADD_TC(tp, nobody_listening_is_said_with_the_hosts_name);
	ATF_TP_ADD_TC(tp, a_failure_never_tells_the_query);
	ATF_TP_ADD_TC(tp, a_call_within_a_transaction_ends_the_process);
	ATF_TP_ADD_TC(tp, what_is_not_mapped_is_not_on_loopback);
	ATF_TP_ADD_TC(tp, nothing_but_https_is_called);
	ATF_TP_ADD_TC(tp, http_without_tls_is_not_called_where_it_would_work);
	ATF_TP_ADD_TC(tp, every_host_below_a_suffix_can_be_mapped);
	ATF_TP_ADD_TC(tp, only_who_is_in_ca_file_is_trusted);
	ATF_TP_ADD_TC(tp, settings_that_cannot_be_used_stop_the_start);
	return atf_no_error();
}
