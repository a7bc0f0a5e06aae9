#! /bin/sh
# Makes $BUILD/stockroom_VERSION_ARCH.deb from what "make install" installs.

. "$(dirname "$0")/lib.sh"

VERSION=$1
ARCH=$(dpkg --print-architecture)
ROOT=$BUILD/deb

# The libraries that the programs are linked with, as packages.
depends()
{
	ldd "$BIN"/*.fcgi "$BIN/jobd" "$BIN/stockroom" |
		sed -n 's,.*=> \(/[^ ]*\) .*,\1,p' | sort -u |
		grep -E '/lib(fcgi|json-c|pq|curl|crypto|ssl|seccomp|hiredis|c)\.' |
		xargs -n 1 readlink -f | while read -r library; do
			dpkg-query -S "$library" "${library#/usr}" 2> /dev/null
		done | sed 's/:.*//' | sort -u | paste -sd , | sed 's/,/, /g'
}

control()
{
	cat <<-EOF
	Package: stockroom
	Version: $VERSION
	Architecture: $ARCH
	Maintainer: Stockroom <stockroom@localhost>
	Section: web
	Priority: optional
	Depends: $(depends), tzdata
	Recommends: lighttpd | httpd, postgresql (>= 15)
	Description: self-hosted Shopify app back end
	 Installs an app on shops, keeps their data in Postgres, takes webhooks
	 and pixel events, and answers the privacy law.
	EOF
}

umask 022
rm -rf "$ROOT"
make -C "$SRC" --no-print-directory BUILD="$BUILD" DESTDIR="$ROOT" \
    PREFIX=/usr install > /dev/null
mkdir -p "$ROOT/DEBIAN"
control > "$ROOT/DEBIAN/control"
dpkg-deb --root-owner-group -b "$ROOT" "$BUILD/stockroom_${VERSION}_$ARCH.deb"
