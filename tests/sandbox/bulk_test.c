/* Bulk operations of the pretended Shopify: what is refused, and the files. */
#include <atf-c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../sandbox/sandbox.h"
#include "ask.h"
#include "shopify/gql_text.h"

static struct run
run_of(struct shop *shop)
{
	static struct problems problems;

	problems = problems_new(test_cx());
	return (struct run){ .cx = test_cx(),
		.shop = shop,
		.app = &ask_app,
		.version = "2026-10",
		.now = ASK_NOW,
		.page_objects_max = 25000,
		.problems = &problems,
		.bulk = true };
}

static const char *
refusal(const char *query)
{
	struct run run = run_of(ask_shop(1, 4, 4, 2));
	const struct plan *plan;

	return bulk_check(&run, query, &plan);
}

ATF_TC_WITHOUT_HEAD(a_query_that_cannot_run_in_bulk_is_told_why);
ATF_TC_BODY(a_query_that_cannot_run_in_bulk_is_told_why, tc)
{
	static const struct {
		const char *query, *part;
	} bad[] = {
		{ "{ products { edges { node { id }", "syntax error, " },
		{ "{ products { edges { node { idd } } } }",
		    "Invalid bulk query: Field 'idd' doesn't exist" },
		{ "{ products { nodes { id } } }",
		    "'edges' > 'node'. Selecting via 'nodes' is not" },
		{ "{ shop { id } }", "at least one connection." },
		{ "{ product(id: \"gid://shopify/Product/1\") { id } }",
		    "at least one connection." },
		{ "{ products { edges { node { id } } } orders { edges { node "
		  "{ id } } } }",
		    "exactly one top level" },
		{ "{ node(id: \"gid://shopify/Product/1\") { id } }",
		    "top level `node`" },
		{ "mutation { productUpdate(product: {}) { product { id } } }",
		    "one query operation." },
		{ "query Q($n: Int) { products(first: $n) { edges { node { id "
		  "} } } }",
		    "cannot have variables." },
		{ "{ orders { edges { node { id refunds { id refundLineItems { "
		  "edges { node { id } } } } } } } }",
		    "within a list field" },
		{ "{ products { edges { node { variants { edges { node { id } "
		  "} } } } } }",
		    "The parent 'id' field" },
		{ "{ products { edges { node { n: id variants { edges { node { "
		  "id } } } } } } }",
		    "The parent 'id' field" },
		{ "{ products { edges { node { id a: variants { edges { node { "
		  "id } } } b: variants { edges { node { id } } } c: variants "
		  "{ edges { node { id } } } d: variants { edges { node { id "
		  "} } } e: variants { edges { node { id } } } } } } }",
		    "more than 5" },
	};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const char *said = refusal(bad[i].query);

		ATF_CHECK_MSG(said && strstr(said, bad[i].part), "%s: said %s",
		    bad[i].query, said ? said : "nothing");
	}
}

ATF_TC_WITHOUT_HEAD(our_own_documents_run_in_bulk);
ATF_TC_BODY(our_own_documents_run_in_bulk, tc)
{
	static const enum gql_doc docs[] = { GQL_BULK_PRODUCTS, GQL_BULK_ORDERS,
		GQL_BULK_ORDER_TRANSACTIONS, GQL_BULK_CUSTOMERS };
	size_t i;

	for (i = 0; i < 4; i++) {
		const char *said = refusal(gql_texts[docs[i]].text);

		ATF_CHECK_MSG(
		    said == NULL, "%s: %s", gql_texts[docs[i]].name, said);
	}
}

/* The whole file as text. */
static const char *
file_of(struct shop *shop, const char *query, const struct bulk_how *how,
    struct bulk_head *head)
{
	struct run run = run_of(shop);
	const struct plan *plan;
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);
	const char *kept;

	*head = (struct bulk_head){ .status = BULK_RUNNING };
	ATF_REQUIRE_EQ(NULL, bulk_check(&run, query, &plan));
	OK(bulk_write(&run, plan, how, head, f));
	ATF_REQUIRE_EQ(0, fclose(f));
	ATF_CHECK_EQ((int64_t)n, head->bytes);
	kept = text_dup(test_arena(), text);
	free(text);
	return kept;
}

/* Lines that have __parentId, and those that have not; where the first of the
 * former is before its parent, *before says so. */
static void
count_lines(const char *text, int64_t *roots, int64_t *children, bool *before)
{
	struct slice rest = slice_of(text), line;
	struct json j;
	const char *seen = "";

	*roots = *children = 0;
	*before = false;
	while (text_next(&rest, '\n', &line)) {
		j = test_json(line);
		if (json_kind(jat(j, "__parentId")) == JSON_NULL) {
			seen = text_fmt(
			    test_arena(), "%s %s", seen, jtext_or(j, "id", ""));
			(*roots)++;
			continue;
		}
		(*children)++;
		*before |= strstr(seen, jtext_or(j, "__parentId", "?")) == NULL;
	}
}

ATF_TC_WITHOUT_HEAD(children_have_lines_of_their_own_wherever_asked);
ATF_TC_BODY(children_have_lines_of_their_own_wherever_asked, tc)
{
	struct shop *shop = ask_shop(1, 20, 5, 4);
	struct bulk_how how = { .end = BULK_COMPLETED };
	int64_t roots, children;
	struct bulk_head head;
	bool before;

	for (how.spread = 0; how.spread <= 2; how.spread++) {
		count_lines(file_of(shop, gql_texts[GQL_BULK_PRODUCTS].text,
				&how, &head),
		    &roots, &children, &before);
		ATF_CHECK_EQ(20, roots);
		ATF_CHECK_EQ((int64_t)shop->all[STOCK_VARIANT].n, children);
		ATF_CHECK_EQ(how.spread == 2, before);
		ATF_CHECK_EQ(head.objects, roots + children);
		ATF_CHECK_EQ(head.roots, roots);
	}
}

ATF_TC_WITHOUT_HEAD(nested_rows_are_cut_without_a_word);
ATF_TC_BODY(nested_rows_are_cut_without_a_word, tc)
{
	struct shop *shop = ask_shop(1, 4, 1, 1);
	const struct bulk_how all = { .end = BULK_COMPLETED };
	const struct bulk_how cut = { .end = BULK_COMPLETED,
		.children_max = 100 };
	struct bulk_head whole, head;

	(void)file_of(shop, gql_texts[GQL_BULK_PRODUCTS].text, &all, &whole);
	(void)file_of(shop, gql_texts[GQL_BULK_PRODUCTS].text, &cut, &head);
	/* The fourth product has 120 variants. */
	ATF_CHECK_EQ(whole.objects - 20, head.objects);
}

ATF_TC_WITHOUT_HEAD(filters_and_lists_inside_are_as_on_a_page);
ATF_TC_BODY(filters_and_lists_inside_are_as_on_a_page, tc)
{
	struct shop *shop = ask_shop(1, 6, 30, 4);
	const struct bulk_how how = { .end = BULK_COMPLETED };
	struct bulk_head head;
	const char *text = file_of(
	    shop, gql_texts[GQL_BULK_ORDER_TRANSACTIONS].text, &how, &head);

	ATF_CHECK(strstr(text, "\"transactions\":[{"));
	ATF_CHECK_EQ(30, head.roots);
	text = file_of(shop,
	    "{ orders(query: \"updated_at:>='2100-01-01T00:00:00Z'\", "
	    "sortKey: UPDATED_AT) { edges { node { id } } } }",
	    &how, &head);
	ATF_CHECK_STREQ("", text);
	ATF_CHECK_EQ(0, head.objects);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_query_that_cannot_run_in_bulk_is_told_why);
	ATF_TP_ADD_TC(tp, our_own_documents_run_in_bulk);
	ATF_TP_ADD_TC(tp, children_have_lines_of_their_own_wherever_asked);
	ATF_TP_ADD_TC(tp, nested_rows_are_cut_without_a_word);
	ATF_TP_ADD_TC(tp, filters_and_lists_inside_are_as_on_a_page);
	return atf_no_error();
}
