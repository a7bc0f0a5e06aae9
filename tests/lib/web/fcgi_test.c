/*
 * A program under FastCGI as a web server sees it, and as somebody sees it who
 * is none (REL-14, REL-15).
 */
#include <atf-c.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "lib/web/fake_source.h"
#include "lib/web/fcgi.h"
#include "lib/web/served.h"
#include "test.h"

enum { SOON_MS = 200 };

static const char *
get(const char *uri)
{
	return served_talk(fcgi_request("GET", uri, NULL, NULL));
}

/* A good request is answered, and soon. */
static void
is_well(void)
{
	const int64_t begun = clock_ms();
	const char *a = get("/hello");

	ATF_REQUIRE(a != NULL);
	ATF_CHECK_EQ(200, fake_status(a));
	ATF_CHECK_MSG(clock_ms() - begun <= SOON_MS, "after %lld ms",
	    (long long)(clock_ms() - begun));
}

static int64_t
process_of(void)
{
	return jint_or(fake_json(get("/pid")), "pid", 0);
}

ATF_TC_WITHOUT_HEAD(a_request_is_answered_whole);
ATF_TC_BODY(a_request_is_answered_whole, tc)
{
	const char *a;

	served_start("echo", NULL, NULL);
	a = get("/hello/x");
	ATF_CHECK_EQ(200, fake_status(a));
	ATF_CHECK_STREQ("x", jtext_or(fake_json(a), "id", ""));
	a = get("/large");
	ATF_CHECK_EQ(1000000, strlen(fake_text(a)));
	a = served_talk(
	    fcgi_request("POST", "/things", "{\"label\":\"x\"}", NULL));
	ATF_CHECK_EQ(201, fake_status(a));
}

ATF_TC_WITHOUT_HEAD(a_large_body_comes_through);
ATF_TC_BODY(a_large_body_comes_through, tc)
{
	char *body = arena_alloc(test_arena(), 300001);

	served_start("echo", NULL, NULL);
	memset(body, 'x', 262144);
	ATF_CHECK_STREQ(body,
	    fake_text(served_talk(fcgi_request("POST", "/raw", body, NULL))));
	memset(body, 'x', 300000);
	ATF_CHECK_EQ(413,
	    fake_status(served_talk(fcgi_request("POST", "/raw", body, NULL))));
	is_well();
}

/* As Apache does it: in small parts, each when poll says there is room. */
static bool
say_when_asked(int fd, struct slice bytes, size_t part)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	while (bytes.n > 0) {
		const size_t n = bytes.n < part ? bytes.n : part;

		if (poll(&p, 1, 1000) != 1 ||
		    !served_say(fd, (struct slice){ bytes.p, n }))
			return false;
		bytes = (struct slice){ bytes.p + n, bytes.n - n };
	}
	return true;
}

ATF_TC_WITHOUT_HEAD(a_body_in_small_parts_is_not_waited_for_whole);
ATF_TC_BODY(a_body_in_small_parts_is_not_waited_for_whole, tc)
{
	static const size_t parts[] = { 500, 1460, 8200 };
	char *body = arena_alloc(test_arena(), 200001);

	served_start("echo", NULL, NULL);
	memset(body, 'x', 200000);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		const int fd = served_connect();

		ATF_REQUIRE(say_when_asked(
		    fd, fcgi_request("POST", "/raw", body, NULL), parts[i]));
		ATF_CHECK_STREQ(body, fake_text(served_hear(fd)));
	}
}

ATF_TC_WITHOUT_HEAD(garbage_is_dropped_and_the_next_request_answered);
ATF_TC_BODY(garbage_is_dropped_and_the_next_request_answered, tc)
{
	static const struct slice garbage[] = {
		{ "GET / HTTP/1.1\r\nHost: x\r\n\r\n", 27 },
		{ "\0\0\0\0\0\0\0\0", 8 },
		{ "\1\11\0\0\0\0\0\0", 8 },
		{ "\1\2\0\1\0\0\0\0", 8 },
		{ "\1\1\0\1\0\10\0\0\0\3\0\0\0\0\0\0", 16 },
		{ "\377\377\377\377\377\377\377\377\377\377\377\377", 12 },
	};

	served_start("echo", NULL, NULL);
	for (size_t i = 0; i < sizeof(garbage) / sizeof(garbage[0]); i++) {
		ATF_CHECK(served_talk(garbage[i]) == NULL);
		is_well();
	}
}

ATF_TC_WITHOUT_HEAD(a_length_past_all_memory_ends_nobody);
ATF_TC_BODY(a_length_past_all_memory_ends_nobody, tc)
{
	struct buf b = buf_new(test_arena(), 1000);
	int64_t before;

	served_start("echo", NULL, NULL);
	before = process_of();
	fcgi_begin_record(&b);
	fcgi_record(&b, FCGI_PARAMS,
	    (struct slice){ "\377\377\377\377\377\377\377\376x", 9 });
	ATF_CHECK(served_talk(buf_slice(&b)) == NULL);
	is_well();
	ATF_CHECK_EQ(before, process_of());
}

ATF_TC_WITHOUT_HEAD(silent_and_stalled_connections_hold_nobody_up);
ATF_TC_BODY(silent_and_stalled_connections_hold_nobody_up, tc)
{
	const struct slice all = fcgi_request("POST", "/raw", "body", NULL);
	int fds[100];

	served_start("echo", NULL, NULL);
	for (size_t i = 0; i < 100; i++) {
		fds[i] = served_connect();
		served_say(fds[i], (struct slice){ all.p, i * all.n / 101 });
		if (i % 10 == 0)
			is_well();
	}
	is_well();
	for (size_t i = 0; i < 100; i++)
		(void)close(fds[i]);
	is_well();
}

ATF_TC_WITHOUT_HEAD(a_request_in_two_parts_is_served_when_it_is_whole);
ATF_TC_BODY(a_request_in_two_parts_is_served_when_it_is_whole, tc)
{
	const struct slice all = fcgi_request("POST", "/raw", "body", NULL);

	served_start("echo", NULL, NULL);
	for (size_t cut = 1; cut < all.n; cut++) {
		const int fd = served_connect();

		served_say(fd, (struct slice){ all.p, cut });
		if (cut % 7 == 0)
			is_well();
		served_say(fd, (struct slice){ all.p + cut, all.n - cut });
		ATF_CHECK_STREQ("body", fake_text(served_hear(fd)));
	}
}

ATF_TC_WITHOUT_HEAD(a_body_that_does_not_come_gets_408);
ATF_TC_BODY(a_body_that_does_not_come_gets_408, tc)
{
	const struct slice all = fcgi_request("POST", "/raw", "body", NULL);
	const int64_t begun = clock_ms();
	const char *a;

	served_start("echo", NULL, NULL);
	a = served_talk((struct slice){ all.p, all.n - 10 });
	ATF_CHECK_EQ(408, fake_status(a));
	ATF_CHECK(clock_ms() - begun >= SOURCE_READ_MS - 100);
	ATF_CHECK(clock_ms() - begun < SOURCE_READ_MS + 2000);
	is_well();
}

ATF_TC_WITHOUT_HEAD(a_large_body_that_stalls_gets_408);
ATF_TC_BODY(a_large_body_that_stalls_gets_408, tc)
{
	char *body = arena_alloc(test_arena(), 200001);
	struct slice all;

	served_start("echo", NULL, NULL);
	memset(body, 'x', 200000);
	all = fcgi_request("POST", "/raw", body, NULL);
	ATF_CHECK_EQ(
	    408, fake_status(served_talk((struct slice){ all.p, 150000 })));
	is_well();
}

/* Refused without a look at their bodies, which have not come. */
ATF_TC_WITHOUT_HEAD(late_ones_together_hold_nobody_up);
ATF_TC_BODY(late_ones_together_hold_nobody_up, tc)
{
	const struct slice all = fcgi_request("POST", "/nowhere", "body", NULL);
	const int64_t begun = clock_ms();
	int fds[20];

	served_start("echo", NULL, NULL);
	for (size_t i = 0; i < 20; i++) {
		fds[i] = served_connect();
		served_say(fds[i], (struct slice){ all.p, all.n - 10 });
	}
	while (clock_ms() < begun + SOURCE_READ_MS + 500) {
		is_well();
		ATF_REQUIRE_EQ(0, poll(NULL, 0, 20));
	}
	for (size_t i = 0; i < 20; i++)
		ATF_CHECK_EQ(404, fake_status(served_hear(fds[i])));
}

ATF_TC_WITHOUT_HEAD(an_aborted_request_reaches_no_handler);
ATF_TC_BODY(an_aborted_request_reaches_no_handler, tc)
{
	const struct slice all = fcgi_request("GET", "/die", NULL, NULL);
	int64_t before;

	served_start("echo", NULL, NULL);
	before = process_of();
	for (size_t n = 0; n < all.n; n += 3) {
		const int fd = served_connect();

		served_say(fd, (struct slice){ all.p, n });
		(void)close(fd);
	}
	is_well();
	ATF_CHECK_EQ(before, process_of());
}

ATF_TC_WITHOUT_HEAD(a_body_shorter_than_its_length_is_400);
ATF_TC_BODY(a_body_shorter_than_its_length_is_400, tc)
{
	static const char *const extra[] = { "CONTENT_LENGTH", "5",
		"CONTENT_TYPE", "text/plain", NULL };
	struct buf b = buf_new(test_arena(), 1000);
	struct slice all = fcgi_request("POST", "/raw", NULL, extra);

	served_start("echo", NULL, NULL);
	buf_addn(&b, all.p, all.n - 8);
	fcgi_record(&b, FCGI_IN, slice_of("1234"));
	fcgi_record(&b, FCGI_IN, slice_of(""));
	ATF_CHECK_EQ(400, fake_status(served_talk(buf_slice(&b))));
}

ATF_TC_WITHOUT_HEAD(a_stop_wakes_an_idle_program);
ATF_TC_BODY(a_stop_wakes_an_idle_program, tc)
{
	int64_t begun;

	served_start("echo", NULL, NULL);
	is_well();
	begun = clock_ms();
	ATF_REQUIRE_EQ(0, kill(served_pid(), SIGTERM));
	ATF_CHECK_EQ(0, served_end());
	ATF_CHECK(clock_ms() - begun < 1000);
}

ATF_TC_WITHOUT_HEAD(a_stop_lets_what_was_accepted_end);
ATF_TC_BODY(a_stop_lets_what_was_accepted_end, tc)
{
	const struct slice all = fcgi_request("POST", "/raw", "body", NULL);
	int fd;

	served_start("echo", NULL, NULL);
	fd = served_connect();
	served_say(fd, (struct slice){ all.p, all.n - 8 });
	is_well(); /* came later: so the first was accepted before */
	ATF_REQUIRE_EQ(0, kill(served_pid(), SIGTERM));
	served_say(fd, (struct slice){ all.p + all.n - 8, 8 });
	ATF_CHECK_STREQ("body", fake_text(served_hear(fd)));
	ATF_CHECK_EQ(0, served_end());
}

ATF_TC_WITHOUT_HEAD(workers_retire_and_no_request_is_lost);
ATF_TC_BODY(workers_retire_and_no_request_is_lost, tc)
{
	int64_t seen[60];
	size_t n = 0;

	served_start("echo", "WORKERS=2", "MAX_REQUESTS=5");
	for (int i = 0; i < 60; i++) {
		const int64_t now = process_of();
		size_t at = 0;

		ATF_REQUIRE(now != 0);
		while (at < n && seen[at] != now)
			at++;
		if (at == n)
			seen[n++] = now;
	}
	ATF_CHECK(n == 12 || n == 13); /* each answered five, at most */
	ATF_REQUIRE_EQ(0, kill(served_pid(), SIGTERM));
	ATF_CHECK_EQ(0, served_end());
}

ATF_TC_WITHOUT_HEAD(a_fallen_worker_costs_one_request);
ATF_TC_BODY(a_fallen_worker_costs_one_request, tc)
{
	served_start("echo", "WORKERS=2", NULL);
	for (int i = 0; i < 5; i++) {
		ATF_CHECK(get("/die") == NULL);
		ATF_CHECK_EQ(200, fake_status(get("/hello")));
	}
}

static long
resident_pages(int64_t pid)
{
	long size, pages;
	FILE *f = fopen(
	    text_fmt(test_arena(), "/proc/%lld/statm", (long long)pid), "r");

	ATF_REQUIRE(f != NULL);
	ATF_REQUIRE_EQ(2, fscanf(f, "%ld %ld", &size, &pages));
	(void)fclose(f);
	return pages;
}

ATF_TC_WITHOUT_HEAD(a_worker_does_not_grow);
ATF_TC_BODY(a_worker_does_not_grow, tc)
{
	const struct slice post =
	    fcgi_request("POST", "/things", "{\"label\":\"x\"}", NULL);
	int64_t pid;
	long before = 0;

	served_start("echo", NULL, NULL);
	pid = process_of();
	for (int i = 0; i < 4000; i++) {
		struct arena_mark mark = arena_mark(test_arena());

		if (i == 1000)
			before = resident_pages(pid);
		ATF_REQUIRE_EQ(201, fake_status(served_talk(post)));
		arena_back(test_arena(), mark);
	}
	ATF_CHECK(resident_pages(pid) * 4096 < 32 << 20);
	ATF_CHECK_MSG(resident_pages(pid) <= before + before / 50,
	    "%ld pages, %ld after 1000 requests", resident_pages(pid), before);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_request_is_answered_whole);
	ATF_TP_ADD_TC(tp, a_large_body_comes_through);
	ATF_TP_ADD_TC(tp, a_body_in_small_parts_is_not_waited_for_whole);
	ATF_TP_ADD_TC(tp, garbage_is_dropped_and_the_next_request_answered);
	ATF_TP_ADD_TC(tp, a_length_past_all_memory_ends_nobody);
	ATF_TP_ADD_TC(tp, silent_and_stalled_connections_hold_nobody_up);
	ATF_TP_ADD_TC(tp, a_request_in_two_parts_is_served_when_it_is_whole);
	ATF_TP_ADD_TC(tp, a_body_that_does_not_come_gets_408);
	ATF_TP_ADD_TC(tp, a_large_body_that_stalls_gets_408);
	ATF_TP_ADD_TC(tp, late_ones_together_hold_nobody_up);
	ATF_TP_ADD_TC(tp, an_aborted_request_reaches_no_handler);
	ATF_TP_ADD_TC(tp, a_body_shorter_than_its_length_is_400);
	ATF_TP_ADD_TC(tp, a_stop_wakes_an_idle_program);
	ATF_TP_ADD_TC(tp, a_stop_lets_what_was_accepted_end);
	ATF_TP_ADD_TC(tp, workers_retire_and_no_request_is_lost);
	ATF_TP_ADD_TC(tp, a_fallen_worker_costs_one_request);
	ATF_TP_ADD_TC(tp, a_worker_does_not_grow);
	return atf_no_error();
}
