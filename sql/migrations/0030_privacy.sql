-- Forgetting, and telling what is known of somebody (shopify.md 3.6, SEC-16 to
-- SEC-19). What is personal is what the register of each table says
-- (0001_schema): a table of later work is covered by being declared.
--
-- Whose a row is:
--   subject_kind, subject_id	the subject whose key seals it: c a customer,
--				o an order without one, s the shop itself
--   customer_id		it names a customer
--   the table customer		it is one
-- Free text that has no subject is searched for what tells who it is.
SET search_path = stockroom;

CREATE TABLE privacy (
	shop_id bigint NOT NULL,
	id uuid NOT NULL,
	kind text NOT NULL CHECK (kind IN ('data_request', 'customer_redact',
	    'shop_redact')),
	source text NOT NULL CHECK (source IN ('webhook', 'operator')),
	customer_id bigint,
	orders bigint[] NOT NULL DEFAULT '{}',
	shop_sha256 bytea,
	subject_sha256 bytea,
	asked_at timestamptz NOT NULL DEFAULT now(),
	due_at timestamptz NOT NULL DEFAULT now() + interval '30 days',
	state text NOT NULL DEFAULT 'asked' CHECK (state IN ('asked', 'done',
	    'void')),
	reason text,
	done_at timestamptz,
	counts jsonb NOT NULL DEFAULT '{}',
	trace bytea,
	PRIMARY KEY (shop_id, id)
);
CREATE INDEX privacy_asked ON privacy (asked_at); -- the list of all shops
SELECT tenant_table('privacy', $$
	shop_id: none; whose; 0 once the shop itself is forgotten
	id: none; ours, UUIDv7
	kind: none; data_request, customer_redact, shop_redact
	source: none; a webhook, or the operator
	customer_id, orders: none; Shopify's numbers; gone once they are forgotten
	shop_sha256, subject_sha256: none; what stays as a receipt of whom
	asked_at, due_at, done_at: none; ours; the law gives thirty days
	state: none; asked, done, or void: nothing had to be done, see reason
	reason: none; our sentence
	counts: none; rows by table
	trace: none; the request
$$);

-- What a data request found, sealed under its subject's key.
CREATE TABLE privacy_package (
	shop_id bigint NOT NULL,
	id uuid NOT NULL,
	subject_kind char(1) NOT NULL CHECK (subject_kind IN ('c', 'o', 's')),
	subject_id bigint NOT NULL,
	sealed bytea NOT NULL,
	bytes int NOT NULL,
	made_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (shop_id, id)
);
ALTER TABLE privacy_package ALTER sealed SET STORAGE EXTERNAL;
CREATE INDEX privacy_package_made ON privacy_package (made_at); -- retention
SELECT tenant_table('privacy_package', $$
	shop_id, id: none; of which request
	subject_kind, subject_id: none; whose key seals it
	sealed: sealed; everything that is kept of a customer, as JSON
	bytes: none; of it, opened
	made_at: none; kept thirty days at most
$$);

-- Who opened whose personal data. Only ever added to.
CREATE TABLE access_log (
	shop_id bigint NOT NULL,
	id bigint GENERATED ALWAYS AS IDENTITY,
	at timestamptz NOT NULL DEFAULT now(),
	who text NOT NULL,
	through text NOT NULL,
	what text NOT NULL,
	subjects int NOT NULL,
	first_subject text,
	trace bytea,
	PRIMARY KEY (shop_id, id)
);
CREATE INDEX access_log_id ON access_log (id); -- the list of all shops
CREATE INDEX access_log_at ON access_log (at); -- retention
SELECT tenant_table('access_log', $$
	shop_id, id, at: none; ours
	who: none; a key's, session's or staff member's number
	through: none; the route or command
	what: none; the table or package
	subjects: none; how many persons' data were opened
	first_subject: none; kind and number of the only one; NULL for several
	trace: none; the request
$$);

-- ---- what the register knows

-- Tables that hold what a shop's customers could be known by, with their
-- columns of that kind; partitions are reached through their parents.
CREATE VIEW personal_column WITH (security_invoker = true) AS
SELECT c.relname AS table_name, a.attname AS column_name,
	split_part(split_part(col_description(c.oid, a.attnum), ';', 1), ': ', 2)
	    AS kind,
	a.attnotnull AS needed,
	EXISTS (SELECT 1 FROM pg_attribute s WHERE s.attrelid = c.oid
	    AND s.attname = 'subject_id' AND NOT s.attisdropped) AS has_subject,
	a.atttypid = 'jsonb'::regtype AS is_json
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
	AND NOT a.attisdropped
WHERE c.relnamespace = 'stockroom'::regnamespace
	AND c.relkind IN ('r', 'p') AND NOT c.relispartition
	AND col_description(c.oid, a.attnum) ~ '^personal: (sealed|free text)'
	AND EXISTS (SELECT 1 FROM pg_attribute s WHERE s.attrelid = c.oid
	    AND s.attname = 'shop_id');
COMMENT ON VIEW personal_column IS
	'Columns that the register calls personal, of tables that belong to shops.';
SELECT describe_table('personal_column', $$
	table_name, column_name: none; which
	kind: none; sealed or free text
	needed: none; may not be NULL: the row goes with it
	has_subject: none; the table says whose each row is
	is_json: none; jsonb
$$);

-- ---- forgetting

-- Empties what of a table's rows is sealed under these subjects' keys, or takes
-- the rows away where they are nothing without it. Gives how many.
CREATE FUNCTION redact_sealed(p_table text, p_shop bigint, p_kinds text[],
	p_ids bigint[]) RETURNS bigint
LANGUAGE plpgsql SET search_path = stockroom, pg_temp AS $$
DECLARE
	sets text;
	needed bool;
	n bigint;
BEGIN
	SELECT string_agg(format('%I = NULL', column_name), ', '),
	    bool_or(c.needed) INTO sets, needed
	FROM personal_column c WHERE c.table_name = p_table;
	EXECUTE CASE WHEN needed THEN format('DELETE FROM %I t USING', p_table)
	    ELSE format('UPDATE %I t SET %s, subject_kind = NULL, '
		'subject_id = NULL FROM', p_table, sets) END ||
	    ' unnest($2, $3) u (kind, id) WHERE t.shop_id = $1 '
	    'AND t.subject_kind = u.kind::char(1) AND t.subject_id = u.id'
	    USING p_shop, p_kinds, p_ids;
	GET DIAGNOSTICS n = ROW_COUNT;
	RETURN n;
END $$;

-- Empties free text that nobody is named as the subject of, where one of these
-- words stands in it, in whatever case.
CREATE FUNCTION redact_text(p_table text, p_column text, p_shop bigint,
	p_words text[]) RETURNS bigint
LANGUAGE plpgsql SET search_path = stockroom, pg_temp AS $$
DECLARE
	n bigint;
	empty text := (SELECT CASE WHEN NOT needed THEN 'NULL'
	    WHEN is_json THEN '''{}''' ELSE '''''' END
	    FROM personal_column
	    WHERE table_name = p_table AND column_name = p_column);
BEGIN
	EXECUTE format('UPDATE %1$I SET %2$I = %3$s WHERE shop_id = $1 '
	    'AND EXISTS (SELECT FROM unnest($2) w '
		'WHERE position(lower(w) IN lower(%2$I::text)) > 0)',
	    p_table, p_column, empty) USING p_shop, p_words;
	GET DIAGNOSTICS n = ROW_COUNT;
	RETURN n;
END $$;

-- A customer and what is kept of their orders: gives rows by table. Twice is
-- once. As the owner, since it reaches every table that there is or will be;
-- row-level security still narrows it to the shop at work.
CREATE FUNCTION redact_customer(p_shop bigint, p_customer bigint,
	p_orders bigint[], p_words text[]) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = stockroom, pg_temp AS $$
DECLARE
	c record;
	n bigint;
	counts jsonb := '{}';
	kinds text[] := ARRAY['c'] || array_fill('o'::text, ARRAY[cardinality(p_orders)]);
	ids bigint[] := ARRAY[p_customer] || p_orders;
BEGIN
	DELETE FROM customer WHERE shop_id = p_shop AND id = p_customer;
	GET DIAGNOSTICS n = ROW_COUNT;
	counts := counts || jsonb_build_object('customer', n);
	DELETE FROM changed WHERE shop_id = p_shop AND type = 'customers'
	    AND id = p_customer;
	FOR c IN SELECT DISTINCT table_name FROM personal_column
	    WHERE has_subject ORDER BY 1 LOOP
		n := redact_sealed(c.table_name, p_shop, kinds, ids);
		counts := counts || jsonb_build_object(c.table_name, n);
	END LOOP;
	FOR c IN SELECT table_name, column_name FROM personal_column
	    WHERE NOT has_subject AND kind = 'free text' ORDER BY 1, 2 LOOP
		n := redact_text(c.table_name, c.column_name, p_shop, p_words);
		CONTINUE WHEN n = 0;
		counts := counts || jsonb_build_object(c.table_name,
		    n + coalesce((counts ->> c.table_name)::bigint, 0));
	END LOOP;
	FOR c IN SELECT r.relname FROM pg_class r JOIN pg_attribute a
		ON a.attrelid = r.oid AND a.attname = 'customer_id'
	    WHERE r.relnamespace = 'stockroom'::regnamespace
		AND r.relkind IN ('r', 'p') AND NOT r.relispartition
		AND r.relname <> 'privacy' ORDER BY 1 LOOP
		EXECUTE format('UPDATE %I SET customer_id = NULL '
		    'WHERE shop_id = $1 AND customer_id = $2', c.relname)
		    USING p_shop, p_customer;
	END LOOP;
	RETURN counts;
END $$;

-- Some rows of a whole shop, p_most of each table at most; gives how many went,
-- by table, and {} when none is left. One that others still refer to goes with
-- a later call. What says that it was done stays (privacy).
CREATE FUNCTION redact_shop(p_shop bigint, p_most int) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = stockroom, pg_temp AS $$
DECLARE
	t text;
	n bigint;
	counts jsonb := '{}';
BEGIN
	IF p_shop IS NULL OR p_shop = 0 THEN
		RAISE 'shop 0 is no shop' USING ERRCODE = 'invalid_parameter_value';
	END IF;
	FOR t IN SELECT c.relname FROM pg_class c JOIN pg_attribute a
		ON a.attrelid = c.oid AND a.attname = 'shop_id'
	    WHERE c.relnamespace = 'stockroom'::regnamespace AND c.relkind = 'r'
		AND c.relname <> 'privacy'
	    ORDER BY c.relname = 'shop', 1 LOOP
		BEGIN
			EXECUTE format('DELETE FROM %1$I WHERE ctid = ANY (ARRAY('
			    'SELECT ctid FROM %1$I WHERE shop_id = $1 LIMIT $2))'
			    ' AND shop_id = $1', t) USING p_shop, p_most;
			GET DIAGNOSTICS n = ROW_COUNT;
			IF n > 0 THEN
				counts := counts || jsonb_build_object(t, n);
			END IF;
		EXCEPTION WHEN foreign_key_violation THEN
			counts := counts || jsonb_build_object(t, 0);
		END;
	END LOOP;
	RETURN counts;
END $$;

-- ---- telling

-- All that is kept of a customer, whatever table of now or later it lies in:
-- the customer, rows that name them or are sealed under their key, their orders
-- and those named besides, and what belongs to these orders and their refunds.
CREATE FUNCTION privacy_rows(p_shop bigint, p_customer bigint,
	p_orders bigint[])
RETURNS TABLE (table_name text, id text, "row" jsonb, sealed bytea,
	subject_kind text, subject_id bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = stockroom, pg_temp AS $$
DECLARE
	t record;
	of_orders bigint[] := p_orders || ARRAY(SELECT o.id FROM orders o
	    WHERE o.shop_id = p_shop AND o.customer_id = p_customer);
	of_refunds bigint[] := ARRAY(SELECT r.id FROM refund r
	    WHERE r.shop_id = p_shop AND r.order_id = ANY (of_orders));
BEGIN
	FOR t IN SELECT c.relname, array_agg(a.attname::text) AS cols
	    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
		AND a.attnum > 0 AND NOT a.attisdropped
	    WHERE c.relnamespace = 'stockroom'::regnamespace
		AND c.relkind IN ('r', 'p') AND NOT c.relispartition
		AND c.relname NOT IN ('privacy', 'privacy_package', 'access_log')
	    GROUP BY 1 HAVING array_agg(a.attname::text) @> '{shop_id,id}'
	    ORDER BY 1 LOOP
		CONTINUE WHEN NOT t.cols && '{subject_id,customer_id,order_id,'
		    'refund_id}' AND t.relname NOT IN ('customer', 'orders');
		RETURN QUERY EXECUTE format('SELECT %L, t.id::text, '
		    'row_json(to_jsonb(t)), %s, %s, %s FROM %I t '
		    'WHERE t.shop_id = $1 AND (false%s%s%s%s%s%s) ORDER BY t.id',
		    t.relname,
		    CASE WHEN t.cols @> '{sealed}' THEN 't.sealed'
			WHEN t.cols @> '{body}' THEN 't.body'
			ELSE 'NULL::bytea' END,
		    CASE WHEN t.relname = 'customer' THEN '''c'''
			WHEN t.cols @> '{subject_kind}' THEN 't.subject_kind::text'
			ELSE 'NULL::text' END,
		    CASE WHEN t.relname = 'customer' THEN 't.id'
			WHEN t.cols @> '{subject_id}' THEN 't.subject_id'
			ELSE 'NULL::bigint' END,
		    t.relname,
		    CASE WHEN t.relname = 'customer' THEN ' OR t.id = $2'
			ELSE '' END,
		    CASE WHEN t.relname = 'orders' THEN ' OR t.id = ANY ($3)'
			ELSE '' END,
		    CASE WHEN t.cols @> '{subject_kind,subject_id}' THEN
			' OR t.subject_kind = ''c'' AND t.subject_id = $2 OR '
			't.subject_kind = ''o'' AND t.subject_id = ANY ($3)'
			ELSE '' END,
		    CASE WHEN t.cols @> '{customer_id}' THEN
			' OR t.customer_id = $2' ELSE '' END,
		    CASE WHEN t.cols @> '{order_id}' THEN
			' OR t.order_id = ANY ($3)' ELSE '' END,
		    CASE WHEN t.cols @> '{refund_id}' THEN
			' OR t.refund_id = ANY ($4)' ELSE '' END)
		    USING p_shop, p_customer, of_orders, of_refunds;
	END LOOP;
END $$;

-- ---- a dump of before, restored

-- Up to when what was forgotten in the keyring is forgotten here. A restored
-- dump has an older time, so what came since is done again.
CREATE TABLE forgotten (
	one bool PRIMARY KEY DEFAULT true CHECK (one),
	until timestamptz NOT NULL DEFAULT '-infinity'
);
INSERT INTO forgotten DEFAULT VALUES;
SELECT describe_table('forgotten', $$
	one: none; there is one row
	until: none; the newest tombstone whose rows are gone
$$);
