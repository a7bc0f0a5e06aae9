# Functions and files that are read in one sitting.
. "${STOCKROOM_SRC:-.}/tests/house/house.sh"

longest_function=60
longest_file=500

# What is longer for a good reason, by name; empty is best.
excepted='^(none):'

long_functions()
{
	# shellcheck disable=SC2086
	files '*.[ch]' $product | xargs -r awk -f "$top/etc/dev/functions.awk" |
	    awk -v most="$longest_function" \
	    '$1 > most { print $3 ": " $1 " lines, at " $2 }' |
	    grep -vE "$excepted"
}

# A table aligned by hand may be as long as it is.
long_files()
{
	# shellcheck disable=SC2086
	files '*.[ch]' $product | xargs -r awk -v most="$longest_file" '
	/clang-format off/ { table[FILENAME] = 1 }
	!table[FILENAME] { n[FILENAME]++ }
	/clang-format on/ { table[FILENAME] = 0 }
	END {
		for (file in n)
			if (n[file] > most)
				print file ": " n[file] " lines"
	}' | grep -vE "$excepted"
}

body_of()
{
	printf 'static int\n%s(void)\n{\n' "$1"
	seq -f '	go(%g);' "$2"
	printf '	return 0;\n}\n'
}

atf_test_case a_function_is_read_in_one_sitting
a_function_is_read_in_one_sitting_body()
{
	(cd "$top" && etc/dev/measure.sh)
	kept long_functions
	{
		body_of short 55
		body_of tall 57
	} | plant lib/base/a.c
	broken 'tall: 61 lines, at lib/base/a.c:62' long_functions
	breaks 1 long_functions
}

atf_test_case a_file_is_read_in_one_sitting
a_file_is_read_in_one_sitting_body()
{
	kept long_files
	seq 501 | plant lib/base/a.c
	{
		seq 400
		echo '/* clang-format off */'
		seq 200
		echo '/* clang-format on */'
	} | plant lib/base/b.c
	broken 'lib/base/a.c: 501 lines' long_files
	breaks 1 long_files
}

atf_init_test_cases()
{
	atf_add_test_case a_function_is_read_in_one_sitting
	atf_add_test_case a_file_is_read_in_one_sitting
}
