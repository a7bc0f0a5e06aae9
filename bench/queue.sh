#! /bin/sh
# The queue at full speed: COUNT jobs of 1,000 shops that do nothing, through
# jobd and its forked sync children, end to end, fsync on. The yardstick in the
# same run is the same SQL alone: one connection that settles and claims, and no
# children. Beside it, where npm is, Graphile Worker with handlers in its own
# process. All in turn, three times; the medians count. Then the time from a wake
# to the start at 100 jobs a second, and the rate while a transaction is held
# open, so that nothing dead can be cleaned up.
#
# It is the tests' jobd that runs, whose handlers do what their job says.

SRC=$(dirname "$0")/..
VAR=build/bench-queue
# shellcheck source=etc/dev/lib.sh
. "$SRC/etc/dev/lib.sh"
export VAR PORT=0
# shellcheck source=etc/dev/client.sh
. "$DEV/client.sh"
# shellcheck source=bench/peers/peer.sh
. "$SRC/bench/peers/peer.sh"

COUNT=${COUNT:-200000}
TURNS=${TURNS:-3}
WAKES=${WAKES:-1000}
JOBD_CHILDREN=${JOBD_CHILDREN:-2}
PROBE=$BUILD/tests/helpers/jobd_probe.fcgi

suite()
{
	forget
	"$DEV/start.sh" > /dev/null || fail "the suite did not start"
	trap 'end' EXIT
	trap 'exit 130' INT TERM
	. "$VAR/run.env"
	kill "$(pid_in "$RUN/jobd.pid")"
	await 20 no_jobd || fail "jobd does not end"
}

end()
{
	[ ! -f "$RUN/probe.pid" ] || kill "$(cat "$RUN/probe.pid")" || :
	"$DEV/stop.sh" > /dev/null
}

no_jobd()
{
	! runs "$(pid_in "$RUN/jobd.pid")" "$BIN/jobd"
}

# Becomes a program of ours, in the folder where the stamps come to lie.
become()
{
	cd "$RUN"
	exec env -i PATH="$CLEAN_PATH" STOCKROOM_CONF="$CONF" \
	    JOBD_CHILDREN="$JOBD_CHILDREN" "$@"
}

# ---- jobs

# fill COUNT: that many are there, in a queue that is paused.
fill()
{
	sql -v "n=$1" <<-'EOF'
	SET search_path = stockroom;
	SET client_min_messages = warning;
	TRUNCATE job, job_done, job_note;
	UPDATE queue SET paused = true, max_running = 4000 WHERE id = 1;
	DELETE FROM shop WHERE shop_id <= 1000;
	INSERT INTO shop (shop_id, domain, name)
	SELECT n, 'bench-' || n || '.myshopify.com', 'Shop ' || n
	FROM generate_series(1, 1000) n;
	INSERT INTO job (queue_id, shop_id, shop_epoch, kind, args,
	    soft_limit_s)
	SELECT 1, 1 + n % 1000, 1, 'webhook_apply', '{"do": ""}', 10
	FROM generate_series(1, :n) n;
	VACUUM ANALYZE job;
	CHECKPOINT;
	EOF
}

# Prints the time by the database's clock.
go()
{
	sql <<-'EOF'
	UPDATE stockroom.queue SET paused = false WHERE id = 1;
	NOTIFY jobd;
	SELECT extract(epoch FROM now());
	EOF
}

none_left()
{
	[ "$(echo 'SELECT count(*) FROM (SELECT 1 FROM stockroom.job
	    WHERE queue_id = 1 LIMIT 1) j;' | sql)" = 0 ]
}

# ---- what is measured

leased()
{
	grep -q '"jobd.lease"' "$RUN/probe.log"
}

probe_start()
{
	: > "$RUN/probe.log"
	become "$PROBE" 2> "$RUN/probe.log" &
	echo $! > "$RUN/probe.pid"
	await 20 leased || fail "jobd: $(cat "$RUN/probe.log")"
}

probe_stop()
{
	kill "$(cat "$RUN/probe.pid")"
	wait "$(cat "$RUN/probe.pid")" || fail "jobd did not end well"
	rm "$RUN/probe.pid"
}

# jobs a second, end to end
through_jobd()
{
	fill "$COUNT"
	probe_start
	began=$(go)
	await 300 none_left || fail "jobs are left: $(tail -n 5 "$RUN/probe.log")"
	probe_stop
	sql -v "began=$began" -v "n=$COUNT" <<-'EOF'
	SELECT round(count(*) / (extract(epoch FROM max(finished_at)) - :began))
	FROM stockroom.job_done
	WHERE queue_id = 1 AND shop_id > 0 AND outcome = 'completed'
	HAVING count(*) = :n;
	EOF
}

by_sql()
{
	fill "$COUNT"
	go > "$RUN/began"
	(become "$BUILD/bench/queue/run" drain)
}

by_graphile()
(
	sql <<-'EOF'
	SET client_min_messages = warning;
	DROP DATABASE IF EXISTS graphile;
	CREATE DATABASE graphile;
	EOF
	DATABASE_URL=$(printf %s "$DATABASE_URL" | sed 's,/stockroom?,/graphile?,')
	export DATABASE_URL
	peer_run graphile run.mjs "$COUNT"
)

wakes()
{
	fill 0
	go > "$RUN/began"
	rm -f "$RUN/stamps"
	probe_start
	(become "$BUILD/bench/queue/run" wake 100 "$WAKES" "$RUN/stamps") ||
		fail "not all of them began: $(tail -n 5 "$RUN/probe.log")"
	probe_stop
}

held()
{
	mkfifo "$RUN/held"
	sql < "$RUN/held" > "$RUN/held.out" &
	held_pid=$!
	exec 9> "$RUN/held"
	cat >&9 <<-'EOF'
	SET idle_in_transaction_session_timeout = 0;
	BEGIN ISOLATION LEVEL REPEATABLE READ;
	SELECT count(*) FROM stockroom.queue;
	EOF
	through_jobd
	exec 9>&-
	wait "$held_pid"
}

median()
{
	sort -n "$1" | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'
}

# ratio OF TO: two files' medians
ratio()
{
	awk -v a="$(median "$1")" -v b="$(median "$2")" \
	    'BEGIN { printf "%.2f", a / b }'
}

suite
PEERS=true
peer_install graphile || PEERS=false
turn=0
while [ "$turn" -lt "$TURNS" ]; do
	turn=$((turn + 1))
	by_sql | tee -a "$RUN/sql" | sed 's/^/the SQL alone: /; s/$/ jobs a second/'
	through_jobd | tee -a "$RUN/jobd" |
		sed 's/^/through jobd: /; s/$/ jobs a second/'
	! $PEERS || by_graphile | tee -a "$RUN/graphile" |
		sed 's/^/Graphile Worker: /; s/$/ jobs a second/'
done
wakes > "$RUN/wakes"
held > "$RUN/held.rate"
printf '{"jobs_per_s": %s, "ratio": %s, ' "$(median "$RUN/jobd")" \
    "$(ratio "$RUN/jobd" "$RUN/sql")"
! $PEERS || printf '"ratio_graphile": %s, ' \
    "$(ratio "$RUN/jobd" "$RUN/graphile")"
printf '"wake_p50_ms": %s, "wake_p99_ms": %s, "held_xmin_jobs_per_s": %s}\n' \
    "$(cut -d' ' -f1 "$RUN/wakes")" "$(cut -d' ' -f2 "$RUN/wakes")" \
    "$(cat "$RUN/held.rate")"
