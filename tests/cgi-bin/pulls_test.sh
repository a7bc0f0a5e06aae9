# pulls: what is asked for, what is refused and why, what is shown.

. "${STOCKROOM_SRC:?}/tests/app.sh"

SHOP=a-shop.myshopify.com
OTHER=b-shop.myshopify.com
LARGE=9007199254740993

begin()
{
	app_case
	program pulls
	shop_made $LARGE $SHOP
	shop_made 2 $OTHER
	KEY="Authorization: Bearer $(shop_key $SHOP)"
}

# ask STATUS METHOD PATH [HEADER...]: the answer is in ./answer. $BODY is sent.
ask()
{
	want=$1
	shift
	printf '%s' "$BODY" | request "$@" > answer 2> log ||
		atf_fail "exit $?: $(cat log)"
	grep -q "^Status: $want" answer ||
		atf_fail "$* $BODY: wanted $want, got $(cat answer log)"
}

# says JQ WANT: a member of the answer.
says()
{
	[ "$(json "$1" < answer)" = "$2" ] ||
		atf_fail "wanted $1 = $2 in $(cat answer)"
}

# refused FIELD BODY [STATUS]: the pull is refused for the field.
refused()
{
	BODY=$2
	ask "${3:-400}" POST /api/pulls "$KEY"
	says '.errors[0].field' "$1"
	says '.errors[0].rule | length > 0' true
	grep -q '^Content-Type: application/problem+json' answer ||
		atf_fail "no problem+json: $(cat answer)"
}

nothing_is_kept()
{
	pg_answers '0|0|0' t <<-'EOF'
	SELECT (SELECT count(*) FROM stockroom.pull),
	    (SELECT count(*) FROM stockroom.job),
	    (SELECT count(*) FROM stockroom.idempotency);
	EOF
}

atf_test_case what_is_wrong_with_a_pull_is_named_and_nothing_is_kept cleanup
what_is_wrong_with_a_pull_is_named_and_nothing_is_kept_body()
{
	begin
	refused JSON ''
	refused JSON '{'
	refused JSON '{"resources":["products"],"resources":["orders"]}'
	refused body 'null'
	refused body '[]'
	refused body '"products"'
	refused resources '{}'
	refused resources '{"resources":null}'
	refused resources '{"resources":[]}'
	refused resources '{"resources":"products"}'
	refused 'resources[0]' '{"resources":["shops"]}'
	refused 'resources[1]' '{"resources":["products",7]}'
	refused 'resources[1]' '{"resources":["orders","orders"]}'
	refused mode '{"resources":["orders"],"mode":"fast"}'
	refused mode '{"resources":["orders"],"mode":7}'
	refused since '{"resources":["orders"],"since":"yesterday"}'
	refused since '{"resources":["orders"],"since":"2026-02-30T00:00:00Z"}'
	refused since '{"resources":["orders"],"since":7}'
	refused shop '{"resources":["orders"],"shop":"evil.test"}'
	refused shop '{"resources":["orders"],"shop":7}'
	refused other '{"resources":["orders"],"other":1}'
	BODY='{"resources":["orders"]}'
	ask 415 POST /api/pulls "$KEY" 'Content-Type: text/plain'
	ask 401 POST /api/pulls
	ask 403 POST /api/pulls \
	    "Authorization: Bearer $(shop_key $SHOP pulls:read)"
	ask 405 PATCH /api/pulls "$KEY"
	nothing_is_kept
}
what_is_wrong_with_a_pull_is_named_and_nothing_is_kept_cleanup() { app_stop; }

# bad FIELD PATH
bad()
{
	BODY=
	ask 400 GET "$2" "$KEY"
	says '.errors[0].field' "$1"
}

atf_test_case what_is_wrong_with_a_question_is_named cleanup
what_is_wrong_with_a_question_is_named_body()
{
	begin
	bad after '/api/pulls?after=x'
	bad after '/api/pulls?after=7'
	bad limit '/api/pulls?limit=0'
	bad limit '/api/pulls?limit=251'
	bad limit '/api/pulls?limit=many'
	bad limit '/api/pulls?limit=1&limit=2'
	bad shop '/api/pulls?shop=evil.test'
	bad other '/api/pulls?other=1'
	results=/api/pulls/latest/results
	bad resource "$results"
	bad resource "$results?resource=shops"
	bad after "$results?resource=orders&after=x"
	bad after "$results?resource=orders&after=0"
	bad id "$results?resource=orders&id=-1"
	bad limit "$results?resource=orders&limit=1e2"
	for id in x 7 01936d6e-0000-7000-8000-000000000000; do
		ask 404 GET "/api/pulls/$id" "$KEY"
		ask 404 DELETE "/api/pulls/$id" "$KEY"
		ask 404 GET "/api/pulls/$id/results?resource=orders" "$KEY"
	done
	ask 404 GET "$results?resource=orders&id=7" "$KEY"
}
what_is_wrong_with_a_question_is_named_cleanup() { app_stop; }

# unheard FIELD BODY: a preview is refused for the field, before any call.
unheard()
{
	BODY=$2
	for resource in products orders customers transactions; do
		ask 400 POST "/api/data/shopify/$resource" "$KEY"
		says '.errors[0].field' "$1"
	done
}

atf_test_case what_is_wrong_with_a_preview_is_named cleanup
what_is_wrong_with_a_preview_is_named_body()
{
	begin
	unheard JSON ''
	unheard body '[]'
	unheard first '{"first":0}'
	unheard first '{"first":51}'
	unheard first '{"first":"1"}'
	unheard query '{"query":7}'
	unheard after '{"after":[]}'
	unheard shop '{"shop":"evil.test"}'
	BODY='{}'
	ask 409 POST /api/data/shopify/orders "$KEY"
	says .code token
	ask 404 POST /api/data/shopify/shops "$KEY"
	nothing_is_kept
}
what_is_wrong_with_a_preview_is_named_cleanup() { app_stop; }

atf_test_case a_pull_is_accepted_watched_and_cancelled cleanup
a_pull_is_accepted_watched_and_cancelled_body()
{
	begin
	BODY='{"resources":["transactions","orders","products"],"since":"2026-01-01T01:00:00+01:00"}'
	ask 202 POST /api/pulls "$KEY"
	id=$(json .id < answer)
	grep -q "^Location: /api/pulls/$id" answer ||
		atf_fail "no way to it: $(cat answer)"
	says .state queued
	says .shop $SHOP
	says .mode auto
	says .since 2026-01-01T00:00:00Z
	says '[.parts[].resource] | join(",")' products,orders
	says '.total' null
	BODY=
	ask 200 GET "/api/pulls/$id" "$KEY"
	says '.parts[0].children | length' 0
	says '.parts[0].job | test("^[0-9]+$")' true
	ask 200 DELETE "/api/pulls/$id" "$KEY"
	says .state cancelled
	says '.parts[1].state' cancelled
	ask 200 DELETE "/api/pulls/$id" "$KEY"
	says .state cancelled
	pg_answers '2|cancelled' t <<-'EOF'
	SELECT count(*), min(outcome) FROM stockroom.job_done;
	EOF
}
a_pull_is_accepted_watched_and_cancelled_cleanup() { app_stop; }

# Failed parts are shown where nobody could note them: their jobs are gone.
atf_test_case a_pull_whose_jobs_are_gone_has_failed cleanup
a_pull_whose_jobs_are_gone_has_failed_body()
{
	begin
	BODY='{"resources":["orders","products"]}'
	ask 202 POST /api/pulls "$KEY"
	id=$(json .id < answer)
	echo "UPDATE stockroom.pull_part SET state = 'completed', done = 7,
	    total = 7 WHERE resource = 'products'; DELETE FROM stockroom.job;" |
	    pg_sql t
	BODY=
	ask 200 GET "/api/pulls/$id" "$KEY"
	says .state failed
	says '.parts[0].state' completed
	says '.parts[1].state' failed
	says '.parts[1].error' 'its job ended without finishing it'
	says .done 7
	ask 200 GET /api/pulls "$KEY"
	says '.items[0].state' failed
}
a_pull_whose_jobs_are_gone_has_failed_cleanup() { app_stop; }

atf_test_case pulls_are_listed_newest_first_and_paged cleanup
pulls_are_listed_newest_first_and_paged_body()
{
	begin
	BODY='{"resources":["products"]}'
	for _ in 1 2 3; do
		ask 202 POST /api/pulls "$KEY"
		ids="$(json .id < answer)${ids:+,$ids}"
	done
	BODY=
	ask 200 GET '/api/pulls?limit=2' "$KEY"
	says '[.items[].id] | join(",")' "${ids%,*}"
	next=$(json .next < answer)
	ask 200 GET "/api/pulls?limit=2&after=$next" "$KEY"
	says '[.items[].id] | join(",")' "${ids##*,}"
	says .next null
	ask 200 GET /api/pulls "Authorization: Bearer $(shop_key $OTHER)"
	says '.items | length' 0
}
pulls_are_listed_newest_first_and_paged_cleanup() { app_stop; }

atf_test_case the_same_idempotency_key_gives_the_same_pull cleanup
the_same_idempotency_key_gives_the_same_pull_body()
{
	begin
	BODY='{"resources":["products"]}'
	ask 202 POST /api/pulls "$KEY" 'Idempotency-Key: once'
	id=$(json .id < answer)
	ask 202 POST /api/pulls "$KEY" 'Idempotency-Key: once'
	says .id "$id"
	grep -q "^Location: /api/pulls/$id" answer ||
		atf_fail "no way to it: $(cat answer)"
	BODY='{"resources":["orders"]}'
	ask 422 POST /api/pulls "$KEY" 'Idempotency-Key: once'
	says '.errors[0].field' Idempotency-Key
	BODY='{"resources":["products"]}'
	ask 202 POST /api/pulls "$KEY" 'Idempotency-Key: twice'
	[ "$(json .id < answer)" != "$id" ] || atf_fail 'the same pull'
	ask 202 POST /api/pulls \
	    "Authorization: Bearer $(shop_key $SHOP)" 'Idempotency-Key: once'
	[ "$(json .id < answer)" != "$id" ] || atf_fail "another's pull"
	pg_answers 3 t <<-'EOF'
	SELECT count(*) FROM stockroom.pull;
	EOF
	ask 400 POST /api/pulls "$KEY" \
	    "Idempotency-Key: $(printf '%0201d' 7)"
	says '.errors[0].field' Idempotency-Key
}
the_same_idempotency_key_gives_the_same_pull_cleanup() { app_stop; }

# A call that failed may be made again under its key.
atf_test_case a_refused_pull_uses_no_idempotency_key_up cleanup
a_refused_pull_uses_no_idempotency_key_up_body()
{
	begin
	echo "UPDATE stockroom.shop SET status = 'paused',
	    status_reason = 'the shop is frozen'" | pg_sql t
	BODY='{"resources":["products"]}'
	ask 409 POST /api/pulls "$KEY" 'Idempotency-Key: once'
	says .code conflict
	says .detail 'the shop is paused: the shop is frozen'
	nothing_is_kept
	echo "UPDATE stockroom.shop SET status = 'installed'" | pg_sql t
	ask 202 POST /api/pulls "$KEY" 'Idempotency-Key: once'
}
a_refused_pull_uses_no_idempotency_key_up_cleanup() { app_stop; }

atf_test_case the_operator_names_the_shop cleanup
the_operator_names_the_shop_body()
{
	begin
	KEY="Authorization: Bearer $(operator_key)"
	refused shop '{"resources":["products"]}'
	bad shop /api/pulls
	bad shop '/api/pulls/latest/results?resource=orders'
	unheard shop '{}'
	nothing_is_kept
	BODY="{\"resources\":[\"products\"],\"shop\":\"$SHOP\"}"
	ask 202 POST /api/pulls "$KEY"
	says .shop $SHOP
	id=$(json .id < answer)
	BODY=
	ask 200 GET "/api/pulls/$id?shop=$SHOP" "$KEY"
	ask 404 GET "/api/pulls/$id?shop=$OTHER" "$KEY"
	ask 404 GET '/api/pulls?shop=no-shop.myshopify.com' "$KEY"
}
the_operator_names_the_shop_cleanup() { app_stop; }

atf_test_case rows_are_shown_exactly_and_by_pages cleanup
rows_are_shown_exactly_and_by_pages_body()
{
	begin
	pg_sql t <<-'EOF'
	SET search_path = stockroom;
	INSERT INTO orders (shop_id, id, name, total, doc) VALUES
	    (9007199254740993, 9007199254740995, '#1', 180667.75, '{"a": 1}'),
	    (9007199254740993, 9007199254740997, '#2', 0.10, '{}'),
	    (2, 9007199254740999, '#B', 1, '{}');
	INSERT INTO order_transaction (shop_id, id, order_id, amount) VALUES
	    (9007199254740993, 7, 9007199254740995, 180667.75);
	EOF
	results=/api/pulls/latest/results
	ask 200 GET "$results?resource=orders&limit=1" "$KEY"
	says '.items[0].id' 9007199254740997
	says '.items[0].total' 0.10
	next=$(json .next < answer)
	ask 200 GET "$results?resource=orders&limit=1&after=$next" "$KEY"
	says '.items[0].total' 180667.75
	says '.items[0].doc.a' 1
	says '.items[0] | has("sealed") or has("shop_id")' false
	ask 200 GET "$results?resource=orders&id=9007199254740995" "$KEY"
	says '[.items[].name] | join(",")' '#1'
	says .next null
	ask 404 GET "$results?resource=orders&id=9007199254740999" "$KEY"
	ask 200 GET "$results?resource=transactions" "$KEY"
	says '.items[0].amount' 180667.75
	says .next null
	ask 403 GET "$results?resource=orders" \
	    "Authorization: Bearer $(shop_key $SHOP pulls:write)"
}
rows_are_shown_exactly_and_by_pages_cleanup() { app_stop; }

atf_init_test_cases()
{
	atf_add_test_case \
	    what_is_wrong_with_a_pull_is_named_and_nothing_is_kept
	atf_add_test_case what_is_wrong_with_a_question_is_named
	atf_add_test_case what_is_wrong_with_a_preview_is_named
	atf_add_test_case a_pull_is_accepted_watched_and_cancelled
	atf_add_test_case a_pull_whose_jobs_are_gone_has_failed
	atf_add_test_case pulls_are_listed_newest_first_and_paged
	atf_add_test_case the_same_idempotency_key_gives_the_same_pull
	atf_add_test_case a_refused_pull_uses_no_idempotency_key_up
	atf_add_test_case the_operator_names_the_shop
	atf_add_test_case rows_are_shown_exactly_and_by_pages
}
