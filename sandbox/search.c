/* Filters over a shop's lists. */
#include <string.h>

#include "search_in.h"

/* What words without a field are looked for in. */
static const size_t default_offset[STOCK_COUNT] = {
	[STOCK_PRODUCT] = offsetof(struct product, title),
	[STOCK_VARIANT] = offsetof(struct variant, display_name),
	[STOCK_ORDER] = offsetof(struct order, name),
	[STOCK_CUSTOMER] = offsetof(struct customer, display_name),
};

static bool
compare_ok(const char *compare, int64_t have, int64_t want)
{
	if (text_same(compare, ">"))
		return have > want;
	if (text_same(compare, ">="))
		return have >= want;
	if (text_same(compare, "<"))
		return have < want;
	if (text_same(compare, "<="))
		return have <= want;
	return have == want;
}

static bool
text_ok(const char *have, const char *want)
{
	const size_t n = strlen(want);

	if (have == NULL)
		return false;
	if (n > 0 && want[n - 1] == '*')
		return strncasecmp(have, want, n - 1) == 0;
	return text_same_nocase(have, want);
}

static bool
texts_ok(const struct texts *have, const char *want)
{
	size_t i;

	for (i = 0; i < have->n; i++)
		if (text_ok(have->items[i], want))
			return true;
	return false;
}

static bool
status_ok(const struct order *o, const char *want)
{
	if (text_same_nocase(want, "any"))
		return true;
	if (text_same_nocase(want, "cancelled"))
		return o->cancelled_at != 0;
	if (text_same_nocase(want, "closed"))
		return o->closed;
	return text_same_nocase(want, "open") && !o->closed &&
	       o->cancelled_at == 0;
}

static bool
sku_ok(const struct product *p, const char *want)
{
	const struct variant *v;
	size_t i;

	for (i = 0; i < p->variants.n; i++) {
		v = p->variants.items[i];
		if (text_ok(v->sku, want))
			return true;
	}
	return false;
}

static bool
field_ok(const struct term *t, const void *thing)
{
	const void *at = (const char *)thing + t->row->offset;
	const struct order *order = thing;

	switch (t->row->kind) {
	case BY_TIME:
	case BY_NUMBER:
		return compare_ok(t->compare, *(const int64_t *)at, t->number);
	case BY_TEXT:
		return text_ok(*(const char *const *)at, t->value);
	case BY_TEXTS:
		return texts_ok(at, t->value);
	case BY_FLAG:
		return *(const bool *)at == (t->number != 0);
	case BY_STATUS:
		return status_ok(thing, t->value);
	case BY_SKU:
		return sku_ok(thing, t->value);
	case BY_CUSTOMER:
		return order->customer != NULL &&
		       order->customer->thing.id == t->number;
	}
	return false;
}

bool
search_matches(enum stock stock, const struct term *t, const void *thing)
{
	const char *words;
	bool ok;

	for (; t != NULL; t = t->next) {
		words = *(const char *const *)((const char *)thing +
					       default_offset[stock]);
		ok = t->row ? field_ok(t, thing)
			    : words && strcasestr(words, t->value) != NULL;
		if (ok == t->not )
			return false;
	}
	return true;
}

struct list
search_list(
    struct run *run, enum stock stock, struct list all, const char *query)
{
	const struct term *terms;
	const void **items;
	size_t i, n = 0;

	terms = query ? search_terms(run, stock, query) : NULL;
	if (terms == NULL)
		return all;
	items = ARENA_ARRAY(run->cx->mem, const void *, all.n + 1);
	for (i = 0; i < all.n; i++)
		if (search_matches(stock, terms, all.items[i]))
			items[n++] = all.items[i];
	return (struct list){ items, n };
}
