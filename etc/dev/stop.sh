#! /bin/sh
# Stops what etc/dev/start.sh started; safe to run twice.

. "$(dirname "$0")/lib.sh"
. "$DEV/pg.sh"

# end PIDFILE PROGRAM: asks it to leave, waits for that, then makes it.
end()
{
	end_pid=$(pid_in "$1")
	if runs "$end_pid" "$2"; then
		kill "$end_pid"
		await 15 gone "$end_pid" "$2" || kill -KILL "$end_pid"
	fi
	rm -f "$1"
}

gone()
{
	! runs "$1" "$2"
}

# Programs of ours whose lighttpd was killed before it could end them.
orphans()
{
	find /proc -maxdepth 2 -name exe -lname "$BIN/*" 2> /dev/null |
		while read -r orphan; do
			orphan=${orphan%/exe}
			tr '\0' '\n' < "$orphan/environ" 2> /dev/null |
				grep -qxF "STOCKROOM_CONF=$CONF" || continue
			kill "${orphan#/proc/}" 2> /dev/null || :
		done
}

end "$RUN/sender.pid" "$BIN/sandbox.fcgi"
end "$RUN/jobd.pid" "$BIN/jobd"
end "$RUN/lighttpd.pid" "$(lighttpd_path)"
orphans
pg_stop
if [ -s "$RUN/sockets" ]; then
	rm -rf "$(cat "$RUN/sockets")"
	rm "$RUN/sockets"
fi
