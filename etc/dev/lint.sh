#! /bin/sh
# Looks at how texts are written; says what is not so:
#	lint.sh [format] [shell] [pages]	all of them unless said
#
#	format	C as .clang-format has it
#	shell	shellcheck; scripts without a first line of their own are sh
#	pages	manual pages in mdoc

cd "$(dirname "$0")/../.." || exit 2

# Files of the tree whose names match, untracked ones too.
tree()
{
	find . \( -name .git -o -name node_modules -o -path ./build \
	    -o -path ./var -o -path ./www/vendor \) -prune \
	    -o -type f "$@" -print | sort
}

format()
{
	tree -name '*.[ch]' | xargs -r clang-format --dry-run -Werror
}

# Let pass: files that are there only at run time; ls, and $ in single quotes,
# which is awk's; "a && b || c"; words that for reads; a function and a file of
# one name; what bash has under the name, and a function's "$@" that may be none.
let_pass=SC1091,SC2012,SC2016,SC2015,SC2013,SC2094,SC2238,SC3043,SC3044
let_pass=$let_pass,SC2119,SC2120

shell()
{
	tree -name '*.sh' |
		xargs -r shellcheck -s sh -x -P etc/dev -e "$let_pass" &&
	shellcheck .ci/run
}

pages()
{
	pages_list=$(tree -name '*.[1-8]' -path './man/*')
	# shellcheck disable=SC2086
	[ -z "$pages_list" ] || mandoc -Tlint -Wwarning $pages_list
}

[ $# -gt 0 ] || set -- format shell pages
rc=0
for what; do
	case $what in
	format) format ;;
	shell) shell ;;
	pages) pages ;;
	*) echo "usage: lint.sh [format] [shell] [pages]" >&2; exit 2 ;;
	esac || rc=1
done
exit "$rc"
