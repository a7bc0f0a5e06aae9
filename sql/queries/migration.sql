-- What `stockroom migrate` and the checks ask. Run as superuser, without a
-- search_path: names carry their schema. The keyring's own are in keyring.sql.

-- name: migration_known
-- Whether the list of migrations is there yet. The catalogue's own index.
SELECT to_regclass('stockroom.migration') IS NOT NULL;

-- name: migration_list
-- What has run, in order. Uses the primary key.
SELECT number, name, sha256 FROM stockroom.migration ORDER BY number;

-- name: migration_count
-- How many this database has had; asked by programs, whose roles may read the
-- list. Reads all of it, a row a migration.
SELECT count(*) FROM stockroom.migration;

-- name: migration_put
-- Note one that has run. Uses the primary key. $1 number, $2 name, $3 sha256.
INSERT INTO stockroom.migration (number, name, sha256)
VALUES ($1::int, $2::text, $3::bytea);

-- name: migration_lock
-- Only one runs migrations, until its session ends. It is tried and not
-- awaited, and belongs to no transaction: either would hold a snapshot, which
-- a concurrent index build waits for. No table.
SELECT pg_try_advisory_lock(7000);

-- name: migration_owner
-- What follows makes tables as their owner, finds nothing but by full name
-- until it says otherwise, and gives up before it makes programs wait long for
-- a lock. No table. $1 whether until the transaction's end only.
SELECT set_config('role', 'stockroom_owner', $1::boolean),
	set_config('search_path', 'pg_catalog', $1::boolean),
	set_config('lock_timeout', '5s', $1::boolean);

-- name: migration_owner_end
-- Ourselves again, after a migration outside a transaction. No table.
SELECT set_config('role', 'none', false), set_config('lock_timeout', '0', false);

-- name: database_find
-- A database by its name; no row when there is none. The catalogue's own
-- index. $1 name.
SELECT pg_encoding_to_char(encoding) FROM pg_catalog.pg_database
WHERE datname = $1::text;

-- name: database_text
-- The statement that makes it, for a name is no parameter. No table. $1 name.
SELECT format('CREATE DATABASE %I TEMPLATE template0 ENCODING ''UTF8''',
	$1::text);

-- name: server_check
-- What `stockroom check` reads of the server: its settings that must be so
-- (design.md 6), how many replication slots there are, and which cluster it
-- is. Catalogues only.
SELECT current_setting('server_encoding'), current_setting('archive_mode'),
	(SELECT count(*) FROM pg_catalog.pg_replication_slots),
	current_setting('log_error_verbosity'),
	current_setting('log_parameter_max_length_on_error'),
	(SELECT system_identifier FROM pg_catalog.pg_control_system());
