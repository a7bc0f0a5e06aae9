# The pretended Shopify as a program: installing, tokens, the API, switches.
top=${STOCKROOM_SRC:-$(cd "$(dirname "$0")/../../.." && pwd)}
. "$top/tests/sandbox/ask.sh"

atf_test_case the_install_page_asks_and_shows_what_is_asked_for
the_install_page_asks_and_shows_what_is_asked_for_body()
{
	begin
	: > body
	call 200 GET "$AUTHORIZE?$(query)"
	has 'Content-Type: text/html; charset=utf-8'
	has '<button type="submit">Install app</button>'
	has 'value="read_products,read_orders"'
	has "form-action 'self' http://app.test"
	lacks '<script'
	call 200 GET "$AUTHORIZE?$(query)&scope=ignored&x=%22%3E%3Cscript%3E"
	lacks '<script'
	call 302 GET "$AUTHORIZE?$(query)&accept=1"
}

atf_test_case what_is_not_the_apps_is_not_installed
what_is_not_the_apps_is_not_installed_body()
{
	begin
	: > body
	call 400 GET "$AUTHORIZE?$(query "$CALLBACK/more")&auto=1"
	has 'redirect_uri'
	call 400 GET "$AUTHORIZE?client_id=other&redirect_uri=$CALLBACK&auto=1"
	has 'client_id'
	SCOPE='read_products,%3Cb%3E'
	call 400 GET "$AUTHORIZE?$(query)&auto=1"
	has 'scope'
	call 404 GET /sandbox/elsewhere.myshopify.com/admin/oauth/authorize
	SANDBOX_REDIRECTS=http://x.test/a,http://y.test/b
	export SANDBOX_REDIRECTS
	SCOPE=
	call 302 GET "$AUTHORIZE?$(query http://y.test/b)&auto=1"
}

atf_test_case the_callback_is_signed
the_callback_is_signed_body()
{
	begin
	install
	has "Location: $CALLBACK?code="
	signed="code=$CODE&host=$(from_location host)&shop=$SHOP"
	signed="$signed&state=st%20ate&timestamp=$(from_location timestamp)"
	mac=$(printf '%s' "$signed" |
	    openssl dgst -sha256 -hmac hush -r | cut -d ' ' -f 1)
	[ "$mac" = "$(from_location hmac)" ] || atf_fail "wrong hmac: $signed"
	[ $(($(date +%s) - $(from_location timestamp))) -lt 10 ] ||
		atf_fail 'the timestamp is not now'
	control '{"callback_skew_s":-300}'
	install
	[ $(($(date +%s) - $(from_location timestamp))) -ge 300 ] ||
		atf_fail 'the timestamp was not put back'
}

atf_test_case a_code_gives_a_pair_of_tokens_once
a_code_gives_a_pair_of_tokens_once_body()
{
	begin
	connected
	has '"scope":"read_products,read_orders,read_all_orders"'
	has '"expires_in":3600'
	has '"refresh_token_expires_in":7776000'
	token 400 "code=$CODE" expiring=1
	has '"error":"invalid_request"'
	token 400 code=nothing
	SECRET=wrong
	token 400 "code=$CODE"
	SECRET=
	token 400 grant_type=password
	has '"error":"unsupported_grant_type"'
	[ "$(stat -c %a state.json)" = 600 ] || atf_fail 'others may read it'
}

atf_test_case the_token_end_point_takes_json_too
the_token_end_point_takes_json_too_body()
{
	begin
	install
	printf '{"client_id":"client","client_secret":"hush","code":"%s",%s}' \
	    "$CODE" '"expiring":1' > body
	call 200 POST /admin/oauth/access_token
	has '"refresh_token":"shprt_'
	printf '{' > body
	call 400 POST /admin/oauth/access_token
}

atf_test_case a_lost_answer_is_made_good_by_the_old_refresh_token
a_lost_answer_is_made_good_by_the_old_refresh_token_body()
{
	begin
	connected
	control '{"fault":{"where":"token","what":"drop"}}'
	token 502 grant_type=refresh_token "refresh_token=$REFRESH"
	token 200 grant_type=refresh_token "refresh_token=$REFRESH"
	second=$(member refresh_token)
	token 200 grant_type=refresh_token "refresh_token=$second"
	token 401 grant_type=refresh_token "refresh_token=$REFRESH"
	has '"error":"invalid_request","error_description":"This request'
	ask 200 '{ shop { name } }' # the first access token lives out its hour
	control '{"clock_skew_s":3601}'
	ask 401 '{ shop { name } }'
	has 'Invalid API key or access token'
}

atf_test_case a_session_token_is_exchanged
a_session_token_is_exchanged_body()
{
	begin
	printf '{"shop":"%s"}' "$SHOP" > body
	call 200 POST /sandbox/id_token 'X-Sandbox-Key: control'
	exchange="grant_type=urn:ietf:params:oauth:grant-type:token-exchange"
	exchange="$exchange&subject_token_type=urn:ietf:params:oauth"
	exchange="$exchange:token-type:id_token&subject_token=$(member id_token)"
	offline=urn:shopify:params:oauth:token-type:offline-access-token
	token 200 "$exchange" "requested_token_type=$offline" expiring=1
	has '"refresh_token"'
	ACCESS=$(member access_token)
	ask 200 '{ shop { name } }'
	token 200 "$exchange" "requested_token_type=$(echo "$offline" |
	    sed s/offline/online/)"
	has '"associated_user":{"id":42'
	token 400 "${exchange}x" "requested_token_type=$offline"
	has '"error":"invalid_subject_token"'
	HOST='second-shop.myshopify.com'
	token 400 "$exchange" "requested_token_type=$offline"
}

atf_test_case a_token_that_never_expires_is_barred_unless_allowed
a_token_that_never_expires_is_barred_unless_allowed_body()
{
	begin
	install
	token 200 "code=$CODE"
	lacks expires_in
	ACCESS=$(member access_token)
	ask 403 '{ shop { name } }'
	has 'Non-expiring access tokens are no longer accepted'
	control '{"require_expiring":false}'
	ask 200 '{ shop { name } }'
	offline=urn:shopify:params:oauth:token-type:offline-access-token
	token 200 grant_type=urn:ietf:params:oauth:grant-type:token-exchange \
	    "subject_token=$ACCESS" "subject_token_type=$offline" \
	    "requested_token_type=$offline" expiring=1
	has '"refresh_token"'
	ask 401 '{ shop { name } }'
}

atf_test_case client_credentials_are_for_ones_own_shops
client_credentials_are_for_ones_own_shops_body()
{
	begin
	token 200 grant_type=client_credentials
	has '"expires_in":86399'
	lacks refresh_token
	control '{"client_credentials":0}'
	token 400 grant_type=client_credentials
	has '"error":"shop_not_permitted"'
}

atf_test_case a_version_that_is_gone_is_answered_by_the_oldest
a_version_that_is_gone_is_answered_by_the_oldest_body()
{
	begin
	connected
	ask 200 '{ shop { name } }'
	has 'X-Shopify-API-Version: 2026-10'
	has 'X-Request-Id: '
	has '{"data":{"shop":{"name":"Demo Shop"}},"extensions":{"cost":{'
	ask 200 '{ shop { name } }' 2025-04
	has 'X-Shopify-API-Version: 2026-01'
	ask 404 '{ shop { name } }' 2031-01
	ask 404 '{ shop { name } }' 2025-05
}

atf_test_case a_malformed_request_is_told_so
a_malformed_request_is_told_so_body()
{
	begin
	connected
	printf '{ shop { name } }' > body
	call 400 POST /admin/api/2026-10/graphql.json \
	    "X-Shopify-Access-Token: $ACCESS"
	has '{"errors":{"query":"Required parameter missing or invalid"}}'
	printf '{"query":"{ shop { name } }"}' > body
	call 400 POST /admin/api/2026-10/graphql.json \
	    'Content-Type: text/plain' "X-Shopify-Access-Token: $ACCESS"
	call 401 POST /admin/api/2026-10/graphql.json
	call 401 POST /admin/api/2026-10/graphql.json \
	    'X-Shopify-Access-Token: shpat_nothing'
	HOST=test-other.myshopify.com
	call 401 POST /admin/api/2026-10/graphql.json \
	    "X-Shopify-Access-Token: $ACCESS"
	HOST=app.test
	call 404 POST /admin/api/2026-10/graphql.json \
	    "X-Shopify-Access-Token: $ACCESS"
}

atf_test_case granted_scopes_are_listed_and_can_be_edited
granted_scopes_are_listed_and_can_be_edited_body()
{
	begin
	SCOPE=read_products
	connected
	: > body
	call 200 GET /admin/oauth/access_scopes.json \
	    "X-Shopify-Access-Token: $ACCESS"
	has '{"access_scopes":[{"handle":"read_products"}]}'
	ask 200 '{ orders(first: 1) { nodes { id } } }'
	has '"code":"ACCESS_DENIED"'
}

atf_test_case old_orders_go_with_read_all_orders
old_orders_go_with_read_all_orders_body()
{
	begin
	connected
	ask 200 '{ ordersCount { count } }'
	[ "$(number count)" -eq 60 ] || atf_fail "$(cat answer)"
	control '{"all_orders":0}'
	ask 200 '{ ordersCount { count } }'
	[ "$(number count)" -lt 15 ] || atf_fail "$(cat answer)"
	: > body
	call 200 GET "/sandbox/$SHOP/api/truth"
	has '"orders":60'
}

atf_test_case faults_come_when_they_are_asked_for
faults_come_when_they_are_asked_for_body()
{
	begin
	connected
	fault='{"fault":{"where":"graphql"'
	control "$fault"',"what":"status","status":429,"retry_after":"4.0"}}'
	ask 429 '{ shop { name } }'
	has 'Retry-After: 4.0'
	ask 200 '{ shop { name } }'
	for what in throttled:THROTTLED max_cost:MAX_COST_EXCEEDED \
	    internal_error:INTERNAL_SERVER_ERROR \
	    access_denied:ACCESS_DENIED shop_inactive:SHOP_INACTIVE; do
		control "$fault,\"what\":\"${what%:*}\",\"skip\":1}}"
		ask 200 '{ shop { name } }'
		has '"data":{"shop"'
		ask 200 '{ shop { name } }'
		has "\"code\":\"${what#*:}\""
	done
	control "$fault"',"what":"cut","match":"orders","times":1}}'
	ask 200 '{ shop { name } }'
	has '}}}}'
	ask 200 '{ ordersCount { count } }'
	lacks '}}}}'
	control "$fault"',"what":"drop"}}'
	ask 502 '{ shop { name } }'
	control '{"fault":{"where":"token","what":"no_expires_in"}}'
	token 200 grant_type=refresh_token "refresh_token=$REFRESH"
	lacks '"expires_in"'
	control '{"fault":{"where":"token","what":"status","status":503}}'
	token 503 grant_type=refresh_token "refresh_token=$REFRESH"
}

atf_test_case control_has_a_key_and_tells_what_is_wrong
control_has_a_key_and_tells_what_is_wrong_body()
{
	begin
	printf '{}' > body
	call 401 POST /sandbox/control
	call 401 POST /sandbox/control 'X-Sandbox-Key: contro1'
	call 401 GET /sandbox/control
	control '{"bucket":0}' 400
	has '"field":"bucket"'
	control '{"no_such":1}' 400
	has '"field":"no_such"'
	control '{"fault":{"where":"graphql","what":"no_expires_in"}}' 400
	has '"field":"fault.what"'
	control '{"fault":{"where":"graphql","what":"status","status":700}}' 400
	has '"field":"fault.status"'
	control '{"bucket":4000,"restore":200,"access_token_s":60}'
	has '"bucket":4000'
	connected
	has '"expires_in":60'
	ask 200 '{ shop { name } }'
	has '"maximumAvailable":4000.0'
	control '{"reset":true}'
	has '"bucket":20000'
	unset SANDBOX_KEY_FILE
	call 403 POST /sandbox/control 'X-Sandbox-Key: control'
}

atf_test_case an_uninstall_ends_every_token
an_uninstall_ends_every_token_body()
{
	begin
	connected
	control "{\"uninstall\":\"$SHOP\"}"
	ask 401 '{ shop { name } }'
	token 401 grant_type=refresh_token "refresh_token=$REFRESH"
	connected
	control "{\"revoke\":\"$SHOP\"}"
	ask 401 '{ shop { name } }'
	token 200 grant_type=refresh_token "refresh_token=$REFRESH"
}

atf_test_case the_ledger_counts_each_kind_of_call
the_ledger_counts_each_kind_of_call_body()
{
	begin
	connected
	token 200 grant_type=refresh_token "refresh_token=$REFRESH"
	token 401 grant_type=refresh_token refresh_token=x
	ask 200 'query Named { shop { name } }'
	ask 200 '{ shop { nothing } }'
	: > body
	call 200 GET /sandbox/ledger
	has '"authorize":1'
	has '"authorize.accepted":1'
	has '"token.authorization_code":1'
	has '"token.refresh_token":2'
	has '"token.refused":1'
	has '"graphql":2'
	has '"graphql.data":1'
	has '"graphql.refused":1'
	has '"document.Named":1'
	has '"grant":"refresh_token","status":401,"error":"invalid_request"'
	lacks shpat_
	lacks shprt_
}

atf_test_case a_shop_is_there_when_it_is_asked_for
a_shop_is_there_when_it_is_asked_for_body()
{
	begin
	: > body
	call 200 GET /sandbox/shops
	has '{"domain":"demo-shop.myshopify.com","name":"Demo Shop"}'
	has second-shop.myshopify.com
	for shop in second-shop third-shop test-anything; do
		call 200 GET "/sandbox/$shop.myshopify.com/api/truth"
		[ "$(number products)" -gt 0 ] || atf_fail "$(cat answer)"
	done
	call 404 GET /sandbox/anything.myshopify.com/api/truth
	call 404 GET /sandbox/test-a.example.com/api/truth
	call 404 GET '/sandbox/test-_.myshopify.com/api/truth'
}

atf_test_case the_admin_opens_the_app_with_a_signed_address
the_admin_opens_the_app_with_a_signed_address_body()
{
	begin
	: > body
	call 302 GET "/sandbox/$SHOP/admin/open"
	has 'Location: http://app.test/app?embedded=1&host='
	token=$(from_location id_token)
	[ "$(printf '%s' "${token%.*}" |
	    openssl dgst -sha256 -hmac hush -binary | base64 |
	    tr '+/' '-_' | tr -d =)" = "${token##*.}" ] ||
		atf_fail 'the id token is not signed'
}

atf_test_case a_sheet_is_loaded_or_named_as_wrong
a_sheet_is_loaded_or_named_as_wrong_body()
{
	begin
	head='InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice'
	{
		echo "$head,CustomerID,Country"
		echo '536365,85123A,HEART,6,2010-12-01 08:26:00,2.55,17850.0,EIRE'
	} > sheet.csv
	SANDBOX_CSV=$PWD/sheet.csv
	export SANDBOX_CSV
	: > body
	call 200 GET "/sandbox/$SHOP/api/truth"
	has '"net":{"amount":"15.30","currency":"GBP"}'
	echo 'no,sheet' > sheet.csv
	LOG_LEVEL=info
	request GET /sandbox/shops > answer 2> log && atf_fail 'it started'
	grep -q 'the first line is not InvoiceNo' log || atf_fail "$(cat log)"
}

atf_init_test_cases()
{
	atf_add_test_case the_install_page_asks_and_shows_what_is_asked_for
	atf_add_test_case what_is_not_the_apps_is_not_installed
	atf_add_test_case the_callback_is_signed
	atf_add_test_case a_code_gives_a_pair_of_tokens_once
	atf_add_test_case the_token_end_point_takes_json_too
	atf_add_test_case a_lost_answer_is_made_good_by_the_old_refresh_token
	atf_add_test_case a_session_token_is_exchanged
	atf_add_test_case a_token_that_never_expires_is_barred_unless_allowed
	atf_add_test_case client_credentials_are_for_ones_own_shops
	atf_add_test_case a_version_that_is_gone_is_answered_by_the_oldest
	atf_add_test_case a_malformed_request_is_told_so
	atf_add_test_case granted_scopes_are_listed_and_can_be_edited
	atf_add_test_case old_orders_go_with_read_all_orders
	atf_add_test_case faults_come_when_they_are_asked_for
	atf_add_test_case control_has_a_key_and_tells_what_is_wrong
	atf_add_test_case an_uninstall_ends_every_token
	atf_add_test_case the_ledger_counts_each_kind_of_call
	atf_add_test_case a_shop_is_there_when_it_is_asked_for
	atf_add_test_case the_admin_opens_the_app_with_a_signed_address
	atf_add_test_case a_sheet_is_loaded_or_named_as_wrong
}
