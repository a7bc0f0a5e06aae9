#! /bin/sh
# Starts Postgres, the sandbox shop, jobd and lighttpd below $VAR, and says
# where. PORT=0 asks for any free port. etc/dev/stop.sh ends it all.

. "$(dirname "$0")/lib.sh"
. "$DEV/pg.sh"
. "$DEV/ca.sh"
. "$DEV/secrets.sh"
. "$DEV/conf.sh"
. "$DEV/web.sh"

unset PGHOST PGPORT PGUSER PGDATABASE PGPASSWORD PGSERVICE PGOPTIONS

folders()
{
	[ -d "$VAR" ] || {
		mkdir -p "$VAR"
		chmod 711 "$VAR"
	}
	mkdir -p "$RUN" "$LOG" "$SECRETS"
}

# One start at a time in a folder; the lock is not left to any daemon.
lock()
{
	[ -z "${STOCKROOM_LOCKED:-}" ] || return 0
	lock_rc=0
	STOCKROOM_LOCKED=1 flock -n -o -E 75 "$RUN/lock" "$0" || lock_rc=$?
	[ "$lock_rc" -ne 75 ] || fail "another start is under way in $VAR"
	exit "$lock_rc"
}

already()
{
	[ -s "$VAR/run.env" ] &&
		runs "$(pid_in "$RUN/jobd.pid")" "$BIN/jobd" &&
		runs "$(pid_in "$RUN/sender.pid")" "$BIN/sandbox.fcgi" &&
		runs "$(pid_in "$RUN/lighttpd.pid")" "$(lighttpd_path)"
}

# A folder with a short name: a socket's path has 107 bytes at most.
sockets()
{
	sockets_dir=$(mktemp -d /tmp/stockroom.XXXXXX)
	say "$sockets_dir" > "$RUN/sockets"
	chmod 711 "$sockets_dir"
	PG_SOCKET=$sockets_dir/pg
	WEB_SOCKETS=$sockets_dir/web
}

database()
{
	ADMIN_URL=${DATABASE_URL:-postgresql://postgres@/stockroom?host=$PG_SOCKET}
	[ -n "${DATABASE_URL:-}" ] || pg_start "$PG_SOCKET"
}

addresses()
{
	PORT=$PORT_ASKED
	[ "$PORT" -ne 0 ] || PORT=$(web_free_port)
	TLS_PORT=$(web_free_port)
	URL=${STOCKROOM_URL:-http://127.0.0.1:$PORT}
	conf_write
}

stockroom()
{
	STOCKROOM_CONF=$CONF "$BIN/stockroom" "$@"
}

migrate()
{
	DATABASE_URL=$ADMIN_URL KEYRING_URL=$(conf_keyring "$ADMIN_URL") \
	    stockroom migrate > "$LOG/migrate.log" 2>&1 || {
		cat "$LOG/migrate.log" >&2
		fail "the migrations failed"
	}
	[ -s "$SECRETS/operator_key" ] ||
		stockroom keys mint --operator --label run |
			put "$SECRETS/operator_key" 600
	[ -s "$SECRETS/operator_key" ] || fail "no operator's key was made"
}

# Ports that we chose ourselves are chosen again when somebody has them.
web()
{
	web_tries=5
	until web_start; do
		web_taken || fail "lighttpd did not start:" \
		    "$(cd "$LOG" && tail -n 4 lighttpd.start \
		    lighttpd.log programs.log)"
		web_tries=$((web_tries - 1))
		[ "$web_tries" -gt 0 ] || fail "port $PORT is taken;" \
		    "name another: make start PORT=8081, or PORT=0 for any"
		addresses
	done
}

# What the pretended Shopify sends: beside it, since it must not wait for us.
sender()
{
	exec env -i PATH="$CLEAN_PATH" STOCKROOM_CONF="$CONF" \
	    SANDBOX_STATE="$(absolute "${SANDBOX_STATE:-$VAR/sandbox}")" \
	    SANDBOX_SENDERS="${SANDBOX_SENDERS:-}" \
	    setsid "$BIN/sandbox.fcgi" sender \
	    < /dev/null >> "$LOG/sender.log" 2>&1 &
	say $! > "$RUN/sender.pid"
}

jobd()
{
	exec env -i PATH="$CLEAN_PATH" STOCKROOM_CONF="$CONF" \
	    setsid "$BIN/jobd" < /dev/null >> "$LOG/jobd.log" 2>&1 &
	say $! > "$RUN/jobd.pid"
}

answers()
{
	curl -q -fs --noproxy '*' --max-time 2 -o "$RUN/readyz" \
	    "http://127.0.0.1:$PORT/readyz"
}

ready()
{
	await 20 answers || {
		tail -n 5 "$LOG"/*.log >&2
		fail "http://127.0.0.1:$PORT/readyz did not answer 200"
	}
}

start()
{
	"$DEV/stop.sh"
	trap '"$DEV/stop.sh"' EXIT
	trap 'exit 130' INT TERM
	rm -f "$VAR/run.env"
	sockets
	ca_make
	secrets_make
	database
	addresses
	migrate
	web
	sender
	jobd
	ready
	run_env_write
	trap - EXIT INT TERM
}

folders
lock
PORT_ASKED=${PORT:-8080}
if already; then
	say "already running:"
else
	start
	say "running:"
fi
sed -n 's/^STOCKROOM_\(URL\|KEY\)=/  \1  /p' "$VAR/run.env"
say "  all names  $VAR/run.env"
say "  logs       $LOG"
