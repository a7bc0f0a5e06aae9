-- Who calls: OAuth states, sessions, keys. They are found by hash through
-- stockroom_lookup, before the shop is known.

-- name: state_put
-- Remember an install that begins. $1 shop (0), $2 hash of the state,
-- $3 domain, $4 hash of the cookie, $5 seconds of life.
INSERT INTO oauth_state (shop_id, hash, domain, cookie_hash, expires_at)
VALUES ($1::bigint, $2::bytea, $3::text, $4::bytea,
	now() + make_interval(secs => $5::float8));

-- name: state_take
-- Take a state, once: whoever comes second gets no row. Uses the primary key.
-- $1 shop (0), $2 hash of the state.
DELETE FROM oauth_state WHERE shop_id = $1::bigint AND hash = $2::bytea
	AND expires_at > now()
RETURNING domain, cookie_hash;

-- name: state_prune
-- States that nobody came back for. Uses oauth_state_expires. $1 shop (0).
DELETE FROM oauth_state WHERE shop_id = $1::bigint AND expires_at <= now();

-- name: session_put
-- A browser session begins. $1 shop (0 = operator), $2 id, $3 hash,
-- $4 operator, $5 staff user, $6 browser, $7 idle and $8 absolute seconds,
-- $9 shop's epoch.
INSERT INTO session (shop_id, id, hash, operator, user_id, agent, idle_until,
	expires_at, shop_epoch)
VALUES ($1::bigint, $2::uuid, $3::bytea, $4::bool, $5::bigint, $6::text,
	now() + make_interval(secs => $7::float8),
	now() + make_interval(secs => $8::float8), $9::int);

-- name: session_find
-- A live session by its cookie's hash. Uses session_hash. $1 hash.
SELECT shop_id, id, operator, user_id, domain, status,
	extract(epoch FROM expires_at)::bigint,
	extract(epoch FROM idle_until)::bigint,
	seen_at < now() - interval '1 minute', epoch
FROM find_session($1::bytea);

-- name: session_seen
-- It was used: idle life begins anew, never past its end. Uses the primary
-- key. $1 shop, $2 id, $3 idle seconds.
UPDATE session SET seen_at = now(),
	idle_until = least(expires_at, now() + make_interval(secs => $3::float8))
WHERE shop_id = $1::bigint AND id = $2::uuid;

-- name: session_prune
-- Sessions past their end; all shops. Uses session_expires.
DELETE FROM session WHERE expires_at <= now();

-- name: session_list
-- Live sessions of a shop (0 = the operator's), newest first. Uses the primary
-- key. $1 shop, $2 id after which to go on or null, $3 at most.
SELECT id, operator, user_id, agent, extract(epoch FROM created_at)::bigint,
	extract(epoch FROM seen_at)::bigint,
	extract(epoch FROM expires_at)::bigint,
	extract(epoch FROM idle_until)::bigint
FROM session WHERE shop_id = $1::bigint AND idle_until > now()
	AND expires_at > now() AND ($2::uuid IS NULL OR id < $2::uuid)
ORDER BY id DESC LIMIT $3::int;

-- name: session_drop
-- End a session: the next request with its cookie is nobody's. Gives the
-- cookie's hash. Uses the primary key. $1 shop, $2 id.
DELETE FROM session WHERE shop_id = $1::bigint AND id = $2::uuid
RETURNING hash;

-- name: key_put
-- Keep a minted key's hash. $1 shop (0 = operator), $2 id, $3 hash, $4 prefix,
-- $5 label, $6 scopes, $7 operator, $8 days (0 = no end).
INSERT INTO api_key (shop_id, id, hash, prefix, label, scopes, operator,
	expires_at)
VALUES ($1::bigint, $2::uuid, $3::bytea, $4::text, $5::text, $6::text[],
	$7::bool, now() + make_interval(days => nullif($8::int, 0)))
RETURNING extract(epoch FROM created_at)::bigint,
	extract(epoch FROM expires_at)::bigint;

-- name: key_find
-- A live key by its hash. Uses api_key_hash. $1 hash.
SELECT shop_id, id, scopes, operator, domain, status,
	coalesce(last_used_at < now() - interval '1 minute', true)
FROM find_key($1::bytea);

-- name: key_used
-- It was used. Uses the primary key. $1 shop, $2 id.
UPDATE api_key SET last_used_at = now()
WHERE shop_id = $1::bigint AND id = $2::uuid;

-- name: key_list
-- Keys of a shop (0 = the operator's), newest first. Uses the primary key.
-- $1 shop, $2 id after which to go on or null, $3 at most.
SELECT id, label, prefix, scopes, operator,
	extract(epoch FROM created_at)::bigint,
	extract(epoch FROM expires_at)::bigint,
	extract(epoch FROM last_used_at)::bigint,
	extract(epoch FROM revoked_at)::bigint
FROM api_key WHERE shop_id = $1::bigint
	AND ($2::uuid IS NULL OR id < $2::uuid)
ORDER BY id DESC LIMIT $3::int;

-- name: key_drop
-- Revoke a key: the next request with it is nobody's. Uses the primary key.
-- $1 shop, $2 id.
UPDATE api_key SET revoked_at = now()
WHERE shop_id = $1::bigint AND id = $2::uuid AND revoked_at IS NULL;

-- name: idempotency_put
-- Claim a key for the first caller; no row when it is taken. A claim that
-- ended without an answer (its program died) is free after a minute. Uses the
-- primary key. $1 shop, $2 hash of caller and key, $3 route, $4 hash of body.
INSERT INTO idempotency AS i (shop_id, key_hash, route, request_sha256)
VALUES ($1::bigint, $2::bytea, $3::text, $4::bytea)
ON CONFLICT (shop_id, key_hash) DO UPDATE SET route = excluded.route,
	request_sha256 = excluded.request_sha256, status = NULL, reply = NULL,
	location = NULL, created_at = now(),
	expires_at = now() + interval '24 hours'
	WHERE i.expires_at <= now() OR (i.status IS NULL
	    AND i.created_at < now() - interval '1 minute')
RETURNING 1;

-- name: idempotency_load
-- What the first call with this key got. Uses the primary key.
-- $1 shop, $2 hash of caller and key.
SELECT route, request_sha256, status, reply, location FROM idempotency
WHERE shop_id = $1::bigint AND key_hash = $2::bytea;

-- name: idempotency_done
-- Keep the answer. Uses the primary key. $1 shop, $2 hash of caller and key,
-- $3 status, $4 reply, $5 location.
UPDATE idempotency SET status = $3::int, reply = $4::jsonb,
	location = $5::text
WHERE shop_id = $1::bigint AND key_hash = $2::bytea;

-- name: idempotency_drop
-- The call failed: the key may be used again. Uses the primary key.
-- $1 shop, $2 hash of caller and key.
DELETE FROM idempotency WHERE shop_id = $1::bigint
	AND key_hash = $2::bytea AND status IS NULL;

-- name: idempotency_prune
-- Answers that are a day old; all shops. Uses idempotency_expires.
DELETE FROM idempotency WHERE expires_at <= now();
