# The io pool over a real Postgres: many jobs in one child, of which each ends,
# stops and fails alone (design.md 2).
# kyua: timeout=120
. "${STOCKROOM_SRC:?}/tests/jobd.sh"

# many FROM TO DO: jobs of the io pool.
many()
{
	sql <<-EOT
	UPDATE queue SET max_running = 1000, max_running_per_shop = 1000
	WHERE id = 2;
	INSERT INTO job (id, queue_id, kind, args)
	OVERRIDING SYSTEM VALUE
	SELECT n, 2, 'pull_page', '{"do": "$3"}' FROM generate_series($1, $2) n;
	NOTIFY jobd;
	EOT
}

io_case()
{
	jobd_case
	export JOBD_IO_CHILDREN=1 JOBD_IO_TASKS=128 KIND=pull_page
}

running_now()
{
	echo "SELECT count(*) FROM job WHERE state = 'running'"
}

# Where all have been begun by one child.
one_child()
{
	[ "$(sed -n 's/.*"job.start".*"pid":\([0-9]*\),.*/\1/p' jobd.log |
	    sort -u | wc -l)" = 1 ] || atf_fail 'there was more than one child'
}

atf_test_case of_many_the_one_that_is_cancelled_stops_and_the_rest_go_on cleanup
of_many_the_one_that_is_cancelled_stops_and_the_rest_go_on_body()
{
	io_case
	start
	many 1 100 'note hold effect'
	await_sql 100 "$(running_now)"
	await_sql 'ran 1' "$(notes 37)"
	check_sql asked 'SELECT job_cancel(37)'
	await_sql cancelled 'SELECT outcome FROM job_done WHERE id = 37'
	check_sql 99 "$(running_now)"
	: >go
	await_sql 100 'SELECT count(*) FROM job_done'
	check_sql '99|t' "SELECT count(*), bool_and(attempt = 1) FROM job_done
	    WHERE outcome = 'completed'"
	check_sql 'ran 1' "$(notes 37)"
	check_sql 99 "SELECT count(DISTINCT job_id) FROM job_note
	    WHERE text = 'effect'"
	one_child
}
of_many_the_one_that_is_cancelled_stops_and_the_rest_go_on_cleanup()
{
	jobd_stop
}

atf_test_case each_is_told_at_its_own_soft_limit cleanup
each_is_told_at_its_own_soft_limit_body()
{
	io_case
	start
	many 1 20 'note hold effect'
	await_sql 20 "$(running_now)"
	put 50 hold soft_limit_s=1 max_attempts=1
	await_sql 'dead|1|stopped at its soft limit of 1 s' "$(ended 50)"
	check_sql 'buried: stopped at its soft limit of 1 s' "$(notes 50)"
	check_sql 20 "$(running_now)"
	: >go
	await_sql 20 "SELECT count(*) FROM job_done WHERE outcome = 'completed'"
	one_child
}
each_is_told_at_its_own_soft_limit_cleanup() { jobd_stop; }

# Whose rows are seen is a task's own, however they take turns.
atf_test_case each_sees_its_own_shop_only cleanup
each_sees_its_own_shop_only_body()
{
	io_case
	shop_made 7 one.myshopify.com
	shop_made 8 two.myshopify.com
	sql <<-'EOT'
	UPDATE queue SET max_running = 1000, max_running_per_shop = 1000
	WHERE id = 2;
	INSERT INTO job (queue_id, kind, args, shop_epoch, shop_id)
	SELECT 2, 'pull_page', '{"do": "note hold effect"}', 1, 7 + n % 2
	FROM generate_series(1, 60) n;
	EOT
	start
	await_sql 60 'SELECT count(*) FROM job_note'
	: >go
	await_sql 60 "SELECT count(*) FROM job_done WHERE outcome = 'completed'"
	check_sql '120|t' 'SELECT count(*), bool_and(n.shop_id = d.shop_id)
	    FROM job_note n JOIN job_done d ON d.id = n.job_id'
}
each_sees_its_own_shop_only_cleanup() { jobd_stop; }

atf_test_case told_to_end_it_gives_all_its_jobs_back cleanup
told_to_end_it_gives_all_its_jobs_back_body()
{
	io_case
	start
	many 1 100 'note hold effect'
	await_sql 100 'SELECT count(*) FROM job_note'
	kill "$(pid)"
	wait "$(pid)" || atf_fail "it ended with status $?"
	check_sql '100|0' "SELECT count(*), max(attempt) FROM job
	    WHERE state IN ('available', 'scheduled')"
}
told_to_end_it_gives_all_its_jobs_back_cleanup() { jobd_stop; }

# One that computes and never waits holds up the others until it is ended; it
# alone pays.
atf_test_case a_child_that_stands_still_is_ended cleanup
a_child_that_stands_still_is_ended_body()
{
	io_case
	start
	many 1 20 'note first hold effect'
	await_sql 20 'SELECT count(*) FROM job_note'
	put 50 spin soft_limit_s=1 hard_limit_s=2 max_attempts=1
	await_log '"why":"silent"'
	: >go
	await_sql 'dead|1|hard timeout: killed after 2 s' "$(ended 50)"
	await_sql 20 "SELECT count(*) FROM job_done WHERE outcome = 'completed'
	    AND attempt = 1"
}
a_child_that_stands_still_is_ended_cleanup() { jobd_stop; }

atf_init_test_cases()
{
	atf_add_test_case of_many_the_one_that_is_cancelled_stops_and_the_rest_go_on
	atf_add_test_case each_is_told_at_its_own_soft_limit
	atf_add_test_case each_sees_its_own_shop_only
	atf_add_test_case told_to_end_it_gives_all_its_jobs_back
	atf_add_test_case a_child_that_stands_still_is_ended
}
