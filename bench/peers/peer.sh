# The systems that people use for this now, run beside ours by the benches, in
# the same run over the same Postgres. Sourced after etc/dev/lib.sh.
# shellcheck shell=sh

# peer_install NAME: brings bench/peers/NAME from npm; where that is not, says
# so and fails: the bench goes on without it.
peer_install()
{
	"$DEV/npm.sh" "bench/peers/$1" > "$LOG/npm-$1.log" 2>&1 || {
		say "without $1: npm does not bring it, see $LOG/npm-$1.log" >&2
		return 1
	}
}

# peer_run NAME FILE [WORD...]: Node with a file of that peer's, in the
# foreground. Node looks for packages beside the file, so it runs a copy.
peer_run()
{
	peer_name=$1
	peer_file=$2
	shift 2
	cp "$SRC/bench/peers/$peer_name/$peer_file" \
	    "$BUILD/npm/bench/peers/$peer_name/"
	exec "$BUILD/npm/node" "$BUILD/npm/bench/peers/$peer_name/$peer_file" "$@"
}
