/* Making a shop up. */
#include "made.h"
#include <string.h>

#include "base/code.h"

enum { ID_KIND = 1000000000, CHILDREN = 1000 /* at most, a parent */ };

/* 2^53 + 1: the first integer that a double cannot hold. */
static const int64_t id_least = INT64_C(9007199254740993);

int64_t
made_id(const struct make *m, enum made_kind kind, size_t i)
{
	return m->id_base + (int64_t)kind * ID_KIND * CHILDREN + (int64_t)i;
}

int64_t
made_child_id(
    const struct make *m, enum made_kind kind, size_t parent, size_t i)
{
	return made_id(m, kind, parent * CHILDREN + i);
}

struct texts
made_texts(struct make *m, const char *const *items, size_t n)
{
	const char **copy = ARENA_ARRAY(m->mem, const char *, n + 1);
	size_t i;

	for (i = 0; i < n; i++)
		copy[i] = items[i];
	return (struct texts){ copy, n };
}

struct bag
made_bag(const struct order *o, int64_t cents)
{
	struct bag b = { { cents, o->currency },
		{ cents, o->presentment_currency } };

	if (!text_same(o->currency, o->presentment_currency))
		b.presentment.cents = cents * 92 / 100;
	return b;
}

/* What a customer bought, once all orders are there. */
static void
add_up(struct make *m)
{
	const struct gather *orders = &m->all[STOCK_ORDER];
	const struct order *o;
	struct customer *c;
	size_t i;

	for (i = 0; i < orders->n; i++) {
		o = orders->items[i];
		/* Ours to change: made here, const only for who reads. */
		c = (struct customer *)(uintptr_t)o->customer;
		if (c == NULL)
			continue;
		c->number_of_orders++;
		c->spent.cents += o->current_total.shop.cents;
	}
}

enum rc
made_shop(
    struct cx *cx, struct shop *shop, const struct sizes *sizes, int64_t now)
{
	struct make m = { .cx = cx,
		.shop = shop,
		.mem = shop->mem,
		.sizes = sizes,
		.now = now };
	const uint32_t number = crc32_of(shop->domain, strlen(shop->domain));
	size_t i;
	int stock;

	m.id_base = id_least + (int64_t)(number % 4096) * 100 * ID_KIND;
	for (stock = 0; stock < STOCK_COUNT; stock++)
		m.all[stock].mem = shop->mem;
	for (i = 0; i < sizes->products; i++)
		gather_add(&m.all[STOCK_PRODUCT], made_product(&m, i));
	for (i = 0; i < sizes->customers; i++)
		gather_add(&m.all[STOCK_CUSTOMER], made_customer(&m, i));
	for (i = 0; i < sizes->orders && sizes->products > 0; i++)
		gather_add(&m.all[STOCK_ORDER], made_order(&m, i));
	add_up(&m);
	for (stock = 0; stock < STOCK_COUNT; stock++)
		TRY(stock_put(cx, shop, (enum stock)stock, &m.all[stock]));
	return RC_OK;
}
