-- Products and their variants, as pulled. Nothing here is personal.
--
-- Where ProductFields go. Columns of the same sense: id (and legacyResourceId,
-- the same number), title, handle, descriptionHtml, vendor, productType,
-- status, tags, isGiftCard, totalInventory, tracksInventory, onlineStoreUrl,
-- createdAt, updatedAt, publishedAt; category.id -> category_id, category.name
-- -> category_name; variantsCount.count -> variants_count;
-- priceRangeV2.{min,max}VariantPrice.amount -> price_min, price_max and their
-- currencyCode -> currency.
-- doc: category.fullName, variantsCount.precision, options, seo,
-- featuredMedia, each under its own name.
--
-- Where VariantFields go. Columns: id, title, displayName, sku, barcode,
-- position, price, compareAtPrice (both in the shop's currency), taxable,
-- availableForSale, inventoryPolicy, inventoryQuantity, createdAt, updatedAt;
-- inventoryItem.{id, tracked, requiresShipping} -> inventory_item_id, tracked,
-- requires_shipping; inventoryItem.unitCost -> unit_cost, unit_cost_currency.
-- doc: selectedOptions.
--
-- In every pulled table: pulled_at is when we read it, seen_pull the last pull
-- that met it, partial true where it came from a webhook's body and not from
-- a read, deleted_at when Shopify said it is gone.
SET search_path = stockroom;

CREATE TABLE product (
	shop_id bigint NOT NULL,
	id bigint NOT NULL,
	title text,
	handle text,
	description_html text,
	vendor text,
	product_type text,
	category_id text,
	category_name text,
	status text,
	tags text[],
	is_gift_card bool,
	total_inventory bigint,
	tracks_inventory bool,
	variants_count bigint,
	price_min numeric,
	price_max numeric,
	currency text,
	online_store_url text,
	created_at timestamptz,
	updated_at timestamptz,
	published_at timestamptz,
	doc jsonb NOT NULL DEFAULT '{}',
	pulled_at timestamptz NOT NULL DEFAULT now(),
	seen_pull uuid,
	partial bool NOT NULL DEFAULT false,
	deleted_at timestamptz,
	PRIMARY KEY (shop_id, id)
);
CREATE INDEX product_updated ON product (shop_id, updated_at);
SELECT tenant_table('product', $$
	shop_id, id: none; Shopify's numbers
	title, handle, description_html, vendor, product_type: none; public text
	category_id, category_name: none; Shopify's taxonomy
	status: none; ACTIVE, ARCHIVED, DRAFT or UNLISTED
	tags: none; the merchant's words for a product
	is_gift_card, total_inventory, tracks_inventory, variants_count: none
	price_min, price_max, currency: none; over its variants
	online_store_url: none; public
	created_at, updated_at, published_at: none; Shopify's
	doc: none; options, seo, featuredMedia, category.fullName, precision
	pulled_at, seen_pull, partial, deleted_at: none; ours
$$);
SELECT tenant_reader('product');

CREATE TABLE variant (
	shop_id bigint NOT NULL,
	id bigint NOT NULL,
	product_id bigint NOT NULL,
	title text,
	display_name text,
	sku text,
	barcode text,
	position int,
	price numeric,
	compare_at_price numeric,
	taxable bool,
	available_for_sale bool,
	inventory_policy text,
	inventory_quantity bigint,
	inventory_item_id bigint,
	tracked bool,
	requires_shipping bool,
	unit_cost numeric,
	unit_cost_currency text,
	created_at timestamptz,
	updated_at timestamptz,
	doc jsonb NOT NULL DEFAULT '{}',
	pulled_at timestamptz NOT NULL DEFAULT now(),
	seen_pull uuid,
	partial bool NOT NULL DEFAULT false,
	deleted_at timestamptz,
	PRIMARY KEY (shop_id, id),
	FOREIGN KEY (shop_id, product_id) REFERENCES product ON DELETE CASCADE
);
CREATE INDEX variant_product ON variant (shop_id, product_id, position);
CREATE INDEX variant_sku ON variant (shop_id, sku) WHERE sku IS NOT NULL;
SELECT tenant_table('variant', $$
	shop_id, id, product_id: none; Shopify's numbers
	title, display_name, sku, barcode, position: none; public text
	price, compare_at_price: none; in the shop's currency
	taxable, available_for_sale, inventory_policy: none
	inventory_quantity, inventory_item_id, tracked, requires_shipping: none
	unit_cost, unit_cost_currency: none; what one costs the shop
	created_at, updated_at: none; Shopify's
	doc: none; selectedOptions
	pulled_at, seen_pull, partial, deleted_at: none; ours
$$);
SELECT tenant_reader('variant');
