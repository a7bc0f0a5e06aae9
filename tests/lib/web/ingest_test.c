/*
 * The ingest shape as a web server sees it, as somebody sees it who is none,
 * and as one whose database fails. REL-1, REL-6, REL-10, REL-14, REL-15, SEC-9,
 * SEC-24, SEC-25, SEC-26.
 */
#include <atf-c.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "lib/web/fake_source.h"
#include "lib/web/fcgi.h"
#include "lib/web/served.h"
#include "test.h"
#include "web/guard.h"

enum { SOON_MS = 200, MOST = 4 << 20, PATIENCE_MS = 10000 };

/* ---- asking */

static void
start(void)
{
	served_start("ingest_echo", NULL, NULL);
}

/* A signed request to be kept under that name; `what` as X-Do, or NULL. */
static struct slice
delivery(const char *name, const char *body, const char *what)
{
	const char *extra[] = { "HTTP_X_SHOPIFY_HMAC_SHA256", "good",
		"HTTP_X_SHOPIFY_NAME", name, what == NULL ? NULL : "HTTP_X_DO",
		what, NULL };

	return fcgi_request("POST", "/webhooks", body, extra);
}

static int
deliver(const char *name, const char *what)
{
	const char *a = served_talk(delivery(name, "body", what));

	ATF_REQUIRE(a != NULL);
	return fake_status(a);
}

/* Without waiting for the answer. */
static int
ask(struct slice bytes)
{
	const int fd = served_connect();

	served_say(fd, bytes);
	return fd;
}

static int
status_of(int fd)
{
	const char *a = served_hear(fd);

	return a == NULL ? 0 : fake_status(a);
}

static int64_t slowest_us; /* of the good requests so far */

/* A good request is kept, and soon. */
static void
is_well(void)
{
	const int64_t begun_us = clock_us();
	int64_t took_us;

	ATF_REQUIRE_EQ(200, deliver("well", NULL));
	took_us = clock_us() - begun_us;
	ATF_CHECK_MSG(
	    took_us <= SOON_MS * 1000, "after %lld us", (long long)took_us);
	slowest_us = took_us > slowest_us ? took_us : slowest_us;
}

/* How often the program has kept a request of that name. */
static int
kept(const char *name)
{
	const char *line = text_fmt(test_arena(), "%s ", name);
	struct slice text, part;
	int n = 0;

	OK(file_read(test_cx(), "kept", MOST, FILE_ANY, &text));
	while (text_next(&text, '\n', &part))
		n += part.n >= strlen(line) &&
		     memcmp(part.p, line, strlen(line)) == 0;
	return n;
}

/* What all requests are told by a file of that name in the program's folder. */
static void
tell(const char *name)
{
	const int fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	ATF_REQUIRE(fd >= 0);
	(void)close(fd);
}

static void
untell(const char *name)
{
	ATF_REQUIRE_EQ(0, unlink(name));
}

static const char *
filled(char c, size_t n)
{
	char *p = arena_alloc(test_arena(), n + 1);

	memset(p, c, n);
	return p;
}

/* ---- what is kept */

ATF_TC_WITHOUT_HEAD(a_request_is_kept_and_then_answered);
ATF_TC_BODY(a_request_is_kept_and_then_answered, tc)
{
	const char *a;

	start();
	a = served_talk(delivery("one", "body", NULL));
	ATF_REQUIRE(a != NULL);
	ATF_CHECK_EQ(200, fake_status(a));
	ATF_CHECK_STREQ("", fake_text(a));
	ATF_CHECK(fake_header(a, "X-Request-Id") != NULL);
	ATF_CHECK_EQ(1, kept("one"));
}

static unsigned int
sum_of(const char *p, size_t n)
{
	unsigned int sum = 0;

	for (size_t i = 0; i < n; i++)
		sum = sum * 31 + (unsigned char)p[i];
	return sum;
}

/* The helper turns each byte over in place, and writes all around it. */
ATF_TC_WITHOUT_HEAD(a_body_of_any_size_comes_through);
ATF_TC_BODY(a_body_of_any_size_comes_through, tc)
{
	static const size_t sizes[] = { 0, 1, 5999, 16384, 16385, 65536,
		GUARD_BODY_BYTES };

	start();
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		const char *name = text_fmt(test_arena(), "size%zu", i);
		char *body = arena_alloc(test_arena(), sizes[i] + 1);

		for (size_t k = 0; k < sizes[i]; k++)
			body[k] = (char)('a' + k * 7 % 26);
		ATF_CHECK_EQ(200, status_of(ask(delivery(name, body, NULL))));
		ATF_CHECK_EQ(1,
		    kept(text_fmt(test_arena(), "%s %zu %u", name, sizes[i],
			sum_of(body, sizes[i]))) +
			kept(text_fmt(test_arena(), "%s %zu", name, sizes[i])));
	}
}

/* Nothing lies where its bytes would, and yet there is room around it. */
ATF_TC_WITHOUT_HEAD(an_empty_body_is_kept_as_any_other);
ATF_TC_BODY(an_empty_body_is_kept_as_any_other, tc)
{
	static const char *const bodies[] = { "", NULL };

	start();
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		ATF_CHECK_EQ(
		    200, status_of(ask(delivery("empty", bodies[i], NULL))));
		ATF_CHECK_EQ((int)i + 1, kept("empty 0"));
		is_well();
	}
}

ATF_TC_WITHOUT_HEAD(what_is_refused_is_not_kept);
ATF_TC_BODY(what_is_refused_is_not_kept, tc)
{
	static const char *const wrong[] = { "HTTP_X_SHOPIFY_HMAC_SHA256",
		"bad", "HTTP_X_SHOPIFY_NAME", "wrong", NULL };
	const char *a;

	start();
	a = served_talk(fcgi_request("POST", "/webhooks", "body", wrong));
	ATF_CHECK_EQ(401, fake_status(a));
	ATF_CHECK_STREQ("unauthorized", jtext_or(fake_json(a), "code", ""));
	ATF_CHECK_STREQ(fake_header(a, "X-Request-Id"),
	    jtext_or(fake_json(a), "request_id", ""));
	ATF_CHECK_EQ(204, deliver("wrong", "drop"));
	is_well();
	ATF_CHECK_EQ(0, kept("wrong"));
}

/* SEC-9: as if it had not come at all. */
ATF_TC_WITHOUT_HEAD(a_signature_that_comes_twice_is_none);
ATF_TC_BODY(a_signature_that_comes_twice_is_none, tc)
{
	static const char *const twice[] = { "HTTP_X_SHOPIFY_HMAC_SHA256",
		"good", "HTTP_X_SHOPIFY_HMAC_SHA256", "good", NULL };
	static const char *const joined[] = { "HTTP_X_SHOPIFY_HMAC_SHA256",
		"good, good", NULL };
	static const char *const other[] = { "HTTP_HOST", "a", NULL };

	start();
	ATF_CHECK_EQ(401,
	    status_of(ask(fcgi_request("POST", "/webhooks", "body", twice))));
	ATF_CHECK_EQ(401,
	    status_of(ask(fcgi_request("POST", "/webhooks", "body", joined))));
	ATF_CHECK_EQ(400,
	    status_of(ask(fcgi_request("POST", "/webhooks", "body", other))));
}

/* While one batch is kept, what comes is the next. */
static void
wait_checked(off_t n)
{
	const int64_t until = clock_ms() + PATIENCE_MS;
	struct stat st = { 0 };

	while (stat("checked", &st) != 0 || st.st_size < n) {
		ATF_REQUIRE(clock_ms() < until);
		(void)poll(NULL, 0, 1);
	}
}

static int
begin_batch(void)
{
	int fd;

	tell("slow");
	fd = ask(delivery("before", "body", NULL));
	wait_checked(1);
	/* Whoever is checked now comes after it. */
	return fd;
}

/* All `n` that came since are in the lane. */
static void
end_batch(off_t n)
{
	wait_checked(n + 1);
	untell("slow");
}

ATF_TC_WITHOUT_HEAD(repeats_in_a_batch_are_kept_once_and_all_answered);
ATF_TC_BODY(repeats_in_a_batch_are_kept_once_and_all_answered, tc)
{
	int fds[20], before;

	start();
	before = begin_batch();
	for (size_t i = 0; i < 20; i++)
		fds[i] = ask(delivery(i % 2 ? "same" : "other", "body", NULL));
	end_batch(20);
	ATF_CHECK_EQ(200, status_of(before));
	for (size_t i = 0; i < 20; i++)
		ATF_CHECK_EQ(200, status_of(fds[i]));
	ATF_CHECK_EQ(1, kept("same"));
	ATF_CHECK_EQ(1, kept("other"));
}

ATF_TC_WITHOUT_HEAD(a_bad_row_costs_the_others_nothing);
ATF_TC_BODY(a_bad_row_costs_the_others_nothing, tc)
{
	int fds[20], before;

	start();
	before = begin_batch();
	for (size_t i = 0; i < 20; i++)
		fds[i] = ask(delivery(text_fmt(test_arena(), "row%zu", i),
		    "body", i == 7 || i == 8 || i == 19 ? "fail" : NULL));
	end_batch(20);
	ATF_CHECK_EQ(200, status_of(before));
	for (size_t i = 0; i < 20; i++) {
		const bool bad = i == 7 || i == 8 || i == 19;

		ATF_CHECK_EQ(bad ? 422 : 200, status_of(fds[i]));
		ATF_CHECK_EQ(
		    bad ? 0 : 1, kept(text_fmt(test_arena(), "row%zu", i)));
	}
}

ATF_TC_WITHOUT_HEAD(a_bad_row_is_answered_with_its_repeats);
ATF_TC_BODY(a_bad_row_is_answered_with_its_repeats, tc)
{
	int fds[6], before;

	start();
	before = begin_batch();
	for (size_t i = 0; i < 6; i++)
		fds[i] = ask(delivery(
		    i < 3 ? "bad" : "good", "body", i < 3 ? "fail" : NULL));
	end_batch(6);
	ATF_CHECK_EQ(200, status_of(before));
	for (size_t i = 0; i < 6; i++)
		ATF_CHECK_EQ(i < 3 ? 422 : 200, status_of(fds[i]));
	ATF_CHECK_EQ(1, kept("good"));
}

/* ---- the database is unwell */

ATF_TC_WITHOUT_HEAD(without_a_database_all_are_told_to_come_back);
ATF_TC_BODY(without_a_database_all_are_told_to_come_back, tc)
{
	int64_t begun;
	const char *a;

	start();
	is_well();
	tell("down");
	for (int i = 0; i < 20; i++) {
		begun = clock_ms();
		a = served_talk(delivery("lost", "body", NULL));
		ATF_REQUIRE(a != NULL);
		ATF_CHECK_EQ(503, fake_status(a));
		ATF_CHECK(fake_header(a, "Retry-After") != NULL);
		ATF_CHECK(clock_ms() - begun < SOON_MS);
	}
	/* Who is refused anyway is told why. */
	ATF_CHECK_EQ(
	    405, status_of(ask(fcgi_request("GET", "/webhooks", NULL, NULL))));
	untell("down");
	begun = clock_ms();
	while (deliver("after", NULL) != 200)
		ATF_REQUIRE(clock_ms() - begun < 2000);
	is_well();
	ATF_CHECK_EQ(0, kept("lost"));
	ATF_CHECK_EQ(1, kept("after"));
}

ATF_TC_WITHOUT_HEAD(those_that_wait_are_told_with_the_batch_that_failed);
ATF_TC_BODY(those_that_wait_are_told_with_the_batch_that_failed, tc)
{
	int fds[10], before;

	start();
	before = begin_batch();
	tell("down");
	for (size_t i = 0; i < 10; i++)
		fds[i] = ask(delivery("waits", "body", NULL));
	end_batch(10);
	ATF_CHECK_EQ(503, status_of(before));
	for (size_t i = 0; i < 10; i++)
		ATF_CHECK_EQ(503, status_of(fds[i]));
	ATF_CHECK_EQ(0, kept("waits"));
}

static void
until_told(int status)
{
	const int64_t begun = clock_ms();

	while (deliver("any", NULL) != status)
		ATF_REQUIRE(clock_ms() - begun < 2500);
}

/* Nobody has to ask before it is known. */
ATF_TC_WITHOUT_HEAD(the_tick_may_find_the_database_unwell);
ATF_TC_BODY(the_tick_may_find_the_database_unwell, tc)
{
	start();
	is_well();
	tell("tick_down");
	until_told(503);
	untell("tick_down");
	until_told(200);
	is_well();
}

/* ---- what the checks share */

ATF_TC_WITHOUT_HEAD(every_second_what_is_shared_is_made_anew);
ATF_TC_BODY(every_second_what_is_shared_is_made_anew, tc)
{
	const int64_t begun = clock_ms();
	const char *a;

	start();
	do {
		a = served_talk(delivery("one", "body", "share"));
		ATF_REQUIRE(a != NULL);
		ATF_REQUIRE_EQ(200, fake_status(a));
		ATF_REQUIRE(clock_ms() - begun < PATIENCE_MS);
	} while (!text_same("later", fake_header(a, "X-Shared")));
	ATF_CHECK(clock_ms() - begun > 900);
}

/* ---- FastCGI */

/* The answer of one request on a connection that stays open. */
static const char *
hear_one(int fd)
{
	struct buf b = buf_new(test_arena(), MOST);
	const char *a;
	char c;

	while ((a = fcgi_said(buf_slice(&b))) == NULL) {
		ATF_REQUIRE_EQ(1, read(fd, &c, 1));
		buf_addc(&b, c);
	}
	return a;
}

static struct slice
to_keep(struct slice request)
{
	char *p = arena_copy(test_arena(), request.p, request.n);

	p[10] = 1; /* FCGI_KEEP_CONN */
	return (struct slice){ p, request.n };
}

ATF_TC_WITHOUT_HEAD(a_kept_connection_takes_one_after_another);
ATF_TC_BODY(a_kept_connection_takes_one_after_another, tc)
{
	int fd;

	start();
	fd = served_connect();
	for (int i = 0; i < 100; i++) {
		const char *name = text_fmt(test_arena(), "kept%d", i);

		served_say(fd, to_keep(delivery(name, "body", NULL)));
		ATF_REQUIRE_EQ(200, fake_status(hear_one(fd)));
		ATF_CHECK_EQ(1, kept(name));
	}
	served_say(fd, delivery("last", "body", NULL));
	ATF_CHECK_EQ(200, status_of(fd)); /* and closed */
}

ATF_TC_WITHOUT_HEAD(an_abort_is_answered_and_nothing_kept);
ATF_TC_BODY(an_abort_is_answered_and_nothing_kept, tc)
{
	const struct slice all = delivery("aborted", "body", NULL);
	struct buf b = buf_new(test_arena(), MOST);
	int fd;

	start();
	buf_addn(&b, to_keep(all).p, all.n - 8);
	fcgi_record(&b, FCGI_ABORT, slice_of(""));
	fd = ask(buf_slice(&b));
	ATF_CHECK_STREQ("", hear_one(fd));
	served_say(fd, delivery("behind", "body", NULL));
	ATF_CHECK_EQ(200, status_of(fd));
	ATF_CHECK_EQ(0, kept("aborted"));
	ATF_CHECK_EQ(1, kept("behind"));
}

ATF_TC_WITHOUT_HEAD(a_server_may_ask_what_we_can);
ATF_TC_BODY(a_server_may_ask_what_we_can, tc)
{
	struct buf asked = buf_new(test_arena(), MOST);
	struct buf b = buf_new(test_arena(), MOST);
	char *answer = arena_alloc(test_arena(), 100);
	const char *wanted = "\17\1FCGI_MPXS_CONNS0";
	int fd;

	start();
	fcgi_pair(&asked, "FCGI_MPXS_CONNS", "");
	fcgi_record_of(&b, FCGI_VALUES, 0, buf_slice(&asked), 0);
	fd = ask(buf_slice(&b));
	ATF_REQUIRE_EQ((ssize_t)(8 + strlen(wanted)),
	    recv(fd, answer, 8 + strlen(wanted), MSG_WAITALL));
	ATF_CHECK_EQ(FCGI_VALUES_RESULT, answer[1]);
	ATF_CHECK_STREQ(wanted, answer + 8);
	served_say(fd, delivery("asked", "body", NULL));
	ATF_CHECK_EQ(200, status_of(fd));
}

ATF_TC_WITHOUT_HEAD(garbage_is_dropped_and_the_next_request_kept);
ATF_TC_BODY(garbage_is_dropped_and_the_next_request_kept, tc)
{
	static const struct slice garbage[] = {
		{ "GET / HTTP/1.1\r\nHost: x\r\n\r\n", 27 },
		{ "\0\0\0\0\0\0\0\0", 8 },
		{ "\1\4\0\1\0\0\0\0", 8 },
		{ "\1\1\0\1\0\10\0\0\0\1\0\0\0\0\0\0"
		  "\1\4\0\1\0\11\0\0\377\377\377\377\377\377\377\376x",
		    33 },
		{ "\377\377\377\377\377\377\377\377\377\377\377\377", 12 },
	};

	start();
	for (size_t i = 0; i < sizeof(garbage) / sizeof(garbage[0]); i++) {
		ATF_CHECK(served_talk(garbage[i]) == NULL);
		is_well();
	}
}

/* One byte after another, by a generator that is the same each time. */
static uint32_t
next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static struct slice
mutated(struct slice all, uint32_t *seed)
{
	char *p = arena_copy(test_arena(), all.p, all.n);
	size_t n = all.n;

	for (uint32_t i = next_random(seed) % 4; i > 0; i--)
		p[next_random(seed) % n] = (char)next_random(seed);
	if (next_random(seed) % 2 == 0)
		n = next_random(seed) % n;
	return (struct slice){ p, n };
}

/* Every other one has had an answer, and may ask again. */
static int
idle_open(size_t i)
{
	const int fd = served_connect();

	if (i % 2 == 0)
		return fd;
	served_say(fd, to_keep(delivery("idle", "body", NULL)));
	ATF_REQUIRE_EQ(200, fake_status(hear_one(fd)));
	return fd;
}

ATF_TC_WITHOUT_HEAD(five_thousand_broken_streams_hold_nobody_up);
ATF_TC_BODY(five_thousand_broken_streams_hold_nobody_up, tc)
{
	const struct slice all = to_keep(delivery("broken", "body", NULL));
	int idle[50], open_ones[50];
	uint32_t seed = 4;

	start();
	for (size_t i = 0; i < 50; i++) {
		idle[i] = idle_open(i);
		open_ones[i] = -1;
	}
	for (size_t i = 0; i < 5000; i++) {
		const struct arena_mark mark = arena_mark(test_arena());
		const size_t at = i % 50;

		if (open_ones[at] >= 0)
			(void)close(open_ones[at]);
		open_ones[at] = ask(mutated(all, &seed));
		if (i % 10 == 0)
			is_well();
		arena_back(test_arena(), mark);
	}
	is_well();
	for (size_t i = 0; i < 50; i++) {
		served_say(idle[i], delivery("idle", "body", NULL));
		ATF_CHECK_EQ(200, status_of(idle[i]));
	}
	ATF_REQUIRE_EQ(0, kill(served_pid(), SIGTERM));
	for (size_t i = 0; i < 50; i++)
		(void)close(open_ones[i]);
	ATF_CHECK_EQ(0, served_end());
	(void)printf("next_max_ms %.2f\n", (double)slowest_us / 1e3);
}

ATF_TC_WITHOUT_HEAD(who_is_late_is_told_so_and_who_is_silent_dropped);
ATF_TC_BODY(who_is_late_is_told_so_and_who_is_silent_dropped, tc)
{
	const struct slice all = delivery("late", "body", NULL);
	const struct slice large = delivery("large", filled('x', 200000), NULL);
	const int64_t begun = clock_ms();
	int silent, half_head, late, stalled;

	start();
	silent = served_connect();
	half_head = ask((struct slice){ all.p, 60 });
	late = ask((struct slice){ all.p, all.n - 8 });
	stalled = ask((struct slice){ large.p, 150000 });
	is_well();
	ATF_CHECK(served_hear(silent) == NULL);
	ATF_CHECK(served_hear(half_head) == NULL);
	ATF_CHECK_EQ(408, status_of(late));
	ATF_CHECK_EQ(408, status_of(stalled));
	ATF_CHECK(clock_ms() - begun >= SOURCE_READ_MS - 100);
	ATF_CHECK(clock_ms() - begun < SOURCE_READ_MS + 2000);
	ATF_CHECK_EQ(0, kept("late"));
}

/* The sender is given the time to send what nobody wants. */
ATF_TC_WITHOUT_HEAD(a_body_that_is_too_large_is_answered_and_swallowed);
ATF_TC_BODY(a_body_that_is_too_large_is_answered_and_swallowed, tc)
{
	int fd;

	start();
	fd = served_connect();
	ATF_CHECK(
	    served_say(fd, delivery("large", filled('x', 3000000), NULL)));
	ATF_CHECK_EQ(413, status_of(fd));
	is_well();
}

ATF_TC_WITHOUT_HEAD(slow_senders_hold_nobody_up);
ATF_TC_BODY(slow_senders_hold_nobody_up, tc)
{
	const struct slice all = delivery("slow one", "body", NULL);
	int fds[300];

	start();
	for (size_t i = 0; i < 300; i++) {
		fds[i] = ask((struct slice){ all.p, i * all.n / 301 });
		if (i % 10 == 0)
			is_well();
	}
	for (size_t i = 0; i < 300; i++) {
		served_say(fds[i], (struct slice){ all.p + i * all.n / 301,
				       all.n - i * all.n / 301 });
		if (i % 10 == 0)
			is_well();
	}
	for (size_t i = 0; i < 300; i++)
		ATF_CHECK_EQ(200, status_of(fds[i]));
}

/* 64 MiB in all, of which large bodies leave some to small ones. */
ATF_TC_WITHOUT_HEAD(bytes_under_way_are_bounded);
ATF_TC_BODY(bytes_under_way_are_bounded, tc)
{
	enum { MANY = 260 };
	const struct slice all =
	    delivery("heavy", filled('x', GUARD_BODY_BYTES), NULL);
	int fds[MANY], told = 0, good = 0;

	start();
	for (size_t i = 0; i < MANY; i++)
		fds[i] = ask((struct slice){ all.p, all.n - 8 });
	is_well();
	for (size_t i = 0; i < MANY; i++) {
		int status;

		served_say(fds[i], (struct slice){ all.p + all.n - 8, 8 });
		status = status_of(fds[i]);
		told += status == 503;
		good += status == 200;
	}
	ATF_CHECK_EQ(MANY, told + good);
	ATF_CHECK_MSG(told > 0 && good >= 100, "%d refused", told);
	is_well();
}

ATF_TC_WITHOUT_HEAD(few_descriptors_are_enough);
ATF_TC_BODY(few_descriptors_are_enough, tc)
{
	struct rlimit was, few;
	int fds[100];

	ATF_REQUIRE_EQ(0, getrlimit(RLIMIT_NOFILE, &was));
	few = was;
	few.rlim_cur = 32;
	ATF_REQUIRE_EQ(0, setrlimit(RLIMIT_NOFILE, &few));
	start();
	ATF_REQUIRE_EQ(0, setrlimit(RLIMIT_NOFILE, &was));
	for (size_t i = 0; i < 100; i++) {
		fds[i] = served_connect();
		if (i % 10 == 0)
			is_well();
	}
	for (size_t i = 0; i < 100; i++)
		(void)close(fds[i]);
	is_well();
}

/* ---- its end */

ATF_TC_WITHOUT_HEAD(a_stop_wakes_an_idle_program);
ATF_TC_BODY(a_stop_wakes_an_idle_program, tc)
{
	int64_t begun;
	int fd;

	start();
	fd = ask(to_keep(delivery("kept", "body", NULL)));
	ATF_CHECK_EQ(200, fake_status(hear_one(fd)));
	begun = clock_ms();
	ATF_REQUIRE_EQ(0, kill(served_pid(), SIGTERM));
	ATF_CHECK_EQ(0, served_end());
	ATF_CHECK(clock_ms() - begun < 1000);
	(void)close(fd);
}

ATF_TC_WITHOUT_HEAD(a_stop_lets_what_was_accepted_end);
ATF_TC_BODY(a_stop_lets_what_was_accepted_end, tc)
{
	const struct slice all = delivery("half", "body", NULL);
	int half, waits[10], before;

	start();
	half = ask((struct slice){ all.p, all.n - 8 });
	before = begin_batch();
	for (size_t i = 0; i < 10; i++)
		waits[i] = ask(delivery(
		    text_fmt(test_arena(), "waits%zu", i), "body", NULL));
	wait_checked(11);
	ATF_REQUIRE_EQ(0, kill(served_pid(), SIGTERM));
	untell("slow");
	ATF_CHECK_EQ(200, status_of(before));
	for (size_t i = 0; i < 10; i++) {
		ATF_CHECK_EQ(200, status_of(waits[i]));
		ATF_CHECK_EQ(1, kept(text_fmt(test_arena(), "waits%zu", i)));
	}
	served_say(half, (struct slice){ all.p + all.n - 8, 8 });
	ATF_CHECK_EQ(200, status_of(half));
	ATF_CHECK_EQ(1, kept("half"));
	ATF_CHECK_EQ(0, served_end());
}

/* ---- as serve does it */

static const char *
without(const char *text, const char *what, size_t n)
{
	const char *at = text == NULL ? NULL : strstr(text, what);

	if (at == NULL)
		return text;
	at += strlen(what);
	return text_fmt(test_arena(), "%.*s%s", (int)(at - text), text,
	    at + (strlen(at) < n ? strlen(at) : n));
}

/* Without the request's own number. */
static const char *
answer_of(struct slice request)
{
	const char *a = served_talk(request);

	ATF_REQUIRE(a != NULL);
	a = without(a, "X-Request-Id: ", 16);
	return without(a, "\"request_id\":\"", 16);
}

enum { SAME_MAX = 60 };

static size_t
requests(struct slice *list)
{
	static const char *const methods[] = { "GET", "HEAD", "POST", "PUT",
		"PATCH", "DELETE", "OPTIONS", "TRACE", "BREW" };
	static const char *const uris[] = { "/webhooks", "/webhooks/",
		"/web%68ooks", "/webhooks%2f", "/webhooks?a=1", "/nowhere",
		"/../webhooks", "/%00", "/%zz", "*", "http://x/webhooks" };
	static const char *const sets[][4] = {
		{ "HTTP_COOKIE", "a=1; b=2", NULL },
		{ "HTTP_HOST", "another", NULL },
		{ "HTTP_AUTHORIZATION", "Bearer x, y", NULL },
		{ "HTTP_AUTHORIZATION", "Bearer x", NULL },
		{ "HTTPS", "on", NULL },
		{ "CONTENT_LENGTH", "x", NULL },
		{ "CONTENT_LENGTH", "5", NULL },
		{ "CONTENT_LENGTH", "999999999999999999999", NULL },
		{ "CONTENT_LENGTH", "007", NULL },
		{ "CONTENT_LENGTH", "", NULL },
		{ "HTTP_X_REQUEST_ID", "0123456789abcdef", NULL },
		{ "HTTP_X_SHOPIFY_HMAC_SHA256", "good", NULL },
	};
	/* As of a body in chunks. */
	static const char *const unsaid[] = { "CONTENT_LENGTH", NULL,
		"HTTP_X_SHOPIFY_HMAC_SHA256", "good", "HTTP_X_SHOPIFY_NAME",
		"unsaid", NULL };
	const char *query[] = { "QUERY_STRING", filled('q', 60000), NULL };
	size_t n = 0;

	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		list[n++] = fcgi_request(methods[i], "/webhooks", NULL, NULL);
		list[n++] = fcgi_request(methods[i], "/events", "body", NULL);
	}
	for (size_t i = 0; i < sizeof(uris) / sizeof(uris[0]); i++)
		list[n++] = fcgi_request("POST", uris[i], "body", NULL);
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
		list[n++] = fcgi_request("POST", "/webhooks", NULL, sets[i]);
	list[n++] = delivery("same", "body", NULL);
	list[n++] = delivery("same", filled('x', GUARD_BODY_BYTES + 1), NULL);
	list[n++] = fcgi_request("POST", "/webhooks", "body", unsaid);
	list[n++] = fcgi_request(
	    "POST", "/webhooks", filled('x', GUARD_BODY_BYTES + 1), unsaid);
	list[n++] = fcgi_request("POST", "/webhooks", NULL, unsaid);
	list[n++] = fcgi_request(
	    "POST", "/nowhere", filled('x', GUARD_BODY_BYTES + 1), NULL);
	list[n++] = delivery(filled('x', 17000), "body", NULL);
	list[n++] = fcgi_request("POST",
	    text_fmt(test_arena(), "/webhooks?%s", filled('q', 9000)), "body",
	    NULL);
	list[n++] = fcgi_request("POST",
	    text_fmt(test_arena(), "/webhooks?%s", filled('q', 60000)), "body",
	    query);
	ATF_REQUIRE(n <= SAME_MAX);
	return n;
}

ATF_TC_WITHOUT_HEAD(libfcgi_and_our_reader_give_the_same_answers);
ATF_TC_BODY(libfcgi_and_our_reader_give_the_same_answers, tc)
{
	struct slice list[SAME_MAX];
	const char *ours[SAME_MAX];
	const size_t n = requests(list);

	start();
	for (size_t i = 0; i < n; i++)
		ours[i] = answer_of(list[i]);
	ATF_REQUIRE_EQ(0, kill(served_pid(), SIGTERM));
	ATF_REQUIRE_EQ(0, served_end());
	served_start("ingest_echo", "SERVE=1", NULL);
	for (size_t i = 0; i < n; i++)
		ATF_CHECK_STREQ(answer_of(list[i]), ours[i]);
}

/* ---- its size */

static long
peak_kb(void)
{
	FILE *f = fopen(
	    text_fmt(test_arena(), "/proc/%ld/status", (long)served_pid()),
	    "r");
	char *line = NULL;
	size_t room = 0;
	long kb = 0;

	ATF_REQUIRE(f != NULL);
	while (getline(&line, &room, f) > 0)
		if (text_starts(line, "VmHWM:"))
			kb = strtol(line + strlen("VmHWM:"), NULL, 10);
	free(line);
	(void)fclose(f);
	return kb;
}

ATF_TC_WITHOUT_HEAD(it_stays_small);
ATF_TC_BODY(it_stays_small, tc)
{
	const char *body = filled('x', 6000);
	const struct slice post = delivery("small", body, NULL);
	long before = 0;
	int fds[32];

	start();
	for (int i = 0; i < 250; i++) {
		const struct arena_mark mark = arena_mark(test_arena());

		if (i == 50)
			before = peak_kb();
		for (int k = 0; k < 32; k++)
			fds[k] = ask(post);
		for (int k = 0; k < 32; k++)
			ATF_REQUIRE_EQ(200, status_of(fds[k]));
		arena_back(test_arena(), mark);
	}
	ATF_CHECK_MSG(peak_kb() < 12 << 10, "%ld KB", peak_kb());
	ATF_CHECK_MSG(peak_kb() <= before + before / 50, "%ld KB, %ld before",
	    peak_kb(), before);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_request_is_kept_and_then_answered);
	ATF_TP_ADD_TC(tp, a_body_of_any_size_comes_through);
	ATF_TP_ADD_TC(tp, an_empty_body_is_kept_as_any_other);
	ATF_TP_ADD_TC(tp, what_is_refused_is_not_kept);
	ATF_TP_ADD_TC(tp, a_signature_that_comes_twice_is_none);
	ATF_TP_ADD_TC(tp, repeats_in_a_batch_are_kept_once_and_all_answered);
	ATF_TP_ADD_TC(tp, a_bad_row_costs_the_others_nothing);
	ATF_TP_ADD_TC(tp, a_bad_row_is_answered_with_its_repeats);
	ATF_TP_ADD_TC(tp, without_a_database_all_are_told_to_come_back);
	ATF_TP_ADD_TC(tp, those_that_wait_are_told_with_the_batch_that_failed);
	ATF_TP_ADD_TC(tp, the_tick_may_find_the_database_unwell);
	ATF_TP_ADD_TC(tp, every_second_what_is_shared_is_made_anew);
	ATF_TP_ADD_TC(tp, a_kept_connection_takes_one_after_another);
	ATF_TP_ADD_TC(tp, an_abort_is_answered_and_nothing_kept);
	ATF_TP_ADD_TC(tp, a_server_may_ask_what_we_can);
	ATF_TP_ADD_TC(tp, garbage_is_dropped_and_the_next_request_kept);
	ATF_TP_ADD_TC(tp, five_thousand_broken_streams_hold_nobody_up);
	ATF_TP_ADD_TC(tp, who_is_late_is_told_so_and_who_is_silent_dropped);
	ATF_TP_ADD_TC(tp, a_body_that_is_too_large_is_answered_and_swallowed);
	ATF_TP_ADD_TC(tp, slow_senders_hold_nobody_up);
	ATF_TP_ADD_TC(tp, bytes_under_way_are_bounded);
	ATF_TP_ADD_TC(tp, few_descriptors_are_enough);
	ATF_TP_ADD_TC(tp, a_stop_wakes_an_idle_program);
	ATF_TP_ADD_TC(tp, a_stop_lets_what_was_accepted_end);
	ATF_TP_ADD_TC(tp, libfcgi_and_our_reader_give_the_same_answers);
	ATF_TP_ADD_TC(tp, it_stays_small);
	return atf_no_error();
}
