# ops: the log of webhooks, by its door.

. "${STOCKROOM_SRC:?}/tests/app.sh"

SHOP=a-shop.myshopify.com
OTHER=b-shop.myshopify.com

# put SHOP_ID DOMAIN TOPIC STATE: a delivery as its job left it.
put()
{
	n=$((${n:-0} + 1))
	pg_sql t <<-EOF
	SET app.shop_id = '$1';
	INSERT INTO stockroom.webhook (shop_id, id, domain, topic, body_sha256,
	    body_bytes, body, state, reason, applied_at)
	VALUES ($1, '01900000-0000-7000-8000-00000000000$n', '$2', '$3',
	    sha256('x'), 7, 'sealed', '$4', 'because', now());
	EOF
}

webhook()
{
	echo "01900000-0000-7000-8000-00000000000$1"
}

begin()
{
	app_case
	program ops
	shop_made 1 $SHOP
	shop_made 2 $OTHER
	put 1 $SHOP products/update applied
	put 1 $SHOP themes/publish ignored
	put 1 $SHOP orders/create applied
	put 2 $OTHER orders/create failed
	put 0 unknown.myshopify.com shop/redact kept
	KEY=$(shop_key $SHOP)
}

ask()
{
	want=$1
	shift
	request "$@" "Authorization: Bearer $KEY" < /dev/null > answer 2> log ||
		atf_fail "exit $?: $(cat log)"
	grep -q "^Status: $want" answer ||
		atf_fail "wanted $want, got $(cat answer; cat log)"
}

is()
{
	[ "$(json "$1" < answer)" = "$2" ] ||
		atf_fail "wanted $1 = $2 in $(cat answer)"
}

atf_test_case a_shop_sees_its_own_newest_first cleanup
a_shop_sees_its_own_newest_first_body()
{
	begin
	ask 200 GET /api/webhooks
	is '[.items[].topic] | join(" ")' \
	    'orders/create themes/publish products/update'
	is '.items[0].reason' because
	is .next null
	! grep -q sealed answer || atf_fail 'a body is shown'
	ask 200 GET '/api/webhooks?topic=themes/publish'
	is '[.items[].state] | join(" ")' ignored
	ask 200 GET '/api/webhooks?state=applied&limit=1'
	is '.items[0].topic' orders/create
	after=$(json .next < answer)
	ask 200 GET "/api/webhooks?state=applied&limit=1&after=$after"
	is '.items[0].topic' products/update
}
a_shop_sees_its_own_newest_first_cleanup() { app_stop; }

atf_test_case the_operator_sees_all_and_may_name_one cleanup
the_operator_sees_all_and_may_name_one_body()
{
	begin
	KEY=$(operator_key --days 1)
	ask 200 GET /api/webhooks
	is '.items | length' 5
	is '.items[0].shop_id' 0
	ask 200 GET "/api/webhooks?shop=$OTHER"
	is '[.items[].state] | join(" ")' failed
}
the_operator_sees_all_and_may_name_one_cleanup() { app_stop; }

# SEC-14: another shop's is as one that does not exist.
atf_test_case one_is_shown_and_anothers_is_not_there cleanup
one_is_shown_and_anothers_is_not_there_body()
{
	begin
	ask 200 GET "/api/webhooks/01900000-0000-7000-8000-000000000001"
	is .topic products/update
	is .bytes 7
	for no in "$(webhook 4)" "$(webhook 5)" "$(webhook 9)" nothing; do
		ask 404 GET "/api/webhooks/$no"
	done
}
one_is_shown_and_anothers_is_not_there_cleanup() { app_stop; }

atf_test_case pages_bring_each_once_even_while_more_come cleanup
pages_bring_each_once_even_while_more_come_body()
{
	begin
	after=
	: > seen
	while [ "$after" != null ]; do
		ask 200 GET "/api/webhooks?limit=1${after:+&after=$after}"
		json '.items[].id' < answer >> seen
		after=$(json .next < answer)
		put 1 $SHOP products/create kept
	done
	printf '%s\n' "$(webhook 3)" "$(webhook 2)" "$(webhook 1)" > want
	cmp -s want seen || atf_fail "seen: $(cat seen)"
}
pages_bring_each_once_even_while_more_come_cleanup() { app_stop; }

atf_test_case one_has_what_is_known_of_it_and_null_for_the_rest cleanup
one_has_what_is_known_of_it_and_null_for_the_rest_body()
{
	begin
	pg_sql t <<-EOF
	UPDATE stockroom.webhook SET webhook_id = 'delivery', event_id = 'event',
	    api_version = '2026-10', trace = '0123456789abcdef',
	    triggered_at = '2026-11-24T10:29:59.9Z',
	    applied_at = '2026-11-24T10:30:02.25Z',
	    received_at = '2026-11-24T10:30:00.75Z'
	WHERE id = '$(webhook 1)';
	UPDATE stockroom.webhook SET applied_at = NULL, reason = NULL
	WHERE id = '$(webhook 2)';
	EOF
	ask 200 GET "/api/webhooks/$(webhook 1)"
	json 'to_entries | map("\(.key)=\(.value)") | .[]' < answer > got
	cat > want <<-EOF
	id=$(webhook 1)
	shop_id=1
	domain=$SHOP
	topic=products/update
	state=applied
	reason=because
	triggered_at=2026-11-24T10:29:59Z
	received_at=2026-11-24T10:30:00Z
	applied_at=2026-11-24T10:30:02Z
	applied_ms=1500
	bytes=7
	webhook_id=delivery
	event_id=event
	api_version=2026-10
	trace=0123456789abcdef
	EOF
	cmp -s want got || atf_fail "$(diff want got)"
	ask 200 GET "/api/webhooks/$(webhook 2)"
	is '[.reason, .triggered_at, .applied_at, .applied_ms, .webhook_id,
	    .event_id, .api_version, .trace] | unique | length' 1
	is .reason null
}
one_has_what_is_known_of_it_and_null_for_the_rest_cleanup() { app_stop; }

# SEC-14, to the byte; and a shop's key that names another shop.
atf_test_case anothers_is_answered_as_nothing_is cleanup
anothers_is_answered_as_nothing_is_body()
{
	begin
	for no in "$(webhook 9)" "$(webhook 4)" "$(webhook 5)" x; do
		ask 404 GET "/api/webhooks/$no" 'X-Request-Id: 12345678'
		sed '/^RateLimit/d' answer > "answer.$no"
		cmp -s "answer.$(webhook 9)" "answer.$no" ||
			atf_fail "$no: $(cat answer)"
	done
	for path in "/api/webhooks?shop=$OTHER" \
	    "/api/webhooks/$(webhook 4)?shop=$OTHER"; do
		request GET "$path" "Authorization: Bearer $KEY" > answer 2> log
		! grep -q failed answer || atf_fail "$path: $(cat answer)"
	done
	KEY=$(operator_key)
	ask 404 GET '/api/webhooks?shop=c-shop.myshopify.com'
	ask 200 GET "/api/webhooks/$(webhook 4)"
	is .shop_id 2
	ask 404 GET "/api/webhooks/$(webhook 4)?shop=$SHOP"
	ask 200 GET "/api/webhooks/$(webhook 4)?shop=$OTHER"
}
anothers_is_answered_as_nothing_is_cleanup() { app_stop; }

atf_test_case a_wrong_question_names_its_field cleanup
a_wrong_question_names_its_field_body()
{
	begin
	ask 400 GET '/api/webhooks?state=lost'
	is '.errors[0].field' state
	ask 400 GET '/api/webhooks?after=x'
	is '.errors[0].field' after
	for limit in 0 251 -1 x; do
		ask 400 GET "/api/webhooks?limit=$limit"
		is '.errors[0].field' limit
	done
	ask 400 GET '/api/webhooks?body=1'
	ask 405 POST /api/webhooks
	KEY=$(shop_key $SHOP jobs:read)
	ask 403 GET /api/webhooks
}
a_wrong_question_names_its_field_cleanup() { app_stop; }

atf_init_test_cases()
{
	atf_add_test_case a_shop_sees_its_own_newest_first
	atf_add_test_case the_operator_sees_all_and_may_name_one
	atf_add_test_case one_is_shown_and_anothers_is_not_there
	atf_add_test_case pages_bring_each_once_even_while_more_come
	atf_add_test_case one_has_what_is_known_of_it_and_null_for_the_rest
	atf_add_test_case anothers_is_answered_as_nothing_is
	atf_add_test_case a_wrong_question_names_its_field
}
