-- Webhook subscriptions as Shopify had them when they were last compared.

-- name: subscription_save
-- One that is there. Uses the primary key. $1 shop, $2 topic, $3 gid, $4 uri.
INSERT INTO subscription (shop_id, topic, gid, uri)
VALUES ($1::bigint, $2::text, $3::text, $4::text)
ON CONFLICT (shop_id, topic) DO UPDATE SET gid = excluded.gid,
	uri = excluded.uri, seen_at = now();

-- name: subscription_list
-- All of a shop. Uses the primary key. $1 shop.
SELECT topic, gid, uri, extract(epoch FROM made_at)::bigint,
	extract(epoch FROM seen_at)::bigint
FROM subscription WHERE shop_id = $1::bigint ORDER BY topic;
