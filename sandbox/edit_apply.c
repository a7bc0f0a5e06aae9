/* Edits onto the things of a shop. */
#include "edits.h"
#include "sort.h"

void *
edit_thing(struct shop *shop, enum stock stock, int64_t id)
{
	/* Made here, const only for who reads. */
	return (void *)(uintptr_t)stock_find(shop, stock, id);
}

/* "a, b" as a list. */
static struct texts
tags_of(struct arena *mem, const char *text)
{
	struct gather g = { .mem = mem };
	struct slice rest = slice_of(text), part;

	while (text_next(&rest, ',', &part)) {
		while (part.n > 0 && part.p[0] == ' ') {
			part.p++;
			part.n--;
		}
		if (part.n > 0)
			gather_add(&g, text_of(mem, part));
	}
	return (
	    struct texts){ (const char *const *)(const void *)g.items, g.n };
}

static void
take_text(const char **to, const char *text)
{
	if (text != NULL)
		*to = text;
}

static void
take_tags(struct shop *shop, struct texts *to, const char *text)
{
	if (text != NULL)
		*to = tags_of(shop->mem, text);
}

/* A variant is shown by its product's title and its own. */
static void
rename_variants(struct shop *shop, const struct product *p)
{
	struct variant *v;
	size_t i;

	for (i = 0; i < p->variants.n; i++) {
		v = (struct variant *)(uintptr_t)p->variants.items[i];
		v->display_name =
		    text_fmt(shop->mem, "%s - %s", p->title, v->title);
	}
}

static void
apply_product(struct shop *shop, const struct edit *e)
{
	struct product *p = edit_thing(shop, STOCK_PRODUCT, e->id);

	if (p == NULL)
		return;
	p->thing.updated_at = e->at;
	take_text(&p->title, e->title);
	take_text(&p->description_html, e->html);
	take_text(&p->seo_title, e->seo_title);
	take_text(&p->seo_description, e->seo_description);
	take_tags(shop, &p->tags, e->tags);
	if (e->title != NULL) {
		rename_variants(shop, p);
		sort_again(shop, STOCK_VARIANT);
	}
}

static void
apply_order(struct shop *shop, const struct edit *e)
{
	struct order *o = edit_thing(shop, STOCK_ORDER, e->id);

	if (o == NULL)
		return;
	o->thing.updated_at = e->at;
	take_text(&o->note, e->note);
	take_tags(shop, &o->tags, e->tags);
}

static void
apply_customer(struct shop *shop, const struct edit *e)
{
	struct customer *c = edit_thing(shop, STOCK_CUSTOMER, e->id);

	if (c == NULL)
		return;
	c->thing.updated_at = e->at;
	take_text(&c->note, e->note);
	take_tags(shop, &c->tags, e->tags);
}

void
edit_apply(struct shop *shop, const struct edit *e)
{
	if (e->stock == STOCK_PRODUCT)
		apply_product(shop, e);
	else if (e->stock == STOCK_ORDER)
		apply_order(shop, e);
	else
		apply_customer(shop, e);
}

/* ---- gone */

static void
remove_product(struct shop *shop, int64_t id)
{
	const struct product *p = stock_find(shop, STOCK_PRODUCT, id);
	const struct thing *v;
	struct line *l;
	size_t i;

	for (i = 0; i < p->variants.n; i++) {
		v = p->variants.items[i];
		stock_drop(shop, STOCK_VARIANT, v->id);
	}
	for (i = 0; i < shop->all[STOCK_LINE].n; i++) {
		l = (struct line *)(uintptr_t)shop->all[STOCK_LINE].items[i];
		if (l->product == p) {
			l->product = NULL;
			l->variant = NULL;
		}
	}
}

static void
drop_all(struct shop *shop, enum stock stock, struct list list)
{
	const struct thing *t;
	size_t i;

	for (i = 0; i < list.n; i++) {
		t = list.items[i];
		stock_drop(shop, stock, t->id);
	}
}

static void
remove_order(struct shop *shop, int64_t id)
{
	const struct order *o = stock_find(shop, STOCK_ORDER, id);
	struct customer *c = (struct customer *)(uintptr_t)o->customer;

	drop_all(shop, STOCK_LINE, o->lines);
	drop_all(shop, STOCK_TRANSACTION, o->transactions);
	drop_all(shop, STOCK_REFUND, o->refunds);
	if (c == NULL)
		return;
	c->number_of_orders--;
	c->spent.cents -= o->current_total.shop.cents;
}

static void
remove_customer(struct shop *shop, int64_t id)
{
	const struct customer *c = stock_find(shop, STOCK_CUSTOMER, id);
	struct order *o;
	size_t i;

	for (i = 0; i < shop->all[STOCK_ORDER].n; i++) {
		o = (struct order *)(uintptr_t)shop->all[STOCK_ORDER].items[i];
		if (o->customer == c)
			o->customer = NULL;
	}
}

void
edit_remove(struct shop *shop, const struct edit *e)
{
	if (stock_find(shop, (enum stock)e->stock, e->id) == NULL)
		return;
	if (e->stock == STOCK_PRODUCT)
		remove_product(shop, e->id);
	else if (e->stock == STOCK_ORDER)
		remove_order(shop, e->id);
	else
		remove_customer(shop, e->id);
	stock_drop(shop, (enum stock)e->stock, e->id);
}
