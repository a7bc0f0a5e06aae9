# Two jobd, and what is done to them, for the tests of kills. Sourced.
#	kills JOBS KILLS STOPS   jobs with effects run to their ends meanwhile
#	late_ones JOBS           all settled by a jobd that was away too long
. "${STOCKROOM_SRC:?}/tests/jobd.sh"

# In two pools and four queues, of ten shops; each leaves its effect with its
# end, and takes a moment.
kills_put()
{
	sql <<-EOT
	UPDATE queue SET max_running = 6, max_running_per_shop = 2
	WHERE id BETWEEN 1 AND 4;
	INSERT INTO job (queue_id, shop_id, shop_epoch, kind, args,
	    soft_limit_s, max_attempts)
	SELECT 1 + n % 4, 1 + n % 10, 1, CASE WHEN n % 3 = 0 THEN 'alert'
	    ELSE 'webhook_apply' END, '{"do": "moment effect"}',
	    CASE WHEN n % 2 = 0 THEN 10 ELSE 60 END, 100
	FROM generate_series(1, $1) n;
	EOT
}

# What is running at any moment passes no cap; says so once a look.
caps()
{
	sql <<-'EOT'
	SELECT coalesce(max(n), 0) <= 6, coalesce(max(s), 0) <= 2 FROM (
	    SELECT queue_id, sum(n) AS n, max(n) AS s FROM (
		SELECT queue_id, shop_id, count(*) AS n FROM job
		WHERE state = 'running' GROUP BY 1, 2) x GROUP BY 1) y;
	EOT
}

caps_hold()
{
	local got

	got=$(caps 2>/dev/null) || return 0
	[ "$got" = 't|t' ] || atf_fail 'a cap was passed'
}

# begin NAME: again, whatever became of it.
begin()
{
	"$jobd_bin" 2>>"$1.log" &
	echo $! >"$1.pid"
	echo $! >>pids
}

kill_one()
{
	local name child

	name=jobd$((1 + kills_n % 2))
	child=$(ps -o pid= --ppid "$(pid "$name")" | sed -n "$((1 + kills_n % 5))p")
	if [ $((kills_n % 4)) -lt 3 ] && [ -n "$child" ]; then
		kill -9 "$child" 2>/dev/null
	else
		kill -9 "$(pid "$name")" 2>/dev/null
		wait "$(pid "$name")" 2>/dev/null
		begin "$name"
	fi
}

stop_postgres()
{
	pg_as "$(pg_bin)/pg_ctl" -w -m immediate -D "$PG_DIR/data" stop \
	    >/dev/null || atf_fail 'Postgres did not stop'
	pg_up || atf_fail 'Postgres did not start'
}

kills()
{
	local jobs kills stops

	jobs=$1 kills=$2 stops=$3 kills_n=0
	for n in 1 2 3 4 5 6 7 8 9 10; do
		shop_made "$n" "s$n.myshopify.com"
	done
	kills_put "$jobs"
	begin jobd1
	begin jobd2
	await_sql t 'SELECT count(*) > 0 FROM job_done'
	while [ "$kills_n" -lt "$kills" ]; do
		kill_one
		kills_n=$((kills_n + 1))
		[ $((kills_n % (kills / stops))) -ne 0 ] || stop_postgres
		hurry
		caps_hold
	done
	until says 0 'SELECT count(*) FROM job' 2>/dev/null; do
		hurry
		caps_hold
		sleep 0.2
	done
	check_sql "$jobs|t" "SELECT count(*), bool_and(outcome = 'completed')
	    FROM job_done WHERE shop_id > 0"
	check_sql "$jobs|$jobs" "SELECT count(*), count(DISTINCT job_id)
	    FROM job_note WHERE text = 'effect'"
}

# Jobs that have ended while their jobd was stopped, and went to another.
late_ones()
{
	sql <<-EOT
	UPDATE queue SET max_running = 1000, max_running_per_shop = 1000;
	INSERT INTO job (queue_id, kind, args, soft_limit_s)
	SELECT 1, 'alert', '{"do": "first hold"}', 60
	FROM generate_series(1, $1);
	EOT
	start
	await_sql "$1" "SELECT count(*) FROM job WHERE state = 'running'"
	# As a rescue would do it, while this jobd believes in its lease.
	sql <<-'EOT' >/dev/null
	SELECT count(*) FROM (SELECT array_agg(id) i, array_agg(epoch) e,
	    array_agg('orphaned'::text) s FROM job) x,
	    LATERAL job_finish(i, e, s, NULL, NULL, NULL);
	EOT
	await_sql "$1" 'SELECT count(*) FROM job_done'
	: >go
	await refused "$1"
	check_sql "$1|$1" "SELECT count(*), count(DISTINCT id) FROM job_done
	    WHERE outcome = 'completed'"
}

refused()
{
	[ "$(figure jobd_refused_total)" = "$1" ]
}
