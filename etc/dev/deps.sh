#! /bin/sh
# Installs what is missing of Debian's packages: deps.sh run|check
#
# "run" is what builds and runs Stockroom, "check" adds what its tests need.
# Installed servers are not started, and nothing is left switched on.

set -eu

RUN="gcc libc6-dev make pkg-config libfcgi-dev libjson-c-dev libpq-dev
libcurl4-openssl-dev libssl-dev libseccomp-dev libhiredis-dev lighttpd
lighttpd-mod-openssl postgresql-15 openssl curl ca-certificates tzdata"
CHECK="kyua libatf-dev atf-sh clang clang-format libclang-rt-14-dev chromium
apache2 redis-server mandoc shellcheck jq wrk git python3"

POLICY=/usr/sbin/policy-rc.d
KEPT=$POLICY.stockroom-kept
CLUSTER=/etc/postgresql-common/createcluster.d/stockroom.conf

wanted()
{
	echo "$RUN"
	[ "$1" = check ] || return 0
	echo "$CHECK"
	# A newer Node than Debian's may be there; ours comes from npm anyway.
	command -v npm > /dev/null || echo nodejs npm
}

missing()
{
	# shellcheck disable=SC2046
	set -- $(wanted "$1")
	dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
		awk -v all="$*" '
			$1 == "installed" { has[$2] = 1 }
			END {
				n = split(all, want, " ")
				for (i = 1; i <= n; i++)
					if (!(want[i] in has))
						print want[i]
			}'
}

# A server that is installed would be started: this answer forbids it.
policy_lay()
{
	# Left by a run that was killed: what it kept is the original.
	if [ ! -e "$KEPT" ] && [ -e "$POLICY" ]; then
		mv "$POLICY" "$KEPT"
	fi
	printf '#!/bin/sh\n# Laid by deps.sh, for as long as it installs.\nexit 101\n' \
	    > "$POLICY"
	chmod 755 "$POLICY"
	mkdir -p "${CLUSTER%/*}"
	echo "create_main_cluster = false" > "$CLUSTER"
}

policy_back()
{
	rm -f "$POLICY" "$CLUSTER"
	[ ! -e "$KEPT" ] || mv "$KEPT" "$POLICY"
	rmdir "${CLUSTER%/*}" 2> /dev/null || :
}

# Nor shall they start with the machine, those that we brought.
switch_off()
{
	command -v systemctl > /dev/null || return 0
	for package in "$@"; do
		case $package in
		lighttpd | apache2 | redis-server)
			systemctl --quiet disable "$package" || : ;;
		esac
	done
}

install_all()
{
	trap policy_back EXIT
	trap 'exit 130' HUP INT TERM
	policy_lay
	DEBIAN_FRONTEND=noninteractive
	export DEBIAN_FRONTEND
	apt-get -q update
	apt-get -q -y --no-install-recommends install "$@"
	switch_off "$@"
}

as_root()
{
	if [ "$(id -u)" -eq 0 ]; then
		install_all "$@"
		return
	fi
	if command -v sudo > /dev/null && { [ -t 0 ] || sudo -n true; }; then
		sudo sh "$0" "$set"
		return
	fi
	echo "These packages are missing: $*" >&2
	echo "Run this as root, then try again:  sh $0 $set" >&2
	exit 1
}

set=${1:-run}
case $set in
run | check) ;;
*) echo "usage: deps.sh run|check" >&2; exit 2 ;;
esac
command -v dpkg-query > /dev/null || {
	echo "Not a Debian: install by hand the likes of" >&2
	wanted "$set" >&2
	exit 1
}
list=$(missing "$set")
# shellcheck disable=SC2086
[ -z "$list" ] || as_root $list
