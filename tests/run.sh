#! /bin/sh
# Runs test programs under Kyua; the last line is the sum.
#	tests/run.sh BUILD PROGRAM...		PROGRAM is a path below BUILD
#
# T=WORD runs only programs whose path holds WORD. A test's source may say
# how it wants to be run, in a comment: "kyua: timeout=120, is_exclusive=true".

set -eu

src=$(cd "$(dirname "$0")/.." && pwd -P)
build=$(cd "$1" && pwd -P)
shift
results=$build/check.db

source_of()
{
	for source_name in "$src/${1#san/}.c" "$src/${1#san/}.sh"; do
		[ ! -f "$source_name" ] || echo "$source_name"
	done
}

wishes()
{
	sed -n 's,^.*kyua: *\([a-z_]*=[a-z0-9_=, ]*[a-z0-9]\).*,\, \1,p' \
	    "$(source_of "$1")" | head -n 1
}

# Kyua wants each program named by a file in its own folder.
kyuafiles()
{
	printf 'syntax(2)\n' > "$build/Kyuafile"
	for dir in $(dirname "$@" | sort -u); do
		printf 'syntax(2)\ntest_suite("stockroom")\n' \
		    > "$build/$dir/Kyuafile"
		printf 'include("%s/Kyuafile")\n' "$dir" >> "$build/Kyuafile"
	done
	for program in "$@"; do
		printf 'atf_test_program{name="%s"%s}\n' "${program##*/}" \
		    "$(wishes "$program")" >> "$build/${program%/*}/Kyuafile"
	done
}

# A report holds the whole environment: hence as little of it as can be.
# libatf itself leaks, which the suppressions are for. One more at a time than
# there are processors: a third of the time a test only waits.
run_kyua()
{
	env -i PATH=/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin \
	    HOME="$build/check" TZ=UTC \
	    STOCKROOM_SRC="$src" STOCKROOM_BUILD="$build" \
	    LSAN_OPTIONS="suppressions=$src/tests/lsan.supp:print_suppressions=0" \
	    kyua --logfile="$build/check/kyua.log" -v parallelism=$(($(nproc) + 1)) \
	    -v test_suites.stockroom.unprivileged_user=nobody "$@"
}

chosen()
{
	for program in "$@"; do
		case $program in
		*"${T:-}"*) printf '%s\n' "$program" ;;
		esac
	done
}

sum()
{
	run_kyua db-exec -r "$results" --no-headers "SELECT
	    coalesce(sum(result_type IN ('passed', 'expected_failure')), 0)
	    || ' passed, ' ||
	    coalesce(sum(result_type IN ('failed', 'broken')), 0)
	    || ' failed, ' ||
	    coalesce(sum(result_type = 'skipped'), 0) || ' skipped'
	    FROM test_results"
}

nothing()
{
	echo "no test ran" >&2
	echo "0 passed, 0 failed, 0 skipped" | tee "$build/check.sum"
	exit 1
}

mkdir -p "$build/check"
rm -f "$results" "$build/check.sum"
# shellcheck disable=SC2046
set -- $(chosen "$@")
[ $# -gt 0 ] || nothing
kyuafiles "$@"
rc=0
run_kyua test -k "$build/Kyuafile" --results-file="$results" "$@" || rc=$?
[ -s "$results" ] || nothing
if [ "$rc" -ne 0 ]; then
	run_kyua report --results-file="$results" --verbose \
	    --results-filter=broken,failed || :
fi
sum > "$build/check.sum"
grep -q '^0 passed, 0 failed' "$build/check.sum" && rc=1
cat "$build/check.sum"
exit "$rc"
