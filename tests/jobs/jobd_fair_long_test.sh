# A shop with a million jobs waiting: the others' wait is within twice of what it
# is without that shop.
# kyua: timeout=900
. "${STOCKROOM_SRC:?}/tests/fair.sh"

atf_test_case beside_a_million_jobs_nobody_waits_twice_as_long cleanup
beside_a_million_jobs_nobody_waits_twice_as_long_body()
{
	fair_begin
	fair_small
	fair_small
	without=$(fair_wait)
	fair_whale 1000000
	fair_small
	with=$(fair_wait)
	[ "$with" -le $((2 * without)) ] ||
		atf_fail "$with ms, and without that shop $without ms"
}
beside_a_million_jobs_nobody_waits_twice_as_long_cleanup() { jobd_stop; }

atf_init_test_cases()
{
	atf_add_test_case beside_a_million_jobs_nobody_waits_twice_as_long
}
