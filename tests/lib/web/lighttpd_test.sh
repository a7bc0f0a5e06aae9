# A program behind a real lighttpd, as a client sees it.
top=${STOCKROOM_SRC:-$(cd "$(dirname "$0")/../../../.." && pwd)}
. "$top/tests/cgi.sh"

# lighttpd on a socket in this folder, and the program behind it.
web_start()
{
	program echo
	cat > lighttpd.conf <<-EOT
	server.document-root = "$PWD"
	server.bind = "$PWD/web.sock"
	server.modules = ( "mod_fastcgi" )
	server.errorlog = "$PWD/lighttpd.log"
	fastcgi.server = ( "/" => ((
	    "socket" => "$PWD/echo.sock", "bin-path" => "$PROGRAM",
	    "max-procs" => 1, "check-local" => "disable",
	    "bin-environment" => ( "RUN_DIR" => "$PWD", "LOG_LEVEL" => "err",
	        "WORKERS" => "2" )
	) ) )
	EOT
	lighttpd -D -f lighttpd.conf > lighttpd.out 2>&1 &
	echo $! > lighttpd.pid
	for _ in $(seq 100); do
		[ ! -S web.sock ] || return 0
		sleep 0.1
	done
	cat lighttpd.out lighttpd.log
	atf_fail "lighttpd did not start"
}

web_stop()
{
	[ ! -f lighttpd.pid ] || kill "$(cat lighttpd.pid)" || :
}

ask()
{
	curl -sS --max-time 10 --unix-socket web.sock --path-as-is "$@"
}

# Status, body and our own headers, without what differs by request.
shown()
{
	tr -d '\r' | sed -n \
	    -e 's/"request_id":"[^"]*"//' -e 's/"trace":"[^"]*"//' \
	    -e 's/^HTTP[^ ]* \([0-9]*\).*/Status: \1/' \
	    -e 's/^\(Status: [0-9]*\).*/\1/' -e '/^Status/p' \
	    -e '/^Allow/p' -e '/^Cache-Control/p' -e '/^Content-Security/p' \
	    -e '/^Content-Type/p' -e '/^Location/p' -e '/^Referrer/p' \
	    -e '/^Set-Cookie/p' -e '/^WWW-/p' -e '/^X-Content/p' \
	    -e '/^Retry-After/p' -e '/^{/p'
}

# same METHOD URI [CURL OPTION...]: by CGI as through lighttpd.
same()
{
	same_method=$1 same_uri=$2 same_body=/dev/null
	shift 2
	case $same_method in
	POST) same_body=body ;;
	esac
	request "$same_method" "$same_uri" 'User-Agent: me' "$@" \
	    < "$same_body" 2> log | shown > by_cgi
	for same_header in "$@"; do
		shift
		set -- "$@" -H "$same_header"
	done
	case $same_method in
	POST) set -- "$@" --data-binary @body ;;
	HEAD) set -- "$@" -I ;;
	*) set -- "$@" -X "$same_method" ;;
	esac
	ask -i -A me -H 'Host: app.test' -H 'Content-Type: application/json' \
	    "$@" "http://app.test$same_uri" | shown > by_lighttpd
	atf_check -o match:Status cat by_cgi
	sed -i 's/"address":"[^"]*"//' by_cgi by_lighttpd
	atf_check diff -u by_cgi by_lighttpd
}

atf_test_case an_answer_is_the_same_by_cgi_and_through_lighttpd cleanup
an_answer_is_the_same_by_cgi_and_through_lighttpd_head()
{
	atf_set require.progs 'lighttpd curl'
}
an_answer_is_the_same_by_cgi_and_through_lighttpd_body()
{
	web_start
	echo '{"label":"x","tags":["a"]}' > body
	same GET /hello
	same GET /hello/a%20b%25
	same GET '/hello?x=1'
	same GET '/things?limit=7&colours=red,blue'
	same GET '/things?limit=0'
	same GET '/query?a=%20+b&a=2&%C3%A9=1'
	same GET /hello/../etc
	same GET /hello/%2e%2e/x
	same GET /nowhere
	same HEAD /hello
	same DELETE /hello
	same OPTIONS /things 'Origin: https://elsewhere.test'
	same POST /things
	same POST /things 'Transfer-Encoding: chunked'
	same POST /fail/9
	same POST /fail/13
	same GET /who
	same GET /who 'Authorization: Bearer key'
	same DELETE /things/1 'Cookie: session=1'
	same DELETE /things/1 'Cookie: session=1' 'Sec-Fetch-Site: same-origin'
	echo '{"label":"\u0000"}' > body
	same POST /things
	head -c 300000 /dev/zero > body
	same POST /raw
}
an_answer_is_the_same_by_cgi_and_through_lighttpd_cleanup()
{
	web_stop
}

atf_test_case a_large_answer_and_a_large_body_come_through_whole cleanup
a_large_answer_and_a_large_body_come_through_whole_head()
{
	atf_set require.progs 'lighttpd curl'
}
a_large_answer_and_a_large_body_come_through_whole_body()
{
	web_start
	atf_check -o inline:'1000000\n' -x \
	    "curl -sS --unix-socket web.sock http://x/large | wc -c"
	head -c 262144 /dev/urandom > body
	ask --data-binary @body -o again http://x/raw
	atf_check cmp body again
	ask -H 'Transfer-Encoding: chunked' --data-binary @body -o again \
	    http://x/raw
	atf_check cmp body again
}
a_large_answer_and_a_large_body_come_through_whole_cleanup()
{
	web_stop
}

atf_test_case a_fallen_worker_is_replaced_behind_lighttpd cleanup
a_fallen_worker_is_replaced_behind_lighttpd_head()
{
	atf_set require.progs 'lighttpd curl'
}
a_fallen_worker_is_replaced_behind_lighttpd_body()
{
	web_start
	for _ in 1 2 3 4 5; do
		ask -o out http://x/die || :
		atf_check -o inline:200 curl -sS --unix-socket web.sock \
		    -o out -w '%{http_code}' http://x/hello
	done
}
a_fallen_worker_is_replaced_behind_lighttpd_cleanup()
{
	web_stop
}

atf_init_test_cases()
{
	atf_add_test_case an_answer_is_the_same_by_cgi_and_through_lighttpd
	atf_add_test_case a_large_answer_and_a_large_body_come_through_whole
	atf_add_test_case a_fallen_worker_is_replaced_behind_lighttpd
}
