#! /bin/sh
# One io child at work: every job asks a host that answers 200 ms late, over
# TLS, and ends by a commit of its own, fsync on. With 256 tasks 1,280 jobs a
# second are possible; what is missing is what jobd, the child and Postgres
# need. The sandbox has a process for each call and cannot be 256 at once, so
# bench/late answers. Memory is the most that the child has had.

SRC=$(dirname "$0")/..
VAR=build/bench-io
# shellcheck source=etc/dev/lib.sh
. "$SRC/etc/dev/lib.sh"
export VAR PORT=0
# shellcheck source=etc/dev/client.sh
. "$DEV/client.sh"

TASKS=${TASKS:-256}
LATE_MS=200
WARM_S=3
TIME_S=${TIME_S:-10}

suite()
{
	forget
	"$DEV/start.sh" > /dev/null || fail "the suite did not start"
	trap 'over' EXIT
	trap 'exit 130' INT TERM
	. "$VAR/run.env"
	kill "$(pid_in "$RUN/jobd.pid")"
}

over()
{
	for pid in $(pid_in "$RUN/io.pid") $(pid_in "$RUN/late.pid"); do
		kill "$pid" 2> /dev/null || :
	done
	"$DEV/stop.sh" > /dev/null
}

late()
{
	mkdir -p "$RUN/late"
	"$BUILD/bench/late/run" "$LATE_MS" "$RUN/late" &
	echo $! > "$RUN/late.pid"
	await 10 [ -s "$RUN/late/port" ] || fail "nobody listens"
}

jobs_put()
{
	sql <<-EOF
	SET search_path = stockroom;
	UPDATE queue SET max_running = 2000, max_running_per_shop = 2000
	WHERE id = 4;
	INSERT INTO job (queue_id, kind, args, max_attempts)
	SELECT 4, 'token_refresh', '{}', 1
	FROM generate_series(1, $TASKS * 1000 / $LATE_MS * ($WARM_S + $TIME_S + 2));
	ANALYZE job;
	EOF
}

jobd()
{
	STOCKROOM_CONF=$CONF JOBD_CHILDREN=1 JOBD_IO_CHILDREN=1 \
	    JOBD_IO_TASKS=$TASKS LOG_LEVEL=warn CA_FILE="$RUN/late/ca.pem" \
	    CONNECT_TO="late.test:443:127.0.0.1:$(cat "$RUN/late/port")" \
	    "$BUILD/bench/io/run" 2> "$LOG/io.log" &
	echo $! > "$RUN/io.pid"
}

ended()
{
	sql <<-'EOF'
	SELECT count(*) FROM stockroom.job_done
	WHERE kind = 'token_refresh' AND outcome = 'completed';
	EOF
}

at_work()
{
	[ "$(ended)" -gt "$TASKS" ]
}

# The most memory that a child has had, in MB: the io child's.
memory()
{
	ps -o pid= --ppid "$(pid_in "$RUN/io.pid")" | while read -r pid; do
		awk '/^VmHWM/ { printf "%.1f\n", $2 / 1024 }' \
		    "/proc/$pid/status"
	done | sort -n | tail -n 1
}

# From when all tasks are at work, by the database's clock.
rate()
{
	sql <<-EOF
	SELECT round(count(*) / $TIME_S.0, 1) FROM stockroom.job_done,
	    (SELECT min(finished_at) + interval '$WARM_S s' AS began
	    FROM stockroom.job_done WHERE kind = 'token_refresh') t
	WHERE kind = 'token_refresh' AND outcome = 'completed'
	AND finished_at >= began
	AND finished_at < began + interval '$TIME_S s';
	EOF
}

suite
late
jobs_put
jobd
await 30 at_work || {
	tail -n 5 "$LOG/io.log" >&2
	fail "the jobs do not run"
}
sleep $((WARM_S + TIME_S + 1))
awk -v rate="$(rate)" -v tasks="$TASKS" -v ms="$LATE_MS" \
    -v mb="$(memory)" 'BEGIN {
	ideal = tasks * 1000 / ms
	printf "{\"jobs_per_s\": %d, \"ideal_per_s\": %d, ", rate, ideal
	printf "\"efficiency\": %.2f, \"rss_mb\": %.1f}\n", rate / ideal, mb
}'
