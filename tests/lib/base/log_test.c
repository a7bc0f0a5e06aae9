/* Log lines: JSON whatever stands in them, one write each, never too many
 * (SEC-30). */
#include <atf-c.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/log_rate.h"
#include "test.h"

enum { LINE = 64 * 1024 };

/*
 * A socket that keeps writes apart: what recv gives is what one write wrote.
 */
static int
listen_to_log(enum log_level least)
{
	int ends[2];

	ATF_REQUIRE(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) == 0);
	log_open(least, ends[1]);
	return ends[0];
}

/* The next line; kind NULL when there is none. */
static struct json
next_line(int from)
{
	char *line = arena_alloc(test_arena(), LINE);
	const ssize_t n = recv(from, line, LINE, MSG_DONTWAIT);

	if (n < 0)
		return (struct json){ .node = NULL };
	ATF_REQUIRE(n > 0);
	ATF_CHECK_EQ('\n', line[n - 1]);
	ATF_CHECK_EQ(line + n - 1, memchr(line, '\n', (size_t)n));
	return test_json((struct slice){ line, (size_t)n });
}

ATF_TC_WITHOUT_HEAD(a_line_says_what_when_who_and_the_fields);
ATF_TC_BODY(a_line_says_what_when_who_and_the_fields, tc)
{
	const int from = listen_to_log(LOG_INFO);
	struct cx *cx = test_cx();
	struct json line;
	int64_t us;

	cx->trace = "9f3a";
	cx->shop_id = 12;
	cx->job_id = 34;
	log_info(cx, "pull.page", L_TEXT("resource", "orders"),
	    L_INT("rows", 7), L_TEXT("none", NULL));
	line = next_line(from);
	ATF_CHECK_STREQ("pull.page", jtext_or(line, "at", ""));
	ATF_CHECK_STREQ("info", jtext_or(line, "level", ""));
	ATF_CHECK_STREQ("test", jtext_or(line, "program", ""));
	ATF_CHECK_EQ(getpid(), jint_or(line, "pid", 0));
	ATF_CHECK_STREQ("9f3a", jtext_or(line, "req", ""));
	ATF_CHECK_EQ(12, jint_or(line, "shop", 0));
	ATF_CHECK_EQ(34, jint_or(line, "job", 0));
	ATF_CHECK_STREQ("orders", jtext_or(line, "resource", ""));
	ATF_CHECK_EQ(7, jint_or(line, "rows", 0));
	ATF_CHECK_STREQ("", jtext_or(line, "none", "?"));
	ATF_CHECK_EQ(24, strlen(jtext_or(line, "time", "")));
	ATF_REQUIRE(clock_read(jtext_or(line, "time", ""), &us));
	ATF_CHECK(clock_wall() - us / 1000000 <= 1);
}

ATF_TC_WITHOUT_HEAD(a_line_needs_no_context_and_no_fields);
ATF_TC_BODY(a_line_needs_no_context_and_no_fields, tc)
{
	const int from = listen_to_log(LOG_DEBUG);
	struct json line;
	struct cx bare = { .program = NULL };

	log_warn(NULL, "a");
	line = next_line(from);
	ATF_CHECK_STREQ("warn", jtext_or(line, "level", ""));
	ATF_CHECK_EQ(JSON_NULL, json_kind(jat(line, "program")));
	ATF_CHECK_EQ(JSON_NULL, json_kind(jat(line, "shop")));
	ATF_CHECK_EQ(JSON_NULL, json_kind(jat(line, "repeats")));
	ATF_CHECK_EQ(JSON_NULL, json_kind(jat(line, "cut")));
	log_err(&bare, "b");
	ATF_CHECK_STREQ("err", jtext_or(next_line(from), "level", ""));
	log_at(NULL, LOG_DEBUG, "c", L_INT("n", -1));
	ATF_CHECK_EQ(-1, jint_or(next_line(from), "n", 0));
}

ATF_TC_WITHOUT_HEAD(lines_below_the_level_are_left_out);
ATF_TC_BODY(lines_below_the_level_are_left_out, tc)
{
	const int from = listen_to_log(LOG_WARN);

	log_info(NULL, "a");
	ATF_CHECK_EQ(JSON_NULL, json_kind(next_line(from)));
	log_warn(NULL, "a");
	ATF_CHECK_EQ(JSON_OBJECT, json_kind(next_line(from)));
}

ATF_TC_WITHOUT_HEAD(foreign_text_cannot_forge_a_line);
ATF_TC_BODY(foreign_text_cannot_forge_a_line, tc)
{
	const int from = listen_to_log(LOG_INFO);
	struct json line;

	log_info(NULL, "x\n\"},{",
	    L_TEXT("t", "a\n{\"at\":\"forged\"}\r\x1b[31m\xff\xe2\x82"));
	line = next_line(from);
	ATF_CHECK_STREQ("x\n\"},{", jtext_or(line, "at", ""));
	ATF_CHECK_STREQ("a\n{\"at\":\"forged\"}\r\x1b[31m\xef\xbf\xbd"
			"\xef\xbf\xbd\xef\xbf\xbd",
	    jtext_or(line, "t", ""));
}

ATF_TC_WITHOUT_HEAD(a_text_field_is_cut_at_a_kibibyte);
ATF_TC_BODY(a_text_field_is_cut_at_a_kibibyte, tc)
{
	const int from = listen_to_log(LOG_INFO);
	const char *text;

	log_info(NULL, "a", L_TEXT("t", text_fmt(test_arena(), "%02000d", 1)));
	text = jtext_or(next_line(from), "t", "");
	ATF_CHECK_EQ(1024, strlen(text));
	ATF_CHECK(text_ends(text, "0..."));
}

static const char *
controls(size_t n)
{
	char *text = arena_alloc(test_arena(), n + 1);

	memset(text, 1, n);
	return text;
}

ATF_TC_WITHOUT_HEAD(a_line_too_long_leaves_out_whole_fields_and_says_so);
ATF_TC_BODY(a_line_too_long_leaves_out_whole_fields_and_says_so, tc)
{
	const int from = listen_to_log(LOG_INFO);
	const char *six = controls(1024); /* six bytes each, escaped */
	struct json line;

	log_info(NULL, "a", L_TEXT("t1", six), L_TEXT("t2", six),
	    L_TEXT("t3", six), L_INT("n", 1));
	line = next_line(from);
	ATF_CHECK_STREQ(six, jtext_or(line, "t2", ""));
	ATF_CHECK_EQ(JSON_NULL, json_kind(jat(line, "t3")));
	ATF_CHECK(jbool_or(line, "cut", false));
}

ATF_TC_WITHOUT_HEAD(a_line_is_whole_wherever_its_end_falls);
ATF_TC_BODY(a_line_is_whole_wherever_its_end_falls, tc)
{
	const int from = listen_to_log(LOG_INFO);
	const char *six = controls(1024);
	bool fitted = false, cut = false;
	struct json line;
	size_t n;

	for (n = 500; n < 1000; n++) {
		log_info(NULL, text_fmt(test_arena(), "a%zu", n),
		    L_TEXT("t1", six), L_TEXT("t2", six),
		    L_TEXT("t3", controls(n)));
		line = next_line(from);
		ATF_REQUIRE_EQ(JSON_OBJECT, json_kind(line));
		ATF_REQUIRE(jbool_or(line, "cut", false) ==
			    (json_kind(jat(line, "t3")) == JSON_NULL));
		fitted = fitted || !jbool_or(line, "cut", false);
		cut = cut || jbool_or(line, "cut", false);
	}
	ATF_CHECK(fitted && cut);
}

ATF_TC_WITHOUT_HEAD(more_kinds_than_places_are_all_heard);
ATF_TC_BODY(more_kinds_than_places_are_all_heard, tc)
{
	int64_t repeats;
	int i, j;

	for (i = 0; i < 300; i++)
		for (j = 0; j < LOG_PER_SECOND; j++)
			ATF_CHECK(log_may(LOG_INFO,
			    text_fmt(test_arena(), "k%d", i), 1, &repeats));
}

ATF_TC_WITHOUT_HEAD(ten_a_second_of_a_kind_and_the_rest_is_counted);
ATF_TC_BODY(ten_a_second_of_a_kind_and_the_rest_is_counted, tc)
{
	int64_t repeats = -1;
	int i;

	for (i = 0; i < LOG_PER_SECOND; i++) {
		ATF_CHECK(log_may(LOG_INFO, "k", 5000, &repeats));
		ATF_CHECK_EQ(0, repeats);
	}
	ATF_CHECK(!log_may(LOG_INFO, "k", 5000, &repeats));
	ATF_CHECK(!log_may(LOG_INFO, "k", 5999, &repeats));
	ATF_CHECK(log_may(LOG_WARN, "k", 5999, &repeats));
	ATF_CHECK(log_may(LOG_INFO, "l", 5999, &repeats));
	ATF_CHECK(log_may(LOG_INFO, "k", 6000, &repeats));
	ATF_CHECK_EQ(2, repeats);
	ATF_CHECK(log_may(LOG_INFO, "k", 6000, &repeats));
	ATF_CHECK_EQ(0, repeats);
}

ATF_TC_WITHOUT_HEAD(a_flood_comes_out_as_ten_lines);
ATF_TC_BODY(a_flood_comes_out_as_ten_lines, tc)
{
	const int from = listen_to_log(LOG_INFO);
	const int64_t start = clock_ms();
	int i, n = 0;

	for (i = 0; i < 100; i++)
		log_info(NULL, "flood", L_INT("i", i));
	while (json_kind(next_line(from)) == JSON_OBJECT)
		n++;
	if (clock_ms() - start < 1000)
		ATF_CHECK_EQ(10, n);
	ATF_CHECK(n < 100);
}

/* Lines of the flood's kind until one is written again: within a second. */
ATF_TC_WITHOUT_HEAD(the_line_after_a_flood_says_how_many_were_left_out);
ATF_TC_BODY(the_line_after_a_flood_says_how_many_were_left_out, tc)
{
	const struct timespec pause = { 0, 20000000 };
	const int from = listen_to_log(LOG_INFO);
	const int64_t start = clock_ms();
	struct json line = { 0 };
	int64_t sent = 0, got = 0;

	while (jint_or(line, "repeats", 0) == 0) {
		ATF_REQUIRE(clock_ms() - start < 60000);
		if (++sent > 10)
			(void)nanosleep(&pause, NULL);
		log_info(NULL, "flood");
		line = next_line(from);
		got += json_kind(line) == JSON_OBJECT;
	}
	ATF_CHECK_EQ(sent - got, jint_or(line, "repeats", 0));
}

ATF_TC_WITHOUT_HEAD(a_fault_is_told_by_code_sentence_and_field);
ATF_TC_BODY(a_fault_is_told_by_code_sentence_and_field, tc)
{
	const int from = listen_to_log(LOG_INFO);
	struct json line;

	(void)rc_field(test_cx(), RC_REMOTE, "id", "a number", "Jane Doe");
	log_fault(test_cx(), "request.failed");
	line = next_line(from);
	ATF_CHECK_STREQ("request.failed", jtext_or(line, "at", ""));
	ATF_CHECK_STREQ("warn", jtext_or(line, "level", ""));
	ATF_CHECK_STREQ("remote", jtext_or(line, "code", ""));
	ATF_CHECK_STREQ("id must be a number", jtext_or(line, "why", ""));
	ATF_CHECK_STREQ("id", jtext_or(line, "field", ""));
	ATF_CHECK_EQ(NULL, strstr(jtext(test_arena(), line), "Jane"));
	rc_forget(test_cx());
	(void)rc_fail(test_cx(), RC_BUG, "oops");
	log_fault(test_cx(), "request.failed");
	line = next_line(from);
	ATF_CHECK_EQ(JSON_NULL, json_kind(jat(line, "field")));
	ATF_CHECK_STREQ("err", jtext_or(line, "level", ""));
}

ATF_TC_WITHOUT_HEAD(a_log_that_takes_no_line_harms_nobody);
ATF_TC_BODY(a_log_that_takes_no_line_harms_nobody, tc)
{
	log_open(LOG_INFO, -1);
	log_info(NULL, "a");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_line_says_what_when_who_and_the_fields);
	ATF_TP_ADD_TC(tp, a_line_needs_no_context_and_no_fields);
	ATF_TP_ADD_TC(tp, lines_below_the_level_are_left_out);
	ATF_TP_ADD_TC(tp, foreign_text_cannot_forge_a_line);
	ATF_TP_ADD_TC(tp, a_text_field_is_cut_at_a_kibibyte);
	ATF_TP_ADD_TC(tp, a_line_too_long_leaves_out_whole_fields_and_says_so);
	ATF_TP_ADD_TC(tp, a_line_is_whole_wherever_its_end_falls);
	ATF_TP_ADD_TC(tp, more_kinds_than_places_are_all_heard);
	ATF_TP_ADD_TC(tp, ten_a_second_of_a_kind_and_the_rest_is_counted);
	ATF_TP_ADD_TC(tp, a_flood_comes_out_as_ten_lines);
	ATF_TP_ADD_TC(tp, the_line_after_a_flood_says_how_many_were_left_out);
	ATF_TP_ADD_TC(tp, a_fault_is_told_by_code_sentence_and_field);
	ATF_TP_ADD_TC(tp, a_log_that_takes_no_line_harms_nobody);
	return atf_no_error();
}
