#! /bin/sh
# Stops what etc/dev/start.sh started; safe to run twice.

. "$(dirname "$0")/lib.sh"
. "$DEV/pg.sh"

# end PIDFILE PROGRAM: asks it to leave, waits for that, then makes it.
end()
{
	runs "$1" "$2" || {
		rm -f "$1"
		return 0
	}
	end_pid=$(cat "$1")
	kill "$end_pid"
	await 15 gone "$1" "$2" || kill -KILL "$end_pid"
	rm -f "$1"
}

gone()
{
	! runs "$1" "$2"
}

end "$RUN/jobd.pid" "$BIN/jobd"
end "$RUN/lighttpd.pid" "$(lighttpd_path)"
pg_stop
if [ -s "$RUN/sockets" ]; then
	rm -rf "$(cat "$RUN/sockets")"
	rm "$RUN/sockets"
fi
