# The same with ten times as many, and ten times the deaths.
# kyua: timeout=1800

. "${STOCKROOM_SRC:?}/tests/e2e/kill.sh"

atf_test_case kills_behind_the_door_lose_and_double_nothing cleanup
kills_behind_the_door_lose_and_double_nothing_body()
{
	survives 20000 400 100
}
kills_behind_the_door_lose_and_double_nothing_cleanup() { suite_stop; }

atf_init_test_cases()
{
	atf_add_test_case kills_behind_the_door_lose_and_double_nothing
}
