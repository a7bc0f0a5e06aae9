-- Roles of Stockroom: one a program, so that a taken program holds only its
-- own rights. Roles belong to the cluster, not to a database, so this file is
-- apart from the migrations. The runner sends it as superuser, before the
-- migrations of either database, every time; it may run any number of times.
-- Passwords are not here: they are set from files, or peer is used.

DO $$
DECLARE
	name text;
BEGIN
	-- Owns the tables and runs migrations; nothing at run time is it.
	-- stockroom_lookup owns only the find_* functions.
	FOREACH name IN ARRAY ARRAY['stockroom_owner', 'stockroom_lookup'] LOOP
		BEGIN
			EXECUTE format('CREATE ROLE %I NOLOGIN', name);
		EXCEPTION WHEN duplicate_object OR unique_violation THEN
			NULL; -- made by an earlier run, or by one beside us
		END;
		-- NOINHERIT: the owner, a member of lookup below, is not to see
		-- what the policies show to lookup.
		EXECUTE format('ALTER ROLE %I NOLOGIN NOINHERIT NOSUPERUSER '
		    'NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION', name);
	END LOOP;

	FOREACH name IN ARRAY ARRAY['auth', 'webhooks', 'events', 'pulls', 'ai',
	    'ops', 'jobd', 'reader', 'backup'] LOOP
		name := 'stockroom_' || name;
		BEGIN
			EXECUTE format('CREATE ROLE %I LOGIN', name);
		EXCEPTION WHEN duplicate_object OR unique_violation THEN
			NULL;
		END;
		EXECUTE format('ALTER ROLE %I LOGIN NOSUPERUSER NOCREATEDB '
		    'NOCREATEROLE NOBYPASSRLS NOREPLICATION', name);
		EXECUTE format('ALTER ROLE %I SET search_path = stockroom', name);
		EXECUTE format('ALTER ROLE %I SET jit = off', name);
		-- Acknowledged is durable, whatever the server's default.
		EXECUTE format('ALTER ROLE %I SET synchronous_commit = on',
		    name);
		EXECUTE format('ALTER ROLE %I SET lock_timeout = %L', name, '1s');
		EXECUTE format('ALTER ROLE %I SET '
		    'idle_in_transaction_session_timeout = %L', name, '10s');
		EXECUTE format('ALTER ROLE %I SET statement_timeout = %L', name,
		    CASE WHEN name = 'stockroom_jobd' THEN '30s' ELSE '2s' END);
	END LOOP;
END $$;

-- Its lists have a dozen filters, each of which may be left out: a plan is made
-- for those that are there.
ALTER ROLE stockroom_ops SET plan_cache_mode = force_custom_plan;
-- Whose transaction holds back vacuum is seen in other roles' sessions.
GRANT pg_read_all_stats TO stockroom_jobd;

-- People's own SQL: read only, and a report may take a minute.
ALTER ROLE stockroom_reader SET default_transaction_read_only = on;
ALTER ROLE stockroom_reader SET statement_timeout = '60s';
ALTER ROLE stockroom_reader SET idle_in_transaction_session_timeout = '60s';

-- Dumps: all rows, and no clock against them.
ALTER ROLE stockroom_backup BYPASSRLS;
ALTER ROLE stockroom_backup SET default_transaction_read_only = on;
ALTER ROLE stockroom_backup RESET statement_timeout;
ALTER ROLE stockroom_backup RESET lock_timeout;
ALTER ROLE stockroom_backup RESET idle_in_transaction_session_timeout;
-- Not by a list of tables: partitions are made while programs run.
GRANT pg_read_all_data TO stockroom_backup;

-- A migration hands its find_* functions to stockroom_lookup.
GRANT stockroom_lookup TO stockroom_owner;

-- The first migration makes the schema as stockroom_owner.
DO $$
BEGIN
	EXECUTE format('GRANT CREATE ON DATABASE %I TO stockroom_owner',
	    current_database());
END $$;
