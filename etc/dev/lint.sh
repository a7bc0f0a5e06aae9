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

# What dash and atf-sh know beyond POSIX is let pass: local.
shell()
{
	tree -name '*.sh' |
		xargs -r shellcheck -s sh -x -P etc/dev -e SC2016,SC3043 &&
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
	"$what" || rc=1
done
exit "$rc"
