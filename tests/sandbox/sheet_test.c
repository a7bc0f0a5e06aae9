/* Invoice lines as a shop, with the traps that real ones have. */
#include <atf-c.h>

#include "../../sandbox/money.h"
#include "../../sandbox/sheet.h"
#include "../../sandbox/truth.h"
#include "ask.h"

#define HEADING                                                                \
	"InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,"      \
	"CustomerID,Country\n"

/* Codes that differ by case, a code twice on an invoice, no description, an
 * invoice of nothing, one taken back, quotes, no customer. */
static const char lines[] = HEADING
    "536365,85123A,WHITE HEART,6,2010-12-01 08:26:00,2.55,17850.0,EIRE\n"
    "536365,85123a,,2,2010-12-01 08:26:00,1.1,17850.0,EIRE\n"
    "536365,85123A,WHITE HEART,1,2010-12-01 08:26:00,2.55,17850.0,EIRE\r\n"
    "536366,85123a,\"HEART, \"\"small\"\"\",3,2011-07-01 09:00:00,1.1,,"
    "Unspecified\n"
    "536367,22001,,-10,2010-12-01 10:00:00,0.0,,United Kingdom\n"
    "C536368,85123A,WHITE HEART,-4,2010-12-02 10:00:00,2.55,17850.0,EIRE\n";

static struct shop *
sheet(const char *text)
{
	struct shop *shop = ask_empty();

	shop->currency = "GBP";
	OK(sheet_read(test_cx(), shop, slice_of(text)));
	return shop;
}

static const struct order *
order_named(const struct shop *shop, const char *name)
{
	const struct order *o;
	size_t i;

	for (i = 0; i < shop->all[STOCK_ORDER].n; i++) {
		o = shop->all[STOCK_ORDER].items[i];
		if (text_same(o->name, name))
			return o;
	}
	atf_tc_fail("there is no order %s", name);
}

static const struct product *
product_of_sku(const struct shop *shop, const char *sku)
{
	const struct variant *v;
	size_t i;

	for (i = 0; i < shop->all[STOCK_VARIANT].n; i++) {
		v = shop->all[STOCK_VARIANT].items[i];
		if (text_same(v->sku, sku))
			return v->product;
	}
	atf_tc_fail("there is no product %s", sku);
}

ATF_TC_WITHOUT_HEAD(codes_invoices_and_customers_are_what_they_say);
ATF_TC_BODY(codes_invoices_and_customers_are_what_they_say, tc)
{
	struct shop *shop = sheet(lines);
	const struct truth t = truth_of(shop);

	ATF_CHECK_EQ(3, t.n[STOCK_PRODUCT]);
	ATF_CHECK_EQ(3, t.n[STOCK_VARIANT]);
	ATF_CHECK_EQ(4, t.n[STOCK_ORDER]);
	ATF_CHECK_EQ(6, t.n[STOCK_LINE]);
	ATF_CHECK_EQ(1, t.n[STOCK_CUSTOMER]);
	ATF_CHECK_EQ(3, t.n[STOCK_TRANSACTION]);
	ATF_CHECK_EQ(1, t.n[STOCK_REFUND]);
	/* 7 * 2.55 + 2 * 1.10 + 3 * 1.10 - 4 * 2.55 */
	ATF_CHECK_EQ(1785 + 220 + 330 - 1020, t.net_cents);
}

ATF_TC_WITHOUT_HEAD(codes_that_differ_by_case_are_different_products);
ATF_TC_BODY(codes_that_differ_by_case_are_different_products, tc)
{
	struct shop *shop = sheet(lines);
	const struct product *big = product_of_sku(shop, "85123A");
	const struct product *small = product_of_sku(shop, "85123a");

	ATF_CHECK(big->thing.id != small->thing.id);
	ATF_CHECK_STREQ("WHITE HEART", big->title);
	ATF_CHECK_STREQ("HEART, \"small\"", small->title);
	ATF_CHECK_STREQ("22001", product_of_sku(shop, "22001")->title);
	ATF_CHECK_STREQ(
	    text_fmt(test_arena(), "85123a-%lld", (long long)small->thing.id),
	    small->handle);
	ATF_CHECK(!text_same(big->handle, small->handle));
	ATF_CHECK(big->thing.id > INT64_C(9007199254740992));
}

ATF_TC_WITHOUT_HEAD(a_code_twice_on_an_invoice_is_two_lines);
ATF_TC_BODY(a_code_twice_on_an_invoice_is_two_lines, tc)
{
	struct shop *shop = sheet(lines);
	const struct order *o = order_named(shop, "#536365");
	const struct line *a, *b;

	ATF_REQUIRE_EQ(3, o->lines.n);
	a = o->lines.items[0];
	b = o->lines.items[2];
	ATF_CHECK_EQ(a->product, b->product);
	ATF_CHECK(a->thing.id != b->thing.id);
	ATF_CHECK_EQ(2005, o->total.shop.cents);
	ATF_CHECK_STREQ("HEART, \"small\"",
	    ((const struct line *)o->lines.items[1])->title);
	ATF_CHECK_STREQ("IE", o->shipping->country_code);
	ATF_CHECK_STREQ("customer.17850@example.com", o->customer->email);
	ATF_CHECK_EQ(2, o->customer->number_of_orders);
}

ATF_TC_WITHOUT_HEAD(what_was_taken_back_is_a_refund_without_lines);
ATF_TC_BODY(what_was_taken_back_is_a_refund_without_lines, tc)
{
	struct shop *shop = sheet(lines);
	const struct order *back = order_named(shop, "#C536368");
	const struct order *nothing = order_named(shop, "#536367");
	const struct transaction *t = back->transactions.items[0];
	const struct refund *r = back->refunds.items[0];

	ATF_CHECK_EQ(1, back->transactions.n);
	ATF_CHECK_STREQ("REFUND", t->kind);
	ATF_CHECK_EQ(1020, t->amount.shop.cents);
	ATF_CHECK_EQ(1020, r->total.shop.cents);
	ATF_CHECK_EQ(0, r->lines.n);
	ATF_CHECK_EQ(0, nothing->transactions.n);
	ATF_CHECK_EQ(
	    -10, ((const struct line *)nothing->lines.items[0])->quantity);
	ATF_CHECK_EQ(NULL, nothing->customer);
}

ATF_TC_WITHOUT_HEAD(times_are_londons);
ATF_TC_BODY(times_are_londons, tc)
{
	int64_t t;

	ATF_CHECK(sheet_time("2010-12-01 08:26:00", &t));
	ATF_CHECK_EQ(1291191960, t);
	ATF_CHECK(sheet_time("2011-07-01 09:00:00", &t)); /* 08:00 UTC */
	ATF_CHECK_EQ(1309507200, t);
	ATF_CHECK(sheet_time("2011-03-27 02:00:00", &t)); /* 01:00 UTC */
	ATF_CHECK_EQ(1301187600, t);
	ATF_CHECK(sheet_time("2011-03-27 00:59:59", &t));
	ATF_CHECK_EQ(1301187599, t);
	ATF_CHECK(sheet_time("2011-10-30 02:00:00", &t)); /* 02:00 UTC */
	ATF_CHECK_EQ(1319940000, t);
	ATF_CHECK(!sheet_time("2011-10-30", &t));
	ATF_CHECK(!sheet_time("2011-13-30 02:00:00", &t));
}

static void
refused(const char *text, const char *why)
{
	struct shop *shop = ask_empty();

	ATF_CHECK_EQ(RC_INPUT, sheet_read(test_cx(), shop, slice_of(text)));
	ATF_CHECK_STREQ(why, test_cx()->fault.sentence);
	rc_forget(test_cx());
}

ATF_TC_WITHOUT_HEAD(a_line_that_is_none_is_named);
ATF_TC_BODY(a_line_that_is_none_is_named, tc)
{
	refused(HEADING "1,A,,x,2010-12-01 08:26:00,1,,France\n",
	    "line 2: Quantity is \"x\"");
	refused(HEADING "1,A,,1,2010-12-01,1,,France\n",
	    "line 2: InvoiceDate is \"2010-12-01\"");
	refused(HEADING "1,A,,1,2010-12-01 08:26:00,1.234,,France\n",
	    "line 2: UnitPrice is \"1.234\"");
	refused(HEADING "1,A,,1,2010-12-01 08:26:00,1,me,France\n",
	    "line 2: CustomerID is \"me\"");
	refused(HEADING "1,A,,1\n", "line 2 has 4 cells");
	refused(HEADING "1,A,\"open,1\n", "line 2: a quote is never closed");
	refused(HEADING "1,A,\"two\nlines\",1,2010-12-01 08:26:00,1,,France\n"
			",A,,1,2010-12-01 08:26:00,1,,France\n",
	    "line 4: InvoiceNo is \"\"");
	ATF_CHECK_EQ(RC_INPUT,
	    sheet_read(test_cx(), ask_empty(), slice_of("a,b\n1,2\n")));
}

ATF_TC_WITHOUT_HEAD(money_is_read_and_written_to_the_penny);
ATF_TC_BODY(money_is_read_and_written_to_the_penny, tc)
{
	int64_t cents;

	ATF_CHECK(money_read("2.1", &cents) && cents == 210);
	ATF_CHECK(money_read("-0.07", &cents) && cents == -7);
	ATF_CHECK(money_read("13541", &cents) && cents == 1354100);
	ATF_CHECK(!money_read("", &cents));
	ATF_CHECK(!money_read("-", &cents));
	ATF_CHECK(!money_read("1.", &cents));
	ATF_CHECK(!money_read("1.005", &cents));
	ATF_CHECK(!money_read("1e3", &cents));
	ATF_CHECK_STREQ("25.90", money_text(test_arena(), 2590));
	ATF_CHECK_STREQ("25.9", money_decimal(test_arena(), 2590));
	ATF_CHECK_STREQ("25.98", money_decimal(test_arena(), 2598));
	ATF_CHECK_STREQ("0.0", money_decimal(test_arena(), 0));
	ATF_CHECK_STREQ("-0.05", money_decimal(test_arena(), -5));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, codes_invoices_and_customers_are_what_they_say);
	ATF_TP_ADD_TC(tp, codes_that_differ_by_case_are_different_products);
	ATF_TP_ADD_TC(tp, a_code_twice_on_an_invoice_is_two_lines);
	ATF_TP_ADD_TC(tp, what_was_taken_back_is_a_refund_without_lines);
	ATF_TP_ADD_TC(tp, times_are_londons);
	ATF_TP_ADD_TC(tp, a_line_that_is_none_is_named);
	ATF_TP_ADD_TC(tp, money_is_read_and_written_to_the_penny);
	return atf_no_error();
}
