/* What Shopify tells of bulk operations, and what is asked of it. */
#include <atf-c.h>
#include <string.h>

#include "shopify/bulk.h"
#include "shopify/gql_text.h"
#include "test.h"

static struct json
json(const char *text)
{
	struct json j;

	OK(json_read(test_cx(), slice_of(text), 1 << 20, RC_REMOTE, &j));
	return j;
}

ATF_TC_WITHOUT_HEAD(every_state_says_whether_to_wait);
ATF_TC_BODY(every_state_says_whether_to_wait, tc)
{
	static const struct {
		const char *word;
		enum bulk_is is;
	} states[] = { { "CREATED", BULK_GOES_ON }, { "RUNNING", BULK_GOES_ON },
		{ "CANCELING", BULK_GOES_ON }, { "COMPLETED", BULK_IS_DONE },
		{ "FAILED", BULK_HAS_BROKEN }, { "CANCELED", BULK_HAS_BROKEN },
		{ "EXPIRED", BULK_HAS_BROKEN }, { "NEW_WORD", BULK_GOES_ON } };
	struct bulk_op op;
	size_t i;

	for (i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		OK(bulk_op_read(test_cx(),
		    json(text_fmt(test_arena(),
			"{\"id\":\"gid://shopify/BulkOperation/1\","
			"\"status\":\"%s\"}",
			states[i].word)),
		    &op));
		ATF_CHECK_EQ_MSG(
		    states[i].is, op.is, "%s: %d", states[i].word, op.is);
	}
}

ATF_TC_WITHOUT_HEAD(counts_come_as_text_and_a_file_may_be_none);
ATF_TC_BODY(counts_come_as_text_and_a_file_may_be_none, tc)
{
	struct bulk_op op;

	OK(bulk_op_read(test_cx(),
	    json("{\"id\":\"gid://shopify/BulkOperation/1\",\"status\":"
		 "\"COMPLETED\",\"objectCount\":\"57\",\"rootObjectCount\":"
		 "\"9007199254740993\",\"fileSize\":null,\"url\":null,"
		 "\"partialDataUrl\":\"https://x\",\"errorCode\":null}"),
	    &op));
	ATF_CHECK_EQ(57, op.objects);
	ATF_CHECK_EQ(INT64_C(9007199254740993), op.roots);
	ATF_CHECK_EQ(-1, op.bytes);
	ATF_CHECK_EQ(NULL, op.url);
	ATF_CHECK_EQ(NULL, op.error);
	ATF_CHECK_STREQ("https://x", op.partial_url);
	ATF_CHECK_EQ(RC_REMOTE, bulk_op_read(test_cx(), json("null"), &op));
}

ATF_TC_WITHOUT_HEAD(a_filter_stands_in_the_text_of_the_query);
ATF_TC_BODY(a_filter_stands_in_the_text_of_the_query, tc)
{
	const char *text;
	struct slice vars;

	OK(bulk_text(test_cx(), GQL_BULK_ORDERS, NULL, &text));
	ATF_CHECK_STREQ(gql_texts[GQL_BULK_ORDERS].text, text);
	OK(bulk_text(
	    test_cx(), GQL_BULK_ORDERS, "2026-11-01T00:00:00Z", &text));
	ATF_CHECK_MSG(
	    text_starts(text,
		"{orders(query: \"updated_at:>='2026-11-01T00:00:00Z'\", "
		"sortKey: UPDATED_AT){edges{node{id"),
	    "%.120s", text);
	OK(bulk_run_variables(test_cx(), text, &vars));
	ATF_CHECK(strstr(vars.p, "{\"query\":\"{orders(query: \\\"updated_at"));
	ATF_CHECK_EQ(RC_BUG,
	    bulk_text(test_cx(), GQL_BULK_ORDERS, "2026' OR \"", &text));
}

ATF_TC_WITHOUT_HEAD(what_shopify_does_not_begin_is_told_apart);
ATF_TC_BODY(what_shopify_does_not_begin_is_told_apart, tc)
{
	static const char run[] =
	    "{\"bulkOperationRunQuery\":{\"bulkOperation\":null,\"userErrors\":"
	    "[{\"field\":null,\"message\":\"%s\",\"code\":\"%s\"}]}}";
	struct bulk_op op;

	ATF_CHECK_EQ(RC_LIMITED,
	    bulk_run_read(test_cx(),
		json(text_fmt(test_arena(), run, "already in progress",
		    "OPERATION_IN_PROGRESS")),
		&op));
	ATF_CHECK(test_cx()->retry_after_ms > 0);
	rc_forget(test_cx());
	ATF_CHECK_EQ(RC_BUG,
	    bulk_run_read(test_cx(),
		json(text_fmt(test_arena(), run, "too deep", "INVALID")), &op));
	ATF_CHECK(strstr(test_cx()->fault.sentence, "too deep"));
	OK(bulk_run_read(test_cx(),
	    json("{\"bulkOperationRunQuery\":{\"bulkOperation\":{\"id\":"
		 "\"gid://shopify/BulkOperation/7\",\"status\":\"CREATED\"},"
		 "\"userErrors\":[]}}"),
	    &op));
	ATF_CHECK_STREQ("gid://shopify/BulkOperation/7", op.id);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, every_state_says_whether_to_wait);
	ATF_TP_ADD_TC(tp, counts_come_as_text_and_a_file_may_be_none);
	ATF_TP_ADD_TC(tp, a_filter_stands_in_the_text_of_the_query);
	ATF_TP_ADD_TC(tp, what_shopify_does_not_begin_is_told_apart);
	return atf_no_error();
}
