/* kyua: timeout=60 */
/* What a read becomes: whole objects, none of them older than what is there. */
#include <atf-c.h>
#include <string.h>

#include "app/intake.h"
#include "app/personal.h"
#include "base/clock.h"
#include "io/http.h"
#include "made.h"
#include "pretend.h"
#include "shop.h"
#include "store/changed.h"

typedef enum rc take_fn(struct cx *cx, struct intake *in, struct json nodes);

static struct shop shop;

/* As a pull's job has it: a live token, and Shopify within reach. */
static void
begin(void)
{
	(void)test_shop("jobd");
	pretend_start();
	OK(http_start(test_cx()));
	test_token(3600);
	shop = test_shop_row();
}

static enum rc
try_take(take_fn *take, const char *text)
{
	struct intake in;

	rc_forget(test_cx());
	OK(intake_begin(test_cx(), &in, &shop, NULL));
	TRY(take(test_cx(), &in, made_list(text)));
	OK(db_begin(test_cx()));
	OK(intake_save(test_cx(), &in));
	return db_commit(test_cx());
}

static void
take(take_fn *fn, const char *text)
{
	OK(try_take(fn, text));
}

/* The order of the fixture, which has a refund with one line. */
static void
take_order(const char *text)
{
	pretend_data("RefundLines", made("refund_lines", NULL));
	take(intake_orders, text);
}

/* ---- every field */

static bool same(struct json a, struct json b);

static bool
same_members(struct json a, struct json b)
{
	struct jmember *members;
	struct jmember *others;
	const size_t n = jmembers(test_arena(), a, &members);
	size_t i;

	if (n != jmembers(test_arena(), b, &others))
		return false;
	for (i = 0; i < n; i++)
		if (!same(members[i].value, jat(b, members[i].name)))
			return false;
	return true;
}

static const char *
bare(struct json j)
{
	return json_kind(j) == JSON_TEXT ? jtext_or(j, "", "")
					 : jtext(test_arena(), j);
}

/* A time in another spelling, a number as text, members in another order. */
static bool
same(struct json a, struct json b)
{
	int64_t then, now;
	size_t i;

	if (json_kind(a) == JSON_OBJECT)
		return same_members(a, b);
	if (json_kind(a) == JSON_LIST) {
		for (i = 0; i < jlen(a); i++)
			if (!same(jitem(a, i), jitem(b, i)))
				return false;
		return jlen(a) == jlen(b);
	}
	if (clock_read(bare(a), &then) && clock_read(bare(b), &now))
		return then == now;
	return text_same(bare(a), bare(b));
}

static void
check_field(const struct map *map, const struct map_field *f,
    struct json object, struct json row, struct json personal)
{
	const struct json want = jat(object, f->path);
	struct json got = jat(row, f->name);

	if (f->where == TO_DOC)
		got = jat(jat(row, "doc"), f->name);
	if (f->where == TO_SEALED)
		got = jat(personal, f->name);
	ATF_CHECK_MSG(
	    want.node, "the fixture of %s lacks %s", map->table, f->path);
	if (f->how == MAP_GID)
		ATF_CHECK_MSG(text_ends(jtext_or(want, "", "?"),
				  text_fmt(test_arena(), "/%s", bare(got))),
		    "%s.%s: %s", map->table, f->name, bare(got));
	else
		ATF_CHECK_MSG(same(want, got), "%s.%s: %s, not %s", map->table,
		    f->name, bare(got), bare(want));
	if (f->where == TO_SEALED)
		ATF_CHECK_MSG(!jat(row, f->name).node, "%s.%s in plain",
		    map->table, f->name);
}

static void
check_table(const char *word, const struct map *map, struct json object)
{
	const struct rows_ask ask = { .word = word, .limit = 10 };
	struct json row, personal = { .node = NULL };
	const char *const *texts;
	const struct map_field *f;
	struct pulled_rows rows;

	OK(pulled_rows_load(test_cx(), &ask, &rows));
	ATF_REQUIRE_EQ_MSG(1, rows.n, "%s", word);
	OK(personal_open(test_cx(), &rows, &texts));
	row = test_json(slice_of(rows.list[0].json));
	if (texts[0])
		personal = test_json(slice_of(texts[0]));
	for (f = map->fields; f->name; f++)
		check_field(map, f, object, row, personal);
}

SERVER_CASE(every_field_of_shopifys_lands_where_the_map_says)
{
	const struct json product = made_object(made("product", NULL));
	const struct json customer = made_object(made("customer", NULL));
	const struct json order = made_object(made("order", NULL));
	const struct json lines = made_object(made("refund_lines", NULL));

	begin();
	take(intake_products, made("product", NULL));
	take(intake_customers, made("customer", NULL));
	take_order(made("order", NULL));
	test_sql("t", "GRANT EXECUTE ON FUNCTION row_json TO stockroom_jobd");
	check_table("products", &map_product, product);
	check_table("variants", &map_variant, jat(product, "variants.nodes.0"));
	check_table("customers", &map_customer, customer);
	check_table("orders", &map_order, order);
	check_table("lines", &map_order_line, jat(order, "lineItems.nodes.0"));
	check_table("transactions", &map_order_transaction,
	    jat(order, "transactions.0"));
	check_table("refunds", &map_refund, jat(order, "refunds.0"));
	check_table("refund_lines", &map_refund_line,
	    jat(lines, "refund.refundLineItems.nodes.0"));
	test_answers("c|9007199254741101", "t",
	    "SELECT DISTINCT subject_kind, subject_id FROM "
	    "(SELECT subject_kind, subject_id FROM orders UNION ALL "
	    "SELECT subject_kind, subject_id FROM order_line UNION ALL "
	    "SELECT subject_kind, subject_id FROM refund) x");
}

/* ---- what a page could not hold */

/* So many objects of a kind, numbered from `from`. */
static const char *
some(const char *type, int from, int n)
{
	struct buf b = buf_new(test_arena(), 1 << 20);
	int i;

	for (i = 0; i < n; i++)
		buf_addf(&b, "%s{\"id\":\"gid://shopify/%s/%d\"}", i ? "," : "",
		    type, from + i);
	return buf_text(&b);
}

#define LINES_OF(n)                                                            \
	text_fmt(test_arena(),                                                 \
	    "{\"nodes\":[%s],\"pageInfo\":{"                                   \
	    "\"hasNextPage\":true,"                                            \
	    "\"endCursor\":\"l50\"}}",                                         \
	    some("LineItem", 1, n))

static const char *
order_with(const char *more)
{
	return text_fmt(test_arena(),
	    "{\"id\":\"gid://shopify/Order/7\","
	    "\"updatedAt\":\"2026-02-03T04:05:06Z\",%s}",
	    more);
}

SERVER_CASE(an_order_with_more_lines_than_a_page_is_read_on)
{
	begin();
	pretend_data("OrderLines",
	    text_fmt(test_arena(), "{\"order\":%s}",
		made_page("lineItems", some("LineItem", 51, 250), "l300")));
	pretend_data("OrderLines",
	    text_fmt(test_arena(), "{\"order\":%s}",
		made_page("lineItems", some("LineItem", 301, 13), NULL)));
	take(intake_orders, order_with(text_fmt(test_arena(),
				"\"lineItems\":%s", LINES_OF(50))));
	test_answers("313|7|7", "t",
	    "SELECT count(DISTINCT id), min(order_id), max(order_id) "
	    "FROM order_line");
	ATF_CHECK_EQ(2, pretend_calls("OrderLines"));
	GOT("OrderLines", "\"after\":\"l300\"");
	GOT("OrderLines", "\"id\":\"gid://shopify/Order/7\"");
	ATF_CHECK_STREQ("shpat_1", pretend_token());
}

SERVER_CASE(a_product_with_more_variants_than_a_page_is_read_on)
{
	begin();
	pretend_data("ProductVariants",
	    text_fmt(test_arena(), "{\"product\":%s}",
		made_page("variants", some("ProductVariant", 51, 70), NULL)));
	take(intake_products,
	    text_fmt(test_arena(),
		"{\"id\":\"gid://shopify/Product/7\","
		"\"updatedAt\":\"2026-02-03T04:05:06Z\",\"variants\":{"
		"\"nodes\":[%s],\"pageInfo\":{\"hasNextPage\":true,"
		"\"endCursor\":\"v50\"}}}",
		some("ProductVariant", 1, 50)));
	test_answers(
	    "120|0", "t", "SELECT count(*), count(deleted_at) FROM variant");
	GOT("ProductVariants", "\"after\":\"v50\"");
}

SERVER_CASE(lists_without_a_cursor_are_asked_again_whole)
{
	begin();
	pretend_data("OrderTransactions",
	    text_fmt(test_arena(), "{\"order\":{\"transactions\":[%s]}}",
		some("OrderTransaction", 1, 12)));
	pretend_data("OrderRefunds",
	    text_fmt(test_arena(), "{\"order\":{\"refunds\":[%s]}}",
		some("Refund", 1, 11)));
	pretend_data(
	    "RefundLines", text_fmt(test_arena(), "{\"refund\":%s}",
			       made_page("refundLineItems", "", NULL)));
	take(intake_orders,
	    order_with(text_fmt(test_arena(),
		"\"transactionsCount\":{\"count\":12},"
		"\"transactions\":[%s],\"refunds\":[%s]",
		some("OrderTransaction", 1, 10), some("Refund", 1, 10))));
	test_answers("12|11", "t",
	    "SELECT count(*), (SELECT count(*) FROM refund) "
	    "FROM order_transaction");
	GOT("OrderTransactions", "\"first\":12");
	ATF_CHECK_EQ(1, pretend_calls("OrderTransactions"));
	ATF_CHECK_EQ(11, pretend_calls("RefundLines"));
}

/* What is behind the 250th nobody can ask for: the row says so. */
SERVER_CASE(an_order_of_which_shopify_gives_not_all_is_not_whole)
{
	begin();
	pretend_data("OrderTransactions",
	    text_fmt(test_arena(), "{\"order\":{\"transactions\":[%s]}}",
		some("OrderTransaction", 1, 250)));
	take(
	    intake_orders, order_with("\"transactionsCount\":{\"count\":250}"));
	test_answers("250|f", "t",
	    "SELECT count(*), (SELECT partial FROM orders) "
	    "FROM order_transaction");
	take(
	    intake_orders, order_with("\"transactionsCount\":{\"count\":251}"));
	GOT("OrderTransactions", "\"first\":250");
	test_answers("t", "t", "SELECT partial FROM orders");
	pretend_data("OrderRefunds",
	    text_fmt(test_arena(), "{\"order\":{\"refunds\":[%s]}}",
		some("Refund", 1, 250)));
	pretend_data(
	    "RefundLines", text_fmt(test_arena(), "{\"refund\":%s}",
			       made_page("refundLineItems", "", NULL)));
	take(intake_orders, order_with("\"name\":\"again\""));
	test_answers("f", "t", "SELECT partial FROM orders");
	take(intake_orders, order_with(text_fmt(test_arena(),
				"\"refunds\":[%s]", some("Refund", 1, 10))));
	test_answers("250|t", "t",
	    "SELECT count(*), (SELECT partial FROM orders) FROM refund");
}

SERVER_CASE(what_cannot_be_read_on_is_not_kept_by_half)
{
	begin();
	pretend_says("OrderLines", 502, "");
	ATF_CHECK_EQ(RC_REMOTE,
	    try_take(intake_orders, order_with(text_fmt(test_arena(),
					"\"lineItems\":%s", LINES_OF(50)))));
	ATF_CHECK_EQ(RC_REMOTE, try_take(intake_orders, "{}"));
	ATF_CHECK_EQ(RC_REMOTE, try_take(intake_customers, "{\"id\":\"x\"}"));
	ATF_CHECK_EQ(RC_REMOTE, try_take(intake_products, "{\"id\":\"x\"}"));
	ATF_CHECK_EQ(
	    RC_REMOTE, try_take(intake_transactions, "{\"id\":\"x\"}"));
	test_answers("0|0|0", "t",
	    "SELECT (SELECT count(*) FROM orders), "
	    "(SELECT count(*) FROM order_line), "
	    "(SELECT count(*) FROM product)");
}

/* Shopify answers null for what it may not show, or what has just gone. */
SERVER_CASE(nothing_stands_for_nothing)
{
	begin();
	take(intake_orders, "null");
	take(intake_products, "null");
	take(intake_customers, "null");
	take(intake_transactions, "null");
	pretend_data("OrderLines", "{\"order\":null}");
	take(intake_orders, order_with(text_fmt(test_arena(),
				"\"lineItems\":%s", LINES_OF(2))));
	test_answers("1|2", "t",
	    "SELECT count(*), (SELECT count(*) FROM order_line) "
	    "FROM orders");
}

/* ---- what is newer stays (REL-8) */

static const char *
line_of(const char *updated, const char *name, int line)
{
	return text_fmt(test_arena(),
	    "{\"id\":\"gid://shopify/Order/7\",\"name\":\"%s\","
	    "\"updatedAt\":\"2026-02-03T04:05:%sZ\",\"lineItems\":{"
	    "\"nodes\":[{\"id\":\"gid://shopify/LineItem/%d\","
	    "\"sku\":\"%s\"}],\"pageInfo\":{\"hasNextPage\":false}}}",
	    name, updated, line, name);
}

SERVER_CASE(an_older_order_changes_neither_its_row_nor_its_lines)
{
	begin();
	take(intake_orders, line_of("06", "new", 1));
	take(intake_orders, line_of("05", "old", 1));
	take(intake_orders, line_of("05", "old", 2));
	test_answers("new|new", "t",
	    "SELECT o.name, l.sku FROM orders o JOIN order_line l "
	    "ON l.order_id = o.id");
	/* Within the same second the later read holds. */
	take(intake_orders, line_of("06", "again", 1));
	take(intake_orders, line_of("07", "newer", 2));
	test_answers("newer|again\nnewer|newer", "t",
	    "SELECT o.name, l.sku FROM orders o JOIN order_line l "
	    "ON l.order_id = o.id ORDER BY l.id");
}

/* A list that changes while it is paged gives an object on two pages. */
SERVER_CASE(what_comes_twice_in_one_read_is_kept_once_the_newest)
{
	begin();
	pretend_data("ProductVariants",
	    text_fmt(test_arena(), "{\"product\":%s}",
		made_page("variants", some("ProductVariant", 2, 2), NULL)));
	take(intake_products,
	    text_fmt(test_arena(),
		"{\"id\":\"gid://shopify/Product/7\","
		"\"updatedAt\":\"2026-02-03T04:05:06Z\",\"variants\":{"
		"\"nodes\":[%s],\"pageInfo\":{\"hasNextPage\":true,"
		"\"endCursor\":\"v2\"}}}",
		some("ProductVariant", 1, 2)));
	test_answers(
	    "3|0", "t", "SELECT count(*), count(deleted_at) FROM variant");
	take(intake_orders,
	    text_fmt(test_arena(), "%s,%s,%s", line_of("06", "second", 1),
		line_of("07", "third", 1), line_of("05", "first", 1)));
	test_answers("third|third", "t",
	    "SELECT o.name, l.sku FROM orders o JOIN order_line l "
	    "ON l.order_id = o.id");
	take(intake_customers,
	    text_fmt(test_arena(), "%s,%s", made("customer", NULL),
		made("customer", NULL)));
	test_answers("1", "t", "SELECT count(*) FROM customer");
}

SERVER_CASE(an_older_customer_changes_nothing)
{
	begin();
	take(intake_customers, made("customer", NULL));
	take(intake_customers,
	    made("customer", "2026-02-03T04:05:06Z", "2026-02-03T04:05:05Z",
		"ENABLED", "DISABLED", NULL));
	test_answers("ENABLED", "t", "SELECT state FROM customer");
	take(intake_customers, made("customer", "ENABLED", "DISABLED", NULL));
	test_answers("DISABLED", "t", "SELECT state FROM customer");
}

static const char *
product_of(const char *updated, const char *variants)
{
	return text_fmt(test_arena(),
	    "{\"id\":\"gid://shopify/Product/7\","
	    "\"updatedAt\":\"2026-02-03T04:05:%sZ\",\"variants\":{"
	    "\"nodes\":[%s],\"pageInfo\":{\"hasNextPage\":false}}}",
	    updated, variants);
}

#define GONE "SELECT id, deleted_at IS NOT NULL FROM variant ORDER BY id"

SERVER_CASE(a_variant_that_a_whole_read_no_longer_names_is_gone)
{
	begin();
	take(intake_products, product_of("06", some("ProductVariant", 1, 3)));
	test_answers("1|f\n2|f\n3|f", "t", GONE);
	take(intake_products, product_of("07", some("ProductVariant", 1, 2)));
	test_answers("1|f\n2|f\n3|t", "t", GONE);
	take(intake_products, product_of("08", some("ProductVariant", 1, 3)));
	test_answers("1|f\n2|f\n3|f", "t", GONE);
	take(intake_products, product_of("09", ""));
	test_answers("1|t\n2|t\n3|t", "t", GONE);
}

SERVER_CASE(an_older_read_of_a_product_takes_no_variant_away)
{
	begin();
	take(intake_products, product_of("06", some("ProductVariant", 1, 3)));
	take(intake_products, product_of("05", some("ProductVariant", 1, 2)));
	test_answers("1|f\n2|f\n3|f", "t", GONE);
}

/* ---- what went while it was read */

static void
gone(const char *type, int64_t id)
{
	OK(db_begin(test_cx()));
	OK(changed_gone(test_cx(), type, &id, 1));
	OK(db_commit(test_cx()));
}

/* A read, and the object's end between it and its rows. */
static void
take_over(take_fn *fn, const char *text, const char *type, int64_t id)
{
	struct intake in;

	OK(intake_begin(test_cx(), &in, &shop, NULL));
	OK(fn(test_cx(), &in, made_list(text)));
	gone(type, id);
	OK(db_begin(test_cx()));
	OK(intake_save(test_cx(), &in));
	OK(db_commit(test_cx()));
}

static void
check_stays_gone(
    take_fn *fn, const char *text, const char *type, const char *table)
{
	const char *ask = text_fmt(
	    test_arena(), "SELECT id, deleted_at IS NOT NULL FROM %s", table);

	/* One that we never had, and one that is there. */
	take_over(fn, text, type, 7);
	test_answers("7|t", "t", ask);
	take(fn, text);
	test_answers("7|f", "t", ask);
	take_over(fn, text, type, 7);
	test_answers("7|t", "t", ask);
	test_sql("t", text_fmt(test_arena(), "DELETE FROM %s", table));
}

SERVER_CASE(a_page_from_before_a_delete_brings_nothing_back)
{
	begin();
	check_stays_gone(
	    intake_products, product_of("06", ""), "products", "product");
	check_stays_gone(
	    intake_orders, line_of("06", "x", 1), "orders", "orders");
	check_stays_gone(intake_customers,
	    "{\"id\":\"gid://shopify/Customer/7\","
	    "\"updatedAt\":\"2026-02-03T04:05:06Z\"}",
	    "customers", "customer");
	take_over(intake_transactions, order_with("\"transactions\":[]"),
	    "orders", 7);
	test_answers(
	    "7|t", "t", "SELECT id, deleted_at IS NOT NULL FROM orders");
}

/* Else it could slip in between: neither would see the other. */
SERVER_CASE(while_rows_are_saved_nothing_is_marked)
{
	static const char lock[] =
	    "SELECT count(*) FROM (SELECT 1 FROM shop WHERE shop_id > 2 "
	    "FOR NO KEY UPDATE SKIP LOCKED) x";
	struct intake in;

	begin();
	OK(intake_begin(test_cx(), &in, &shop, NULL));
	OK(intake_products(test_cx(), &in, made_list(product_of("06", ""))));
	OK(db_begin(test_cx()));
	OK(intake_save(test_cx(), &in));
	test_answers("0", "t", lock);
	OK(db_commit(test_cx()));
	test_answers("1", "t", lock);
}

SERVER_CASE(what_was_read_for_an_install_that_ended_is_not_kept)
{
	struct intake in;

	begin();
	OK(intake_begin(test_cx(), &in, &shop, NULL));
	OK(intake_products(test_cx(), &in, made_list(product_of("06", ""))));
	test_sql("t", "UPDATE shop SET epoch = epoch + 1");
	OK(db_begin(test_cx()));
	CODE(RC_CONFLICT, intake_save(test_cx(), &in));
	db_rollback(test_cx());
	test_answers("0", "t", "SELECT count(*) FROM product");
}

/* ---- transactions alone */

static const char *
payment(const char *name)
{
	return order_with(text_fmt(test_arena(),
	    "\"name\":\"%s\",\"transactions\":[{\"id\":"
	    "\"gid://shopify/OrderTransaction/9\",\"amountSet\":{"
	    "\"shopMoney\":{\"amount\":\"180667.75\"}}}]",
	    name));
}

SERVER_CASE(a_transaction_that_comes_alone_brings_a_stub_of_its_order)
{
	begin();
	take(intake_transactions, payment("stub"));
	test_answers("stub|t|180667.75", "t",
	    "SELECT name, o.partial, amount FROM orders o "
	    "JOIN order_transaction t ON t.order_id = o.id");
	/* The order itself, even of an earlier hour, makes it whole. */
	take(intake_orders, line_of("01", "whole", 1));
	test_answers("whole|f", "t", "SELECT name, partial FROM orders");
	take(intake_transactions, payment("stub"));
	test_answers("whole|f|1", "t",
	    "SELECT name, partial, (SELECT count(*) FROM order_transaction) "
	    "FROM orders");
}

/* ---- whose data it is */

SERVER_CASE(an_order_without_a_customer_is_its_own_subject)
{
	begin();
	take(intake_orders,
	    order_with("\"customer\":null,\"email\":\"x@example.com\""));
	test_answers("o|7|t||t", "t",
	    "SELECT subject_kind, subject_id, sealed IS NOT NULL, "
	    "customer_id, customer_id IS NULL FROM orders");
	test_answers("o|7", "t_keys", "SELECT kind, id FROM subject_salt");
}

/* SEC-17: the row is kept, what is personal in it is not. */
SERVER_CASE(late_data_of_a_forgotten_customer_is_dropped)
{
	begin();
	test_sql("t_keys",
	    "INSERT INTO tombstone (shop_id, kind, id, reason) VALUES "
	    "(9007199254740993, 'c', 9007199254741101, 'asked')");
	take(intake_customers, made("customer", NULL));
	take_order(made("order", NULL));
	test_answers("0|0|0|0", "t",
	    "SELECT (SELECT count(sealed) FROM customer), count(o.sealed), "
	    "count(l.sealed), count(o.subject_id) "
	    "FROM orders o JOIN order_line l ON l.order_id = o.id");
	test_answers("0", "t_keys", "SELECT count(*) FROM subject_salt");
}

SERVER_CASE(a_row_says_which_pull_met_it_last)
{
	struct intake in;

	begin();
	OK(intake_begin(
	    test_cx(), &in, &shop, "01936d6e-0000-7000-8000-000000000001"));
	OK(intake_customers(test_cx(), &in, made_list(made("customer", NULL))));
	OK(intake_save(test_cx(), &in));
	test_answers("01936d6e-0000-7000-8000-000000000001", "t",
	    "SELECT seen_pull FROM customer");
	take(intake_customers, made("customer", NULL));
	test_answers("01936d6e-0000-7000-8000-000000000001", "t",
	    "SELECT seen_pull FROM customer");
}

ATF_TC_WITHOUT_HEAD(every_table_has_the_word_that_people_know);
ATF_TC_BODY(every_table_has_the_word_that_people_know, tc)
{
	ATF_CHECK_STREQ("products", intake_word(IN_PRODUCT));
	ATF_CHECK_STREQ("variants", intake_word(IN_VARIANT));
	ATF_CHECK_STREQ("orders", intake_word(IN_ORDER_STUB));
	ATF_CHECK_STREQ("refund_lines", intake_word(IN_REFUND_LINE));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, every_field_of_shopifys_lands_where_the_map_says);
	ATF_TP_ADD_TC(tp, an_order_with_more_lines_than_a_page_is_read_on);
	ATF_TP_ADD_TC(tp, a_product_with_more_variants_than_a_page_is_read_on);
	ATF_TP_ADD_TC(tp, lists_without_a_cursor_are_asked_again_whole);
	ATF_TP_ADD_TC(tp, an_order_of_which_shopify_gives_not_all_is_not_whole);
	ATF_TP_ADD_TC(tp, what_cannot_be_read_on_is_not_kept_by_half);
	ATF_TP_ADD_TC(tp, nothing_stands_for_nothing);
	ATF_TP_ADD_TC(tp, an_older_order_changes_neither_its_row_nor_its_lines);
	ATF_TP_ADD_TC(tp, what_comes_twice_in_one_read_is_kept_once_the_newest);
	ATF_TP_ADD_TC(tp, an_older_customer_changes_nothing);
	ATF_TP_ADD_TC(tp, a_variant_that_a_whole_read_no_longer_names_is_gone);
	ATF_TP_ADD_TC(tp, an_older_read_of_a_product_takes_no_variant_away);
	ATF_TP_ADD_TC(tp, a_page_from_before_a_delete_brings_nothing_back);
	ATF_TP_ADD_TC(tp, while_rows_are_saved_nothing_is_marked);
	ATF_TP_ADD_TC(tp, what_was_read_for_an_install_that_ended_is_not_kept);
	ATF_TP_ADD_TC(
	    tp, a_transaction_that_comes_alone_brings_a_stub_of_its_order);
	ATF_TP_ADD_TC(tp, an_order_without_a_customer_is_its_own_subject);
	ATF_TP_ADD_TC(tp, late_data_of_a_forgotten_customer_is_dropped);
	ATF_TP_ADD_TC(tp, a_row_says_which_pull_met_it_last);
	ATF_TP_ADD_TC(tp, every_table_has_the_word_that_people_know);
	return atf_no_error();
}
