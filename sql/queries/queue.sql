-- Queues as the operator sets them. job_claim reads them at every claim.

-- name: queue_list
-- All queues, or the one of a name. Reads the whole table, which is small.
-- $1 name or null.
SELECT id, name, paused, max_running, max_running_per_shop, rate_key FROM queue
WHERE $1::text IS NULL OR name = $1::text ORDER BY id;

-- name: queue_pause
-- Pause it, or let it go on. Uses queue_name_key. $1 name, $2 paused.
UPDATE queue SET paused = $2::bool WHERE name = $1::text RETURNING id;

-- name: queue_caps
-- Its caps; null leaves one as it is. Uses queue_name_key. $1 name, $2 running,
-- $3 running of one shop.
UPDATE queue SET max_running = coalesce($2::int, max_running),
	max_running_per_shop = coalesce($3::int, max_running_per_shop)
WHERE name = $1::text RETURNING id;

-- name: queue_rate
-- The rate that counts its starts, or none. Uses queue_name_key. $1 name,
-- $2 key or null.
UPDATE queue SET rate_key = $2::text WHERE name = $1::text RETURNING id;

-- name: queue_shop_list
-- Caps of single shops, those that the caller may see. Reads the whole table.
SELECT q.name, l.shop_id, l.max_running_per_shop
FROM shop_limit l JOIN queue q ON q.id = l.queue_id
ORDER BY q.id, l.shop_id;

-- name: queue_shop_cap
-- A shop's own cap. Uses the primary key. $1 shop, $2 queue, $3 running.
INSERT INTO shop_limit AS l (shop_id, queue_id, max_running_per_shop)
VALUES ($1::bigint, $2::smallint, $3::int)
ON CONFLICT (queue_id, shop_id) DO UPDATE SET
	max_running_per_shop = excluded.max_running_per_shop;

-- name: queue_shop_uncap
-- It has none any more. Uses the primary key. $1 shop, $2 queue.
DELETE FROM shop_limit WHERE shop_id = $1::bigint
	AND queue_id = $2::smallint;
