# Instant previews: one page of each resource from Shopify, now, and kept.
# kyua: timeout=60

. "${STOCKROOM_SRC:?}/tests/suite.sh"

# preview STATUS METHOD PATH BODY: the answer is in ./answer.
preview()
{
	got=$(ask -o answer -w '%{http_code}' -X "$2" -d "$4" "$STOCKROOM_URL$3")
	[ "$got" = "$1" ] || atf_fail "$3: wanted $1, got $got: $(cat answer)"
}

is()
{
	[ "$(jq -r "$1" answer)" = "$2" ] ||
		atf_fail "wanted $1 = $2 in $(head -c 600 answer)"
}

count()
{
	echo "SELECT count(*) FROM stockroom.$1" | sql
}

atf_test_case a_page_of_each_kind_is_shown_and_kept cleanup
a_page_of_each_kind_is_shown_and_kept_body()
{
	suite_start
	connect "$SANDBOX_SHOP"
	preview 200 POST /api/data/shopify/products '{"first":3}'
	is '.nodes | length' 3
	is .has_next true
	is '.cost.actual > 0' true
	[ "$(count product)" = 3 ] || atf_fail 'its rows are not kept'
	next=$(jq -r .next answer)
	preview 200 POST /api/data/shopify/products \
	    "{\"first\":2,\"after\":\"$next\"}"
	[ "$(count product)" = 5 ] || atf_fail 'the next page is the same one'
	preview 200 POST /api/data/shopify/customers '{"first":4}'
	[ "$(count customer)" = 4 ] || atf_fail 'customers are not kept'
	preview 200 POST /api/data/shopify/transactions '{"first":2}'
	is '.nodes[0].transactions | type' array
	[ "$(count 'orders WHERE partial')" = 2 ] ||
		atf_fail 'their orders are not kept as stubs'
	preview 200 POST /api/data/shopify/orders '{"first":2}'
	[ "$(count 'orders WHERE NOT partial')" = 2 ] ||
		atf_fail 'a stub is not made whole'
}
a_page_of_each_kind_is_shown_and_kept_cleanup() { suite_stop; }

lapse()
{
	echo "UPDATE stockroom.token SET expires_at = now()" | sql
}

# As if the server had lost what it was told last (shopify.md 2.7).
put_back()
{
	echo "DELETE FROM stockroom.token;
	    INSERT INTO stockroom.token TABLE public.$1" | sql
}

subscribed()
{
	[ "$(count "job WHERE kind = 'subscriptions'")" = 0 ]
}

atf_test_case a_refresh_whose_commit_was_lost_is_made_good cleanup
a_refresh_whose_commit_was_lost_is_made_good_body()
{
	suite_start
	connect "$SANDBOX_SHOP"
	# It would keep a token of its own meanwhile.
	await 30 subscribed || atf_fail 'the subscriptions are not made'
	lapse
	echo "CREATE TABLE public.first AS TABLE stockroom.token" | sql
	preview 200 POST /api/data/shopify/products '{"first":1}'
	lapse
	echo "CREATE TABLE public.second AS TABLE stockroom.token" | sql
	put_back first
	preview 200 POST /api/data/shopify/products '{"first":1}'
	# Shopify has given another pair for the first since: this one is dead.
	put_back second
	preview 200 POST /api/data/shopify/products '{"first":1}'
	[ "$(count "shop WHERE status = 'installed'")" = 1 ] ||
		atf_fail 'the shop is marked'
	grep -q '"at":"token.previous"' "$LOG"/*.log ||
		atf_fail 'the token before was not asked'
}
a_refresh_whose_commit_was_lost_is_made_good_cleanup() { suite_stop; }

atf_test_case a_filter_that_shopify_ignores_is_said cleanup
a_filter_that_shopify_ignores_is_said_body()
{
	suite_start
	connect "$SANDBOX_SHOP"
	preview 422 POST /api/data/shopify/products '{"query":"nosuchfield:1"}'
	preview 400 POST /api/data/shopify/products '{"first":51}'
	is '.errors[0].field' first
	[ "$(count product)" = 0 ] || atf_fail 'something was kept'
}
a_filter_that_shopify_ignores_is_said_cleanup() { suite_stop; }

atf_init_test_cases()
{
	atf_add_test_case a_page_of_each_kind_is_shown_and_kept
	atf_add_test_case a_refresh_whose_commit_was_lost_is_made_good
	atf_add_test_case a_filter_that_shopify_ignores_is_said
}
