# The privacy law's three topics, from the signed delivery to the last byte: what
# is told, what is forgotten, and that a dump of before tells nothing either.
# kyua: timeout=180

. "${STOCKROOM_SRC:?}/tests/suite.sh"
. "$SRC/tests/deliver.sh"

begin()
{
	suite_start "$@"
	connect "$SANDBOX_SHOP"
	SHOP_ID=$(echo "SELECT shop_id FROM stockroom.shop" | sql)
	await 10 open || atf_fail 'the door stays shut'
	pull_begin '{"resources":["products","customers","orders"]}'
	pull_end 60
}

# operator METHOD PATH [CURL'S WORDS]
operator()
{
	method=$1
	path=$2
	shift 2
	curl -q -sS --noproxy '*' -X "$method" "$@" \
	    -H "Authorization: Bearer $STOCKROOM_KEY" \
	    -H 'Content-Type: application/json' "$STOCKROOM_URL$path"
}

# A customer with an e-mail and orders, and somebody else.
choose()
{
	CUSTOMER=$(echo "SELECT customer_id FROM stockroom.orders
	    WHERE customer_id IN (SELECT id FROM stockroom.customer
		WHERE email_valid) GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1" |
		sql)
	OTHERS="(SELECT md5(string_agg(c::text, '|' ORDER BY id)) FROM
	    stockroom.customer c WHERE id <> $CUSTOMER),
	    (SELECT md5(string_agg(o::text, '|' ORDER BY id)) FROM
	    stockroom.orders o WHERE customer_id <> $CUSTOMER)"
	operator GET "/api/pulls/latest/results?resource=customers&id=$CUSTOMER&shop=$SANDBOX_SHOP" \
	    > customer.json
	EMAIL=$(json "$(cat customer.json)" items,0,personal,email)
	NAME=$(json "$(cat customer.json)" items,0,personal,displayName)
	[ -n "$EMAIL" ] || atf_fail "no e-mail: $(cat customer.json)"
}

# All that the database, its WAL, the logs and the spool hold; $1: a file to make.
everything()
{
	pg_dump -Fp "$DATABASE_URL" > "$1"
	echo 'VACUUM; CHECKPOINT;' | sql > /dev/null
	cat "$LOG"/* "$RUN"/* >> "$1" 2> /dev/null || :
	find "$(readlink -f "$VAR/pg")/" -type f -exec cat {} + >> "$1"
}

# silent_of FILE WORD...: in none of its forms.
silent_of()
{
	held=$1
	shift
	for word; do
		forms "$word" > forms
		! LC_ALL=C grep -a -q -i -F -f forms "$held" ||
			atf_fail "still there: $word"
	done
}

# As it is, as JSON escapes it, base64 at its three places, percent-encoded.
forms()
{
	printf '%s\n' "$1"
	printf '%s' "$1" | jq -R -a -r tojson | sed 's/^"//; s/"$//'
	printf '%s' "$1" | jq -R -r @uri
	for pad in '' x xx; do
		printf '%s%s' "$pad" "$1" | base64 -w 0 | cut -c 5- |
			sed 's/.....$//'
		echo
	done | grep -E '.{8}'
}

asked()
{
	[ "$(echo "SELECT count(*) FROM stockroom.privacy WHERE state = 'asked'
	    OR NOT EXISTS (SELECT FROM stockroom.privacy)" | sql)" = 0 ] &&
		[ "$(echo "SELECT count(*) FROM stockroom.privacy" | sql)" = "$1" ]
}

done_all()
{
	await 60 asked "$1" || atf_fail "not done: $(echo "SELECT kind, state,
	    reason FROM stockroom.privacy" | sql) $(echo "SELECT topic, state,
	    reason FROM stockroom.webhook" | sql) $(tail -5 "$LOG/jobd.log")"
}

settled()
{
	[ "$(echo "SELECT count(*) FROM stockroom.webhook
	    WHERE inbox_id IS NOT NULL" | sql)" = 0 ]
}

redact()
{
	send 200 customers/redact "{\"shop_id\":$SHOP_ID,\"shop_domain\":\"$SANDBOX_SHOP\",\"customer\":{\"id\":$CUSTOMER,\"email\":\"$EMAIL\",\"phone\":\"555-625-1199\"},\"orders_to_redact\":[]}"
}

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

jobd_end()
{
	jobd=$(pid_in "$RUN/jobd.pid")
	kill -TERM "$jobd"
	await 20 test ! -d "/proc/$jobd" || atf_fail 'jobd does not end'
}

jobd_begin()
{
	env -i PATH="$CLEAN_PATH" STOCKROOM_CONF="$CONF" \
	    setsid "$BIN/jobd" < /dev/null >> "$LOG/jobd.log" 2>&1 &
	echo $! > "$RUN/jobd.pid"
}

atf_test_case a_dump_of_before_is_dark_and_is_emptied_again cleanup
a_dump_of_before_is_dark_and_is_emptied_again_body()
{
	begin
	choose
	pg_dump -Fc "$DATABASE_URL" > before.dump
	redact
	done_all 1
	jobd_end
	echo 'DROP SCHEMA stockroom CASCADE' | sql
	pg_restore -d "$DATABASE_URL" before.dump ||
		atf_fail 'the dump cannot be restored'
	is 1 "$(echo "SELECT count(*) FROM stockroom.customer
	    WHERE id = $CUSTOMER" | sql)"
	operator GET "/api/pulls/latest/results?resource=customers&id=$CUSTOMER&shop=$SANDBOX_SHOP" \
	    > customer.json
	is '' "$(json "$(cat customer.json)" items,0,personal)"
	jobd_begin
	await 70 customer_gone || atf_fail 'the rows stay'
}
a_dump_of_before_is_dark_and_is_emptied_again_cleanup() { suite_stop; }

atf_test_case free_text_that_names_them_is_emptied cleanup
free_text_that_names_them_is_emptied_body()
{
	begin
	choose
	echo "INSERT INTO stockroom.job_note (job_id, shop_id, text)
	    VALUES (1, $SHOP_ID, 'mail to ' || upper('$EMAIL') || ' bounced');
	    INSERT INTO stockroom.job_done (id, queue_id, shop_id, kind, outcome,
		error, attempt, epoch, shop_epoch, created_at)
	    VALUES (1, 1, $SHOP_ID, 'x', 'dead', 'of $NAME', 1, 1, 1, now())" |
		sql > /dev/null
	echo "INSERT INTO stockroom.job_note (job_id, shop_id, text)
	    VALUES (1, $SHOP_ID, 'of somebody else')" | sql > /dev/null
	redact
	done_all 1
	pg_dump -Fp "$DATABASE_URL" > dump
	silent_of dump "$EMAIL" "$NAME"
	is 'of somebody else' "$(echo "SELECT string_agg(text, '')
	    FROM stockroom.job_note WHERE job_id = 1" | sql)"
}
free_text_that_names_them_is_emptied_cleanup() { suite_stop; }

atf_test_case what_is_told_is_all_of_that_customer_and_of_nobody_else cleanup
what_is_told_is_all_of_that_customer_and_of_nobody_else_body()
{
	begin
	choose
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
	redact
	done_all 2
	is 0 "$(echo "SELECT count(*) FROM stockroom.privacy_package" | sql)"
}
what_is_told_is_all_of_that_customer_and_of_nobody_else_cleanup() { suite_stop; }

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

customer_gone()
{
	[ "$(echo "SELECT count(*) FROM stockroom.customer
	    WHERE id = $CUSTOMER" | sql)" = 0 ]
}

atf_test_case an_operator_asks_by_hand_and_wrongly cleanup
an_operator_asks_by_hand_and_wrongly_body()
{
	begin
	choose
	for wrong in '{"kind":"customer_redact"}' \
	    '{"kind":"shop_redact","customer":"1"}' '{"kind":"nothing"}' \
	    '{"kind":"data_request","customer":"x"}'; do
		operator POST /api/privacy -o answer -w '%{http_code}' \
		    -d "$(echo "$wrong" | sed "s/}/,\"shop\":\"$SANDBOX_SHOP\"}/")" \
		    > status
		is 400 "$(cat status)"
	done
	is 0 "$(echo "SELECT count(*) FROM stockroom.privacy" | sql)"
	operator POST /api/privacy -d "{\"kind\":\"customer_redact\",\"customer\":\"$CUSTOMER\",\"shop\":\"$SANDBOX_SHOP\"}" > asked
	is asked "$(json "$(cat asked)" state)"
	done_all 1
	operator GET "/api/privacy" > list
	is "done operator" "$(jq -r '.items[0] | .state + " " + .source' list)"
	await 10 customer_gone || atf_fail 'they are still there'
}
an_operator_asks_by_hand_and_wrongly_cleanup() { suite_stop; }

atf_test_case another_shops_number_in_the_body_does_nothing cleanup
another_shops_number_in_the_body_does_nothing_body()
{
	begin
	choose
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
another_shops_number_in_the_body_does_nothing_cleanup() { suite_stop; }

atf_init_test_cases()
{
	atf_add_test_case a_customer_is_forgotten_everywhere_and_nobody_else
	atf_add_test_case free_text_that_names_them_is_emptied
	atf_add_test_case a_dump_of_before_is_dark_and_is_emptied_again
	atf_add_test_case \
	    what_is_told_is_all_of_that_customer_and_of_nobody_else
	atf_add_test_case a_shop_is_forgotten_but_for_its_receipt
	atf_add_test_case an_operator_asks_by_hand_and_wrongly
	atf_add_test_case another_shops_number_in_the_body_does_nothing
}
