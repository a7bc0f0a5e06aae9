# A private Postgres below $VAR, reached by a unix socket only. Sourced.
# shellcheck shell=sh
#
# Postgres refuses to run as root, so root lends it the user "postgres". That
# user cannot enter a tree of mode 0700: its data then lie in the system's
# lasting temporary folder, and $VAR/pg is a link to them.

PG_BIN=/usr/lib/postgresql/15/bin

pg_as()
(
	cd /
	export LC_ALL=C
	if [ "$(id -u)" -eq 0 ]; then
		exec runuser -u postgres -- "$@"
	fi
	exec "$@"
)

pg_own()
{
	[ "$(id -u)" -ne 0 ] || chown postgres: "$1"
}

# Data of a $VAR that was removed: its secrets are gone, so nothing opens them,
# but they are not ours to destroy.
pg_aside()
{
	if [ -L "$pg_dir" ] || ! pg_as test -O "$pg_dir"; then
		fail "$pg_dir is there and belongs to somebody else"
	fi
	! pg_as "$PG_BIN/pg_ctl" -D "$pg_dir" status > /dev/null 2>&1 ||
		fail "a Postgres runs on $pg_dir, but $VAR/pg does not name it"
	rm -rf "$pg_dir.old"
	mv "$pg_dir" "$pg_dir.old"
	say "set aside: $pg_dir.old has the data of an earlier $VAR"
}

# A folder for data outside the tree, that nobody else can have laid there.
pg_outside()
{
	pg_dir=/var/tmp/stockroom-pg-$(printf %s "$VAR" | cksum | cut -d' ' -f1)
	[ ! -e "$pg_dir" ] || pg_aside
	mkdir -m 700 "$pg_dir"
	pg_own "$pg_dir"
	ln -s "$pg_dir" "$VAR/pg"
}

# Finds or makes the folder; PGDATA is where it really lies.
pg_folder()
{
	if [ -L "$VAR/pg" ] && [ ! -d "$VAR/pg" ]; then
		rm "$VAR/pg"
	fi
	if [ ! -d "$VAR/pg" ]; then
		mkdir -m 700 "$VAR/pg"
		pg_own "$VAR/pg"
		pg_as test -w "$VAR/pg" || {
			rmdir "$VAR/pg"
			pg_outside
		}
	fi
	PGDATA=$(readlink -f "$VAR/pg")
}

pg_settings()
{
	cat <<-'EOF'

	# Stockroom's: nothing listens beyond this machine's files, and no
	# value of a row gets into the log. A new file of the WAL is not filled
	# with zeros first: each time, all commits waited 10-20 ms for that.
	listen_addresses = ''
	unix_socket_permissions = 0700
	log_error_verbosity = terse
	log_parameter_max_length = 0
	log_parameter_max_length_on_error = 0
	default_toast_compression = lz4
	jit = off
	wal_init_zero = off
	EOF
}

pg_init()
{
	pg_folder
	! pg_as test -s "$PGDATA/PG_VERSION" || return 0
	pg_as "$PG_BIN/initdb" -D "$PGDATA" -U postgres -A trust -E UTF8 \
	    --locale=C.UTF-8 > "$LOG/initdb.log" ||
		fail "initdb failed, see $LOG/initdb.log"
	pg_settings | pg_as tee -a "$PGDATA/postgresql.conf" > /dev/null
	rm -f "$SECRETS/operator_key"
}

# The socket's folder lets nobody in but us and Postgres, so "trust" is right.
pg_start()
{
	pg_init
	mkdir -m 700 "$1"
	pg_own "$1"
	pg_as "$PG_BIN/pg_ctl" -D "$PGDATA" -w -t 60 -s \
	    -l "$PGDATA/server.log" -o "-k '$1'" start ||
		fail "Postgres did not start, see $PGDATA/server.log"
	pg_create "$1" stockroom
	pg_create "$1" stockroom_keys
}

pg_create()
{
	pg_has=$(psql -XAtq "postgresql://postgres@/postgres?host=$1" \
	    -c "SELECT 1 FROM pg_database WHERE datname = '$2'")
	[ -n "$pg_has" ] ||
		psql -Xq "postgresql://postgres@/postgres?host=$1" \
		    -c "CREATE DATABASE $2"
}

pg_stop()
{
	[ -d "$VAR/pg" ] || return 0
	pg_folder
	[ -s "$PGDATA/postmaster.pid" ] || return 0
	pg_pid=$(head -n 1 "$PGDATA/postmaster.pid")
	if runs "$pg_pid" "$PG_BIN/postgres"; then
		pg_as "$PG_BIN/pg_ctl" -D "$PGDATA" -w -s -m fast stop
	else
		pg_stale
	fi
}

# Postgres was killed. A zombie or a stranger under its number would keep the
# next one from starting; its backends leave by themselves at once.
pg_stale()
{
	await 3 test ! -d "/proc/$pg_pid" || rm "$PGDATA/postmaster.pid"
}
