# Days of a partitioned table, made ahead and dropped.
top=${STOCKROOM_SRC:-$(cd "$(dirname "$0")/../../.." && pwd)}
. "$top/tests/pg.sh"

# Today and N days from it, as a partition's ending.
day()
{
	date -u -d "$1 days" +%Y%m%d
}

atf_test_case days_are_made_ahead_once cleanup
days_are_made_ahead_once_body()
{
	pg_case
	pg_answers '3
0' t stockroom_jobd <<-'EOT'
	SELECT part_ahead('job_done', 10);
	SELECT part_ahead('job_done', 10);
	EOT
	pg_answers "job_done_$(day 10)
stockroom_owner" t <<-'EOT'
	SELECT max(c.relname) FROM pg_class c JOIN pg_inherits ON inhrelid = c.oid
	WHERE inhparent = 'stockroom.job_done'::regclass
	    AND relname ~ '[0-9]$';
	SELECT DISTINCT relowner::regrole FROM pg_class
	WHERE relname ~ '^job_done_2' AND relkind = 'r';
	EOT
}
days_are_made_ahead_once_cleanup()
{
	pg_stop
}

atf_test_case a_day_made_late_takes_its_rows_from_the_default cleanup
a_day_made_late_takes_its_rows_from_the_default_body()
{
	pg_case
	pg_sql t <<-EOT
	DROP TABLE stockroom.job_done_$(day 0);
	INSERT INTO stockroom.job_done (id, queue_id, shop_id, kind, outcome,
	    attempt, epoch, shop_epoch, created_at)
	SELECT n, 1, 1, 'a', 'completed', 1, 1, 1, now()
	FROM generate_series(1, 3) n;
	EOT
	pg_answers '1' t stockroom_jobd <<-'EOT'
	SELECT part_ahead('job_done', 7);
	EOT
	pg_answers '3|0' t <<-EOT
	SELECT (SELECT count(*) FROM stockroom.job_done_$(day 0)),
	    (SELECT count(*) FROM stockroom.job_done_x);
	EOT
}
a_day_made_late_takes_its_rows_from_the_default_cleanup()
{
	pg_stop
}

atf_test_case old_days_are_dropped_and_the_default_is_emptied_of_them cleanup
old_days_are_dropped_and_the_default_is_emptied_of_them_body()
{
	pg_case
	pg_sql t <<-'EOT'
	SET search_path = stockroom;
	SELECT part_day('job_done', '2026-01-01'),
	    part_day('job_done', '2026-01-02');
	INSERT INTO job_done (id, queue_id, shop_id, kind, outcome, attempt,
	    epoch, shop_epoch, created_at, finished_at)
	SELECT row_number() OVER (), 1, 1, 'a', 'completed', 1, 1, 1, now(), at
	FROM unnest('{2025-12-01Z,2026-01-01 12:00Z,2026-01-02Z}'
	    ::timestamptz[]) at;
	EOT
	pg_answers '1
1
0' t stockroom_jobd <<-'EOT'
	SELECT part_drop('job_done', '2026-01-02');
	SELECT count(*) FROM job_done;
	SELECT part_drop('job_done', '2026-01-02');
	EOT
}
old_days_are_dropped_and_the_default_is_emptied_of_them_cleanup()
{
	pg_stop
}

atf_test_case a_day_in_use_is_left_for_the_next_call cleanup
a_day_in_use_is_left_for_the_next_call_body()
{
	pg_case
	pg_sql t <<-'EOT'
	SET search_path = stockroom;
	SELECT part_day('job_done', '2026-01-01');
	EOT
	mkfifo hold
	psql -X -q -A -t -d "$(pg_url t)" <hold >held 2>&1 &
	exec 3>hold
	echo 'BEGIN; LOCK TABLE stockroom.job_done_20260101 IN SHARE MODE;
	    SELECT 1;' >&3
	until [ -s held ]; do sleep 0.05; done
	pg_answers 0 t stockroom_jobd <<-'EOT'
	SELECT part_drop('job_done', '2026-02-01');
	EOT
	exec 3>&-
	wait
	pg_answers 1 t stockroom_jobd <<-'EOT'
	SELECT part_drop('job_done', '2026-02-01');
	EOT
}
a_day_in_use_is_left_for_the_next_call_cleanup()
{
	pg_stop
}

# settle SHOP: 60 times 20 jobs are put and end, each time a commit.
settle()
{
	for settle_n in $(seq 60); do
		cat <<-EOT
		-- $settle_n
		INSERT INTO job (queue_id, shop_id, kind, state, epoch)
		SELECT 1, $1, 'a', 'running', 1 FROM generate_series(1, 20);
		SELECT count(f.*) FROM (SELECT array_agg(id) AS i,
		    array_agg(epoch) AS e, array_agg('completed'::text) AS s
		    FROM job WHERE shop_id = $1) a,
		LATERAL job_finish(a.i, a.e, a.s, NULL, NULL, NULL) f;
		EOT
	done | pg_sql t stockroom_jobd >"settled.$1" 2>&1
}

# until_said WANT STATEMENTS: again and again, as housekeeping would, until the
# last of them says that.
until_said()
{
	until [ "$(echo "$2" | pg_sql t stockroom_jobd | tail -n 1)" = "$1" ]; do
		kill -0 "$settlers" || atf_fail "not while jobs end: $2"
	done
}

atf_test_case days_come_and_go_while_jobs_end cleanup
days_come_and_go_while_jobs_end_body()
{
	pg_case
	pg_sql t <<-EOT
	SET search_path = stockroom;
	DROP TABLE job_done_$(day 0);
	SELECT part_day('job_done', '2026-01-01'),
	    part_day('job_done', '2026-01-02');
	EOT
	(settle 1 & settle 2 & settle 3 & wait) &
	settlers=$!
	until_said t 'SELECT count(*) > 100 FROM job_done;'
	until_said 1 "SELECT part_ahead('job_done', 7);"
	until_said 0 "SELECT part_drop('job_done', '2026-02-01');
	    SELECT count(*) FROM pg_class WHERE relname ~ '^job_done_20260';"
	wait
	pg_answers '3600|3600|0|0' t <<-EOT
	SELECT (SELECT count(DISTINCT id) FROM stockroom.job_done),
	    (SELECT count(*) FROM stockroom.job_done_$(day 0)),
	    (SELECT count(*) FROM stockroom.job_done_x),
	    (SELECT count(*) FROM stockroom.job);
	EOT
	for n in 1 2 3; do
		atf_check -o inline:'20\n' sort -u "settled.$n"
	done
}
days_come_and_go_while_jobs_end_cleanup()
{
	pg_stop
}

atf_test_case only_named_tables_and_only_jobd cleanup
only_named_tables_and_only_jobd_body()
{
	pg_case
	pg_refused 'no partitioned table "orders"' t stockroom_jobd <<-'EOT'
	SELECT part_drop('orders', '2030-01-01');
	EOT
	pg_refused 'no partitioned table' t stockroom_jobd <<-'EOT'
	SELECT part_ahead('job_done; drop table orders', 1);
	EOT
	pg_refused 'days must be 0 to 60' t stockroom_jobd <<-'EOT'
	SELECT part_ahead('job_done', 61);
	EOT
	pg_refused 'permission denied' t stockroom_ops <<-'EOT'
	SELECT part_drop('job_done', '2030-01-01');
	EOT
	pg_refused 'permission denied' t stockroom_jobd <<-'EOT'
	SELECT part_day('job_done', '2030-01-01');
	EOT
}
only_named_tables_and_only_jobd_cleanup()
{
	pg_stop
}

atf_init_test_cases()
{
	atf_add_test_case days_are_made_ahead_once
	atf_add_test_case a_day_made_late_takes_its_rows_from_the_default
	atf_add_test_case old_days_are_dropped_and_the_default_is_emptied_of_them
	atf_add_test_case a_day_in_use_is_left_for_the_next_call
	atf_add_test_case days_come_and_go_while_jobs_end
	atf_add_test_case only_named_tables_and_only_jobd
}
