/* Answers to questions: the documents, selections, errors, access. */
#include <atf-c.h>
#include <stdio.h>

#include "ask.h"

ATF_TC_WITHOUT_HEAD(a_query_is_answered_in_its_own_shape);
ATF_TC_BODY(a_query_is_answered_in_its_own_shape, tc)
{
	struct shop *shop = ask_shop(1, 20, 30, 10);
	struct json a = ask(shop,
	    "query Q($n: Int! = 2) { second: products(first: $n, sortKey: ID) {"
	    " edges { cursor node { ...P variants(first: 1) { nodes { id sku } }"
	    " } } pageInfo { hasNextPage endCursor } } shop { name __typename } "
	    "} fragment P on Product { id title ... on Node { n: id } }",
	    NULL);

	(void)tc;
	printf("%s\n", jtext(test_arena(), a));
	ATF_CHECK_EQ(0, jlen(jat(a, "errors")));
	ATF_CHECK_EQ(2, jlen(jat(a, "data.second.edges")));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_query_is_answered_in_its_own_shape);
	return atf_no_error();
}
