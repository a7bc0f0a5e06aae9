# An acknowledged webhook is kept and applied once, whoever dies meanwhile.
# kyua: timeout=120

. "${STOCKROOM_SRC:?}/tests/e2e/kill.sh"

atf_test_case kills_behind_the_door_lose_and_double_nothing cleanup
kills_behind_the_door_lose_and_double_nothing_body()
{
	survives 2000 250 12
}
kills_behind_the_door_lose_and_double_nothing_cleanup() { suite_stop; }

atf_init_test_cases()
{
	atf_add_test_case kills_behind_the_door_lose_and_double_nothing
}
