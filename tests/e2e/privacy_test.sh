# The privacy law's three topics, from the signed delivery to the last byte: what
# is told, and what is forgotten.
# kyua: timeout=180

. "${STOCKROOM_SRC:?}/tests/suite.sh"
. "$SRC/tests/e2e/privacy.sh"

atf_test_case a_customer_is_forgotten_everywhere_and_nobody_else cleanup
a_customer_is_forgotten_everywhere_and_nobody_else_body()
{
	begin
	choose
	before=$(echo "SELECT $OTHERS" | sql)
	# A webhook that is not applied yet.
	send 200 customers/update "{\"id\":$CUSTOMER,\"email\":\"$EMAIL\",\"note\":\"$NAME\"}"
	redact
	done_all 1
	await 20 settled || atf_fail 'webhooks are not worked off'
	is 'customer_redact|done|t|t' "$(echo "SELECT kind, state,
	    customer_id IS NULL, subject_sha256 IS NOT NULL
	    FROM stockroom.privacy" | sql)"
	is 0 "$(echo "SELECT count(*) FROM stockroom.customer
	    WHERE id = $CUSTOMER" | sql)"
	is 0 "$(echo "SELECT count(*) FROM stockroom.orders
	    WHERE customer_id = $CUSTOMER OR subject_id = $CUSTOMER" | sql)"
	is "$before" "$(echo "SELECT $OTHERS" | sql)"
	everything all
	silent_of all "$EMAIL" "$NAME"
	# What comes late about them is not sealed, so it is not kept.
	send 200 customers/update "{\"id\":$CUSTOMER,\"email\":\"$EMAIL\",\"late\":1}"
	await 20 settled || atf_fail 'webhooks are not worked off'
	is 0 "$(echo "SELECT count(*) FROM stockroom.webhook
	    WHERE subject_id = $CUSTOMER AND body IS NOT NULL" | sql)"
}
a_customer_is_forgotten_everywhere_and_nobody_else_cleanup() { suite_stop; }

atf_test_case a_shop_is_forgotten_but_for_its_receipt cleanup
a_shop_is_forgotten_but_for_its_receipt_body()
{
	begin
	choose
	connect second-shop.myshopify.com
	send 200 shop/redact "{\"shop_id\":$SHOP_ID,\"shop_domain\":\"$SANDBOX_SHOP\"}"
	done_all 1
	is 'void|the shop is installed again' "$(echo "SELECT state, reason
	    FROM stockroom.privacy" | sql)"
	send 200 app/uninstalled "{\"id\":$SHOP_ID,\"myshopify_domain\":\"$SANDBOX_SHOP\"}"
	send 200 shop/redact "{\"shop_id\":$SHOP_ID,\"shop_domain\":\"$SANDBOX_SHOP\"}"
	await 60 shop_gone || atf_fail "it stays: $(echo "SELECT kind, state,
	    reason FROM stockroom.privacy" | sql) $(tail -3 "$LOG/jobd.log")"
	is "0|done;0|void;" "$(echo "SELECT shop_id, state FROM stockroom.privacy
	    ORDER BY state" | sql | tr '\n' ';')"
	is '' "$(tables_with "$SHOP_ID")"
	is 1 "$(echo "SELECT count(*) FROM stockroom.shop" | sql)"
	everything all
	silent_of all "$EMAIL" "$NAME"
	# It may come back, with keys of its own.
	connect "$SANDBOX_SHOP"
	pull_begin '{"resources":["customers"]}'
	pull_end 60
}
a_shop_is_forgotten_but_for_its_receipt_cleanup() { suite_stop; }

# Every table of the schema that has rows of shop $1, but the receipts.
tables_with()
{
	echo "SELECT table_name FROM information_schema.columns
	    WHERE table_schema = 'stockroom' AND column_name = 'shop_id'
	    AND table_name IN (SELECT relname FROM pg_class
		WHERE relkind IN ('r', 'p'))" | sql | while read -r table; do
		[ "$(echo "SELECT count(*) FROM stockroom.$table
		    WHERE shop_id = $1" | sql)" = 0 ] || echo "$table"
	done
}

shop_gone()
{
	[ "$(echo "SELECT count(*) FROM stockroom.privacy
	    WHERE kind = 'shop_redact' AND state = 'done'" | sql)" = 1 ]
}

# The signed body names another shop than the delivery, or nobody.
nothing_of_another_shop()
{
	connect second-shop.myshopify.com
	second=$(echo "SELECT shop_id FROM stockroom.shop
	    WHERE shop_id <> $SHOP_ID" | sql)
	send 200 customers/redact "{\"shop_id\":$second,\"customer\":{\"id\":$CUSTOMER}}"
	send 200 shop/redact "{\"shop_id\":$second}"
	send 200 customers/redact "{\"shop_id\":$SHOP_ID,\"customer\":{}}"
	await 20 settled || atf_fail 'webhooks are not worked off'
	is 'ignored;ignored;unreadable;' "$(echo "SELECT state
	    FROM stockroom.webhook WHERE topic LIKE '%redact'
	    ORDER BY received_at, id" | sql | tr '\n' ';')"
	is 0 "$(echo "SELECT count(*) FROM stockroom.privacy" | sql)"
}

# All of that customer, nobody else, sealed while it is kept.
tell()
{
	other=$(echo "SELECT id FROM stockroom.customer WHERE id <> $CUSTOMER
	    LIMIT 1" | sql)
	send 200 customers/data_request "{\"shop_id\":$SHOP_ID,\"shop_domain\":\"$SANDBOX_SHOP\",\"orders_requested\":[],\"customer\":{\"id\":$CUSTOMER,\"email\":\"$EMAIL\"},\"data_request\":{\"id\":9999}}"
	done_all 1
	id=$(echo "SELECT id FROM stockroom.privacy" | sql)
	operator GET "/api/privacy/$id?shop=$SANDBOX_SHOP" > request
	is "done" "$(json "$(cat request)" state)"
	operator GET "/api/privacy/$id/package?shop=$SANDBOX_SHOP" \
	    > package
	is "$EMAIL" "$(json "$(cat package)" data,customer,0,personal,email)"
	is "$(echo "SELECT count(*) FROM stockroom.orders
	    WHERE customer_id = $CUSTOMER" | sql)" \
	    "$(jq '.data.orders | length' package)"
	is "$(echo "SELECT count(*) FROM stockroom.order_line l
	    JOIN stockroom.orders o USING (shop_id)
	    WHERE o.id = l.order_id AND o.customer_id = $CUSTOMER" | sql)" \
	    "$(jq '.data.order_line | length' package)"
	! grep -q "$other" package || atf_fail "somebody else's data"
	operator GET "/api/privacy/$id/package?shop=$SANDBOX_SHOP&format=html" \
	    > page
	grep -q "<dd>$EMAIL</dd>" page || atf_fail "$(cat page)"
	operator GET "/api/privacy/access?shop=$SANDBOX_SHOP" > access
	is "c $CUSTOMER" "$(json "$(cat access)" items,0,subject)"
	is package "$(json "$(cat access)" items,0,what)"
	# It lies sealed, and goes with the customer.
	pg_dump -Fp "$DATABASE_URL" > dump
	silent_of dump "$EMAIL"
}

# Free text that names them, and some that does not.
put_notes()
{
	echo "INSERT INTO stockroom.job_note (job_id, shop_id, text)
	    VALUES (1, $SHOP_ID, 'mail to ' || upper('$EMAIL') || ' bounced');
	    INSERT INTO stockroom.job_done (id, queue_id, shop_id, kind, outcome,
		error, attempt, epoch, shop_epoch, created_at)
	    VALUES (1, 1, $SHOP_ID, 'x', 'dead', 'of $NAME', 1, 1, 1, now())" |
		sql > /dev/null
	echo "INSERT INTO stockroom.job_note (job_id, shop_id, text)
	    VALUES (1, $SHOP_ID, 'of somebody else')" | sql > /dev/null
}

# By an operator, wrongly and rightly.
ask_by_hand()
{
	for wrong in '{"kind":"customer_redact"}' \
	    '{"kind":"shop_redact","customer":"1"}' '{"kind":"nothing"}' \
	    '{"kind":"data_request","customer":"x"}'; do
		operator POST /api/privacy -o answer -w '%{http_code}' \
		    -d "$(echo "$wrong" | sed "s/}/,\"shop\":\"$SANDBOX_SHOP\"}/")" \
		    > status
		is 400 "$(cat status)"
	done
	is 1 "$(echo "SELECT count(*) FROM stockroom.privacy" | sql)"
	operator POST /api/privacy -d "{\"kind\":\"customer_redact\",\"customer\":\"$CUSTOMER\",\"shop\":\"$SANDBOX_SHOP\"}" > asked
	is asked "$(json "$(cat asked)" state)"
	done_all 2
	operator GET "/api/privacy" > list
	is "done operator" "$(jq -r '.items[0] | .state + " " + .source' list)"
	await 10 customer_gone || atf_fail 'they are still there'
}

# Only what named them is emptied; the package is gone, too.
look_at_notes()
{
	pg_dump -Fp "$DATABASE_URL" > dump
	silent_of dump "$EMAIL" "$NAME"
	is 'of somebody else' "$(echo "SELECT string_agg(text, '')
	    FROM stockroom.job_note WHERE job_id = 1" | sql)"
	is 0 "$(echo "SELECT count(*) FROM stockroom.privacy_package" | sql)"
}

atf_test_case what_is_kept_is_told_and_what_is_asked_by_hand_is_done cleanup
what_is_kept_is_told_and_what_is_asked_by_hand_is_done_body()
{
	begin
	choose
	nothing_of_another_shop
	tell
	put_notes
	ask_by_hand
	look_at_notes
}
what_is_kept_is_told_and_what_is_asked_by_hand_is_done_cleanup() { suite_stop; }

atf_init_test_cases()
{
	atf_add_test_case \
	    what_is_kept_is_told_and_what_is_asked_by_hand_is_done
	atf_add_test_case a_customer_is_forgotten_everywhere_and_nobody_else
	atf_add_test_case a_shop_is_forgotten_but_for_its_receipt
}
