/* kyua: timeout=60 */
/* Payloads of webhooks as rows: in part, what they do not say stays, and
 * nothing older or whole gives way (design.md 5). */
#include <atf-c.h>
#include <string.h>

#include "app/intake.h"
#include "app/payload.h"
#include "app/personal.h"
#include "base/log.h"
#include "made.h"
#include "shop.h"
#include "store/changed.h"

#define ORDER "9007199254741201"
#define CUSTOMER "9007199254741101"
#define PRODUCT "9007199254741001"

static struct shop shop;

static void
begin(void)
{
	(void)test_shop("jobd");
	log_open(LOG_ERR + 1, 2);
	shop = test_shop_row();
}

/* As a pull writes it; nothing is to be read on. */
static void
pulled(
    enum rc (*fn)(struct cx *, struct intake *, struct json), const char *text)
{
	struct intake in;

	OK(intake_begin(test_cx(), &in, &shop, NULL));
	OK(fn(test_cx(), &in, made_list(text)));
	OK(db_begin(test_cx()));
	OK(intake_save(test_cx(), &in));
	OK(db_commit(test_cx()));
}

static enum rc
try_said(const char *topic, const char *text)
{
	struct intake in;

	OK(intake_begin(test_cx(), &in, &shop, NULL));
	TRY(intake_payload(
	    test_cx(), &in, topic_find(topic), test_json(slice_of(text))));
	OK(db_begin(test_cx()));
	OK(intake_save(test_cx(), &in));
	return db_commit(test_cx());
}

static void
said(const char *topic, const char *text)
{
	OK(try_said(topic, text));
}

/* tests/fixtures/topics */
#define PAYLOAD(topic, ...) made("../topics/" topic, __VA_ARGS__, NULL)

#define ORDER_SAID(...)                                                        \
	PAYLOAD("orders/updated", "9007199254741003", ORDER,                   \
	    "9007199254741005", CUSTOMER, "9007199254741103",                  \
	    "9007199254741211", __VA_ARGS__)

static struct json
sealed_of(const char *word)
{
	const struct rows_ask ask = { .word = word, .limit = 1 };
	const char *const *texts;
	struct pulled_rows rows;

	OK(pulled_rows_load(test_cx(), &ask, &rows));
	ATF_REQUIRE_EQ(1, rows.n);
	OK(personal_open(test_cx(), &rows, &texts));
	ATF_REQUIRE(texts[0] != NULL);
	return test_json(slice_of(texts[0]));
}

#define SEALED(word, path, want)                                               \
	ATF_CHECK_STREQ(want, jtext_or(sealed_of(word), path, "?"))

/* The order of the fixture without its refund, whose lines are read on. */
static const char *
order(void)
{
	return made("order", "\"refunds\"", "\"norefunds\"", NULL);
}

/* ---- what it says, and what not */

SERVER_CASE(an_order_that_we_do_not_have_is_kept_in_part)
{
	begin();
	said("orders/create", PAYLOAD("orders/create", "#1001", "#7"));
	test_answers("#7|t|1001|39.90|EUR|DE|9007199254741005|c|"
		     "9007199254741005|{bogus}|f",
	    "t",
	    "SELECT name, partial, order_number, total, currency, "
	    "billing_country, customer_id, subject_kind, subject_id, gateways, "
	    "stub FROM orders");
	SEALED("orders", "note", "canary-order-note");
	SEALED("lines", "title", "A kettle");
	test_answers("9007199254741001|9007199254741101|39.90|1|t", "t",
	    "SELECT product_id, variant_id, unit_price, quantity, partial "
	    "FROM order_line");
	ATF_CHECK(!*test_answer("t", "SELECT to_jsonb(o) FROM orders o "
				     "WHERE o::text LIKE '%canary%'"));
}

SERVER_CASE(of_an_order_that_we_have_what_is_not_said_stays)
{
	begin();
	pulled(intake_orders, order());
	said("orders/updated", ORDER_SAID("canary-other-note", "canary-newer"));
	/* Said: number, state, total, time. Not said: the rest. */
	test_answers("t|#1001|PENDING|UNFULFILLED|39.90|f|2026-11-24 "
		     "09:30:00+00|19.90|NO_RETURN|3|1",
	    "t",
	    "SELECT partial, name, financial_status, fulfillment_status, "
	    "total, closed, updated_at, total_refunded, return_status, "
	    "line_quantity, transactions_count FROM orders");
	test_answers("5.45|63.80", "t",
	    "SELECT doc->>'totalDiscountsPresentment', "
	    "doc->>'subtotalPresentment' FROM orders");
	/* The line: its price is said, what is left to refund is not. */
	test_answers("t|K-BLUE|39.90|1|EUR|t", "t",
	    "SELECT partial, sku, unit_price, refundable_quantity, currency, "
	    "doc->'discountAllocations' <> 'null' FROM order_line");
	SEALED("orders", "note", "canary-newer");
	SEALED("orders", "email", "canary-order@example.com");
	SEALED("lines", "title", "A kettle");
	test_answers("f", "t", "SELECT partial FROM order_transaction");
	/* What was read since is whole again. */
	pulled(intake_orders,
	    made("order", "\"refunds\"", "\"norefunds\"",
		"2026-02-03T04:05:06Z", "2026-11-24T09:30:00Z", NULL));
	test_answers("f|f|CUP-S|PARTIALLY_REFUNDED|180667.75", "t",
	    "SELECT o.partial, l.partial, l.sku, financial_status, total "
	    "FROM orders o JOIN order_line l ON l.order_id = o.id");
	SEALED("orders", "note", "canary-order-note");
}

/* Since 2025-01 a customer's payload lacks tags and orders (shopify.md 3.6). */
SERVER_CASE(a_customer_keeps_the_sealed_words_that_are_not_said)
{
	begin();
	pulled(intake_customers, made("customer", NULL));
	said("customers/update",
	    "{\"id\":" CUSTOMER ",\"first_name\":\"Grace\","
	    "\"last_name\":null,\"email\":\"new@example.com\","
	    "\"state\":\"disabled\",\"updated_at\":"
	    "\"2026-11-24T10:30:00+01:00\"}");
	test_answers("t|DISABLED|t", "t",
	    "SELECT partial, state, number_of_orders > 0 AND "
	    "amount_spent > 0 AND locale IS NOT NULL FROM customer");
	SEALED("customers", "firstName", "Grace");
	SEALED("customers", "displayName", "Grace");
	SEALED("customers", "email", "new@example.com");
	ATF_CHECK_STREQ("?", jtext_or(sealed_of("customers"), "lastName", "?"));
	ATF_CHECK(jlen(jat(sealed_of("customers"), "tags")) > 0);
	ATF_CHECK(jtext_or(sealed_of("customers"), "city", NULL) != NULL);
}

SERVER_CASE(a_new_customer_is_kept_as_the_payload_has_them)
{
	begin();
	said("customers/create",
	    PAYLOAD("customers/create", "canary-name", "canary"));
	test_answers("t|ENABLED|DE|0|0.00|EUR|t", "t",
	    "SELECT partial, state, country, number_of_orders, amount_spent, "
	    "currency, sealed IS NOT NULL FROM customer");
	SEALED("customers", "displayName", "Ada canary");
	SEALED("customers", "email", "canary-customer@example.com");
	SEALED("customers", "city", "Berlin");
	SEALED("customers", "addressId",
	    "gid://shopify/MailingAddress/9007199254741105");
}

SERVER_CASE(a_product_and_its_variants_are_kept_in_part)
{
	begin();
	pulled(intake_products, made("product", NULL));
	said("products/update", PAYLOAD("products/update", PRODUCT, PRODUCT));
	test_answers("t|canary-other|t|t", "t",
	    "SELECT partial, title, price_min IS NOT NULL, "
	    "category_id IS NOT NULL FROM product");
	/* A variant that the payload does not name is not gone: a hundred are
	 * all that it names. */
	test_answers("0", "t",
	    "SELECT count(*) FROM variant WHERE deleted_at IS NOT NULL");
}

/* ---- what gives way */

static void
check_name(const char *want)
{
	test_answers(want, "t", "SELECT name, partial FROM orders");
}

SERVER_CASE(an_older_payload_changes_nothing_and_one_as_old_no_whole_row)
{
	begin();
	pulled(intake_orders,
	    made("order", "\"refunds\"", "\"norefunds\"",
		"2026-02-03T04:05:06Z", "2026-11-24T09:30:00Z", NULL));
	said(
	    "orders/updated", ORDER_SAID("#1001", "#old", "2026-11-24T10:30:00",
				  "2026-11-24T10:29:59"));
	check_name("#1001|f");
	said("orders/updated", ORDER_SAID("#1001", "#same"));
	check_name("#1001|f");
	test_answers("CUP-S|f", "t", "SELECT sku, partial FROM order_line");
	said(
	    "orders/updated", ORDER_SAID("#1001", "#new", "2026-11-24T10:30:00",
				  "2026-11-24T10:30:01"));
	check_name("#new|t");
	/* And over what is partial the later of two. */
	said("orders/cancelled",
	    ORDER_SAID("#1001", "#newer", "2026-11-24T10:30:00",
		"2026-11-24T10:30:01"));
	check_name("#newer|t");
	/* A page that was read before is older. */
	pulled(intake_orders,
	    made("order", "\"refunds\"", "\"norefunds\"",
		"2026-02-03T04:05:06Z", "2026-11-24T09:30:00Z", NULL));
	check_name("#newer|t");
}

SERVER_CASE(what_is_gone_is_not_brought_back_by_a_late_payload)
{
	const int64_t id = INT64_C(9007199254741001);

	begin();
	OK(changed_gone(test_cx(), "products", &id, 1));
	test_sql("t", "UPDATE gone SET at = '2020-01-01'");
	said("products/update", PAYLOAD("products/update", PRODUCT, PRODUCT));
	test_answers("t", "t", "SELECT deleted_at IS NOT NULL FROM product");
}

/* ---- whose it is */

SERVER_CASE(an_order_stays_its_customers_when_the_payload_does_not_say)
{
	begin();
	pulled(intake_orders, order());
	said("orders/updated", ORDER_SAID("\"customer\"", "\"buyer\""));
	test_answers("t|c|" CUSTOMER "|" CUSTOMER, "t",
	    "SELECT partial, subject_kind, subject_id, customer_id "
	    "FROM orders");
	said("orders/updated", "{\"id\":" ORDER ",\"customer\":null,"
			       "\"updated_at\":\"2026-11-25T00:00:00Z\"}");
	test_answers("o|" ORDER "||t", "t",
	    "SELECT subject_kind, subject_id, customer_id, partial "
	    "FROM orders");
	SEALED("orders", "note", "canary-other-note");
}

/* ---- refunds and transactions come alone */

#define REFUND_SAID(...)                                                       \
	PAYLOAD("refunds/create", "9007199254741003", ORDER, __VA_ARGS__)

SERVER_CASE(a_refund_alone_joins_the_order_that_we_have)
{
	begin();
	CODE(RC_ABSENT,
	    try_said("refunds/create", REFUND_SAID("canary-message", "x")));
	test_answers("0", "t", "SELECT count(*) FROM refund");
	pulled(intake_orders, order());
	said("refunds/create", REFUND_SAID("canary-message", "x"));
	test_answers("t|c|" CUSTOMER, "t",
	    "SELECT partial, subject_kind, subject_id FROM refund");
	SEALED("refunds", "note", "canary-refund-note");
	test_answers("1|RETURN|9007199254741103|t", "t",
	    "SELECT quantity, restock_type, line_id, partial "
	    "FROM refund_line");
	test_answers("2", "t", "SELECT count(*) FROM order_transaction");
	/* The order's own row is not touched. */
	check_name("#1001|f");
}

SERVER_CASE(a_transaction_alone_replaces_no_whole_one)
{
	begin();
	pulled(intake_orders, order());
	test_sql("t", "UPDATE order_transaction SET gateway = 'whole'");
	said("order_transactions/create",
	    PAYLOAD("order_transactions/create", "9007199254741003", ORDER,
		"9007199254741403",
		test_answer("t", "SELECT id FROM order_transaction")));
	test_answers(
	    "whole|f", "t", "SELECT gateway, partial FROM order_transaction");
	said("order_transactions/create",
	    PAYLOAD("order_transactions/create", "9007199254741003", ORDER));
	test_answers("bogus|SALE|SUCCESS|t", "t",
	    "SELECT gateway, kind, status, partial FROM order_transaction "
	    "WHERE id = 9007199254741403");
}

/* ---- what says nothing */

SERVER_CASE(a_payload_that_says_nothing_is_no_row)
{
	begin();
	CODE(RC_ABSENT, try_said("products/update", "{\"id\":7}"));
	CODE(RC_ABSENT, try_said("orders/edited",
			    PAYLOAD("orders/edited", "\"id\"", "\"id\"")));
	CODE(RC_ABSENT, try_said("refunds/create", "{\"order_id\":7}"));
	CODE(RC_INPUT,
	    try_said("products/update", "{\"id\":\"7\",\"updated_at\":\"x\"}"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, an_order_that_we_do_not_have_is_kept_in_part);
	ATF_TP_ADD_TC(tp, of_an_order_that_we_have_what_is_not_said_stays);
	ATF_TP_ADD_TC(tp, a_customer_keeps_the_sealed_words_that_are_not_said);
	ATF_TP_ADD_TC(tp, a_new_customer_is_kept_as_the_payload_has_them);
	ATF_TP_ADD_TC(tp, a_product_and_its_variants_are_kept_in_part);
	ATF_TP_ADD_TC(
	    tp, an_older_payload_changes_nothing_and_one_as_old_no_whole_row);
	ATF_TP_ADD_TC(tp, what_is_gone_is_not_brought_back_by_a_late_payload);
	ATF_TP_ADD_TC(
	    tp, an_order_stays_its_customers_when_the_payload_does_not_say);
	ATF_TP_ADD_TC(tp, a_refund_alone_joins_the_order_that_we_have);
	ATF_TP_ADD_TC(tp, a_transaction_alone_replaces_no_whole_one);
	ATF_TP_ADD_TC(tp, a_payload_that_says_nothing_is_no_row);
	return atf_no_error();
}
