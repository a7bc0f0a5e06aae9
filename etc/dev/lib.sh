# What the scripts of this folder share; sourced by them, with $0 theirs.
# shellcheck shell=sh disable=SC2034
#
# BUILD and VAR may be named from outside, relative to the source tree.

set -eu
umask 077

SRC=$(cd "$(dirname "$0")/../.." && pwd -P)
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

# What a daemon of ours may see of the caller's environment.
clean()
{
	env -i PATH="$PATH:/usr/sbin:/sbin" "$@"
}

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

# Whether the process that FILE names still runs the program PATH. A zombie
# and a stranger who got the same number do not.
runs()
{
	[ -s "$1" ] || return 1
	runs_exe=$(readlink "/proc/$(cat "$1")/exe") || return 1
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
