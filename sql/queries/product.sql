-- Products and variants: rows of a read come as one JSON list of records. One that
-- is in it twice, for a list may change while it is paged, is saved once.

-- name: product_save
-- Save products; an older updated_at never overwrites, nor does what is partial
-- what is whole and as old. What is gone since the look stays so. Uses the
-- primary keys. $1 shop, $2 records, $3 the pull that met them, or null,
-- $4 partial, $5 when the read began.
-- copied: in_products
INSERT INTO product AS t (shop_id,
	id, title, handle, description_html, vendor, product_type,
	category_id, category_name, status, tags, is_gift_card,
	total_inventory, tracks_inventory, variants_count, price_min,
	price_max, currency, online_store_url, created_at, updated_at,
	published_at, doc, seen_pull,
	partial, deleted_at)
SELECT DISTINCT ON (r.id) $1::bigint,
	r.id, r.title, r.handle, r.description_html, r.vendor,
	r.product_type, r.category_id, r.category_name, r.status, r.tags,
	r.is_gift_card, r.total_inventory, r.tracks_inventory,
	r.variants_count, r.price_min, r.price_max, r.currency,
	r.online_store_url, r.created_at, r.updated_at, r.published_at,
	coalesce(r.doc, '{}'), $3::uuid,
	$4::bool, (SELECT g.at FROM gone g WHERE g.shop_id = $1
	    AND g.type = 'products' AND g.id = r.id
	    AND g.at >= $5::timestamptz)
FROM jsonb_to_recordset($2::jsonb) AS r(
	id bigint, title text, handle text, description_html text,
	vendor text, product_type text, category_id text, category_name text,
	status text, tags text[], is_gift_card bool, total_inventory bigint,
	tracks_inventory bool, variants_count bigint, price_min numeric,
	price_max numeric, currency text, online_store_url text,
	created_at timestamptz, updated_at timestamptz,
	published_at timestamptz, doc jsonb)
ORDER BY r.id, r.updated_at DESC NULLS LAST
ON CONFLICT (shop_id, id) DO UPDATE SET (
	title, handle, description_html, vendor, product_type, category_id,
	category_name, status, tags, is_gift_card, total_inventory,
	tracks_inventory, variants_count, price_min, price_max, currency,
	online_store_url, created_at, updated_at, published_at, doc) = (
	excluded.title, excluded.handle, excluded.description_html,
	excluded.vendor, excluded.product_type, excluded.category_id,
	excluded.category_name, excluded.status, excluded.tags,
	excluded.is_gift_card, excluded.total_inventory,
	excluded.tracks_inventory, excluded.variants_count,
	excluded.price_min, excluded.price_max, excluded.currency,
	excluded.online_store_url, excluded.created_at, excluded.updated_at,
	excluded.published_at, excluded.doc),
	seen_pull = coalesce(excluded.seen_pull, t.seen_pull),
	pulled_at = now(), partial = excluded.partial,
	deleted_at = excluded.deleted_at
	WHERE t.updated_at IS NULL OR t.updated_at < excluded.updated_at
	    OR t.updated_at = excluded.updated_at
		AND (t.partial OR NOT excluded.partial);

-- name: variant_save
-- Save variants of products whose row is the one just read. Uses the primary
-- keys. $1 shop, $2 records, $3 pull, $4 partial.
-- copied: in_variants
INSERT INTO variant AS t (shop_id,
	id, product_id, title, display_name, sku, barcode, position, price,
	compare_at_price, taxable, available_for_sale, inventory_policy,
	inventory_quantity, inventory_item_id, tracked, requires_shipping,
	unit_cost, unit_cost_currency, created_at, updated_at, doc, seen_pull,
	partial)
SELECT DISTINCT ON (r.id) $1::bigint,
	r.id, r.product_id, r.title, r.display_name, r.sku, r.barcode,
	r.position, r.price, r.compare_at_price, r.taxable,
	r.available_for_sale, r.inventory_policy, r.inventory_quantity,
	r.inventory_item_id, r.tracked, r.requires_shipping, r.unit_cost,
	r.unit_cost_currency, r.created_at, r.updated_at,
	coalesce(r.doc, '{}'), $3::uuid, $4::bool
FROM jsonb_to_recordset($2::jsonb) AS r(
	id bigint, product_id bigint, title text, display_name text,
	sku text, barcode text, position int, price numeric,
	compare_at_price numeric, taxable bool, available_for_sale bool,
	inventory_policy text, inventory_quantity bigint,
	inventory_item_id bigint, tracked bool, requires_shipping bool,
	unit_cost numeric, unit_cost_currency text, created_at timestamptz,
	updated_at timestamptz, doc jsonb, parent_updated_at timestamptz)
JOIN LATERAL (SELECT p.updated_at, p.partial FROM product p
	WHERE p.shop_id = $1 AND p.id = r.product_id LIMIT 1) p
	ON p.updated_at = coalesce(r.parent_updated_at, p.updated_at)
	AND (p.partial OR NOT $4::bool)
ORDER BY r.id
ON CONFLICT (shop_id, id) DO UPDATE SET (
	product_id, title, display_name, sku, barcode, position, price,
	compare_at_price, taxable, available_for_sale, inventory_policy,
	inventory_quantity, inventory_item_id, tracked, requires_shipping,
	unit_cost, unit_cost_currency, created_at, updated_at, doc) = (
	excluded.product_id, excluded.title, excluded.display_name,
	excluded.sku, excluded.barcode, excluded.position, excluded.price,
	excluded.compare_at_price, excluded.taxable,
	excluded.available_for_sale, excluded.inventory_policy,
	excluded.inventory_quantity, excluded.inventory_item_id,
	excluded.tracked, excluded.requires_shipping, excluded.unit_cost,
	excluded.unit_cost_currency, excluded.created_at,
	excluded.updated_at, excluded.doc),
	seen_pull = coalesce(excluded.seen_pull, t.seen_pull),
	pulled_at = now(), partial = excluded.partial, deleted_at = NULL;

-- name: variant_gone
-- Variants that a whole read of their products no longer named, where that read
-- is the one that the product's row is of. Uses variant_product and product's
-- primary key. $1 shop; of the products that were read whole $2 the numbers and
-- $3 when each was changed, arrays of one length; $4 all variants they named.
UPDATE variant v SET deleted_at = now()
FROM unnest($2::bigint[], $3::timestamptz[]) r(id, updated_at)
JOIN product p ON p.shop_id = $1 AND p.id = r.id
	AND p.updated_at = coalesce(r.updated_at, p.updated_at)
WHERE v.shop_id = $1::bigint AND v.product_id = p.id
	AND v.id <> ALL ($4::bigint[]) AND v.deleted_at IS NULL;
