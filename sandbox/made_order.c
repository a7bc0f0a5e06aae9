/* Orders: lines, discounts and sums. */
#include "made.h"

enum {
	FIRST_NUMBER = 1001,
	ORDER_BIG = 5, /* the one of more than 250 lines */
	TAX_PERCENT = 20
};

static const char *const sources[] = { "web", "pos", "shopify_draft_order",
	"1354745" };
static const char *const tags[] = { "express", "fragile", "größe prüfen",
	"\\/ odd" };
static const char *const notes[] = { "Leave at the door", "Für Oma 🎂",
	"He said \"no plastic\"", "line one\nline two" };
static const char *const foreign[] = { "EUR", "GBP", "CAD" };
static const char *const codes[] = { "SPRING10", "WELCOME", "Früh&Spät" };

static size_t
how_many_lines(const struct make *m, struct dice *d, size_t i)
{
	if (i == ORDER_BIG)
		return m->sizes->big_lines;
	if (i == 9)
		return 50; /* just a page of order_page */
	if (i == 13)
		return 51;
	return (size_t)dice_in(d, 1, 6);
}

static void
name_line(struct make *m, struct line *l, struct dice *d)
{
	const bool gone = dice_percent(d, 3); /* deleted since */
	const struct variant *v = l->variant;

	l->title = v->product->title;
	l->variant_title = v->product->variants.n > 1 ? v->title : NULL;
	l->name = l->variant_title
		      ? text_fmt(m->mem, "%s - %s", l->title, l->variant_title)
		      : l->title;
	l->sku = v->sku;
	l->vendor = v->product->vendor;
	l->taxable = v->taxable;
	l->is_gift_card = v->product->is_gift_card;
	l->requires_shipping = v->requires_shipping;
	l->product = gone ? NULL : v->product;
	l->variant = gone ? NULL : v;
}

static int64_t
discount_line(struct make *m, struct line *l, const struct order *o,
    int percent, int64_t gross)
{
	struct discount *a;
	struct gather g = { .mem = m->mem };
	const int64_t off = gross * percent / 100;

	if (off == 0)
		return 0;
	a = ARENA_NEW(m->mem, struct discount);
	a->code = o->discount_codes.n ? o->discount_codes.items[0] : NULL;
	a->allocated = made_bag(o, off);
	gather_add(&g, a);
	l->discounts = gather_list(&g);
	return off;
}

static struct line *
made_line(struct make *m, struct order *o, size_t i, size_t k, int percent)
{
	struct line *l = ARENA_NEW(m->mem, struct line);
	struct dice d = dice_of(m->sizes->seed, MADE_LINE, i * 1000 + k);
	const struct gather *all = &m->all[STOCK_VARIANT];
	int64_t gross, off;

	l->thing.id = made_child_id(m, MADE_LINE, i, k);
	l->order = o;
	l->variant = all->items[dice_in(&d, 0, (int64_t)all->n - 1)];
	l->quantity = dice_in(&d, 1, 4);
	l->unit_price = made_bag(o, l->variant->price_cents);
	gross = l->quantity * l->variant->price_cents;
	name_line(m, l, &d);
	off = discount_line(m, l, o, percent, gross);
	l->total_discount = made_bag(o, off);
	l->discounted_total = made_bag(o, gross - off);
	l->current_quantity = l->refundable_quantity = l->quantity;
	l->unfulfilled_quantity =
	    text_same(o->fulfillment_status, "FULFILLED") ? 0 : l->quantity;
	return l;
}

static void
add_lines(struct make *m, struct order *o, size_t i, struct dice *d)
{
	struct gather g = { .mem = m->mem };
	const size_t n = how_many_lines(m, d, i);
	const int percent = dice_percent(d, 25) || o->discount_codes.n ? 10 : 0;
	int64_t sum = 0, off = 0;
	struct line *l;
	size_t k;

	for (k = 0; k < n; k++) {
		l = made_line(m, o, i, k, percent);
		sum += l->discounted_total.shop.cents;
		off += l->total_discount.shop.cents;
		o->items_quantity += l->is_gift_card ? 0 : l->quantity;
		gather_add(&g, l);
		gather_add(&m->all[STOCK_LINE], l);
	}
	o->lines = gather_list(&g);
	o->subtotal = made_bag(o, sum);
	o->discounts = made_bag(o, off);
	o->tax = made_bag(o, sum * TAX_PERCENT / 100);
	o->shipping_price = made_bag(o, 495 * dice_in(d, 0, 2));
	o->total =
	    made_bag(o, sum + o->tax.shop.cents + o->shipping_price.shop.cents);
	o->current_total = o->total;
	o->refunded = made_bag(o, 0);
}

/* Evenly over the last 400 days, the youngest an hour ago. */
static void
date(struct make *m, struct order *o, struct dice *d, size_t i)
{
	const int64_t span = 400 * 24 * 3600;
	const int64_t n = (int64_t)m->sizes->orders;

	o->thing.created_at = m->now - 3600 - span * (n - 1 - (int64_t)i) / n;
	o->processed_at = o->thing.created_at;
	o->thing.updated_at =
	    o->thing.created_at + dice_in(d, 0, m->now - o->thing.created_at);
	if (i % 12 < 3) /* some changed in the same second */
		o->thing.updated_at =
		    o->thing.created_at - o->thing.created_at % 3600 + 3600;
}

static void
buyer(struct make *m, struct order *o, struct dice *d, size_t i)
{
	const struct gather *all = &m->all[STOCK_CUSTOMER];

	if (all->n == 0 || i % 11 == 6) /* bought without an account */
		return;
	o->customer = all->items[dice_in(d, 0, (int64_t)all->n - 1)];
	o->email = o->customer->email;
	o->phone = o->customer->phone;
	o->customer_locale = o->customer->locale;
	o->billing = o->customer->address;
	o->shipping = dice_percent(d, 80) ? o->customer->address : NULL;
}

static void
describe(struct make *m, struct order *o, struct dice *d, size_t i)
{
	o->thing.id = made_id(m, MADE_ORDER, i);
	o->number = FIRST_NUMBER + (int64_t)i;
	o->name = text_fmt(m->mem, "#%lld", (long long)o->number);
	o->confirmation_number = text_fmt(
	    m->mem, "%09llX", (unsigned long long)(dice_next(d) & 0xfffffffff));
	o->source_name = DICE_PICK(d, sources);
	if (text_same(o->source_name, "web"))
		o->checkout_token = text_fmt(m->mem, "%016llx%016llx",
		    (unsigned long long)dice_next(d),
		    (unsigned long long)dice_next(d));
	o->note = dice_percent(d, 15) ? DICE_PICK(d, notes) : NULL;
	o->tags = made_texts(m, tags + i % 2, (size_t)dice_in(d, 0, 2));
	o->test = i % 40 == 39;
	o->confirmed = true;
	o->currency = m->shop->currency;
	o->presentment_currency =
	    dice_percent(d, 20) ? DICE_PICK(d, foreign) : o->currency;
	if (dice_percent(d, 12))
		o->discount_codes = made_texts(m, &codes[dice_in(d, 0, 2)], 1);
	o->fulfillment_status =
	    dice_percent(d, 70) ? "FULFILLED" : "UNFULFILLED";
	o->return_status = "NO_RETURN";
}

struct order *
made_order(struct make *m, size_t i)
{
	struct order *o = ARENA_NEW(m->mem, struct order);
	struct dice d = dice_of(m->sizes->seed, MADE_ORDER, i);

	describe(m, o, &d, i);
	date(m, o, &d, i);
	buyer(m, o, &d, i);
	add_lines(m, o, i, &d);
	made_payments(m, o, i, &d);
	made_refunds(m, o, i, &d);
	if (dice_percent(&d, 50) && o->cancelled_at == 0) {
		o->closed = true;
		o->closed_at = o->thing.updated_at;
	}
	return o;
}
