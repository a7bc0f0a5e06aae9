# The manual: what is made from tables is as they are, and every page is fit.
. "${STOCKROOM_SRC:-.}/tests/house/house.sh"

# etc/dev/man.sh of the tree it is called in, asked whether that tree is so.
behind()
{
	BUILD="$build" etc/dev/man.sh check
}

# The parts of our tree that it reads, to be changed.
copy()
{
	mkdir -p tree
	(cd "$top" && tar -cf - man etc/dev etc/stockroom.conf.sample \
	    lib/base/conf.def lib/io/metrics.def) | tar -xf - -C tree
}

atf_test_case the_manual_and_the_sample_say_what_the_tables_say
the_manual_and_the_sample_say_what_the_tables_say_body()
{
	kept behind
	copy
	silent behind
	echo 'CONF(NEW, CONF_INT, "7", "A new one, set; see `this`.")' \
	    >> tree/lib/base/conf.def
	broken '+.It Ic NEW Pq number' behind
	broken '+#NEW=7' behind
	echo 'METRIC(new_total, METRIC_COUNTER, "New ones.")' \
	    >> tree/lib/io/metrics.def
	broken '+.It Ic new_total Pq counter' behind
	(cd tree && BUILD="$build" etc/dev/man.sh)
	silent behind
}

unfit()
{
	mandoc -Tlint -Wwarning man/*.[1-8] < /dev/null
}

atf_test_case every_page_is_fit
every_page_is_fit_body()
{
	kept unfit
	plant man/x.8 <<-'EOT'
	.Dd November 25, 2026
	.Dt X 8
	.Sh NAME
	EOT
	broken 'x.8' unfit
}

# `lib/store/x_test`: `its_case` in the table of promises, where that is not so.
unproved()
{
	grep -o '`[a-z0-9_/.-]*`' docs/security.md | tr -d '`' |
		while read -r unproved_word; do
			case $unproved_word in
			*/*_test)
				unproved_at=tests/$unproved_word
				;;
			*_*)
				grep -qw "$unproved_word" "$unproved_at".[cs]* ||
				    echo "$unproved_at has no $unproved_word"
				;;
			esac
		done 2> /dev/null
}

atf_test_case each_promises_test_is_there
each_promises_test_is_there_body()
{
	kept unproved
	plant docs/security.md <<-'EOT'
	| X | `lib/x_test`: `it_holds`, `it_also_holds` |
	EOT
	plant tests/lib/x_test.c <<-'EOT'
	ATF_TC_BODY(it_holds, tc)
	EOT
	breaks 1 unproved
	broken 'tests/lib/x_test has no it_also_holds' unproved
}

atf_init_test_cases()
{
	atf_add_test_case the_manual_and_the_sample_say_what_the_tables_say
	atf_add_test_case every_page_is_fit
	atf_add_test_case each_promises_test_is_there
}
