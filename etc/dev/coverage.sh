#! /bin/sh
# Runs tests in a build that counts, and writes into it what they ran of lib:
#	coverage.sh BUILD TEST...
#
#	BUILD/lines	a line a file: percent, lines, path; "lib" at the end
#	BUILD/functions	each function of lib that no test ran, public ones
#			first: "public" or "static", path, line, name
#
# A process that is killed leaves no counts, so what only such ones run counts
# as not run. Failures of tests are the business of "make check".

. "$(dirname "$0")/lib.sh"

cov=$(absolute "$1")
shift
cd "$SRC"

find "$cov" -name '*.gcda' -delete
T='' tests/run.sh "$cov" "$@" > "$cov/tests.log" 2>&1 || :
tail -n 1 "$cov/tests.log"

nm -g --defined-only "$cov/libstockroom.a" 2> /dev/null |
	awk '$2 == "T" { print $3 }' | sort -u > "$cov/public"

# What gcov knows, one function or line a line.
counts()
{
	find "$cov/lib" -name '*.gcno' | sort |
		xargs -r gcov --json-format --stdout 2> "$cov/gcov.log" |
		jq -r '.files[] | select(.file | test("^lib/[a-z]+/[a-z_]+[.]c$"))
		    | .file as $f | (.functions[] | "f \($f) \(.start_line)" +
			" \(.name) \(.execution_count)"),
		    (.lines[] | "l \($f) \(.line_number) - \(.count)")'
}

counts > "$cov/counts"
awk '
	FNR == NR { public[$1] = 1; next }
	$1 == "f" && $5 == 0 {
		print ($4 in public ? "public" : "static"), $2, $3, $4
	}' "$cov/public" "$cov/counts" | sort > "$cov/functions.new"
awk '
	$1 == "l" { all[$2]++; ran[$2] += $5 > 0 }
	END {
		for (f in all) {
			printf "%.1f %d %s\n", 100 * ran[f] / all[f], all[f], f
			n += all[f]
			r += ran[f]
		}
		if (n)
			printf "%.1f %d lib\n", 100 * r / n, n
	}' "$cov/counts" | sort -k 3 > "$cov/lines"
mv "$cov/functions.new" "$cov/functions"
sed -n 's/ lib$/ lines of lib: percent run, and how many/p' "$cov/lines"
cat "$cov/functions"
