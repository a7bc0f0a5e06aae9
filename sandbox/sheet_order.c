/* Orders of a sheet: their lines, their sums, what was paid for them. */
#include "sheet_in.h"

static struct bag
pounds(const struct sheet *s, int64_t cents)
{
	const struct amount a = { cents, s->shop->currency };

	return (struct bag){ a, a };
}

static int64_t
digits_of(const char *invoice)
{
	int64_t n = 0;

	while (*invoice != '\0' && (*invoice < '0' || *invoice > '9'))
		invoice++;
	return text_int(invoice, 0, INT32_MAX, &n) ? n : 0;
}

static struct open_order *
new_order(struct sheet *s, const struct entry *e)
{
	struct open_order *open = ARENA_NEW(s->mem, struct open_order);
	struct order *o = &open->order;

	open->lines.mem = s->mem;
	o->thing =
	    (struct thing){ sheet_id(SHEET_ORDER, e->invoice), e->at, e->at };
	o->processed_at = e->at;
	o->name = text_fmt(s->mem, "#%s", e->invoice);
	o->number = digits_of(e->invoice);
	o->source_name = "web";
	o->confirmed = o->closed = true;
	o->closed_at = e->at;
	o->fulfillment_status = "FULFILLED";
	o->return_status = "NO_RETURN";
	o->currency = o->presentment_currency = s->shop->currency;
	o->customer = sheet_customer(s, e);
	o->email = o->customer ? o->customer->email : NULL;
	o->billing = o->shipping =
	    sheet_address(s, e->country, sheet_id(SHEET_ADDRESS, e->invoice));
	sheet_index_put(&s->orders, e->invoice, open);
	gather_add(&s->all[STOCK_ORDER], open);
	return open;
}

static void
add_line(struct sheet *s, struct open_order *open, struct product *p,
    const struct entry *e)
{
	struct order *o = &open->order;
	struct line *l = ARENA_NEW(s->mem, struct line);
	const int64_t cents = e->quantity * e->price_cents;

	l->thing = (struct thing){ sheet_row_id(e->line), e->at, e->at };
	l->order = o;
	l->title = l->name = e->description;
	l->sku = e->code;
	l->quantity = e->quantity;
	l->current_quantity = l->refundable_quantity =
	    e->quantity > 0 ? e->quantity : 0;
	l->requires_shipping = l->taxable = true;
	l->product = p;
	l->variant = p->variants.items[0];
	l->unit_price = pounds(s, e->price_cents);
	l->discounted_total = pounds(s, cents);
	l->total_discount = pounds(s, 0);
	o->items_quantity += e->quantity;
	o->total.shop.cents += cents; /* of all lines, until finish */
	gather_add(&open->lines, l);
	gather_add(&s->all[STOCK_LINE], l);
}

void
sheet_line(struct sheet *s, const struct entry *e)
{
	struct open_order *open = sheet_index_find(&s->orders, e->invoice);

	if (open == NULL)
		open = new_order(s, e);
	add_line(s, open, sheet_product(s, e), e);
}

static const struct transaction *
add_transaction(
    struct sheet *s, struct order *o, const char *kind, int64_t cents)
{
	static const char *const gateways[] = { "manual" };
	struct transaction *t = ARENA_NEW(s->mem, struct transaction);
	struct gather g = { .mem = s->mem };

	t->thing = o->thing;
	t->thing.id = sheet_id(SHEET_TRANSACTION, o->name);
	t->order = o;
	t->kind = kind;
	t->status = "SUCCESS";
	t->gateway = "manual";
	t->formatted_gateway = "Manual";
	t->manual = true;
	t->amount = pounds(s, cents);
	t->processed_at = o->processed_at;
	gather_add(&g, t);
	o->transactions = gather_list(&g);
	o->gateways = (struct texts){ gateways, 1 };
	gather_add(&s->all[STOCK_TRANSACTION], t);
	return t;
}

static void
add_refund(struct sheet *s, struct order *o, int64_t cents)
{
	struct refund *r = ARENA_NEW(s->mem, struct refund);
	struct gather g = { .mem = s->mem }, paid = { .mem = s->mem };

	r->thing = o->thing;
	r->thing.id = sheet_id(SHEET_REFUND, o->name);
	r->order = o;
	r->total = pounds(s, cents);
	r->processed_at = o->processed_at;
	gather_add(&paid, add_transaction(s, o, "REFUND", cents));
	r->transactions = gather_list(&paid);
	gather_add(&g, r);
	o->refunds = gather_list(&g);
	o->refunded = r->total;
	gather_add(&s->all[STOCK_REFUND], r);
}

/* An invoice of positive total was paid; one that starts with C gave money
 * back; one of nothing has no transaction. */
void
sheet_close_order(struct sheet *s, struct open_order *open)
{
	struct order *o = &open->order;
	const int64_t sum = o->total.shop.cents;
	struct customer *c = (struct customer *)(uintptr_t)o->customer;

	o->lines = gather_list(&open->lines);
	o->refunded = o->discounts = o->shipping_price = o->tax = pounds(s, 0);
	o->total = o->subtotal = o->current_total =
	    pounds(s, sum > 0 ? sum : 0);
	o->financial_status = "PAID";
	if (text_starts(o->name, "#C")) {
		add_refund(s, o, sum < 0 ? -sum : sum);
		o->financial_status = "REFUNDED";
		o->current_total = pounds(s, 0);
	} else if (sum > 0)
		(void)add_transaction(s, o, "SALE", sum);
	if (c == NULL)
		return;
	c->number_of_orders++;
	c->spent.cents += o->current_total.shop.cents;
	if (o->thing.created_at > c->thing.updated_at)
		c->thing.updated_at = o->thing.created_at;
}
