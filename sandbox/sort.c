/* Views of a shop's lists, sorted once and kept. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sort.h"

/* clang-format off */
#define BY(st, n, h, s, m) { st, n, h, offsetof(struct s, m) }
#define TIMES(st, s) \
	BY(st, "ID", HOW_INT, s, thing.id), \
	BY(st, "CREATED_AT", HOW_TIME, s, thing.created_at), \
	BY(st, "UPDATED_AT", HOW_TIME, s, thing.updated_at)
/* clang-format on */

static const struct sort sorts[] = {
	TIMES(STOCK_PRODUCT, product),
	BY(STOCK_PRODUCT, "PUBLISHED_AT", HOW_TIME, product, published_at),
	BY(STOCK_PRODUCT, "INVENTORY_TOTAL", HOW_INT, product, total_inventory),
	BY(STOCK_PRODUCT, "PRODUCT_TYPE", HOW_TEXT, product, product_type),
	BY(STOCK_PRODUCT, "TITLE", HOW_TEXT, product, title),
	BY(STOCK_PRODUCT, "VENDOR", HOW_TEXT, product, vendor),
	TIMES(STOCK_VARIANT, variant),
	BY(STOCK_VARIANT, "POSITION", HOW_INT, variant, position),
	BY(STOCK_VARIANT, "INVENTORY_QUANTITY", HOW_INT, variant,
	    inventory_quantity),
	BY(STOCK_VARIANT, "NAME", HOW_TEXT, variant, display_name),
	BY(STOCK_VARIANT, "SKU", HOW_TEXT, variant, sku),
	BY(STOCK_VARIANT, "TITLE", HOW_TEXT, variant, title),
	TIMES(STOCK_ORDER, order),
	BY(STOCK_ORDER, "PROCESSED_AT", HOW_TIME, order, processed_at),
	BY(STOCK_ORDER, "ORDER_NUMBER", HOW_INT, order, number),
	BY(STOCK_ORDER, "TOTAL_PRICE", HOW_INT, order, total.shop.cents),
	TIMES(STOCK_CUSTOMER, customer),
	BY(STOCK_CUSTOMER, "NAME", HOW_TEXT, customer, display_name),
};

const struct sort *
sort_find(enum stock stock, const char *name)
{
	const struct sort *id = NULL;
	size_t i;

	for (i = 0; i < sizeof(sorts) / sizeof(sorts[0]); i++) {
		if (sorts[i].stock != stock)
			continue;
		if (text_same(sorts[i].name, name))
			return &sorts[i];
		if (text_same(sorts[i].name, "ID"))
			id = &sorts[i];
	}
	return id;
}

struct sort_key
sort_key(const struct sort *sort, const void *thing)
{
	const char *at = (const char *)thing + sort->offset;
	struct sort_key key = { 0, NULL };

	if (sort->how == HOW_TEXT) {
		memcpy(&key.text, at, sizeof(key.text));
		if (key.text == NULL)
			key.text = "";
	} else
		memcpy(&key.number, at, sizeof(key.number));
	return key;
}

int
sort_compare(struct sort_key a, int64_t a_id, struct sort_key b, int64_t b_id)
{
	int c = (a.number > b.number) - (a.number < b.number);

	if (c == 0 && a.text != NULL && b.text != NULL)
		c = strcmp(a.text, b.text);
	return c != 0 ? c : (a_id > b_id) - (a_id < b_id);
}

static int
compare(const void *a, const void *b, void *sort)
{
	const struct thing *x = *(const struct thing *const *)a;
	const struct thing *y = *(const struct thing *const *)b;

	return sort_compare(sort_key(sort, x), x->id, sort_key(sort, y), y->id);
}

/* All of a kind into `items`, in that order. */
static void
fill(const struct shop *shop, const struct sort *sort, const void **items)
{
	const struct list *all = &shop->all[sort->stock];

	if (all->n > 0)
		memcpy(items, all->items, all->n * sizeof(*items));
	qsort_r(
	    items, all->n, sizeof(*items), compare, (void *)(uintptr_t)sort);
}

void
sort_again(struct shop *shop, enum stock stock)
{
	size_t i = 0;

	while (i < shop->n_views) {
		struct view *v = &shop->views[i];

		if (v->stock == stock && v->list.n != shop->all[stock].n) {
			*v = shop->views[--shop->n_views];
			continue;
		}
		if (v->stock == stock) {
			const struct sort *sort = sort_find(stock, v->sort);

			assert(sort != NULL); /* it made the view */
			fill(shop, sort,
			    (const void **)(uintptr_t)v->list.items);
		}
		i++;
	}
}

struct list
sort_view(struct shop *shop, const struct sort *sort)
{
	const struct list *all = &shop->all[sort->stock];
	const void **items;
	struct view *v;
	size_t i;

	for (i = 0; i < shop->n_views; i++)
		if (shop->views[i].stock == sort->stock &&
		    text_same(shop->views[i].sort, sort->name))
			return shop->views[i].list;
	items = ARENA_ARRAY(shop->mem, const void *, all->n + 1);
	fill(shop, sort, items);
	if (shop->n_views == VIEWS_MAX) /* more than there are sorts */
		return (struct list){ items, all->n };
	v = &shop->views[shop->n_views++];
	*v = (struct view){ sort->stock, sort->name, { items, all->n } };
	return v->list;
}
