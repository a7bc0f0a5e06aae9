# Both compilers take all of it, and gcc's analyzer finds nothing (SEC-34).
# kyua: timeout=900
. "${STOCKROOM_SRC:-.}/tests/house/house.sh"

# made WORD...: what make says of it goes to ./said; objects stay in ./build.
made()
{
	make -C "$top" BUILD="$PWD/build" "$@" > said 2>&1
}

refused()
{
	grep -E 'error|warning' said >&2
	atf_fail "$1"
}

atf_test_case clang_compiles_programs_and_tests
clang_compiles_programs_and_tests_body()
{
	made CC=clang all unit-tests || refused 'clang does not'
}

atf_test_case the_analyzer_finds_nothing
the_analyzer_finds_nothing_body()
{
	made CFLAGS='-O1 -fanalyzer' all || refused 'the analyzer does'
	cat > a.c <<-'EOT'
	#include <stdlib.h>
	void twice(char *p);
	void
	twice(char *p)
	{
		free(p);
		free(p);
	}
	EOT
	atf_check -s exit:1 -e match:analyzer-double-free gcc -O1 -fanalyzer -Werror \
	    -c a.c
}

atf_init_test_cases()
{
	atf_add_test_case clang_compiles_programs_and_tests
	atf_add_test_case the_analyzer_finds_nothing
}
