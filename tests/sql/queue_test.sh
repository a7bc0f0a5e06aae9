# The queue: put, claim, settle, rescue, cancel (queue.md 3 and 4; REL-3, REL-5,
# REL-9, D14).
top=${STOCKROOM_SRC:-$(cd "$(dirname "$0")/../../.." && pwd)}
. "$top/tests/pg.sh"

# query NAME: the named query's text, its parameters still in place.
query()
{
	awk -v want="$1" '/^-- name:/ { on = $3 == want; next }
	    on && !/^--/ { print }' "$top"/sql/queries/*.sql
}

# prepared NAME...: PREPARE statements for these.
prepared()
{
	local name

	for name in "$@"; do
		echo "PREPARE $name AS"
		query "$name"
	done
}

# ask WANT ROLE: the SQL on standard input, named queries prepared, says WANT.
ask()
{
	{
		prepared job_put job_take job_turn job_finish job_rescue job_stage \
		    job_cancel job_fence worker_put worker_beat worker_drop \
		    job_of_worker job_note_put job_note_list \
		    job_progress_save rate_take
		cat
	} >ask.sql
	pg_answers "$1" t "stockroom_$2" <ask.sql
}

# A worker with number 1, and N jobs of shop 1 in the first queue.
begin()
{
	pg_case
	pg_sql t <<-EOT
	SET search_path = stockroom;
	INSERT INTO worker (host, pid, lease_until)
	VALUES ('here', 1, now() + interval '1 hour');
	INSERT INTO job (queue_id, shop_id, kind, args)
	SELECT 1, 1, 'a', '{"n": 1}' FROM generate_series(1, $1);
	EOT
}

atf_test_case a_job_is_claimed_once_and_settled_once cleanup
a_job_is_claimed_once_and_settled_once_body()
{
	begin 2
	ask '1|a|1
2|a|1
1|completed
2|completed
completed|1
completed|2
0' jobd <<-'EOT'
	SELECT id, kind, epoch FROM job_claim(1::smallint, 1, 10, -1, 256)
	ORDER BY id;
	SELECT id FROM job_claim(1::smallint, 1, 10, -1, 256);
	EXECUTE job_finish('{1,2}', '{1,1}', '{completed,completed}',
	    '{null,null}', '{null,null}', '{0,0}');
	EXECUTE job_finish('{1,2}', '{1,1}', '{completed,completed}',
	    '{null,null}', '{null,null}', '{0,0}');
	SELECT outcome, id FROM job_done ORDER BY id;
	SELECT count(*) FROM job;
	EOT
}
a_job_is_claimed_once_and_settled_once_cleanup()
{
	pg_stop
}

atf_test_case the_fence_refuses_an_older_run cleanup
the_fence_refuses_an_older_run_body()
{
	begin 1
	ask '1|1
1
1|orphaned
1|3
1|completed' jobd <<-'EOT'
	SELECT id, epoch FROM job_claim(1::smallint, 1, 1, -1, 256);
	EXECUTE job_fence(1, 1);
	EXECUTE job_finish('{1}', '{1}', '{orphaned}', '{null}', '{null}', '{0}');
	EXECUTE job_fence(1, 1);
	SELECT id, epoch FROM job_claim(1::smallint, 1, 1, -1, 256);
	EXECUTE job_finish('{1}', '{1}', '{completed}', '{null}', '{null}', '{0}');
	EXECUTE job_finish('{1}', '{3}', '{completed}', '{null}', '{null}', '{0}');
	EOT
}
the_fence_refuses_an_older_run_cleanup()
{
	pg_stop
}

atf_test_case a_failed_job_waits_and_is_dead_after_its_last_attempt cleanup
a_failed_job_waits_and_is_dead_after_its_last_attempt_body()
{
	begin 1
	ask '1|1|10
1|retry
scheduled|t|bad luck
1
1|dead
dead|bad luck again|2|{"n": 1}' jobd <<-'EOT'
	UPDATE job SET max_attempts = 2;
	SELECT id, attempt, 10 FROM job_claim(1::smallint, 1, 1, -1, 256);
	EXECUTE job_finish('{1}', '{1}', '{failed}', '{null}', '{bad luck}', '{30}');
	SELECT state, run_at >= now() + interval '29 s', error FROM job;
	UPDATE job SET run_at = now();
	EXECUTE job_stage(10);
	SELECT count(*) FROM job_claim(1::smallint, 1, 1, -1, 256) \gset
	EXECUTE job_finish('{1}', '{3}', '{failed}', '{null}', '{bad luck again}', '{0}');
	SELECT outcome, error, attempt, args FROM job_done;
	EOT
}
a_failed_job_waits_and_is_dead_after_its_last_attempt_cleanup()
{
	pg_stop
}

atf_test_case snoozing_uses_no_attempt_and_three_lost_workers_are_enough cleanup
snoozing_uses_no_attempt_and_three_lost_workers_are_enough_body()
{
	begin 1
	ask '1|snoozed
0|scheduled
1|lost
1|lost
1|dead' jobd <<-'EOT'
	SELECT count(*) FROM job_claim(1::smallint, 1, 1, -1, 256) \gset
	EXECUTE job_finish('{1}', '{1}', '{snoozed}', '{null}', '{null}', '{5}');
	SELECT attempt, state FROM job;
	UPDATE job SET state = 'available';
	SELECT count(*) FROM job_claim(1::smallint, 1, 1, -1, 256) \gset
	EXECUTE job_finish('{1}', '{3}', '{lost}', '{null}', '{null}', '{0}');
	UPDATE job SET state = 'available';
	SELECT count(*) FROM job_claim(1::smallint, 1, 1, -1, 256) \gset
	EXECUTE job_finish('{1}', '{5}', '{lost}', '{null}', '{null}', '{0}');
	UPDATE job SET state = 'available';
	SELECT count(*) FROM job_claim(1::smallint, 1, 1, -1, 256) \gset
	EXECUTE job_finish('{1}', '{7}', '{lost}', '{null}', '{null}', '{0}');
	EOT
}
snoozing_uses_no_attempt_and_three_lost_workers_are_enough_cleanup()
{
	pg_stop
}

atf_test_case jobs_of_a_jobd_without_a_lease_come_back_at_once cleanup
jobs_of_a_jobd_without_a_lease_come_back_at_once_body()
{
	begin 3
	ask '2
0
available|2
running|1
2
t' jobd <<-'EOT'
	INSERT INTO worker (host, lease_until) VALUES
	    ('alive', now() + interval '1 hour');
	SELECT count(*) FROM job_claim(1::smallint, 1, 2, -1, 256) \gset
	SELECT count(*) FROM job_claim(1::smallint, 2, 1, -1, 256) \gset
	UPDATE worker SET lease_until = now() WHERE id = 1;
	EXECUTE job_rescue(10);
	EXECUTE job_rescue(10);
	SELECT state::text, count(*) FROM job GROUP BY 1 ORDER BY 1;
	SELECT count(*) FROM job WHERE attempt = 0 AND crashes = 0;
	SELECT bool_and(run_at <= now()) FROM job;
	EOT
	pg_refused 'worker 1 has no lease' t stockroom_jobd <<-'EOT'
	SELECT job_claim(1::smallint, 1, 1, -1, 256);
	EOT
	ask '' jobd <<-'EOT'
	EXECUTE worker_beat(1, true);
	EOT
	ask 2 jobd <<-'EOT'
	EXECUTE worker_beat(2, false);
	EOT
}
jobs_of_a_jobd_without_a_lease_come_back_at_once_cleanup()
{
	pg_stop
}

atf_test_case a_key_is_put_once_and_runs_again_when_it_came_while_running cleanup
a_key_is_put_once_and_runs_again_when_it_came_while_running_body()
{
	begin 0
	ask '1|f
1|t
1|1
1|t
1|t
1|again
available|0|f' jobd <<-'EOT'
	EXECUTE job_put(1, 1, 'a', '{}', 4, 'k', 0, 1, 't', 10, 60, 90, null, 0, true);
	EXECUTE job_put(1, 1, 'a', '{}', 4, 'k', 0, 1, 't', 10, 60, 90, null, 0, true);
	SELECT id, epoch FROM job_claim(1::smallint, 1, 1, -1, 256);
	EXECUTE job_put(1, 1, 'a', '{}', 4, 'k', 0, 1, 't', 10, 60, 90, null, 0, true);
	EXECUTE job_put(1, 1, 'a', '{}', 4, 'k', 0, 1, 't', 10, 60, 90, null, 0, true);
	EXECUTE job_finish('{1}', '{1}', '{completed}', '{null}', '{null}', '{0}');
	SELECT state, attempt, run_again FROM job;
	EOT
}
a_key_is_put_once_and_runs_again_when_it_came_while_running_cleanup()
{
	pg_stop
}

atf_test_case every_program_that_makes_work_may_put_a_job_for_its_shop cleanup
every_program_that_makes_work_may_put_a_job_for_its_shop_body()
{
	begin 0
	for role in auth pulls ai ops; do
		ask 't|f
f|t' "$role" <<-EOT
		SET app.shop_id = '7';
		EXECUTE job_put(7, 1, '$role', '{}', 4, '$role', 0, 1, null,
		    10, 60, 90, null, 0, true) \\gset a_
		EXECUTE job_put(7, 1, '$role', '{}', 4, '$role', 0, 1, null,
		    10, 60, 90, null, 0, true) \\gset b_
		SELECT :a_id = :b_id, :'a_dup';
		SELECT :a_id IS NULL, :'b_dup';
		EOT
	done
	{
		prepared job_put
		echo "SET app.shop_id = '7';
		EXECUTE job_put(8, 1, 'a', '{}', 4, null, 0, 1, null, 10, 60, 90, null, 0, true);"
	} >put.sql
	pg_refused 'row-level security' t stockroom_pulls <put.sql
}
every_program_that_makes_work_may_put_a_job_for_its_shop_cleanup()
{
	pg_stop
}

atf_test_case a_delayed_job_is_staged_when_due cleanup
a_delayed_job_is_staged_when_due_body()
{
	begin 0
	ask '1|f
scheduled|t
0
1
available' jobd <<-'EOT'
	EXECUTE job_put(1, 1, 'a', '{}', 4, null, 60, 1, null, 10, 60, 90, null, 0, true);
	SELECT state, run_at > now() + interval '59 s' FROM job;
	EXECUTE job_stage(10);
	UPDATE job SET run_at = now();
	EXECUTE job_stage(10);
	SELECT state FROM job;
	EOT
}
a_delayed_job_is_staged_when_due_cleanup()
{
	pg_stop
}

atf_test_case cancelling_ends_a_waiting_job_and_asks_a_running_one cleanup
cancelling_ends_a_waiting_job_and_asks_a_running_one_body()
{
	begin 2
	ask cancelled ops <<-'EOT'
	SET app.shop_id = '1';
	EXECUTE job_cancel(NULL, 1);
	EXECUTE job_cancel(NULL, 1);
	EOT
	ask '' pulls <<-'EOT'
	SET app.shop_id = '2';
	EXECUTE job_cancel(NULL, 2);
	EOT
	ask '' jobd <<-'EOT'
	EXECUTE job_cancel(2, 2);
	EOT
	ask '2|1
asked
2|1|t|0
2|cancelled
cancelled|1
cancelled|2' jobd <<-'EOT'
	SELECT id, epoch FROM job_claim(1::smallint, 1, 1, -1, 256);
	EXECUTE job_cancel(NULL, 2);
	EXECUTE job_of_worker(1);
	EXECUTE job_finish('{2}', '{1}', '{failed}', '{null}', '{null}', '{0}');
	SELECT outcome, id FROM job_done ORDER BY id;
	EOT
}
cancelling_ends_a_waiting_job_and_asks_a_running_one_cleanup()
{
	pg_stop
}

atf_test_case caps_hold_and_shops_take_turns cleanup
caps_hold_and_shops_take_turns_body()
{
	begin 10
	ask '1|4
2|1
0
2|1
0' jobd <<-'EOT'
	INSERT INTO job (queue_id, shop_id, kind) VALUES (1, 2, 'b'), (2, 3, 'c');
	CREATE TEMP TABLE got AS
	SELECT * FROM job_claim(1::smallint, 1, 100, -1, 256);
	SELECT shop_id, count(*) FROM got GROUP BY 1 ORDER BY 1;
	SELECT count(*) FROM job_claim(1::smallint, 1, 100, -1, 256);
	SELECT queue_id, count(*) FROM job_claim(2::smallint, 1, 9, -1, 256)
	GROUP BY 1;
	INSERT INTO shop_limit VALUES (1, 1, 0);
	SELECT count(*) FROM job_claim(1::smallint, 1, 100, -1, 256);
	EOT
}
caps_hold_and_shops_take_turns_cleanup()
{
	pg_stop
}

atf_test_case a_paused_queue_gives_nothing cleanup
a_paused_queue_gives_nothing_body()
{
	begin 1
	pg_answers '' t stockroom_ops <<-'EOT'
	UPDATE queue SET paused = true WHERE id = 1;
	EOT
	ask 0 jobd <<-'EOT'
	SELECT count(*) FROM job_claim(1::smallint, 1, 1, -1, 256);
	EOT
}
a_paused_queue_gives_nothing_cleanup()
{
	pg_stop
}

atf_test_case jobs_of_a_dead_child_are_marked_suspect cleanup
jobs_of_a_dead_child_are_marked_suspect_body()
{
	begin 1
	ask '1|suspect
available|0|t
1|t' jobd <<-'EOT'
	SELECT count(*) FROM job_claim(1::smallint, 1, 1, -1, 256) \gset
	EXECUTE job_finish('{1}', '{1}', '{suspect}', '{null}', '{null}', '{0}');
	SELECT state, attempt, suspect FROM job;
	SELECT id, suspect FROM job_claim(1::smallint, 1, 1, -1, 256);
	EOT
}
jobs_of_a_dead_child_are_marked_suspect_cleanup()
{
	pg_stop
}

atf_test_case a_suspect_that_ran_alone_and_did_not_crash_is_one_no_more cleanup
a_suspect_that_ran_alone_and_did_not_crash_is_one_no_more_body()
{
	begin 1
	ask '1|suspect
1|lost
t|1
1|failed
f|1
1|snoozed
f|0' jobd <<-'EOT'
	SELECT count(*) FROM job_claim(1::smallint, 1, 1, -1, 256) \gset
	EXECUTE job_finish('{1}', '{1}', '{suspect}', '{null}', '{null}', '{0}');
	SELECT count(*) FROM job_claim(1::smallint, 1, 1, -1, 256) \gset
	EXECUTE job_finish('{1}', '{3}', '{lost}', '{null}', '{null}', '{0}');
	SELECT suspect, crashes FROM job;
	UPDATE job SET state = 'available';
	SELECT count(*) FROM job_claim(1::smallint, 1, 1, -1, 256) \gset
	SELECT id, replace(became, 'retry', 'failed') FROM
	    job_finish('{1}', '{5}', '{failed}', null, null, null);
	SELECT suspect, crashes FROM job;
	UPDATE job SET state = 'available';
	SELECT count(*) FROM job_claim(1::smallint, 1, 1, -1, 256) \gset
	EXECUTE job_finish('{1}', '{7}', '{snoozed}', '{null}', '{null}', '{0}');
	SELECT suspect, crashes FROM job;
	EOT
}
a_suspect_that_ran_alone_and_did_not_crash_is_one_no_more_cleanup()
{
	pg_stop
}

# Of shops 1 to 5 in two queues, ten jobs each.
many()
{
	begin 0
	pg_sql t <<-'EOT'
	SET search_path = stockroom;
	INSERT INTO job (id, queue_id, shop_id, kind, args, soft_limit_s,
	    suspect)
	OVERRIDING SYSTEM VALUE
	SELECT n, 1 + n % 2, 1 + n / 2 % 5, CASE n % 4 WHEN 0 THEN 'net'
	    ELSE 'calc' END, '{}', CASE WHEN n % 3 = 0 THEN 60 ELSE 10 END,
	    n <= 4
	FROM generate_series(1, 100) n;
	EOT
}

atf_test_case one_statement_takes_from_all_queues_by_class cleanup
one_statement_takes_from_all_queues_by_class_body()
{
	many
	ask '1|default|-1
2|pulls|-1
f|calc|f|7
f|calc|t|2
f|net|f|1
t|calc|f|1
1|5
2|6' jobd <<-'EOT'
	CREATE TEMPORARY TABLE got AS
	SELECT * FROM job_take(1, '{8,2,3,1}', '{net}', 1::smallint, '{}',
	    '{}', 256);
	SELECT queue_id, queue, after FROM got WHERE id IS NULL ORDER BY 1;
	SELECT suspect, kind, soft_limit_s > 10, count(*) FROM got
	WHERE id IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
	SELECT queue_id, count(*) FROM job WHERE state = 'running'
	GROUP BY 1 ORDER BY 1;
	EOT
}
one_statement_takes_from_all_queues_by_class_cleanup()
{
	pg_stop
}

atf_test_case of_more_shops_than_it_looks_at_the_next_claim_looks_on cleanup
of_more_shops_than_it_looks_at_the_next_claim_looks_on_body()
{
	many
	ask '1|2
2|2
2,1
3,4
5' jobd <<-'EOT'
	SELECT queue_id, after FROM job_take(1, '{0,0,0,0}', '{}', 0::smallint,
	    '{}', '{}', 2) WHERE id IS NULL ORDER BY 1;
	SELECT string_agg(DISTINCT shop_id::text, ',' ORDER BY shop_id::text DESC)
	FROM job_take(1, '{4,4,0,0}', '{}', 0::smallint, '{1,2}', '{-1,-1}', 2);
	SELECT string_agg(DISTINCT shop_id::text, ',')
	FROM job_take(1, '{4,4,0,0}', '{}', 0::smallint, '{1,2}', '{2,2}', 2);
	SELECT string_agg(DISTINCT shop_id::text, ',')
	FROM job_take(1, '{4,4,0,0}', '{}', 0::smallint, '{1,2}', '{4,4}', 2);
	EOT
}
of_more_shops_than_it_looks_at_the_next_claim_looks_on_cleanup()
{
	pg_stop
}

atf_test_case notes_end_at_32_kilobytes_and_progress_knows_its_run cleanup
notes_end_at_32_kilobytes_and_progress_knows_its_run_body()
{
	begin 1
	ask '1
2
2|32768
1
1
5|2' jobd <<-'EOT'
	EXECUTE job_note_put(1, 1, repeat('x', 32760));
	EXECUTE job_note_put(1, 1, '12345678');
	EXECUTE job_note_put(1, 1, '1');
	SELECT count(*), sum(length(text)) FROM job_note;
	EXECUTE job_progress_save(1, 1, 2, 5, 10, null);
	EXECUTE job_progress_save(1, 1, 2, 5, 10, null);
	EXECUTE job_progress_save(1, 1, 1, 4, 10, null);
	SELECT done, epoch FROM job_progress;
	EOT
}
notes_end_at_32_kilobytes_and_progress_knows_its_run_cleanup()
{
	pg_stop
}

atf_test_case a_bucket_lets_the_burst_through_and_then_the_rate cleanup
a_bucket_lets_the_burst_through_and_then_the_rate_body()
{
	pg_case
	# 1 call in 100 s, 3 calls of burst: the first four pass.
	ask '4
1' pulls <<-'EOT'
	EXECUTE rate_take('k', 100, 300) \gset a_
	EXECUTE rate_take('k', 100, 300) \gset b_
	EXECUTE rate_take('k', 100, 300) \gset c_
	EXECUTE rate_take('k', 100, 300) \gset d_
	EXECUTE rate_take('k', 100, 300);
	SELECT round(extract(epoch FROM tat - now()) / 100) FROM rate_bucket;
	EXECUTE rate_take('other', 100, 300) \gset e_
	SELECT count(*) FROM rate_bucket WHERE key = 'other';
	EOT
}
a_bucket_lets_the_burst_through_and_then_the_rate_cleanup()
{
	pg_stop
}

atf_init_test_cases()
{
	atf_add_test_case a_job_is_claimed_once_and_settled_once
	atf_add_test_case the_fence_refuses_an_older_run
	atf_add_test_case a_failed_job_waits_and_is_dead_after_its_last_attempt
	atf_add_test_case snoozing_uses_no_attempt_and_three_lost_workers_are_enough
	atf_add_test_case jobs_of_a_jobd_without_a_lease_come_back_at_once
	atf_add_test_case a_key_is_put_once_and_runs_again_when_it_came_while_running
	atf_add_test_case every_program_that_makes_work_may_put_a_job_for_its_shop
	atf_add_test_case a_delayed_job_is_staged_when_due
	atf_add_test_case cancelling_ends_a_waiting_job_and_asks_a_running_one
	atf_add_test_case caps_hold_and_shops_take_turns
	atf_add_test_case a_paused_queue_gives_nothing
	atf_add_test_case jobs_of_a_dead_child_are_marked_suspect
	atf_add_test_case \
	    a_suspect_that_ran_alone_and_did_not_crash_is_one_no_more
	atf_add_test_case one_statement_takes_from_all_queues_by_class
	atf_add_test_case of_more_shops_than_it_looks_at_the_next_claim_looks_on
	atf_add_test_case notes_end_at_32_kilobytes_and_progress_knows_its_run
	atf_add_test_case a_bucket_lets_the_burst_through_and_then_the_rate
}
