# As jobd_kill_test, at length: 5,000 jobs, 200 kills of jobd and children, 20
# immediate stops of Postgres.
# kyua: timeout=1800
. "${STOCKROOM_SRC:?}/tests/kills.sh"

atf_test_case two_hundred_kills_lose_no_job_and_double_none cleanup
two_hundred_kills_lose_no_job_and_double_none_body()
{
	jobd_case
	kills 5000 200 20
}
two_hundred_kills_lose_no_job_and_double_none_cleanup() { jobd_stop; }

atf_init_test_cases()
{
	atf_add_test_case two_hundred_kills_lose_no_job_and_double_none
}
