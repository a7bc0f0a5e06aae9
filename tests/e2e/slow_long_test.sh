# Hundreds of slow requests at the same time hold no good one up (SEC-26, D12):
# all are answered meanwhile. How long that took is printed, not judged.
# kyua: timeout=120

. "${STOCKROOM_SRC:?}/tests/suite.sh"
. "${STOCKROOM_SRC:?}/tests/e2e/servers.sh"

begin()
{
	suite_start RATE_ADDRESS_PER_MIN=1000000
	connect "$SANDBOX_SHOP"
	await 10 open || atf_fail 'the door stays shut'
}

open()
{
	[ "$(curl -q -s --noproxy '*' -o answer -w '%{http_code}' -d '{}' \
	    "$STOCKROOM_URL/webhooks")" = 401 ]
}

# good_ones URL: while 300 heads and 300 bodies are held.
good_ones()
{
	"$BUILD/tests/helpers/slow.fcgi" "${1##*:}" "$SHOPIFY_API_SECRET" \
	    "$SANDBOX_SHOP" 300 300 600 2> bad ||
		atf_fail "not all were answered: $(head -n 3 bad)"
}

atf_test_case slow_ones_hold_nobody_up_behind_lighttpd cleanup
slow_ones_hold_nobody_up_behind_lighttpd_body()
{
	begin
	good_ones "$STOCKROOM_URL"
}
slow_ones_hold_nobody_up_behind_lighttpd_cleanup() { suite_stop; }

atf_test_case slow_ones_hold_nobody_up_behind_apache cleanup
slow_ones_hold_nobody_up_behind_apache_body()
{
	begin
	apache_start
	good_ones "$APACHE"
}
slow_ones_hold_nobody_up_behind_apache_cleanup()
{
	servers_stop
	suite_stop
}

atf_init_test_cases()
{
	atf_add_test_case slow_ones_hold_nobody_up_behind_lighttpd
	atf_add_test_case slow_ones_hold_nobody_up_behind_apache
}
