#! /bin/sh
# Prints how long the product's functions and files are, and which are the
# longest, each a place to look. Run it in a source tree.

set -eu
LC_ALL=C
export LC_ALL
dev=$(cd "$(dirname "$0")" && pwd)
folders='lib cgi-bin jobs sandbox'

product()
{
	for dir in $folders; do
		[ ! -d "$dir" ] || find "$dir" -name "*.[$1]" -type f
	done | sort
}

figures()
{
	sort -n | awk -v what="$1" '
	{ n[NR] = $1 }
	END {
		if (NR)
			printf "%s: %d, median %d, p90 %d, longest %d\n", what,
			    NR, n[int((NR + 1) / 2)], n[int(NR * .9 + .5)],
			    n[NR]
	}'
}

files()
{
	product c | xargs -r awk '
	FNR == 1 && NR > 1 { print n "\t" file }
	{ n = FNR; file = FILENAME }
	END { if (NR) print n "\t" file }'
}

functions()
{
	product ch | xargs -r awk -f "$dev/functions.awk"
}

longest()
{
	sort -rn | head -n "$1" | sed 's/^/  /'
}

functions | figures "functions, lines"
files | figures "files, lines"
printf 'lines over 80 columns: '
product ch | xargs -r cat | expand | awk 'length > 80' | wc -l
echo "longest functions:"
functions | longest 5
echo "longest files:"
files | longest 5
