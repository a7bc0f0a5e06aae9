/* Redis: what it answers, and being without it. */
#include <atf-c.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/conf.h"
#include "io/redis_in.h"
#include "io/wait.h"
#include "redis.h"

/* Until it is asked again: it is left alone for a second. */
static void
await_answer(void)
{
	const struct slice ping = slice_of("PING");
	const int64_t until = clock_ms() + 20000;
	struct redis_said said;

	while (redis_do(test_cx(), &ping, 1, &said) != RC_OK) {
		ATF_REQUIRE_MSG(clock_ms() < until, "it is not asked again");
		OK(wait_until(test_cx(), clock_ms() + 20));
	}
	ATF_CHECK_STREQ("PONG", said.bytes.p);
}

static enum rc
ping(void)
{
	const struct slice words = slice_of("PING");
	struct redis_said said;

	return redis_do(test_cx(), &words, 1, &said);
}

ATF_TC_WITHOUT_HEAD(every_kind_of_answer_is_read);
ATF_TC_BODY(every_kind_of_answer_is_read, tc)
{
	const struct slice bytes[] = { slice_of("SET"), slice_of("k"),
		{ "a\0\r\nb", 5 } };
	struct redis_said said;

	test_redis(NULL, NULL);
	OK(redis_do(test_cx(), bytes, 3, &said));
	ATF_CHECK_STREQ("OK", said.bytes.p);
	said = test_redis_do("GET", "k", NULL);
	ATF_CHECK_EQ(REDIS_BYTES, said.type);
	ATF_CHECK(slice_same(bytes[2], said.bytes));
	ATF_CHECK_EQ(REDIS_NONE, test_redis_do("GET", "none", NULL).type);
	ATF_CHECK_EQ(2, test_redis_do("INCRBY", "n", "2", NULL).number);
	said = test_redis_do("MGET", "n", "none", "k", NULL);
	ATF_REQUIRE_EQ(3, said.n);
	ATF_CHECK_STREQ("2", said.list[0].bytes.p);
	ATF_CHECK_EQ(REDIS_NONE, said.list[1].type);
}

ATF_TC_WITHOUT_HEAD(an_answer_in_many_parts_is_put_together);
ATF_TC_BODY(an_answer_in_many_parts_is_put_together, tc)
{
	struct redis_said said;

	test_redis(NULL, NULL);
	(void)test_redis_do("SETRANGE", "big", "999999", "x", NULL);
	said = test_redis_do("GET", "big", NULL);
	ATF_CHECK_EQ(1000000, said.bytes.n);
	ATF_CHECK_EQ('x', said.bytes.p[999999]);
}

ATF_TC_WITHOUT_HEAD(one_that_is_slow_is_left_alone_for_a_while);
ATF_TC_BODY(one_that_is_slow_is_left_alone_for_a_while, tc)
{
	test_redis(NULL, NULL);
	OK(ping());
	test_redis_freeze();
	ATF_CHECK_EQ(RC_BUSY, ping());
	test_redis_thaw();
	ATF_CHECK_EQ(RC_BUSY, ping());
	await_answer();
}

ATF_TC_WITHOUT_HEAD(one_that_ended_is_found_when_it_is_there_again);
ATF_TC_BODY(one_that_ended_is_found_when_it_is_there_again, tc)
{
	test_redis(NULL, NULL);
	OK(ping());
	test_redis_end();
	ATF_CHECK_EQ(RC_BUSY, ping());
	test_redis_again();
	await_answer();
}

/* Nobody notices: the old connection is seen to be closed before it is used. */
ATF_TC_WITHOUT_HEAD(one_that_was_started_anew_between_two_calls_answers);
ATF_TC_BODY(one_that_was_started_anew_between_two_calls_answers, tc)
{
	test_redis(NULL, NULL);
	OK(ping());
	test_redis_end();
	test_redis_again();
	OK(ping());
}

ATF_TC_WITHOUT_HEAD(one_without_memory_or_without_rights_is_done_without);
ATF_TC_BODY(one_without_memory_or_without_rights_is_done_without, tc)
{
	const struct slice words[] = { slice_of("SET"), slice_of("k"),
		slice_of("v") };
	struct redis_said said;

	test_redis("--maxmemory", "1");
	ATF_CHECK_EQ(RC_BUSY, redis_do(test_cx(), words, 3, &said));
}

ATF_TC_WITHOUT_HEAD(a_command_that_is_none_is_our_own_fault);
ATF_TC_BODY(a_command_that_is_none_is_our_own_fault, tc)
{
	const struct slice word = slice_of("NONSENSE");
	struct redis_said said;

	test_redis(NULL, NULL);
	ATF_CHECK_EQ(RC_BUG, redis_do(test_cx(), &word, 1, &said));
	rc_forget(test_cx());
	OK(ping());
}

ATF_TC_WITHOUT_HEAD(its_password_comes_out_of_a_file);
ATF_TC_BODY(its_password_comes_out_of_a_file, tc)
{
	atf_utils_create_file("password", "s3cret\n");
	conf_set(C_CACHE_PASSWORD_FILE, "password");
	ATF_REQUIRE_EQ(0, chmod("password", 0600));
	test_redis("--requirepass", "s3cret");
	OK(ping());
}

ATF_TC_WITHOUT_HEAD(with_the_wrong_password_it_is_done_without);
ATF_TC_BODY(with_the_wrong_password_it_is_done_without, tc)
{
	test_redis("--requirepass", "s3cret");
	ATF_CHECK_EQ(RC_BUSY, ping());
}

/* ---- CACHE_URL */

static void
place_is(const char *url, const char *host, const char *port, const char *user,
    const char *base)
{
	struct redis_place p;

	OK(redis_place_read(test_cx(), test_arena(), url, &p));
	ATF_CHECK_STREQ(host, p.host);
	ATF_CHECK_STREQ(port, p.port);
	ATF_CHECK_STREQ(user, p.user != NULL ? p.user : "");
	ATF_CHECK_STREQ(base, p.base != NULL ? p.base : "");
}

ATF_TC_WITHOUT_HEAD(every_form_of_its_place_is_understood);
ATF_TC_BODY(every_form_of_its_place_is_understood, tc)
{
	struct redis_place p;

	place_is("redis://cache", "cache", "6379", "", "");
	place_is("redis://cache:6380/2", "cache", "6380", "", "2");
	place_is("redis://app@10.0.0.1/", "10.0.0.1", "6379", "app", "");
	place_is("redis://[::1]:7000", "::1", "7000", "", "");
	place_is("redis://[::1]", "::1", "6379", "", "");
	OK(redis_place_read(
	    test_cx(), test_arena(), "unix:///run/redis.sock", &p));
	ATF_CHECK_STREQ("/run/redis.sock", p.path);
}

ATF_TC_WITHOUT_HEAD(another_form_is_refused_and_not_repeated);
ATF_TC_BODY(another_form_is_refused_and_not_repeated, tc)
{
	static const char *const list[] = { "", "cache", "redis://",
		"redis://:6379", "redis://h:99999", "redis://h:x",
		"redis://h/x", "redis://u:pass@h", "http://h", "unix://s",
		"rediss://h" };
	struct redis_place p;

	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		ATF_CHECK_EQ_MSG(RC_INPUT,
		    redis_place_read(test_cx(), test_arena(), list[i], &p),
		    "%s", list[i]);
		ATF_CHECK_STREQ("CACHE_URL", test_cx()->fault.field);
		ATF_CHECK_STREQ("another form", test_cx()->fault.got);
		rc_forget(test_cx());
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, every_kind_of_answer_is_read);
	ATF_TP_ADD_TC(tp, an_answer_in_many_parts_is_put_together);
	ATF_TP_ADD_TC(tp, one_that_is_slow_is_left_alone_for_a_while);
	ATF_TP_ADD_TC(tp, one_that_ended_is_found_when_it_is_there_again);
	ATF_TP_ADD_TC(tp, one_that_was_started_anew_between_two_calls_answers);
	ATF_TP_ADD_TC(tp, one_without_memory_or_without_rights_is_done_without);
	ATF_TP_ADD_TC(tp, a_command_that_is_none_is_our_own_fault);
	ATF_TP_ADD_TC(tp, its_password_comes_out_of_a_file);
	ATF_TP_ADD_TC(tp, with_the_wrong_password_it_is_done_without);
	ATF_TP_ADD_TC(tp, every_form_of_its_place_is_understood);
	ATF_TP_ADD_TC(tp, another_form_is_refused_and_not_repeated);
	return atf_no_error();
}
