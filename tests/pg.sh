# A throwaway Postgres for tests. Set `top` to the source tree, then source it:
#
#	top=${STOCKROOM_SRC:-$(cd "$(dirname "$0")/../../.." && pwd)}
#	. "$top/tests/pg.sh"
#
#   pg_start            a server of our own in a mktemp folder, PG_DIR
#   pg_template         the migrated databases, made once a server:
#                       stockroom_template and stockroom_template_keys
#   pg_database NAME    NAME and NAME_keys, copied from them
#   pg_url NAME [ROLE]  a connection string; ROLE is postgres unless said
#   pg_sql NAME [ROLE]  run the SQL on standard input; bare rows out
#   pg_stop             end the server and remove its folder
#
# For atf-sh (never behind a pipe: a failure would end only the pipe's shell),
# a failure of these is the case's:
#   pg_case             a server whose templates are now called t and t_keys
#   pg_answers WANT NAME [ROLE]    the SQL on standard input gives just WANT
#   pg_refused WORDS NAME [ROLE]   it fails, and the error holds WORDS
#
# pg_start notes PG_DIR in ./pg.dir, so that the cleanup part of a test case,
# another process in the same folder, can say pg_stop. Postgres refuses root,
# so root runs it as user postgres.

: "${top:?is not set to the source tree}"

pg_bin()
{
	local bin

	for bin in "$PG_BIN" /usr/lib/postgresql/15/bin \
	    /usr/lib/postgresql/*/bin; do
		[ ! -x "$bin/initdb" ] || break
	done
	echo "$bin"
}

# Run as whoever may own a cluster, from a folder that user may enter.
pg_as()
{
	if [ "$(id -u)" -eq 0 ]; then
		(cd / && exec runuser -u postgres -- "$@")
	else
		(cd / && exec "$@")
	fi
}

# The image: a stopped cluster with its templates, kept under build/ by the
# checksum of what made it, so that a test case starts in a fraction of a
# second.
pg_image()
{
	cat "$top"/sql/*.sql "$top"/sql/migrations/*.sql \
	    "$top"/sql/keyring/*.sql "$top/tests/pg.sh" | sha256sum |
	    sed "s|\(.\{16\}\).*|$top/build/pg-\1.tar|"
}

pg_up()
{
	pg_as "$(pg_bin)/pg_ctl" -w -D "$PG_DIR/data" -l "$PG_DIR/log" \
	    -o "-c listen_addresses='' -c unix_socket_directories='$PG_DIR' \
	    -c fsync=off -c full_page_writes=off -c shared_buffers=16MB \
	    -c log_error_verbosity=terse \
	    -c log_parameter_max_length_on_error=0" start >/dev/null || {
		cat "$PG_DIR/log" >&2
		return 1
	}
}

# In memory where there is room: a cluster has 1,800 files, which a disk
# takes seconds for and memory a tenth of one. Never below build/: a socket's
# path may have 107 bytes.
pg_place()
{
	local free

	free=$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')
	if [ -w /dev/shm ] && [ "${free:-0}" -gt 524288 ]; then
		echo /dev/shm
	else
		echo /tmp
	fi
}

pg_start()
{
	PG_DIR=$(mktemp -d "$(pg_place)/pg.XXXXXXXX") || return 1
	export PG_DIR
	echo "$PG_DIR" >pg.dir
	[ "$(id -u)" -ne 0 ] || chown postgres "$PG_DIR"
	tar -xf "$(pg_image)" -C "$PG_DIR" 2>/dev/null || {
		rm -rf "$PG_DIR/data"
		pg_as "$(pg_bin)/initdb" --no-sync -A trust -E UTF8 \
		    --locale=C.UTF-8 --wal-segsize=1 -U postgres \
		    -D "$PG_DIR/data" >"$PG_DIR/initdb.log" 2>&1 || {
			cat "$PG_DIR/initdb.log" >&2
			return 1
		}
	}
	pg_up
}

pg_stop()
{
	[ -n "$PG_DIR" ] || PG_DIR=$(cat pg.dir 2>/dev/null)
	[ -n "$PG_DIR" ] || return 0
	pg_as "$(pg_bin)/pg_ctl" -w -m immediate -D "$PG_DIR/data" stop \
	    >/dev/null 2>&1
	rm -rf "$PG_DIR" pg.dir
	PG_DIR=
}

pg_url()
{
	echo "host=$PG_DIR dbname=$1 user=${2:-postgres}"
}

# The first error ends it, with exit status 3.
pg_sql()
{
	PGOPTIONS='-c client_min_messages=warning' psql -X -q -A -t \
	    -v ON_ERROR_STOP=1 -d "$(pg_url "$@")" -f -
}

pg_wrapped()
{
	echo 'BEGIN;'
	cat "$1"
	echo 'COMMIT;'
}

# pg_migrate DATABASE FOLDER GRANTS: what the runner does, as one script.
pg_migrate()
{
	local file

	{
		cat "$top/sql/roles.sql"
		for file in "$2"/[0-9][0-9][0-9][0-9]_*.sql; do
			echo 'BEGIN; SET ROLE stockroom_owner;'
			cat "$file"
			echo 'COMMIT; RESET ROLE;'
		done
		pg_wrapped "$3"
	} | pg_sql "$1" >/dev/null
}

# Written whole and then renamed: others may make the same one now.
pg_keep_image()
{
	local image

	image=$(pg_image)
	mkdir -p "$top/build" &&
	    pg_as "$(pg_bin)/pg_ctl" -w -m fast -D "$PG_DIR/data" stop \
	    >/dev/null &&
	    tar -cf "$image.$$" -C "$PG_DIR" data &&
	    rm -f "$top"/build/pg-*.tar &&
	    mv "$image.$$" "$image" && pg_up
}

pg_template()
{
	[ -z "$(echo "SELECT 1 FROM pg_database
	    WHERE datname = 'stockroom_template';" | pg_sql postgres)" ] ||
	    return 0
	pg_sql postgres <<-EOT || return 1
	CREATE DATABASE stockroom_template;
	CREATE DATABASE stockroom_template_keys;
	EOT
	pg_migrate stockroom_template "$top/sql/migrations" \
	    "$top/sql/grants.sql" &&
	    pg_migrate stockroom_template_keys "$top/sql/keyring" \
	    "$top/sql/keyring/grants.sql" && pg_keep_image
}

# A copy has the rights on what is in the template, but not those on the
# database itself (CONNECT, TEMPORARY): so these files are sent once more.
pg_rights()
{
	{
		cat "$top/sql/roles.sql"
		pg_wrapped "$2"
	} | pg_sql "$1"
}

pg_database()
{
	pg_sql postgres <<-EOT || return 1
	CREATE DATABASE "$1" TEMPLATE stockroom_template;
	CREATE DATABASE "$1_keys" TEMPLATE stockroom_template_keys;
	EOT
	pg_rights "$1" "$top/sql/grants.sql" &&
	    pg_rights "$1_keys" "$top/sql/keyring/grants.sql"
}

# One case needs no copy: the templates themselves become its databases.
pg_case()
{
	pg_start && pg_template && pg_sql postgres <<-EOT || atf_fail 'no database'
	ALTER DATABASE stockroom_template RENAME TO t;
	ALTER DATABASE stockroom_template_keys RENAME TO t_keys;
	EOT
}

pg_answers()
{
	local want got

	want=$1
	shift
	got=$(pg_sql "$@" 2>&1) || got="error: $got"
	[ "$want" = "$got" ] || atf_fail "wanted: $want
got: $got"
}

pg_refused()
{
	local want got

	want=$1
	shift
	got=$(pg_sql "$@" 2>&1) && atf_fail "not refused: $got"
	case $got in
	*"$want"*) ;;
	*) atf_fail "wanted: $want
got: $got" ;;
	esac
}
