# Bulk operations of the pretended Shopify as a program: run, watched, cancelled,
# fetched, spoilt.
top=${STOCKROOM_SRC:-$(cd "$(dirname "$0")/../../.." && pwd)}
. "$top/tests/sandbox/ask.sh"

FIELDS='id status errorCode objectCount rootObjectCount fileSize url partialDataUrl'

ORDERS='{ orders { edges { node { id lineItems { edges { node { id } } } } } } }'

# run [QUERY]: begins one; its number is in BULK.
run()
{
	ask 200 "mutation { bulkOperationRunQuery(query: \\\"${1:-$ORDERS}\\\") { \
bulkOperation { id status } userErrors { field message code } } }"
	BULK=$(sed -n 's,.*BulkOperation/\([0-9]*\)".*,\1,p' answer)
}

look()
{
	ask 200 "{ bulkOperation(id: \\\"gid://shopify/BulkOperation/$BULK\\\") \
{ $FIELDS } }"
}

cancel()
{
	ask 200 "mutation { bulkOperationCancel(id: \
\\\"gid://shopify/BulkOperation/$BULK\\\") { bulkOperation { status } \
userErrors { message } } }"
}

# until_is STATUS
until_is()
{
	until_n=200
	until look && grep -q "\"status\":\"$1\"" answer; do
		until_n=$((until_n - 1))
		[ $until_n -gt 0 ] || atf_fail "never $1: $(cat answer)"
		sleep 0.02
	done
}

# fetch STATUS [HEADER...]: the file by the address in ./answer.
fetch()
{
	fetch_want=$1
	shift
	URL=$(sed -n 's,.*https://bulk.sandbox.test\(/bulk/[^"]*\)".*,\1,p' answer)
	[ -n "$URL" ] || atf_fail "no address in $(cat answer)"
	HOST=bulk.sandbox.test
	call "$fetch_want" GET "$URL" "$@"
	HOST=
}

atf_test_case a_file_is_made_and_named_to_the_web_server
a_file_is_made_and_named_to_the_web_server_body()
{
	begin
	connected
	run
	has '"status":"CREATED"'
	until_is COMPLETED
	has '"errorCode":null'
	has '"rootObjectCount":"60"'
	has '"partialDataUrl":null'
	count=$(sed -n 's/.*"objectCount":"\([0-9]*\)".*/\1/p' answer)
	size=$(sed -n 's/.*"fileSize":"\([0-9]*\)".*/\1/p' answer)
	fetch 200
	file=$(sed -n 's/^X-Sendfile: //p' answer | tr -d '\r')
	[ "$(wc -l < "$file")" = "$count" ] || atf_fail 'not so many lines'
	[ "$(wc -c < "$file")" = "$size" ] || atf_fail 'not so many bytes'
	grep -q '__parentId":"gid://shopify/Order/' "$file" ||
		atf_fail 'no children'
	look
	fetch 206 'Range: bytes=100-'
	has "Content-Range: bytes 100-$((size - 1))/$size"
	look
	fetch 416 "Range: bytes=$size-"
	call 200 GET /sandbox/ledger
	has "\"bulk.bytes\":$((size + size - 100))"
}

atf_test_case an_address_is_good_without_a_token_and_for_its_time
an_address_is_good_without_a_token_and_for_its_time_body()
{
	begin
	connected
	run
	until_is COMPLETED
	fetch 400 "X-Shopify-Access-Token: $ACCESS"
	HOST=bulk.sandbox.test
	call 403 GET "${URL%?}0"
	HOST=
	call 404 GET "$URL"
	control '{"bulk_url_s":0}'
	look
	fetch 403
	control '{"bulk_url_s":60,"clock_skew_s":700000}'
	connected
	until_is EXPIRED
	has '"url":null'
}

atf_test_case five_run_at_once_and_can_be_cancelled
five_run_at_once_and_can_be_cancelled_body()
{
	begin
	connected
	control '{"fault":{"where":"bulk","what":"stall","times":5}}'
	for _ in 1 2 3 4 5; do
		run
		has '"userErrors":[]'
	done
	until_is RUNNING
	last=$BULK
	run
	has '"code":"OPERATION_IN_PROGRESS"'
	has 'is already in progress: gid://shopify/BulkOperation/'
	BULK=$last
	cancel
	has '"status":"CANCELING"'
	until_is CANCELED
	cancel
	has 'cannot be canceled when it is completed'
	run
	has '"userErrors":[]'
	until_is COMPLETED
	ask 200 "{ bulkOperations(first: 10, query: \\\"status:running\\\") { \
nodes { id } } }"
	[ "$(grep -o 'gid://' answer | wc -l)" = 4 ] || atf_fail "$(cat answer)"
	for BULK in $((last - 4)) $((last - 3)) $((last - 2)) $((last - 1)); do
		cancel
		until_is CANCELED
	done
}

atf_test_case it_ends_in_every_way_that_is_asked_for
it_ends_in_every_way_that_is_asked_for_body()
{
	begin
	connected
	control '{"fault":[{"where":"bulk","what":"timeout"},
	    {"where":"bulk","what":"access_denied"},
	    {"where":"bulk","what":"canceled"}]}'
	run
	until_is FAILED
	has '"errorCode":"TIMEOUT"'
	has '"url":null'
	has '"rootObjectCount":"30"'
	has '"partialDataUrl":"https://bulk.sandbox.test/bulk/'
	run
	until_is FAILED
	has '"errorCode":"ACCESS_DENIED"'
	has '"partialDataUrl":null'
	run
	until_is CANCELED
	run "{ orders(query: \\\\\\\"updated_at:>='2100-01-01T00:00:00Z'\\\\\\\") \
{ edges { node { id } } } }"
	until_is COMPLETED
	has '"objectCount":"0"'
	has '"url":null'
}

atf_test_case the_end_is_told_as_often_as_is_wanted
the_end_is_told_as_often_as_is_wanted_body()
{
	begin
	connected
	ask 200 "mutation { webhookSubscriptionCreate(topic: \
BULK_OPERATIONS_FINISH, webhookSubscription: {uri: \\\"https://app.test/w\\\"})\
 { userErrors { message } } }"
	control '{"bulk_webhooks":2}'
	run
	until_is COMPLETED
	n=200
	until call 200 GET /sandbox/deliveries 'X-Sandbox-Key: control' &&
	    grep -q '"waiting":2' answer; do
		n=$((n - 1))
		[ $n -gt 0 ] || atf_fail "$(cat answer)"
		sleep 0.02
	done
	grep -q '"status":"completed","type":"query"' webhooks/*.batch ||
		atf_fail 'no such body'
	control '{"bulk_webhooks":0}'
	run
	until_is COMPLETED
	sleep 0.1
	call 200 GET /sandbox/deliveries 'X-Sandbox-Key: control'
	has '"waiting":2'
}

atf_test_case a_file_can_be_spoilt
a_file_can_be_spoilt_body()
{
	begin
	connected
	run
	until_is COMPLETED
	control '{"fault":[{"where":"bulk_file","what":"html"},
	    {"where":"bulk_file","what":"status","status":503},
	    {"where":"bulk_file","what":"cut"}]}'
	look
	fetch 200
	has '<title>Sorry</title>'
	look
	fetch 503
	look
	size=$(sed -n 's/.*"fileSize":"\([0-9]*\)".*/\1/p' answer)
	fetch 200
	file=$(sed -n 's/^X-Sendfile: //p' answer | tr -d '\r')
	[ "$(wc -c < "$file")" = $((size / 2)) ] || atf_fail 'not half of it'
}

atf_init_test_cases()
{
	atf_add_test_case a_file_is_made_and_named_to_the_web_server
	atf_add_test_case an_address_is_good_without_a_token_and_for_its_time
	atf_add_test_case five_run_at_once_and_can_be_cancelled
	atf_add_test_case it_ends_in_every_way_that_is_asked_for
	atf_add_test_case the_end_is_told_as_often_as_is_wanted
	atf_add_test_case a_file_can_be_spoilt
}
