/* products/create and products/update. */
#include "payload.h"

/* option1, option2, option3 */
static void
write_options_of(const struct payload *p, const struct variant *v)
{
	static const char *const names[] = { "option1", "option2", "option3" };
	const struct chosen_option *c;
	size_t i;

	for (i = 0; i < 3; i++) {
		c = i < v->chosen.n ? v->chosen.items[i] : NULL;
		jw_text(p->w, names[i], c != NULL ? c->value : NULL);
	}
}

static void
write_variant(const struct payload *p, const struct variant *v)
{
	struct jw *w = p->w;

	jw_object(w, NULL);
	jw_int(w, "id", v->thing.id);
	jw_int(w, "product_id", v->product->thing.id);
	jw_text(w, "title", v->title);
	payload_money(p, "price", v->price_cents);
	payload_money(p, "compare_at_price", v->compare_at_cents);
	jw_text(w, "sku", v->sku);
	jw_text(w, "barcode", v->barcode);
	jw_int(w, "position", v->position);
	payload_word(p, "inventory_policy", v->inventory_policy);
	jw_bool(w, "taxable", v->taxable);
	write_options_of(p, v);
	jw_int(w, "inventory_item_id", v->inventory_item_id);
	jw_int(w, "inventory_quantity", v->inventory_quantity);
	jw_int(w, "old_inventory_quantity", v->inventory_quantity);
	jw_null(w, "image_id");
	payload_time(p, "created_at", v->thing.created_at);
	payload_time(p, "updated_at", v->thing.updated_at);
	payload_gid(p, "ProductVariant", v->thing.id);
	jw_close(w);
}

static void
write_option(const struct payload *p, const struct product *product,
    const struct option *o)
{
	size_t i;

	jw_object(p->w, NULL);
	jw_int(p->w, "id", o->id);
	jw_int(p->w, "product_id", product->thing.id);
	jw_text(p->w, "name", o->name);
	jw_int(p->w, "position", o->position);
	jw_list(p->w, "values");
	for (i = 0; i < o->values.n; i++)
		jw_text(p->w, NULL, o->values.items[i]);
	jw_close(p->w);
	jw_close(p->w);
}

static void
write_image(
    const struct payload *p, const char *name, const struct product *product)
{
	const struct media *m = product->media;

	jw_object(p->w, name);
	jw_int(p->w, "id", m->id);
	jw_int(p->w, "product_id", product->thing.id);
	jw_int(p->w, "position", 1);
	jw_text(p->w, "alt", m->alt);
	jw_int(p->w, "width", m->image.width);
	jw_int(p->w, "height", m->image.height);
	jw_text(p->w, "src", m->image.url);
	jw_list(p->w, "variant_ids");
	jw_close(p->w);
	payload_gid(p, "MediaImage", m->id);
	jw_close(p->w);
}

static void
write_lists(const struct payload *p, const struct product *product)
{
	size_t i;

	jw_list(p->w, "variants");
	for (i = 0; i < product->variants.n; i++)
		write_variant(p, product->variants.items[i]);
	jw_close(p->w);
	jw_list(p->w, "options");
	for (i = 0; i < product->options.n; i++)
		write_option(p, product, product->options.items[i]);
	jw_close(p->w);
	jw_list(p->w, "images");
	if (product->media != NULL)
		write_image(p, NULL, product);
	jw_close(p->w);
	if (product->media != NULL)
		write_image(p, "image", product);
	else
		jw_null(p->w, "image");
}

void
payload_product(const struct payload *p, const void *thing)
{
	const struct product *product = thing;
	struct jw *w = p->w;

	payload_gid(p, "Product", product->thing.id);
	jw_text(w, "body_html", product->description_html);
	payload_time(p, "created_at", product->thing.created_at);
	jw_text(w, "handle", product->handle);
	jw_int(w, "id", product->thing.id);
	jw_text(w, "product_type", product->product_type);
	payload_time(p, "published_at", product->published_at);
	jw_text(w, "published_scope", "global");
	payload_word(p, "status", product->status);
	payload_tags(p, product->tags);
	jw_null(w, "template_suffix");
	jw_text(w, "title", product->title);
	payload_time(p, "updated_at", product->thing.updated_at);
	jw_text(w, "vendor", product->vendor);
	write_lists(p, product);
}
