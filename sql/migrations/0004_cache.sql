-- Caches and the doors' limits. UNLOGGED: a crash empties them, a standby has
-- none, and that is never wrong. Only store/cache.h names them.
SET search_path = stockroom;

CREATE UNLOGGED TABLE cache (
	shop_id bigint NOT NULL,
	key text NOT NULL CHECK (length(key) <= 200),
	value bytea NOT NULL,
	expires_at timestamptz NOT NULL,
	PRIMARY KEY (shop_id, key)
) WITH (fillfactor = 70);
CREATE INDEX cache_expires ON cache (expires_at); -- retention
SELECT tenant_table('cache', $$
	shop_id: none; the shop, so that a redact empties it
	key: none; thing:number
	value: none; nothing personal may be cached
	expires_at: none; ours
$$);

-- Generic cell rate: tat is when the bucket would be empty again. No shop_id:
-- a bucket may stand for an address before any shop is known.
CREATE UNLOGGED TABLE rate_bucket (
	key text PRIMARY KEY CHECK (length(key) <= 200),
	tat timestamptz NOT NULL
) WITH (fillfactor = 50);
SELECT describe_table('rate_bucket', $$
	key: none; door and a digest of address, key or shop
	tat: none; the theoretical arrival time
$$);
