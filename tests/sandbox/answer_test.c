/* Answers: documents, selections, and what is refused before it is run. */
#include <atf-c.h>

#include "ask.h"
#include "shopify/gql_text.h"

/* Documents of what the sandbox has; the others are refused as unknown. */
static const enum gql_doc answered[] = { GQL_API_VERSIONS, GQL_APP_INSTALLATION,
	GQL_COUNTS, GQL_CUSTOMER_BY_ID, GQL_CUSTOMERS_BY_IDS,
	GQL_CUSTOMERS_PAGE, GQL_ORDER_BY_ID, GQL_ORDER_REFUNDS,
	GQL_ORDER_TRANSACTIONS, GQL_ORDERS_BY_IDS, GQL_ORDERS_PAGE,
	GQL_PRODUCT_BY_ID, GQL_PRODUCTS_BY_IDS, GQL_PRODUCTS_PAGE,
	GQL_REFUND_LINES, GQL_SHOP, GQL_TRANSACTIONS_PAGE };

static int64_t
some_id(const struct shop *shop, enum stock stock)
{
	const struct thing *t = shop->all[stock].items[0];

	return t->id;
}

/* The id or ids that a document asks for, by its name. */
static const char *
variables_for(const struct shop *shop, const char *name)
{
	static const struct {
		const char *word, *type;
		enum stock stock;
	} kinds[] = { { "product", "Product", STOCK_PRODUCT },
		{ "customer", "Customer", STOCK_CUSTOMER },
		{ "refund_lines", "Refund", STOCK_REFUND },
		{ "order", "Order", STOCK_ORDER } };
	size_t i;

	if (text_ends(name, "_page") || text_same(name, "counts"))
		return NULL;
	for (i = 0; i < 4; i++)
		if (text_starts(name, kinds[i].word))
			break;
	if (i == 4)
		return NULL;
	if (text_ends(name, "_by_ids"))
		return text_fmt(test_arena(),
		    "{\"ids\":[\"gid://shopify/%s/%lld\","
		    "\"gid://shopify/%s/1\"]}",
		    kinds[i].type, (long long)some_id(shop, kinds[i].stock),
		    kinds[i].type);
	return text_fmt(test_arena(), "{\"id\":\"gid://shopify/%s/%lld\"}",
	    kinds[i].type, (long long)some_id(shop, kinds[i].stock));
}

ATF_TC_WITHOUT_HEAD(every_document_of_what_there_is_gets_its_data);
ATF_TC_BODY(every_document_of_what_there_is_gets_its_data, tc)
{
	struct shop *shop = ask_shop(1, 60, 60, 30);
	const struct gql_text *doc;
	struct json a;
	size_t i;

	for (i = 0; i < sizeof(answered) / sizeof(answered[0]); i++) {
		doc = &gql_texts[answered[i]];
		a = ask(shop, doc->text, variables_for(shop, doc->name));
		ATF_CHECK_MSG(jlen(jat(a, "errors")) == 0, "%s: %s", doc->name,
		    ask_text(a, "errors"));
		ATF_CHECK_MSG(
		    jint_or(a, "extensions.cost.requestedQueryCost", -1) >= 0,
		    "%s has no cost", doc->name);
	}
}

ATF_TC_WITHOUT_HEAD(aliases_fragments_and_directives_are_honoured);
ATF_TC_BODY(aliases_fragments_and_directives_are_honoured, tc)
{
	struct shop *shop = ask_shop(1, 8, 8, 4);
	struct json a = ask(shop,
	    "query Q($n: Int! = 1, $no: Boolean = false) {\n"
	    " one: products(first: $n) { nodes { ...P t: title\n"
	    "  ... on Node { __typename } ... { vendor @include(if: $no) }\n"
	    "  handle @skip(if: true) } }\n"
	    " shop { name ... @include(if: true) { plan { shopifyPlus } } }\n"
	    "} fragment P on Product { seo { title } ...Q }\n"
	    "fragment Q on Product { seo { description } }",
	    "{\"n\":1}");
	const struct product *p = shop->all[STOCK_PRODUCT].items[0];

	ATF_CHECK_STREQ("{\"name\":\"Demo\",\"plan\":{\"shopifyPlus\":true}}",
	    ask_text(a, "data.shop"));
	ATF_CHECK_STREQ(
	    text_fmt(test_arena(),
		"[{\"seo\":{\"title\":%s,\"description\":%s},"
		"\"t\":\"%s\",\"__typename\":\"Product\"}]",
		p->seo_title ? text_fmt(test_arena(), "\"%s\"", p->seo_title)
			     : "null",
		p->seo_title ? "\"Found & liked\"" : "null", p->title),
	    ask_text(a, "data.one.nodes"));
}

/* ---- refusals: no data, and the code */

static struct json
refused(const char *query, const char *variables, const char *code)
{
	struct json a = ask(ask_empty(), query, variables);

	ATF_CHECK_MSG(text_same(code, ask_code(a)), "%s: %s", query,
	    jtext(test_arena(), a));
	ATF_CHECK_EQ(JSON_NULL, json_kind(jat(a, "data")));
	return a;
}

ATF_TC_WITHOUT_HEAD(an_unknown_field_is_refused_with_its_type_and_place);
ATF_TC_BODY(an_unknown_field_is_refused_with_its_type_and_place, tc)
{
	struct json a = refused(
	    "{\n  shop { id }\n  q: shop { nope }\n}", NULL, "undefinedField");

	ATF_CHECK_STREQ("[{\"message\":\"Field 'nope' doesn't exist on type "
			"'Shop'\",\"locations\":[{\"line\":3,\"column\":13}],"
			"\"path\":[\"query\",\"q\",\"nope\"],\"extensions\":{"
			"\"code\":\"undefinedField\",\"typeName\":\"Shop\","
			"\"fieldName\":\"nope\"}}]",
	    ask_text(a, "errors"));
	ATF_CHECK_EQ(JSON_NULL, json_kind(jat(a, "extensions")));
	a = refused("query Named { shop { ...F } } "
		    "fragment F on Shop { plan { x } }",
	    NULL, "undefinedField");
	ATF_CHECK_STREQ("[\"fragment F\",\"plan\",\"x\"]",
	    ask_text(jitem(jat(a, "errors"), 0), "path"));
	a = refused("query Named { nodes(ids: []) { ... on Order { x } } }",
	    NULL, "undefinedField");
	ATF_CHECK_STREQ("[\"query Named\",\"nodes\",\"... on Order\",\"x\"]",
	    ask_text(jitem(jat(a, "errors"), 0), "path"));
	(void)refused("mutation { productDelete { userErrors { field } } }",
	    NULL, "undefinedField");
}

ATF_TC_WITHOUT_HEAD(selections_stand_where_objects_are_and_only_there);
ATF_TC_BODY(selections_stand_where_objects_are_and_only_there, tc)
{
	(void)refused("{ shop }", NULL, "selectionMismatch");
	(void)refused("{ shop { name { x } } }", NULL, "selectionMismatch");
	(void)refused(
	    "{ products(first: 1) { nodes } }", NULL, "selectionMismatch");
}

ATF_TC_WITHOUT_HEAD(arguments_are_held_to_the_schema);
ATF_TC_BODY(arguments_are_held_to_the_schema, tc)
{
	(void)refused("{ shop(id: 1) { name } }", NULL, "argumentNotAccepted");
	(void)refused("{ products(first: \"1\") { nodes { id } } }", NULL,
	    "argumentLiteralsIncompatible");
	(void)refused("{ products(first: 1, sortKey: PRICE) { nodes { id } } }",
	    NULL, "argumentLiteralsIncompatible");
	(void)refused("{ order { id } }", NULL, "missingRequiredArguments");
	(void)refused(
	    "{ order(id: null) { id } }", NULL, "argumentLiteralsIncompatible");
	(void)refused("{ shop @twice { id } }", NULL, "undefinedDirective");
}

ATF_TC_WITHOUT_HEAD(variables_are_declared_used_and_of_their_type);
ATF_TC_BODY(variables_are_declared_used_and_of_their_type, tc)
{
	static const char by_id[] = "query($id: ID!) { order(id: $id) { id } }";
	struct json a;

	(void)refused("{ order(id: $x) { id } }", NULL, "variableNotDefined");
	(void)refused(
	    "query($x: Int) { shop { id } }", NULL, "variableNotUsed");
	(void)refused("query($x: String!) { order(id: $x) { id } }",
	    "{\"x\":\"1\"}", "variableMismatch");
	(void)refused("query($x: ID) { order(id: $x) { id } }", "{\"x\":\"1\"}",
	    "variableMismatch");
	(void)refused("query($x: Shop) { order(id: $x) { id } }", NULL,
	    "variableMismatch");
	(void)refused("query($x: Int = \"a\") { products(first: $x) "
		      "{ nodes { id } } }",
	    NULL, "defaultValueInvalidType");
	a = refused(by_id, NULL, "INVALID_VARIABLE");
	ATF_CHECK_STREQ("Variable $id of type ID! was provided invalid value",
	    jtext_or(jitem(jat(a, "errors"), 0), "message", ""));
	(void)refused(by_id, "{\"id\":null}", "INVALID_VARIABLE");
	a = refused("query($x: Int) { products(first: $x) { nodes { id } } }",
	    "{\"x\":\"3\"}", "INVALID_VARIABLE");
	ATF_CHECK_STREQ(
	    "\"3\"", ask_text(jitem(jat(a, "errors"), 0), "extensions.value"));
}

ATF_TC_WITHOUT_HEAD(fragments_are_defined_used_and_end);
ATF_TC_BODY(fragments_are_defined_used_and_end, tc)
{
	(void)refused("{ shop { ...F } }", NULL, "useAndDefineFragment");
	(void)refused("{ shop { id } } fragment F on Shop { id }", NULL,
	    "useAndDefineFragment");
	(void)refused("{ shop { ...F } } fragment F on Shop { ...F }", NULL,
	    "infiniteLoop");
	(void)refused("{ shop { ...F } } fragment F on Shop { ...G } "
		      "fragment G on Shop { id ...F }",
	    NULL, "infiniteLoop");
	(void)refused("{ shop { ...F } } fragment F on Order { id }", NULL,
	    "cannotSpreadFragment");
	(void)refused(
	    "{ shop { ... on Order { id } } }", NULL, "cannotSpreadFragment");
	(void)refused(
	    "{ shop { ... on Nothing { id } } }", NULL, "undefinedType");
	(void)refused("{ shop { a: id a: name } }", NULL, "fieldConflict");
}

ATF_TC_WITHOUT_HEAD(a_broken_text_is_told_its_place);
ATF_TC_BODY(a_broken_text_is_told_its_place, tc)
{
	struct json a = ask(ask_empty(), "{ shop {\n id ", NULL);
	struct json e = jitem(jat(a, "errors"), 0);

	ATF_CHECK_STREQ("syntax error, unexpected end of file at [2, 5]",
	    jtext_or(e, "message", ""));
	ATF_CHECK_EQ(2, jint_or(jitem(jat(e, "locations"), 0), "line", 0));
	(void)refused("", NULL, "");
	(void)refused("{ shop { id } } }", NULL, "");
	(void)refused("{ }", NULL, "");
	(void)refused("{ shop { name: } }", NULL, "");
	(void)refused("query ($x: [Int) { shop { id } }", NULL, "");
}

ATF_TC_WITHOUT_HEAD(one_of_several_operations_is_named);
ATF_TC_BODY(one_of_several_operations_is_named, tc)
{
	struct question q = ask_of(
	    ask_empty(), "query A { shop { name } } query B { shop { id } }");

	ATF_CHECK_STREQ("An operation name is required",
	    jtext_or(jitem(jat(ask_question(&q), "errors"), 0), "message", ""));
	q.operation = "B";
	ATF_CHECK_STREQ("{\"id\":\"gid://shopify/Shop/77\"}",
	    ask_text(ask_question(&q), "data.shop"));
	q.operation = "C";
	ATF_CHECK_STREQ("No operation named \"C\"",
	    jtext_or(jitem(jat(ask_question(&q), "errors"), 0), "message", ""));
}

ATF_TC_WITHOUT_HEAD(a_field_is_there_from_its_version_on);
ATF_TC_BODY(a_field_is_there_from_its_version_on, tc)
{
	struct question q = ask_of(
	    ask_empty(), "{ orders(first: 1) { nodes { checkoutToken } } }");

	ATF_CHECK_STREQ("", ask_code(ask_question(&q)));
	q.version = "2026-07";
	ATF_CHECK_STREQ("", ask_code(ask_question(&q)));
	q.version = "2026-04";
	ATF_CHECK_STREQ("undefinedField", ask_code(ask_question(&q)));
	q.version = "unstable";
	ATF_CHECK_STREQ("", ask_code(ask_question(&q)));
}

ATF_TC_WITHOUT_HEAD(numbers_past_doubles_money_and_times_come_as_text);
ATF_TC_BODY(numbers_past_doubles_money_and_times_come_as_text, tc)
{
	struct shop *shop = ask_shop(1, 8, 8, 4);
	const struct variant *v = shop->all[STOCK_VARIANT].items[0];
	struct json a = ask(shop,
	    "{ productVariants(first: 1) { nodes { legacyResourceId price "
	    "createdAt inventoryQuantity product { priceRangeV2 { "
	    "minVariantPrice { amount currencyCode } } } } } }",
	    NULL);
	struct json n = jitem(jat(a, "data.productVariants.nodes"), 0);

	ATF_CHECK_STREQ(text_fmt(test_arena(), "%lld", (long long)v->thing.id),
	    jtext_or(n, "legacyResourceId", ""));
	ATF_CHECK(v->thing.id > INT64_C(9007199254740992));
	ATF_CHECK_EQ(JSON_TEXT, json_kind(jat(n, "price")));
	ATF_CHECK(text_ends(jtext_or(n, "createdAt", ""), "Z"));
	ATF_CHECK_EQ(JSON_INT, json_kind(jat(n, "inventoryQuantity")));
	ATF_CHECK_EQ(JSON_TEXT,
	    json_kind(jat(n, "product.priceRangeV2.minVariantPrice.amount")));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, every_document_of_what_there_is_gets_its_data);
	ATF_TP_ADD_TC(tp, aliases_fragments_and_directives_are_honoured);
	ATF_TP_ADD_TC(tp, an_unknown_field_is_refused_with_its_type_and_place);
	ATF_TP_ADD_TC(tp, selections_stand_where_objects_are_and_only_there);
	ATF_TP_ADD_TC(tp, arguments_are_held_to_the_schema);
	ATF_TP_ADD_TC(tp, variables_are_declared_used_and_of_their_type);
	ATF_TP_ADD_TC(tp, fragments_are_defined_used_and_end);
	ATF_TP_ADD_TC(tp, a_broken_text_is_told_its_place);
	ATF_TP_ADD_TC(tp, one_of_several_operations_is_named);
	ATF_TP_ADD_TC(tp, a_field_is_there_from_its_version_on);
	ATF_TP_ADD_TC(tp, numbers_past_doubles_money_and_times_come_as_text);
	return atf_no_error();
}
