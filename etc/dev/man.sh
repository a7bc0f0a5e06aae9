#! /bin/sh
# Writes what manual pages and the sample file say about settings, figures and
# routes, from lib/base/conf.def, lib/io/metrics.def and the programs' tables:
#	man.sh			writes them anew, in the tree
#	man.sh check		says where the tree differs; exit status 1 then
#
# In a page it is what stands between the two lines
#	.\" made from NAME by etc/dev/man.sh
#	.\" end
# Needs jq, and $BUILD/openapi for the routes.

. "$(dirname "$0")/lib.sh"

trap 'rm -rf "$MADE"' EXIT
MADE=$(mktemp -d)

# Sentences and long lines broken as mdoc wants them; code in quotes.
prose()
{
	awk '
	function put(line) { if (line != "") print line }
	/^\./ || length == 0 { print; next }
	{
		line = ""
		gsub(/`[^`]*`/, "\\(oq&\\(cq")
		gsub(/`/, "")
		n = split($0, words, " ")
		for (i = 1; i <= n; i++) {
			if (length(line) + length(words[i]) > 76) {
				put(line)
				line = ""
			}
			line = line == "" ? words[i] : line " " words[i]
			if (line ~ /^[.'\'']/)
				line = "\\&" line
			if (words[i] ~ /[.?!]$/) {
				put(line)
				line = ""
			}
		}
		put(line)
	}'
}

# The rows of a .def file: fields of a macro's call, apart by tabs.
rows()
{
	sed -n "s/^$1(\(.*\))\$/\1/p" "$2" | awk '
	# Commas within quotes are text.
	{
		out = ""
		quoted = 0
		for (i = 1; i <= length($0); i++) {
			c = substr($0, i, 1)
			if (c == "\"")
				quoted = !quoted
			else if (c == "," && !quoted) {
				out = out "\t"
				if (substr($0, i + 1, 1) == " ")
					i++
			} else
				out = out c
		}
		print out
	}'
}

settings()
{
	rows CONF "$SRC/lib/base/conf.def" | awk -F '\t' '
	BEGIN {
		kind["CONF_TEXT"] = "text"
		kind["CONF_INT"] = "number"
		kind["CONF_BOOL"] = "yes or no"
		kind["CONF_FILE"] = "file"
		print ".Bl -tag -width Ds"
	}
	{
		print ".It Ic " $1 " Pq " kind[$2]
		print $4
		if ($3 == "")
			print "Not set by default."
		else {
			print "Default:"
			print ".Ql " $3 "."
		}
	}
	END { print ".El" }' | sed 's/^\(\.Ql .*\)\.$/\1 ./' | prose
}

figures()
{
	rows METRIC "$SRC/lib/io/metrics.def" | awk -F '\t' '
	BEGIN {
		kind["METRIC_COUNTER"] = "counter"
		kind["METRIC_GAUGE"] = "gauge"
		kind["METRIC_HISTOGRAM"] = "histogram"
		kind["METRIC_LEVEL"] = "gauge"
		kind["METRIC_SECONDS"] = "gauge"
		print ".Bl -tag -width Ds"
	}
	{
		print ".It Ic " $1 " Pq " kind[$2]
		print $3
	}
	END { print ".El" }' | prose
}

routes()
{
	# The test pages' program is no part of an installation.
	find "$BUILD/openapi" -name '*.json' ! -name test-ui.json | sort |
		xargs jq -r -s -f "$DEV/man.jq" | prose
}

sample()
{
	cat <<-'END'
	# Stockroom's settings. Copy this to /etc/stockroom/stockroom.conf and
	# set what your installation needs; every line shows a default. What
	# each means in full: stockroom.conf(5). Made by etc/dev/man.sh.
	END
	rows CONF "$SRC/lib/base/conf.def" | awk -F '\t' '{
		print ""
		n = split($4, words, " ")
		line = "#"
		for (i = 1; i <= n; i++) {
			if (length(line) + length(words[i]) > 76) {
				print line
				line = "#"
			}
			line = line " " words[i]
		}
		print line
		print "#" $1 "=" $3
	}'
}

# A page with its made parts put in anew.
page()
{
	awk -v folder="$MADE" '
	/^\.\\" made from [a-z]+ by / {
		print
		file = folder "/" $4
		while ((getline line < file) > 0)
			print line
		close(file)
		skip = 1
		next
	}
	/^\.\\" end$/ { skip = 0 }
	!skip' "$1"
}

settings > "$MADE/settings"
figures > "$MADE/figures"
routes > "$MADE/routes"

rc=0
# keep check|write FILE: writes what comes on stdin, or says where FILE is not so.
keep()
{
	cat > "$MADE/new"
	if [ "${1:-}" = check ]; then
		diff -u "$2" "$MADE/new" || rc=1
	else
		cat "$MADE/new" > "$2"
	fi
}

sample | keep "${1:-write}" "$SRC/etc/stockroom.conf.sample"
for name in stockroom.conf.5 stockroom-metrics.7 stockroom-api.7; do
	page "$SRC/man/$name" > "$MADE/page"
	keep "${1:-write}" "$SRC/man/$name" < "$MADE/page"
done
[ "$rc" -eq 0 ] || say "man/ or the sample is behind the tables: make man" >&2
exit "$rc"
