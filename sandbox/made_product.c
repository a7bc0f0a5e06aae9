/* Products with their options and variants. */
#include "made.h"

static const char *const vendors[] = { "Nordlicht", "O'Neil & Sons",
	"Kiefer Werkstatt", "Olá Porto", "山田商店" };
static const char *const types[] = { "Clothing", "Home", "Kitchen", "",
	"Garden" };
static const char *const sizes[] = { "XS", "S", "M", "L", "XL", "2XL", "3XL",
	"4XL", "5XL", "6XL" };
static const char *const colours[] = { "Red", "Grün", "Blue", "Black", "White",
	"Sand", "Rosé", "Teal", "Plum", "Grey", "Mint", "Ochre", "Navy" };
static const char *const tags[] = { "new", "sale", "gift idea", "größe-xl", "🎁",
	"winter/2026" };
static const char *const default_title[] = { "Default Title" };

enum {
	SIZES = sizeof(sizes) / sizeof(sizes[0]),
	ALIKE_FROM = 20,
	ALIKE_TO = 40
};

static const struct category categories[] = {
	{ 1, "gid://shopify/TaxonomyCategory/aa-1-13-8", "T-Shirts",
	    "Apparel & Accessories > Clothing > Clothing Tops > T-Shirts" },
	{ 2, "gid://shopify/TaxonomyCategory/hg-11-10-1-2", "Mugs",
	    "Home & Garden > Kitchen & Dining > Tableware > Drinkware > Mugs" },
};

/* A few are there so that pages of variants end in every way they can. */
static size_t
how_many_variants(struct dice *d, size_t i)
{
	switch (i) {
	case 3:
		return 120;
	case 7:
		return 60;
	case 11:
		return 51;
	case 15:
		return 50;
	default:
		return dice_percent(d, 50) ? 1 : (size_t)dice_in(d, 2, 8);
	}
}

static void
add_option(struct make *m, struct gather *g, size_t product, const char *name,
    struct texts values)
{
	struct option *o = ARENA_NEW(m->mem, struct option);

	o->id = made_child_id(m, MADE_OPTION, product, g->n);
	o->name = name;
	o->position = (int64_t)g->n + 1;
	o->values = values;
	gather_add(g, o);
}

static void
add_options(struct make *m, struct product *p, size_t i, size_t n)
{
	struct gather g = { .mem = m->mem };

	if (n == 1)
		add_option(m, &g, i, "Title", made_texts(m, default_title, 1));
	else
		add_option(m, &g, i, "Size",
		    made_texts(m, sizes, n < SIZES ? n : SIZES));
	if (n > SIZES)
		add_option(m, &g, i, "Colour",
		    made_texts(m, colours, (n + SIZES - 1) / SIZES));
	p->options = gather_list(&g);
}

static void
choose(struct make *m, struct gather *g, const char *name, const char *value)
{
	struct chosen_option *c = ARENA_NEW(m->mem, struct chosen_option);

	c->name = name;
	c->value = value;
	gather_add(g, c);
}

static void
name_variant(struct make *m, struct variant *v, size_t n, size_t k)
{
	struct gather g = { .mem = m->mem };

	if (n == 1)
		choose(m, &g, "Title", v->title = default_title[0]);
	else
		choose(m, &g, "Size", v->title = sizes[k % SIZES]);
	if (n > SIZES) {
		choose(m, &g, "Colour", colours[k / SIZES]);
		v->title = text_fmt(
		    m->mem, "%s / %s", sizes[k % SIZES], colours[k / SIZES]);
	}
	v->chosen = gather_list(&g);
	v->display_name =
	    text_fmt(m->mem, "%s - %s", v->product->title, v->title);
}

static void
price_variant(struct variant *v, struct dice *d, const char *currency)
{
	v->price_cents = dice_percent(d, 3) ? 0 : dice_in(d, 100, 25000);
	v->compare_at_cents = dice_percent(d, 30)
				  ? v->price_cents + dice_in(d, 100, 2000)
				  : NO_MONEY;
	if (dice_percent(d, 60))
		v->unit_cost =
		    (struct amount){ v->price_cents * 4 / 10, currency };
}

static struct variant *
made_variant(
    struct make *m, const struct product *p, size_t i, size_t k, size_t n)
{
	struct variant *v = ARENA_NEW(m->mem, struct variant);
	struct dice d = dice_of(m->sizes->seed, MADE_VARIANT, i * 1000 + k);

	v->thing.id = made_child_id(m, MADE_VARIANT, i, k);
	v->thing.created_at = p->thing.created_at;
	v->thing.updated_at = p->thing.updated_at;
	v->product = p;
	v->position = (int64_t)k + 1;
	name_variant(m, v, n, k);
	price_variant(v, &d, m->shop->currency);
	v->sku =
	    dice_percent(&d, 90) ? text_fmt(m->mem, "SKU-%zu-%zu", i, k) : NULL;
	v->barcode = dice_percent(&d, 50)
			 ? text_fmt(m->mem, "40%011lld",
			       (long long)dice_in(&d, 1, 99999999))
			 : NULL;
	v->taxable = dice_percent(&d, 90);
	v->tracked = dice_percent(&d, 85);
	v->inventory_quantity = v->tracked ? dice_in(&d, -2, 200) : 0;
	v->available = v->inventory_quantity > 0 || !v->tracked;
	v->inventory_policy = dice_percent(&d, 80) ? "DENY" : "CONTINUE";
	v->inventory_item_id = made_child_id(m, MADE_ITEM, i, k);
	v->requires_shipping = !p->is_gift_card;
	return v;
}

static void
add_variants(struct make *m, struct product *p, size_t i, size_t n)
{
	struct gather g = { .mem = m->mem };
	struct variant *v;
	size_t k;

	for (k = 0; k < n; k++) {
		v = made_variant(m, p, i, k, n);
		if (k == 0 || v->price_cents < p->lowest.cents)
			p->lowest.cents = v->price_cents;
		if (v->price_cents > p->highest.cents)
			p->highest.cents = v->price_cents;
		p->total_inventory += v->inventory_quantity;
		p->tracks_inventory |= v->tracked;
		gather_add(&g, v);
		gather_add(&m->all[STOCK_VARIANT], v);
	}
	p->lowest.currency = p->highest.currency = m->shop->currency;
	p->variants = gather_list(&g);
}

/* Twenty of them were written in one second, as an import does. */
static void
date(struct make *m, struct product *p, struct dice *d, size_t i)
{
	const int64_t day = 24 * 3600;

	p->thing.created_at = m->now - dice_in(d, 500 * day, 900 * day);
	p->thing.updated_at = p->thing.created_at + dice_in(d, 0, 499 * day);
	if (i >= ALIKE_FROM && i < ALIKE_TO)
		p->thing.updated_at = m->now - 40 * day;
	p->published_at = dice_percent(d, 85) ? p->thing.created_at + 3600 : 0;
}

static const struct media *
made_media(struct make *m, struct dice *d, size_t i)
{
	struct media *media = ARENA_NEW(m->mem, struct media);

	if (!dice_percent(d, 70))
		return NULL;
	media->id = made_id(m, MADE_MEDIA, i);
	media->alt = dice_percent(d, 50) ? "Seen from the front" : NULL;
	media->image.url =
	    text_fmt(m->mem, "https://cdn.shopify.com/s/files/%zu.jpg?v=1", i);
	media->image.width = 1200;
	media->image.height = 900;
	return media;
}

struct product *
made_product(struct make *m, size_t i)
{
	struct product *p = ARENA_NEW(m->mem, struct product);
	struct dice d = dice_of(m->sizes->seed, MADE_PRODUCT, i);
	const size_t n = how_many_variants(&d, i);

	p->thing.id = made_id(m, MADE_PRODUCT, i);
	p->title = made_title(m, &d, i);
	p->handle = text_fmt(m->mem, "product-%zu", i);
	p->description_html = made_sentence(m, &d);
	p->vendor = DICE_PICK(&d, vendors);
	p->product_type = DICE_PICK(&d, types);
	p->category = i % 3 < 2 ? &categories[i % 3] : NULL;
	p->status = i % 10 == 4 ? "DRAFT" : i % 10 == 8 ? "ARCHIVED" : "ACTIVE";
	p->tags = made_texts(m, tags + i % 3, (size_t)dice_in(&d, 0, 3));
	p->is_gift_card = i % 50 == 49;
	p->media = made_media(m, &d, i);
	p->seo_title = dice_percent(&d, 30) ? p->title : NULL;
	p->seo_description = p->seo_title ? "Found & liked" : NULL;
	date(m, p, &d, i);
	if (p->published_at != 0)
		p->online_store_url = text_fmt(m->mem, "https://%s/products/%s",
		    m->shop->domain, p->handle);
	add_options(m, p, i, n);
	add_variants(m, p, i, n);
	return p;
}
