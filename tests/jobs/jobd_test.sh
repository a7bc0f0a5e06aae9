# jobd over a real Postgres: what runs, what comes back, what stops (REL-2 to
# REL-6, REL-15, D14).
# kyua: timeout=120
. "${STOCKROOM_SRC:?}/tests/jobd.sh"

# ---- how they end

atf_test_case jobs_end_as_their_handlers_say cleanup
jobs_end_as_their_handlers_say_body()
{
	jobd_case
	put 1 ''
	put 2 'note effect'
	put 3 dead
	put 4 fail max_attempts=1
	put 5 fail
	put 6 'first snooze note'
	start
	await_sql 5 'SELECT count(*) FROM job_done'
	check_sql 'completed|1|' "$(ended 1)"
	check_sql 'completed|1|' "$(ended 2)"
	check_sql 'dead|1|it cannot be' "$(ended 3)"
	check_sql 'dead|1|it failed' "$(ended 4)"
	check_sql 'completed|1|not yet' "$(ended 6)"
	await_sql 'scheduled|it failed|t' "SELECT state, error, run_at <=
	    now() + make_interval(secs => 2 * power(2, attempt)) FROM job"
	check_sql 'ran 1, effect' "$(notes 2)"
	check_sql 'buried: it cannot be' "$(notes 3)"
	check_sql 'buried: it failed' "$(notes 4)"
	check_sql '' "$(notes 5)"
	check_sql 'ran 1' "$(notes 6)"
	atf_check -o match:'"kind":"webhook_apply","outcome":"settled","ms":[0-9]+}$' \
	    grep '"job.end".*"job":2,' jobd.log
	atf_check -o match:'"outcome":"dead"' grep '"job.end".*"job":3,' jobd.log
}
jobs_end_as_their_handlers_say_cleanup() { jobd_stop; }

atf_test_case a_job_that_puts_itself_again_goes_round cleanup
a_job_that_puts_itself_again_goes_round_body()
{
	jobd_case
	put 1 'first again note' "unique_key=sha256('again')"
	start
	await_sql 'completed|1|' "$(ended 1)"
	check_sql 'round, ran 1' "$(notes 1)"
}
a_job_that_puts_itself_again_goes_round_cleanup() { jobd_stop; }

atf_test_case what_this_jobd_does_not_know_waits_for_one_that_does cleanup
what_this_jobd_does_not_know_waits_for_one_that_does_body()
{
	jobd_case
	put 1 note
	echo "UPDATE job SET kind = 'of_tomorrow'" | sql
	start
	await_sql 'scheduled|0|this jobd knows no kind of_tomorrow|t' \
	    "SELECT state, attempt, error, run_at > now() + interval '20 s'
	    FROM job"
}
what_this_jobd_does_not_know_waits_for_one_that_does_cleanup() { jobd_stop; }

atf_test_case work_from_before_a_reinstall_is_dead cleanup
work_from_before_a_reinstall_is_dead_body()
{
	jobd_case
	shop_made 7 one.myshopify.com
	put 1 note shop_id=7 shop_epoch=1
	put 2 note shop_id=7 shop_epoch=0
	put 3 note shop_id=8 shop_epoch=1
	start
	await_sql 3 'SELECT count(*) FROM job_done'
	check_sql 'completed|1|' "$(ended 1)"
	check_sql 'dead|1|it is from before the shop was installed anew' \
	    "$(ended 2)"
	check_sql 'dead|1|its shop is not known' "$(ended 3)"
	check_sql 'buried: it is from before the shop was installed anew' \
	    "$(notes 2)"
}
work_from_before_a_reinstall_is_dead_cleanup() { jobd_stop; }

# ---- deaths

atf_test_case a_killed_childs_job_runs_again_and_has_one_effect cleanup
a_killed_childs_job_runs_again_and_has_one_effect_body()
{
	jobd_case
	start
	put 1 'note first hold effect'
	await_sql 'ran 1' "$(notes 1)"
	kill -9 "$(child_of 1)"
	await_sql 'completed|2|its worker was ended by signal 9' "$(ended 1)"
	check_sql 'ran 1, ran 2, effect' "$(notes 1)"
}
a_killed_childs_job_runs_again_and_has_one_effect_cleanup() { jobd_stop; }

atf_test_case a_killed_jobds_jobs_run_again_under_the_next cleanup
a_killed_jobds_jobs_run_again_under_the_next_body()
{
	jobd_case
	start
	put 1 'note first hold effect'
	await_sql 'ran 1' "$(notes 1)"
	began=$(date +%s)
	kill -9 "$(pid)"
	await gone "$(child_of 1)"
	start second
	await_sql 'completed|1|jobd lost' "$(ended 1)"
	check_sql t "SELECT extract(epoch FROM finished_at) - $began <= 15
	    FROM job_done"
	check_sql 'ran 1, ran 1, effect' "$(notes 1)"
	check_sql 1 'SELECT count(*) FROM worker WHERE lease_until > now()'
}
a_killed_jobds_jobs_run_again_under_the_next_cleanup() { jobd_stop; }

atf_test_case the_third_lost_worker_buries_its_job cleanup
the_third_lost_worker_buries_its_job_body()
{
	jobd_case
	start
	put 1 'note crash'
	await hurried 'dead|3|its worker ended with status 3' "$(ended 1)"
	check_sql 'ran 1, ran 2, ran 3, buried: its worker ended with status 3' \
	    "$(notes 1)"
	put 3 note
	await_sql 'completed|1|' "$(ended 3)"
	[ "$(figure jobd_poison_total)" = 1 ] || atf_fail 'not counted'
}
the_third_lost_worker_buries_its_job_cleanup() { jobd_stop; }

atf_test_case a_job_that_no_word_stops_is_killed_at_its_hard_limit cleanup
a_job_that_no_word_stops_is_killed_at_its_hard_limit_body()
{
	jobd_case
	start
	put 1 block soft_limit_s=1 hard_limit_s=2
	put 2 block soft_limit_s=1 hard_limit_s=2 max_attempts=1
	await_sql 'dead|1|hard timeout: killed after 2 s' "$(ended 2)"
	check_sql 'scheduled|1|0|hard timeout: killed after 2 s' \
	    'SELECT state, attempt, crashes, error FROM job WHERE id = 1'
	check_sql 'buried: hard timeout: killed after 2 s' "$(notes 2)"
}
a_job_that_no_word_stops_is_killed_at_its_hard_limit_cleanup() { jobd_stop; }

atf_test_case without_a_hard_limit_it_must_show_progress cleanup
without_a_hard_limit_it_must_show_progress_body()
{
	jobd_case
	start
	put 1 'note block' hard_limit_s=0 max_attempts=1
	put 2 'note progress hold' hard_limit_s=0
	await_sql 'ran 1' "$(notes 1)"
	await_sql '1|2|half of it' 'SELECT done, total, note FROM job_progress'
	echo "UPDATE job SET started_at = started_at - interval '61 s'" | sql
	await_sql 'dead|1|killed: it showed no progress for a minute' \
	    "$(ended 1)"
	: >go
	await_sql 'completed|1|' "$(ended 2)"
}
without_a_hard_limit_it_must_show_progress_cleanup() { jobd_stop; }

# ---- stopping

atf_test_case at_its_soft_limit_a_job_is_told_and_has_failed cleanup
at_its_soft_limit_a_job_is_told_and_has_failed_body()
{
	jobd_case
	start
	put 1 hold soft_limit_s=1
	put 2 hold soft_limit_s=1 max_attempts=1
	await_sql 'dead|1|stopped at its soft limit of 1 s' "$(ended 2)"
	check_sql 'scheduled|1|stopped at its soft limit of 1 s' \
	    'SELECT state, attempt, error FROM job WHERE id = 1'
	check_sql 'buried: stopped at its soft limit of 1 s' "$(notes 2)"
}
at_its_soft_limit_a_job_is_told_and_has_failed_cleanup() { jobd_stop; }

atf_test_case a_cancel_ends_a_waiting_and_a_running_job cleanup
a_cancel_ends_a_waiting_and_a_running_job_body()
{
	jobd_case
	start
	put 1 'note hold'
	put 2 note run_at="now() + interval '1 hour'" state="'scheduled'"
	await_sql 'ran 1' "$(notes 1)"
	check_sql cancelled 'SELECT job_cancel(2)'
	check_sql asked 'SELECT job_cancel(1)'
	await_sql 2 'SELECT count(*) FROM job_done WHERE outcome = '"'cancelled'"
	check_sql 'ran 1' "$(notes 1)"
	check_sql '' "$(notes 2)"
}
a_cancel_ends_a_waiting_and_a_running_job_cleanup() { jobd_stop; }

atf_test_case told_to_end_it_gives_its_jobs_back cleanup
told_to_end_it_gives_its_jobs_back_body()
{
	jobd_case
	start
	put 1 'note hold'
	await_sql 'ran 1' "$(notes 1)"
	put 2 'note block'
	await_sql 'ran 1' "$(notes 2)"
	[ -S jobd.wake ] || atf_fail 'no socket'
	kill "$(pid)"
	await_sql 0 "$(running 1)"
	check_sql 0 'SELECT attempt FROM job WHERE id = 1'
	check_sql 1 "$(running 2)"
	kill "$(pid)"
	wait "$(pid)" || atf_fail "it ended with status $?"
	check_sql '0|0' 'SELECT attempt, crashes FROM job WHERE id = 2'
	check_sql 0 'SELECT count(*) FROM worker'
	[ ! -e jobd.wake ] || atf_fail 'the socket is left'
	gone "$(child_of 2)" || atf_fail 'a child is left'
}
told_to_end_it_gives_its_jobs_back_cleanup() { jobd_stop; }

atf_test_case told_to_end_it_waits_for_jobs_that_end cleanup
told_to_end_it_waits_for_jobs_that_end_body()
{
	jobd_case
	start
	put 1 'note calm effect'
	await_sql 'ran 1' "$(notes 1)"
	put 2 note state="'blocked'"
	kill "$(pid)"
	await_log '"jobd.stopping"'
	echo "UPDATE job SET state = 'available' WHERE id = 2" | sql
	: >go
	wait "$(pid)" || atf_fail "it ended with status $?"
	check_sql 'completed|1|' "$(ended 1)"
	check_sql 'available|0' 'SELECT state, attempt FROM job WHERE id = 2'
}
told_to_end_it_waits_for_jobs_that_end_cleanup() { jobd_stop; }

# ---- leases

atf_test_case a_jobd_that_lost_its_lease_drops_everything cleanup
a_jobd_that_lost_its_lease_drops_everything_body()
{
	jobd_case
	start
	put 1 'note first hold effect'
	await_sql 'ran 1' "$(notes 1)"
	echo 'UPDATE worker SET lease_until = now()' | sql
	await_sql 'completed|1|jobd lost' "$(ended 1)"
	check_sql 'ran 1, ran 1, effect' "$(notes 1)"
	in_log '"jobd.lease_lost"' || atf_fail 'it does not say so'
	check_sql 2 'SELECT max(id) FROM worker WHERE lease_until > now()'
}
a_jobd_that_lost_its_lease_drops_everything_cleanup() { jobd_stop; }

# The child of the one that stands still goes on, and ends too late.
atf_test_case a_stopped_and_continued_jobd_changes_nothing_more cleanup
a_stopped_and_continued_jobd_changes_nothing_more_body()
{
	jobd_case
	start
	put 1 'note first calm effect'
	await_sql 'ran 1' "$(notes 1)"
	kill -STOP "$(pid)"
	start second
	await_sql 'completed|1|jobd lost' "$(ended 1)"
	: >go
	await_log '"outcome":"snoozed"'
	kill -CONT "$(pid)"
	await_log '"jobd.lease_lost"'
	check_sql 'ran 1, ran 1, effect' "$(notes 1)"
	check_sql 1 'SELECT count(*) FROM job_done'
	kill "$(pid second)"
	wait "$(pid second)" || atf_fail 'the second did not end well'
	put 2 'note effect'
	await_sql 'completed|1|' "$(ended 2)"
}
a_stopped_and_continued_jobd_changes_nothing_more_cleanup() { jobd_stop; }

atf_test_case a_settlement_that_comes_too_late_is_refused_and_counted cleanup
a_settlement_that_comes_too_late_is_refused_and_counted_body()
{
	jobd_case
	start
	put 1 'note first hold'
	await_sql 'ran 1' "$(notes 1)"
	echo "SELECT job_finish('{1}', '{1}', '{orphaned}', NULL, NULL, NULL)" |
		sql >/dev/null
	await_sql 'completed|1|' "$(ended 1)"
	: >go
	await_log '"jobd.refused"'
	check_sql 'ran 1, ran 1' "$(notes 1)"
	[ "$(figure jobd_refused_total)" = 1 ] || atf_fail 'not counted'
}
a_settlement_that_comes_too_late_is_refused_and_counted_cleanup()
{
	jobd_stop
}

atf_test_case a_claim_whose_answer_was_lost_goes_back cleanup
a_claim_whose_answer_was_lost_goes_back_body()
{
	jobd_case
	start
	put 1 'note effect' state="'blocked'"
	sql <<-'EOT'
	UPDATE job SET state = 'running', epoch = 1, attempt = 1,
	    started_at = now(), worker_id = (SELECT max(id) FROM worker);
	EOT
	await_sql "completed|1|its claim's answer was lost" "$(ended 1)"
	check_sql 'ran 1, effect' "$(notes 1)"
}
a_claim_whose_answer_was_lost_goes_back_cleanup() { jobd_stop; }

atf_test_case while_postgres_is_away_jobs_go_on cleanup
while_postgres_is_away_jobs_go_on_body()
{
	jobd_case
	start
	put 1 'note hold'
	put 2 'note calm effect'
	await_sql 'ran 1' "$(notes 1)"
	await_sql 'ran 1' "$(notes 2)"
	pg_as "$(pg_bin)/pg_ctl" -w -m immediate -D "$PG_DIR/data" stop \
	    >/dev/null || atf_fail 'Postgres did not stop'
	await_log '"code":"busy"'
	: >go
	await_log '"outcome":"completed"'
	pg_up || atf_fail 'Postgres did not start'
	await_sql 2 'SELECT count(*) FROM job_done'
	check_sql 'completed|1|' "$(ended 1)"
	put 3 'note effect'
	await_sql 'completed|1|' "$(ended 3)"
	check_sql 1 "SELECT count(*) FROM job_note
	    WHERE job_id = 2 AND text = 'effect'"
	await_log '"jobd.database_back"'
	in_log '"jobd.lease_lost"' && atf_fail 'the lease was lost'
	:
}
while_postgres_is_away_jobs_go_on_cleanup() { jobd_stop; }

atf_test_case two_jobd_never_run_a_job_twice cleanup
two_jobd_never_run_a_job_twice_body()
{
	jobd_case
	sql <<-'EOT'
	INSERT INTO job (queue_id, kind, args)
	SELECT 1 + n % 3, 'webhook_apply', '{"do": "note effect"}'
	FROM generate_series(1, 300) n;
	EOT
	start
	start second
	await_sql 300 'SELECT count(*) FROM job_done'
	check_sql '600|300' 'SELECT count(*), count(DISTINCT job_id)
	    FROM job_note'
	check_sql 't' 'SELECT max(attempt) = 1 AND max(epoch) = 1
	    FROM job_done'
}
two_jobd_never_run_a_job_twice_cleanup() { jobd_stop; }

# ---- waking, settings, the command

atf_test_case a_byte_to_its_socket_wakes_it cleanup
a_byte_to_its_socket_wakes_it_body()
{
	jobd_case
	start
	put 1 'note put'
	await_sql 2 'SELECT count(*) FROM job_done'
	[ "$(figure 'jobd_wakes_total{by="socket"}')" = 1 ] ||
		atf_fail 'not by the socket'
	[ "$(figure 'jobd_wakes_total{by="notify"}')" = 1 ] ||
		atf_fail 'not by a hint'
	[ "$(stat -c %a jobd.wake)" = 660 ] || atf_fail 'not mode 660'
}
a_byte_to_its_socket_wakes_it_cleanup() { jobd_stop; }

has_socket()
{
	[ -S jobd.wake ]
}

atf_test_case when_the_one_that_took_over_ends_the_socket_is_made_anew cleanup
when_the_one_that_took_over_ends_the_socket_is_made_anew_body()
{
	jobd_case
	start
	await has_socket
	start second
	kill "$(pid second)"
	wait "$(pid second)" || atf_fail 'the second did not end well'
	has_socket && atf_fail 'the second left its socket'
	await has_socket
	put 1 'note put'
	await_sql 2 'SELECT count(*) FROM job_done'
	[ "$(figure 'jobd_wakes_total{by="socket"}')" = 1 ] ||
		atf_fail 'nobody listens there'
}
when_the_one_that_took_over_ends_the_socket_is_made_anew_cleanup()
{
	jobd_stop
}

children()
{
	[ "$1" = "$(ps -o pid= --ppid "$(pid)" | wc -l)" ]
}

atf_test_case a_hangup_reads_the_number_of_children_again cleanup
a_hangup_reads_the_number_of_children_again_body()
{
	jobd_case
	unset JOBD_CHILDREN
	echo JOBD_CHILDREN=1 >stockroom.conf
	start
	await children $((1 + 1))
	echo JOBD_CHILDREN=3 >stockroom.conf
	kill -HUP "$(pid)"
	await children $((3 + 1))
	echo JOBD_CHILDREN=none >stockroom.conf
	kill -HUP "$(pid)"
	await_log 'JOBD_CHILDREN must be a whole number'
	children $((3 + 1)) || atf_fail 'it took what it cannot read'
	echo JOBD_CHILDREN=1 >stockroom.conf
	kill -HUP "$(pid)"
	await children $((1 + 1))
	put 1 note
	await_sql 'completed|1|' "$(ended 1)"
}
a_hangup_reads_the_number_of_children_again_cleanup() { jobd_stop; }

atf_test_case in_the_foreground_it_runs_what_is_due_and_ends cleanup
in_the_foreground_it_runs_what_is_due_and_ends_body()
{
	jobd_case
	put 1 'note effect'
	put 2 dead
	put 3 note run_at="now() + interval '1 hour'" state="'scheduled'"
	atf_check -e save:jobd.log "$jobd_bin" -1
	check_sql 'completed|1|' "$(ended 1)"
	check_sql 'dead|1|it cannot be' "$(ended 2)"
	check_sql scheduled 'SELECT state FROM job'
	check_sql 0 'SELECT count(*) FROM worker'
	KEK_DIR=none atf_check -s exit:78 -e match:'KEK_DIR none cannot be read' \
	    "$jobd_bin" -1
}
in_the_foreground_it_runs_what_is_due_and_ends_cleanup() { jobd_stop; }

atf_test_case settings_and_arguments_that_are_wrong_are_named
settings_and_arguments_that_are_wrong_are_named_body()
{
	: >empty
	export STOCKROOM_CONF="$PWD/empty"
	atf_check "$jobd_bin" -t
	atf_check -s exit:64 -e match:'^usage: jobd' "$jobd_bin" -x
	atf_check -s exit:64 -e match:'^usage: jobd' "$jobd_bin" more
	for n in 0 61; do
		JOBD_CHILDREN=$n atf_check -s exit:78 \
		    -e match:'JOBD_CHILDREN must be 1 to 60' "$jobd_bin" -t
	done
	atf_check -s exit:78 -e match:none "$jobd_bin" -t -f none
}

atf_init_test_cases()
{
	atf_add_test_case jobs_end_as_their_handlers_say
	atf_add_test_case a_job_that_puts_itself_again_goes_round
	atf_add_test_case what_this_jobd_does_not_know_waits_for_one_that_does
	atf_add_test_case work_from_before_a_reinstall_is_dead
	atf_add_test_case a_killed_childs_job_runs_again_and_has_one_effect
	atf_add_test_case a_killed_jobds_jobs_run_again_under_the_next
	atf_add_test_case the_third_lost_worker_buries_its_job
	atf_add_test_case a_job_that_no_word_stops_is_killed_at_its_hard_limit
	atf_add_test_case without_a_hard_limit_it_must_show_progress
	atf_add_test_case at_its_soft_limit_a_job_is_told_and_has_failed
	atf_add_test_case a_cancel_ends_a_waiting_and_a_running_job
	atf_add_test_case told_to_end_it_gives_its_jobs_back
	atf_add_test_case told_to_end_it_waits_for_jobs_that_end
	atf_add_test_case a_jobd_that_lost_its_lease_drops_everything
	atf_add_test_case a_stopped_and_continued_jobd_changes_nothing_more
	atf_add_test_case \
	    a_settlement_that_comes_too_late_is_refused_and_counted
	atf_add_test_case a_claim_whose_answer_was_lost_goes_back
	atf_add_test_case while_postgres_is_away_jobs_go_on
	atf_add_test_case two_jobd_never_run_a_job_twice
	atf_add_test_case a_byte_to_its_socket_wakes_it
	atf_add_test_case \
	    when_the_one_that_took_over_ends_the_socket_is_made_anew
	atf_add_test_case a_hangup_reads_the_number_of_children_again
	atf_add_test_case in_the_foreground_it_runs_what_is_due_and_ends
	atf_add_test_case settings_and_arguments_that_are_wrong_are_named
}
