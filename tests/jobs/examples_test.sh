# The examples of handlers, in shell, Python and Node, as a real jobd runs them:
# from a delivery at the door, and from a pull.
# kyua: timeout=120
. "${STOCKROOM_SRC:?}/tests/handlers.sh"

SHOP=a-shop.myshopify.com

# example NAME WHEN: a copy, whose files lie in the case's own folder.
example()
{
	example_file=$(echo "$top"/examples/handlers/*/"$1")
	sed "s,/var/tmp/,$PWD/out/," "$example_file" > "programs/$1"
	chmod 755 "programs/$1"
	echo "$2 exec $PWD/programs/$1" >> handlers.conf
}

examples_case()
{
	handlers_case
	mkdir out
	chmod 777 out
	shop_made 1 $SHOP
}

# deliver TOPIC: standard input as a webhook, through the door.
deliver()
{
	cat > body
	program webhooks
	request POST /webhooks "X-Shopify-Topic: $1" \
	    "X-Shopify-Hmac-Sha256: $(openssl dgst -sha256 -binary -hmac hush \
	    < body | openssl base64 -A)" "X-Shopify-Shop-Domain: $SHOP" \
	    "X-Shopify-Webhook-Id: $1" < body > answer 2> log
	grep -q '^Status: 200' answer || atf_fail "$(cat answer log)"
}

atf_test_case shell_python_and_node_do_their_work cleanup
shell_python_and_node_do_their_work_body()
{
	examples_case
	example order-check 'webhook orders/create'
	example privacy-outbox.mjs 'webhook customers/redact,customers/data_request'
	example pull-report 'pull *'
	jobd
	await_sql 1 'SELECT count(*) FROM inbox_public'

	deliver orders/create <<-'EOT'
	{"id": 11, "email": "canary@example.com", "subtotal_price": "20.00",
	 "total_discounts": "0.00", "test": true,
	 "line_items": [{"price": "9.99", "quantity": 2}]}
	EOT
	await_sql 'completed|' "$(ended order-check)"
	check_sql '2 odd things' "$(notes order-check)"
	output order-check > got
	[ "$(cat got)" = '{"order": 11, "odd": ["its lines come to 19.98, it says 20.00", "a test order"]}' ] ||
		atf_fail "another result: $(cat got)"

	# Another shop's key finds no such job; one without the scope may not.
	shop_made 2 other.myshopify.com
	shop_key other.myshopify.com > other.key
	shop_key $SHOP jobs:read > narrow.key
	request GET "/api/jobs/$output_id/output" \
	    "Authorization: Bearer $(cat other.key)" | grep -q '^Status: 404' ||
		atf_fail 'another shop sees it'
	request GET "/api/jobs/$output_id/output" \
	    "Authorization: Bearer $(cat narrow.key)" | grep -q '^Status: 403' ||
		atf_fail 'it needs no scope'
	shop_key $SHOP pulls:read > wide.key
	output order-check "$(cat wide.key)" | grep -q 19.98 ||
		atf_fail 'its own shop does not see it'

	deliver customers/redact <<-'EOT'
	{"shop_id": 1, "shop_domain": "a-shop.myshopify.com",
	 "customer": {"id": 12, "email": "canary@example.com"},
	 "orders_to_redact": [11]}
	EOT
	await_sql 'completed|' "$(ended privacy-outbox)"
	[ "$(jq -c '[.what, .shop, .customer, .orders]' \
	    out/stockroom-privacy/*.json)" = \
	    "[\"customers/redact\",\"$SHOP\",12,[11]]" ] ||
		atf_fail "$(cat out/stockroom-privacy/*)"
	! grep -r canary out jobd.log || atf_fail 'it tells who it is'

	sql <<-'EOT' > /dev/null
	SET app.every_shop = 'on';
	INSERT INTO pull (shop_id, id, mode, resources, shop_epoch, state,
	    asked_by, finished_at)
	VALUES (1, '019ab000-0000-7000-8000-000000000001', 'paged', '{orders}',
	    1, 'completed', 'key 1', '2026-11-25 03:12:49Z');
	INSERT INTO pull_part (shop_id, pull_id, resource, state, done)
	SELECT 1, id, 'orders', 'completed', 7 FROM pull;
	EOT
	for n in 1 2; do
		sql <<-'EOT' > /dev/null
		INSERT INTO job (queue_id, kind, shop_id, shop_epoch, args)
		SELECT 7, 'exec', 1, 1, jsonb_build_object('handler',
		    'pull-report', 'on', 'pull', 'pull', id) FROM pull;
		NOTIFY jobd;
		EOT
		await_sql $n "SELECT count(*) FROM job_done
		    WHERE result ->> 'handler' = 'pull-report'"
	done
	printf '%s\t%s\t%s\t%s\n' $SHOP 2026-11-25T03:12:49Z \
	    019ab000-0000-7000-8000-000000000001 'orders 7' > wanted
	diff wanted out/stockroom-pulls.txt >&2 || atf_fail 'another line'
}
shell_python_and_node_do_their_work_cleanup() { handlers_stop; }

atf_init_test_cases()
{
	atf_add_test_case shell_python_and_node_do_their_work
}
