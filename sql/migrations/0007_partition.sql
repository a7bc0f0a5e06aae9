-- Days of partitioned tables: made ahead, dropped when old. Run-time roles own
-- nothing, so both run as the owner, and only for tables named in
-- part_tables(); a migration that adds a partitioned table replaces that list.
-- A day is a day in UTC; a partition is called table_YYYYMMDD, the default
-- partition table_x.
SET search_path = stockroom;

CREATE FUNCTION part_tables() RETURNS text[]
LANGUAGE sql IMMUTABLE AS $$ SELECT ARRAY['job_done'] $$;

CREATE FUNCTION part_check(p_table text) RETURNS void
LANGUAGE plpgsql IMMUTABLE SET search_path = stockroom, pg_temp AS $$
BEGIN
	IF p_table IS NULL OR p_table <> ALL (part_tables()) THEN
		RAISE 'no partitioned table "%"', p_table
		    USING ERRCODE = 'undefined_table';
	END IF;
END $$;

-- Make one day. Rows that the default partition caught meanwhile are moved
-- first, else Postgres would refuse the bounds.
CREATE FUNCTION part_day(p_table text, p_day date) RETURNS void
LANGUAGE plpgsql SET search_path = stockroom, pg_temp AS $$
DECLARE
	part text := p_table || '_' || to_char(p_day, 'YYYYMMDD');
	lo timestamptz := p_day::timestamp AT TIME ZONE 'UTC';
	hi timestamptz := (p_day + 1)::timestamp AT TIME ZONE 'UTC';
	col text := (SELECT a.attname FROM pg_partitioned_table t
	    JOIN pg_attribute a ON a.attrelid = t.partrelid
		AND a.attnum = t.partattrs[0]
	    WHERE t.partrelid = p_table::regclass);
BEGIN
	EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', p_table || '_x');
	EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', part, p_table);
	EXECUTE format('WITH late AS (DELETE FROM %I WHERE %I >= $1 AND %I < $2 '
	    'RETURNING *) INSERT INTO %I SELECT * FROM late',
	    p_table || '_x', col, col, part) USING lo, hi;
	EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', part);
	EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I '
	    'FOR VALUES FROM (%L) TO (%L)', p_table, part, lo, hi);
END $$;

-- Make today and the p_days days after it where they are missing; gives how
-- many were made. Safe to run twice and from several jobd: one day that a
-- rival makes at the same moment is skipped.
CREATE FUNCTION part_ahead(p_table text, p_days int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = stockroom, pg_temp SET lock_timeout = '200ms' AS $$
DECLARE
	today date := (now() AT TIME ZONE 'UTC')::date;
	made int := 0;
	n int;
BEGIN
	PERFORM part_check(p_table);
	IF p_days NOT BETWEEN 0 AND 60 THEN
		RAISE 'days must be 0 to 60, not %', p_days
		    USING ERRCODE = 'invalid_parameter_value';
	END IF;
	FOR n IN 0..p_days LOOP
		CONTINUE WHEN to_regclass(format('%I', p_table || '_' ||
		    to_char(today + n, 'YYYYMMDD'))) IS NOT NULL;
		BEGIN
			PERFORM part_day(p_table, today + n);
			made := made + 1;
		EXCEPTION WHEN duplicate_table OR lock_not_available THEN
			NULL; -- a rival's, or busy: the next call does it
		END;
	END LOOP;
	RETURN made;
END $$;

-- Drop the days that end at or before p_before (midnight UTC of that date);
-- gives how many went. One that is in use for 200 ms is left to the next call.
-- The default partition is never dropped: its old rows are deleted.
CREATE FUNCTION part_drop(p_table text, p_before date) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = stockroom, pg_temp SET lock_timeout = '200ms' AS $$
DECLARE
	part text;
	gone int := 0;
BEGIN
	PERFORM part_check(p_table);
	FOR part IN SELECT c.relname FROM pg_inherits i
	    JOIN pg_class c ON c.oid = i.inhrelid
	    WHERE i.inhparent = p_table::regclass
		AND c.relname ~ ('^' || p_table || '_[0-9]{8}$')
		AND to_date(right(c.relname, 8), 'YYYYMMDD') < p_before
	    ORDER BY 1 LOOP
		BEGIN
			EXECUTE format('DROP TABLE %I', part);
			gone := gone + 1;
		EXCEPTION WHEN lock_not_available THEN
			NULL;
		END;
	END LOOP;
	EXECUTE format('DELETE FROM %I WHERE %I < $1', p_table || '_x',
	    (SELECT a.attname FROM pg_partitioned_table t JOIN pg_attribute a
		ON a.attrelid = t.partrelid AND a.attnum = t.partattrs[0]
	    WHERE t.partrelid = p_table::regclass))
	    USING p_before::timestamp AT TIME ZONE 'UTC';
	RETURN gone;
END $$;

SELECT part_ahead('job_done', 7);
