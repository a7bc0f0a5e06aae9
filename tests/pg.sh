# A throwaway Postgres for a test program; source it. Shell functions:
#   pg_start            a server of our own in a mktemp folder
#   pg_template         the migrated databases, made once: stockroom_template
#                       and stockroom_keys_template
#   pg_database NAME    NAME and NAME_keys, copied from them (30 ms)
#   pg_url NAME [ROLE]  a connection string; ROLE is postgres unless said
#   pg_sql NAME [ROLE]  run the SQL on standard input, bare rows out
#   pg_stop             end it and remove all of it
# PG_DIR names the folder; a test case that was given it (exported, or read
# from a file) may use the server of its program. Postgres refuses root, so
# root runs it as user postgres.

PG_SQL=${PG_SQL:-$(cd "$(dirname "$0")" && pwd)/../sql}

pg_bin()
{
	local bin

	bin=$(ls -d /usr/lib/postgresql/15/bin /usr/lib/postgresql/*/bin \
	    2>/dev/null | head -n 1)
	echo "${PG_BIN:-${bin:-$(dirname "$(command -v postgres)")}}"
}

# Run as whoever may own a cluster, in a folder that user may enter.
pg_as()
{
	if [ "$(id -u)" -eq 0 ]; then
		(cd / && runuser -u postgres -- "$@")
	else
		(cd / && "$@")
	fi
}

pg_start()
{
	# Under /tmp: a socket's path may have 107 bytes.
	PG_DIR=$(mktemp -d /tmp/pg.XXXXXXXX) || return 1
	export PG_DIR
	chmod 0700 "$PG_DIR"
	[ "$(id -u)" -ne 0 ] || chown postgres "$PG_DIR"
	pg_as "$(pg_bin)/initdb" --no-sync -A trust -E UTF8 --locale=C.UTF-8 \
	    -U postgres -D "$PG_DIR/data" >"$PG_DIR/initdb.log" 2>&1 &&
	    pg_as "$(pg_bin)/pg_ctl" -w -D "$PG_DIR/data" \
	    -l "$PG_DIR/log" -o "-c listen_addresses='' -c fsync=off \
	    -c unix_socket_directories='$PG_DIR' -c shared_buffers=32MB \
	    -c full_page_writes=off -c log_error_verbosity=terse \
	    -c log_parameter_max_length_on_error=0" start >/dev/null || {
		cat "$PG_DIR/initdb.log" "$PG_DIR/log" >&2
		return 1
	}
}

pg_stop()
{
	[ -n "$PG_DIR" ] || return 0
	pg_as "$(pg_bin)/pg_ctl" -w -m immediate -D "$PG_DIR/data" stop \
	    >/dev/null 2>&1
	rm -rf "$PG_DIR"
	PG_DIR=
}

pg_url()
{
	echo "host=$PG_DIR dbname=$1 user=${2:-postgres}"
}

# Standard input is SQL; the first error ends it.
pg_sql()
{
	psql -X -q -A -t -v ON_ERROR_STOP=1 -d "$(pg_url "$@")" -f -
}

# pg_migrate DATABASE FOLDER GRANTS: what the runner does, by psql.
pg_migrate()
{
	local file

	pg_sql "$1" <"$PG_SQL/roles.sql" || return 1
	for file in "$2"/[0-9][0-9][0-9][0-9]_*.sql; do
		{
			echo 'BEGIN; SET ROLE stockroom_owner;'
			cat "$file"
			echo 'COMMIT;'
		} | pg_sql "$1" >/dev/null || return 1
	done
	{ echo 'BEGIN;'; cat "$3"; echo 'COMMIT;'; } | pg_sql "$1"
}

pg_template()
{
	pg_sql postgres <<-EOT || return 1
	CREATE DATABASE stockroom_template;
	CREATE DATABASE stockroom_keys_template;
	EOT
	pg_migrate stockroom_template "$PG_SQL/migrations" \
	    "$PG_SQL/grants.sql" &&
	    pg_migrate stockroom_keys_template "$PG_SQL/keyring" \
	    "$PG_SQL/keyring/grants.sql"
}

# A copy has the template's rights on its objects, but a database's own
# rights (CONNECT, TEMPORARY) are not copied; so the grants run once more.
pg_database()
{
	pg_sql postgres <<-EOT || return 1
	CREATE DATABASE "$1" TEMPLATE stockroom_template;
	CREATE DATABASE "$1_keys" TEMPLATE stockroom_keys_template;
	EOT
	{ echo 'BEGIN;'; cat "$PG_SQL/grants.sql"; echo 'COMMIT;'; } |
	    pg_sql "$1" &&
	    { echo 'BEGIN;'; cat "$PG_SQL/keyring/grants.sql"; echo 'COMMIT;'; } |
	    pg_sql "$1_keys"
}
