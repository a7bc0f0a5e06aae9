# ops: health, figures, the description of every route, jobs.

. "${STOCKROOM_SRC:?}/tests/app.sh"

SHOP=a-shop.myshopify.com
OTHER=b-shop.myshopify.com
LARGE=9007199254740993

begin()
{
	app_case
	program ops
	shop_made $LARGE $SHOP
	shop_made 2 $OTHER
	KEY="Authorization: Bearer $(shop_key $SHOP)"
}

# ask STATUS METHOD PATH [HEADER...]: the answer is in ./answer.
ask()
{
	want=$1
	shift
	request "$@" > answer 2> log < /dev/null ||
		atf_fail "exit $?: $(cat log)"
	grep -q "^Status: $want" answer ||
		atf_fail "$*: wanted $want, got $(cat answer log)"
}

# says JQ WANT: a member of the answer.
says()
{
	[ "$(json "$1" < answer)" = "$2" ] ||
		atf_fail "wanted $1 = $2 in $(cat answer)"
}

# A jobd is alive; every migration that ops knows has run.
be_ready()
{
	ask 503 GET /readyz
	pg_sql t <<-EOF
	INSERT INTO stockroom.worker (host, pid, lease_until)
	VALUES ('h', 1, now() + interval '1 h');
	INSERT INTO stockroom.migration (number, name, sha256)
	SELECT n, n, 'x' FROM generate_series(1,
	    $(json .migrations.known < answer)) n;
	EOF
}

atf_test_case it_answers_for_itself_whatever_the_database_does cleanup
it_answers_for_itself_whatever_the_database_does_body()
{
	begin
	ask 200 GET /healthz
	says .ok true
	DATABASE_URL="host=$PWD dbname=none"
	ask 200 GET /healthz
	ask 503 GET /readyz
	says .ok false
	says .database false
}
it_answers_for_itself_whatever_the_database_does_cleanup() { app_stop; }

# Asked by CGI, where nobody else is there to answer; why is for the log alone.
atf_test_case one_that_cannot_start_says_come_back_and_not_why cleanup
one_that_cannot_start_says_come_back_and_not_why_body()
{
	begin
	export KEK_DIR="$PWD/nowhere"
	! request GET /healthz > answer 2> log < /dev/null ||
		atf_fail "it ends as if all was well: $(cat answer)"
	grep -q '^Status: 503' answer || atf_fail "$(cat answer)"
	! grep -q -e KEK_DIR -e nowhere answer || atf_fail "$(cat answer)"
	grep -q 'KEK_DIR.*nowhere' log || atf_fail "$(cat log)"
}
one_that_cannot_start_says_come_back_and_not_why_cleanup() { app_stop; }

atf_test_case it_is_ready_with_migrations_and_a_jobd_only cleanup
it_is_ready_with_migrations_and_a_jobd_only_body()
{
	begin
	be_ready
	ask 200 GET /readyz
	says .ok true
	says .database true
	says .jobd true
	says '.migrations.applied == .migrations.known' true
	echo "INSERT INTO stockroom.job (queue_id, shop_id, kind, run_at)
	    VALUES (2, 2, 'pull_page', now() - interval '90 s')" | pg_sql t
	ask 200 GET /readyz
	says '.backlog_s >= 90' true
	export READY_BACKLOG_S=60
	ask 503 GET /readyz
	says .ok false
	says .jobd true
	says .backlog_ok false
	READY_BACKLOG_S=600
	ask 200 GET /readyz
	says .backlog_ok true
	echo "DELETE FROM stockroom.migration WHERE number = 1" | pg_sql t
	ask 503 GET /readyz
	says .ok false
	says .jobd true
	echo "INSERT INTO stockroom.migration VALUES (1, '1', 'x');
	    UPDATE stockroom.worker SET lease_until = now()" | pg_sql t
	ask 503 GET /readyz
	says .jobd false
	says '.migrations.applied == .migrations.known' true
}
it_is_ready_with_migrations_and_a_jobd_only_cleanup() { app_stop; }

atf_test_case figures_are_the_operators cleanup
figures_are_the_operators_body()
{
	begin
	ask 401 GET /metrics
	ask 403 GET /metrics "$KEY"
	ask 403 GET /metrics \
	    "Authorization: Bearer $(operator_key --scopes jobs:read)"
	ask 200 GET /metrics \
	    "Authorization: Bearer $(operator_key --scopes metrics:read)"
	grep -q '^Content-Type: text/plain; version=0.0.4' answer ||
		atf_fail "another type: $(cat answer)"
	sed '1,/^\r*$/d' answer > figures
	grep -q '^# TYPE .* counter$' figures ||
		atf_fail "no counter: $(cat figures)"
	! grep -v '^#' figures | grep -vE '^[a-z_]+(\{[^}]*\})? [0-9.e+-]+$' ||
		atf_fail 'lines that are no figures'
}
figures_are_the_operators_cleanup() { app_stop; }

# METHOD PATH of every route in a description.
routes_in()
{
	jq -r '.paths | to_entries[] | .key as $p | .value | keys[] |
	    select(test("^(get|post|put|patch|delete)$")) | "\(.) \($p)"'
}

atf_test_case the_description_names_every_route_of_every_program cleanup
the_description_names_every_route_of_every_program_body()
{
	begin
	ask 200 GET /openapi.json
	says .openapi 3.1.0
	json . < answer | routes_in | sort > described
	for file in "$build"/bin/*.fcgi; do
		[ "${file##*/}" != sandbox.fcgi ] || continue
		"$file" -r < /dev/null | routes_in
	done | sort > served
	[ -s served ] || atf_fail 'no program has a route'
	diff served described || atf_fail 'they differ'
	says '[.. | objects | select(has("$ref")) | ."$ref"] | unique |
	    length > 0' true
	says '.components.securitySchemes | length > 0' true
	# Whatever is referred to is there.
	json '. as $d | [.. | objects | select(has("$ref")) | ."$ref"] |
	    unique[] | ltrimstr("#/") | split("/") as $p |
	    select($d | getpath($p) == null) | $p | join("/")' \
	    < answer > missing
	[ ! -s missing ] || atf_fail "nowhere: $(cat missing)"
}
the_description_names_every_route_of_every_program_cleanup() { app_stop; }

atf_test_case without_the_programs_parts_there_is_no_description cleanup
without_the_programs_parts_there_is_no_description_body()
{
	begin
	OPENAPI_DIR=$PWD/none
	ask 500 GET /openapi.json
	! grep -q "$PWD" answer || atf_fail 'it names a folder'
	mkdir none
	printf '{"paths":' > none/x.json
	ask 500 GET /openapi.json
}
without_the_programs_parts_there_is_no_description_cleanup() { app_stop; }

# Three jobs of the shop (1 ended, 2 and 3 live) and one of another (4).
jobs_made()
{
	pg_sql t <<-EOF
	SET search_path = stockroom;
	INSERT INTO job (queue_id, shop_id, kind, args, trace) VALUES
	    (2, $LARGE, 'pull_page', '{"n": 7}', '0123456789abcdef'),
	    (2, $LARGE, 'pull_page', '{}', NULL),
	    (4, $LARGE, 'token_refresh', '{}', NULL),
	    (2, 2, 'pull_page', '{}', NULL);
	INSERT INTO worker (host, pid, lease_until)
	VALUES ('h', 1, now() + interval '1 h');
	UPDATE job SET state = 'running', epoch = 1, attempt = 1,
	    started_at = now(), worker_id = 1 WHERE id = 1;
	SELECT job_finish(ARRAY[1::bigint], ARRAY[1], ARRAY['dead'],
	    NULL, ARRAY['Shopify said 502'], NULL);
	INSERT INTO job_note (job_id, shop_id, text) VALUES (2, $LARGE, 'half');
	INSERT INTO job_progress (id, shop_id, epoch, done, total, note)
	VALUES (2, $LARGE, 0, 3, 7, 'orders');
	UPDATE job SET state = 'scheduled', run_at = '2100-01-02 03:04:05Z'
	WHERE id = 3;
	EOF
}

atf_test_case jobs_are_listed_newest_first_by_state_and_kind cleanup
jobs_are_listed_newest_first_by_state_and_kind_body()
{
	begin
	jobs_made
	ask 200 GET /api/jobs "$KEY"
	says '[.items[].id] | join(",")' 3,2,1
	says '[.items[].state] | join(",")' scheduled,available,dead
	says '[.items[].queue] | join(",")' tokens,pulls,pulls
	says '.items[0].shop_id' $LARGE
	says '.items[2].error' 'Shopify said 502'
	says '.items[2].trace' 0123456789abcdef
	says '.items[2].priority' null
	ask 200 GET '/api/jobs?state=dead' "$KEY"
	says '[.items[].id] | join(",")' 1
	ask 200 GET '/api/jobs?kind=token_refresh' "$KEY"
	says '[.items[].id] | join(",")' 3
	ask 200 GET '/api/jobs?limit=2' "$KEY"
	next=$(json .next < answer)
	ask 200 GET "/api/jobs?limit=2&after=$next" "$KEY"
	says '[.items[].id] | join(",")' 1
	says .next null
	for bad in state=odd state=dead,odd since=now before=7 batch=x \
	    after=x after=0 limit=0 shop=evil.test other=1; do
		ask 400 GET "/api/jobs?$bad" "$KEY"
		says '.errors[0].field' "${bad%%=*}"
		says '.errors[0] | has("rule") and has("got")' true
	done
	ask 403 GET /api/jobs \
	    "Authorization: Bearer $(shop_key $SHOP pulls:read)"
}
jobs_are_listed_newest_first_by_state_and_kind_cleanup() { app_stop; }

atf_test_case a_job_says_why_it_is_not_running cleanup
a_job_says_why_it_is_not_running_body()
{
	begin
	jobs_made
	ask 200 GET /api/jobs/3 "$KEY"
	says .why.word scheduled
	says .why.text 'scheduled for 2100-01-02T03:04:05Z'
	says .why.until 2100-01-02T03:04:05Z
	says .run_at 2100-01-02T03:04:05Z
	says .progress null
	says '.notes | length' 0
	ask 200 GET /api/jobs/2 "$KEY"
	says .why.word next
	says .progress.done 3
	says .progress.total 7
	says .progress.note orders
	says '.notes[0].text' half
	says '.notes[0].at | test("^20[0-9-]*T")' true
	ask 200 GET /api/jobs/1 "$KEY"
	says .why null
	says .state dead
	says '.args | tostring' '{"n":7}'
	echo 'DELETE FROM stockroom.worker' | pg_sql t
	ask 200 GET /api/jobs/2 "$KEY"
	says .why.word no_worker
	for id in 4 5 x 0 -1 9223372036854775808; do
		ask 404 GET "/api/jobs/$id" "$KEY"
	done
}
a_job_says_why_it_is_not_running_cleanup() { app_stop; }

atf_test_case the_operator_sees_all_shops_jobs_or_one_shops cleanup
the_operator_sees_all_shops_jobs_or_one_shops_body()
{
	begin
	jobs_made
	KEY="Authorization: Bearer $(operator_key)"
	ask 200 GET /api/jobs "$KEY"
	says '[.items[].id] | join(",")' 4,3,2,1
	ask 200 GET "/api/jobs?shop=$OTHER" "$KEY"
	says '[.items[].id] | join(",")' 4
	ask 200 GET /api/jobs/2 "$KEY"
	says .why.word next
	says '.notes[0].text' half
	says .progress.done 3
	ask 404 GET "/api/jobs/2?shop=$OTHER" "$KEY"
	ask 404 GET /api/jobs?shop=no-shop.myshopify.com "$KEY"
}
the_operator_sees_all_shops_jobs_or_one_shops_cleanup() { app_stop; }

# stands SQL: it gives t.
stands()
{
	pg_answers t t <<-EOF
	SET search_path = stockroom;
	$1;
	EOF
}

atf_test_case a_job_is_cancelled_at_once_or_asked_to_stop cleanup
a_job_is_cancelled_at_once_or_asked_to_stop_body()
{
	begin
	jobs_made
	ask 200 POST /api/jobs/3/cancel "$KEY"
	says .became cancelled
	ask 200 GET /api/jobs/3 "$KEY"
	says .state cancelled
	says '.timeline[-1].what' cancelled
	echo "UPDATE stockroom.job SET state = 'running', epoch = 1,
	    worker_id = 1, started_at = now() WHERE id = 2" | pg_sql t
	ask 200 POST /api/jobs/2/cancel "$KEY"
	says .became asked
	ask 200 GET /api/jobs/2 "$KEY"
	says .state running
	says '.cancel_at != null' true
	says .holder.worker 1
	says .holder.alive true
	ask 409 POST /api/jobs/1/cancel "$KEY"
	says '.detail | test("dead")' true
	for id in 4 5 x 0; do
		ask 404 POST "/api/jobs/$id/cancel" "$KEY"
	done
	stands "SELECT state = 'available' AND cancel_at IS NULL
	    FROM job WHERE id = 4"
	ask 403 POST /api/jobs/2/cancel \
	    "Authorization: Bearer $(shop_key $SHOP jobs:read)"
	KEY="Authorization: Bearer $(operator_key)"
	ask 404 POST "/api/jobs/4/cancel?shop=$SHOP" "$KEY"
	ask 200 POST /api/jobs/4/cancel "$KEY"
	says .became cancelled
}
a_job_is_cancelled_at_once_or_asked_to_stop_cleanup() { app_stop; }

atf_test_case workers_and_figures_are_the_operators cleanup
workers_and_figures_are_the_operators_body()
{
	begin
	for path in workers queues/figures queries; do
		ask 401 GET "/api/$path"
		ask 403 GET "/api/$path" "$KEY"
	done
	KEY="Authorization: Bearer $(operator_key)"
	jobs_made
	pg_sql t <<-'EOF'
	SET search_path = stockroom;
	INSERT INTO worker (host, pid, lease_until, slots) VALUES
	    ('gone', 2, now() - interval '1 m', NULL);
	UPDATE worker SET slots = '{"sync": {"idle": 3}}' WHERE id = 1;
	UPDATE job SET state = 'running', worker_id = 1 WHERE id = 4;
	INSERT INTO job_minute (minute, queue, kind, claimed, completed, dead,
	    wait_s, ran, run_s)
	SELECT date_trunc('minute', now() - m * interval '1 m'), q, k, 2, 1,
	    1, 3, 2, 5
	FROM generate_series(1, 2) m,
	    (VALUES ('pulls', 'pull_page'), ('tokens', 'token_refresh')) v(q, k);
	EOF
	ask 200 GET /api/workers "$KEY"
	says '[.items[].host] | join(",")' h,gone
	says '.items[0].alive' true
	says '.items[0].running' 1
	says '.items[0].pools.sync.idle' 3
	says '.items[1].alive' false
	says '.items[1].pools' null
	ask 200 GET '/api/queues/figures?minutes=4' "$KEY"
	says '.items | length' 4
	says '[.items[] | select(.claimed == 4)] | length' 2
	says '[.items[] | select(.claimed > 0)][0].wait_ms' 1500
	says '[.items[] | select(.claimed > 0)][0].run_ms' 2500
	ask 200 GET '/api/queues/figures?queue=pulls&kind=pull_page' "$KEY"
	says '.items | length' 60
	says '[.items[].dead] | add' 2
	for bad in minutes=0 minutes=1441 hours=1; do
		ask 400 GET "/api/queues/figures?$bad" "$KEY"
		says '.errors[0].field' "${bad%%=*}"
	done
	ask 200 GET '/api/queries?order=frequent&limit=2' "$KEY"
	says '.items | type' array
	ask 400 GET '/api/queries?order=odd' "$KEY"
	says '.errors[0].rule' 'one of slow, frequent or total'
}
workers_and_figures_are_the_operators_cleanup() { app_stop; }

atf_init_test_cases()
{
	atf_add_test_case a_job_is_cancelled_at_once_or_asked_to_stop
	atf_add_test_case workers_and_figures_are_the_operators
	atf_add_test_case it_answers_for_itself_whatever_the_database_does
	atf_add_test_case one_that_cannot_start_says_come_back_and_not_why
	atf_add_test_case it_is_ready_with_migrations_and_a_jobd_only
	atf_add_test_case figures_are_the_operators
	atf_add_test_case \
	    the_description_names_every_route_of_every_program
	atf_add_test_case without_the_programs_parts_there_is_no_description
	atf_add_test_case jobs_are_listed_newest_first_by_state_and_kind
	atf_add_test_case a_job_says_why_it_is_not_running
	atf_add_test_case the_operator_sees_all_shops_jobs_or_one_shops
}
