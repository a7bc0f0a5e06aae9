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

atf_init_test_cases()
{
	atf_add_test_case the_manual_and_the_sample_say_what_the_tables_say
	atf_add_test_case every_page_is_fit
}
