/* A shop's lists: gathered, sorted by id, found again. */
#include <stdlib.h>
#include <string.h>

#include "stock.h"

void
gather_add(struct gather *g, const void *item)
{
	const void **more;

	if (g->n == g->cap) {
		more =
		    ARENA_ARRAY(g->mem, const void *, g->cap ? 2 * g->cap : 8);
		if (g->n > 0)
			memcpy(more, g->items, g->n * sizeof(*more));
		g->items = more;
		g->cap = g->cap ? 2 * g->cap : 8;
	}
	g->items[g->n++] = item;
}

struct list
gather_list(const struct gather *g)
{
	return (struct list){ g->items, g->n };
}

static int
by_id(const void *a, const void *b)
{
	const struct thing *x = *(const struct thing *const *)a;
	const struct thing *y = *(const struct thing *const *)b;

	return (x->id > y->id) - (x->id < y->id);
}

enum rc
stock_put(
    struct cx *cx, struct shop *shop, enum stock stock, const struct gather *g)
{
	const void **items = ARENA_ARRAY(shop->mem, const void *, g->n + 1);
	const struct thing *a, *b;
	size_t i;

	if (g->n > 0)
		memcpy(items, g->items, g->n * sizeof(*items));
	qsort(items, g->n, sizeof(*items), by_id);
	for (i = 1; i < g->n; i++) {
		a = items[i - 1];
		b = items[i];
		if (a->id == b->id)
			return rc_fail(cx, RC_BUG,
			    "two things of kind %d have the id %lld",
			    (int)stock, (long long)a->id);
	}
	shop->all[stock] = (struct list){ items, g->n };
	return RC_OK;
}

/* The list's own array, which only we may write. */
static const void **
ours(const struct list *l)
{
	return (const void **)(uintptr_t)l->items;
}

static void
make_room(struct shop *shop, enum stock stock)
{
	struct list *l = &shop->all[stock];
	const size_t cap = 2 * l->n + 16;
	const void **items = ARENA_ARRAY(shop->mem, const void *, cap);

	if (l->n > 0)
		memcpy(items, l->items, l->n * sizeof(*items));
	l->items = items;
	shop->room[stock] = cap - l->n;
}

void
stock_add(struct shop *shop, enum stock stock, const void *thing)
{
	struct list *l = &shop->all[stock];

	if (shop->room[stock] == 0)
		make_room(shop, stock);
	ours(l)[l->n++] = thing;
	shop->room[stock]--;
}

void
stock_drop(struct shop *shop, enum stock stock, int64_t id)
{
	struct list *l = &shop->all[stock];
	const struct thing *t;
	size_t i;

	for (i = 0; i < l->n; i++) {
		t = l->items[i];
		if (t->id == id)
			break;
	}
	if (i == l->n)
		return;
	memmove(&ours(l)[i], &l->items[i + 1], (l->n - i - 1) * sizeof(t));
	l->n--;
	shop->room[stock]++;
}

const void *
stock_find(const struct shop *shop, enum stock stock, int64_t id)
{
	const struct thing key = { .id = id }, *p = &key;
	const struct list *l = &shop->all[stock];
	const void *hit;

	if (l->n == 0)
		return NULL;
	hit = bsearch(&p, l->items, l->n, sizeof(*l->items), by_id);
	return hit ? *(const void *const *)hit : NULL;
}
