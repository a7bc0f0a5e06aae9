# jobd's schedules and ties over a real Postgres (queue.md 4).
# kyua: timeout=120
. "${STOCKROOM_SRC:?}/tests/jobd.sh"

# One that is due in a second, of the handler that leaves a note.
schedule()
{
	sql <<-'EOT'
	INSERT INTO cron (name, queue_id, kind, args, spec, tz, next_at)
	VALUES ('probe', 2, 'webhook_apply', '{"do": "note"}', '@daily',
	    'Europe/Berlin', date_trunc('second', now()) + interval '1 s')
	ON CONFLICT (name) DO UPDATE SET next_at = excluded.next_at;
	EOT
}

# Leases, due times and schedules are the database's: what hosts take for the
# time of day is for logs.
atf_test_case two_jobd_whose_clocks_are_two_hours_apart_do_all_once cleanup
two_jobd_whose_clocks_are_two_hours_apart_do_all_once_body()
{
	jobd_case
	export JOBD_CHILDREN=1
	CLOCK_OFF_S=3600 start early
	CLOCK_OFF_S=-3600 start late
	put 1 note "state='scheduled'" "run_at=now() + interval '2 s'"
	schedule
	await_sql 1 'SELECT count(*) FROM job_done WHERE id > 1000'
	schedule
	await_sql 2 'SELECT count(*) FROM job_done WHERE id > 1000'
	await_sql 't' 'SELECT started_at >= created_at + interval $$2 s$$
	    FROM job_done WHERE id = 1'
	check_sql 't|00:00' "SELECT next_at > now() AND next_at <= now() +
	    interval '25 h', to_char(next_at AT TIME ZONE tz, 'HH24:MI')
	    FROM cron"
	check_sql 'completed|3|2' 'SELECT outcome, count(*),
	    (SELECT count(*) FROM worker WHERE lease_until > now())
	    FROM job_done GROUP BY 1'
	check_sql 3 'SELECT count(*) FROM job_note'
	[ "$(sed -n 's/.*"time":"....-..-..T\(..\).*/\1/p' early.log | head -n 1)" \
	    != "$(sed -n 's/.*"time":"....-..-..T\(..\).*/\1/p' late.log |
	    head -n 1)" ] || atf_fail 'the clocks are not apart'
}
two_jobd_whose_clocks_are_two_hours_apart_do_all_once_cleanup() { jobd_stop; }

# job 2 waits for 1, 3 for 2; 4 for 1, however that ends.
atf_test_case what_waits_for_a_job_that_dies_is_cancelled cleanup
what_waits_for_a_job_that_dies_is_cancelled_body()
{
	jobd_case
	put 1 dead has_children=true
	put 2 note "state='blocked'" waiting_on=1 has_children=true
	put 3 note "state='blocked'" waiting_on=1
	put 4 note "state='blocked'" waiting_on=1
	echo "INSERT INTO job_dep VALUES (1, 2, false), (2, 3, false),
	    (1, 4, true)" | sql
	start
	await_sql 0 'SELECT count(*) FROM job'
	check_sql 'cancelled|0|job 1, which it waited for, has failed' \
	    "$(ended 2)"
	check_sql 'cancelled|0|job 2, which it waited for, has failed' \
	    "$(ended 3)"
	check_sql 'completed|1|' "$(ended 4)"
	check_sql 0 'SELECT count(*) FROM job_dep'
}
what_waits_for_a_job_that_dies_is_cancelled_cleanup() { jobd_stop; }

atf_init_test_cases()
{
	atf_add_test_case two_jobd_whose_clocks_are_two_hours_apart_do_all_once
	atf_add_test_case what_waits_for_a_job_that_dies_is_cancelled
}
