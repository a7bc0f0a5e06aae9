/* New things: a copy of one that there is, under ids of its own. */
#include "edits.h"

/* ---- a product and its variants */

static void
copy_variants(struct shop *shop, struct product *p, const struct edit *e)
{
	struct gather g = { .mem = shop->mem };
	const struct list from = p->variants;
	struct variant *v;
	size_t i;

	for (i = 0; i < from.n; i++) {
		v = ARENA_NEW(shop->mem, struct variant);
		*v = *(const struct variant *)from.items[i];
		v->thing = (struct thing){ e->children + (int64_t)i, e->made_at,
			e->made_at };
		v->product = p;
		v->sku = text_fmt(
		    shop->mem, "NEW-%lld-%zu", (long long)(e->id % 100000), i);
		gather_add(&g, v);
		stock_add(shop, STOCK_VARIANT, v);
	}
	p->variants = gather_list(&g);
}

static void
copy_product(struct shop *shop, const struct edit *e)
{
	const struct product *from = stock_find(shop, STOCK_PRODUCT, e->from);
	struct product *p = ARENA_NEW(shop->mem, struct product);

	if (from == NULL)
		return;
	*p = *from;
	p->thing = (struct thing){ e->id, e->made_at, e->made_at };
	p->handle = text_fmt(shop->mem, "new-%lld", (long long)e->id);
	p->published_at = e->made_at;
	p->online_store_url = text_fmt(
	    shop->mem, "https://%s/products/%s", shop->domain, p->handle);
	copy_variants(shop, p, e);
	stock_add(shop, STOCK_PRODUCT, p);
}

/* ---- an order, its lines and what was paid */

static void
copy_lines(struct shop *shop, struct order *o, const struct edit *e)
{
	struct gather g = { .mem = shop->mem };
	const struct list from = o->lines;
	struct line *l;
	size_t i;

	for (i = 0; i < from.n; i++) {
		l = ARENA_NEW(shop->mem, struct line);
		*l = *(const struct line *)from.items[i];
		l->thing = (struct thing){ e->children + (int64_t)i, e->made_at,
			e->made_at };
		l->order = o;
		gather_add(&g, l);
		stock_add(shop, STOCK_LINE, l);
	}
	o->lines = gather_list(&g);
}

static void
copy_payments(struct shop *shop, struct order *o, const struct edit *e)
{
	struct gather g = { .mem = shop->mem };
	const struct list from = o->transactions;
	struct transaction *t;
	size_t i;

	for (i = 0; i < from.n; i++) {
		t = ARENA_NEW(shop->mem, struct transaction);
		*t = *(const struct transaction *)from.items[i];
		t->thing = (struct thing){ e->payments + (int64_t)i, e->made_at,
			e->made_at };
		t->order = o;
		t->processed_at = e->made_at;
		t->payment_id = text_fmt(shop->mem, "%s.%zu", o->name, i + 1);
		t->fees = (struct list){ NULL, 0 };
		t->parent = i > 0 && t->parent != NULL ? g.items[0] : NULL;
		gather_add(&g, t);
		stock_add(shop, STOCK_TRANSACTION, t);
	}
	o->transactions = gather_list(&g);
}

static void
copy_order(struct shop *shop, const struct edit *e)
{
	const struct order *from = stock_find(shop, STOCK_ORDER, e->from);
	struct order *o = ARENA_NEW(shop->mem, struct order);
	struct customer *c;

	if (from == NULL)
		return;
	*o = *from;
	o->thing = (struct thing){ e->id, e->made_at, e->made_at };
	o->processed_at = e->made_at;
	o->number = e->number;
	o->name = text_fmt(shop->mem, "#%lld", (long long)e->number);
	o->closed = false;
	o->closed_at = 0;
	o->checkout_token = NULL;
	o->refunds = (struct list){ NULL, 0 };
	copy_lines(shop, o, e);
	copy_payments(shop, o, e);
	stock_add(shop, STOCK_ORDER, o);
	c = (struct customer *)(uintptr_t)o->customer;
	if (c == NULL)
		return;
	c->number_of_orders++;
	c->spent.cents += o->current_total.shop.cents;
}

static void
copy_customer(struct shop *shop, const struct edit *e)
{
	const struct customer *from = stock_find(shop, STOCK_CUSTOMER, e->from);
	struct customer *c = ARENA_NEW(shop->mem, struct customer);

	if (from == NULL)
		return;
	*c = *from;
	c->thing = (struct thing){ e->id, e->made_at, e->made_at };
	c->email =
	    text_fmt(shop->mem, "new.%lld@example.com", (long long)e->id);
	c->phone = NULL;
	c->number_of_orders = 0;
	c->spent.cents = 0;
	stock_add(shop, STOCK_CUSTOMER, c);
}

void
edit_copy(struct shop *shop, const struct edit *e)
{
	if (e->stock == STOCK_PRODUCT)
		copy_product(shop, e);
	else if (e->stock == STOCK_ORDER)
		copy_order(shop, e);
	else
		copy_customer(shop, e);
}
