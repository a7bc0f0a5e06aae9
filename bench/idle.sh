#! /bin/sh
# What the suite costs while nobody calls: the sum of Pss (each shared page
# counted once) of every program of ours and the web server, without Postgres
# and the sandbox. design.md 1.5 allows 40 MB.

SRC=$(dirname "$0")/..
VAR=build/bench-idle
# shellcheck source=etc/dev/lib.sh
. "$SRC/etc/dev/lib.sh"
export VAR PORT=0

# tree PID: it and all its children, a line each.
tree()
{
	echo "$1"
	for child in $(cat "/proc/$1/task"/*/children 2> /dev/null); do
		tree "$child"
	done
}

# "kB NAME" of a process; nothing of the sandbox.
pss()
{
	name=$(cat "/proc/$1/comm") || return 0
	[ "$name" != sandbox.fcgi ] || return 0
	awk -v name="$name" '/^Pss:/ { print $2, name }' \
	    "/proc/$1/smaps_rollup"
}

forget
"$DEV/start.sh" > /dev/null || fail "the suite did not start"
trap '"$DEV/stop.sh" > /dev/null' EXIT
trap 'exit 130' INT TERM
for root in $(pid_in "$RUN/lighttpd.pid") $(pid_in "$RUN/jobd.pid"); do
	tree "$root"
done | while read -r pid; do
	pss "$pid"
done | sort -k 2 -k 1n | awk '
	{ n[$2]++; kb[$2] += $1; all += $1 }
	END {
		for (name in n)
			printf "%-16s %2d processes %8.2f MB\n", name,
			    n[name], kb[name] / 1024
		printf "{\"pss_mb\": %.2f}\n", all / 1024
	}'
