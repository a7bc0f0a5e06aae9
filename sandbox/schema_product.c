/* Products, their variants and what hangs on them. */
#include "run.h"
#include "schema.h"
#include "stock.h"

static struct value
variants_count(struct run *run, const void *object, const struct plan_field *f)
{
	const struct product *p = object;

	(void)f;
	return run_count(run, (int64_t)p->variants.n);
}

static struct value
media_image(struct run *run, const void *object, const struct plan_field *f)
{
	const struct product *p = object;
	struct value v = value_object(p->media);

	(void)run;
	(void)f;
	v.type = types_find("MediaImage");
	return v;
}

static struct value
unit_cost(struct run *run, const void *object, const struct plan_field *f)
{
	const struct variant *v = object;

	(void)run;
	(void)f;
	return value_object(v->unit_cost.currency ? &v->unit_cost : NULL);
}

static struct type_field category_fields[] = {
	F_TEXT("id", "ID!", category, gid),
	F_TEXT("name", "String!", category, name),
	F_TEXT("fullName", "String!", category, full_name),
	F_END,
};

static struct type_field option_fields[] = {
	F_ID("id", option, id),
	F_TEXT("name", "String!", option, name),
	F_INT("position", "Int!", option, position),
	F_TEXTS("values", "[String!]!", option, values),
	F_END,
};

static struct type_field chosen_fields[] = {
	F_TEXT("name", "String!", chosen_option, name),
	F_TEXT("value", "String!", chosen_option, value),
	F_END,
};

static struct type_field range_fields[] = {
	F_PART("minVariantPrice", "MoneyV2!", product, lowest),
	F_PART("maxVariantPrice", "MoneyV2!", product, highest),
	F_END,
};

static struct type_field seo_fields[] = {
	F_TEXT("title", "String", product, seo_title),
	F_TEXT("description", "String", product, seo_description),
	F_END,
};

static struct type_field image_fields[] = {
	F_TEXT("url", "URL!", image, url),
	F_INT("width", "Int", image, width),
	F_INT("height", "Int", image, height),
	F_END,
};

static struct type_field preview_fields[] = {
	F_PART("image", "Image", media, image),
	F_END,
};

static struct type_field media_fields[] = {
	F_ID("id", media, id),
	F_TEXT("alt", "String", media, alt),
	F_SELF("preview", "MediaPreviewImage"),
	F_END,
};

static struct type_field media_image_fields[] = {
	F_ID("id", media, id),
	F_TEXT("alt", "String", media, alt),
	F_SELF("preview", "MediaPreviewImage"),
	F_PART("image", "Image", media, image),
	F_END,
};

static struct type_field product_fields[] = {
	F_ID("id", product, thing.id),
	F_NUMBER("legacyResourceId", "UnsignedInt64!", product, thing.id),
	F_TEXT("title", "String!", product, title),
	F_TEXT("handle", "String!", product, handle),
	F_TEXT("descriptionHtml", "HTML!", product, description_html),
	F_TEXT("vendor", "String!", product, vendor),
	F_TEXT("productType", "String!", product, product_type),
	F_LINK("category", "TaxonomyCategory", product, category),
	F_TEXT("status", "ProductStatus!", product, status),
	F_TEXTS("tags", "[String!]!", product, tags),
	F_BOOL("isGiftCard", "Boolean!", product, is_gift_card),
	F_INT("totalInventory", "Int!", product, total_inventory),
	F_BOOL("tracksInventory", "Boolean!", product, tracks_inventory),
	F_CALL("variantsCount", "Count", variants_count),
	F_LIST("options", "[ProductOption!]!", product, options,
	    .args_text = "first: Int"),
	F_SELF("priceRangeV2", "ProductPriceRangeV2!"),
	F_SELF("seo", "SEO!"),
	F_CALL("featuredMedia", "Media", media_image),
	F_TEXT("onlineStoreUrl", "URL", product, online_store_url),
	F_TIME("createdAt", "DateTime!", product, thing.created_at),
	F_TIME("updatedAt", "DateTime!", product, thing.updated_at),
	F_TIME("publishedAt", "DateTime", product, published_at),
	F_PAGE("variants", "ProductVariantConnection!", product, variants,
	    .args_text =
		ARGS_PAGE ", sortKey: ProductVariantSortKeys = POSITION"),
	F_END,
};

static struct type_field item_fields[] = {
	F_ID("id", variant, inventory_item_id),
	F_NUMBER(
	    "legacyResourceId", "UnsignedInt64!", variant, inventory_item_id),
	F_BOOL("tracked", "Boolean!", variant, tracked),
	F_BOOL("requiresShipping", "Boolean!", variant, requires_shipping),
	F_CALL("unitCost", "MoneyV2", unit_cost),
	F_END,
};

static struct type_field variant_fields[] = {
	F_ID("id", variant, thing.id),
	F_NUMBER("legacyResourceId", "UnsignedInt64!", variant, thing.id),
	F_TEXT("title", "String!", variant, title),
	F_TEXT("displayName", "String!", variant, display_name),
	F_TEXT("sku", "String", variant, sku),
	F_TEXT("barcode", "String", variant, barcode),
	F_INT("position", "Int!", variant, position),
	F_MONEY("price", "Money!", variant, price_cents),
	F_MONEY("compareAtPrice", "Money", variant, compare_at_cents),
	F_BOOL("taxable", "Boolean!", variant, taxable),
	F_BOOL("availableForSale", "Boolean!", variant, available),
	F_TEXT("inventoryPolicy", "ProductVariantInventoryPolicy!", variant,
	    inventory_policy),
	F_INT("inventoryQuantity", "Int", variant, inventory_quantity),
	F_LIST("selectedOptions", "[SelectedOption!]!", variant, chosen),
	F_SELF("inventoryItem", "InventoryItem!"),
	F_LINK("product", "Product!", variant, product),
	F_TIME("createdAt", "DateTime!", variant, thing.created_at),
	F_TIME("updatedAt", "DateTime!", variant, thing.updated_at),
	F_END,
};

struct type product_types[] = {
	T_OBJECT(
	    "Product", product_fields, .is = "Node", .scope = "read_products"),
	T_OBJECT("ProductVariant", variant_fields, .is = "Node",
	    .scope = "read_products"),
	T_OBJECT("InventoryItem", item_fields, .is = "Node"),
	T_OBJECT("TaxonomyCategory", category_fields, .is = "Node"),
	T_OBJECT("ProductOption", option_fields, .is = "Node"),
	T_OBJECT("SelectedOption", chosen_fields, ),
	T_OBJECT("ProductPriceRangeV2", range_fields, ),
	T_OBJECT("SEO", seo_fields, ),
	T_OBJECT("Image", image_fields, ),
	T_OBJECT("MediaPreviewImage", preview_fields, ),
	T_OBJECT("MediaImage", media_image_fields, .is = "Node Media"),
	{ .name = "Media", .kind = TYPE_INTERFACE, .fields = media_fields },
	{ .name = NULL },
};
