-- The cache and the doors' limits; only store/cache.h uses these.

-- name: rate_take
-- GCRA. A row: go on; it says how long until the bucket is as it was ($1's
-- share used, in seconds). No row: limited, nothing written. Outside any
-- transaction, so that the row's lock is not held. Uses the primary key.
-- $1 key, $2 seconds a call costs, $3 seconds of burst.
INSERT INTO rate_bucket AS b (key, tat)
VALUES ($1::text, clock_timestamp() + make_interval(secs => $2::float8))
ON CONFLICT (key) DO UPDATE
	SET tat = greatest(b.tat, clock_timestamp())
	    + make_interval(secs => $2::float8)
	WHERE b.tat <= clock_timestamp() + make_interval(secs => $3::float8)
RETURNING extract(epoch FROM tat - clock_timestamp())::float8;

-- name: rate_wait
-- After a refusal: seconds until one call will pass. Uses the primary key.
-- $1 key, $2 seconds of burst.
SELECT greatest(0, extract(epoch FROM tat - clock_timestamp()) - $2::float8)
	::float8 FROM rate_bucket WHERE key = $1::text;

-- name: rate_prune
-- Buckets that are empty again. Reads the whole table; for a quiet hour.
DELETE FROM rate_bucket WHERE tat < clock_timestamp() - interval '1 hour';

-- name: cache_load
-- A value still good. Uses the primary key. $1 shop, $2 key.
SELECT value FROM cache WHERE shop_id = $1 AND key = $2::text
	AND expires_at > clock_timestamp();

-- name: cache_save
-- Keep a value. Uses the primary key. $1 shop, $2 key, $3 value, $4 seconds.
INSERT INTO cache (shop_id, key, value, expires_at)
VALUES ($1::bigint, $2::text, $3::bytea,
	clock_timestamp() + make_interval(secs => $4::float8))
ON CONFLICT (shop_id, key) DO UPDATE SET value = excluded.value,
	expires_at = excluded.expires_at;

-- name: cache_drop
-- Forget a value. Uses the primary key. $1 shop, $2 key.
DELETE FROM cache WHERE shop_id = $1 AND key = $2::text;

-- name: cache_prune
-- Values past their time, of all shops. Uses cache_expires. $1 at most.
DELETE FROM cache WHERE (shop_id, key) IN (SELECT shop_id, key FROM cache
	WHERE expires_at <= clock_timestamp() LIMIT $1::int);
