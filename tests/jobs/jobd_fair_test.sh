# A shop with 20,000 jobs waiting holds up nobody: while 3,000 of a thousand
# others run, it gets no more than a shop's part. At length, by their waits, in
# the long test.
# kyua: timeout=120
. "${STOCKROOM_SRC:?}/tests/fair.sh"

atf_test_case a_shop_with_very_many_jobs_gets_a_shops_part cleanup
a_shop_with_very_many_jobs_gets_a_shops_part_body()
{
	fair_begin
	fair_whale 20000
	fair_small
	share=$(fair_share)
	[ "$share" -le 150 ] ||
		atf_fail "beside 3,000 jobs of others $share of the one"
}
a_shop_with_very_many_jobs_gets_a_shops_part_cleanup() { jobd_stop; }

atf_init_test_cases()
{
	atf_add_test_case a_shop_with_very_many_jobs_gets_a_shops_part
}
