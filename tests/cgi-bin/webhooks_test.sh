# webhooks: what the door lets in, what it keeps of it, what it refuses (SEC-9).

. "${STOCKROOM_SRC:?}/tests/app.sh"

SHOP=a-shop.myshopify.com

# A door with a pair to seal to, and a shop; jobd would have made the pair.
begin()
{
	app_case
	program webhooks
	shop_made 1 $SHOP
	echo "INSERT INTO stockroom.inbox_public (id, public)
	    VALUES (1, sha256('a public half'))" | pg_sql t
	printf '{"id":11}' > body
	FAMILY=X-Shopify-
}

# mac [SECRET]: of ./body, as Shopify writes it.
mac()
{
	openssl dgst -sha256 -binary -hmac "${1:-hush}" < body |
		openssl base64 -A
}

# send STATUS [HEADER...]: ./body as it is, with these headers alone. The answer
# is in ./answer, the log in ./log.
send()
{
	want=$1
	shift
	request POST /webhooks "$@" < body > answer 2> log ||
		atf_fail "exit $?: $(cat log)"
	grep -q "^Status: $want" answer ||
		atf_fail "wanted $want, got $(cat answer; cat log)"
}

# deliver STATUS TOPIC [HEADER...]: signed, from our shop. It has an id of its
# own unless a header gives one.
deliver()
{
	status=$1
	topic=$2
	shift 2
	n=$((${n:-0} + 1))
	send "$status" "${FAMILY}Topic: $topic" "${FAMILY}Hmac-Sha256: $(mac)" \
	    "${FAMILY}Shop-Domain: $SHOP" "${FAMILY}Webhook-Id: id-$n" "$@"
}

rows()
{
	echo "SELECT count(*) FROM stockroom.webhook" | pg_sql t
}

check_rows()
{
	[ "$(rows)" = "$1" ] || atf_fail "wanted $1 rows, got $(rows)"
	pg_answers "$1" t <<-'EOT'
	SELECT count(*) FROM stockroom.job WHERE kind = 'webhook_apply';
	EOT
}

# refused SENTENCE: it is in the log, and nothing was kept.
refused()
{
	grep -q "$1" log || atf_fail "no $1 in $(cat log)"
	check_rows 0
}

problem()
{
	[ "$(json "$1" < answer)" = "$2" ] ||
		atf_fail "wanted $1 = $2 in $(cat answer)"
}

# ---- let in

atf_test_case both_families_of_names_are_understood cleanup
both_families_of_names_are_understood_body()
{
	begin
	for FAMILY in X-Shopify- Shopify- x-shopify-; do
		deliver 200 orders/create "${FAMILY}Event-Id: event" \
		    "${FAMILY}API-Version: 2026-10" \
		    "${FAMILY}Triggered-At: 2026-11-24T10:30:00.877041743Z"
		[ -z "$(sed '1,/^\r$/d' answer)" ] ||
			atf_fail "an answer with a body: $(cat answer)"
	done
	check_rows 3
	pg_answers "1|$SHOP|orders/create|event|2026-10|1795516200|9|kept|t" \
	    t <<-'EOT'
	SELECT DISTINCT shop_id, domain, topic, event_id, api_version,
	    floor(extract(epoch FROM triggered_at)), body_bytes, state,
	    inbox_id = 1 AND position('{"id"'::bytea IN body) = 0
	FROM stockroom.webhook;
	EOT
}
both_families_of_names_are_understood_cleanup() { app_stop; }

atf_test_case names_of_both_families_may_say_the_same cleanup
names_of_both_families_may_say_the_same_body()
{
	begin
	deliver 200 orders/create "Shopify-Topic: orders/create" \
	    "Shopify-Hmac-Sha256: $(mac)" "Shopify-Shop-Domain: $SHOP"
	check_rows 1
}
names_of_both_families_may_say_the_same_cleanup() { app_stop; }

# Raw bytes are signed, whatever they are.
atf_test_case a_signed_body_is_kept_whatever_it_is cleanup
a_signed_body_is_kept_whatever_it_is_body()
{
	begin
	: > body
	deliver 200 orders/create
	for text in '{"id":11}' 'no json' '{"a":"\u0026\/"}' '[' 'id=1&x=%00'; do
		printf '%s' "$text" > body
		deliver 200 orders/create 'Content-Type: text/plain'
	done
	printf 'a\000b\377\n\r' > body
	deliver 200 orders/create
	check_rows 7
	pg_answers '0,9,7,16,1,10,6' t <<-'EOT'
	SELECT string_agg(body_bytes::text, ',' ORDER BY received_at, id)
	FROM stockroom.webhook;
	EOT
}
a_signed_body_is_kept_whatever_it_is_cleanup() { app_stop; }

# A 413 is a failed delivery, and eight of them end a subscription.
atf_test_case sixteen_mebibytes_are_taken_and_not_a_byte_more cleanup
sixteen_mebibytes_are_taken_and_not_a_byte_more_body()
{
	begin
	head -c 16777216 /dev/urandom > body
	deliver 200 orders/create
	check_rows 1
	pg_answers 16777216 t <<-'EOT'
	SELECT body_bytes FROM stockroom.webhook;
	EOT
	echo >> body
	deliver 413 orders/create
	problem .code too_big
	check_rows 1
	# Of a length that is not the body's.
	printf '{"id":11}' > body
	deliver 413 orders/create 'Content-Length: 16777217'
	deliver 400 orders/create 'Content-Length: 10'
	deliver 400 orders/create 'Content-Length: -1'
	deliver 401 orders/create 'Content-Length: 8'
	check_rows 1
}
sixteen_mebibytes_are_taken_and_not_a_byte_more_cleanup() { app_stop; }

# Told within a second that it is not kept, but not of what is only large.
atf_test_case a_large_body_is_given_the_time_that_it_takes cleanup
a_large_body_is_given_the_time_that_it_takes_body()
{
	begin
	pg_sql t <<-'EOT'
	CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$
	BEGIN
		PERFORM pg_sleep(new.event_id::float8);
		RETURN new;
	END $$;
	GRANT EXECUTE ON FUNCTION slow() TO PUBLIC;
	CREATE TRIGGER slow BEFORE INSERT ON stockroom.webhook
	    FOR EACH ROW EXECUTE FUNCTION slow();
	EOT
	deliver 200 orders/create 'X-Shopify-Event-Id: 0.2'
	deliver 503 orders/create 'X-Shopify-Event-Id: 1'
	head -c 8388608 /dev/zero > body
	deliver 200 orders/create 'X-Shopify-Event-Id: 0.8'
}
a_large_body_is_given_the_time_that_it_takes_cleanup() { app_stop; }

atf_test_case a_delivery_is_kept_once cleanup
a_delivery_is_kept_once_body()
{
	begin
	deliver 200 orders/create 'X-Shopify-Webhook-Id: same'
	deliver 200 orders/create 'X-Shopify-Webhook-Id: same'
	check_rows 1
	deliver 200 orders/create
	check_rows 2
	# Without an id, what it says makes it single.
	deliver 200 orders/create 'X-Shopify-Webhook-Id: '
	deliver 200 orders/create 'X-Shopify-Webhook-Id: '
	check_rows 3
	deliver 200 orders/updated 'X-Shopify-Webhook-Id: '
	printf '{"id":12}' > body
	deliver 200 orders/create 'X-Shopify-Webhook-Id: '
	check_rows 5
	# As long as none of ours, or no text: as if there was none.
	long=$(printf '%0201d' 0)
	deliver 200 orders/create "X-Shopify-Webhook-Id: $long"
	deliver 200 orders/create "X-Shopify-Webhook-Id: $(printf '\377')"
	check_rows 5
}
a_delivery_is_kept_once_cleanup() { app_stop; }

atf_test_case a_shop_that_we_do_not_know_is_kept_as_none cleanup
a_shop_that_we_do_not_know_is_kept_as_none_body()
{
	begin
	deliver 200 shop/redact 'X-Shopify-Shop-Domain: B-Shop.MyShopify.com'
	pg_answers '0|b-shop.myshopify.com|0' t <<-'EOT'
	SELECT shop_id, domain, shop_epoch FROM stockroom.webhook;
	EOT
}
a_shop_that_we_do_not_know_is_kept_as_none_cleanup() { app_stop; }

# An unsigned header never stands in the way of a signed body.
atf_test_case a_time_that_is_none_is_not_said cleanup
a_time_that_is_none_is_not_said_body()
{
	begin
	for at in '' yesterday 2026-11-24 2026-13-01T00:00:00Z \
	    0000-01-01T00:00:00Z 1969-12-31T23:59:59Z; do
		deliver 200 orders/create "X-Shopify-Triggered-At: $at"
	done
	check_rows 6
	pg_answers 0 t <<-'EOT'
	SELECT count(triggered_at) FROM stockroom.webhook;
	EOT
	for at in 2026-11-24T10:30:00+23:59 2026-11-23T10:32:00-23:59 \
	    2026-11-24T10:30:60Z 9999-12-31T23:59:59.9999999Z \
	    9999-12-31T23:59:59-23:59; do
		deliver 200 orders/create "X-Shopify-Triggered-At: $at"
	done
	pg_answers '2026-11-23T10:31:00Z 2026-11-24T10:31:00Z 2026-11-24T10:31:00Z 9999-12-31T23:59:59Z 9999-12-31T23:59:59Z' \
	    t <<-'EOT'
	SELECT string_agg(to_char(triggered_at AT TIME ZONE 'UTC',
	    'YYYY-MM-DD"T"HH24:MI:SS"Z"'), ' ' ORDER BY triggered_at)
	FROM stockroom.webhook;
	EOT
}
a_time_that_is_none_is_not_said_cleanup() { app_stop; }

# ---- secrets

atf_test_case either_secret_will_do_while_one_follows_the_other cleanup
either_secret_will_do_while_one_follows_the_other_body()
{
	begin
	printf new > secret
	deliver 401 orders/create
	refused 'it is not signed'
	printf hush > before
	export SHOPIFY_API_SECRET_PREVIOUS_FILE="$PWD/before"
	deliver 200 orders/create
	deliver 200 orders/create "X-Shopify-Hmac-Sha256: $(mac new)"
	deliver 401 orders/create "X-Shopify-Hmac-Sha256: $(mac other)"
	check_rows 2
}
either_secret_will_do_while_one_follows_the_other_cleanup() { app_stop; }

# ---- refused

atf_test_case who_has_not_signed_the_very_bytes_is_refused cleanup
who_has_not_signed_the_very_bytes_is_refused_body()
{
	begin
	good=$(mac)
	topic="X-Shopify-Topic: orders/create"
	domain="X-Shopify-Shop-Domain: $SHOP"
	send 401 "$topic" "$domain"
	refused 'it is not signed'
	problem .code unauthorized
	for bad in "$(mac other)" "${good%=}" "$good=" "x$good" "$good " \
	    "$(openssl dgst -sha256 -hmac hush < body | sed 's/.* //')" ''; do
		send 401 "$topic" "$domain" "X-Shopify-Hmac-Sha256: $bad"
		check_rows 0
	done
	refused 'it is not signed'
	echo >> body
	send 401 "$topic" "$domain" "X-Shopify-Hmac-Sha256: $good"
	refused 'it is not signed'
	# Nothing is said about why (shopify.md 3.2).
	send 401 "$topic" "$domain" 'X-Request-Id: 12345678'
	cp answer none
	send 401 "$topic" "$domain" 'X-Request-Id: 12345678' \
	    "X-Shopify-Hmac-Sha256: $good"
	cmp -s none answer || atf_fail "$(diff none answer)"
}
who_has_not_signed_the_very_bytes_is_refused_cleanup() { app_stop; }

# A web server joins what comes twice by a comma.
atf_test_case who_signs_twice_or_in_two_ways_has_not_signed cleanup
who_signs_twice_or_in_two_ways_has_not_signed_body()
{
	begin
	for twice in "$(mac), $(mac)" "$(mac),$(mac other)" "$(mac),"; do
		deliver 401 orders/create "X-Shopify-Hmac-Sha256: $twice"
		refused 'it is not signed'
	done
	deliver 401 orders/create "Shopify-Hmac-Sha256: $(mac other)"
	refused 'it is not signed'
	FAMILY=Shopify-
	deliver 401 orders/create "X-Shopify-Hmac-Sha256: $(mac other)"
	refused 'it is not signed'
}
who_signs_twice_or_in_two_ways_has_not_signed_cleanup() { app_stop; }

# Signed, but by whom, and of what?
atf_test_case without_one_topic_and_one_shop_it_is_no_delivery cleanup
without_one_topic_and_one_shop_it_is_no_delivery_body()
{
	begin
	hmac="X-Shopify-Hmac-Sha256: $(mac)"
	send 400 "$hmac" "X-Shopify-Shop-Domain: $SHOP"
	problem '.errors[0].field' X-Shopify-Topic
	send 400 "$hmac" "X-Shopify-Topic: orders/create"
	problem '.errors[0].field' X-Shopify-Shop-Domain
	for bad in '' "$(printf '%0201d' 0)" "$(printf 'a\377')"; do
		deliver 400 "$bad"
		problem '.errors[0].field' X-Shopify-Topic
	done
	for bad in '' a-shop a-shop.myshopify.com.evil.com "$SHOP:443" \
	    'x.example.com' "$(printf '%061d' 0).myshopify.com"; do
		deliver 400 orders/create "X-Shopify-Shop-Domain: $bad"
		problem '.errors[0].field' X-Shopify-Shop-Domain
	done
	check_rows 0
}
without_one_topic_and_one_shop_it_is_no_delivery_cleanup() { app_stop; }

# Headers are not signed: what they say twice, or in two ways, nobody has said.
atf_test_case a_delivery_that_says_two_things_is_as_one_not_signed cleanup
a_delivery_that_says_two_things_is_as_one_not_signed_body()
{
	begin
	for FAMILY in X-Shopify- Shopify-; do
		for two in 'Topic: orders/create, orders/create' \
		    'Topic: a/b,' "Shop-Domain: $SHOP, $SHOP" \
		    "Shop-Domain: b-shop.myshopify.com,$SHOP" \
		    'Webhook-Id: id-1, id-1' 'Webhook-Id: id-1,id-2'; do
			deliver 401 orders/create "$FAMILY$two"
			refused 'it is not signed'
			problem .code unauthorized
		done
	done
	FAMILY=X-Shopify-
	for other in 'Topic: orders/updated' 'Topic: ' \
	    'Shop-Domain: b-shop.myshopify.com' 'Webhook-Id: another' \
	    'Topic: orders/create, orders/create' "Shop-Domain: $SHOP,$SHOP" \
	    'Webhook-Id: id, id'; do
		deliver 401 orders/create "Shopify-$other"
		refused 'it is not signed'
	done
	# What makes nothing single is left out.
	deliver 200 orders/create 'X-Shopify-Event-Id: a, b' \
	    'Shopify-API-Version: 2026-07' 'X-Shopify-API-Version: 2026-10'
	check_rows 1
	pg_answers 't|t' t <<-'EOT'
	SELECT event_id IS NULL, api_version IS NULL FROM stockroom.webhook;
	EOT
}
a_delivery_that_says_two_things_is_as_one_not_signed_cleanup() { app_stop; }

atf_test_case it_is_posted_and_nothing_else cleanup
it_is_posted_and_nothing_else_body()
{
	begin
	for method in GET HEAD PUT PATCH DELETE OPTIONS; do
		request $method /webhooks < body > answer 2> log
		grep -q '^Status: 405' answer ||
			atf_fail "$method: $(cat answer)"
		grep -q "^Allow: POST" answer || atf_fail "$(cat answer)"
	done
	request BREW /webhooks < body > answer 2> log
	grep -q '^Status: 501' answer || atf_fail "$(cat answer)"
	for path in /webhooks/ /webhooks/orders /webhook /; do
		request POST $path < body > answer 2> log
		grep -q '^Status: 404' answer || atf_fail "$path: $(cat answer)"
	done
	check_rows 0
}
it_is_posted_and_nothing_else_cleanup() { app_stop; }

# ---- not now

atf_test_case without_a_pair_to_seal_to_the_door_is_shut cleanup
without_a_pair_to_seal_to_the_door_is_shut_body()
{
	begin
	echo "DELETE FROM stockroom.inbox_public" | pg_sql t
	deliver 503 orders/create
	grep -q '^Retry-After: [1-9]' answer || atf_fail "$(cat answer)"
	refused 'the inbox has no key yet'
}
without_a_pair_to_seal_to_the_door_is_shut_cleanup() { app_stop; }

atf_test_case while_the_database_is_away_nobody_is_told_that_it_is_kept cleanup
while_the_database_is_away_nobody_is_told_that_it_is_kept_body()
{
	begin
	export DATABASE_URL="host=$PWD dbname=t"
	deliver 503 orders/create
	grep -q '^Retry-After: [1-9]' answer || atf_fail "$(cat answer)"
	problem .code busy
	check_rows 0
}
while_the_database_is_away_nobody_is_told_that_it_is_kept_cleanup() { app_stop; }

# ---- logged

atf_test_case no_log_holds_a_body_or_an_hmac cleanup
no_log_holds_a_body_or_an_hmac_body()
{
	begin
	printf '{"id":11,"email":"canary@example.com"}' > body
	deliver 200 orders/create
	cat log >> logs
	deliver 401 orders/create "X-Shopify-Hmac-Sha256: $(mac other)"
	cat log >> logs
	deliver 400 ''
	cat log >> logs
	jq -e . logs > /dev/null || atf_fail "no log: $(cat logs)"
	for secret in canary hush "$(mac)" "$(mac other)"; do
		! grep -qF -e "$secret" logs || atf_fail "$secret is in $(cat logs)"
	done
}
no_log_holds_a_body_or_an_hmac_cleanup() { app_stop; }

atf_init_test_cases()
{
	atf_add_test_case both_families_of_names_are_understood
	atf_add_test_case names_of_both_families_may_say_the_same
	atf_add_test_case a_signed_body_is_kept_whatever_it_is
	atf_add_test_case sixteen_mebibytes_are_taken_and_not_a_byte_more
	atf_add_test_case a_large_body_is_given_the_time_that_it_takes
	atf_add_test_case a_delivery_is_kept_once
	atf_add_test_case a_shop_that_we_do_not_know_is_kept_as_none
	atf_add_test_case a_time_that_is_none_is_not_said
	atf_add_test_case either_secret_will_do_while_one_follows_the_other
	atf_add_test_case who_has_not_signed_the_very_bytes_is_refused
	atf_add_test_case who_signs_twice_or_in_two_ways_has_not_signed
	atf_add_test_case without_one_topic_and_one_shop_it_is_no_delivery
	atf_add_test_case a_delivery_that_says_two_things_is_as_one_not_signed
	atf_add_test_case it_is_posted_and_nothing_else
	atf_add_test_case without_a_pair_to_seal_to_the_door_is_shut
	atf_add_test_case while_the_database_is_away_nobody_is_told_that_it_is_kept
	atf_add_test_case no_log_holds_a_body_or_an_hmac
}
