#! /bin/sh
# The door at full speed: orders of 6 KB, every body and delivery id different,
# signed ahead, over 32 connections through lighttpd, fsync on. The yardstick in
# the same run is pgbench: 16 clients, the same statement with sealed bytes of
# the same length, a commit each. Beside it, where npm is, fastify and pg: the
# same deliveries, without a web server in front, by one process and by two. All
# in turn, twice; the better one of each counts, since what disturbs only slows.

SRC=$(dirname "$0")/..
VAR=build/bench-webhooks
# shellcheck source=etc/dev/lib.sh
. "$SRC/etc/dev/lib.sh"
export VAR PORT=0
# shellcheck source=etc/dev/client.sh
. "$DEV/client.sh"
# shellcheck source=bench/peers/peer.sh
. "$SRC/bench/peers/peer.sh"

COUNT=${COUNT:-20000}
BYTES=6144
CONNECTIONS=32
CLIENTS=16

suite()
{
	forget
	"$DEV/start.sh" > /dev/null || fail "the suite did not start"
	trap '"$DEV/stop.sh" > /dev/null' EXIT
	trap 'exit 130' INT TERM
	. "$VAR/run.env"
	connect "$SANDBOX_SHOP"
	await 20 one || fail "the door does not open"
	# What the door puts is not worked off meanwhile.
	kill "$(pid_in "$RUN/jobd.pid")"
}

# A new installation has no inbox key until jobd has made the first.
one()
{
	COUNT=1 door > "$RUN/first"
}

# member NAME < a JSON line of ours.
member()
{
	sed -n "s/.*\"$1\": \([0-9.]*\).*/\1/p"
}

load()
{
	"$BUILD/bench/load/run" "$1" "$SHOPIFY_API_SECRET" \
	    "$SANDBOX_SHOP" "$COUNT" "$CONNECTIONS" "$BYTES"
}

door()
{
	load "${STOCKROOM_URL##*:}"
}

# The door's statement with one row of constants; bytes that do not compress.
statement()
{
	body=$(head -c $((BYTES + 65)) /dev/urandom | od -An -v -tx1 |
		tr -d ' \n')
	sed -n '/^-- name: webhook_keep/,/;$/{/^--/d;p;}' \
	    "$SRC/sql/queries/webhook.sql" | sed "
	s/\\\$1::uuid\[\]/ARRAY[gen_random_uuid()]/
	s/\\\$2::text\[\]/ARRAY['$SANDBOX_SHOP']/
	s/\\\$3::text\[\]/ARRAY['orders\\/create']/
	s/\\\$4::text\[\]/ARRAY[gen_random_uuid()::text]/
	s/\\\$5::text\[\]/ARRAY[gen_random_uuid()::text]/
	s/\\\$6::text\[\]/ARRAY['2026-10']/
	s/\\\$7::text\[\]/ARRAY['2026-11-24T15:00:00.123456789Z']/
	s/\\\$8::bytea\[\]/ARRAY['0123456789abcdef'::bytea]/
	s/\\\$9::bytea\[\]/ARRAY[sha256('x')]/
	s/\\\$10::bigint\[\]/ARRAY[$BYTES::bigint]/
	s/\\\$11::bytea\[\]/ARRAY['\\\\x$body'::bytea]/
	s/\\\$12::bytea\[\]/ARRAY[sha256(random()::text::bytea)]/
	s/\\\$13::bigint\[\]/ARRAY[1::bigint]/
	s/\\\$14::int/30/
	s/\\\$15::int/60/
	s/\\\$16::smallint/10::smallint/"
}

yardstick()
{
	pgbench -n -M prepared -c "$CLIENTS" -j 2 -T 4 -f "$RUN/statement.sql" \
	    -h "$(cat "$RUN/sockets")/pg" -U stockroom_webhooks stockroom \
	    2> "$RUN/pgbench.err" | sed -n 's/^tps = \([0-9]*\).*/\1/p'
}

# ---- fastify

PEER_PORT=$((20000 + $$ % 10000))

peer_ready()
{
	grep -q ready "$RUN/peer"
}

# fastify PROCESSES
fastify()
{
	(
		export DATABASE_URL SHOPIFY_API_SECRET
		peer_run fastify server.mjs "$PEER_PORT" "$1"
	) > "$RUN/peer" \
	    2> "$LOG/fastify.log" &
	await 20 peer_ready || fail "fastify: $(cat "$LOG/fastify.log")"
	load "$PEER_PORT" | sed "s/^/fastify x$1: /"
	kill $!
	wait $! || :
}

# One process and two, in $RUN/peers.
peers()
{
	! $PEERS || {
		fastify 1
		fastify 2
	} >> "$RUN/peers"
}

# ---- what is said

# The most memory that the program has had, in MB.
memory()
{
	for pid in $(pidof webhooks.fcgi); do
		grep -q "$VAR" "/proc/$pid/environ" || continue
		awk '/^VmHWM/ { printf "%.1f\n", $2 / 1024 }' \
		    "/proc/$pid/status"
	done | sort -n | tail -n 1
}

# best FILE...: the one whose rps is the highest.
best()
{
	for file; do
		printf '%s %s\n' "$(member rps < "$file")" "$file"
	done | better
}

better()
{
	sort -n | tail -n 1 | sed 's/^[^ ]* //'
}

line()
{
	awk -v rps="$(member rps < "$1")" -v p50="$(member p50_ms < "$1")" \
	    -v p99="$(member p99_ms < "$1")" -v tps="$2" -v peer="$3" \
	    -v mb="$(memory)" 'BEGIN {
		printf "{\"rps\": %d, \"p50_ms\": %.2f, \"p99_ms\": %.2f, ",
		    rps, p50, p99
		printf "\"ratio\": %.2f, ", rps / tps
		if (peer != "")
			printf "\"ratio_fastify\": %.2f, ", rps / peer
		printf "\"rss_mb\": %.1f}\n", mb
	}'
}

suite
statement > "$RUN/statement.sql"
PEERS=true
peer_install fastify || PEERS=false
for turn in 1 2; do
	door > "$RUN/door.$turn"
	yardstick >> "$RUN/pgbench"
	peers
done
[ -s "$RUN/pgbench" ] || fail "pgbench: $(cat "$RUN/pgbench.err")"
sed 's/^/door: /' "$RUN/door.1" "$RUN/door.2"
sed 's/^/pgbench, a commit each: /' "$RUN/pgbench"
! $PEERS || cat "$RUN/peers"
line "$(best "$RUN/door.1" "$RUN/door.2")" "$(better < "$RUN/pgbench")" \
    "$(! $PEERS || member rps < "$RUN/peers" | better)"
