/* Connections: the pages together are the whole, in every order. */
#include <atf-c.h>

#include "ask.h"

static struct json
page(struct shop *shop, const char *field, const char *args, int64_t most)
{
	struct question q = ask_of(
	    shop, text_fmt(test_arena(),
		      "{ %s(%s) { edges { cursor node { id } } pageInfo { "
		      "hasNextPage hasPreviousPage startCursor endCursor } } }",
		      field, args));
	struct json a;

	q.page_objects_max = most;
	a = ask_question(&q);
	return jlen(jat(a, "errors"))
		   ? a
		   : jat(a, text_fmt(test_arena(), "data.%s", field));
}

/* The ids of all pages of `size`, one after the other. */
static const char *
walk(struct shop *shop, const char *field, const char *args, int size)
{
	const char *ids = "", *cursor = NULL;
	struct json p;
	size_t i;

	do {
		p = page(shop, field,
		    text_fmt(test_arena(), "first: %d, %s%s%s%s", size, args,
			cursor ? ", after: \"" : "", cursor ? cursor : "",
			cursor ? "\"" : ""),
		    25000);
		ATF_REQUIRE_MSG(json_kind(jat(p, "pageInfo")) == JSON_OBJECT,
		    "%s", jtext(test_arena(), p));
		ATF_REQUIRE(jlen(jat(p, "edges")) <= (size_t)size);
		ATF_REQUIRE_EQ(cursor != NULL,
		    jbool_or(p, "pageInfo.hasPreviousPage", false));
		for (i = 0; i < jlen(jat(p, "edges")); i++)
			ids = text_fmt(test_arena(), "%s %s", ids,
			    jtext_or(jitem(jat(p, "edges"), i), "node.id", ""));
		cursor = jtext_or(p, "pageInfo.endCursor", NULL);
	} while (jbool_or(p, "pageInfo.hasNextPage", false));
	return ids;
}

static size_t
words(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += *text == ' ';
	return n;
}

static void
same_by(struct shop *shop, const char *field, const char *args, size_t n)
{
	const char *whole = walk(shop, field, args, 250);

	ATF_CHECK_EQ_MSG(n, words(whole), "%s %s", field, args);
	ATF_CHECK_STREQ(whole, walk(shop, field, args, 7));
	ATF_CHECK_STREQ(whole, walk(shop, field, args, 10));
}

ATF_TC_WITHOUT_HEAD(pages_of_any_size_and_order_are_the_whole);
ATF_TC_BODY(pages_of_any_size_and_order_are_the_whole, tc)
{
	struct shop *shop = ask_shop(3, 60, 70, 25);

	same_by(shop, "products", "sortKey: ID", 60);
	same_by(shop, "products", "sortKey: UPDATED_AT", 60);
	same_by(shop, "products", "sortKey: TITLE, reverse: true", 60);
	same_by(shop, "products", "sortKey: VENDOR", 60);
	same_by(shop, "orders", "sortKey: UPDATED_AT, reverse: true", 70);
	same_by(shop, "orders", "sortKey: TOTAL_PRICE", 70);
	same_by(shop, "customers", "sortKey: NAME", 25);
	same_by(shop, "productVariants", "sortKey: SKU",
	    shop->all[STOCK_VARIANT].n);
}

/* Of the same sort, forwards and backwards: one is the other turned round. */
static const char *
turned(const char *ids)
{
	struct slice rest = slice_of(ids), part;
	const char *out = "";

	while (text_next(&rest, ' ', &part))
		if (part.n > 0)
			out = text_fmt(test_arena(), " %s%s",
			    text_of(test_arena(), part), out);
	return out;
}

ATF_TC_WITHOUT_HEAD(reverse_turns_the_order_round);
ATF_TC_BODY(reverse_turns_the_order_round, tc)
{
	struct shop *shop = ask_shop(3, 60, 70, 25);

	ATF_CHECK_STREQ(turned(walk(shop, "orders", "sortKey: CREATED_AT", 9)),
	    walk(shop, "orders", "sortKey: CREATED_AT, reverse: true", 9));
}

ATF_TC_WITHOUT_HEAD(last_and_before_read_from_the_end);
ATF_TC_BODY(last_and_before_read_from_the_end, tc)
{
	struct shop *shop = ask_shop(3, 20, 6, 3);
	struct json all = page(shop, "products", "first: 20", 25000);
	struct json end = page(shop, "products", "last: 5", 25000);
	struct json before;

	ATF_CHECK_STREQ(ask_text(jitem(jat(all, "edges"), 15), ""),
	    ask_text(jitem(jat(end, "edges"), 0), ""));
	ATF_CHECK(jbool_or(end, "pageInfo.hasPreviousPage", false));
	ATF_CHECK(!jbool_or(end, "pageInfo.hasNextPage", true));
	before = page(shop, "products",
	    text_fmt(test_arena(), "last: 5, before: \"%s\"",
		jtext_or(end, "pageInfo.startCursor", "")),
	    25000);
	ATF_CHECK_STREQ(ask_text(jitem(jat(all, "edges"), 10), ""),
	    ask_text(jitem(jat(before, "edges"), 0), ""));
	ATF_CHECK_EQ(5, jlen(jat(before, "edges")));
	ATF_CHECK(jbool_or(before, "pageInfo.hasNextPage", false));
}

ATF_TC_WITHOUT_HEAD(lines_and_variants_page_in_their_own_order);
ATF_TC_BODY(lines_and_variants_page_in_their_own_order, tc)
{
	struct shop *shop = ask_shop(3, 20, 8, 3);
	const struct order *big = shop->all[STOCK_ORDER].items[5];
	const char *after = "null";
	const struct thing *l;
	size_t n = 0, i;
	struct json p;

	ATF_REQUIRE_EQ(263, big->lines.n);
	do {
		p = jat(ask(shop,
			    text_fmt(test_arena(),
				"{ order(id: \"gid://shopify/Order/%lld\") { "
				"lineItems(first: 50, after: %s) { nodes { id "
				"} pageInfo { hasNextPage endCursor } } } }",
				(long long)big->thing.id, after),
			    NULL),
		    "data.order.lineItems");
		for (i = 0; i < jlen(jat(p, "nodes")); i++) {
			l = big->lines.items[n++];
			ATF_CHECK_STREQ(text_fmt(test_arena(),
					    "gid://shopify/LineItem/%lld",
					    (long long)l->id),
			    jtext_or(jitem(jat(p, "nodes"), i), "id", ""));
		}
		after = text_fmt(test_arena(), "\"%s\"",
		    jtext_or(p, "pageInfo.endCursor", ""));
	} while (jbool_or(p, "pageInfo.hasNextPage", false));
	ATF_CHECK_EQ(263, n);
}

static const char *
wrong(const char *args, int64_t most)
{
	struct json a = page(ask_shop(3, 60, 6, 3), "products", args, most);

	ATF_CHECK_EQ(JSON_NULL, json_kind(jat(a, "data.products")));
	return jtext_or(jitem(jat(a, "errors"), 0), "message", "");
}

ATF_TC_WITHOUT_HEAD(a_page_has_a_size_and_a_limit);
ATF_TC_BODY(a_page_has_a_size_and_a_limit, tc)
{
	ATF_CHECK_STREQ(
	    "you must provide one of first or last", wrong("sortKey: ID", 100));
	ATF_CHECK_STREQ("providing both first and last is not supported",
	    wrong("first: 1, last: 1", 100));
	ATF_CHECK_STREQ(
	    "first and last must not be negative", wrong("first: -1", 100));
	ATF_CHECK_STREQ(
	    "The first argument cannot exceed 250", wrong("first: 251", 100));
	ATF_CHECK_STREQ("Invalid cursor for current pagination sort.",
	    wrong("first: 1, after: \"nonsense\"", 100));
	ATF_CHECK_STREQ("Invalid cursor for current pagination sort.",
	    wrong("first: 1, after: \"e30=\"", 100)); /* {} */
}

ATF_TC_WITHOUT_HEAD(paging_ends_after_so_many_objects);
ATF_TC_BODY(paging_ends_after_so_many_objects, tc)
{
	struct shop *shop = ask_shop(3, 60, 6, 3);
	struct json p = page(shop, "products", "first: 30", 50), q;

	ATF_CHECK(jbool_or(p, "pageInfo.hasNextPage", false));
	q = page(shop, "products",
	    text_fmt(test_arena(), "first: 30, after: \"%s\"",
		jtext_or(p, "pageInfo.endCursor", "")),
	    50);
	ATF_CHECK_EQ(20, jlen(jat(q, "edges")));
	ATF_CHECK(!jbool_or(q, "pageInfo.hasNextPage", true));
	ATF_CHECK_STREQ("Pagination is limited to the first 50 objects",
	    wrong(text_fmt(test_arena(), "first: 30, after: \"%s\"",
		      jtext_or(q, "pageInfo.endCursor", "")),
		50));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, pages_of_any_size_and_order_are_the_whole);
	ATF_TP_ADD_TC(tp, reverse_turns_the_order_round);
	ATF_TP_ADD_TC(tp, last_and_before_read_from_the_end);
	ATF_TP_ADD_TC(tp, lines_and_variants_page_in_their_own_order);
	ATF_TP_ADD_TC(tp, a_page_has_a_size_and_a_limit);
	ATF_TP_ADD_TC(tp, paging_ends_after_so_many_objects);
	return atf_no_error();
}
