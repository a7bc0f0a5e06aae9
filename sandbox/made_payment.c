/* What was paid for an order, and what was given back. */
#include "made.h"

enum {
	ORDER_CAPTURES = 17, /* paid in more parts than a page has */
	ORDER_REFUNDS = 21, /* given back in more parts than a page has */
	ORDER_BIG = 5, /* a refund of more than a hundred lines */
	CAPTURES = 22,
	REFUNDS = 12,
	REFUND_LINES = 120
};

struct till {
	struct make *m;
	struct order *o;
	size_t i;
	struct dice *d;
	struct gather transactions;
};

/* Money comes in through one gateway; fees only where it has some. */
static void
add_fee(struct till *t, struct transaction *tr)
{
	struct gather g = { .mem = t->m->mem };
	struct fee *fee;

	if (!text_same(tr->gateway, "shopify_payments") ||
	    (!text_same(tr->kind, "SALE") && !text_same(tr->kind, "CAPTURE")))
		return;
	fee = ARENA_NEW(t->m->mem, struct fee);
	fee->id = made_child_id(t->m, MADE_FEE, t->i, t->transactions.n);
	fee->type = "processing_fee";
	fee->rate = "0.029";
	fee->amount = tr->amount.shop;
	fee->amount.cents = tr->amount.shop.cents * 29 / 1000;
	gather_add(&g, fee);
	tr->fees = gather_list(&g);
}

static struct transaction *
pay(struct till *t, const char *kind, int64_t cents,
    const struct transaction *parent)
{
	struct transaction *tr = ARENA_NEW(t->m->mem, struct transaction);
	const size_t n = t->transactions.n;

	tr->thing.id = made_child_id(t->m, MADE_TRANSACTION, t->i, n);
	tr->thing.created_at = t->o->thing.created_at + 60 * (int64_t)n;
	tr->processed_at = tr->thing.created_at;
	tr->order = t->o;
	tr->kind = kind;
	tr->status = "SUCCESS";
	tr->gateway = t->i % 4 == 3 ? "paypal" : "shopify_payments";
	tr->formatted_gateway =
	    t->i % 4 == 3 ? "PayPal Express Checkout" : "Shopify Payments";
	tr->test = t->o->test;
	tr->payment_id = text_fmt(t->m->mem, "%s.%zu", t->o->name, n + 1);
	tr->amount = made_bag(t->o, cents);
	tr->parent = parent;
	if (text_same(kind, "AUTHORIZATION")) {
		tr->unsettled = made_bag(t->o, cents);
		tr->expires_at = tr->thing.created_at + 7 * 24 * 3600;
	}
	add_fee(t, tr);
	gather_add(&t->transactions, tr);
	gather_add(&t->m->all[STOCK_TRANSACTION], tr);
	return tr;
}

/* So long after the order was placed, but not in the future. */
static int64_t
later(const struct till *t, int64_t seconds)
{
	const int64_t at = t->o->thing.created_at + seconds;

	return at < t->m->now ? at : t->m->now;
}

static void
decline(struct till *t, int64_t cents)
{
	struct transaction *tr = pay(t, "AUTHORIZATION", cents, NULL);

	tr->status = "FAILURE";
	tr->error_code = "CARD_DECLINED";
	tr->unsettled = (struct bag){ 0 };
	tr->expires_at = 0;
}

static void
capture_in_parts(struct till *t, int64_t cents)
{
	struct transaction *first = pay(t, "AUTHORIZATION", cents, NULL);
	int64_t left = cents;
	size_t k;

	for (k = 0; k < CAPTURES; k++) {
		const int64_t part =
		    k == CAPTURES - 1 ? left : cents / CAPTURES;

		(void)pay(t, "CAPTURE", part, first);
		left -= part;
	}
	first->unsettled = made_bag(t->o, 0);
}

static void
cancel(struct till *t, const struct transaction *held)
{
	struct order *o = t->o;

	(void)pay(t, "VOID", o->total.shop.cents, held);
	o->financial_status = "VOIDED";
	o->fulfillment_status = "UNFULFILLED";
	o->cancelled_at = later(t, 7200);
	if (o->thing.updated_at < o->cancelled_at)
		o->thing.updated_at = o->cancelled_at;
	o->cancel_reason = t->i % 2 ? "CUSTOMER" : "FRAUD";
	o->current_total = made_bag(o, 0);
}

/* Kinds of payment in their shares; sales all succeed, so that what was sold
 * is the sum of them whoever adds it up. */
static void
pay_somehow(struct till *t, int64_t cents)
{
	const int64_t throw = dice_in(t->d, 0, 99);
	struct transaction *held;

	t->o->financial_status = "PAID";
	if (throw < 50) {
		(void)pay(t, "SALE", cents, NULL);
		return;
	}
	if (throw >= 95) { /* on account */
		t->o->financial_status = "PENDING";
		return;
	}
	if (throw >= 78 && throw < 85)
		decline(t, cents);
	held = pay(t, "AUTHORIZATION", cents, NULL);
	if (throw < 85) {
		(void)pay(t, "CAPTURE", cents, held);
		held->unsettled = made_bag(t->o, 0);
	} else if (throw < 91)
		t->o->financial_status = "AUTHORIZED";
	else
		cancel(t, held);
}

void
made_payments(struct make *m, struct order *o, size_t i, struct dice *d)
{
	struct till t = { .m = m,
		.o = o,
		.i = i,
		.d = d,
		.transactions = { .mem = m->mem } };
	const int64_t cents = o->total.shop.cents;

	o->financial_status = "PAID";
	if (i == ORDER_CAPTURES)
		capture_in_parts(&t, cents);
	else if (i == ORDER_REFUNDS || i == ORDER_BIG)
		(void)pay(&t, "SALE", cents, NULL);
	else if (cents > 0)
		pay_somehow(&t, cents);
	o->transactions = gather_list(&t.transactions);
	if (o->transactions.n > 0)
		o->gateways = made_texts(m,
		    &((const struct transaction *)o->transactions.items[0])
			 ->gateway,
		    1);
}

/* ---- refunds */

static void
refund_lines(struct till *t, struct refund *r, size_t k, size_t n)
{
	struct gather g = { .mem = t->m->mem };
	struct refund_line *rl;
	struct line *l;
	size_t j;

	for (j = 0; j < n && j < t->o->lines.n; j++) {
		/* Ours to change: made here, const only for who reads. */
		l = (struct line *)(uintptr_t)t->o->lines.items[j];
		if (l->current_quantity == 0)
			continue;
		rl = ARENA_NEW(t->m->mem, struct refund_line);
		rl->id =
		    made_child_id(t->m, MADE_REFUND_LINE, t->i, 300 * k + j);
		rl->line = l;
		rl->quantity = 1;
		rl->restock_type = j % 2 ? "RETURN" : "NO_RESTOCK";
		rl->subtotal = made_bag(
		    t->o, l->discounted_total.shop.cents / l->quantity);
		rl->total_tax =
		    made_bag(t->o, rl->subtotal.shop.cents * 20 / 100);
		l->current_quantity--;
		l->refundable_quantity--;
		gather_add(&g, rl);
	}
	r->lines = gather_list(&g);
}

/* Gives `cents` back; nothing at all is only a restock, without payment. */
static void
give_back(struct till *t, struct gather *refunds, int64_t cents, size_t n_lines)
{
	struct refund *r = ARENA_NEW(t->m->mem, struct refund);
	struct gather paid = { .mem = t->m->mem };
	struct order *o = t->o;
	const size_t k = refunds->n;

	r->thing.id = made_child_id(t->m, MADE_REFUND, t->i, k);
	r->thing.created_at = later(t, 86400 + 600 * (int64_t)k);
	r->thing.updated_at = r->processed_at = r->thing.created_at;
	r->order = o;
	r->note = k % 2 ? NULL : "Zu klein \xe2\x80\x93 \"size\" wrong";
	r->total = made_bag(o, cents);
	refund_lines(t, r, k, n_lines);
	if (cents > 0)
		gather_add(
		    &paid, pay(t, "REFUND", cents, o->transactions.items[0]));
	r->transactions = gather_list(&paid);
	o->refunded = made_bag(o, o->refunded.shop.cents + cents);
	gather_add(refunds, r);
	gather_add(&t->m->all[STOCK_REFUND], r);
}

static bool
was_paid(const struct order *o)
{
	return text_same(o->financial_status, "PAID") && o->transactions.n > 0;
}

static void
settle(struct order *o, int64_t last_refund_at)
{
	o->current_total =
	    made_bag(o, o->total.shop.cents - o->refunded.shop.cents);
	if (o->refunded.shop.cents > 0)
		o->financial_status = o->current_total.shop.cents > 0
					  ? "PARTIALLY_REFUNDED"
					  : "REFUNDED";
	o->return_status = "RETURNED";
	if (o->thing.updated_at < last_refund_at)
		o->thing.updated_at = last_refund_at;
}

void
made_refunds(struct make *m, struct order *o, size_t i, struct dice *d)
{
	struct till t = { .m = m, .o = o, .i = i, .d = d };
	struct gather refunds = { .mem = m->mem };
	const int64_t cents = o->total.shop.cents;
	size_t k;

	t.transactions = (struct gather){ .mem = m->mem };
	for (k = 0; k < o->transactions.n; k++)
		gather_add(&t.transactions, o->transactions.items[k]);
	if (i == ORDER_BIG)
		give_back(&t, &refunds, cents / 4, REFUND_LINES);
	else if (i == ORDER_REFUNDS)
		for (k = 0; k < REFUNDS; k++)
			give_back(&t, &refunds, cents / (2 * REFUNDS), 0);
	else if (was_paid(o) && i % 6 == 4) {
		give_back(&t, &refunds, i % 12 == 4 ? cents : cents / 3, 2);
		if (i % 18 == 16)
			give_back(&t, &refunds, 0, 1);
	}
	if (refunds.n == 0)
		return;
	o->refunds = gather_list(&refunds);
	o->transactions = gather_list(&t.transactions);
	settle(o, ((const struct refund *)refunds.items[refunds.n - 1])
		      ->thing.created_at);
}
