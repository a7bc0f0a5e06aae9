# Webhooks from the door to the rows: once, in order or not, and nothing lost.
# kyua: timeout=120

. "${STOCKROOM_SRC:?}/tests/suite.sh"
. "$SRC/tests/deliver.sh"

begin()
{
	suite_start "$@"
	connect "$SANDBOX_SHOP"
	SHOP_ID=$(echo "SELECT shop_id FROM stockroom.shop" | sql)
	await 10 open || atf_fail 'the door stays shut'
}

count()
{
	echo "SELECT count(*) FROM stockroom.$1" | sql
}

worked_off()
{
	[ "$(count "webhook WHERE state = 'kept' AND inbox_id IS NOT NULL")" = 0 ] &&
		[ "$(count changed)" = 0 ]
}

settle()
{
	await 20 worked_off || atf_fail "not worked off: $(echo "SELECT topic,
	    state, reason FROM stockroom.webhook" | sql) $(tail -5 "$LOG/jobd.log")"
}

states()
{
	echo "SELECT topic || ' ' || state FROM stockroom.webhook
	    ORDER BY received_at, id" | sql | tr '\n' ';'
}

any_product()
{
	echo "SELECT id FROM stockroom.product ORDER BY id LIMIT 1" | sql
}

atf_test_case what_changed_is_read_again_once cleanup
what_changed_is_read_again_once_body()
{
	begin
	pull_begin '{"resources":["products"]}'
	pull_end 60
	id=$(any_product)
	echo "UPDATE stockroom.product SET title = 'old', updated_at = NULL
	    WHERE id = $id" | sql
	delivery=$(new_id)
	send 200 products/update "{\"id\":$id,\"title\":\"x\"}" "$delivery"
	send 200 products/update "{\"id\":$id,\"title\":\"x\"}" "$delivery"
	settle
	is 'products/update applied;' "$(states)"
	is 0 "$(count "product WHERE title = 'old'")"
	# The same body by another delivery id: an unsigned header may lie.
	send 200 products/update "{\"id\":$id,\"title\":\"x\"}"
	settle
	is 'products/update applied;products/update duplicate;' "$(states)"
}
what_changed_is_read_again_once_cleanup() { suite_stop; }

# calls DOCUMENT: how many there were, as the operator's figures have it.
calls()
{
	curl -q -sS --noproxy '*' \
	    -H "Authorization: Bearer $(cat "$SECRETS/operator_key")" \
	    "$STOCKROOM_URL/metrics" |
		sed -n "s/^shopify_calls_total{.*document=\"$1\".*} //p" |
		awk '{ n += $1 } END { print n + 0 }'
}

# One after the other, so that each could have had a call of its own.
atf_test_case a_burst_makes_few_calls cleanup
a_burst_makes_few_calls_body()
{
	begin
	for id in $(seq 1 60); do
		send 200 products/update "{\"id\":$id,\"title\":\"x\"}"
	done
	settle
	is 60 "$(count "webhook WHERE state = 'applied'")"
	n=$(calls products_by_ids)
	echo "$n calls"
	[ "$n" -ge 2 ] && [ "$n" -le 20 ] || atf_fail "$n calls for 60 webhooks"
}
a_burst_makes_few_calls_cleanup() { suite_stop; }

subscribed()
{
	[ "$(count subscription)" -gt 10 ]
}

sealed_anew()
{
	[ "$(count webhook)" -ge "$1" ] &&
		[ "$(count "webhook WHERE state = 'kept'")" = 0 ]
}

in_part()
{
	echo "SELECT count(*) FILTER (WHERE partial) || '/' || count(*)
	    FROM stockroom.$1" | sql
}

# words ORDERS: what both a payload and a read say of them and their lines.
words()
{
	sql <<-EOF
	SELECT id, name, financial_status, fulfillment_status, currency,
	    total::float8, subtotal::float8, total_tax::float8,
	    total_discounts::float8, total_shipping::float8,
	    current_total::float8, presentment_total::float8, customer_id, billing_country, shipping_country,
	    gateways, test, closed, source_name, created_at, processed_at,
	    updated_at, cancelled_at, closed_at, checkout_token, subject_kind
	FROM stockroom.orders WHERE id IN ($1) ORDER BY id;
	SELECT id, order_id, product_id, variant_id, sku, quantity,
	    current_quantity, unit_price::float8, total_discount::float8, currency
	FROM stockroom.order_line WHERE order_id IN ($1) ORDER BY id;
	SELECT id, order_id, sealed IS NULL FROM stockroom.refund
	WHERE order_id IN ($1) ORDER BY id;
	EOF
}

# design.md 5: Shopify's own bodies, of a shop that must authorize us again.
atf_test_case a_shop_that_cannot_be_read_is_kept_by_its_webhooks cleanup
a_shop_that_cannot_be_read_is_kept_by_its_webhooks_body()
{
	begin
	await 30 subscribed || atf_fail 'no subscription was made'
	echo "UPDATE stockroom.shop SET status = 'needs_authorization';
	    DELETE FROM stockroom.token" | sql
	for topic in orders/updated products/update customers/update; do
		control "{\"webhook\":{\"topic\":\"$topic\",\"count\":8}}"
	done
	await 30 sealed_anew 24 || atf_fail "$(states)"
	is "24" "$(count "webhook WHERE state = 'applied'
	    AND reason LIKE 'kept as its body has it%'")"
	for table in product customer orders; do
		is 8/8 "$(in_part $table)"
	done
	is 0 "$(count "orders WHERE sealed IS NULL OR total IS NULL")"
	is 0 "$(count "order_line WHERE sealed IS NULL OR unit_price IS NULL")"
	ids=$(echo "SELECT string_agg(id::text, ',') FROM stockroom.orders" | sql)
	words "$ids" > parts
	# Installed again, a pull makes it whole, and finds each word as it was.
	connect "$SANDBOX_SHOP"
	pull_begin '{"resources":["products","orders","customers"]}'
	pull_end 60
	for table in product customer orders order_line variant; do
		is 0 "$(count "$table WHERE partial")"
	done
	words "$ids" > whole
	diff parts whole || atf_fail 'a payload does not say what a read says'
	complete
}
a_shop_that_cannot_be_read_is_kept_by_its_webhooks_cleanup() { suite_stop; }

shop_is()
{
	[ "$(echo "SELECT name || ' ' || array_to_string(scopes, ',')
	    FROM stockroom.shop" | sql)" = "$1" ]
}

atf_test_case what_changes_of_the_shop_itself_is_read_again cleanup
what_changes_of_the_shop_itself_is_read_again_body()
{
	begin
	await 30 subscribed || atf_fail 'no subscription was made'
	name=$(echo "SELECT name FROM stockroom.shop" | sql)
	control '{"scopes":["read_products"]}'
	await 20 shop_is "$name read_products" || atf_fail "$(states)"
	echo "UPDATE stockroom.shop SET name = 'old'" | sql
	control '{"webhook":{"topic":"shop/update"}}'
	await 20 shop_is "$name read_products" || atf_fail "$(states)"
}
what_changes_of_the_shop_itself_is_read_again_cleanup() { suite_stop; }

atf_test_case what_is_gone_is_marked cleanup
what_is_gone_is_marked_body()
{
	begin
	pull_begin '{"resources":["products","customers"]}'
	pull_end 60
	id=$(any_product)
	send 200 products/delete "{\"id\":$id}"
	# Shopify has no such customer: the read says so.
	send 200 customers/update '{"id":99,"updated_at":"2026-11-24T10:00:00Z"}'
	settle
	is 'products/delete applied;customers/update applied;' "$(states)"
	is 1 "$(count "product WHERE id = $id AND deleted_at IS NOT NULL")"
}
what_is_gone_is_marked_cleanup() { suite_stop; }

# refusals REASON: how many there were, as the operator's figures have it.
refusals()
{
	curl -q -sS --noproxy '*' \
	    -H "Authorization: Bearer $(cat "$SECRETS/operator_key")" \
	    "$STOCKROOM_URL/metrics" > metrics
	sed -n "s/^http_refused_total{.*reason=\"$1\".*} //p" metrics
}

atf_test_case what_is_not_signed_leaves_no_row cleanup
what_is_not_signed_leaves_no_row_body()
{
	begin
	send 401 orders/create '{"id":1}' "" "" wrong
	mac=$(printf 'x' | openssl dgst -sha256 -binary \
	    -hmac "$SHOPIFY_API_SECRET" | openssl base64 -A)
	for header in 'X-None: 1' 'X-Shopify-Hmac-Sha256: short' \
	    "X-Shopify-Hmac-Sha256: $mac"; do
		is 401 "$(curl -q -s --noproxy '*' -o answer \
		    -w '%{http_code}' -H "$header" -d '{"id":1}' \
		    -H 'X-Shopify-Topic: orders/create' \
		    -H "X-Shopify-Shop-Domain: $SANDBOX_SHOP" \
		    "$STOCKROOM_URL/webhooks")"
	done
	is 0 "$(count webhook)"
	is 0 "$(count "job WHERE kind = 'webhook_apply'")"
	is 3 "$(refusals hmac_wrong)"
	# One for each look whether the door was open, too.
	[ "$(refusals hmac_missing)" -ge 2 ] || atf_fail "$(cat metrics)"
}
what_is_not_signed_leaves_no_row_cleanup() { suite_stop; }

# SEC-10, SEC-11: recorded, without effect.
atf_test_case strange_ones_are_kept_and_do_nothing cleanup
strange_ones_are_kept_and_do_nothing_body()
{
	begin
	send 200 themes/publish '{"id":1}'
	send 200 products/update 'no json'
	send 200 products/update '{"no":"id"}'
	send 200 products/update '{"id":1}' "" unknown.myshopify.com
	send 200 shop/redact '{"shop_id":1}' "" unknown.myshopify.com
	settle
	is 'products/update ignored;products/update unreadable;products/update unreadable;shop/redact kept;themes/publish ignored;' \
	    "$(states | tr ';' '\n' | sort | tr '\n' ';' | sed 's/^;//')"
	is 0 "$(count changed)"
}
strange_ones_are_kept_and_do_nothing_cleanup() { suite_stop; }

# design.md 6: by the inbox first, then by whose data it is; never in plain.
atf_test_case a_body_is_never_kept_in_plain cleanup
a_body_is_never_kept_in_plain_body()
{
	begin
	send 200 customers/create '{"id":77,"email":"canary@example.com","updated_at":"2026-11-24T10:00:00Z"}'
	send 200 themes/publish '{"id":1,"by":"canary@example.com"}'
	settle
	is 'c 77;s;' "$(echo "SELECT concat_ws(' ', subject_kind,
	    CASE subject_kind WHEN 'c' THEN subject_id END)
	    FROM stockroom.webhook ORDER BY 1" | sql | tr '\n' ';')"
	pg_dump -d "$DATABASE_URL" > dump
	! grep -q canary dump || atf_fail 'the dump holds a body in plain'
	! grep -rq canary "$LOG" || atf_fail 'a log holds a body'
}
a_body_is_never_kept_in_plain_cleanup() { suite_stop; }

signed_in()
{
	ask -o /dev/null -w '%{http_code}' "$STOCKROOM_URL/api/auth/session"
}

atf_test_case an_uninstall_ends_all_at_once_and_a_late_one_nothing cleanup
an_uninstall_ends_all_at_once_and_a_late_one_nothing_body()
{
	begin
	is 200 "$(signed_in)"
	send 200 app/uninstalled "{\"id\":1}"
	settle
	is 200 "$(signed_in)"
	send 200 app/uninstalled "{\"id\":$SHOP_ID}"
	settle
	is 401 "$(signed_in)"
	is 0 "$(count token)"
	is 1 "$(count "shop WHERE status = 'uninstalled'")"
	connect "$SANDBOX_SHOP"
	is 1 "$(count "shop WHERE status = 'installed'")"
	TRIGGERED=2026-01-01T00:00:00Z send 200 app/uninstalled \
	    "{\"id\":$SHOP_ID,\"late\":true}"
	settle
	is 200 "$(signed_in)"
	is 1 "$(count "shop WHERE status = 'installed'")"
}
an_uninstall_ends_all_at_once_and_a_late_one_nothing_cleanup() { suite_stop; }

# What the law asks is not void with an install; the rest of it is.
atf_test_case what_came_before_a_reinstall_is_judged_and_not_left_sealed cleanup
what_came_before_a_reinstall_is_judged_and_not_left_sealed_body()
{
	begin
	echo "UPDATE stockroom.queue SET paused = true WHERE name = 'webhooks'" |
		sql
	send 200 customers/data_request \
	    "{\"shop_id\":$SHOP_ID,\"customer\":{\"id\":7}}"
	send 200 products/update '{"id":1}'
	send 200 app/uninstalled "{\"id\":$SHOP_ID}"
	echo "UPDATE stockroom.shop SET epoch = epoch + 1" | sql
	echo "UPDATE stockroom.queue SET paused = false" | sql
	await 20 worked_off || atf_fail "not worked off: $(states)"
	is 'customers/data_request applied;products/update ignored;app/uninstalled applied;' \
	    "$(states)"
	is 0 "$(count "webhook WHERE inbox_id IS NOT NULL")"
}
what_came_before_a_reinstall_is_judged_and_not_left_sealed_cleanup() { suite_stop; }

atf_init_test_cases()
{
	atf_add_test_case what_changed_is_read_again_once
	atf_add_test_case a_burst_makes_few_calls
	atf_add_test_case a_shop_that_cannot_be_read_is_kept_by_its_webhooks
	atf_add_test_case what_changes_of_the_shop_itself_is_read_again
	atf_add_test_case what_is_gone_is_marked
	atf_add_test_case what_is_not_signed_leaves_no_row
	atf_add_test_case strange_ones_are_kept_and_do_nothing
	atf_add_test_case a_body_is_never_kept_in_plain
	atf_add_test_case an_uninstall_ends_all_at_once_and_a_late_one_nothing
	atf_add_test_case what_came_before_a_reinstall_is_judged_and_not_left_sealed
}
