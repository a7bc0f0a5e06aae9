# Pulls in bulk from end to end: every way in which an operation or its file can
# go wrong, workers killed in the middle, cancelled (REL-4, REL-13).
# kyua: timeout=120

. "${STOCKROOM_SRC:?}/tests/suite.sh"

ALL='{"mode":"bulk","resources":["products","orders","transactions","customers"]}'

# part RESOURCE PATH: a member of a part of the pull.
part()
{
	echo "SELECT p #>> :'p' FROM jsonb_array_elements(:'j'::jsonb->'parts') p
	    WHERE p->>'resource' = :'r';" |
		sql -v "j=$PULL" -v "r=$1" -v "p={$2}"
}

# counted NAME: of the sandbox's ledger; 0 for what it has not.
counted()
{
	ask -f "$SANDBOX_URL/ledger" > ledger || atf_fail 'no ledger'
	counted_n=$(sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p" ledger)
	echo "${counted_n:-0}"
}

# Broken once each, its file spoilt, nested rows cut at 100 without a word (an
# order of 263 lines, a product of 120 variants), children before their parents.
atf_test_case whatever_goes_wrong_it_ends_complete cleanup
whatever_goes_wrong_it_ends_complete_body()
{
	suite_start
	connect "$SANDBOX_SHOP"
	sandbox_control '{"bulk_children_max":100,"bulk_spread":2,"bulk_webhooks":2,
	    "fault":[{"where":"bulk","what":"timeout"},
	    {"where":"bulk","what":"canceled"},
	    {"where":"bulk_file","what":"html"},
	    {"where":"bulk_file","what":"cut"},
	    {"where":"bulk_file","what":"status","status":403}]}'
	pull_begin "$ALL"
	pull_end 90
	complete
	[ "$(json "$PULL" 'done')" = "$(json "$PULL" total)" ] ||
		atf_fail "more or less than there is: $PULL"
	[ "$(part products bulk,status)" = COMPLETED ] ||
		atf_fail "no operation: $PULL"
	[ "$(part orders bulk,read_bytes)" = "$(part orders bulk,bytes)" ] ||
		atf_fail "not all of the file: $PULL"
	[ "$(counted bulk.token)" = 0 ] || atf_fail 'a token went along'
	[ "$(counted bulk.fault)" = 2 ] || atf_fail 'no fault was met'
	[ "$(echo 'SELECT count(*) FROM stockroom.bulk_left' | sql)" = 0 ] ||
		atf_fail 'something is left'
}
whatever_goes_wrong_it_ends_complete_cleanup() { suite_stop; }

atf_test_case what_shopify_cannot_do_fails_in_words cleanup
what_shopify_cannot_do_fails_in_words_body()
{
	suite_start
	connect "$SANDBOX_SHOP"
	sandbox_control '{"fault":{"where":"bulk","what":"internal_error",
	    "times":3}}'
	pull_begin '{"mode":"bulk","resources":["orders"]}'
	await 60 pull_over || atf_fail "it does not end: $PULL"
	[ "$PULL_STATE" = failed ] || atf_fail "it $PULL_STATE: $PULL"
	case $(part orders error) in
	*'FAILED: INTERNAL_SERVER_ERROR; what it had until then is kept') ;;
	*) atf_fail "it says: $PULL" ;;
	esac
	[ "$(echo 'SELECT count(*) FROM stockroom.orders' | sql)" = 150 ] ||
		atf_fail 'what it had is not kept'
	# Nothing is asked for: no file, and that is as good.
	pull_begin '{"mode":"bulk","resources":["customers"],"since":"2100-01-01T00:00:00Z"}'
	pull_end 30
	[ "$(json "$PULL" 'done')" = 0 ] || atf_fail "what is this: $PULL"
	# The choice is ours: so few come a page at a time.
	pull_begin '{"mode":"auto","resources":["customers"]}'
	pull_end 30
	[ "$(part customers mode)" = paged ] || atf_fail "it chose: $PULL"
}
what_shopify_cannot_do_fails_in_words_cleanup() { suite_stop; }

# Part of the file is kept, more is to come.
in_the_middle()
{
	[ "$(echo "SELECT count(*) FROM stockroom.pull_part
	    WHERE read_bytes > 0 AND read_bytes < file_bytes" | sql)" -gt 0 ]
}

atf_test_case killed_in_the_middle_it_goes_on_there cleanup
killed_in_the_middle_it_goes_on_there_body()
{
	suite_start SANDBOX_ORDERS=1200
	connect "$SANDBOX_SHOP"
	pull_begin '{"mode":"bulk","resources":["orders"]}'
	await 60 in_the_middle || atf_fail 'the pull was over too soon'
	# shellcheck disable=SC2046
	kill -9 $(jobd_workers)
	pull_end 90
	[ "$(counted bulk.resumed)" -ge 1 ] || atf_fail 'it began anew'
	[ "$(part orders 'done')" = 1200 ] || atf_fail "counted twice: $PULL"
	[ "$(part orders children,lines)" = "$(echo 'SELECT count(*)
	    FROM stockroom.order_line' | sql)" ] || atf_fail "$PULL"
}
killed_in_the_middle_it_goes_on_there_cleanup() { suite_stop; }

begun()
{
	[ "$(echo "SELECT count(*) FROM stockroom.pull_part
	    WHERE bulk_id IS NOT NULL" | sql)" -gt 0 ]
}

told()
{
	[ "$(counted document.BulkCancel)" = 1 ]
}

atf_test_case cancelled_it_tells_shopify cleanup
cancelled_it_tells_shopify_body()
{
	suite_start
	connect "$SANDBOX_SHOP"
	sandbox_control '{"fault":{"where":"bulk","what":"stall"}}'
	pull_begin '{"mode":"bulk","resources":["products"]}'
	await 30 begun || atf_fail 'no operation was begun'
	ask -f -X DELETE "$STOCKROOM_URL/api/pulls/$PULL_ID" > cancelled ||
		atf_fail 'it was not cancelled'
	await 30 told || atf_fail "Shopify was not told: $(cat ledger)"
	pull_load
	[ "$PULL_STATE" = cancelled ] || atf_fail "$PULL"
}
cancelled_it_tells_shopify_cleanup() { suite_stop; }

atf_init_test_cases()
{
	atf_add_test_case whatever_goes_wrong_it_ends_complete
	atf_add_test_case what_shopify_cannot_do_fails_in_words
	atf_add_test_case killed_in_the_middle_it_goes_on_there
	atf_add_test_case cancelled_it_tells_shopify
}
