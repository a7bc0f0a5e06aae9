# What the tests in a browser share: cases_of FILE makes a test case of each
# function that FILE exports. Sourced.
# shellcheck shell=sh

src=${STOCKROOM_SRC:?}
BUILD=${STOCKROOM_BUILD:?}
export BUILD

# Enough objects that a pull is seen to go on.
suite_start()
{
	VAR=$PWD/var PORT=0 SANDBOX_SEED=7 SANDBOX_PRODUCTS=400 \
	    SANDBOX_ORDERS=1200 SANDBOX_CUSTOMERS=500 "$src/etc/dev/start.sh" ||
		atf_fail "the suite does not start"
}

suite_stop()
{
	VAR=$PWD/var sh -c '. "$0"; forget' "$src/etc/dev/lib.sh"
}

browse()
{
	suite_start
	atf_check -o ignore "$BUILD/npm/node" "$src/tests/browser/run.mjs" \
	    "$1" "$PWD/var/run.env"
}

cases_in()
{
	sed -n 's/^export async function \([a-z_]*\).*/\1/p' \
	    "$src/tests/browser/$1"
}

cases_of()
{
	CASES=$(cases_in "$1")
	for name in $CASES; do
		eval "
			atf_test_case $name cleanup
			${name}_body() { browse $name; }
			${name}_cleanup() { suite_stop; }
		"
	done
}

atf_init_test_cases()
{
	for name in $CASES; do
		atf_add_test_case "$name"
	done
}
