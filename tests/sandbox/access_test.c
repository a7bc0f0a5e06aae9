/* What a token may see: scopes, old orders, protected customer data. */
#include <atf-c.h>

#include "../../sandbox/scopes.h"
#include "ask.h"

static const char *
granted(const char *asked, bool all_orders)
{
	return scopes_grant(test_cx(), asked, all_orders);
}

ATF_TC_WITHOUT_HEAD(scopes_are_granted_once_and_write_has_read_in_it);
ATF_TC_BODY(scopes_are_granted_once_and_write_has_read_in_it, tc)
{
	const struct texts write =
	    scopes_read(test_arena(), " write_orders , read_products");
	const struct texts odd = scopes_read(test_arena(), "read_x,DROP");

	ATF_CHECK_STREQ("read_products,write_orders,read_all_orders",
	    granted(
		"read_products, read_orders,write_orders,read_products", true));
	ATF_CHECK_STREQ(
	    "read_orders", granted("read_orders,read_all_orders", false));
	ATF_CHECK_STREQ(
	    "read_products", granted("read_products,read_all_orders", true));
	ATF_CHECK(scopes_have(&write, "read_orders"));
	ATF_CHECK(!scopes_have(&write, "write_products"));
	ATF_CHECK(!scopes_have(&write, "read_all_orders"));
	ATF_CHECK(scopes_ok(&write));
	ATF_CHECK(!scopes_ok(&odd));
}

static struct json
as(const struct app *app, struct shop *shop, const char *query)
{
	struct question q = ask_of(shop, query);

	q.app = app;
	return ask_question(&q);
}

static struct app
with_scopes(const char *list)
{
	struct app app = ask_app;

	app.scopes = scopes_read(test_arena(), list);
	return app;
}

ATF_TC_WITHOUT_HEAD(without_the_scope_access_is_denied_and_the_rest_answered);
ATF_TC_BODY(without_the_scope_access_is_denied_and_the_rest_answered, tc)
{
	struct shop *shop = ask_shop(1, 8, 8, 4);
	const struct app app = with_scopes("read_orders");
	struct json a = as(&app, shop,
	    "{ products(first: 1) { nodes { id } } shop { name }\n"
	    "ordersCount { count } productsCount { count } }");

	ATF_CHECK_STREQ(
	    "{\"message\":\"Access denied for products field. Required "
	    "access: `read_products` access scope.\",\"locations\":[{\"line\":"
	    "1,\"column\":3}],\"path\":[\"products\"],\"extensions\":{"
	    "\"code\":\"ACCESS_DENIED\",\"documentation\":"
	    "\"https://shopify.dev/api/usage/access-scopes\","
	    "\"requiredAccess\":\"`read_products` access scope.\"}}",
	    jtext(test_arena(), jitem(jat(a, "errors"), 0)));
	ATF_CHECK_EQ(2, jlen(jat(a, "errors")));
	ATF_CHECK_STREQ("{\"products\":null,\"shop\":{\"name\":\"Demo\"},"
			"\"ordersCount\":{\"count\":8},\"productsCount\":null}",
	    ask_text(a, "data"));
}

ATF_TC_WITHOUT_HEAD(a_thing_inside_another_needs_its_own_scope);
ATF_TC_BODY(a_thing_inside_another_needs_its_own_scope, tc)
{
	struct shop *shop = ask_shop(1, 8, 8, 4);
	const struct app app = with_scopes("write_orders");
	struct json a = as(&app, shop,
	    "{ orders(first: 1) { nodes { name customer { id } } } }");
	const struct thing *c = shop->all[STOCK_CUSTOMER].items[0];

	ATF_CHECK_STREQ("[\"orders\",\"nodes\",0,\"customer\"]",
	    ask_text(jitem(jat(a, "errors"), 0), "path"));
	ATF_CHECK_EQ(1, jlen(jat(a, "data.orders.nodes")));
	a = as(&app, shop,
	    text_fmt(test_arena(),
		"{ nodes(ids: [\"gid://shopify/Customer/%lld\"]) { id } }",
		(long long)c->id));
	ATF_CHECK_STREQ("ACCESS_DENIED", ask_code(a));
	ATF_CHECK_STREQ("[null]", ask_text(a, "data.nodes"));
}

/* ---- orders of the last 60 days */

static size_t
young(const struct shop *shop, int64_t now)
{
	const struct list *l = &shop->all[STOCK_ORDER];
	const struct order *o;
	size_t i, n = 0;

	for (i = 0; i < l->n; i++) {
		o = l->items[i];
		n += o->thing.created_at >= now - 60 * 24 * 3600;
	}
	return n;
}

ATF_TC_WITHOUT_HEAD(old_orders_are_not_there_without_read_all_orders);
ATF_TC_BODY(old_orders_are_not_there_without_read_all_orders, tc)
{
	static const char query[] =
	    "{ orders(first: 250) { nodes { id } } ordersCount { count } }";
	struct shop *shop = ask_shop(1, 8, 100, 4);
	struct app app = ask_app;
	const size_t n = young(shop, ASK_NOW);
	const struct thing *oldest = shop->all[STOCK_ORDER].items[0];
	struct json a;

	ATF_REQUIRE(n > 5 && n < 50);
	app.all_orders = false;
	a = as(&app, shop, query);
	ATF_CHECK_EQ(n, jlen(jat(a, "data.orders.nodes")));
	ATF_CHECK_EQ((int64_t)n, jint_or(a, "data.ordersCount.count", -1));
	a = as(&ask_app, shop, query);
	ATF_CHECK_EQ(100, jlen(jat(a, "data.orders.nodes")));
	a = as(&app, shop,
	    text_fmt(test_arena(),
		"{ order(id: \"gid://shopify/Order/%lld\") { id } }",
		(long long)oldest->id));
	ATF_CHECK_STREQ("{\"order\":null}", ask_text(a, "data"));
	ATF_CHECK_EQ(0, jlen(jat(a, "errors")));
}

/* ---- protected customer data */

ATF_TC_WITHOUT_HEAD(without_level_two_names_and_addresses_are_null);
ATF_TC_BODY(without_level_two_names_and_addresses_are_null, tc)
{
	struct shop *shop = ask_shop(1, 8, 8, 4);
	struct app app = ask_app;
	struct json a;

	app.approval = APPROVED_LEVEL1;
	a = as(&app, shop,
	    "{ customers(first: 1) { nodes { lastName state "
	    "defaultEmailAddress { emailAddress } } } }");
	ATF_CHECK_EQ(0, jlen(jat(a, "errors")));
	ATF_CHECK_EQ(JSON_NULL,
	    json_kind(
		jat(jitem(jat(a, "data.customers.nodes"), 0), "lastName")));
	ATF_CHECK_EQ(JSON_TEXT,
	    json_kind(jat(jitem(jat(a, "data.customers.nodes"), 0), "state")));
	app.approval = APPROVED_NOT;
	a = as(&app, shop, "{ customers(first: 1) { nodes { id } } }");
	ATF_CHECK_STREQ("ACCESS_DENIED", ask_code(a));
	ATF_CHECK(
	    text_starts(jtext_or(jitem(jat(a, "errors"), 0), "message", ""),
		"This app is not approved to access the Customer object."));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, scopes_are_granted_once_and_write_has_read_in_it);
	ATF_TP_ADD_TC(
	    tp, without_the_scope_access_is_denied_and_the_rest_answered);
	ATF_TP_ADD_TC(tp, a_thing_inside_another_needs_its_own_scope);
	ATF_TP_ADD_TC(tp, old_orders_are_not_there_without_read_all_orders);
	ATF_TP_ADD_TC(tp, without_level_two_names_and_addresses_are_null);
	return atf_no_error();
}
