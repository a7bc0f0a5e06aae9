-- The keyring: a database of its own, left out of ordinary dumps, so that a
-- key destroyed here leaves every dump of the other database dark (design.md
-- 6). Row-level security as there; the other database's helpers are not here,
-- so it is written out.
CREATE SCHEMA keyring;
SET search_path = keyring;
ALTER DEFAULT PRIVILEGES FOR ROLE stockroom_owner
	REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE TABLE migration (
	number int PRIMARY KEY,
	name text NOT NULL,
	sha256 bytea NOT NULL,
	at timestamptz NOT NULL DEFAULT now()
);

-- A shop's data keys; the highest key_id seals, the others still open.
CREATE TABLE shop_key (
	shop_id bigint NOT NULL,
	key_id int NOT NULL,
	kek_id int NOT NULL,
	wrapped bytea NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (shop_id, key_id)
);
CREATE INDEX shop_key_kek ON shop_key (kek_id); -- rewrapping finds what is left

-- A data subject's salt: its key is HKDF(shop key, salt), so dropping the
-- salt forgets the subject.
CREATE TABLE subject_salt (
	shop_id bigint NOT NULL,
	kind char(1) NOT NULL CHECK (kind IN ('c', 'o')),
	id bigint NOT NULL,
	salt bytea NOT NULL CHECK (length(salt) = 32),
	PRIMARY KEY (shop_id, kind, id)
);

-- The door's key pairs: it seals with the public half; the private one is
-- destroyed when nothing sealed by it is left.
CREATE TABLE inbox_key (
	id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	kek_id int NOT NULL,
	public bytea NOT NULL CHECK (length(public) = 32),
	private_wrapped bytea,
	created_at timestamptz NOT NULL DEFAULT now(),
	retired_at timestamptz,
	destroyed_at timestamptz,
	CHECK ((private_wrapped IS NULL) = (destroyed_at IS NOT NULL))
);

-- What was forgotten: a restored dump of the other database meets this list
-- and forgets again. kind 's' is the whole shop, with id = 0.
CREATE TABLE tombstone (
	shop_id bigint NOT NULL,
	kind char(1) NOT NULL CHECK (kind IN ('c', 'o', 's')),
	id bigint NOT NULL,
	at timestamptz NOT NULL DEFAULT now(),
	reason text NOT NULL,
	PRIMARY KEY (shop_id, kind, id)
);
CREATE INDEX tombstone_at ON tombstone (at);

DO $$
DECLARE
	tbl text;
BEGIN
	FOREACH tbl IN ARRAY ARRAY['shop_key', 'subject_salt', 'tombstone'] LOOP
		EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tbl);
		EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tbl);
		EXECUTE format('CREATE POLICY one_shop ON %I USING (shop_id = '
		    'nullif(current_setting(''app.shop_id'', true), '''')::bigint)',
		    tbl);
		EXECUTE format('CREATE POLICY every_shop ON %I TO stockroom_auth, '
		    'stockroom_pulls, stockroom_ai, stockroom_ops, stockroom_jobd '
		    'USING (current_setting(''app.every_shop'', true) = ''on'')',
		    tbl);
	END LOOP;
END $$;

COMMENT ON COLUMN migration.number IS 'personal: none; the file''s number';
COMMENT ON COLUMN migration.name IS 'personal: none; the file''s name';
COMMENT ON COLUMN migration.sha256 IS 'personal: none; of the file as run';
COMMENT ON COLUMN migration.at IS 'personal: none; when';
COMMENT ON COLUMN shop_key.shop_id IS 'personal: none; the shop';
COMMENT ON COLUMN shop_key.key_id IS 'personal: none; named in each blob';
COMMENT ON COLUMN shop_key.kek_id IS 'personal: none; which KEK wraps it';
COMMENT ON COLUMN shop_key.wrapped IS 'personal: sealed; by the KEK';
COMMENT ON COLUMN shop_key.created_at IS 'personal: none; when';
COMMENT ON COLUMN subject_salt.shop_id IS 'personal: none; the shop';
COMMENT ON COLUMN subject_salt.kind IS 'personal: none; c customer, o order';
COMMENT ON COLUMN subject_salt.id IS 'personal: none; Shopify''s number';
COMMENT ON COLUMN subject_salt.salt IS 'personal: none; random bytes';
COMMENT ON COLUMN inbox_key.id IS 'personal: none; named in each body';
COMMENT ON COLUMN inbox_key.kek_id IS 'personal: none; which KEK wraps it';
COMMENT ON COLUMN inbox_key.public IS 'personal: none; X25519';
COMMENT ON COLUMN inbox_key.private_wrapped IS 'personal: sealed; by the KEK';
COMMENT ON COLUMN inbox_key.created_at IS 'personal: none; when';
COMMENT ON COLUMN inbox_key.retired_at IS 'personal: none; seals no more';
COMMENT ON COLUMN inbox_key.destroyed_at IS 'personal: none; opens no more';
COMMENT ON COLUMN tombstone.shop_id IS 'personal: none; the shop';
COMMENT ON COLUMN tombstone.kind IS
	'personal: none; c customer, o order, s shop';
COMMENT ON COLUMN tombstone.id IS 'personal: none; Shopify''s number';
COMMENT ON COLUMN tombstone.at IS 'personal: none; when';
COMMENT ON COLUMN tombstone.reason IS 'personal: none; our word for why';
