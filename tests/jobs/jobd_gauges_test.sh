# What jobd tells of itself: figures, each minute's row, its children, alerts.
. "${STOCKROOM_SRC:?}/tests/app.sh"

# Handlers that do what their job's arguments say.
jobd_bin=$build/tests/helpers/jobd_probe.fcgi

begin()
{
	app_case
	export JOBD_CHILDREN=2
}

sql()
{
	{
		echo 'SET search_path = stockroom;'
		cat
	} | pg_sql t
}

# await WANT QUERY: for 30 s at most.
await()
{
	end=$(($(date +%s) + 30))
	until [ "$(echo "$2" | sql)" = "$1" ]; do
		[ "$(date +%s)" -lt "$end" ] || {
			cat jobd.log >&2
			atf_fail "waited in vain for $1: $2"
		}
		sleep 0.05
	done
}

start()
{
	"$jobd_bin" 2> jobd.log &
	echo $! > jobd.pid
}

stop()
{
	kill "$(cat jobd.pid)"
	wait "$(cat jobd.pid)"
}

stopped()
{
	[ ! -f jobd.pid ] || kill -9 "$(cat jobd.pid)" 2> /dev/null
	app_stop
}

figures()
{
	program ops
	request GET /metrics "Authorization: Bearer $(operator_key)" \
	    > figures 2> log
}

# figure NAME-AND-LABELS WANT
figure()
{
	[ "$(sed -n "s/^$1 //p" figures)" = "$2" ] ||
		atf_fail "wanted $1 $2, got $(grep "^${1%%[\{ ]*}" figures)"
}

atf_test_case every_name_of_the_queues_figures_is_there cleanup
every_name_of_the_queues_figures_is_there_body()
{
	begin
	sql <<-'EOF'
	INSERT INTO job (queue_id, kind, run_at, state) VALUES
	    (5, 'pull_page', now() - interval '90 s', 'available'),
	    (4, 'pull_page', '2100-01-01', 'scheduled'),
	    (4, 'pull_page', now(), 'blocked');
	UPDATE queue SET paused = true WHERE id = 5;
	INSERT INTO rate (key, tokens, burst, per_s, hold_until)
	VALUES ('shopify', 2, 5, 0.001, now() + interval '1 h');
	INSERT INTO job_batch (shop_id, total) VALUES (2, 3);
	INSERT INTO cron (name, queue_id, kind, spec, next_at, paused)
	VALUES ('later', 1, 'pull_page', '@daily', '2100-01-01', false);
	EOF
	start
	await t 'SELECT slots IS NOT NULL FROM worker'
	figures
	figure 'jobd_jobs{queue="ai",state="available"}' 1
	figure 'jobd_jobs{queue="tokens",state="scheduled"}' 1
	figure 'jobd_jobs{queue="tokens",state="blocked"}' 1
	figure 'jobd_jobs{queue="bulk",state="running"}' 0
	figure 'jobd_rate_tokens{key="shopify"}' 2
	figure jobd_batch_open 1
	figure jobd_cron_lag_seconds 0.000000000
	grep -qE '^jobd_oldest_ready_seconds\{queue="ai"\} 9[0-9]\.' figures ||
		atf_fail "$(grep '^jobd_oldest' figures)"
	grep -qE '^jobd_rate_hold_seconds\{key="shopify"\} 35[0-9]{2}\.' \
	    figures || atf_fail "$(grep '^jobd_rate_hold' figures)"
	[ "$(sed -n 's/^jobd_slots{pool="sync",.*} //p' figures |
	    awk '{ n += $1 } END { print n }')" = 2 ] ||
		atf_fail "$(grep '^jobd_slots' figures)"
	for name in jobs oldest_ready_seconds claimed_total finished_total \
	    retries_total wait_seconds run_seconds refused_total \
	    rescued_total poison_total kills_total slots \
	    children_restarts_total rate_tokens rate_hold_seconds \
	    claim_seconds settle_seconds wakes_total cron_lag_seconds \
	    batch_open lease_margin_seconds db_dead_tuples \
	    db_xmin_age_seconds build_info; do
		grep -q "^# TYPE jobd_$name " figures ||
			atf_fail "no jobd_$name"
	done
	for name in db_dead_tuples db_xmin_age_seconds \
	    'lease_margin_seconds{pid="[0-9]*"}' \
	    'build_info{version="[0-9.]*"}'; do
		grep -q "^jobd_$name [0-9]" figures || atf_fail "no jobd_$name"
	done
	stop
	figures
	! grep -q '^jobd_jobs{' figures ||
		atf_fail 'what a jobd said that has gone still stands'
}
every_name_of_the_queues_figures_is_there_cleanup() { stopped; }

atf_test_case what_was_done_is_added_to_its_minute cleanup
what_was_done_is_added_to_its_minute_body()
{
	begin
	sql <<-'EOF'
	INSERT INTO job (queue_id, kind, args, max_attempts) VALUES
	    (2, 'pull_page', '{"do": ""}', 10),
	    (2, 'pull_page', '{"do": "effect"}', 10),
	    (2, 'pull_page', '{"do": "dead"}', 10),
	    (4, 'token_refresh', '{"do": "fail"}', 10);
	EOF
	start
	await '3|1' "SELECT (SELECT count(*) FROM job_done WHERE kind =
	    'pull_page'), (SELECT count(*) FROM job
	    WHERE kind = 'token_refresh' AND state = 'scheduled')"
	# Each attempt's end is noted, and told in the job's timeline.
	echo 'UPDATE queue SET paused = true WHERE id = 4' | sql
	await '1|retry|it failed' 'SELECT attempt, became, error
	    FROM job_attempt WHERE job_id = 4 ORDER BY id LIMIT 1'
	program ops
	request GET /api/jobs/4 "Authorization: Bearer $(operator_key)" \
	    > answer 2> log
	[ "$(json '[.timeline[] | select(.what == "retry")][0].text' < answer)" \
	    = 'attempt 1: it failed' ] || atf_fail "$(cat answer)"
	[ "$(json '.attempts[0].error' < answer)" = 'it failed' ] ||
		atf_fail "$(cat answer)"
	stop
	await 'pulls|pull_page|3|2|1|0|3|t|t
tokens|token_refresh|t|0|0|t|t|t|t' "SELECT queue, kind,
	    CASE kind WHEN 'pull_page' THEN sum(claimed)::text
		ELSE (sum(claimed) > 0)::text::char END,
	    sum(completed), sum(dead),
	    CASE kind WHEN 'pull_page' THEN sum(retried)::text
		ELSE (sum(retried) = sum(claimed))::text::char END,
	    CASE kind WHEN 'pull_page' THEN sum(ran)::text
		ELSE (sum(ran) = sum(claimed))::text::char END,
	    sum(wait_s) >= 0, sum(run_s) >= 0 FROM job_minute
	    WHERE kind IN ('pull_page', 'token_refresh') GROUP BY 1, 2 ORDER BY 1"
	await 0 'SELECT count(*) FROM worker'
}
what_was_done_is_added_to_its_minute_cleanup() { stopped; }

# asked METHOD PATH JQ WANT: by the operator.
asked()
{
	request "$1" "$2" "Authorization: Bearer $KEY" > answer 2> log
	[ "$(json "$3" < answer)" = "$4" ] || atf_fail "$(cat answer log)"
}

atf_test_case by_the_api_a_running_job_and_a_batch_are_stopped cleanup
by_the_api_a_running_job_and_a_batch_are_stopped_body()
{
	begin
	program ops
	KEY=$(operator_key)
	sql <<-'EOF'
	INSERT INTO job_batch (shop_id, total, sealed) VALUES (0, 2, true);
	INSERT INTO job (queue_id, kind, args, batch_id) VALUES
	    (2, 'pull_page', '{"do": "hold effect"}', NULL),
	    (2, 'pull_page', '{"do": "hold effect"}', 1),
	    (4, 'pull_page', '{"do": "effect"}', 1);
	UPDATE queue SET paused = true WHERE id = 4;
	EOF
	start
	await 2 "SELECT count(*) FROM job WHERE state = 'running'"
	asked POST /api/jobs/1/cancel .became asked
	asked POST /api/batches/1/cancel '[.waiting, .running] | join(",")' 1,1
	await '1|cancelled
2|cancelled
3|cancelled' 'SELECT id, outcome FROM job_done WHERE id < 4 ORDER BY id'
	asked GET /api/batches/1 '[.bad, .finished_at != null] | join(",")' 2,true
	asked GET /api/jobs/1 '.timeline[-1].what' cancelled
	touch go
	stop
	await 0 "SELECT count(*) FROM job_note WHERE text = 'effect'"
}
by_the_api_a_running_job_and_a_batch_are_stopped_cleanup() { stopped; }

atf_test_case the_operator_is_told_of_dead_jobs_once cleanup
the_operator_is_told_of_dead_jobs_once_body()
{
	begin
	export ALERT_URL=https://alerts.test/
	sql <<-'EOF'
	UPDATE alert SET mark = now() - interval '1 m';
	INSERT INTO job_done (id, queue_id, shop_id, kind, outcome, attempt,
	    epoch, shop_epoch, created_at)
	VALUES (1, 2, 2, 'pull_page', 'dead', 1, 1, 0, now());
	EOF
	start
	await 1 "SELECT count(*) FROM job_done WHERE kind = 'alert'"
	await t "SELECT firing AND said = 1 FROM alert WHERE name = 'dead'"
	stop
	start
	await 1 'SELECT count(*) FROM worker WHERE slots IS NOT NULL'
	stop
	await 1 "SELECT (SELECT count(*) FROM job WHERE kind = 'alert') +
	    (SELECT count(*) FROM job_done WHERE kind = 'alert')"
}
the_operator_is_told_of_dead_jobs_once_cleanup() { stopped; }

atf_init_test_cases()
{
	atf_add_test_case every_name_of_the_queues_figures_is_there
	atf_add_test_case what_was_done_is_added_to_its_minute
	atf_add_test_case by_the_api_a_running_job_and_a_batch_are_stopped
	atf_add_test_case the_operator_is_told_of_dead_jobs_once
}
