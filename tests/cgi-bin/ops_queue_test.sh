# ops: jobs tried again, queues, schedules, batches.

. "${STOCKROOM_SRC:?}/tests/app.sh"

SHOP=a-shop.myshopify.com
OTHER=b-shop.myshopify.com
LARGE=9007199254740993

# Of the shop: 1 to 3 died (3 long ago), 4 was cancelled, 5 completed, 6 waits
# for its time, 7 could run; 8 of another shop died.
begin()
{
	app_case
	program ops
	shop_made $LARGE $SHOP
	shop_made 2 $OTHER
	OWN="Authorization: Bearer $(shop_key $SHOP)"
	KEY="Authorization: Bearer $(operator_key)"
	pg_sql t > /dev/null <<-EOF
	SET search_path = stockroom;
	INSERT INTO job (queue_id, shop_id, kind, args) SELECT
	    CASE n WHEN 2 THEN 4 ELSE 2 END,
	    CASE n WHEN 8 THEN 2 ELSE $LARGE END,
	    CASE n WHEN 2 THEN 'token_refresh' ELSE 'pull_page' END,
	    jsonb_build_object('n', n) FROM generate_series(1, 8) n;
	INSERT INTO worker (host, pid, lease_until)
	VALUES ('h', 1, now() + interval '1 h');
	UPDATE job SET state = 'running', epoch = 1, attempt = 1,
	    started_at = now(), worker_id = 1 WHERE id NOT IN (6, 7);
	UPDATE job SET state = 'scheduled', run_at = '2100-01-02' WHERE id = 6;
	SELECT job_finish('{1,2,3,4,5,8}', '{1,1,1,1,1,1}',
	    '{dead,dead,dead,cancelled,completed,dead}', NULL,
	    '{x,x,x,x,NULL,x}', NULL);
	UPDATE job_done SET finished_at = now() - interval '2 h' WHERE id = 3;
	EOF
}

# ask STATUS METHOD PATH [HEADER...]: the answer is in ./answer. What is on
# standard input goes along where SENT is set.
ask()
{
	want=$1
	shift
	if [ -n "${SENT-}" ]; then
		printf '%s' "$SENT" | request "$@" > answer 2> log
	else
		request "$@" > answer 2> log < /dev/null
	fi
	grep -q "^Status: $want" answer ||
		atf_fail "$*: wanted $want, got $(cat answer log)"
}

# give STATUS BODY METHOD PATH HEADER
give()
{
	give_status=$1
	SENT=$2
	shift 2
	ask "$give_status" "$@" 'Content-Type: application/json'
	SENT=
}

says()
{
	[ "$(json "$1" < answer)" = "$2" ] ||
		atf_fail "wanted $1 = $2 in $(cat answer)"
}

# refused BODY FIELD RULE METHOD PATH HEADER: the field, its rule and what was
# got are named. That no job comes of it, `still` shows.
refused()
{
	refused_field=$2
	refused_rule=$3
	refused_body=$1
	shift 3
	give 400 "$refused_body" "$@"
	says '.errors[0].field' "$refused_field"
	says ".errors[0] | (.rule | test(\"$refused_rule\")) and has(\"got\")" true
}

live()
{
	echo "SELECT string_agg(id || state::text, ',' ORDER BY id)
	    FROM stockroom.job" | pg_sql t
}

still()
{
	[ "$(live)" = "$1" ] || atf_fail "wanted $1, got $(live)"
}

atf_test_case a_dead_job_is_put_once_more_and_a_waiting_one_is_due cleanup
a_dead_job_is_put_once_more_and_a_waiting_one_is_due_body()
{
	begin
	ask 200 POST /api/jobs/1/retry "$OWN"
	says .id 1
	new=$(json .job < answer)
	ask 200 POST /api/jobs/1/retry "$OWN"
	says .job "$new"
	ask 200 GET "/api/jobs/$new" "$OWN"
	says .state available
	says .args.n 1
	ask 200 GET /api/jobs/1 "$OWN"
	says .replayed_by "$new"
	ask 200 POST /api/jobs/6/retry "$OWN"
	says .job 6
	ask 200 GET /api/jobs/6 "$OWN"
	says .state available
	LIVE=$(live)
	for id in 4 5 6 7; do
		ask 409 POST "/api/jobs/$id/retry" "$OWN"
	done
	for id in 8 99 x; do
		ask 404 POST "/api/jobs/$id/retry" "$OWN"
	done
	ask 403 POST /api/jobs/2/retry \
	    "Authorization: Bearer $(shop_key $SHOP jobs:read)"
	still "$LIVE"
	ask 200 POST /api/jobs/8/retry "$KEY"
}
a_dead_job_is_put_once_more_and_a_waiting_one_is_due_cleanup() { app_stop; }

atf_test_case dead_jobs_are_replayed_by_a_filter_that_counts_first cleanup
dead_jobs_are_replayed_by_a_filter_that_counts_first_body()
{
	begin
	LIVE=$(live)
	url=/api/jobs/replay
	refused '{}' filter . POST $url "$OWN"
	refused '{"dry_run":true}' filter . POST $url "$KEY"
	refused '{"queue":"none"}' queue . POST $url "$KEY"
	refused '{"kind":"none"}' kind . POST $url "$KEY"
	refused '{"since":"now"}' since RFC POST $url "$KEY"
	refused '{"kind":"pull_page","spread_s":86401}' spread_s 86400 \
	    POST $url "$KEY"
	refused '{"kinds":"x"}' kinds known POST $url "$KEY"
	still "$LIVE"
	give 200 '{"queue":"pulls","dry_run":true}' POST /api/jobs/replay \
	    "$OWN"
	says '[.count, .put] | join(",")' 2,0
	still "$LIVE"
	ago=$(date -u -d '-1 hour' +%Y-%m-%dT%H:%M:%SZ)
	give 200 "{\"queue\":\"pulls\",\"before\":\"$ago\"}" POST $url "$OWN"
	says '[.count, .put] | join(",")' 1,1
	ask 200 GET /api/jobs/3 "$OWN"
	says '.replayed_by != null' true
	give 200 '{"kind":"pull_page","spread_s":60}' POST $url "$KEY"
	says '[.count, .put] | join(",")' 2,2
	ask 200 GET '/api/jobs?state=scheduled' "$KEY"
	says '.items | length' 2
	give 200 '{"kind":"pull_page"}' POST $url "$KEY"
	says '[.count, .put] | join(",")' 0,0
	give 200 "{\"shop\":\"$OTHER\"}" POST $url "$KEY"
	says .count 0
	give 404 "{\"shop\":\"$OTHER\",\"queue\":\"tokens\"}" POST $url "$OWN"
	give 200 '{"queue":"tokens"}' POST $url \
	    "Authorization: Bearer $(shop_key $OTHER)"
	says .count 0
}
dead_jobs_are_replayed_by_a_filter_that_counts_first_cleanup() { app_stop; }

queue()
{
	ask 200 GET /api/queues "$KEY"
	json ".items[] | select(.name == \"pulls\") | $1" < answer
}

is()
{
	[ "$(queue "$1")" = "$2" ] || atf_fail "wanted $1 = $2, got $(queue .)"
}

atf_test_case queues_are_paused_capped_and_counted cleanup
queues_are_paused_capped_and_counted_body()
{
	begin
	LIVE=$(live)
	ask 401 GET /api/queues
	ask 403 GET /api/queues "$OWN"
	give 403 '{"paused":true}' PATCH /api/queues/pulls "$OWN"
	is '[.scheduled, .available, .running, .blocked] | join(",")' 1,1,0,0
	is .paused false
	is .rate null
	pg_sql t <<-'EOF'
	INSERT INTO stockroom.rate (key, tokens, burst, per_s)
	VALUES ('r', 3, 3, 0.5);
	EOF
	give 200 '{"paused":true}' PATCH /api/queues/pulls "$KEY"
	says .paused true
	ask 200 GET /api/jobs/7 "$KEY"
	says .why.word paused
	give 200 '{"max_running":9,"rate":"r"}' PATCH /api/queues/pulls "$KEY"
	is '[.paused, .max_running, .max_running_per_shop] | join(",")' true,9,4
	is '[.rate.key, .rate.per_s, .rate.tokens] | join(",")' r,0.5,3
	give 200 '{"paused":false,"max_running_per_shop":2,"rate":""}' \
	    PATCH /api/queues/pulls "$KEY"
	is '[.paused, .max_running, .max_running_per_shop] | join(",")' false,9,2
	is .rate null
	give 200 '{}' PATCH /api/queues/pulls "$KEY"
	give 404 '{"paused":true}' PATCH /api/queues/none "$KEY"
	refused '{"max_running":-1}' max_running 10000 \
	    PATCH /api/queues/pulls "$KEY"
	refused '{"max_running_per_shop":10001}' max_running_per_shop 10000 \
	    PATCH /api/queues/pulls "$KEY"
	refused '{"paused":"yes"}' paused . PATCH /api/queues/pulls "$KEY"
	refused '{"max":1}' max known PATCH /api/queues/pulls "$KEY"
	# All of it or nothing.
	refused '{"max_running":5,"paused":true,"rate":"none"}' rate . \
	    PATCH /api/queues/pulls "$KEY"
	is '[.paused, .max_running] | join(",")' false,9
	still "$LIVE"
}
queues_are_paused_capped_and_counted_cleanup() { app_stop; }

atf_test_case a_shop_has_a_cap_of_its_own_in_a_queue cleanup
a_shop_has_a_cap_of_its_own_in_a_queue_body()
{
	begin
	url=/api/queues/pulls/shops
	give 200 '{"max_running":0}' PUT "/api/queues/pulls/shops/$SHOP" "$KEY"
	is '.shops | tostring' "[{\"shop_id\":\"$LARGE\",\"max_running\":0}]"
	ask 200 GET /api/jobs/7 "$OWN"
	says .why.word shop_cap
	says .why.text 'the shop is paused in queue pulls'
	give 200 '{"max_running":3}' PUT "$url/$LARGE" "$KEY"
	is '.shops[0].max_running' 3
	refused '{}' max_running . PUT "$url/$SHOP" "$KEY"
	refused '{"max_running":10001}' max_running 10000 PUT "$url/$SHOP" "$KEY"
	give 404 '{"max_running":1}' PUT "$url/none.myshopify.com" "$KEY"
	give 404 '{"max_running":1}' PUT "$url/77" "$KEY"
	give 404 '{"max_running":1}' PUT "/api/queues/none/shops/$SHOP" "$KEY"
	give 403 '{"max_running":1}' PUT "$url/$SHOP" "$OWN"
	ask 403 DELETE "/api/queues/pulls/shops/$SHOP" "$OWN"
	ask 200 DELETE "/api/queues/pulls/shops/$SHOP" "$KEY"
	is '.shops | length' 0
}
a_shop_has_a_cap_of_its_own_in_a_queue_cleanup() { app_stop; }

schedules_made()
{
	pg_sql t <<-'EOF'
	SET search_path = stockroom;
	INSERT INTO cron (name, owner, queue_id, kind, spec, next_at) VALUES
	    ('nightly', 'stockroom', 1, 'housekeeping', '0 3 * * *',
		'2100-01-02 03:00Z'),
	    ('filed', 'file', 1, 'housekeeping', '@daily', '2100-01-02');
	EOF
}

atf_test_case schedules_are_paused_changed_and_run cleanup
schedules_are_paused_changed_and_run_body()
{
	begin
	schedules_made
	ask 403 GET /api/schedules "$OWN"
	ask 200 GET /api/schedules "$KEY"
	says '[.items[].name] | sort | join(",")' filed,nightly
	url=/api/schedules/nightly
	give 403 '{"paused":true}' PATCH $url "$OWN"
	give 200 '{"paused":true}' PATCH /api/schedules/nightly "$KEY"
	says .paused true
	ask 409 POST /api/schedules/nightly/run "$KEY"
	give 200 '{"paused":false,"spec":"30 4 * * *","tz":"Europe/Berlin"}' \
	    PATCH $url "$KEY"
	says '[.paused, .spec, .tz, .changed] | join(",")' \
	    'false,30 4 * * *,Europe/Berlin,true'
	says '.next_at | test(":30:00Z$")' true
	give 200 '{"tz":"UTC"}' PATCH $url "$KEY"
	says '[.spec, .tz] | join(",")' '30 4 * * *,UTC'
	refused '{"spec":"61 * * * *"}' spec . PATCH $url "$KEY"
	refused '{"spec":"at noon"}' spec . PATCH $url "$KEY"
	refused '{"tz":"Mars/Olympus"}' tz . PATCH $url "$KEY"
	refused '{"paused":1}' paused . PATCH $url "$KEY"
	# All of it or nothing.
	refused '{"paused":true,"spec":"* *"}' spec . PATCH $url "$KEY"
	give 404 '{"paused":true}' PATCH /api/schedules/none "$KEY"
	give 409 '{"spec":"@hourly"}' PATCH /api/schedules/filed "$KEY"
	ask 200 POST /api/schedules/nightly/run "$KEY"
	says .paused false
	ask 404 POST /api/schedules/none/run "$KEY"
	ask 403 POST $url/run "$OWN"
}
schedules_are_paused_changed_and_run_cleanup() { app_stop; }

atf_test_case the_operator_makes_schedules_of_his_own cleanup
the_operator_makes_schedules_of_his_own_body()
{
	begin
	LIVE=$(live)
	schedules_made
	url=/api/schedules/mine
	give 403 '{"kind":"pull_page","spec":"@hourly"}' PUT $url "$OWN"
	give 200 '{"kind":"subscriptions","spec":"every 6h","shop":"'$SHOP'",
	    "args":{"n":1}}' PUT /api/schedules/mine "$KEY"
	says '[.owner, .kind, .spec, .tz, .shop_id] | join(",")' \
	    "operator,subscriptions,every 6h,UTC,$LARGE"
	says '.args | tostring' '{"n":1}'
	give 200 '{"kind":"housekeeping","spec":"@daily"}' PUT $url "$KEY"
	says '[.kind, .shop_id] | join(",")' housekeeping,0
	refused '{"kind":"odd","spec":"@daily"}' kind 'one of .*pull_page' \
	    PUT $url "$KEY"
	refused '{"kind":"housekeeping","spec":"70 * * * *"}' spec . \
	    PUT $url "$KEY"
	refused '{"kind":"housekeeping","spec":"@daily","tz":"x"}' tz . \
	    PUT $url "$KEY"
	refused '{"kind":"housekeeping","spec":"@daily","args":7}' args \
	    'an object' PUT $url "$KEY"
	refused '{"kind":"housekeeping","spec":"@daily","priority":10}' \
	    priority 9 PUT $url "$KEY"
	long=$(head -c 8200 /dev/zero | tr '\0' a)
	refused '{"kind":"housekeeping","spec":"@daily","args":{"a":"'"$long"'"}}' \
	    args '8192 bytes' PUT $url "$KEY"
	refused '{"kind":"housekeeping","spec":"@daily"}' name 'a to z' \
	    PUT /api/schedules/MINE "$KEY"
	give 409 '{"kind":"housekeeping","spec":"@daily"}' \
	    PUT /api/schedules/nightly "$KEY"
	give 404 '{"kind":"housekeeping","spec":"@daily",
	    "shop":"none.myshopify.com"}' PUT $url "$KEY"
	ask 403 DELETE $url "$OWN"
	ask 409 DELETE /api/schedules/nightly "$KEY"
	ask 204 DELETE /api/schedules/mine "$KEY"
	ask 404 DELETE $url "$KEY"
	ask 200 GET /api/schedules "$KEY"
	says '[.items[].name] | join(",")' filed,nightly
	still "$LIVE"
}
the_operator_makes_schedules_of_his_own_cleanup() { app_stop; }

atf_test_case rates_are_made_and_dropped cleanup
rates_are_made_and_dropped_body()
{
	begin
	url=/api/rates/shopify
	give 403 '{"per_s":1,"burst":1}' PUT $url "$OWN"
	give 200 '{"per_s":0.001,"burst":1}' PUT /api/rates/shopify "$KEY"
	says '[.key, .per_s, .burst, .tokens] | join(",")' shopify,0.001,1,1
	give 200 '{"rate":"shopify"}' PATCH /api/queues/pulls "$KEY"
	echo 'UPDATE stockroom.rate SET tokens = 0' | pg_sql t
	ask 200 GET /api/jobs/7 "$OWN"
	says .why.word rate
	says '.why.until != null' true
	refused '{"per_s":"1","burst":1}' per_s 'a number' PUT $url "$KEY"
	refused '{"per_s":0,"burst":1}' per_s . PUT $url "$KEY"
	refused '{"per_s":1,"burst":0.5}' burst 'from 1' PUT $url "$KEY"
	refused '{"per_s":1}' burst . PUT $url "$KEY"
	ask 409 DELETE /api/rates/shopify "$KEY"
	give 200 '{"rate":""}' PATCH /api/queues/pulls "$KEY"
	ask 200 GET /api/rates "$KEY"
	says '[.items[].key] | join(",")' shopify
	ask 403 GET /api/rates "$OWN"
	ask 403 DELETE $url "$OWN"
	ask 204 DELETE /api/rates/shopify "$KEY"
	ask 404 DELETE $url "$KEY"
}
rates_are_made_and_dropped_cleanup() { app_stop; }

atf_test_case a_batch_tells_how_far_it_is_and_is_cancelled cleanup
a_batch_tells_how_far_it_is_and_is_cancelled_body()
{
	begin
	pg_sql t <<-EOF
	SET search_path = stockroom;
	INSERT INTO job_batch (shop_id, total, ok, sealed) VALUES
	    ($LARGE, 3, 1, true), (2, 0, 0, false);
	UPDATE job SET batch_id = 1, state = CASE id WHEN 7 THEN 'running'
	    ELSE 'available' END::job_state, epoch = 1, worker_id = 1;
	EOF
	ask 200 GET /api/batches/1 "$OWN"
	says '[.total, .ok, .bad, .sealed] | join(",")' 3,1,0,true
	says .shop_id $LARGE
	ask 200 GET '/api/jobs?batch=1' "$OWN"
	says '[.items[].id] | join(",")' 7,6
	says '.items[0].batch' 1
	for id in 2 3 x; do
		ask 404 GET "/api/batches/$id" "$OWN"
		ask 404 POST "/api/batches/$id/cancel" "$OWN"
	done
	ask 404 GET "/api/batches/1?shop=$OTHER" "$KEY"
	ask 403 POST /api/batches/1/cancel \
	    "Authorization: Bearer $(shop_key $SHOP jobs:read)"
	ask 200 POST /api/batches/1/cancel "$OWN"
	says '[.waiting, .running] | join(",")' 1,1
	ask 200 GET /api/jobs/6 "$OWN"
	says .state cancelled
	ask 200 GET /api/jobs/7 "$OWN"
	says '.cancel_at != null' true
	ask 200 GET /api/batches/1 "$KEY"
	says .bad 1
	says '.cancelled_at != null' true
}
a_batch_tells_how_far_it_is_and_is_cancelled_cleanup() { app_stop; }

atf_init_test_cases()
{
	atf_add_test_case \
	    a_dead_job_is_put_once_more_and_a_waiting_one_is_due
	atf_add_test_case dead_jobs_are_replayed_by_a_filter_that_counts_first
	atf_add_test_case queues_are_paused_capped_and_counted
	atf_add_test_case a_shop_has_a_cap_of_its_own_in_a_queue
	atf_add_test_case schedules_are_paused_changed_and_run
	atf_add_test_case the_operator_makes_schedules_of_his_own
	atf_add_test_case rates_are_made_and_dropped
	atf_add_test_case a_batch_tells_how_far_it_is_and_is_cancelled
}
