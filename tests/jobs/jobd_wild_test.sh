# Handlers that run wild: each is ended at its limit, alone, and nothing of it
# goes on; a cancel leaves no late effect (REL-5, REL-9; design.md 7).
# kyua: timeout=180
. "${STOCKROOM_SRC:?}/tests/jobd.sh"

# many FROM TO [COLUMN=VALUE...]: jobs of those numbers that leave an effect.
many()
{
	local from to columns values

	from=$1 to=$2 columns='' values=''
	shift 2
	for pair in "$@"; do
		columns="$columns, ${pair%%=*}"
		values="$values, ${pair#*=}"
	done
	sql <<-EOT
	INSERT INTO job (id, queue_id, kind, args $columns)
	OVERRIDING SYSTEM VALUE
	SELECT n, 1, 'webhook_apply', '{"do": "effect"}' $values
	FROM generate_series($from, $to) n;
	NOTIFY jobd;
	EOT
}

# Of jobs FROM to TO: all have ended well, at the first attempt, once.
all_well()
{
	check_sql "$(($2 - $1 + 1))|t" "SELECT count(*), bool_and(attempt = 1 AND
	    outcome = 'completed') FROM job_done WHERE id BETWEEN $1 AND $2"
	check_sql "$(($2 - $1 + 1))|$(($2 - $1 + 1))" "SELECT count(*),
	    count(DISTINCT job_id) FROM job_note
	    WHERE job_id BETWEEN $1 AND $2 AND text = 'effect'"
}

# forked JOB: the process that it left behind has begun.
forked()
{
	[ -n "$(echo "SELECT text FROM job_note WHERE job_id = $1
	    AND text LIKE 'forked %'" | sql)" ]
}

fork_of()
{
	echo "SELECT substr(text, 8) FROM job_note WHERE job_id = $1
	    AND text LIKE 'forked %' ORDER BY id LIMIT 1" | sql
}

atf_test_case who_runs_wild_is_ended_at_its_limit_and_holds_up_nobody cleanup
who_runs_wild_is_ended_at_its_limit_and_holds_up_nobody_body()
{
	jobd_case
	export JOBD_CHILDREN=4
	start
	put 1 spin soft_limit_s=1 hard_limit_s=2 max_attempts=1
	put 2 'note block' soft_limit_s=1 hard_limit_s=2 max_attempts=1
	await_sql 'ran 1' "$(notes 2)"
	many 1001 1200
	await_sql 200 "SELECT count(*) FROM job_done WHERE id > 1000"
	all_well 1001 1200
	await_sql 'dead|1|hard timeout: killed after 2 s' "$(ended 1)"
	await_sql 'dead|1|hard timeout: killed after 2 s' "$(ended 2)"
	check_sql t 'SELECT bool_and(finished_at - started_at <
	    make_interval(secs => 4)) FROM job_done WHERE id <= 2'
	# A child that is deaf to a signal of the machine's has no say either.
	put 3 'note calm' soft_limit_s=1 hard_limit_s=2 max_attempts=1
	await_sql 'ran 1' "$(notes 3)"
	kill -TERM "$(child_of 3)"
	await_sql 'dead|1|hard timeout: killed after 2 s' "$(ended 3)"
}
who_runs_wild_is_ended_at_its_limit_and_holds_up_nobody_cleanup()
{
	jobd_stop
}

atf_test_case what_a_handler_forks_ends_with_it cleanup
what_a_handler_forks_ends_with_it_body()
{
	jobd_case
	start
	put 1 'fork block' soft_limit_s=1 hard_limit_s=2 max_attempts=1
	put 2 'away fork block' soft_limit_s=1 hard_limit_s=2 max_attempts=1
	await_sql 'dead|1|hard timeout: killed after 2 s' "$(ended 1)"
	await_sql 'dead|1|hard timeout: killed after 2 s' "$(ended 2)"
	# The one that dies by itself leaves one that holds its socket.
	put 3 'first away first fork first crash note'
	await hurried 'ran 2' "$(notes_of_runs 3)"
	for job in 1 2 3; do
		await gone "$(fork_of "$job")"
	done
	: >go
	await_sql 'completed|2|its worker ended with status 3' "$(ended 3)"
	[ ! -e late ] || atf_fail 'a late effect'
}
what_a_handler_forks_ends_with_it_cleanup() { jobd_stop; }

notes_of_runs()
{
	echo "SELECT string_agg(text, ', ' ORDER BY id) FROM job_note
	    WHERE job_id = $1 AND text LIKE 'ran %'"
}

atf_test_case one_that_eats_memory_ends_alone cleanup
one_that_eats_memory_ends_alone_body()
{
	jobd_case
	start
	many 1001 1050
	put 1 eat
	await hurried 'dead|3|its worker ended with status 70' "$(ended 1)"
	await_sql 50 "SELECT count(*) FROM job_done WHERE id > 1000"
	all_well 1001 1050
}
one_that_eats_memory_ends_alone_cleanup() { jobd_stop; }

# ---- the io pool

# io_many FROM TO DO: such jobs, that run side by side.
io_many()
{
	sql <<-EOT
	UPDATE queue SET max_running = 1000, max_running_per_shop = 1000
	WHERE id = 2;
	INSERT INTO job (id, queue_id, kind, args)
	OVERRIDING SYSTEM VALUE
	SELECT n, 2, 'alert', '{"do": "$3"}' FROM generate_series($1, $2) n;
	NOTIFY jobd;
	EOT
}

atf_test_case of_many_in_one_child_the_one_that_kills_it_alone_is_dead cleanup
of_many_in_one_child_the_one_that_kills_it_alone_is_dead_body()
{
	jobd_case
	export JOBD_IO_TASKS=256
	start
	io_many 1001 1255 'first hold effect'
	await_sql 255 "SELECT count(*) FROM job WHERE state = 'running'"
	KIND=alert put 1 crash
	await_sql 1 "SELECT count(*) FROM job WHERE id = 1 AND suspect"
	await hurried 'dead|3|its worker ended with status 3' "$(ended 1)"
	await_sql 255 "SELECT count(*) FROM job_done WHERE id > 1000"
	all_well 1001 1255
	check_sql 0 'SELECT count(*) FROM job'
}
of_many_in_one_child_the_one_that_kills_it_alone_is_dead_cleanup()
{
	jobd_stop
}

atf_test_case a_loop_that_stands_still_is_killed_and_its_jobs_run_alone cleanup
a_loop_that_stands_still_is_killed_and_its_jobs_run_alone_body()
{
	jobd_case
	start
	io_many 1001 1010 'first hold effect'
	await_sql 10 "SELECT count(*) FROM job WHERE state = 'running'"
	KIND=alert put 1 'first spin effect'
	await_sql 11 'SELECT count(*) FROM job_done'
	all_well 1001 1010
	check_sql "completed|1|its worker was killed: its loop stood still" \
	    "$(ended 1)"
	[ "$(figure 'jobd_kills_total{why="silent"}')" = 1 ] ||
		atf_fail 'not counted'
}
a_loop_that_stands_still_is_killed_and_its_jobs_run_alone_cleanup()
{
	jobd_stop
}

atf_test_case an_io_job_past_its_hard_limit_costs_nobody_else_an_attempt cleanup
an_io_job_past_its_hard_limit_costs_nobody_else_an_attempt_body()
{
	jobd_case
	start
	io_many 1001 1010 'first hold effect'
	await_sql 10 "SELECT count(*) FROM job WHERE state = 'running'"
	KIND=alert put 1 'note calm' soft_limit_s=1 hard_limit_s=2 \
	    max_attempts=1
	await_sql 'dead|1|hard timeout: killed after 2 s' "$(ended 1)"
	check_sql 'ran 1, buried: hard timeout: killed after 2 s' "$(notes 1)"
	await_sql 10 "SELECT count(*) FROM job_done WHERE id > 1000"
	all_well 1001 1010
}
an_io_job_past_its_hard_limit_costs_nobody_else_an_attempt_cleanup()
{
	jobd_stop
}

# ---- cancels

atf_test_case a_cancel_reaches_a_running_job_within_a_second cleanup
a_cancel_reaches_a_running_job_within_a_second_body()
{
	jobd_case
	start
	put 1 'note hold effect'
	KIND=alert put 2 'note hold effect'
	await_sql 'ran 1' "$(notes 1)"
	await_sql 'ran 1' "$(notes 2)"
	check_sql 2 "SELECT count(*) FROM (SELECT job_cancel(id) FROM job) x
	    WHERE job_cancel = 'asked'"
	await_sql 2 "SELECT count(*) FROM job_done WHERE outcome = 'cancelled'"
	: >go
	check_sql 'ran 1' "$(notes 1)"
	check_sql 'ran 1' "$(notes 2)"
	check_sql 0 "SELECT count(*) FROM job"
}
a_cancel_reaches_a_running_job_within_a_second_cleanup() { jobd_stop; }

# ---- claimed ahead

atf_test_case what_would_wait_too_long_is_given_back_and_no_attempt_used cleanup
what_would_wait_too_long_is_given_back_and_no_attempt_used_body()
{
	jobd_case
	export JOBD_CHILDREN=1
	put 1 'note hold' soft_limit_s=10
	put 2 effect soft_limit_s=10
	put 3 effect soft_limit_s=10
	start
	await_log '"jobd.given_back"'
	await_sql 'available|0' "SELECT state, max(attempt) FROM job
	    WHERE id > 1 GROUP BY 1"
	start second
	await_sql 2 'SELECT count(*) FROM job_done'
	all_well 2 3
	: >go
	await_sql 3 'SELECT count(*) FROM job_done'
}
what_would_wait_too_long_is_given_back_and_no_attempt_used_cleanup()
{
	jobd_stop
}

atf_test_case what_takes_long_is_claimed_for_a_free_child_only cleanup
what_takes_long_is_claimed_for_a_free_child_only_body()
{
	jobd_case
	start
	put 1 'note hold'
	put 2 'note hold'
	put 3 'note hold'
	await_sql 2 "SELECT count(*) FROM job WHERE state = 'running'"
	put 4 note soft_limit_s=10
	await_sql 2 "SELECT count(*) FROM job_note"
	check_sql 'available|0|0' "SELECT state, attempt, epoch FROM job
	    WHERE id = 3"
	: >go
	await_sql 4 'SELECT count(*) FROM job_done'
	check_sql 1 'SELECT max(epoch) FROM job_done WHERE id <= 3'
}
what_takes_long_is_claimed_for_a_free_child_only_cleanup() { jobd_stop; }

atf_init_test_cases()
{
	atf_add_test_case \
	    who_runs_wild_is_ended_at_its_limit_and_holds_up_nobody
	atf_add_test_case what_a_handler_forks_ends_with_it
	atf_add_test_case one_that_eats_memory_ends_alone
	atf_add_test_case \
	    of_many_in_one_child_the_one_that_kills_it_alone_is_dead
	atf_add_test_case \
	    a_loop_that_stands_still_is_killed_and_its_jobs_run_alone
	atf_add_test_case \
	    an_io_job_past_its_hard_limit_costs_nobody_else_an_attempt
	atf_add_test_case a_cancel_reaches_a_running_job_within_a_second
	atf_add_test_case \
	    what_would_wait_too_long_is_given_back_and_no_attempt_used
	atf_add_test_case what_takes_long_is_claimed_for_a_free_child_only
}
