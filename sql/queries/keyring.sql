-- The keyring database: sent on its own connection. app.shop_id is set there
-- too. Names carry their schema, since the roles' search_path is the other's.

-- name: shop_key_load
-- The shop's keys, the sealing one first. Uses the primary key. $1 shop.
SELECT key_id, kek_id, wrapped FROM keyring.shop_key
WHERE shop_id = $1 ORDER BY key_id DESC;

-- name: shop_key_put
-- Keep a new key; no row when a rival was first (load again, use theirs) or
-- the shop was forgotten. Uses the primary key.
-- $1 shop, $2 key id, $3 KEK's id, $4 wrapped.
INSERT INTO keyring.shop_key (shop_id, key_id, kek_id, wrapped)
SELECT $1::bigint, $2::int, $3::int, $4::bytea
WHERE NOT EXISTS (SELECT 1 FROM keyring.tombstone t WHERE t.shop_id = $1
	AND t.kind = 's' AND t.lifted_at IS NULL)
ON CONFLICT (shop_id, key_id) DO NOTHING RETURNING key_id;

-- name: shop_key_rewrap
-- Put another KEK's wrapping in place of the one that was read; no row when
-- it changed meanwhile. Uses the primary key.
-- $1 shop, $2 key id, $3 old KEK's id, $4 new KEK's id, $5 wrapped.
UPDATE keyring.shop_key SET kek_id = $4::int, wrapped = $5::bytea
WHERE shop_id = $1 AND key_id = $2::int AND kek_id = $3::int
RETURNING key_id;

-- name: shop_key_drop
-- Destroy the shop's keys, after its rows are gone. Uses the primary key.
-- $1 shop.
DELETE FROM keyring.shop_key WHERE shop_id = $1;

-- name: subject_salt_load
-- The salts of many subjects; those without one are left out. Uses the
-- primary key. $1 shop; arrays of one length: $2 kinds (c, o), $3 ids.
SELECT s.kind, s.id, s.salt
FROM unnest($2::text[], $3::bigint[]) u(kind, id)
JOIN LATERAL (SELECT s.kind, s.id, s.salt FROM keyring.subject_salt s
	WHERE s.shop_id = $1 AND s.kind = u.kind::char(1) AND s.id = u.id
	LIMIT 1) s ON true;

-- name: subject_salt_put
-- Make salts for many subjects; one that exists stays as it is, and one that
-- was forgotten gets none, so late data about it cannot be sealed (SEC-17).
-- Load afterwards. Sorted, so that two writers cannot lock crosswise. Uses the
-- primary keys. $1 shop; arrays of one length: $2 kinds, $3 ids, $4 salts.
INSERT INTO keyring.subject_salt (shop_id, kind, id, salt)
SELECT $1::bigint, u.kind::char(1), u.id, u.salt
FROM unnest($2::text[], $3::bigint[], $4::bytea[]) u(kind, id, salt)
WHERE NOT EXISTS (SELECT 1 FROM keyring.tombstone t WHERE t.shop_id = $1
	AND (t.kind = u.kind::char(1) AND t.id = u.id))
ORDER BY u.kind, u.id
ON CONFLICT (shop_id, kind, id) DO NOTHING;

-- name: subject_salt_drop
-- Forget subjects: their keys cannot be made again. Uses the primary key.
-- $1 shop; arrays of one length: $2 kinds, $3 ids.
DELETE FROM keyring.subject_salt s
USING unnest($2::text[], $3::bigint[]) u(kind, id)
WHERE s.shop_id = $1 AND s.kind = u.kind::char(1) AND s.id = u.id;

-- name: subject_salt_drop_all
-- Forget all subjects of a shop. Uses the primary key. $1 shop.
DELETE FROM keyring.subject_salt WHERE shop_id = $1;

-- name: tombstone_put
-- Note what is forgotten, before its rows and keys go. Uses the primary key.
-- $1 shop; arrays of one length: $2 kinds (c, o, s), $3 ids (0 for s);
-- $4 why. One that was lifted stands again.
INSERT INTO keyring.tombstone AS t (shop_id, kind, id, reason)
SELECT $1::bigint, u.kind::char(1), u.id, $4::text
FROM unnest($2::text[], $3::bigint[]) u(kind, id) ORDER BY u.kind, u.id
ON CONFLICT (shop_id, kind, id) DO UPDATE SET lifted_at = NULL, at = now()
	WHERE t.shop_id = $1 AND t.lifted_at IS NOT NULL;

-- name: tombstone_list_since
-- What was forgotten later than that, the oldest first, of every shop; lifted
-- ones left out. Needs app.every_shop. Uses tombstone_at. $1 time, $2 at most.
SELECT shop_id, kind, id, at::text FROM keyring.tombstone
WHERE at > $1::timestamptz AND lifted_at IS NULL ORDER BY at LIMIT $2::int;

-- name: tombstone_lift
-- The shop installs the app again: it may have a key. Uses the primary key.
-- $1 shop.
UPDATE keyring.tombstone SET lifted_at = now()
WHERE shop_id = $1::bigint AND kind = 's' AND lifted_at IS NULL;

-- name: keyring_migration_known
-- Whether the list of migrations is there yet. The catalogue's own index.
SELECT to_regclass('keyring.migration') IS NOT NULL;

-- name: keyring_migration_list
-- What has run, in order. Uses the primary key.
SELECT number, name, sha256 FROM keyring.migration ORDER BY number;

-- name: keyring_migration_put
-- Note one that has run. Uses the primary key. $1 number, $2 name, $3 sha256.
INSERT INTO keyring.migration (number, name, sha256)
VALUES ($1::int, $2::text, $3::bytea);

-- name: inbox_key_put
-- A new inbox pair; gives its number. $1 KEK's id, $2 public half, $3 wrapped
-- private half.
INSERT INTO keyring.inbox_key (kek_id, public, private_wrapped)
VALUES ($1::int, $2::bytea, $3::bytea) RETURNING id;

-- name: inbox_key_load
-- A pair's private half. Uses the primary key. $1 number.
SELECT kek_id, private_wrapped, public FROM keyring.inbox_key
WHERE id = $1::int AND private_wrapped IS NOT NULL;

-- name: inbox_key_destroy
-- Nothing sealed by it is left: its private half is no more. Uses the primary
-- key. $1 number.
UPDATE keyring.inbox_key SET private_wrapped = NULL, destroyed_at = now(),
	retired_at = coalesce(retired_at, now())
WHERE id = $1::int AND private_wrapped IS NOT NULL;
