# What no kill may break: no job lost, none with two effects, no cap passed
# (REL-2 to REL-4). A twentieth of it here, all of it in the long test.
# kyua: timeout=240
. "${STOCKROOM_SRC:?}/tests/kills.sh"

atf_test_case kills_lose_no_job_and_double_none cleanup
kills_lose_no_job_and_double_none_body()
{
	jobd_case
	kills 250 10 1
}
kills_lose_no_job_and_double_none_cleanup() { jobd_stop; }

atf_test_case a_stopped_jobds_late_settlements_are_all_refused cleanup
a_stopped_jobds_late_settlements_are_all_refused_body()
{
	jobd_case
	late_ones 100
}
a_stopped_jobds_late_settlements_are_all_refused_cleanup() { jobd_stop; }

atf_init_test_cases()
{
	atf_add_test_case kills_lose_no_job_and_double_none
	atf_add_test_case a_stopped_jobds_late_settlements_are_all_refused
}
