-- The schema, the list of migrations, and the calls that declare a table.
--
-- A migration declares its table by one call, tenant_table(name, register),
-- which turns row-level security on and writes down, column by column, what
-- is personal. Redaction, the data package and retention read those words
-- (design.md 5), so a column without them stops the migration.
--
-- These helpers are plpgsql and are called by migrations only.
--
-- Rows are hidden from the owner too (FORCE). A migration that must change
-- rows says ALTER TABLE t NO FORCE ROW LEVEL SECURITY, works, and says FORCE.
CREATE SCHEMA stockroom;
SET search_path = stockroom;

-- No function is for everybody; grants.sql names who may call what.
ALTER DEFAULT PRIVILEGES FOR ROLE stockroom_owner
	REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE TABLE migration (
	number int PRIMARY KEY,
	name text NOT NULL,
	sha256 bytea NOT NULL,
	at timestamptz NOT NULL DEFAULT now()
);

-- Write a table's register: lines of "column, column: class; words", where
-- class is none, sealed or free text. Each column becomes the comment
-- "personal: class; words"; one left out, or one too many, is an error.
CREATE FUNCTION describe_table(tbl regclass, register text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	line text;
	part text[];
	col text;
BEGIN
	FOR line IN SELECT trim(E' \t\r' FROM l)
	    FROM regexp_split_to_table(register, E'\n') l LOOP
		CONTINUE WHEN line = '';
		part := regexp_match(line,
		    '^([a-z0-9_, ]+):\s*(none|sealed|free text)\s*(;.*)?$');
		IF part IS NULL THEN
			RAISE 'register of %: cannot read "%"', tbl, line;
		END IF;
		FOREACH col IN ARRAY regexp_split_to_array(part[1], ',\s*') LOOP
			EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', tbl, col,
			    'personal: ' || part[2] || coalesce(part[3], ''));
		END LOOP;
	END LOOP;

	SELECT string_agg(a.attname, ', ' ORDER BY a.attnum) INTO col
	FROM pg_attribute a
	WHERE a.attrelid = tbl AND a.attnum > 0 AND NOT a.attisdropped
	    AND coalesce(col_description(tbl, a.attnum), '') !~ '^personal: ';
	IF col IS NOT NULL THEN
		RAISE 'register of %: nothing said of %', tbl, col;
	END IF;
END $$;

-- Declare a table that belongs to shops: its register, row-level security
-- forced, one_shop for everyone, every_shop for the programs that serve the
-- operator or run jobs of shop 0 (design.md 4, SEC-13).
CREATE FUNCTION tenant_table(tbl regclass, register text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM describe_table(tbl, register);
	EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', tbl);
	EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', tbl);
	EXECUTE format('CREATE POLICY one_shop ON %s USING (shop_id = '
	    'nullif(current_setting(''app.shop_id'', true), '''')::bigint)', tbl);
	EXECUTE format('CREATE POLICY every_shop ON %s TO stockroom_auth, '
	    'stockroom_pulls, stockroom_ai, stockroom_ops, stockroom_jobd '
	    'USING (current_setting(''app.every_shop'', true) = ''on'')', tbl);
END $$;

-- A queue's table: as above, and jobd, which claims for all shops at once,
-- sees every row.
CREATE FUNCTION queue_table(tbl regclass, register text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM tenant_table(tbl, register);
	EXECUTE format('CREATE POLICY queue_jobd ON %s TO stockroom_jobd '
	    'USING (true)', tbl);
END $$;

-- Besides: rows that the find_* functions must see before a shop is known.
CREATE FUNCTION tenant_lookup(tbl regclass) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE POLICY lookup ON %s FOR SELECT '
	    'TO stockroom_lookup USING (true)', tbl);
END $$;

-- Besides: an ingest program may put rows of any shop. RETURNING and
-- ON CONFLICT (columns) need a SELECT policy; grants.sql keeps the privilege
-- to the key columns.
CREATE FUNCTION tenant_ingest(tbl regclass, role text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE POLICY %I ON %s FOR INSERT TO %I '
	    'WITH CHECK (true)', 'ingest_put_' || role, tbl, role);
	EXECUTE format('CREATE POLICY %I ON %s FOR SELECT TO %I '
	    'USING (true)', 'ingest_key_' || role, tbl, role);
END $$;

-- Besides: people's own SQL reads all shops.
CREATE FUNCTION tenant_reader(tbl regclass) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE POLICY reader ON %s FOR SELECT '
	    'TO stockroom_reader USING (true)', tbl);
END $$;

SELECT describe_table('migration', $$
	number: none; the file's number
	name: none; the file's name
	sha256: none; of the file as it was run
	at: none; when
$$);
