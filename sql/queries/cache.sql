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

