-- Who calls: OAuth states, browser sessions, API keys, and the replies kept
-- for Idempotency-Key. All logged tables: losing one would be wrong.
--
-- A caller is known before the shop is, so the find_* functions below run as
-- stockroom_lookup, which may read these few columns of all shops and nothing
-- else (design.md 4). They give live rows only, by the database's clock, so
-- that lapsed, revoked and unknown look the same (SEC-7, SEC-8).
SET search_path = stockroom;

CREATE TABLE oauth_state (
	shop_id bigint NOT NULL DEFAULT 0 CHECK (shop_id = 0),
	hash bytea NOT NULL CHECK (length(hash) = 32),
	domain text NOT NULL,
	cookie_hash bytea NOT NULL CHECK (length(cookie_hash) = 32),
	return_to text,
	created_at timestamptz NOT NULL DEFAULT now(),
	expires_at timestamptz NOT NULL,
	PRIMARY KEY (shop_id, hash)
);
CREATE INDEX oauth_state_expires ON oauth_state (expires_at); -- retention
SELECT tenant_table('oauth_state', $$
	shop_id: none; 0, since the shop's number is not known yet
	hash: none; SHA-256 of the state; taken by DELETE ... RETURNING, once
	domain: none; the shop that was asked for
	cookie_hash: none; SHA-256 of the browser's cookie value
	return_to: none; where to go afterwards, a path of ours
	created_at, expires_at: none; ten minutes at most
$$);
SELECT tenant_lookup('oauth_state');

CREATE TABLE session (
	shop_id bigint NOT NULL,
	id uuid NOT NULL,
	hash bytea NOT NULL CHECK (length(hash) = 32),
	operator bool NOT NULL DEFAULT false,
	user_id bigint,
	agent text CHECK (length(agent) <= 200),
	created_at timestamptz NOT NULL DEFAULT now(),
	seen_at timestamptz NOT NULL DEFAULT now(),
	idle_until timestamptz NOT NULL,
	expires_at timestamptz NOT NULL,
	shop_epoch int NOT NULL DEFAULT 0,
	PRIMARY KEY (shop_id, id),
	UNIQUE (shop_id, hash),
	CHECK (operator = (shop_id = 0))
);
CREATE INDEX session_hash ON session (hash); -- find_session
CREATE INDEX session_expires ON session (expires_at); -- retention
SELECT tenant_table('session', $$
	shop_id: none; the shop, 0 for the operator
	id: none; UUIDv7, shown in lists
	hash: none; SHA-256 of the cookie's 256 random bits
	operator: none; sees every shop
	user_id: none; Shopify's number of the staff member, where known
	agent: free text; the browser's own name, to tell sessions apart
	created_at, seen_at, idle_until, expires_at: none; ours
	shop_epoch: none; the shop's epoch at sign-in: a reinstall ends it
$$);
SELECT tenant_lookup('session');

CREATE TABLE api_key (
	shop_id bigint NOT NULL,
	id uuid NOT NULL,
	hash bytea NOT NULL CHECK (length(hash) = 32),
	prefix text NOT NULL,
	label text NOT NULL DEFAULT '' CHECK (length(label) <= 80),
	scopes text[] NOT NULL DEFAULT '{}',
	operator bool NOT NULL DEFAULT false,
	created_at timestamptz NOT NULL DEFAULT now(),
	expires_at timestamptz,
	last_used_at timestamptz,
	revoked_at timestamptz,
	PRIMARY KEY (shop_id, id),
	UNIQUE (shop_id, hash),
	CHECK (operator = (shop_id = 0))
);
CREATE INDEX api_key_hash ON api_key (hash); -- find_key
SELECT tenant_table('api_key', $$
	shop_id: none; the shop, 0 for the operator
	id: none; UUIDv7, shown in lists
	hash: none; SHA-256 of the key
	prefix: none; its first characters, to recognise it by
	label: free text; what the merchant calls it
	scopes: none; what it may do
	operator: none; sees every shop
	created_at, expires_at, last_used_at, revoked_at: none; ours
$$);
SELECT tenant_lookup('api_key');

CREATE TABLE idempotency (
	shop_id bigint NOT NULL,
	key_hash bytea NOT NULL CHECK (length(key_hash) = 32),
	route text NOT NULL,
	request_sha256 bytea NOT NULL CHECK (length(request_sha256) = 32),
	status int,
	reply jsonb,
	location text,
	created_at timestamptz NOT NULL DEFAULT now(),
	expires_at timestamptz NOT NULL DEFAULT now() + interval '24 hours',
	PRIMARY KEY (shop_id, key_hash)
);
CREATE INDEX idempotency_expires ON idempotency (expires_at); -- retention
SELECT tenant_table('idempotency', $$
	shop_id: none; the caller's shop, 0 for the operator
	key_hash: none; SHA-256 of the caller and the Idempotency-Key
	route: none; method and path of the route's row
	request_sha256: none; of the body: same key, other body is a conflict
	status: none; of the first answer; NULL while it is being made
	reply: free text; the first answer; routes that give rows keep none
	location: none; of the first answer
	created_at, expires_at: none; ours, a day apart
$$);

-- The shop that a domain stands for. Uses shop_domain.
CREATE FUNCTION find_shop(p_domain text) RETURNS TABLE (shop_id bigint,
	domain text, status text, epoch int, scopes text[], currency text,
	iana_timezone text, installed_at timestamptz)
LANGUAGE sql STABLE ROWS 1 SECURITY DEFINER
SET search_path = stockroom, pg_temp AS $$
	SELECT s.shop_id, s.domain, s.status, s.epoch, s.scopes, s.currency,
	    s.iana_timezone, s.installed_at
	FROM shop s WHERE s.domain = p_domain
	ORDER BY s.status = 'uninstalled', s.installed_at DESC, s.shop_id DESC
	LIMIT 1
$$;

-- A live key and its shop (NULL domain and status: the operator's).
-- Uses api_key_hash.
CREATE FUNCTION find_key(p_hash bytea) RETURNS TABLE (shop_id bigint, id uuid,
	scopes text[], operator bool, expires_at timestamptz,
	last_used_at timestamptz, domain text, status text, epoch int)
LANGUAGE sql STABLE ROWS 1 SECURITY DEFINER
SET search_path = stockroom, pg_temp AS $$
	SELECT k.shop_id, k.id, k.scopes, k.operator, k.expires_at,
	    k.last_used_at, s.domain, s.status, coalesce(s.epoch, 0)
	FROM api_key k LEFT JOIN shop s ON s.shop_id = k.shop_id
	WHERE k.hash = p_hash AND k.revoked_at IS NULL
	    AND (k.expires_at IS NULL OR k.expires_at > now())
	    AND (k.operator OR s.status <> 'uninstalled')
	LIMIT 1
$$;

-- A live session and its shop (NULL domain and status: the operator's).
-- Uses session_hash.
CREATE FUNCTION find_session(p_hash bytea) RETURNS TABLE (shop_id bigint,
	id uuid, operator bool, user_id bigint, created_at timestamptz,
	seen_at timestamptz, idle_until timestamptz, expires_at timestamptz,
	domain text, status text, epoch int)
LANGUAGE sql STABLE ROWS 1 SECURITY DEFINER
SET search_path = stockroom, pg_temp AS $$
	SELECT n.shop_id, n.id, n.operator, n.user_id, n.created_at, n.seen_at,
	    n.idle_until, n.expires_at, s.domain, s.status, coalesce(s.epoch, 0)
	FROM session n LEFT JOIN shop s ON s.shop_id = n.shop_id
	WHERE n.hash = p_hash AND n.idle_until > now() AND n.expires_at > now()
	    AND (n.operator
		OR s.status <> 'uninstalled' AND s.epoch = n.shop_epoch)
	LIMIT 1
$$;

-- A live OAuth state, without taking it. Uses the primary key.
CREATE FUNCTION find_state(p_hash bytea) RETURNS TABLE (shop_id bigint,
	domain text, cookie_hash bytea, return_to text, created_at timestamptz,
	expires_at timestamptz)
LANGUAGE sql STABLE ROWS 1 SECURITY DEFINER
SET search_path = stockroom, pg_temp AS $$
	SELECT o.shop_id, o.domain, o.cookie_hash, o.return_to, o.created_at,
	    o.expires_at
	FROM oauth_state o
	WHERE o.shop_id = 0 AND o.hash = p_hash AND o.expires_at > now()
$$;

-- To be given a function a role must be able to create in its schema; it may
-- for this moment only.
GRANT CREATE ON SCHEMA stockroom TO stockroom_lookup;
ALTER FUNCTION find_shop(text) OWNER TO stockroom_lookup;
ALTER FUNCTION find_key(bytea) OWNER TO stockroom_lookup;
ALTER FUNCTION find_session(bytea) OWNER TO stockroom_lookup;
ALTER FUNCTION find_state(bytea) OWNER TO stockroom_lookup;
REVOKE CREATE ON SCHEMA stockroom FROM stockroom_lookup;
