-- What webhooks said has changed, until it is read again.

-- name: changed_note
-- Note an object, or that it changed once more. Uses the primary key.
-- $1 shop, $2 type, $3 id.
INSERT INTO changed (shop_id, type, id) VALUES ($1::bigint, $2::text, $3::bigint)
ON CONFLICT (shop_id, type, id) DO UPDATE SET noted_at = clock_timestamp();

-- name: changed_list
-- The oldest of a type, the moment of this look, and how many milliseconds ago
-- each was noted. Uses the primary key. $1 shop, $2 type, $3 at most.
SELECT id, clock_timestamp(),
	(extract(epoch FROM clock_timestamp() - noted_at) * 1000)::bigint
FROM changed WHERE shop_id = $1::bigint AND type = $2::text ORDER BY noted_at LIMIT $3::int;

-- name: changed_drop
-- They were read; one that changed again meanwhile stays. Uses the primary key.
-- $1 shop, $2 type, $3 ids, $4 the moment of the look.
DELETE FROM changed WHERE shop_id = $1::bigint AND type = $2::text
	AND id = ANY ($3::bigint[]) AND noted_at <= $4::timestamptz;

-- name: changed_more
-- Is anything of a type left? Uses the primary key. $1 shop, $2 type.
SELECT EXISTS (SELECT 1 FROM changed
	WHERE shop_id = $1::bigint AND type = $2::text);

-- name: changed_late
-- Shops and types that something was noted of ten minutes ago and more and that
-- can be read; all shops. Reads the whole table, which is as good as empty.
SELECT DISTINCT s.shop_id, s.epoch, c.type
FROM changed c JOIN shop s ON s.shop_id = c.shop_id
WHERE c.noted_at < now() - interval '10 minutes' AND s.status = 'installed';

-- name: product_gone
-- Shopify has them no more. Uses the primary key. $1 shop, $2 ids.
UPDATE product SET deleted_at = coalesce(deleted_at, now())
WHERE shop_id = $1::bigint AND id = ANY ($2::bigint[]);

-- name: order_gone
-- The same of orders. Uses the primary key. $1 shop, $2 ids.
UPDATE orders SET deleted_at = coalesce(deleted_at, now())
WHERE shop_id = $1::bigint AND id = ANY ($2::bigint[]);

-- name: customer_gone
-- The same of customers. Uses the primary key. $1 shop, $2 ids.
UPDATE customer SET deleted_at = coalesce(deleted_at, now())
WHERE shop_id = $1::bigint AND id = ANY ($2::bigint[]);

-- name: gone_lock
-- Saves of the shop's rows hold its row for share (shop_fence): none of them is
-- half done while something is marked as gone. Uses the primary key. $1 shop.
SELECT 1 FROM shop WHERE shop_id = $1::bigint FOR NO KEY UPDATE;

-- name: gone_note
-- When we heard last that they are gone; a read from before it brings none of
-- them back. Uses the primary key. $1 shop, $2 type, $3 ids.
INSERT INTO gone (shop_id, type, id)
SELECT $1::bigint, $2::text, i.id FROM unnest($3::bigint[]) i(id)
ORDER BY i.id
ON CONFLICT (shop_id, type, id) DO UPDATE SET at = clock_timestamp();

-- name: gone_prune
-- No read takes so long; all shops. Uses gone_at.
DELETE FROM gone WHERE at < now() - interval '30 days';
