/* Limits and hot copies in Redis: the same answers, and never a wrong one when
 * it is gone. */
#include <atf-c.h>
#include <string.h>

#include "base/clock.h"
#include "base/conf.h"
#include "io/wait.h"
#include "redis.h"
#include "shop.h"
#include "store/cache.h"
#include "store/session.h"

/* A call a minute, five at once: slower than any machine. */
static const struct limit slow = { "address:192.0.2.1", 1, 5 };

static void
began(void)
{
	(void)test_shop("auth");
	test_redis(NULL, NULL);
}

/* ---- limits */

static enum rc
taken(const struct limit *limit, struct limit_state *out)
{
	rc_forget(test_cx());
	return limit_take(test_cx(), limit, out);
}

SERVER_CASE(a_burst_passes_and_what_comes_behind_it_is_told_when)
{
	struct limit_state state;
	int i;

	began();
	for (i = 4; i >= 0; i--) {
		ATF_REQUIRE_EQ(RC_OK, taken(&slow, &state));
		ATF_CHECK_EQ(i, state.left);
		ATF_CHECK(state.reset_ms > (4 - i) * 60000 &&
			  state.reset_ms <= (5 - i) * 60000);
	}
	ATF_REQUIRE_EQ(RC_LIMITED, taken(&slow, &state));
	ATF_CHECK_EQ(0, state.left);
	ATF_CHECK(state.reset_ms > 240000 && state.reset_ms <= 300000);
	ATF_CHECK_MSG(test_cx()->retry_after_ms > 30000 &&
			  test_cx()->retry_after_ms <= 60001,
	    "%d", (int)test_cx()->retry_after_ms);
	test_answers("0", "t", "SELECT count(*) FROM rate_bucket");
}

/* As if `us` had gone by. */
static void
later(int64_t us)
{
	static const char key[] = "stockroom:limit:address:192.0.2.1";
	const struct redis_said said = test_redis_do("GET", key, NULL);
	int64_t tat;

	ATF_REQUIRE_EQ(REDIS_BYTES, said.type);
	ATF_REQUIRE(text_int(said.bytes.p, 0, INT64_MAX, &tat));
	(void)test_redis_do("SET", key,
	    text_fmt(test_arena(), "%lld", (long long)(tat - us)), NULL);
}

SERVER_CASE(after_the_time_that_was_told_one_call_passes_and_no_more)
{
	struct limit_state state;
	int i;

	began();
	for (i = 0; i < 5; i++)
		ATF_REQUIRE_EQ(RC_OK, taken(&slow, &state));
	ATF_REQUIRE_EQ(RC_LIMITED, taken(&slow, &state));
	later(test_cx()->retry_after_ms * 1000);
	ATF_CHECK_EQ(RC_OK, taken(&slow, &state));
	ATF_CHECK_EQ(RC_LIMITED, taken(&slow, &state));
	/* A refused call costs nothing. */
	ATF_CHECK_EQ(RC_LIMITED, taken(&slow, &state));
	later(60000000);
	ATF_CHECK_EQ(RC_OK, taken(&slow, &state));
}

SERVER_CASE(a_bucket_is_forgotten_when_it_is_as_if_nobody_had_called)
{
	const struct limit quick = { "address:192.0.2.1", 60000, 5 };
	const int64_t until = clock_ms() + 20000;
	struct limit_state state;

	began();
	ATF_REQUIRE_EQ(RC_OK, taken(&quick, &state));
	while (test_redis_do("DBSIZE", NULL).number > 0)
		ATF_REQUIRE(clock_ms() < until);
}

SERVER_CASE(with_redis_gone_postgres_counts)
{
	struct limit_state state;
	int i;

	began();
	ATF_REQUIRE_EQ(RC_OK, taken(&slow, &state));
	test_redis_end();
	for (i = 4; i >= 0; i--) {
		ATF_REQUIRE_EQ(RC_OK, taken(&slow, &state));
		ATF_CHECK_EQ(i, state.left);
	}
	ATF_CHECK_EQ(RC_LIMITED, taken(&slow, &state));
}

/* ---- copies of sessions */

static const char *
signed_in(struct session *out)
{
	const char *cookie;

	test_cx()->shop_id = SHOP;
	OK(session_mint(test_cx(), 42, "Browser", 1, out, &cookie));
	return cookie;
}

static enum rc
found(const char *cookie)
{
	struct session session;

	return test_code(session_find(test_cx(), cookie, &session));
}

/* Behind Postgres's back, which would say no. */
static void
ends_in_postgres(void)
{
	test_sql("t", "UPDATE session SET idle_until = now()");
}

SERVER_CASE(a_copy_says_what_postgres_said)
{
	struct session made, first, copy;
	const char *cookie;

	began();
	cookie = signed_in(&made);
	OK(session_find(test_cx(), cookie, &first));
	ends_in_postgres();
	OK(session_find(test_cx(), cookie, &copy));
	ATF_CHECK_STREQ(first.id, copy.id);
	ATF_CHECK_EQ(SHOP, copy.shop_id);
	ATF_CHECK_STREQ(first.shop, copy.shop);
	ATF_CHECK_STREQ(first.status, copy.status);
	ATF_CHECK_EQ(first.user_id, copy.user_id);
	ATF_CHECK_EQ(first.expires_at, copy.expires_at);
	ATF_CHECK_EQ(first.idle_until, copy.idle_until);
	ATF_CHECK_EQ(first.epoch, copy.epoch);
	ATF_CHECK_EQ(first.operator, copy.operator);
	ATF_CHECK(!copy.stale);
}

SERVER_CASE(a_copy_dies_by_itself)
{
	const int64_t until = clock_ms() + 20000;
	struct session made;
	const char *cookie;

	began();
	cookie = signed_in(&made);
	OK(found(cookie));
	ends_in_postgres();
	while (found(cookie) == RC_OK)
		ATF_REQUIRE(clock_ms() < until);
}

SERVER_CASE(nothing_that_tells_of_a_person_is_copied)
{
	struct session made;
	struct redis_said keys;

	began();
	OK(found(signed_in(&made)));
	keys = test_redis_do("KEYS", "*", NULL);
	ATF_REQUIRE_EQ(1, keys.n);
	ATF_CHECK(
	    strstr(test_redis_do("GET", keys.list[0].bytes.p, NULL).bytes.p,
		"Browser") == NULL);
}

SERVER_CASE(after_signing_out_no_copy_says_otherwise)
{
	struct session made;
	const char *cookie;

	began();
	cookie = signed_in(&made);
	OK(found(cookie));
	OK(session_drop(test_cx(), SHOP, made.id));
	ATF_CHECK_EQ(RC_ABSENT, found(cookie));
}

/* It asked Postgres before the end and keeps what it heard behind it. */
SERVER_CASE(a_request_that_is_under_way_brings_no_session_back)
{
	struct session made;
	const char *cookie;
	struct redis_said keys;
	struct slice copy;

	began();
	cookie = signed_in(&made);
	OK(found(cookie));
	keys = test_redis_do("KEYS", "*", NULL);
	copy = test_redis_do("GET", keys.list[0].bytes.p, NULL).bytes;
	OK(session_drop(test_cx(), SHOP, made.id));
	hot_put(
	    test_cx(), keys.list[0].bytes.p + strlen("stockroom:hot:"), copy);
	ATF_CHECK_EQ(RC_ABSENT, found(cookie));
}

SERVER_CASE(a_raised_epoch_ends_every_copy_of_the_shop_and_no_other)
{
	struct session a, b, operator;
	const char *cookies[3];

	began();
	cookies[0] = signed_in(&a);
	cookies[1] = signed_in(&b);
	test_cx()->shop_id = 0;
	OK(session_mint(test_cx(), 0, NULL, 0, &operator, & cookies[2]));
	for (size_t i = 0; i < 3; i++)
		OK(found(cookies[i]));
	test_sql("t", "UPDATE shop SET epoch = epoch + 1");
	OK(found(cookies[0])); /* nobody said so yet */
	test_cx()->shop_id = SHOP;
	OK(session_shop_end(test_cx(), SHOP));
	ATF_CHECK_EQ(RC_ABSENT, found(cookies[0]));
	ATF_CHECK_EQ(RC_ABSENT, found(cookies[1]));
	ATF_CHECK_EQ(RC_OK, found(cookies[2]));
}

/* Its copy is still there when Redis is heard again, and must be dead. */
SERVER_CASE(with_redis_cut_at_sign_out_the_session_is_dead_all_the_same)
{
	struct session made;
	const char *cookie;

	began();
	cookie = signed_in(&made);
	OK(found(cookie));
	test_redis_freeze();
	OK(session_drop(test_cx(), SHOP, made.id));
	ATF_CHECK_EQ(RC_ABSENT, found(cookie));
	test_redis_thaw();
	ATF_CHECK_EQ(RC_ABSENT, found(cookie));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_burst_passes_and_what_comes_behind_it_is_told_when);
	ATF_TP_ADD_TC(
	    tp, after_the_time_that_was_told_one_call_passes_and_no_more);
	ATF_TP_ADD_TC(
	    tp, a_bucket_is_forgotten_when_it_is_as_if_nobody_had_called);
	ATF_TP_ADD_TC(tp, with_redis_gone_postgres_counts);
	ATF_TP_ADD_TC(tp, a_copy_says_what_postgres_said);
	ATF_TP_ADD_TC(tp, a_copy_dies_by_itself);
	ATF_TP_ADD_TC(tp, nothing_that_tells_of_a_person_is_copied);
	ATF_TP_ADD_TC(tp, after_signing_out_no_copy_says_otherwise);
	ATF_TP_ADD_TC(tp, a_request_that_is_under_way_brings_no_session_back);
	ATF_TP_ADD_TC(
	    tp, a_raised_epoch_ends_every_copy_of_the_shop_and_no_other);
	ATF_TP_ADD_TC(
	    tp, with_redis_cut_at_sign_out_the_session_is_dead_all_the_same);
	return atf_no_error();
}
