# What the scripts of this folder share; sourced by them, with $0 theirs.
# shellcheck shell=sh disable=SC2034
#
# BUILD and VAR may be named from outside, relative to the source tree.

set -eu
umask 077

SRC=$(cd "${SRC:-$(dirname "$0")/../..}" && pwd -P)
DEV=$SRC/etc/dev

absolute()
{
	case $1 in
	/*) printf '%s\n' "$1" ;;
	*) printf '%s\n' "$SRC/$1" ;;
	esac
}

BUILD=$(absolute "${BUILD:-build}")
VAR=$(absolute "${VAR:-var}")
BIN=$BUILD/bin
RUN=$VAR/run
LOG=$VAR/log
SECRETS=$VAR/secrets
CONF=$RUN/stockroom.conf

say()
{
	printf '%s\n' "$*"
}

fail()
{
	printf '%s\n' "$*" >&2
	exit 1
}

# All that a daemon of ours sees of the caller's environment.
CLEAN_PATH=$PATH:/usr/sbin:/sbin

# Runs a test until it holds, 20 times a second; gives up after $1 seconds.
await()
{
	await_tries=$(($1 * 20))
	shift
	until "$@"; do
		await_tries=$((await_tries - 1))
		[ "$await_tries" -gt 0 ] || return 1
		sleep 0.05
	done
}

pid_in()
{
	cat "$1" 2> /dev/null || :
}

# runs PID PROGRAM: a zombie does not, nor a stranger who got the number.
runs()
{
	[ -n "$1" ] || return 1
	runs_exe=$(readlink "/proc/$1/exe") || return 1
	[ "${runs_exe% (deleted)}" = "$(readlink -f "$2")" ]
}

# Replaces a file by what comes on stdin, in one step.
put()
{
	cat > "$1.new"
	chmod "$2" "$1.new"
	mv "$1.new" "$1"
}

lighttpd_path()
{
	command -v lighttpd || say /usr/sbin/lighttpd
}

# Ends the suite of $VAR and all its data, wherever they lie.
forget()
{
	"$DEV/stop.sh" > /dev/null || :
	[ ! -L "$VAR/pg" ] || rm -rf "$(readlink -f "$VAR/pg")"
	rm -rf "${VAR:?}"
}
