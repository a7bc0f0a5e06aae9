/* Products of a sheet: a stock code is one, with its one variant. */
#include "sheet_in.h"

static void
add_variant(struct sheet *s, struct product *p, const struct entry *e)
{
	struct variant *v = ARENA_NEW(s->mem, struct variant);
	struct chosen_option *c = ARENA_NEW(s->mem, struct chosen_option);
	struct gather variants = { .mem = s->mem }, chosen = { .mem = s->mem };

	v->thing = p->thing;
	v->thing.id = sheet_id(SHEET_VARIANT, e->code);
	v->product = p;
	v->title = c->value = "Default Title";
	c->name = "Title";
	v->sku = e->code;
	v->position = 1;
	v->price_cents = e->price_cents;
	v->compare_at_cents = NO_MONEY;
	v->taxable = v->available = v->requires_shipping = true;
	v->inventory_policy = "CONTINUE";
	v->inventory_item_id = sheet_id(SHEET_ITEM, e->code);
	gather_add(&chosen, c);
	v->chosen = gather_list(&chosen);
	gather_add(&variants, v);
	p->variants = gather_list(&variants);
	p->lowest = p->highest =
	    (struct amount){ e->price_cents, s->shop->currency };
	gather_add(&s->all[STOCK_VARIANT], v);
}

static struct list
one_option(struct sheet *s, const char *code)
{
	static const char *const values[] = { "Default Title" };
	struct option *o = ARENA_NEW(s->mem, struct option);
	struct gather g = { .mem = s->mem };

	o->id = sheet_id(SHEET_OPTION, code);
	o->name = "Title";
	o->position = 1;
	o->values = (struct texts){ values, 1 };
	gather_add(&g, o);
	return gather_list(&g);
}

static struct product *
new_product(struct sheet *s, const struct entry *e)
{
	struct product *p = ARENA_NEW(s->mem, struct product);

	p->thing =
	    (struct thing){ sheet_id(SHEET_PRODUCT, e->code), e->at, e->at };
	p->handle = text_fmt(s->mem, "%s-%lld", text_lower(s->mem, e->code),
	    (long long)p->thing.id);
	p->title = p->description_html = p->vendor = p->product_type = "";
	p->status = "ACTIVE";
	p->published_at = e->at;
	p->options = one_option(s, e->code);
	p->online_store_url = text_fmt(
	    s->mem, "https://%s/products/%s", s->shop->domain, p->handle);
	add_variant(s, p, e);
	gather_add(&s->all[STOCK_PRODUCT], p);
	return p;
}

struct product *
sheet_product(struct sheet *s, const struct entry *e)
{
	struct product *p = sheet_index_find(&s->products, e->code);

	if (p == NULL) {
		p = new_product(s, e);
		sheet_index_put(&s->products, e->code, p);
	}
	if (*p->title == '\0')
		p->title = e->description;
	if (e->at > p->thing.updated_at)
		p->thing.updated_at = e->at;
	return p;
}
