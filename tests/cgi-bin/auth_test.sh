# auth: who is let in, what is said to those who are not.

. "${STOCKROOM_SRC:?}/tests/app.sh"

SHOP=a-shop.myshopify.com
OTHER=b-shop.myshopify.com
LARGE=9007199254740993

begin()
{
	app_case
	program auth
	shop_made $LARGE $SHOP
	shop_made 2 $OTHER
}

# ask STATUS METHOD PATH [HEADER...]: the answer is in ./answer.
ask()
{
	want=$1
	shift
	request "$@" < "${BODY:-/dev/null}" > answer 2> log ||
		atf_fail "exit $?: $(cat log)"
	grep -q "^Status: $want" answer ||
		atf_fail "wanted $want, got $(cat answer; cat log)"
}

body()
{
	printf '%s' "$1" > body
	BODY=body
}

problem()
{
	[ "$(json "$1" < answer)" = "$2" ] ||
		atf_fail "wanted $1 = $2 in $(cat answer)"
}

atf_test_case a_stranger_gets_nothing cleanup
a_stranger_gets_nothing_body()
{
	begin
	for path in session sessions keys shops shops/$SHOP; do
		ask 401 GET "/api/auth/$path"
		problem .code unauthorized
	done
	body '{"label":"x","scopes":["*"]}'
	ask 401 POST /api/auth/keys
}
a_stranger_gets_nothing_cleanup() { app_stop; }

# SEC-7: whatever is wrong with a key, the answer is one and the same.
atf_test_case every_bad_key_gets_the_same_answer cleanup
every_bad_key_gets_the_same_answer_body()
{
	begin
	key=$(shop_key $SHOP)
	id=$("$build/bin/stockroom" keys list --shop $SHOP | cut -c1-36)
	ask 200 GET /api/auth/session "Authorization: Bearer $key"
	"$build/bin/stockroom" keys revoke --shop $SHOP "$id" ||
		atf_fail 'not revoked'
	lapsed=$(shop_key $SHOP)
	echo "UPDATE stockroom.api_key SET expires_at = now()
	    - interval '1 s' WHERE revoked_at IS NULL" | pg_sql t
	for bad in "$key" "$lapsed" "${key}0" "sk_" sk_none \
	    "$(echo "$key" | sed 's,sk_.,sk_!,')"; do
		ask 401 GET /api/auth/session "Authorization: Bearer $bad" \
		    'X-Request-Id: 0123456789abcdef'
		n=$((${n:-0} + 1))
		sed '/^RateLimit/d' answer > "answer.$n"
		cmp -s answer.1 "answer.$n" || atf_fail "$bad is answered by
$(diff answer.1 "answer.$n")"
	done
}
every_bad_key_gets_the_same_answer_cleanup() { app_stop; }

atf_test_case a_key_without_the_scope_is_denied cleanup
a_key_without_the_scope_is_denied_body()
{
	begin
	key=$(shop_key $SHOP shops:read)
	ask 200 GET /api/auth/shops "Authorization: Bearer $key"
	ask 403 GET /api/auth/keys "Authorization: Bearer $key"
	problem .code forbidden
	body '{"label":"more","scopes":["*"]}'
	ask 403 POST /api/auth/keys "Authorization: Bearer $key"
}
a_key_without_the_scope_is_denied_cleanup() { app_stop; }

atf_test_case nobody_gives_a_scope_they_lack cleanup
nobody_gives_a_scope_they_lack_body()
{
	begin
	key=$(shop_key $SHOP keys:write,shops:read)
	body '{"label":"same","scopes":["shops:read"]}'
	ask 201 POST /api/auth/keys "Authorization: Bearer $key"
	body '{"label":"more","scopes":["pulls:write"]}'
	ask 403 POST /api/auth/keys "Authorization: Bearer $key"
}
nobody_gives_a_scope_they_lack_cleanup() { app_stop; }

atf_test_case a_key_is_shown_once_and_dies_when_revoked cleanup
a_key_is_shown_once_and_dies_when_revoked_body()
{
	begin
	key=$(shop_key $SHOP)
	body '{"label":"till","days":3,"scopes":["shops:read"]}'
	ask 201 POST /api/auth/keys "Authorization: Bearer $key"
	new=$(json .secret < answer) id=$(json .id < answer)
	[ "$(json .expires_at < answer)" != null ] || atf_fail 'no end'
	ask 200 GET /api/auth/shops "Authorization: Bearer $new"
	ask 200 GET /api/auth/keys "Authorization: Bearer $key"
	! grep -qF "$new" answer || atf_fail 'a list shows the secret'
	problem ".items[] | select(.id == \"$id\") | .label" till
	ask 204 DELETE "/api/auth/keys/$id" "Authorization: Bearer $key"
	ask 401 GET /api/auth/shops "Authorization: Bearer $new"
	ask 404 DELETE "/api/auth/keys/$id" "Authorization: Bearer $key"
}
a_key_is_shown_once_and_dies_when_revoked_cleanup() { app_stop; }

atf_test_case a_browser_signs_in_and_out cleanup
a_browser_signs_in_and_out_body()
{
	begin
	body "{\"key\":\"$(shop_key $SHOP)\"}"
	ask 201 POST /api/auth/session
	problem .shop $SHOP
	grep -qi '^Set-Cookie: __Host-stockroom=[^;]*;.*HttpOnly' answer ||
		atf_fail "no cookie: $(cat answer)"
	cookie=$(sed -n 's/^Set-Cookie: \(__Host-stockroom=[^;]*\).*/\1/ip' answer)
	ask 200 GET /api/auth/session "Cookie: $cookie"
	problem .kind session
	problem '.missing | length' 0
	ask 403 DELETE /api/auth/session "Cookie: $cookie"
	ask 403 DELETE /api/auth/session "Cookie: $cookie" \
	    'Sec-Fetch-Site: cross-site'
	ask 204 DELETE /api/auth/session "Cookie: $cookie" \
	    'Sec-Fetch-Site: same-origin'
	ask 401 GET /api/auth/session "Cookie: $cookie"
}
a_browser_signs_in_and_out_cleanup() { app_stop; }

atf_test_case sessions_are_listed_and_ended cleanup
sessions_are_listed_and_ended_body()
{
	begin
	key=$(shop_key $SHOP)
	body "{\"key\":\"$key\"}"
	ask 201 POST /api/auth/session 'User-Agent: first'
	first=$(sed -n 's/^Set-Cookie: \(__Host-stockroom=[^;]*\).*/\1/ip' answer)
	ask 201 POST /api/auth/session 'User-Agent: second'
	ask 200 GET /api/auth/sessions "Cookie: $first"
	problem '.items | length' 2
	problem '.items[] | select(.current) | .agent' first
	id=$(json '.items[] | select(.current) | .id' < answer)
	ask 404 DELETE "/api/auth/sessions/$id" \
	    "Authorization: Bearer $(shop_key $OTHER)"
	ask 204 DELETE "/api/auth/sessions/$id" "Authorization: Bearer $key"
	ask 401 GET /api/auth/session "Cookie: $first"
}
sessions_are_listed_and_ended_cleanup() { app_stop; }

atf_test_case a_narrow_key_signs_no_browser_in cleanup
a_narrow_key_signs_no_browser_in_body()
{
	begin
	body "{\"key\":\"$(shop_key $SHOP shops:read)\"}"
	ask 403 POST /api/auth/session
	body '{"key":"sk_nothing"}'
	ask 401 POST /api/auth/session
}
a_narrow_key_signs_no_browser_in_cleanup() { app_stop; }

# SEC-14: another shop is as one that does not exist.
atf_test_case a_shop_sees_itself_and_the_operator_all cleanup
a_shop_sees_itself_and_the_operator_all_body()
{
	begin
	key=$(shop_key $SHOP)
	ask 200 GET /api/auth/shops "Authorization: Bearer $key"
	problem '[.items[].domain] | join(",")' $SHOP
	ask 200 GET /api/auth/shops/$LARGE "Authorization: Bearer $key"
	for name in 2 $OTHER 3 no-shop.myshopify.com x; do
		ask 404 GET "/api/auth/shops/$name" \
		    "Authorization: Bearer $key" \
		    'X-Request-Id: 0123456789abcdef'
		n=$((${n:-0} + 1))
		sed '/^RateLimit/d' answer > "answer.$n"
		cmp -s answer.1 "answer.$n" || atf_fail "$name differs"
	done
	key=$(operator_key)
	ask 200 GET '/api/auth/shops?limit=1' "Authorization: Bearer $key"
	problem '[.items[].domain] | join(",")' $OTHER
	after=$(json .next < answer)
	ask 200 GET "/api/auth/shops?limit=1&after=$after" \
	    "Authorization: Bearer $key"
	problem '[.items[].domain] | join(",")' $SHOP
	ask 200 GET /api/auth/shops/$OTHER "Authorization: Bearer $key"
	problem .token.state none
}
a_shop_sees_itself_and_the_operator_all_cleanup() { app_stop; }

atf_test_case an_install_begins_with_a_checked_name cleanup
an_install_begins_with_a_checked_name_body()
{
	begin
	for bad in '{"shop":"example.com"}' '{"shop":"-a.myshopify.com"}' \
	    '{"shop":"a.myshopify.com.evil.test"}' '{"shop":""}' \
	    '{"shop":7}' '{}'; do
		body "$bad"
		ask 400 POST /api/auth/shopify/connect
		problem '.errors[0].field' shop
	done
	[ "$(echo 'SELECT count(*) FROM stockroom.oauth_state' |
	    pg_sql t)" = 0 ] || atf_fail 'a refused name left a state'
	body '{"shop":"New-Shop.myshopify.com"}'
	ask 200 POST /api/auth/shopify/connect
	problem .shop new-shop.myshopify.com
	problem '.authorize_url | test("^https://new-shop.myshopify.com/admin/oauth/authorize\\?client_id=app-key&scope=")' true
	grep -qi '^Set-Cookie: __Host-stockroom-oauth=.*Secure' answer ||
		atf_fail 'no cookie'
	ask 302 GET '/api/auth/shopify/connect?shop=new-shop.myshopify.com'
}
an_install_begins_with_a_checked_name_cleanup() { app_stop; }

# signed PARAMETERS: with the hmac of secret "hush" (shopify.md 2.2).
signed()
{
	mac=$(printf '%s' "$1" | openssl dgst -sha256 -hmac hush -r |
	    cut -c1-64)
	echo "$1&hmac=$mac"
}

# SEC-2: each is refused before anything is asked of Shopify: nobody listens
# there, so a call would be answered 502, not 400 or 401.
atf_test_case a_bad_callback_is_refused cleanup
a_bad_callback_is_refused_body()
{
	begin
	callback=/api/auth/shopify/callback
	now=$(date +%s)
	body "{\"shop\":\"$SHOP\"}"
	ask 200 POST /api/auth/shopify/connect
	cookie=$(sed -n 's/^Set-Cookie: \(__Host-stockroom-oauth=[^;]*\).*/\1/ip' answer)
	state=$(json .authorize_url < answer | sed 's/.*state=//')
	good="code=c&shop=$SHOP&state=$state&timestamp=$now"
	ask 400 GET /api/auth/shopify/callback
	ask 400 GET "$callback?$good" "Cookie: $cookie"
	problem '.errors[0].field' hmac
	ask 401 GET "$callback?$good&hmac=$(printf '%064d' 0)" \
	    "Cookie: $cookie"
	ask 400 GET "$callback?$(signed "code=c&shop=$SHOP&state=$state&timestamp=$((now - 91))")" "Cookie: $cookie"
	problem '.errors[0].field' timestamp
	ask 400 GET "$callback?$(signed "$good")&shop=$SHOP" "Cookie: $cookie"
	problem '.errors[0].field' shop
	ask 400 GET "$callback?$(signed "code=c&shop=evil.test&state=$state&timestamp=$now")" "Cookie: $cookie"
	ask 400 GET "$callback?$(signed "shop=$SHOP&state=$state&timestamp=$now")" "Cookie: $cookie"
	problem '.errors[0].field' code
	ask 401 GET "$callback?$(signed "code=c&shop=$SHOP&state=wrong&timestamp=$now")" "Cookie: $cookie"
	ask 401 GET "$callback?$(signed "$good")"
	# All is right now, so Shopify is asked, which is not there; the state is
	# used up all the same.
	ask 502 GET "$callback?$(signed "$good")" "Cookie: $cookie"
	ask 401 GET "$callback?$(signed "$good")" "Cookie: $cookie"
}
a_bad_callback_is_refused_cleanup() { app_stop; }

atf_test_case the_app_url_wants_a_signed_request cleanup
the_app_url_wants_a_signed_request_body()
{
	begin
	now=$(date +%s)
	ask 400 GET "/app?shop=$SHOP"
	ask 200 GET "/app?$(signed "shop=$SHOP&timestamp=$now")"
	grep -q "frame-ancestors https://$SHOP https://admin.shopify.com" \
	    answer || atf_fail "policy: $(cat answer)"
	grep -q app-key answer || atf_fail 'the page has no client id'
	ask 302 GET "/app?$(signed "shop=new.myshopify.com&timestamp=$now")"
	ask 200 GET "/app?$(signed "embedded=1&shop=new.myshopify.com&timestamp=$now")"
}
the_app_url_wants_a_signed_request_cleanup() { app_stop; }

atf_test_case a_session_token_is_a_caller cleanup
a_session_token_is_a_caller_body()
{
	begin
	now=$(date +%s)
	ask 200 GET /api/auth/session \
	    "Authorization: Bearer $(jwt $SHOP $((now + 60)))"
	problem .kind id_token
	problem .shop $SHOP
	ask 401 GET /api/auth/session \
	    "Authorization: Bearer $(jwt $SHOP $((now - 11)))"
	ask 401 GET /api/auth/session \
	    "Authorization: Bearer $(jwt no-shop.myshopify.com $((now + 60)))"
	body ''
	ask 401 POST /api/auth/shopify/token 'Authorization: Bearer a.b.c'
	grep -q '^X-Shopify-Retry-Invalid-Session-Request: 1' answer ||
		atf_fail "App Bridge is not told: $(cat answer)"
}
a_session_token_is_a_caller_cleanup() { app_stop; }

atf_init_test_cases()
{
	atf_add_test_case a_stranger_gets_nothing
	atf_add_test_case every_bad_key_gets_the_same_answer
	atf_add_test_case a_key_without_the_scope_is_denied
	atf_add_test_case nobody_gives_a_scope_they_lack
	atf_add_test_case a_key_is_shown_once_and_dies_when_revoked
	atf_add_test_case a_browser_signs_in_and_out
	atf_add_test_case sessions_are_listed_and_ended
	atf_add_test_case a_narrow_key_signs_no_browser_in
	atf_add_test_case a_shop_sees_itself_and_the_operator_all
	atf_add_test_case an_install_begins_with_a_checked_name
	atf_add_test_case a_bad_callback_is_refused
	atf_add_test_case the_app_url_wants_a_signed_request
	atf_add_test_case a_session_token_is_a_caller
}
