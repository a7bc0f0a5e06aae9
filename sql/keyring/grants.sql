-- Who may use the keyring: the programs that seal or open, and no other, not
-- even backup (an ordinary dump leaves it out). Sent as ../grants.sql is.
SET search_path = keyring;

REVOKE ALL ON ALL TABLES IN SCHEMA keyring FROM PUBLIC, stockroom_auth,
	stockroom_webhooks, stockroom_events, stockroom_pulls, stockroom_ai,
	stockroom_ops, stockroom_jobd, stockroom_lookup, stockroom_reader,
	stockroom_backup;
REVOKE ALL ON SCHEMA keyring FROM PUBLIC, stockroom_auth,
	stockroom_webhooks, stockroom_events, stockroom_pulls, stockroom_ai,
	stockroom_ops, stockroom_jobd, stockroom_lookup, stockroom_reader,
	stockroom_backup;

DO $$
BEGIN
	EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
	EXECUTE format('GRANT CONNECT ON DATABASE %I TO stockroom_auth, '
	    'stockroom_pulls, stockroom_ai, stockroom_ops, stockroom_jobd',
	    current_database());
END $$;
GRANT USAGE ON SCHEMA keyring TO stockroom_auth, stockroom_pulls, stockroom_ai, stockroom_ops, stockroom_jobd;

-- They make a key or a salt before the first row that needs it, and read.
GRANT SELECT, INSERT ON shop_key, subject_salt TO stockroom_auth, stockroom_pulls, stockroom_ai, stockroom_ops, stockroom_jobd;
-- Who seals must see what was forgotten, or it would make the salt anew.
GRANT SELECT ON tombstone TO stockroom_auth, stockroom_pulls, stockroom_ai, stockroom_ops, stockroom_jobd;
-- jobd shreds, rewraps, and keeps the inbox's pairs.
GRANT UPDATE (kek_id, wrapped), DELETE ON shop_key TO stockroom_jobd;
GRANT DELETE ON subject_salt TO stockroom_jobd;
GRANT INSERT, UPDATE (at, lifted_at) ON tombstone TO stockroom_jobd;
-- An install lifts the shop's own.
GRANT UPDATE (lifted_at) ON tombstone TO stockroom_auth;
GRANT SELECT, INSERT, UPDATE ON inbox_key TO stockroom_jobd;
-- readyz.
GRANT SELECT ON migration TO stockroom_ops, stockroom_jobd;
