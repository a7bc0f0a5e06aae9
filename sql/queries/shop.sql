-- Shops: found by domain before a caller is known, else by number.

-- name: shop_find
-- The shop that a domain stands for, seen through stockroom_lookup. Uses
-- shop_domain. $1 domain.
SELECT shop_id, domain, status, epoch, array_to_string(scopes, ',')
FROM find_shop($1::text);

-- name: shop_load
-- One shop with its token's state. Uses the primary keys. $1 shop.
SELECT s.shop_id, s.domain, s.name, s.status, s.status_reason, s.currency,
	s.country, s.plan, array_to_string(s.scopes, ','), s.epoch,
	extract(epoch FROM s.installed_at)::bigint,
	extract(epoch FROM s.updated_at)::bigint, t.kind,
	extract(epoch FROM t.expires_at)::bigint,
	extract(epoch FROM t.refresh_expires_at)::bigint, t.failed
FROM shop s LEFT JOIN token t ON t.shop_id = s.shop_id
WHERE s.shop_id = $1::bigint;

-- name: shop_list
-- Shops by number, for the operator. Uses the primary key.
-- $1 the last number of the page before, $2 at most.
SELECT s.shop_id, s.domain, s.name, s.status, s.status_reason, s.currency,
	s.country, s.plan, array_to_string(s.scopes, ','), s.epoch,
	extract(epoch FROM s.installed_at)::bigint,
	extract(epoch FROM s.updated_at)::bigint, t.kind,
	extract(epoch FROM t.expires_at)::bigint,
	extract(epoch FROM t.refresh_expires_at)::bigint, t.failed
FROM shop s LEFT JOIN token t ON t.shop_id = s.shop_id
WHERE s.shop_id > $1::bigint ORDER BY s.shop_id LIMIT $2::int;

-- name: shop_save
-- An install, or one more. Each raises the epoch, so that work left from the
-- time before does nothing any more. Gives the epoch. Uses the primary key.
-- $1 shop, $2 domain, $3 name, $4 currency, $5 time zone, $6 country, $7 plan,
-- $8 granted scopes.
INSERT INTO shop (shop_id, domain, name, currency, iana_timezone, country,
	plan, scopes)
VALUES ($1::bigint, $2::text, $3::text, $4::text, $5::text, $6::text, $7::text,
	$8::text[])
ON CONFLICT (shop_id) DO UPDATE SET domain = excluded.domain,
	name = excluded.name, currency = excluded.currency,
	iana_timezone = excluded.iana_timezone, country = excluded.country,
	plan = excluded.plan, scopes = excluded.scopes, status = 'installed',
	status_reason = NULL, installed_at = now(), uninstalled_at = NULL,
	updated_at = now(), epoch = shop.epoch + 1
RETURNING epoch;

-- name: shop_renew
-- What is known of a shop anew; no row when it was installed anew since, or
-- uninstalled. Uses the primary key. $1 shop, $2 name, $3 currency, $4 time
-- zone, $5 country, $6 plan, $7 granted scopes, $8 epoch.
UPDATE shop SET name = $2::text, currency = $3::text,
	iana_timezone = $4::text, country = $5::text, plan = $6::text,
	scopes = $7::text[], updated_at = now()
WHERE shop_id = $1::bigint AND epoch = $8::int AND status <> 'uninstalled';

-- name: shop_status_save
-- Mark a shop, with the reason in our words; an uninstalled shop stays so, and
-- what is said of an install before the present one is not said of this. Uses
-- the primary key. $1 shop, $2 status, $3 reason, $4 epoch.
UPDATE shop SET status = $2::text, status_reason = $3::text,
	updated_at = now()
WHERE shop_id = $1::bigint AND status <> 'uninstalled' AND epoch = $4::int
	AND (status, status_reason) IS DISTINCT FROM ($2::text, $3::text);

-- name: shop_resume
-- A paused shop answers again. Uses the primary key. $1 shop.
UPDATE shop SET status = 'installed', status_reason = NULL, updated_at = now()
WHERE shop_id = $1::bigint AND status = 'paused';

-- name: shop_epoch_load
-- The epoch that work must carry to be the shop's own. Uses the primary key.
-- $1 shop.
SELECT epoch FROM shop WHERE shop_id = $1::bigint;

-- name: shop_fence
-- Is this still the shop's epoch? While the transaction lasts, it stays so. Uses
-- the primary key. $1 shop, $2 epoch.
SELECT 1 FROM shop WHERE shop_id = $1::bigint AND epoch = $2::int FOR SHARE;

-- name: shop_uninstall
-- The shop has taken the app off; the epoch is raised, so running work dies. No
-- row when it was installed again after `at`, or is uninstalled already. Uses
-- the primary key. $1 shop, $2 triggered at, epoch seconds or null (now).
UPDATE shop SET status = 'uninstalled', status_reason = NULL,
	uninstalled_at = now(), updated_at = now(), epoch = epoch + 1
WHERE shop_id = $1::bigint AND status <> 'uninstalled'
	AND installed_at <= coalesce(to_timestamp($2::float8), now())
	    + interval '1 second'
RETURNING epoch;

-- name: token_drop
-- Erased, not flagged (SEC-8). Uses the primary key. $1 shop.
DELETE FROM token WHERE shop_id = $1::bigint;

-- name: session_drop_all
-- Every browser of the shop is signed out. Uses the primary key. $1 shop.
DELETE FROM session WHERE shop_id = $1::bigint;

-- name: key_drop_all
-- Every key of the shop is dead. Uses the primary key. $1 shop.
UPDATE api_key SET revoked_at = now()
WHERE shop_id = $1::bigint AND revoked_at IS NULL;

-- name: subscription_drop_all
-- They went with the app. Uses the primary key. $1 shop.
DELETE FROM subscription WHERE shop_id = $1::bigint;

-- name: changed_drop_all
-- Nothing can be read again without a token. Uses the primary key. $1 shop.
DELETE FROM changed WHERE shop_id = $1::bigint;
