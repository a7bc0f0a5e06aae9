#! /bin/sh
# Who is slow, and who is no web server, holds nobody up (REL-14). 300 heads and
# 300 bodies that do not end are held open behind lighttpd, then behind Apache
# with the threads of etc/apache.conf; meanwhile good requests are timed, one
# after another: at most 50 ms at p99. Then 50 idle connections and 5,000 broken
# streams of records on an ingest program's own socket: the next good request
# after each in at most 200 ms.

SRC=$(dirname "$0")/..
VAR=build/bench-slow
# shellcheck source=etc/dev/lib.sh
. "$SRC/etc/dev/lib.sh"
export VAR PORT=0
# shellcheck source=etc/dev/client.sh
. "$DEV/client.sh"
# shellcheck source=tests/e2e/servers.sh
. "$SRC/tests/e2e/servers.sh"

GOOD=${GOOD:-6000}
HEADS=300
BODIES=300

# As tests/e2e/servers.sh says it.
atf_fail()
{
	fail "$@"
}

suite()
{
	forget
	RATE_ADDRESS_PER_MIN=10000000 "$DEV/start.sh" > /dev/null ||
		fail "the suite did not start"
	trap 'cd "$RUN"; servers_stop; "$DEV/stop.sh" > /dev/null' EXIT
	trap 'exit 130' INT TERM
	# shellcheck source=/dev/null
	. "$VAR/run.env"
	connect "$SANDBOX_SHOP"
	cd "$RUN"
	await 20 open || fail "the door does not open"
}

open()
{
	[ "$(curl -q -s --noproxy '*' -o answer -w '%{http_code}' -d '{}' \
	    "$STOCKROOM_URL/webhooks")" = 401 ]
}

# member NAME FILE: of a JSON line of ours.
member()
{
	sed -n "s/.*\"$1\": \([0-9.]*\).*/\1/p" "$2"
}

# held NAME URL: good requests while slow ones are held; in the file NAME.
held()
{
	"$BUILD/tests/helpers/slow.fcgi" "${2##*:}" "$SHOPIFY_API_SECRET" \
	    "$SANDBOX_SHOP" "$HEADS" "$BODIES" "$GOOD" > "$1" 2> "$1.bad" ||
		say "$1: $(head -n 3 "$1.bad")"
	[ -s "$1" ] || fail "$1 gave no figures"
	say "$1: $(cat "$1")"
}

# apache_mb: Apache's processes together, each shared page counted once.
apache_mb()
{
	root=$(cat apache.pid)
	for pid in "$root" $(cat "/proc/$root/task"/*/children); do
		cat "/proc/$pid/smaps_rollup"
	done | awk '/^Pss:/ { kb += $2 } END { printf "%.1f\n", kb / 1024 }'
}

# Its figure is printed by the test that knows how to break a stream.
broken()
{
	broken_case=five_thousand_broken_streams_hold_nobody_up
	mkdir -p broken
	(cd broken && STOCKROOM_SRC=$SRC STOCKROOM_BUILD=$BUILD \
	    "$BUILD/tests/lib/web/ingest_test" -r result $broken_case \
	    > out 2> err) || fail "broken streams: $(cat broken/result)"
	sed -n 's/^next_max_ms //p' broken/out
}

suite
held lighttpd "$STOCKROOM_URL"
apache_start
mb=$(apache_mb)
held apache "$APACHE"
next=$(broken)
for server in lighttpd apache; do
	for name in p99 max; do
		printf '"%s_%s_ms": %s, ' "$server" "$name" \
		    "$(member "${name}_ms" "$server")"
	done
	printf '"%s_bad": %s, ' "$server" "$(member bad "$server")"
done > figures
printf '{%s"next_max_ms": %s, "apache_mb": %s, "apache_held_mb": %s}\n' \
    "$(cat figures)" "$next" "$mb" "$(apache_mb)"
