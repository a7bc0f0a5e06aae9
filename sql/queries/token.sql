-- Shopify's tokens of a shop, sealed.

-- name: token_load
-- The token and how long it is good. Uses the primary key. $1 shop.
SELECT kind, access, expires_at IS NOT NULL,
	coalesce(extract(epoch FROM expires_at - now()), 0)::bigint, failed,
	coalesce(refresh_until > now(), false)
FROM token WHERE shop_id = $1::bigint;

-- name: token_save
-- A new grant takes the place of whatever was there. Uses the primary key.
-- $1 shop, $2 kind, $3 access, $4 refresh, $5 and $6 seconds until they
-- lapse (0 = does not).
INSERT INTO token (shop_id, kind, access, refresh, expires_at,
	refresh_expires_at)
VALUES ($1::bigint, $2::text, $3::bytea, $4::bytea,
	now() + make_interval(secs => nullif($5::float8, 0)),
	now() + make_interval(secs => nullif($6::float8, 0)))
ON CONFLICT (shop_id) DO UPDATE SET kind = excluded.kind,
	access = excluded.access, refresh = excluded.refresh,
	previous_refresh = NULL, expires_at = excluded.expires_at,
	refresh_expires_at = excluded.refresh_expires_at, refresh_until = NULL,
	refresh_holder = NULL, refreshed_at = now(), failed = NULL;

-- name: token_idle
-- Tokens that nothing has refreshed for so long, the longest first; all shops.
-- Reads the whole table, which has a row a shop. $1 seconds, $2 at most.
SELECT t.shop_id, s.epoch FROM token t JOIN shop s ON s.shop_id = t.shop_id
WHERE t.refresh IS NOT NULL AND t.failed IS NULL
	AND t.refreshed_at < now() - make_interval(secs => $1::float8)
ORDER BY t.refreshed_at LIMIT $2::int;

-- name: token_lease_take
-- Become the one who refreshes; no row when another holds the lease or the
-- token is fresh by now. Uses the primary key.
-- $1 shop, $2 holder, $3 seconds that a token must still have to be fresh.
UPDATE token SET refresh_until = now() + interval '30 s',
	refresh_holder = $2::text
WHERE shop_id = $1::bigint AND failed IS NULL
	AND (refresh_until IS NULL OR refresh_until <= now())
	AND expires_at < now() + make_interval(secs => $3::float8)
RETURNING refresh, kind, previous_refresh;

-- name: token_expire
-- Shopify refused the access token before its time: it counts as lapsed, if
-- it still is the one that was refused. Uses the primary key.
-- $1 shop, $2 the refused token as it was sealed.
UPDATE token SET expires_at = least(expires_at, now())
WHERE shop_id = $1::bigint AND access = $2::bytea AND expires_at IS NOT NULL;

-- name: token_refreshed
-- Keep both new tokens before their first use; the refresh token that gave them
-- stays, to be sent again should they be refused. Only the holder may. Uses the
-- primary key. $1 shop, $2 holder, $3 access, $4 refresh, $5 and $6 seconds
-- until they lapse (0 in $5 = Shopify did not say: one hour; 0 in $6 = as
-- before), $7 they were given for the previous one.
UPDATE token SET access = $3::bytea, previous_refresh =
	    CASE WHEN $7::bool THEN previous_refresh ELSE refresh END,
	refresh = coalesce($4::bytea, refresh),
	expires_at = now() + make_interval(secs =>
	    CASE WHEN $5::float8 > 0 THEN $5::float8 ELSE 3600 END),
	refresh_expires_at = CASE WHEN $6::float8 > 0
	    THEN now() + make_interval(secs => $6::float8)
	    ELSE refresh_expires_at END,
	refresh_until = NULL, refresh_holder = NULL, refreshed_at = now()
WHERE shop_id = $1::bigint AND refresh_holder = $2::text
RETURNING 1;

-- name: token_lease_drop
-- Give the lease back after a failure; with $3 the token is dead for good.
-- Uses the primary key. $1 shop, $2 holder, $3 why it is dead, or null.
UPDATE token SET refresh_until = NULL, refresh_holder = NULL,
	failed = coalesce($3::text, failed)
WHERE shop_id = $1::bigint AND refresh_holder = $2::text;
