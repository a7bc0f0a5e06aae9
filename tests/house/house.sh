# What the tests of the code itself share. A rule is a shell function that
# prints what breaks it, one a line, in the tree it is called in.
# Each test keeps our own tree and then shows, on a small tree of its own, that
# the rule would have said so:
#
#	kept RULE [WORD...]	nothing breaks it in our tree
#	plant PATH		writes standard input into the case's own tree
#	broken WORDS RULE ...	the rule says WORDS of that tree
#	breaks N RULE ...	it says so many lines of it
#	silent RULE ...		it says nothing of that tree
#
# shellcheck shell=sh

top=${STOCKROOM_SRC:-$(cd "$(dirname "$0")/../../.." && pwd)}
# shellcheck disable=SC2034
at=$PWD # the case's own folder, also while a rule stands in a tree
# shellcheck disable=SC2034
build=${STOCKROOM_BUILD:-$top/build}

# Fails in one line; the list goes before it.
broke()
{
	cat "$1" >&2
	atf_fail "$(wc -l < "$1") break the rule: $2"
}

kept()
{
	(cd "$top" && "$@") > broken.out || :
	[ ! -s broken.out ] || broke broken.out "$1"
}

plant()
{
	mkdir -p "tree/$(dirname "$1")"
	cat > "tree/$1"
}

said()
{
	(cd tree && "$@")
}

broken()
{
	house_words=$1
	shift
	said "$@" > said.out || :
	grep -qF -- "$house_words" said.out || {
		cat said.out >&2
		atf_fail "does not say: $house_words"
	}
}

silent()
{
	said "$@" > said.out || :
	[ ! -s said.out ] || broke said.out "$1"
}

# breaks N RULE ...: it says so many lines.
breaks()
{
	house_n=$1
	shift
	said "$@" > said.out || :
	[ "$(wc -l < said.out)" -eq "$house_n" ] || {
		cat said.out >&2
		atf_fail "not $house_n lines"
	}
}

# Files of those folders whose names match, in order: files '*.c' lib jobs
files()
{
	house_name=$1
	shift
	for house_dir in "$@"; do
		[ ! -e "$house_dir" ] || find "$house_dir" -type f \
		    -name "$house_name" ! -path '*/node_modules/*'
	done | LC_ALL=C sort
}

# shellcheck disable=SC2034
product='lib cgi-bin jobs sandbox'

# C of folders as code.awk gives it: code or strings, then folders.
c_lines()
{
	house_want=$1
	shift
	files '*.[ch]' "$@" | xargs -r awk -v want="$house_want" \
	    -f "$top/tests/house/code.awk"
}
