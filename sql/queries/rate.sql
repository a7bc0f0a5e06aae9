-- Rates of starts. job_claim takes from them.

-- name: start_rate_save
-- A rate; what was saved up stays, up to the new burst. Uses the primary key.
-- $1 key, $2 a second, $3 burst.
INSERT INTO rate AS r (key, tokens, burst, per_s)
VALUES ($1::text, $3::float8, $3::float8, $2::float8)
ON CONFLICT (key) DO UPDATE SET per_s = excluded.per_s, burst = excluded.burst,
	tokens = least(excluded.burst, r.tokens + r.per_s
	    * extract(epoch FROM now() - r.at)::float8), at = now();

-- name: start_rate_list
-- All rates, or the one of a key, as they are now. Reads the whole table, which
-- is small. $1 key or null.
SELECT key, per_s, burst, least(burst, tokens + per_s
	* extract(epoch FROM now() - at)::float8),
	CASE WHEN hold_until > now()
	    THEN extract(epoch FROM hold_until - now()) ELSE 0 END::float8,
	CASE WHEN hold_until > now()
	    THEN ceil(extract(epoch FROM hold_until)) END::bigint
FROM rate WHERE $1::text IS NULL OR key = $1::text ORDER BY key;

-- name: start_rate_hold
-- Nothing starts by it for a while; a longer hold stays. Uses the primary key.
-- $1 key, $2 seconds.
UPDATE rate SET hold_until = greatest(hold_until,
	now() + make_interval(secs => $2::float8)) WHERE key = $1::text;

-- name: start_rate_drop
-- It is no more, unless a queue counts by it. Uses the primary key; reads queue,
-- which is small. $1 key.
DELETE FROM rate WHERE key = $1::text
	AND NOT EXISTS (SELECT 1 FROM queue WHERE rate_key = $1::text)
RETURNING key;
