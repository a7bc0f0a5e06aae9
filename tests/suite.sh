# The whole suite for an end-to-end test: Postgres, sandbox, lighttpd, jobd, in
# the test's own folder. Source it, then in a case:
#	suite_start [NAME=VALUE...]   and what run.env says is set
#	suite_stop                    in cleanup
# etc/dev/client.sh has what a caller does; a failure there is the case's.

SRC=${STOCKROOM_SRC:?}
BUILD=${STOCKROOM_BUILD:?}
VAR=$PWD/var
export SRC BUILD VAR
. "$SRC/etc/dev/lib.sh"
. "$SRC/etc/dev/client.sh"
set +eu

fail()
{
	atf_fail "$*"
}

suite_start()
{
	env "$@" PORT="${PORT:-0}" "$SRC/etc/dev/start.sh" > start.out 2>&1 ||
		atf_fail "the suite does not start: $(cat start.out)"
	. "$VAR/run.env"
}

suite_stop()
{
	[ -n "${KEEP_SUITE:-}" ] || forget
}

# The processes that run jobs; execd, which ends jobd with it, is none of them.
jobd_workers()
{
	pgrep -P "$(pid_in "$RUN/jobd.pid")" -x jobd
}

# Nothing is missing, nothing is doubled: our numbers are the sandbox's.
complete()
{
	ours > ours
	truth > truth
	while read -r name number; do
		theirs=$(sed -n "s/^$name //p" truth)
		[ "$(echo "SELECT '$number'::numeric = '$theirs'::numeric" |
		    sql)" = t ] || atf_fail "$name: ours $number, theirs $theirs"
	done < ours
}

# control JSON: switches of the sandbox.
control()
{
	curl -q -sS -f --noproxy '*' -o /dev/null -d "$1" \
	    -H 'Content-Type: application/json' \
	    -H "X-Sandbox-Key: $(cat "$SECRETS/sandbox_key")" \
	    "$SANDBOX_URL/control" || atf_fail "the sandbox refused $1"
}
