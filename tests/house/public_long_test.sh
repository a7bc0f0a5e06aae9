# Each public function of lib is run by a test: what "make coverage" counted.
. "${STOCKROOM_SRC:-.}/tests/house/house.sh"

# Run only where the counts are lost, each with the reason.
elsewhere()
{
	cat <<-'EOT'
	mem_none	ends the process that has no memory left
	EOT
}

unrun()
{
	elsewhere | cut -f 1 > elsewhere.names
	awk '
	FNR == NR { other[$1] = 1; next }
	$1 == "public" && !($4 in other) {
		print $2 ":" $3 ": " $4 " is run by no test"
	}' elsewhere.names "$1"
}

atf_test_case every_public_function_is_run_by_a_test
every_public_function_is_run_by_a_test_body()
{
	atf_check [ -s "$build/cov/lines" ]
	sed -n 's/ lib$/ percent and lines of lib/p' "$build/cov/lines"
	unrun "$build/cov/functions" > broken.out
	[ ! -s broken.out ] || broke broken.out unrun
	cat > functions <<-'EOT'
	public lib/a.c 3 alone
	public lib/a.c 4 mem_none
	static lib/a.c 5 helper
	EOT
	unrun functions > broken.out
	atf_check -o inline:'lib/a.c:3: alone is run by no test\n' \
	    cat broken.out
}

atf_test_case the_library_is_covered
the_library_is_covered_body()
{
	sort -n "$build/cov/lines" | head -n 20
	atf_check awk '$3 == "lib" { exit !($1 >= 95) }' "$build/cov/lines"
}

atf_init_test_cases()
{
	atf_add_test_case every_public_function_is_run_by_a_test
	atf_add_test_case the_library_is_covered
}
