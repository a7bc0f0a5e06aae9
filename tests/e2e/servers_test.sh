# One answer to one request, whatever the web server, and by either way into a
# program: libfcgi, our own reader of records, plain CGI.
# kyua: timeout=240

. "${STOCKROOM_SRC:?}/tests/suite.sh"
. "${STOCKROOM_SRC:?}/tests/e2e/servers.sh"

begin()
{
	suite_start RATE_ADDRESS_PER_MIN=1000000 RATE_KEY_PER_MIN=1000000
	connect "$SANDBOX_SHOP"
	apache_start
	cgi_start
	KEY="Authorization: Bearer $STOCKROOM_KEY"
	SESSION=$(awk '$6 == "__Host-stockroom" { print $6 "=" $7 }' "$RUN/cookies")
	await 10 open || atf_fail 'the door stays shut'
	: > different
}

open()
{
	[ "$(curl -q -s --noproxy '*' -o answer -w '%{http_code}' -d '{}' \
	    "$STOCKROOM_URL/webhooks")" = 401 ]
}

# Status, our headers and the body, without what is the server's own or of the
# moment, of each answer that comes. How a body is framed is the server's.
shown()
{
	tr -d '\r' | awk '
	head && /^$/ { close("sort"); head = 0; print; next }
	/^HTTP\/[0-9.]+ [0-9]/ {
		fflush()
		head = 1
		print $2
		next
	}
	head {
		name = tolower(substr($0, 1, index($0, ":") - 1))
		if (name !~ /^(server|date|connection|keep-alive|etag)$/ &&
		    name !~ /^(transfer-encoding|content-length)$/ &&
		    name !~ /^(x-request-id|ratelimit|ratelimit-policy)$/)
			print name substr($0, index($0, ":")) | "sort"
		next
	}
	{ gsub(/"request_id":"[^"]*"/, ""); print }'
}

# answer URL [CURL'S WORDS]
answer()
{
	curl -q -sS -i --noproxy '*' --max-time 20 --path-as-is -A test \
	    -H 'Host: app.test' -H 'Expect:' "$@" 2>&1 | shown
}

# same STATUS PATH [CURL'S WORDS]: by all servers; notes what differs.
same()
{
	same_status=$1 same_path=$2
	shift 2
	answer "$STOCKROOM_URL$same_path" "$@" > by_lighttpd
	answer "$APACHE$same_path" "$@" > by_apache
	answer "$CGI$same_path" "$@" > by_cgi
	[ "$(head -n 1 by_lighttpd)" = "$same_status" ] ||
		head -n 99 by_lighttpd > wrong
	if [ -s wrong ] || ! diff -u by_lighttpd by_apache > of_apache ||
	    ! diff -u by_lighttpd by_cgi > of_cgi; then
		echo "== $same_status $same_path $*" | cut -c1-200
		cat wrong of_apache of_cgi 2> /dev/null
	fi >> different
	rm -f wrong of_apache of_cgi
}

all_same()
{
	[ ! -s different ] || {
		cat different
		atf_fail "$(grep -c '^==' different) answers differ"
	}
}

# What the servers refuse themselves, each in its own words.
barred()
{
	barred_path=$1
	shift
	for server in "$STOCKROOM_URL" "$APACHE" "$CGI"; do
		answer "$server$barred_path" "$@" > by
		head -n 1 by | grep -q '^4[0-9][0-9]$' || {
			echo "== barred $server$barred_path $*"
			cat by
		} >> different
	done
}

# told STATUS PATH [CURL'S WORDS]: the same, and what every program says of it.
told()
{
	same "$@"
	grep -v '^allow:' by_lighttpd >> told
}

# refusals PATH: what is refused before any handler. PATH is one for GET or POST,
# and takes no parameter x.
refusals()
{
	: > told
	for method in PUT PATCH OPTIONS; do
		told 405 "$1" -X "$method" -d ''
	done
	told 501 "$1" -X PROPFIND
	told 414 "$1?x=$(cat long)"
	told 431 "$1" -H "A: $(cat third)" -H "B: $(cat third)" \
	    -H "C: $(cat third)"
	told 400 "$1" -H 'Authorization: Bearer a' -H 'Authorization: Bearer b'
	told 400 "$1?x=%zz"
	barred "$1?x=%00"
	barred "$1?x=%ff"
	barred "$1" -X TRACE
	barred "$1" -X CONNECT
	barred "$1" -H 'Content-Type: a' -H 'Content-Type: b'
	barred "$1%00"
	[ -f first ] || cp told first
	diff -u first told >> different || echo "== $1 as a whole" >> different
}

atf_test_case what_is_refused_is_refused_by_all_alike cleanup
what_is_refused_is_refused_by_all_alike_body()
{
	begin
	head -c 60000 /dev/zero | tr '\0' a > long
	head -c 6000 /dev/zero | tr '\0' b > third
	# By libfcgi, and by our own reader.
	for path in /api/auth/keys /api/pulls /api/jobs /webhooks; do
		refusals "$path"
	done
	for path in /api/auth /api/data /api; do
		same 404 "$path/nowhere"
		same 404 "$path/nowhere" -I
		same 404 "$path/nowhere%2Fat%20all%C3%A9" -X DELETE
		same 400 "$path/a/../b"
		same 400 "$path/a/%2e%2e/b"
		same 400 "$path/a%5Cb"
		barred "$path/%ff"
		barred "$path/%zz"
	done
	all_same
}
what_is_refused_is_refused_by_all_alike_cleanup()
{
	servers_stop
	suite_stop
}

# each_route URL: curl's words for each route of ours at URL, by HEAD too, and
# one that is by none; of nobody, so that nothing changes.
each_route()
{
	jq -r '.paths | to_entries[] | (.key | gsub("\\{[a-z_]*\\}"; "1")) as $path
	    | (.value | keys[], if .get then "head" else empty end, "options")
	    | ascii_upcase + " " + $path' openapi |
	while read -r method path; do
		printf 'url = "%s%s"\nrequest = %s\n' "$1" "$path" "$method"
		printf 'write-out = "\\n== %s %s\\n"\n' "$method" "$path"
		case $method in
		HEAD) echo head ;;
		POST|PUT|PATCH) printf '%s\n' 'data = "{\"x\":1}"' \
		    'header = "Content-Type: application/json"' ;;
		esac
		printf '%s\n' include silent show-error path-as-is \
		    'noproxy = "*"' 'max-time = 20' 'header = "Host: app.test"' \
		    'header = "Expect:"' next
	done
}

atf_test_case every_route_is_answered_by_all_alike cleanup
every_route_is_answered_by_all_alike_body()
{
	begin
	curl -q -s -f --noproxy '*' -o openapi "$STOCKROOM_URL/openapi.json"
	for server in "$STOCKROOM_URL" "$APACHE" "$CGI"; do
		each_route "$server" > words
		curl -q -K words 2>&1 | shown > "by_${server##*:}"
	done
	diff -u "by_${STOCKROOM_URL##*:}" "by_${APACHE##*:}" > of_apache ||
		atf_fail "behind Apache: $(head -n 99 of_apache)"
	diff -u "by_${STOCKROOM_URL##*:}" "by_${CGI##*:}" > of_cgi ||
		atf_fail "by plain CGI: $(head -n 99 of_cgi)"
	# Each by the program that has it.
	! grep -q '"status":404' "by_${CGI##*:}" || atf_fail 'a route is not found'
	[ "$(grep -c '^url' words)" = "$(grep -c '^== ' "by_${CGI##*:}")" ] ||
		atf_fail 'not all were answered'
	for status in 200 400 401 405; do
		grep -q "^$status\$" "by_${CGI##*:}" || atf_fail "no $status"
	done
}
every_route_is_answered_by_all_alike_cleanup()
{
	servers_stop
	suite_stop
}

# posts STATUS PATH [CURL'S WORDS]: with a length, and in chunks.
posts()
{
	same "$@" -H 'Content-Type: application/json'
	same "$@" -H 'Content-Type: application/json' \
	    -H 'Transfer-Encoding: chunked'
}

atf_test_case requests_by_key_and_by_cookie_are_answered_alike cleanup
requests_by_key_and_by_cookie_are_answered_alike_body()
{
	begin
	head -c 300000 /dev/zero | tr '\0' c > large
	same 200 /healthz
	same 200 /healthz -I
	same 200 /openapi.json
	for path in /api/auth/keys /api/jobs "/api/pulls?limit=2"; do
		same 401 "$path"
		same 401 "$path" -H 'Authorization: Bearer none'
		same 200 "$path" -H "Cookie: $SESSION"
		same 200 "$path" -H 'Cookie: a=1' -H "Cookie: $SESSION"
		same 401 "$path" -H "Cookie: $SESSION" -H "Cookie: $SESSION"
		same 200 "$path" -H "Cookie: $SESSION" -I
	done
	# Decoded once, whoever looks at the path first.
	same 401 /api/auth/k%65ys
	same 200 /api/j%6Fbs -H "Cookie: $SESSION"
	same 200 '/api/pulls?%6Cimit=%32' -H "Cookie: $SESSION"
	same 404 /api/jobs/%2531 -H "$KEY"
	same 200 /api/auth/keys -H "$KEY" -H 'Range: bytes=0-3'
	for path in /api/auth/keys /api/pulls; do
		same 403 "$path" -H "Cookie: $SESSION" -d '{}'
		posts 400 "$path" -H "$KEY" -d '{"x":1}'
		posts 400 "$path" -H "$KEY" -d 'no json'
		posts 400 "$path" -H "$KEY" -d ''
		posts 413 "$path" -H "$KEY" --data-binary @large
		same 415 "$path" -H "$KEY" -d x
		barred "$path" -X POST
	done
	same 404 /api/auth/keys/1 -X DELETE -H "$KEY"
	same 404 /api/jobs/999999/cancel -H "$KEY" -d '{}' \
	    -H 'Content-Type: application/json'
	all_same
}
requests_by_key_and_by_cookie_are_answered_alike_cleanup()
{
	servers_stop
	suite_stop
}

# sent BODY [SECRET]: words that sign it.
sent()
{
	printf '%s' "$1" > body
	mac=$(openssl dgst -sha256 -binary -hmac "$SHOPIFY_API_SECRET" < body |
		openssl base64 -A)
}

webhook()
{
	webhook_status=$1
	shift
	same "$webhook_status" /webhooks --data-binary @body \
	    -H "X-Shopify-Hmac-Sha256: $mac" \
	    -H "X-Shopify-Shop-Domain: $SANDBOX_SHOP" "$@"
}

atf_test_case webhooks_are_answered_alike cleanup
webhooks_are_answered_alike_body()
{
	begin
	topic='X-Shopify-Topic: themes/publish'
	sent '{"id":1,"name":"caf\u00e9 \/"}'
	webhook 200 -H "$topic"
	webhook 200 -H "$topic" -H 'Transfer-Encoding: chunked'
	webhook 400
	webhook 401 -H "$topic" -H "X-Shopify-Hmac-Sha256: $mac"
	webhook 401 -H "$topic" -H "$topic"
	webhook 401 -H "$topic" -H 'Shopify-Topic: themes/create'
	webhook 401 -H "$topic" -H "X-Shopify-Shop-Domain: $SANDBOX_SHOP"
	webhook 401 -H "$topic" -H 'X-Shopify-Webhook-Id: a' \
	    -H 'X-Shopify-Webhook-Id: a'
	sent ''
	webhook 200 -H "$topic"
	head -c 3000000 /dev/urandom > body
	mac=$(openssl dgst -sha256 -binary -hmac "$SHOPIFY_API_SECRET" < body |
		openssl base64 -A)
	webhook 200 -H "$topic"
	webhook 200 -H "$topic" -H 'Transfer-Encoding: chunked'
	head -c 16777217 /dev/zero > body
	webhook 413 -H "$topic"
	webhook 413 -H "$topic" -H 'Transfer-Encoding: chunked'
	all_same
	[ "$(echo 'SELECT count(*) FROM stockroom.webhook' | sql)" = 3 ] ||
		atf_fail 'not each body was kept once'
}
webhooks_are_answered_alike_cleanup()
{
	servers_stop
	suite_stop
}

atf_test_case pages_are_served_alike cleanup
pages_are_served_alike_body()
{
	begin
	for page in /test-ui/ /test-ui/app.js /shared/stockroom.css; do
		same 200 "$page"
		same 200 "$page" -I
	done
	barred /test-ui/nowhere
	barred /nowhere
	all_same
}
pages_are_served_alike_cleanup()
{
	servers_stop
	suite_stop
}

# production FILE: with the paths of this test.
production()
{
	sed -e "s,/usr/share/stockroom/www,$SRC/www," \
	    -e "s,/usr/share/stockroom/etc,$SRC/etc," \
	    -e "s,/etc/stockroom/tls,$PWD," "$SRC/etc/$1"
}

atf_test_case the_production_files_are_understood
the_production_files_are_understood_body()
{
	openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=x -days 1 \
	    -keyout server.pem -out cert > openssl.out 2>&1
	cat cert >> server.pem
	production lighttpd.conf > lighttpd.conf
	atf_check -e ignore -o ignore "$(lighttpd_path)" -tt -f lighttpd.conf
	{
		apache_modules ssl
		printf 'PidFile "%s"\nErrorLog "%s"\n' "$PWD/pid" "$PWD/log"
		production apache.conf
	} > apache.conf
	atf_check -e match:'Syntax OK' /usr/sbin/apache2 -t -f "$PWD/apache.conf"
}

atf_init_test_cases()
{
	atf_add_test_case what_is_refused_is_refused_by_all_alike
	atf_add_test_case every_route_is_answered_by_all_alike
	atf_add_test_case requests_by_key_and_by_cookie_are_answered_alike
	atf_add_test_case webhooks_are_answered_alike
	atf_add_test_case pages_are_served_alike
	atf_add_test_case the_production_files_are_understood
}
