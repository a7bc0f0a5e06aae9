#! /bin/sh
# Starts everything, stays in the foreground, and stops everything on Ctrl-C.

. "$(dirname "$0")/lib.sh"

trap 'exit 0' INT TERM
"$DEV/start.sh"
trap '"$DEV/stop.sh"; say stopped' EXIT

say "  Ctrl-C stops all"
tail -f --pid="$(cat "$RUN/jobd.pid")" /dev/null &
wait $! || :
say "jobd has ended, see $LOG/jobd.log" >&2
exit 1
