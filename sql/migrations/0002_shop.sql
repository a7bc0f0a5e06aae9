-- Shops and their Shopify tokens, and the last known state of Shopify's cost
-- bucket.
--
-- Where the Shop type's fields go: id -> shop_id; myshopifyDomain -> domain;
-- name, currencyCode, ianaTimezone, plan.publicDisplayName, and
-- shopAddress.countryCodeV2 -> columns of the same sense. email and
-- contactEmail are not kept.
--
-- One domain stands for one shop at a time, but there is no unique index on
-- (domain): a distributed Postgres refuses a unique index without shop_id, and
-- an install, which sees its own shop's rows only, could not free a domain that
-- another shop had. find_shop takes its place: it gives one row at most,
-- installed before uninstalled, then the latest install.
SET search_path = stockroom;

CREATE TABLE shop (
	shop_id bigint PRIMARY KEY CHECK (shop_id > 0),
	domain text NOT NULL CHECK (length(domain) <= 100),
	name text,
	currency text,
	iana_timezone text,
	country text,
	plan text,
	status text NOT NULL DEFAULT 'installed' CHECK (status IN
	    ('installed', 'uninstalled', 'needs_authorization', 'paused')),
	status_reason text,
	scopes text[] NOT NULL DEFAULT '{}',
	epoch int NOT NULL DEFAULT 1,
	installed_at timestamptz NOT NULL DEFAULT now(),
	uninstalled_at timestamptz,
	updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX shop_domain ON shop (domain); -- find_shop, the door's join
SELECT tenant_table('shop', $$
	shop_id: none; Shopify's own number of the shop
	domain: none; name.myshopify.com, lower case
	name: none; the shop's public name
	currency, iana_timezone, country, plan: none; as Shopify says
	status: none; installed, uninstalled, needs_authorization or paused
	status_reason: none; our sentence, for people
	scopes: none; granted
	epoch: none; raised by uninstall, reinstall and redact: older work dies
	installed_at, uninstalled_at, updated_at: none; our clock
$$);
SELECT tenant_lookup('shop');
SELECT tenant_reader('shop');
-- The doors join a delivery's domain to its shop, by a column grant.
CREATE POLICY doors ON shop FOR SELECT
	TO stockroom_webhooks, stockroom_events USING (true);

-- One refresher at a time: refresh_until is a lease, held over the network
-- call without a lock or a transaction (design.md 6).
CREATE TABLE token (
	shop_id bigint PRIMARY KEY,
	kind text NOT NULL CHECK (kind IN
	    ('expiring', 'non_expiring', 'client_credentials')),
	access bytea NOT NULL,
	refresh bytea,
	previous_refresh bytea,
	expires_at timestamptz,
	refresh_expires_at timestamptz,
	refresh_until timestamptz,
	refresh_holder text,
	refreshed_at timestamptz NOT NULL DEFAULT now(),
	failed text,
	FOREIGN KEY (shop_id) REFERENCES shop ON DELETE CASCADE
);
-- What a weekly job refreshes before its ninety days are over.
CREATE INDEX token_refresh_expires ON token (refresh_expires_at)
	WHERE refresh IS NOT NULL;
ALTER TABLE token ALTER access SET STORAGE EXTERNAL,
	ALTER refresh SET STORAGE EXTERNAL,
	ALTER previous_refresh SET STORAGE EXTERNAL;
SELECT tenant_table('token', $$
	shop_id: none; the shop
	kind: none; expiring, non_expiring or client_credentials
	access: sealed; the access token, under the shop's key
	refresh: sealed; the refresh token, under the shop's key
	previous_refresh: sealed; kept until the new access token has worked once
	expires_at, refresh_expires_at: none; NULL = does not lapse
	refresh_until: none; the refresher's lease ends
	refresh_holder: none; who holds it: host, process and a number
	refreshed_at: none; when this pair came
	failed: none; why the last refresh was refused, our sentence
$$);

-- The last throttleStatus of a reply: what may be spent now is
-- least(maximum, available + seconds since at * restore_per_s).
CREATE TABLE shop_cost (
	shop_id bigint PRIMARY KEY,
	available float8 NOT NULL,
	maximum float8 NOT NULL,
	restore_per_s float8 NOT NULL,
	at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 50);
SELECT tenant_table('shop_cost', $$
	shop_id: none; the shop
	available, maximum: none; points
	restore_per_s: none; points a second
	at: none; when it was so
$$);
