/* What Shopify's answers mean (shopify.md 4.2, 4.3), by its captured texts. */
#include <atf-c.h>

#include "shopify/gql.h"
#include "test.h"

static struct gql_reply reply;

static enum rc
says(long status, const char *body)
{
	rc_forget(test_cx());
	test_cx()->retry_after_ms = 0;
	return gql_read(test_cx(), status, slice_of(body), 0, &reply);
}

ATF_TC_WITHOUT_HEAD(a_good_answer_gives_data_and_cost);
ATF_TC_BODY(a_good_answer_gives_data_and_cost, tc)
{
	OK(says(200, "{\"data\":{\"shop\":{\"id\":\"gid://shopify/Shop/1\"}},"
		     "\"extensions\":{\"cost\":{\"requestedQueryCost\":2,"
		     "\"actualQueryCost\":2,\"throttleStatus\":{"
		     "\"maximumAvailable\":4000.0,\"currentlyAvailable\":3998,"
		     "\"restoreRate\":200.0}}}}"));
	ATF_CHECK_STREQ(
	    "gid://shopify/Shop/1", jtext_or(reply.data, "shop.id", ""));
	ATF_CHECK_EQ(3998, (int)reply.cost.available);
	ATF_CHECK_EQ(200, (int)reply.cost.restore_per_s);
	ATF_CHECK_EQ(4000, (int)reply.cost.maximum);
}

ATF_TC_WITHOUT_HEAD(throttled_says_when_the_bucket_is_full_enough);
ATF_TC_BODY(throttled_says_when_the_bucket_is_full_enough, tc)
{
	ATF_CHECK_EQ(RC_LIMITED,
	    says(200, "{\"errors\":[{\"message\":\"Throttled\",\"extensions\":{"
		      "\"code\":\"THROTTLED\"}}],\"extensions\":{\"cost\":{"
		      "\"requestedQueryCost\":431,\"actualQueryCost\":null,"
		      "\"throttleStatus\":{\"maximumAvailable\":4000.0,"
		      "\"currentlyAvailable\":231,\"restoreRate\":200.0}}}}"));
	ATF_CHECK_EQ(1001, test_cx()->retry_after_ms);
	/* Or a job would come back in thirty years. */
	ATF_CHECK_EQ(RC_LIMITED,
	    says(200, "{\"errors\":[{\"message\":\"Throttled\",\"extensions\":{"
		      "\"code\":\"THROTTLED\"}}],\"extensions\":{\"cost\":{"
		      "\"requestedQueryCost\":1e300,\"actualQueryCost\":null,"
		      "\"throttleStatus\":{\"maximumAvailable\":4000.0,"
		      "\"currentlyAvailable\":1,\"restoreRate\":0.001}}}}"));
	ATF_CHECK_EQ(60000, test_cx()->retry_after_ms);
}

ATF_TC_WITHOUT_HEAD(too_dear_is_too_big_and_denied_says_what);
ATF_TC_BODY(too_dear_is_too_big_and_denied_says_what, tc)
{
	ATF_CHECK_EQ(RC_TOO_BIG,
	    says(200, "{\"errors\":[{\"message\":\"x\",\"extensions\":{"
		      "\"code\":\"MAX_COST_EXCEEDED\",\"cost\":1248,"
		      "\"maxCost\":1000}}]}"));
	ATF_CHECK_EQ(RC_DENIED,
	    says(200,
		"{\"data\":{\"orders\":null},\"errors\":[{\"message\":"
		"\"Access denied for orders field.\",\"path\":[\"orders\"],"
		"\"extensions\":{\"code\":\"ACCESS_DENIED\"}}]}"));
	ATF_CHECK_STREQ("Access denied for orders field.", reply.access);
	ATF_CHECK_EQ(NULL, reply.pause);
}

ATF_TC_WITHOUT_HEAD(a_filter_that_shopify_ignored_is_no_answer);
ATF_TC_BODY(a_filter_that_shopify_ignored_is_no_answer, tc)
{
	ATF_CHECK_EQ(RC_UNPROCESSABLE,
	    says(200, "{\"data\":{\"orders\":{}},\"extensions\":{\"search\":[{"
		      "\"path\":[\"orders\"],\"query\":\"x:1\",\"warnings\":[{"
		      "\"field\":\"x\",\"message\":\"Invalid search field\","
		      "\"code\":\"invalid_field\"}]}]}}"));
}

ATF_TC_WITHOUT_HEAD(each_status_means_what_it_means);
ATF_TC_BODY(each_status_means_what_it_means, tc)
{
	static const struct {
		long status;
		enum rc rc;
		bool pauses;
	} rows[] = {
		{ 400, RC_BUG, false },
		{ 401, RC_TOKEN, false },
		{ 402, RC_DENIED, true },
		{ 403, RC_DENIED, true },
		{ 404, RC_DENIED, true },
		{ 423, RC_DENIED, true },
		{ 430, RC_DENIED, true },
		{ 429, RC_LIMITED, false },
		{ 500, RC_REMOTE, false },
		{ 502, RC_REMOTE, false },
		{ 520, RC_REMOTE, false },
		{ 302, RC_REMOTE, false },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ATF_CHECK_EQ_MSG(rows[i].rc,
		    says(rows[i].status, "{\"errors\":\"x\"}"), "%ld",
		    rows[i].status);
		ATF_CHECK_EQ_MSG(
		    rows[i].pauses, reply.pause != NULL, "%ld", rows[i].status);
	}
	ATF_CHECK_EQ(RC_TOKEN,
	    says(403, "{\"errors\":\"[API] Non-expiring access tokens are no "
		      "longer accepted for the Admin API.\"}"));
}

ATF_TC_WITHOUT_HEAD(a_page_instead_of_json_is_no_answer);
ATF_TC_BODY(a_page_instead_of_json_is_no_answer, tc)
{
	ATF_CHECK_EQ(RC_REMOTE, says(200, "<html>"));
	ATF_CHECK_EQ(RC_REMOTE, says(200, ""));
	ATF_CHECK_EQ(RC_REMOTE, says(200, "{\"data\":null}"));
	ATF_CHECK_EQ(RC_REMOTE, says(200, "{\"data\":{\"a\":1}"));
	ATF_CHECK_EQ(RC_BUG,
	    says(200, "{\"errors\":[{\"message\":\"Field 'x' doesn't exist\","
		      "\"extensions\":{\"code\":\"undefinedField\"}}]}"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_good_answer_gives_data_and_cost);
	ATF_TP_ADD_TC(tp, throttled_says_when_the_bucket_is_full_enough);
	ATF_TP_ADD_TC(tp, too_dear_is_too_big_and_denied_says_what);
	ATF_TP_ADD_TC(tp, a_filter_that_shopify_ignored_is_no_answer);
	ATF_TP_ADD_TC(tp, each_status_means_what_it_means);
	ATF_TP_ADD_TC(tp, a_page_instead_of_json_is_no_answer);
	return atf_no_error();
}
