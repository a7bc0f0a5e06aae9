# The same requests through libfcgi and through our own record reader, behind a
# real lighttpd, and by plain CGI: the same answers. REL-14, SEC-24, SEC-25,
# SEC-26.
top=${STOCKROOM_SRC:-$(cd "$(dirname "$0")/../../../.." && pwd)}
. "$top/tests/cgi.sh"

backend()
{
	cat <<-EOT
	fastcgi.server = ( "/" => ((
	    "socket" => "$PWD/$1.sock", "bin-path" => "$PROGRAM",
	    "max-procs" => 1, "check-local" => "disable",
	    "bin-environment" => ( "RUN_DIR" => "$PWD", "LOG_LEVEL" => "err",
	        "KEEP" => "$PWD/$1" $2 )
	) ) )
	EOT
}

web_start()
{
	program ingest_echo
	mkdir -p ours theirs
	cat > lighttpd.conf <<-EOT
	server.document-root = "$PWD"
	server.bind = "$PWD/web.sock"
	server.modules = ( "mod_fastcgi" )
	server.errorlog = "$PWD/lighttpd.log"
	server.max-request-field-size = 65000
	server.http-parseopts = ( "url-normalize" => "disable" )
	\$HTTP["host"] == "theirs.test" {
		$(backend theirs ', "SERVE" => "1"')
	}
	else \$HTTP["host"] =~ "" {
		$(backend ours)
	}
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

# Status, our own headers and the body; the request's own number left out.
shown()
{
	tr -d '\r' | sed -E \
	    -e 's/("request_id":)"[^"]*"/\1/; s/^(X-Request-Id:).*/\1/' \
	    -e 's/^HTTP[^ ]* ([0-9]*).*/Status: \1/' \
	    -e 's/^(Status: [0-9]*).*/\1/' \
	    -e '/^(Date|Server|Connection|Keep-Alive):/d'
}

ask()
{
	curl -q -sS -i --max-time 10 --unix-socket web.sock --path-as-is \
	    -H 'Expect:' "$@"
}

# same METHOD URI [CURL OPTION...]
same()
{
	same_method=$1 same_uri=$2
	shift 2
	case $same_method in
	HEAD) set -- -I "$@" ;;
	POST|PUT|PATCH) set -- -d '' "$@" ;;
	esac
	for same_host in ours theirs; do
		ask -X "$same_method" "$@" "http://$same_host.test$same_uri" |
		    shown > "by_$same_host"
	done
	atf_check -o match:'^Status: [1-5]' cat by_ours
	atf_check diff -u by_theirs by_ours
}

atf_test_case an_answer_is_the_same_through_libfcgi_and_our_reader cleanup
an_answer_is_the_same_through_libfcgi_and_our_reader_head()
{
	atf_set require.progs 'lighttpd curl'
}
an_answer_is_the_same_through_libfcgi_and_our_reader_body()
{
	web_start
	set -- -H 'X-Shopify-Hmac-Sha256: good' -H 'X-Shopify-Name: one'
	head -c 262144 /dev/urandom | tr '\0' x > most
	head -c 262145 /dev/zero > too_much
	for method in GET HEAD POST PUT PATCH DELETE OPTIONS TRACE; do
		same $method /webhooks "$@"
		same $method /events
		same $method /nowhere
	done
	same POST /webhooks "$@" --data-binary body
	same POST /webhooks "$@" --data-binary @most
	same POST /webhooks "$@" --data-binary @too_much
	same POST /nowhere "$@" --data-binary @too_much
	same POST /webhooks "$@" -H 'Transfer-Encoding: chunked' \
	    --data-binary @most
	same POST /webhooks "$@" -H 'Transfer-Encoding: chunked' \
	    --data-binary @too_much
	same POST /web%68ooks "$@" -d body
	same POST /webhooks%2f "$@" -d body
	same POST /webhooks/%2e%2e/webhooks "$@" -d body
	same POST '/webhooks?a=%20' "$@" -d body
	same POST '/webhooks?' "$@" -d body
	same POST /webhooks "$@" -d body -H 'Cookie: a=1; a=2' \
	    -H 'Cookie: b=1'
	same POST /webhooks "$@" -d body -H 'Authorization: Bearer x'
	same POST /webhooks "$@" -d body -H 'Content-Type: a, b'
	same POST /webhooks "$@" -d body -H "X-Large: $(head -c 17000 \
	    /dev/zero | tr '\0' x)"
	same POST "/webhooks?$(head -c 9000 /dev/zero | tr '\0' q)" "$@"
	# lighttpd itself has no room for twice 60,000 bytes, as CGI wants them.
	same POST "/webhooks?$(head -c 28000 /dev/zero | tr '\0' q)" "$@"
	atf_check -o match:'^Status: 414' cat by_ours
}
an_answer_is_the_same_through_libfcgi_and_our_reader_cleanup()
{
	web_stop
}

# by_cgi METHOD URI [HEADER...], the body from standard input
as_cgi()
{
	as_method=$1 as_uri=$2
	shift 2
	KEEP=$PWD/ours request "$as_method" "$as_uri" "$@" < body 2> log |
	    shown > by_cgi
	set -- "$@" 'Content-Type: application/json'
	for as_header in "$@"; do
		shift
		set -- "$@" -H "$as_header"
	done
	ask -X "$as_method" "$@" --data-binary @body \
	    "http://ours.test$as_uri" | shown > by_ours
	atf_check -o match:'^Status: [1-5]' cat by_cgi
	atf_check diff -u by_cgi by_ours
}

atf_test_case an_answer_is_the_same_by_cgi cleanup
an_answer_is_the_same_by_cgi_head()
{
	atf_set require.progs 'lighttpd curl'
}
an_answer_is_the_same_by_cgi_body()
{
	web_start
	set -- 'X-Shopify-Hmac-Sha256: good' 'X-Shopify-Name: one'
	echo body > body
	as_cgi POST /webhooks "$@"
	as_cgi POST /events "$@"
	as_cgi POST /webhooks
	as_cgi POST /webhooks "$@" 'X-Do: fail'
	as_cgi POST /webhooks "$@" 'X-Do: drop'
	as_cgi POST /webhooks 'X-Shopify-Hmac-Sha256: good, good'
	as_cgi POST /nowhere
	as_cgi PUT /webhooks "$@"
	as_cgi POST '/webhooks?a=1' "$@"
	head -c 262145 /dev/zero > body
	as_cgi POST /webhooks "$@"
	: > ours/down
	echo body > body
	as_cgi POST /webhooks "$@"
	atf_check -o match:'^Status: 503' -o match:'^Retry-After: 2' cat by_cgi
	# One by each, of those that were kept.
	atf_check -o inline:'4\n' grep -c '^one 5 ' ours/kept
}
an_answer_is_the_same_by_cgi_cleanup()
{
	web_stop
}

atf_test_case a_fallen_program_is_replaced_behind_lighttpd cleanup
a_fallen_program_is_replaced_behind_lighttpd_head()
{
	atf_set require.progs 'lighttpd curl'
}
a_fallen_program_is_replaced_behind_lighttpd_body()
{
	web_start
	set -- http://ours.test/webhooks -d body \
	    -H 'X-Shopify-Hmac-Sha256: good'
	for _ in 1 2 3; do
		ask -o out "$@" -H 'X-Do: die' || :
		# lighttpd leaves a backend that fell alone for a second.
		for _ in $(seq 30); do
			ask "$@" > out
			! grep -q '^HTTP/1.1 200 ' out || break
			sleep 0.1
		done
		atf_check -o match:'^HTTP/1.1 200 ' cat out
	done
}
a_fallen_program_is_replaced_behind_lighttpd_cleanup()
{
	web_stop
}

atf_test_case it_has_the_options_of_every_program
it_has_the_options_of_every_program_body()
{
	program ingest_echo
	echo 'WORKERS = many' > wrong
	atf_check -s exit:78 -e match:WORKERS "$PROGRAM" -t -f wrong
	atf_check -s exit:64 -e match:'usage: ingest_echo' "$PROGRAM" -x
	"$PROGRAM" -r > routes
	atf_check -o inline:'Keep it.\n' \
	    jq -r '.paths["/webhooks"].post.summary' routes
}

atf_init_test_cases()
{
	atf_add_test_case an_answer_is_the_same_through_libfcgi_and_our_reader
	atf_add_test_case an_answer_is_the_same_by_cgi
	atf_add_test_case a_fallen_program_is_replaced_behind_lighttpd
	atf_add_test_case it_has_the_options_of_every_program
}
