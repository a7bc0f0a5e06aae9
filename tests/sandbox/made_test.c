/* Shops made up from a seed. */
#include <atf-c.h>
#include <string.h>

#include "../../sandbox/truth.h"
#include "ask.h"

static const char everything[] =
    "{ products(first: 250) { nodes { id title updatedAt variants(first: 3) { "
    "nodes { id price } } } } orders(first: 250) { nodes { id name updatedAt "
    "totalPriceSet { shopMoney { amount } } } } }";

ATF_TC_WITHOUT_HEAD(the_same_seed_makes_the_same_shop);
ATF_TC_BODY(the_same_seed_makes_the_same_shop, tc)
{
	const char *a =
	    ask_text(ask(ask_shop(5, 40, 60, 20), everything, NULL), "data");

	ATF_CHECK_STREQ(a,
	    ask_text(ask(ask_shop(5, 40, 60, 20), everything, NULL), "data"));
	ATF_CHECK(!text_same(a,
	    ask_text(ask(ask_shop(6, 40, 60, 20), everything, NULL), "data")));
}

ATF_TC_WITHOUT_HEAD(there_are_as_many_things_as_asked_for);
ATF_TC_BODY(there_are_as_many_things_as_asked_for, tc)
{
	struct shop *shop = ask_shop(1, 120, 300, 150);
	const struct truth t = truth_of(shop);

	ATF_CHECK_EQ(120, t.n[STOCK_PRODUCT]);
	ATF_CHECK_EQ(300, t.n[STOCK_ORDER]);
	ATF_CHECK_EQ(150, t.n[STOCK_CUSTOMER]);
	ATF_CHECK_EQ((int64_t)shop->all[STOCK_VARIANT].n, t.n[STOCK_VARIANT]);
	ATF_CHECK_EQ((int64_t)shop->all[STOCK_LINE].n, t.n[STOCK_LINE]);
	ATF_CHECK_EQ(
	    (int64_t)shop->all[STOCK_TRANSACTION].n, t.n[STOCK_TRANSACTION]);
	ATF_CHECK_EQ((int64_t)shop->all[STOCK_REFUND].n, t.n[STOCK_REFUND]);
	ATF_CHECK(t.net_cents > 0);
}

struct corners {
	size_t most_lines, orders_past_250, most_variants, most_transactions,
	    most_refunds, most_refund_lines, nobody, no_email, gone_products,
	    foreign_money, declined, odd_titles;
};

static void
look_at_refunds(const struct order *o, struct corners *c)
{
	const struct refund *r;
	int64_t given_back = 0;
	size_t i;

	for (i = 0; i < o->refunds.n; i++) {
		r = o->refunds.items[i];
		given_back += r->total.shop.cents;
		if (r->lines.n > c->most_refund_lines)
			c->most_refund_lines = r->lines.n;
	}
	ATF_CHECK_EQ(o->refunded.shop.cents, given_back);
	ATF_CHECK(given_back <= o->total.shop.cents);
}

static void
look_at_lines(const struct order *o, struct corners *c)
{
	const struct line *l;
	int64_t sum = 0;
	size_t i;

	for (i = 0; i < o->lines.n; i++) {
		l = o->lines.items[i];
		sum += l->discounted_total.shop.cents;
		c->gone_products += l->product == NULL;
	}
	ATF_CHECK_EQ(o->subtotal.shop.cents, sum);
}

static void
look_at_order(const struct order *o, struct corners *c)
{
	const struct transaction *t;
	size_t i;

	if (o->lines.n > c->most_lines)
		c->most_lines = o->lines.n;
	c->orders_past_250 += o->lines.n > 250;
	if (o->transactions.n > c->most_transactions)
		c->most_transactions = o->transactions.n;
	if (o->refunds.n > c->most_refunds)
		c->most_refunds = o->refunds.n;
	c->nobody += o->customer == NULL;
	c->foreign_money += !text_same(o->currency, o->presentment_currency);
	for (i = 0; i < o->transactions.n; i++) {
		t = o->transactions.items[i];
		c->declined += text_same(t->status, "FAILURE");
		ATF_CHECK(!text_same(t->kind, "SALE") ||
			  text_same(t->status, "SUCCESS"));
	}
	look_at_lines(o, c);
	look_at_refunds(o, c);
}

ATF_TC_WITHOUT_HEAD(every_odd_corner_is_there);
ATF_TC_BODY(every_odd_corner_is_there, tc)
{
	struct shop *shop = ask_shop(1, 120, 300, 150);
	struct corners c = { 0 };
	const struct customer *customer;
	const struct product *p;
	size_t i;

	for (i = 0; i < shop->all[STOCK_ORDER].n; i++)
		look_at_order(shop->all[STOCK_ORDER].items[i], &c);
	for (i = 0; i < shop->all[STOCK_PRODUCT].n; i++) {
		p = shop->all[STOCK_PRODUCT].items[i];
		if (p->variants.n > c.most_variants)
			c.most_variants = p->variants.n;
		c.odd_titles += strpbrk(p->title, "\"\\<\n") != NULL;
	}
	for (i = 0; i < shop->all[STOCK_CUSTOMER].n; i++) {
		customer = shop->all[STOCK_CUSTOMER].items[i];
		c.no_email += customer->email == NULL;
	}
	ATF_CHECK_EQ(1, c.orders_past_250);
	ATF_CHECK_EQ(263, c.most_lines);
	ATF_CHECK_EQ(120, c.most_variants);
	ATF_CHECK(c.most_transactions > 20);
	ATF_CHECK(c.most_refunds > 10);
	ATF_CHECK(c.most_refund_lines > 100);
	ATF_CHECK(c.nobody > 5 && c.no_email > 5 && c.gone_products > 5);
	ATF_CHECK(c.foreign_money > 5 && c.declined > 5 && c.odd_titles > 5);
}

ATF_TC_WITHOUT_HEAD(nothing_is_of_the_future_and_ids_pass_doubles);
ATF_TC_BODY(nothing_is_of_the_future_and_ids_pass_doubles, tc)
{
	struct shop *shop = ask_shop(9, 60, 200, 40);
	const struct thing *t;
	size_t i;
	int stock;

	for (stock = 0; stock < STOCK_COUNT; stock++)
		for (i = 0; i < shop->all[stock].n; i++) {
			t = shop->all[stock].items[i];
			ATF_CHECK(t->id > INT64_C(9007199254740992));
			ATF_CHECK(t->created_at <= ASK_NOW);
			ATF_CHECK(t->updated_at <= ASK_NOW);
			ATF_CHECK(stock == STOCK_LINE ||
				  stock == STOCK_TRANSACTION ||
				  t->updated_at >= t->created_at);
		}
}

ATF_TC_WITHOUT_HEAD(a_shop_of_nothing_answers_too);
ATF_TC_BODY(a_shop_of_nothing_answers_too, tc)
{
	struct json a = ask(ask_shop(1, 0, 5, 0), everything, NULL);

	ATF_CHECK_STREQ("{\"products\":{\"nodes\":[]},\"orders\":{\"nodes\":"
			"[]}}",
	    ask_text(a, "data"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, the_same_seed_makes_the_same_shop);
	ATF_TP_ADD_TC(tp, there_are_as_many_things_as_asked_for);
	ATF_TP_ADD_TC(tp, every_odd_corner_is_there);
	ATF_TP_ADD_TC(tp, nothing_is_of_the_future_and_ids_pass_doubles);
	ATF_TP_ADD_TC(tp, a_shop_of_nothing_answers_too);
	return atf_no_error();
}
