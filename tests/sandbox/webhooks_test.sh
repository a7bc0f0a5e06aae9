# What the pretended Shopify sends: by the sender, to a receiver that does as it
# is told (tests/helpers/receiver).
# kyua: timeout=120
top=${STOCKROOM_SRC:-$(cd "$(dirname "$0")/../../.." && pwd)}
. "$top/tests/sandbox/ask.sh"

RECEIVER=${STOCKROOM_BUILD:-$top/build}/tests/helpers/receiver.fcgi

# Until the words hold, 20 times a second, for ten seconds.
await()
{
	await_tries=200
	until "$@"; do
		await_tries=$((await_tries - 1))
		[ "$await_tries" -gt 0 ] || atf_fail "waited in vain: $*"
		sleep 0.05
	done
}

sender_start()
{
	"$PROGRAM" sender < /dev/null > sender.log 2>&1 &
	echo $! > sender.pid
	await grep -q sender.start sender.log
}

# All of it, with the app at the receiver.
hooked()
{
	begin
	mkdir in
	"$RECEIVER" in < /dev/null > receiver.log 2>&1 &
	echo $! > receiver.pid
	await test -s in/port
	APP_URL=http://127.0.0.1:$(cat in/port)
	CALLBACK=$APP_URL/api/auth/shopify/callback
	HERE=$APP_URL/hooks
	SANDBOX_RETRY_SCALE=144000 # four hours are 100 ms
	SANDBOX_REDACT_S=1
	export APP_URL SANDBOX_RETRY_SCALE SANDBOX_REDACT_S
	SCOPE=write_products,read_orders,read_customers
	connected
	sender_start
}

hooked_end()
{
	for pid in sender.pid receiver.pid; do
		[ ! -s "$pid" ] || kill -CONT "$(cat "$pid")" 2> /dev/null
		[ ! -s "$pid" ] || kill "$(cat "$pid")" 2> /dev/null
	done
	:
}

# subscribe TOPIC [MEMBERS] [URI]: its id is in HOOK, or there is an error.
subscribe()
{
	ask 200 "mutation { webhookSubscriptionCreate(topic: $1, \
webhookSubscription: {uri: \\\"${3:-$HERE}\\\"${2:-}}) { \
webhookSubscription { id topic uri format name includeFields \
apiVersion { handle } } userErrors { field message } } }"
	HOOK=$(member id)
}

deliveries()
{
	: > body
	call 200 GET "/sandbox/deliveries?${1:-}" 'X-Sandbox-Key: control'
}

# total NAME: one of the ledger's numbers.
total()
{
	deliveries limit=0
	number "$1"
}

total_is()
{
	[ "$(total "$1")" = "$2" ]
}

# The N-th request's header.
header_in()
{
	sed -n "s/^$2: \\(.*\\)\$/\\1/Ip" "in/$1.head" | tr -d '\r'
}

# signed N SECRET: whether the N-th body has its signature.
signed()
{
	[ "$(openssl dgst -sha256 -hmac "$2" -binary < "in/$1.body" |
	    base64)" = "$(header_in "$1" X-Shopify-Hmac-Sha256)" ]
}

# came N: so many requests did.
came()
{
	[ -s "in/$1.head" ]
}

in_body()
{
	grep -qF -- "$2" "in/$1.body" ||
		atf_fail "no $2 in $(head -c 2000 "in/$1.body")"
}

# case_of NAME: declares a case that hooked_end cleans up after.
case_of()
{
	atf_test_case "$1" cleanup
	eval "$1_cleanup() { hooked_end; }"
}

# ---- subscriptions

case_of a_subscription_is_made_listed_changed_and_deleted
a_subscription_is_made_listed_changed_and_deleted_body()
{
	hooked
	subscribe ORDERS_CREATE ', name: \"mine\", includeFields: [\"id\"]'
	has "\"uri\":\"$HERE\",\"format\":\"JSON\",\"name\":\"mine\""
	has '"includeFields":["id"],"apiVersion":{"handle":"2026-10"}'
	has '"requestedQueryCost":10,"actualQueryCost":10'
	first=$HOOK
	subscribe ORDERS_CREATE
	has '"message":"Address for this topic has already been taken"'
	subscribe CUSTOMERS_CREATE
	subscribe ORDERS_CREATE '' "$APP_URL/else"
	ask 200 '{ webhookSubscriptions(first: 1, topics: [ORDERS_CREATE]) {
	    nodes { id } pageInfo { hasNextPage } } }'
	has "[{\"id\":\"$first\"}],\"pageInfo\":{\"hasNextPage\":true}"
	ask 200 "{ webhookSubscriptions(first: 9, uri: \\\"$APP_URL/else\\\",
	    format: JSON) { nodes { topic } } }"
	has '"nodes":[{"topic":"ORDERS_CREATE"}]'
	ask 200 '{ webhookSubscriptionsCount { count } }'
	has '"count":3'
	ask 200 "mutation { webhookSubscriptionUpdate(id: \\\"$first\\\",
	    webhookSubscription: {uri: \\\"$APP_URL/new\\\"}) {
	    webhookSubscription { id uri name } userErrors { message } } }"
	has "\"uri\":\"$APP_URL/new\",\"name\":\"mine\""
	for message in '"userErrors":[]' 'subscription does not exist'; do
		ask 200 "mutation { webhookSubscriptionDelete(
		    id: \\\"$first\\\") { deletedWebhookSubscriptionId
		    userErrors { field message } } }"
		has "$message"
	done
	ask 200 '{ webhookSubscriptionsCount { count } }'
	has '"count":2'
}

case_of what_may_not_be_subscribed_to_is_refused
what_may_not_be_subscribed_to_is_refused_body()
{
	hooked
	subscribe DRAFT_ORDERS_CREATE
	has '"webhookSubscription":null'
	has 'You cannot create a webhook subscription with the specified topic'
	subscribe ORDERS_CREATE '' http://app.test/hooks
	has 'Address protocol http:// is not supported'
	subscribe ORDERS_CREATE '' pubsub://project:topic
	has 'Address is invalid'
	subscribe ORDERS_CREATE ', name: \"no blank\"'
	has '"field":["webhookSubscription","name"]'
	subscribe SHOP_REDACT
	has '"code":"argumentLiteralsIncompatible"'
	subscribe ORDERS_CREATE ', verify: true'
	has '"code":"argumentLiteralsIncompatible"'
	control '{"approval":2}'
	subscribe ORDERS_CREATE
	has 'not approved to subscribe to webhook topics containing protected'
	subscribe PRODUCTS_CREATE '' https://app.test/hooks
	has '"userErrors":[]'
}

# ---- what is sent

case_of a_change_is_told_signed_over_the_bytes_that_come
a_change_is_told_signed_over_the_bytes_that_come_body()
{
	hooked
	subscribe PRODUCTS_UPDATE ', name: \"mine\"'
	control '{"change":{"type":"products","fields":{"tags":["a/b","c"],
	    "title":"<A/B> & \"C\" \u00fc\u2028"}}}'
	await came 1
	[ "$(header_in 1 X-Shopify-Topic)" = products/update ] ||
		atf_fail "$(cat in/1.head)"
	[ "$(header_in 1 X-Shopify-Webhook-Id)" = "$(sed -n \
	    's/.*"deliveries":\["\([^"]*\)"\].*/\1/p' answer)" ] ||
		atf_fail "$(cat in/1.head)"
	[ "$(header_in 1 X-Shopify-Shop-Domain)" = "$SHOP" ] &&
		[ "$(header_in 1 X-Shopify-API-Version)" = 2026-10 ] &&
		[ "$(header_in 1 X-Shopify-Name)" = mine ] &&
		[ "$(header_in 1 Content-Type)" = application/json ] &&
		[ -n "$(header_in 1 X-Shopify-Event-Id)" ] ||
		atf_fail "$(cat in/1.head)"
	header_in 1 X-Shopify-Triggered-At | grep -qE \
	    '^[0-9-]{10}T[0-9:]{8}\.[0-9]{9}Z$' || atf_fail "$(cat in/1.head)"
	signed 1 hush || atf_fail 'not signed'
	in_body 1 '"title":"\u003cA\/B\u003e \u0026 \"C\" ü\u2028"'
	in_body 1 '"tags":"a\/b, c"'
	in_body 1 '"admin_graphql_api_id":"gid:\/\/shopify\/Product\/'
	grep -qE '"id":[0-9]{16},' in/1.body &&
		grep -qE '"price":"[0-9]+\.[0-9]{2}"' in/1.body &&
		grep -qE '"updated_at":"[0-9T:-]{19}\+01:00"' in/1.body ||
		atf_fail "$(cat in/1.body)"
}

case_of the_app_may_change_a_product_when_it_may_write
the_app_may_change_a_product_when_it_may_write_body()
{
	hooked
	subscribe PRODUCTS_UPDATE
	ask 200 '{ products(first: 1) { nodes { id updatedAt } } }'
	gid=$(member id)
	before=$(member updatedAt)
	ask 200 "mutation { productUpdate(product: {id: \\\"$gid\\\",
	    title: \\\"Anew\\\", tags: [\\\"x\\\"],
	    seo: {description: \\\"d\\\"}, descriptionHtml: \\\"<p>\\\"}) {
	    product { title tags descriptionHtml seo { description } updatedAt }
	    userErrors { field message } } }"
	has '"title":"Anew","tags":["x"],"descriptionHtml":"<p>"'
	has '"seo":{"description":"d"}'
	has '"actualQueryCost":10'
	[ "$before" != "$(member updatedAt)" ] || atf_fail "$(cat answer)"
	await came 1
	in_body 1 '"title":"Anew"'
	ask 200 "{ product(id: \\\"$gid\\\") { title } }" # another process
	has '"title":"Anew"'
	ask 200 "{ products(first: 1, sortKey: UPDATED_AT, reverse: true) {
	    nodes { id } } }"
	has "$gid"
	ask 200 'mutation { productUpdate(product: {id: \"gid://shopify/Product/1\"
	    }) { userErrors { field message } } }'
	has '"field":["id"],"message":"Product does not exist"'
	SCOPE=read_products
	connected
	ask 200 "mutation { productUpdate(product: {id: \\\"$gid\\\"}) {
	    product { id } } }"
	has '"code":"ACCESS_DENIED"'
}

case_of what_is_made_and_taken_away_is_told_and_counted
what_is_made_and_taken_away_is_told_and_counted_body()
{
	hooked
	for topic in ORDERS_CREATE ORDER_TRANSACTIONS_CREATE CUSTOMERS_UPDATE \
	    PRODUCTS_CREATE PRODUCTS_DELETE ORDERS_DELETE CUSTOMERS_DELETE; do
		subscribe "$topic"
	done
	: > body
	call 200 GET "/sandbox/$SHOP/api/truth"
	cp answer before
	control '{"create":{"type":"orders","fields":{"note":"made"}}}'
	order=$(sed -n 's/.*"ids":\[\([0-9]*\)\].*/\1/p' answer)
	ask 200 "{ order(id: \\\"gid://shopify/Order/$order\\\") { note
	    transactions { id } lineItems(first: 1) { nodes { id } } } }"
	has '"note":"made","transactions":[{"id":"'
	control '{"create":{"type":"products"}}'
	product=$(sed -n 's/.*"ids":\[\([0-9]*\)\].*/\1/p' answer)
	: > body
	call 200 GET "/sandbox/$SHOP/api/truth"
	has '"products":9'
	has '"orders":61'
	control "{\"delete\":[{\"type\":\"orders\",\"ids\":[$order]},
	    {\"type\":\"products\",\"ids\":[$product]}]}"
	: > body
	call 200 GET "/sandbox/$SHOP/api/truth"
	[ "$(sed '1,/^.$/d' before)" = "$(sed '1,/^.$/d' answer)" ] ||
		atf_fail "$(cat before answer)"
	await total_is waiting 0
	cat in/*.head > heads
	for topic in orders/create order_transactions/create customers/update \
	    products/create products/delete orders/delete; do
		grep -q "Topic: $topic" heads || atf_fail "no $topic"
	done
	grep -lF "{\"id\":$product}" in/*.body || atf_fail 'not as it should'
	control '{"delete":{"type":"orders","ids":[1]}}' 404
	control '{"change":{"type":"shops"}}' 400
	control '{"change":{"type":"orders","fields":{"title":"x"}}}' 400
	has '"field":"fields.title"'
}

# ---- how it is sent

case_of a_failed_delivery_comes_again_under_its_id
a_failed_delivery_comes_again_under_its_id_body()
{
	hooked
	subscribe ORDERS_UPDATED
	echo 500 302 404 204 > in/answer
	control '{"change":{"type":"orders"}}'
	await total_is delivered 1
	has '"waiting":0,"tries":4,"failed":3'
	[ "$(cat in/[1234].head | grep -c "$(header_in 1 X-Shopify-Webhook-Id)")" \
	    -eq 4 ] || atf_fail 'not the same id'
	cmp in/1.body in/4.body || atf_fail 'not the same body'
	deliveries "delivery=$(header_in 1 X-Shopify-Webhook-Id)"
	has '"try":1,"status":500'
	has '"try":4,"status":204'
	deliveries end=retry
	has '"try":3,"status":404'
	lacks '"status":204'
	deliveries 'status=500&limit=1'
	has '"items":[{'
	has '"next":null'
	deliveries 'topic=orders/create'
	has '"items":[]'
	deliveries limit=2
	deliveries "after=$(member next)&limit=2"
	has '"items":[{'
	has '"try":3'
	lacks '"try":2'
	rm body
	: > body
	call 401 GET /sandbox/deliveries
	call 400 GET '/sandbox/deliveries?end=never' 'X-Sandbox-Key: control'
}

case_of a_subscription_goes_after_eight_failures_running
a_subscription_goes_after_eight_failures_running_body()
{
	hooked
	subscribe ORDERS_UPDATED
	subscribe PRODUCTS_UPDATE
	echo 500 > in/answer
	control '{"change":{"type":"orders"}}'
	await total_is gave_up 1
	has '"tries":9,"failed":9'
	ask 200 '{ webhookSubscriptions(first: 9) { nodes { topic } } }'
	has '"nodes":[{"topic":"PRODUCTS_UPDATE"}]'
	: > body
	call 200 GET '/sandbox/deliveries' 'X-Sandbox-Key: control'
	# Between the first two: four hours, 255 shares, 144,000 times faster.
	echo 503 200 > in/answer
	control '{"change":{"type":"products"}}'
	await total_is delivered 1
	ask 200 '{ webhookSubscriptions(first: 9) { nodes { topic } } }'
	has '"nodes":[{"topic":"PRODUCTS_UPDATE"}]'
	# What the app declares itself stays.
	echo 500 > in/answer
	control '{"webhook":{"topic":"shop/redact"}}'
	await total_is gave_up 2
	echo 200 > in/answer
	control '{"webhook":{"topic":"shop/redact"}}'
	await total_is delivered 2
}

case_of one_that_does_not_answer_has_five_seconds
one_that_does_not_answer_has_five_seconds_body()
{
	hooked
	subscribe ORDERS_UPDATED
	echo hang 200 > in/answer
	control '{"change":{"type":"orders"}}'
	await total_is failed 1
	await total_is delivered 1
	deliveries end=retry
	has '"status":0,"error":"Operation timed out'
	[ "$(number ms)" -ge 4900 ] && [ "$(number ms)" -lt 8000 ] ||
		atf_fail "$(cat answer)"
	kill "$(cat receiver.pid)"
	control '{"change":{"type":"orders"}}'
	await total_is gave_up 1
	deliveries end=gave_up
	has '"error":"Failed to connect'
}

case_of a_sender_that_is_killed_loses_nothing
a_sender_that_is_killed_loses_nothing_body()
{
	hooked
	subscribe ORDERS_UPDATED
	kill -STOP "$(cat receiver.pid)"
	control '{"webhook":{"topic":"orders/updated","count":50,
	    "numbered":true}}'
	kill -KILL "$(cat sender.pid)"
	[ "$(total waiting)" -eq 50 ] || atf_fail "$(cat answer)"
	kill -CONT "$(cat receiver.pid)"
	sender_start
	await total_is waiting 0
	for number in 1 25 50; do
		grep -l "\"sandbox_number\":$number," in/*.body > found ||
			atf_fail "no $number"
	done
	# The second of two ends at once.
	"$PROGRAM" sender 2> second.log && atf_fail 'two send'
	grep -q 'has a sender already' second.log || atf_fail "$(cat second.log)"
	kill "$(cat sender.pid)"
	await sh -c "! kill -0 $(cat sender.pid) 2> /dev/null"
	[ "$(echo webhooks/*.batch)" = 'webhooks/*.batch' ] ||
		atf_fail "left: $(echo webhooks/*.batch)"
}

case_of many_go_out_each_once
many_go_out_each_once_body()
{
	hooked
	subscribe ORDERS_UPDATED
	control '{"webhook":{"topic":"orders/updated","count":1000,
	    "numbered":true}}'
	tr ',' '\n' < answer | grep -cE '"[0-9a-f-]{36}"' > said
	[ "$(cat said)" -eq 1000 ] || atf_fail "$(cat said) ids"
	await total_is waiting 0
	has '"tries":1000,"failed":0,"delivered":1000'
	deliveries 'end=delivered&limit=2000'
	grep -o '"delivery":"[^"]*"' answer | sort -u | wc -l > told
	[ "$(cat told)" -eq 1000 ] || atf_fail "$(cat told) of them"
	[ ! -s sender.log ] || ! grep -q '"err"' sender.log ||
		atf_fail "$(cat sender.log)"
}

# ---- faults

case_of deliveries_go_wrong_when_they_are_asked_to
deliveries_go_wrong_when_they_are_asked_to_body()
{
	printf 'hushed before' > old
	chmod 600 old
	SHOPIFY_API_SECRET_PREVIOUS_FILE=$PWD/old
	export SHOPIFY_API_SECRET_PREVIOUS_FILE
	hooked
	subscribe ORDERS_UPDATED
	send='"webhook":{"topic":"orders/updated"}}'
	control '{"webhook_copies":2,'"$send"
	await came 3
	[ "$(cat in/*.head | grep -c "$(header_in 1 X-Shopify-Webhook-Id)")" \
	    -eq 3 ] || atf_fail 'not three times'
	control '{"reset":true,"webhook_bare":1,'"$send"
	await came 4
	grep -qE '^\{"id":[0-9]+\}$' in/4.body || atf_fail "$(cat in/4.body)"
	control '{"reset":true,"webhook_pad_bytes":1048576,'"$send"
	await came 5
	[ "$(wc -c < in/5.body)" -eq 1048576 ] || atf_fail 'not a MiB'
	signed 5 hush || atf_fail 'not signed'
	control '{"reset":true,"webhook_old_secret":1,'"$send"
	await came 6
	signed 6 'hushed before' || atf_fail 'not by the secret before'
	control '{"reset":true,"webhook_forge_every":1,'"$send"
	await came 7
	! signed 7 hush || atf_fail 'it is signed'
	control '{"reset":true,"webhook_drop_every":1,'"$send"
	[ "$(total dropped)" -eq 1 ] || atf_fail "$(cat answer)"
	control '{"reset":true,"webhook_late_ms":60000,'"$send"
	[ "$(total waiting)" -eq 1 ] || atf_fail "$(cat answer)"
	has '"tries":0'
	control '{"reset":true,"webhook_shuffle_ms":300,"webhook":{
	    "topic":"orders/updated","count":40,"numbered":true}}'
	await came 47
	grep -ho '"sandbox_number":[0-9]*' $(seq -f 'in/%g.body' 8 47) |
	    tr -dc '0-9\n' > order
	! sort -n -c order 2> /dev/null || atf_fail 'in the order they were made'
	control '{"webhook_pad_bytes":16777217}' 400
}

case_of without_a_previous_secret_there_is_none_to_sign_with
without_a_previous_secret_there_is_none_to_sign_with_body()
{
	hooked
	subscribe ORDERS_UPDATED
	control '{"webhook_old_secret":1,"webhook":{"topic":"orders/updated"}}' \
	    400
	control '{"webhook_old_secret":0,"webhook":{"topic":"carts/create"}}' \
	    400
	has '"field":"webhook.payload"'
	control '{"webhook":{"topic":"carts/create","payload":{"id":1}}}' 409
	control "{\"webhook\":{\"topic\":\"carts/create\",\"uri\":\"$HERE\",
	    \"payload\":{\"a\":\"b/c\"}}}"
	await came 1
	[ "$(cat in/1.body)" = '{"a":"b\/c"}' ] || atf_fail "$(cat in/1.body)"
	control '{"webhook":{"topic":"carts/create","uri":"http://a.test",
	    "payload":{}}}' 400
}

# ---- the app on the shop

case_of an_uninstall_is_told_and_redaction_follows
an_uninstall_is_told_and_redaction_follows_body()
{
	hooked
	subscribe APP_UNINSTALLED
	control '{"uninstall":true}'
	ask 401 '{ shop { name } }'
	await came 2
	cat in/[12].head > heads
	grep -q '^POST /hooks ' heads || atf_fail "$(cat heads)"
	grep -q '^POST /webhooks ' heads || atf_fail "$(cat heads)"
	[ "$(header_in 1 X-Shopify-Event-Id)" = \
	    "$(header_in 2 X-Shopify-Event-Id)" ] || atf_fail 'two events'
	[ "$(header_in 1 X-Shopify-Webhook-Id)" != \
	    "$(header_in 2 X-Shopify-Webhook-Id)" ] || atf_fail 'one delivery'
	in_body 1 "\"myshopify_domain\":\"$SHOP\""
	await came 3
	[ "$(header_in 3 X-Shopify-Topic)" = shop/redact ] ||
		atf_fail "$(cat in/3.head)"
	in_body 3 "\"shop_domain\":\"$SHOP\"}"
	connected
	ask 200 '{ webhookSubscriptionsCount { count } }'
	has '"count":0'
}

case_of scopes_can_be_taken_away
scopes_can_be_taken_away_body()
{
	hooked
	ask 200 '{ ordersCount { count } }'
	lacks ACCESS_DENIED
	control '{"scopes":["read_products"]}'
	await came 1
	[ "$(header_in 1 X-Shopify-Topic)" = app/scopes_update ] ||
		atf_fail "$(cat in/1.head)"
	in_body 1 '"current":["read_products"],"updated_at":"'
	ask 200 '{ ordersCount { count } }'
	has ACCESS_DENIED
}

case_of the_admins_page_shows_the_app_and_acts
the_admins_page_shows_the_app_and_acts_body()
{
	hooked
	admin=/sandbox/$SHOP/admin
	subscribe ORDERS_UPDATED
	printf 'act=orders' > body
	call 303 POST "$admin" 'Content-Type: application/x-www-form-urlencoded' \
	    'Sec-Fetch-Site: same-origin'
	has "Location: $admin"
	await total_is delivered 1
	: > body
	call 200 GET "$admin"
	has "default-src 'none'"
	has "form-action 'self'"
	has '<code>write_products,read_orders,read_customers'
	has "<tr><td>ORDERS_UPDATED</td><td>$HERE</td></tr>"
	has '<td>orders/updated</td><td>1</td><td>200</td>'
	has '<button type="submit" name="act" value="uninstall">Uninstall</button>'
	lacks '<script'
	printf 'act=uninstall' > body
	call 403 POST "$admin" 'Sec-Fetch-Site: cross-site'
	call 303 POST "$admin"
	ask 401 '{ shop { name } }'
	: > body
	call 200 GET "$admin"
	has 'The app is not installed.'
	lacks 'value="uninstall"'
	printf 'act=nothing' > body
	call 400 POST "$admin"
	call 404 GET /sandbox/elsewhere.myshopify.com/admin
}

atf_init_test_cases()
{
	atf_add_test_case a_subscription_is_made_listed_changed_and_deleted
	atf_add_test_case what_may_not_be_subscribed_to_is_refused
	atf_add_test_case a_change_is_told_signed_over_the_bytes_that_come
	atf_add_test_case the_app_may_change_a_product_when_it_may_write
	atf_add_test_case what_is_made_and_taken_away_is_told_and_counted
	atf_add_test_case a_failed_delivery_comes_again_under_its_id
	atf_add_test_case a_subscription_goes_after_eight_failures_running
	atf_add_test_case one_that_does_not_answer_has_five_seconds
	atf_add_test_case a_sender_that_is_killed_loses_nothing
	atf_add_test_case many_go_out_each_once
	atf_add_test_case deliveries_go_wrong_when_they_are_asked_to
	atf_add_test_case without_a_previous_secret_there_is_none_to_sign_with
	atf_add_test_case an_uninstall_is_told_and_redaction_follows
	atf_add_test_case scopes_can_be_taken_away
	atf_add_test_case the_admins_page_shows_the_app_and_acts
}
