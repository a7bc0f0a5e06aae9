# stockroom jobs: what the API says and does, from the shell.

. "${STOCKROOM_SRC:?}/tests/app.sh"

SHOP=a-shop.myshopify.com
OTHER=b-shop.myshopify.com
LARGE=9007199254740993

# Of the shop: 1 died, 2 could run, 3 waits for its time; 4 of another runs.
begin()
{
	app_case
	shop_made $LARGE $SHOP
	shop_made 2 $OTHER
	pg_sql t > /dev/null <<-EOF
	SET search_path = stockroom;
	INSERT INTO job (queue_id, shop_id, kind, args)
	SELECT 2, CASE n WHEN 4 THEN 2 ELSE $LARGE END, 'pull_page',
	    jsonb_build_object('n', n) FROM generate_series(1, 4) n;
	INSERT INTO worker (host, pid, lease_until)
	VALUES ('h', 1, now() + interval '1 h');
	UPDATE job SET state = 'running', epoch = 1, attempt = 1,
	    started_at = now(), worker_id = 1 WHERE id IN (1, 4);
	UPDATE job SET state = 'scheduled', run_at = '2100-01-02' WHERE id = 3;
	SELECT job_finish('{1}', '{1}', '{dead}', NULL,
	    ARRAY[E'so \x1b[31mred'], NULL);
	EOF
}

jobs()
{
	"$build/bin/stockroom" jobs "$@"
}

# says WANT JQ ARGUMENT...: a member of what --json prints.
says()
{
	says_want=$1
	says_jq=$2
	shift 2
	jobs "$@" --json > said 2> log || atf_fail "$*: $(cat log)"
	[ "$(jq -r "$says_jq" < said)" = "$says_want" ] ||
		atf_fail "wanted $says_want of $says_jq in $(cat said)"
}

refused()
{
	refused_words=$1
	shift
	atf_check -s exit:1 -e match:"$refused_words" "$build/bin/stockroom" \
	    jobs "$@"
}

ids='[.items[].id] | join(",")'

atf_test_case a_person_reads_a_table_and_a_script_the_apis_json cleanup
a_person_reads_a_table_and_a_script_the_apis_json_body()
{
	begin
	atf_check -o match:'^ID +KIND +STATE ' \
	    -o match:'^4 +pull_page +running +pulls +2 ' \
	    -o match:'^1 +.* so .\[31mred$' \
	    -o not-match:"$(printf '\033')" "$build/bin/stockroom" jobs list
	program ops
	request GET /api/jobs "Authorization: Bearer $(operator_key)" 2> log |
		sed '1,/^\r*$/d' > api
	jobs list --json > said
	[ "$(jq -S . < api)" = "$(jq -S . < said)" ] ||
		atf_fail "the API says $(cat api) and we $(cat said)"
	request GET /api/jobs/3 "Authorization: Bearer $(operator_key)" \
	    2> log | sed '1,/^\r*$/d' > api
	jobs show 3 --json > said
	[ "$(jq -S . < api)" = "$(jq -S . < said)" ] ||
		atf_fail "the API says $(cat api) and we $(cat said)"
	atf_check -o match:'^why: .*scheduled for 2100' -o match:'^timeline: 2$' \
	    -o match:'^    2100-01-02T00:00:00Z due$' \
	    "$build/bin/stockroom" jobs show 3
	says 4,2 "$ids" list --state running,available
	says 3,2,1 "$ids" list --shop $SHOP
	says 1 "$ids" list --text '"n": 1'
	says 4,3 "$ids" list --limit 2
	says 2,1 "$ids" list --limit 2 --after 3
	atf_check -o match:'^more: --after 3$' "$build/bin/stockroom" jobs \
	    list --limit 2
	refused 'there is no job 4' show 4 --shop $SHOP
	refused 'there is no job 9' show 9
	refused 'id must be a number, not x' show x
}
a_person_reads_a_table_and_a_script_the_apis_json_cleanup() { app_stop; }

atf_test_case jobs_are_cancelled_tried_again_and_replayed cleanup
jobs_are_cancelled_tried_again_and_replayed_body()
{
	begin
	says cancelled .became cancel 2
	says asked .became cancel 4
	refused 'job 2 has ended: it is cancelled' cancel 2
	says 3 .job retry 3
	refused 'must be at least one of' replay
	refused 'spread_s must be .* 86400, not 86401' replay --queue pulls \
	    --spread-s 86401
	refused 'queue must be ' replay --queue none
	says 1 .count replay --queue pulls --dry-run
	says 0 '.items | length' list --text '"n": 1' --state available
	says 1 .put replay --kind pull_page --shop $SHOP
	says 1 '.items | length' list --text '"n": 1' --state available
	says 0 .count replay --queue pulls
}
jobs_are_cancelled_tried_again_and_replayed_cleanup() { app_stop; }

atf_test_case queues_batches_and_schedules_are_changed cleanup
queues_batches_and_schedules_are_changed_body()
{
	begin
	says true .paused pause pulls
	says false .paused resume pulls
	says 7,2 '[.max_running, .max_running_per_shop] | join(",")' \
	    caps pulls --max-running 7 --max-running-per-shop 2
	says "$LARGE 0" '.shops[0] | "\(.shop_id) \(.max_running)"' \
	    caps pulls --shop $SHOP --max-running 0
	says shop_cap .why.word show 2
	says 0 '.shops | length' caps pulls --shop $SHOP
	refused 'there is no queue none' pause none
	refused 'max_running must be .* 10000, not -1' caps pulls \
	    --max-running -1
	atf_check -o match:'^QUEUE +PAUSED ' -o match:'^pulls +no +1 +7 +2 +1 ' \
	    "$build/bin/stockroom" jobs queues
	pg_sql t <<-EOF
	SET search_path = stockroom;
	INSERT INTO cron (name, owner, queue_id, kind, spec, next_at)
	VALUES ('nightly', 'stockroom', 1, 'housekeeping', '0 3 * * *',
	    '2100-01-02 03:00Z');
	INSERT INTO job_batch (shop_id, total, sealed) VALUES ($LARGE, 1, true);
	UPDATE job SET batch_id = 1 WHERE id = 2;
	EOF
	says 1 .total batch 1
	says 1 .waiting cancel-batch 1
	refused 'there is no batch 1' batch 1 --shop $OTHER
	says nightly '.items[0].name' schedules
	says '30 4 * * *' .spec schedule nightly --spec '30 4 * * *'
	says true .paused pause-schedule nightly
	refused 'paused' run-schedule nightly
	says false .paused resume-schedule nightly
	says nightly .name run-schedule nightly
	refused 'spec' schedule nightly --spec '61 * * * *'
	refused 'there is no schedule weekly' pause-schedule weekly
	says '{"n":1}' '.args | tostring' put-schedule mine --spec @daily \
	    --kind subscriptions --shop $SHOP --args '{"n": 1}'
	refused 'args must be JSON, not .$' put-schedule mine --spec @daily \
	    --kind subscriptions --args '{'
	refused 'kind must be there' put-schedule mine --spec @daily
	refused 'kind must be one of ' put-schedule mine --spec @daily --kind x
	says mine .dropped drop-schedule mine
	says 0.5 .per_s put-rate shopify --per-s 0.5 --burst 3
	says shopify '.items[0].key' rates
	refused 'burst must be a number, not null' put-rate x --per-s 1
	says shopify .dropped drop-rate shopify
	refused 'there is no rate shopify' drop-rate shopify
}
queues_batches_and_schedules_are_changed_cleanup() { app_stop; }

atf_test_case what_was_done_by_whom_and_how_fast cleanup
what_was_done_by_whom_and_how_fast_body()
{
	begin
	says h '.items[0].host' workers
	says 3 '.items | length' figures --minutes 3
	program ops
	request GET /healthz > answer 2> log
	says array '.items | type' queries --order total
}
what_was_done_by_whom_and_how_fast_cleanup() { app_stop; }

atf_test_case what_it_does_not_know_is_named cleanup
what_it_does_not_know_is_named_body()
{
	app_case
	refused 'odd must be left out; known here: state ' list --odd 1
	refused 'kind must be followed by a value' list --kind
	refused 'state must be one of .* cancelled, not "odd"' list --state odd
	refused 'since must be ' list --since yesterday
	refused 'no shop none.myshopify.com' list --shop none.myshopify.com
	refused 'dry_run must be left out' list --dry-run
	for words in '' nothing show 'show 1 2' 'list 1'; do
		# shellcheck disable=SC2086
		atf_check -s exit:2 -e match:'use: stockroom jobs list' \
		    "$build/bin/stockroom" jobs $words
	done
}
what_it_does_not_know_is_named_cleanup() { app_stop; }

atf_init_test_cases()
{
	atf_add_test_case a_person_reads_a_table_and_a_script_the_apis_json
	atf_add_test_case jobs_are_cancelled_tried_again_and_replayed
	atf_add_test_case queues_batches_and_schedules_are_changed
	atf_add_test_case what_was_done_by_whom_and_how_fast
	atf_add_test_case what_it_does_not_know_is_named
}
