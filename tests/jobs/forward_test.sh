# Events forwarded by a real jobd to somebody else's server: signed, tried
# again, switched off (handlers.conf(5), Standard Webhooks).
# kyua: timeout=120
. "${STOCKROOM_SRC:?}/tests/handlers.sh"

SECRET=whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=
OLD=whsec_YWJjZGVmZ2hpamFiY2RlZmdoaWphYmNkZWZnaGlq

# A server at https://hooks.test, and nobody behind https://nobody.test.
receiver()
{
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	    -keyout key.pem -out cert.pem -days 2 -subj /CN=hooks.test \
	    -addext subjectAltName=DNS:hooks.test 2> /dev/null ||
		atf_fail 'no certificate'
	echo "${1:-200}" > answer
	: > heard
	node "$top/tests/jobs/receiver.mjs" port heard answer $SECRET $OLD \
	    2> receiver.log &
	echo $! > receiver.pid
	await test -s port
	umask 077
	echo $SECRET > forward_secret
	CONNECT_TO="hooks.test:443:127.0.0.1:$(cat port),nobody.test:443:127.0.0.1:1"
	export CONNECT_TO CA_FILE="$PWD/cert.pem" \
	    FORWARD_SECRET_FILE="$PWD/forward_secret"
}

forward_stop()
{
	[ ! -f receiver.pid ] || kill "$(cat receiver.pid)"
	handlers_stop
}

answer()
{
	printf '%s\n' "$@" > answer.new
	mv answer.new answer
}

# A job of handler $1, due now.
send()
{
	sql <<-EOT > /dev/null
	INSERT INTO job (queue_id, kind, args, max_attempts)
	VALUES (8, 'forward', '{"handler": "$1", "on": "schedule"}', 60);
	NOTIFY jobd;
	EOT
}

# heard N FILTER: jq's word on the Nth call.
heard()
{
	sed -n "$1p" heard | jq -c "$2"
}

check_heard()
{
	[ "$(heard "$1" "$2")" = "$3" ] ||
		atf_fail "call $1: $2 is $(heard "$1" "$2"), not $3"
}

atf_test_case an_event_arrives_signed_and_is_tried_again_until_it_does cleanup
an_event_arrives_signed_and_is_tried_again_until_it_does_body()
{
	handlers_case
	receiver 200
	bind good 'forward https://hooks.test/in?x=1'
	bind lost 'forward https://nobody.test/secret-path'
	jobd
	send good
	await_sql 'completed|' "$(ended good)"
	check_heard 1 .signed '[true,false]'
	check_heard 1 '[.path, .type, .fresh]' \
	    '["/in?x=1","application/json",true]'
	check_heard 1 '[.body.type, .body.handler, .body.data.schedule]' \
	    '["schedule","good","@yearly"]'
	heard 1 .id | grep -q '^"msg_[0-9a-f]\{32\}"$' || atf_fail 'no id'

	# While receivers change, both secrets sign.
	echo $OLD > previous_secret
	FORWARD_SECRET_PREVIOUS_FILE=$PWD/previous_secret
	export FORWARD_SECRET_PREVIOUS_FILE
	kill "$(cat jobd.pid)"
	wait "$(cat jobd.pid)"
	mv jobd.log before.log
	jobd
	answer 503 'Retry-After: 120'
	send good
	await_sql '1|its address answered 503|t|t' "SELECT attempt, error,
	    run_at > now() + interval '100 s', run_at < now() + interval '130 s'
	    FROM job WHERE kind = 'forward' AND state = 'scheduled'"
	check_heard 2 .signed '[true,true]'
	answer 302 'Location: https://hooks.test/other'
	await hurried "2|its address answered 302, and redirects are not followed" \
	    "SELECT attempt, error FROM job WHERE kind = 'forward'"
	answer 204
	await hurried 0 "SELECT count(*) FROM job WHERE kind = 'forward'"
	[ "$(wc -l < heard)" -eq 4 ] || atf_fail 'a redirect was followed'
	[ "$(heard 2 .id)" = "$(heard 4 .id)" ] || atf_fail 'another id'
	[ "$(heard 1 .id)" != "$(heard 2 .id)" ] || atf_fail 'the same id'
	check_sql '2|2||' "SELECT done, failed, failing_since, error
	    FROM handler WHERE name = 'good'"

	send lost
	await_sql 1 "SELECT failed FROM handler WHERE name = 'lost'"
	! grep -q secret-path jobd.log || atf_fail 'the log tells the address'
}
an_event_arrives_signed_and_is_tried_again_until_it_does_cleanup()
{
	forward_stop
}

atf_test_case who_fails_for_five_days_or_is_gone_is_switched_off cleanup
who_fails_for_five_days_or_is_gone_is_switched_off_body()
{
	handlers_case
	receiver 500
	bind weary 'forward https://hooks.test/weary'
	bind gone 'forward https://hooks.test/gone'
	jobd
	send weary
	await_sql '1|' "SELECT failed, off_at FROM handler WHERE name = 'weary'"
	echo "UPDATE handler SET failing_since = now() - interval '4 days 23 hours'
	    WHERE name = 'weary'" | sql
	await hurried '2|' "SELECT failed, off_at FROM handler
	    WHERE name = 'weary'"
	echo "UPDATE handler SET failing_since = now() - interval '5 days 1 s'
	    WHERE name = 'weary'" | sql
	await hurried 'dead|its address answered 500; switched off' \
	    "$(ended weary)"
	check_sql 'it has failed for 5 days: its address answered 500' \
	    "SELECT off_reason FROM handler WHERE name = 'weary'"

	answer 410
	send gone
	await_sql 'dead|its address answered 410; switched off' "$(ended gone)"
	calls=$(wc -l < heard)
	answer 200
	send gone
	await_sql 2 "SELECT count(*) FROM job_done WHERE outcome = 'dead' AND
	    args ->> 'handler' = 'gone'"
	[ "$(wc -l < heard)" -eq "$calls" ] || atf_fail 'it was called'

	stockroom=$build/bin/stockroom
	atf_check -o match:'^weary: schedule @yearly UTC forward https://hooks.test/...$' \
	    -o match:'0 done, 3 failed, last 2.* by job' \
	    -o match:'off since 2.*: its address answered 410 Gone' \
	    -o not-match:'/weary' "$stockroom" handlers
	atf_check -o match:'^gone is on' "$stockroom" handlers on gone
	atf_check -s exit:1 -e match:'gone is not switched off' \
	    "$stockroom" handlers on gone
	atf_check -s exit:2 -e match:'use: stockroom handlers \[on NAME\]' \
	    "$stockroom" handlers off gone
	send gone
	await_sql 'completed' "SELECT outcome FROM job_done
	    WHERE kind = 'forward' ORDER BY id DESC LIMIT 1"
}
who_fails_for_five_days_or_is_gone_is_switched_off_cleanup() { forward_stop; }

atf_test_case check_is_red_for_who_does_not_hear_of_wishes cleanup
check_is_red_for_who_does_not_hear_of_wishes_body()
{
	handlers_case
	echo 'webhook customers/create exec /bin/true' > handlers.conf
	atf_check -s exit:1 -o match:'^red  handler true takes topics of customers/, but not customers/data_request' \
	    -o match:'^ok   HANDLERS_FILE' "$build/bin/stockroom" check
	echo 'webhook customers/create,customers/redact,customers/data_request exec /bin/true' \
	    > handlers.conf
	atf_check -s exit:1 -o match:'^ok   handlers of customers/' \
	    "$build/bin/stockroom" check
	echo 'webhook orders/create exec /etc/passwd' > handlers.conf
	atf_check -s exit:1 -o match:'^red  HANDLERS_FILE: handlers.conf, line 1: the program must be an executable file, not "/etc/passwd"' \
	    "$build/bin/stockroom" check
}
check_is_red_for_who_does_not_hear_of_wishes_cleanup() { handlers_stop; }

atf_init_test_cases()
{
	atf_add_test_case an_event_arrives_signed_and_is_tried_again_until_it_does
	atf_add_test_case who_fails_for_five_days_or_is_gone_is_switched_off
	atf_add_test_case check_is_red_for_who_does_not_hear_of_wishes
}
