# Each public function of lib is reached by a test. This looks at names: a test
# in C, or a program that a test in sh asks, mentions it or what mentions it.
# public_long_test asks what the tests really ran.
. "${STOCKROOM_SRC:-.}/tests/house/house.sh"

# Where to begin: tests in C, programs that only tests serve, and the main of
# each program that tests in sh know. That they ask for each of its routes is routes_test's to say.
roots()
{
	files '*_test.c' tests
	files '*_fuzz.c' tests
	files '*.c' tests/helpers
	for roots_dir in cgi-bin/* jobs jobs/execd jobs/stockroom sandbox; do
		roots_name=${roots_dir##*/}
		[ "$roots_name" != jobs ] || roots_name=jobd
		! grep -rqw --include='*.sh' -e "$roots_name" tests ||
		    echo "$roots_dir:main"
	done
}

unreached()
{
	# shellcheck disable=SC2086
	c_lines code $product tests |
	    awk -v roots="$(roots | tr '\n' ' ')" -v show=unreached \
	    -f "$top/tests/house/reach.awk" 2>/dev/null | sort
}

atf_test_case every_public_function_is_reached_by_a_test
every_public_function_is_reached_by_a_test_body()
{
	kept unreached
	plant lib/base/a.h <<-'EOT'
	#define BOTH(x) (tested(x) + by_macro(x))
	EOT
	plant lib/base/a.c <<-'EOT'
	static int
	helper(void)
	{
		return by_helper();
	}

	static const struct table rows[] = {
		{ by_row },
	};

	int
	tested(void)
	{
		return helper() + rows[0].f();
	}

	int
	by_macro(void)
	{
		return 1;
	}

	int
	by_helper(void)
	{
		return 1;
	}

	int
	by_row(void)
	{
		return 1;
	}

	int
	by_program(void)
	{
		return 1;
	}

	int
	alone(void)
	{
		/* helper */
		return by_nobody("by_program");
	}

	int
	by_nobody(void)
	{
		return 1;
	}
	EOT
	plant lib/io/helper.c <<-'EOT'
	int
	helper(void)
	{
		return 1;
	}
	EOT
	plant cgi-bin/p/main.c <<-'EOT'
	int
	main(void)
	{
		return by_program();
	}
	EOT
	plant tests/a_test.c <<-'EOT'
	ATF_TC_BODY(a, tc)
	{
		ATF_CHECK_EQ(2, BOTH(1));
	}
	EOT
	echo 'program p' | plant tests/p_test.sh
	broken 'alone is reached by no test' unreached
	broken 'by_nobody is reached by no test' unreached
	broken 'lib/io/helper.c:2: helper' unreached
	breaks 3 unreached
	: | plant tests/p_test.sh
	broken 'by_program is reached by no test' unreached
}

atf_init_test_cases()
{
	atf_add_test_case every_public_function_is_reached_by_a_test
}
