# The pages in a real browser: each case has a suite of its own and a browser of
# its own. What a case does stands under its name in cases.mjs.
# kyua: timeout=240

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

cases()
{
	sed -n 's/^export async function \([a-z_]*\).*/\1/p' \
	    "$src/tests/browser/cases.mjs"
}

for name in $(cases); do
	eval "
		atf_test_case $name cleanup
		${name}_body() { browse $name; }
		${name}_cleanup() { suite_stop; }
	"
done

atf_init_test_cases()
{
	for name in $(cases); do
		atf_add_test_case "$name"
	done
}
