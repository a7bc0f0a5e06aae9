/* How often: whose bucket a call is taken from, and what is said (SEC-27). */
#include <atf-c.h>
#include <string.h>

#include "app/limits.h"
#include "base/conf.h"
#include "shop.h"

static const struct route both = { .rate = PER_ADDRESS | PER_CALLER };
static struct reply rp;

static void
begin(void)
{
	(void)test_shop("auth");
	/* Ten at once each, and slower afterwards than any machine. */
	conf_set(C_RATE_ADDRESS_PER_MIN, "1");
	conf_set(C_RATE_KEY_PER_MIN, "2");
	conf_set(C_RATE_SHOP_PER_MIN, "3");
}

static enum rc
taken(const struct route *route, const struct req *rq)
{
	rp = (struct reply){ .body = buf_new(test_arena(), 4096) };
	rc_forget(test_cx());
	return limits_take(test_cx(), route, rq, &rp);
}

static const struct req stranger = { .address = "192.0.2.1" };

static struct req
caller(const char *id, int64_t shop_id)
{
	return (struct req){ .address = "192.0.2.1",
		.who = { .by = BY_SHOP_KEY, .id = id, .shop_id = shop_id } };
}

SERVER_CASE(before_the_caller_is_known_the_address_counts)
{
	const struct req other = { .address = "192.0.2.2" };
	int i;

	begin();
	for (i = 0; i < 10; i++)
		ATF_REQUIRE_EQ(RC_OK, taken(&both, &stranger));
	ATF_CHECK_EQ(RC_LIMITED, taken(&both, &stranger));
	ATF_CHECK(test_cx()->retry_after_ms > 0);
	ATF_CHECK_EQ(RC_OK, taken(&both, &other));
	test_answers("address:192.0.2.1\naddress:192.0.2.2", "t",
	    "SELECT key FROM rate_bucket ORDER BY key");
}

SERVER_CASE(headers_tell_the_limit_and_what_is_left)
{
	int i;

	begin();
	OK(taken(&both, &stranger));
	ATF_CHECK_STREQ(
	    "\"default\";q=1;w=60", reply_header_of(&rp, "RateLimit-Policy"));
	ATF_CHECK_STREQ(
	    "\"default\";r=9;t=60", reply_header_of(&rp, "RateLimit"));
	for (i = 0; i < 9; i++)
		OK(taken(&both, &stranger));
	ATF_CHECK_EQ(RC_LIMITED, taken(&both, &stranger));
	ATF_CHECK(text_starts(
	    reply_header_of(&rp, "RateLimit"), "\"default\";r=0;t="));
	/* Of a higher limit a tenth may come at once. */
	conf_set(C_RATE_ADDRESS_PER_MIN, "150");
	test_sql("t", "DELETE FROM rate_bucket");
	OK(taken(&both, &stranger));
	ATF_CHECK_STREQ(
	    "\"default\";r=14;t=1", reply_header_of(&rp, "RateLimit"));
}

SERVER_CASE(a_known_caller_counts_for_itself_and_for_its_shop)
{
	const struct req one = caller("k1", SHOP);
	const struct req two = caller("k2", SHOP);
	const struct req other = caller("k3", OTHER);
	int i;

	begin();
	for (i = 0; i < 10; i++)
		ATF_REQUIRE_EQ(RC_OK, taken(&both, &one));
	ATF_CHECK_EQ(RC_LIMITED, taken(&both, &one));
	ATF_CHECK_STREQ(
	    "\"default\";q=2;w=60", reply_header_of(&rp, "RateLimit-Policy"));
	/* The shop's ten are gone with them. */
	ATF_CHECK_EQ(RC_LIMITED, taken(&both, &two));
	ATF_CHECK_STREQ(
	    "\"default\";q=3;w=60", reply_header_of(&rp, "RateLimit-Policy"));
	ATF_CHECK_EQ(RC_OK, taken(&both, &other));
}

SERVER_CASE(a_session_token_counts_for_its_shop_the_operator_for_itself)
{
	struct req token = caller(NULL, SHOP);
	struct req operator= caller("k0", 0);

	begin();
	OK(taken(&both, &token));
	OK(taken(&both, &operator));
	test_answers("caller:k0\nshop:9007199254740993", "t",
	    "SELECT key FROM rate_bucket ORDER BY key");
}

SERVER_CASE(what_the_row_or_the_settings_do_not_name_is_not_counted)
{
	const struct route nobody = { .rate = PER_NOBODY };
	const struct route address = { .rate = PER_ADDRESS };
	const struct req nowhere = { .address = NULL };
	const struct req known = caller("k1", SHOP);

	begin();
	OK(taken(&nobody, &stranger));
	OK(taken(&address, &known));
	OK(taken(&both, &nowhere));
	conf_set(C_RATE_ADDRESS_PER_MIN, "0");
	OK(taken(&both, &stranger));
	ATF_CHECK_EQ(NULL, reply_header_of(&rp, "RateLimit"));
	test_answers("0", "t", "SELECT count(*) FROM rate_bucket");
}

SERVER_CASE(two_processes_count_together)
{
	struct cx *rival;
	int i;

	begin();
	rival = test_rival("pulls");
	for (i = 0; i < 5; i++) {
		ATF_REQUIRE_EQ(RC_OK, taken(&both, &stranger));
		ATF_REQUIRE_EQ(
		    RC_OK, limits_take(rival, &both, &stranger, &rp));
	}
	ATF_CHECK_EQ(RC_LIMITED, limits_take(rival, &both, &stranger, &rp));
	ATF_CHECK_EQ(RC_LIMITED, taken(&both, &stranger));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, before_the_caller_is_known_the_address_counts);
	ATF_TP_ADD_TC(tp, headers_tell_the_limit_and_what_is_left);
	ATF_TP_ADD_TC(tp, a_known_caller_counts_for_itself_and_for_its_shop);
	ATF_TP_ADD_TC(
	    tp, a_session_token_counts_for_its_shop_the_operator_for_itself);
	ATF_TP_ADD_TC(
	    tp, what_the_row_or_the_settings_do_not_name_is_not_counted);
	ATF_TP_ADD_TC(tp, two_processes_count_together);
	return atf_no_error();
}
