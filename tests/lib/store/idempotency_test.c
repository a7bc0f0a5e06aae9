/* Idempotency-Key: the first answer again, never another's, never twice. */
#include <atf-c.h>
#include <string.h>

#include "io/crypt.h"
#include "shop.h"
#include "store/idempotency.h"

#define ROUTE "POST /api/pulls"

static enum rc
take(const char *caller, const char *key, const char *body,
    struct idempotency *out)
{
	rc_forget(test_cx());
	return idempotency_take(
	    test_cx(), caller, key, ROUTE, slice_of(body), out);
}

SERVER_CASE(the_first_answer_is_given_again)
{
	struct idempotency own, again;

	(void)test_shop("pulls");
	OK(take("key 1", "k", "{}", &own));
	ATF_CHECK(!own.repeat);
	OK(idempotency_done(
	    test_cx(), &own, 202, slice_of("{\"id\": \"7\"}"), "/api/pulls/7"));
	OK(take("key 1", "k", "{}", &again));
	ATF_CHECK(again.repeat);
	ATF_CHECK_EQ(202, again.status);
	ATF_CHECK_STREQ("{\"id\": \"7\"}", again.reply);
	ATF_CHECK_STREQ("/api/pulls/7", again.location);
}

SERVER_CASE(while_the_first_is_under_way_there_is_no_second)
{
	struct idempotency own, again;

	(void)test_shop("pulls");
	OK(take("key 1", "k", "{}", &own));
	ATF_CHECK_EQ(RC_CONFLICT, take("key 1", "k", "{}", &again));
	ATF_CHECK(!again.repeat);
	/* Its program died without an answer: free after a minute. */
	test_sql(
	    "t", "UPDATE idempotency SET created_at = now() - interval '61 s'");
	OK(take("key 1", "k", "{}", &again));
	ATF_CHECK(!again.repeat);
}

SERVER_CASE(a_key_is_good_for_one_request_only)
{
	struct idempotency own, again;

	(void)test_shop("pulls");
	OK(take("key 1", "k", "{}", &own));
	OK(idempotency_done(test_cx(), &own, 202, slice_of("{}"), NULL));
	ATF_CHECK_EQ(RC_UNPROCESSABLE, take("key 1", "k", "{ }", &again));
	ATF_CHECK_STREQ("Idempotency-Key", test_cx()->fault.field);
	rc_forget(test_cx());
	CODE(RC_UNPROCESSABLE, idempotency_take(test_cx(), "key 1", "k",
				   "POST /other", slice_of("{}"), &again));
}

SERVER_CASE(another_caller_and_another_shop_have_keys_of_their_own)
{
	struct idempotency own, again;

	(void)test_shop("pulls");
	OK(take("key 1", "k", "{}", &own));
	OK(idempotency_done(test_cx(), &own, 202, slice_of("{}"), NULL));
	OK(take("key 2", "k", "{}", &again));
	ATF_CHECK(!again.repeat);
	test_cx()->shop_id = OTHER;
	OK(take("key 1", "k", "{}", &again));
	ATF_CHECK(!again.repeat);
}

SERVER_CASE(a_failed_call_gives_the_key_back)
{
	struct idempotency own, again;

	(void)test_shop("pulls");
	OK(take("key 1", "k", "{}", &own));
	idempotency_drop(test_cx(), &own);
	OK(take("key 1", "k", "{ }", &own));
	/* It failed in the middle of a transaction. */
	OK(db_begin(test_cx()));
	ATF_CHECK(db_run(test_cx(), Q_IDEMPOTENCY_DONE,
		      ARGS(a_int(SHOP), a_bytes(own.hash), a_int(202),
			  a_text("no JSON"), a_null()),
		      NULL) != RC_OK);
	idempotency_drop(test_cx(), &own);
	ATF_CHECK_EQ(RC_BUG, test_cx()->fault.rc);
	OK(take("key 1", "k", "{}", &again));
	ATF_CHECK(!again.repeat);
	/* That it could not be given back is nobody's business. */
	test_sql("t", "REVOKE DELETE ON idempotency FROM stockroom_pulls");
	idempotency_drop(test_cx(), &again);
	ATF_CHECK_EQ(RC_OK, test_cx()->fault.rc);
	test_sql("t", "GRANT DELETE ON idempotency TO stockroom_pulls");
	/* One that has an answer keeps it. */
	OK(idempotency_done(test_cx(), &again, 202, slice_of("{}"), NULL));
	idempotency_drop(test_cx(), &again);
	OK(take("key 1", "k", "{}", &own));
	ATF_CHECK(own.repeat);
}

SERVER_CASE(after_a_day_a_key_is_new)
{
	struct idempotency own, again;

	(void)test_shop("pulls");
	OK(take("key 1", "k", "{}", &own));
	OK(idempotency_done(test_cx(), &own, 202, slice_of("{}"), NULL));
	test_answers("86400", "t",
	    "SELECT extract(epoch FROM expires_at - created_at)::int FROM "
	    "idempotency");
	test_sql("t", "UPDATE idempotency SET expires_at = now()");
	OK(take("key 1", "k", "{ }", &again));
	ATF_CHECK(!again.repeat);
}

SERVER_CASE(a_key_is_1_to_200_bytes)
{
	char *longest = arena_alloc(test_arena(), 202);
	struct idempotency own;

	memset(longest, 'k', 201);
	ATF_CHECK_EQ(RC_INPUT, take("key 1", "", "{}", &own));
	ATF_CHECK_STREQ("Idempotency-Key", test_cx()->fault.field);
	ATF_CHECK_EQ(RC_INPUT, take("key 1", longest, "{}", &own));
	(void)test_shop("pulls");
	OK(take("key 1", longest + 1, "{}", &own));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, the_first_answer_is_given_again);
	ATF_TP_ADD_TC(tp, while_the_first_is_under_way_there_is_no_second);
	ATF_TP_ADD_TC(tp, a_key_is_good_for_one_request_only);
	ATF_TP_ADD_TC(
	    tp, another_caller_and_another_shop_have_keys_of_their_own);
	ATF_TP_ADD_TC(tp, a_failed_call_gives_the_key_back);
	ATF_TP_ADD_TC(tp, after_a_day_a_key_is_new);
	ATF_TP_ADD_TC(tp, a_key_is_1_to_200_bytes);
	return atf_no_error();
}
