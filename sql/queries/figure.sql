-- Figures of the queue: how much there is now, and what was done each minute.

-- name: figure_queues
-- Every queue with its live jobs by state, and the age in seconds of the oldest
-- that could run. Reads job, which holds live jobs only. All shops: only
-- numbers leave; needs app.every_shop.
SELECT q.id, q.name, coalesce(j.scheduled, 0), coalesce(j.available, 0),
	coalesce(j.running, 0), coalesce(j.blocked, 0), coalesce(j.oldest, 0)
FROM queue q LEFT JOIN (
    SELECT queue_id, count(*) FILTER (WHERE state = 'scheduled') AS scheduled,
	count(*) FILTER (WHERE state = 'available') AS available,
	count(*) FILTER (WHERE state = 'running') AS running,
	count(*) FILTER (WHERE state = 'blocked') AS blocked,
	extract(epoch FROM now() - min(run_at)
	    FILTER (WHERE state = 'available'))::float8 AS oldest
    FROM job GROUP BY queue_id) j ON j.queue_id = q.id
ORDER BY q.id;

-- name: figure_level_list
-- The same as a jobd counted it last, and how long ago that was, in seconds; no
-- row of a queue that none has counted. Uses the primary key.
SELECT q.id, q.name, l.scheduled, l.available, l.running, l.blocked,
	coalesce(extract(epoch FROM now() - l.oldest_at), 0)::float8,
	extract(epoch FROM now() - l.counted_at)::float8
FROM queue q JOIN queue_level l ON l.queue_id = q.id ORDER BY q.id;

-- name: figure_level_save
-- What was counted. Uses the primary key. Arrays of one length: $1 queues,
-- $2 scheduled, $3 available, $4 running, $5 blocked, $6 milliseconds that the
-- oldest that could run has waited, 0 for none.
INSERT INTO queue_level (queue_id, scheduled, available, running, blocked,
	oldest_at)
SELECT id, scheduled, available, running, blocked, CASE WHEN oldest_ms > 0
	THEN now() - make_interval(secs => oldest_ms / 1000.0) END
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[],
	$5::bigint[], $6::bigint[])
	AS u (id, scheduled, available, running, blocked, oldest_ms)
ORDER BY id
ON CONFLICT (queue_id) DO UPDATE SET scheduled = excluded.scheduled,
	available = excluded.available, running = excluded.running,
	blocked = excluded.blocked, oldest_at = excluded.oldest_at,
	counted_at = now();

-- name: figure_rates
-- Each rate's tokens now, and for how many seconds it is held. Reads the whole
-- table, a row a rate.
SELECT key, least(burst, tokens + per_s * extract(epoch FROM now() - at)),
	CASE WHEN isfinite(hold_until) THEN greatest(0,
	    extract(epoch FROM hold_until - now())) ELSE 0 END::float8
FROM rate ORDER BY key;

-- name: figure_database
-- How late the most overdue schedule is, in seconds; batches that have not
-- ended; dead rows of job; for how long the oldest transaction has held vacuum
-- back. Reads cron, a row a schedule, and job_batch, a row a batch of late.
SELECT (SELECT coalesce(greatest(0, extract(epoch FROM now() - min(next_at))),
	0)::float8 FROM cron WHERE NOT paused),
	(SELECT count(*) FROM job_batch WHERE NOT sealed OR ok + bad < total),
	pg_stat_get_dead_tuples('job'::regclass),
	greatest(0, coalesce(extract(epoch FROM now() - least(
	    (SELECT min(xact_start) FROM pg_stat_activity
		WHERE (backend_xmin IS NOT NULL OR backend_xid IS NOT NULL)
		AND datname = current_database() AND pid <> pg_backend_pid()),
	    (SELECT min(prepared) FROM pg_prepared_xacts
		WHERE database = current_database()))), 0))::float8;

-- name: figure_minute_add
-- Add a share to this minute. Uses the primary key. Arrays of one length, a
-- queue and kind each: $1 queues, $2 kinds, $3 claimed, $4 completed, $5 dead,
-- $6 cancelled, $7 to be tried again, $8 milliseconds waited, $9 runs, $10
-- milliseconds run.
INSERT INTO job_minute AS m (minute, queue, kind, claimed, completed, dead,
	cancelled, retried, wait_s, ran, run_s)
SELECT date_trunc('minute', now()), queue, kind, claimed, completed, dead,
	cancelled, retried, wait_ms / 1000.0, ran, run_ms / 1000.0
FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[],
	$6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[])
	AS u (queue, kind, claimed, completed, dead, cancelled, retried, wait_ms,
	    ran, run_ms)
ORDER BY queue, kind
ON CONFLICT (minute, queue, kind) DO UPDATE SET
	claimed = m.claimed + excluded.claimed,
	completed = m.completed + excluded.completed,
	dead = m.dead + excluded.dead,
	cancelled = m.cancelled + excluded.cancelled,
	retried = m.retried + excluded.retried,
	wait_s = m.wait_s + excluded.wait_s, ran = m.ran + excluded.ran,
	run_s = m.run_s + excluded.run_s;

-- name: figure_minute_list
-- The last so many minutes, the oldest first, those in which nothing was done
-- too. Uses the primary key. $1 minutes, $2 queue or null, $3 kind or null.
SELECT extract(epoch FROM t.minute)::bigint, coalesce(sum(m.claimed), 0)::bigint,
	coalesce(sum(m.completed), 0)::bigint, coalesce(sum(m.dead), 0)::bigint,
	coalesce(sum(m.cancelled), 0)::bigint,
	coalesce(sum(m.retried), 0)::bigint, coalesce(sum(m.wait_s), 0)::float8,
	coalesce(sum(m.ran), 0)::bigint, coalesce(sum(m.run_s), 0)::float8
FROM generate_series(date_trunc('minute', now())
	- make_interval(mins => $1::int - 1), now(), interval '1 minute')
	AS t (minute)
LEFT JOIN job_minute m ON m.minute = t.minute
	AND ($2::text IS NULL OR m.queue = $2)
	AND ($3::text IS NULL OR m.kind = $3)
GROUP BY t.minute ORDER BY t.minute;

-- name: figure_minute_prune
-- Minutes that nobody plots any more. Uses the primary key. $1 days.
DELETE FROM job_minute WHERE minute < now() - make_interval(days => $1::int);

-- name: worker_list
-- Every jobd, the one that lives and beat last first: id, host, process, began,
-- beat, lease, alive, idle, how many jobs it has, its children by pool and
-- state. Reads worker, a row a jobd; uses job_run. Needs app.every_shop.
SELECT w.id, w.host, w.pid, extract(epoch FROM w.started_at)::bigint,
	extract(epoch FROM w.lease_until - interval '10 s')::bigint,
	extract(epoch FROM w.lease_until)::bigint, w.lease_until > now(), w.idle,
	(SELECT count(*) FROM job j WHERE j.state = 'running'
	    AND j.worker_id = w.id), w.slots
FROM worker w ORDER BY w.lease_until DESC, w.id;

-- name: worker_say
-- How many children this jobd has, by pool and state. Uses the primary key.
-- $1 id, $2 slots.
UPDATE worker SET slots = $2::jsonb WHERE id = $1::bigint
	AND slots IS DISTINCT FROM $2::jsonb;
