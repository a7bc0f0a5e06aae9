-- Jobs for people: the live ones and those that have ended, as one list.

-- name: job_list
-- Newest first; null asks nothing. Uses the primary key of job, the id index
-- of job_done, job_done_bad. $1 shop (null: all, for the operator, with
-- app.every_shop), $2 id behind which to go on, $3 states and outcomes, $4
-- kind, $5 queue's name, $6 and $7 put since and before, $8 text in the
-- arguments (which completed ones do not keep), $9 batch, $10 at most.
SELECT
	j.id, (SELECT name FROM queue WHERE id = j.queue_id), j.shop_id, j.kind,
	j.state, j.priority, j.attempt, j.max_attempts, j.args, j.error,
	encode(j.trace, 'escape'), extract(epoch FROM j.created_at)::bigint,
	extract(epoch FROM j.run_at)::bigint,
	extract(epoch FROM j.started_at)::bigint,
	extract(epoch FROM j.finished_at)::bigint, j.result, j.batch_id,
	extract(epoch FROM j.cancel_at)::bigint, j.worker_id
FROM (
    (SELECT * FROM job_live
    WHERE ($1::bigint IS NULL OR shop_id = $1)
	AND ($2::bigint IS NULL OR id < $2)
	AND ($3::text[] IS NULL OR $3 && '{scheduled,available,running,blocked}')
	AND ($3 IS NULL OR state = ANY ($3))
	AND ($4::text IS NULL OR kind = $4)
	AND ($5::text IS NULL OR queue_id =
	    (SELECT id FROM queue WHERE name = $5))
	AND ($6::timestamptz IS NULL OR created_at >= $6)
	AND ($7::timestamptz IS NULL OR created_at < $7)
	AND ($8::text IS NULL
	    OR position(lower($8) IN lower(args::text)) > 0)
	AND ($9::bigint IS NULL OR batch_id = $9)
    ORDER BY id DESC LIMIT $10::int)
    UNION ALL
    (SELECT * FROM job_bad
    WHERE ($1::bigint IS NULL OR shop_id = $1)
	AND ($2::bigint IS NULL OR id < $2)
	AND ($3::text[] IS NULL OR $3 && '{dead,cancelled}')
	AND ($3 IS NULL OR state = ANY ($3))
	AND ($4::text IS NULL OR kind = $4)
	AND ($5::text IS NULL OR queue_id =
	    (SELECT id FROM queue WHERE name = $5))
	AND ($6::timestamptz IS NULL OR created_at >= $6
	    AND finished_at >= $6)
	AND ($7::timestamptz IS NULL OR created_at < $7)
	AND ($8::text IS NULL
	    OR position(lower($8) IN lower(args::text)) > 0)
	AND ($9::bigint IS NULL OR batch_id = $9)
    ORDER BY id DESC LIMIT $10::int)
    UNION ALL
    (SELECT * FROM job_good
    WHERE ($1::bigint IS NULL OR shop_id = $1)
	AND ($2::bigint IS NULL OR id < $2)
	AND ($3::text[] IS NULL OR $3 && '{completed}')
	AND ($3 IS NULL OR state = ANY ($3))
	AND ($4::text IS NULL OR kind = $4)
	AND ($5::text IS NULL OR queue_id =
	    (SELECT id FROM queue WHERE name = $5))
	AND ($6::timestamptz IS NULL OR created_at >= $6
	    AND finished_at >= $6)
	AND ($7::timestamptz IS NULL OR created_at < $7)
	AND ($8::text IS NULL)
	AND ($9::bigint IS NULL OR batch_id = $9)
    ORDER BY id DESC LIMIT $10::int)) j
ORDER BY j.id DESC LIMIT $10;

-- name: job_load
-- One job. Uses the same indexes. $1 shop or null, $2 id.
SELECT
	j.id, (SELECT name FROM queue WHERE id = j.queue_id), j.shop_id, j.kind,
	j.state, j.priority, j.attempt, j.max_attempts, j.args, j.error,
	encode(j.trace, 'escape'), extract(epoch FROM j.created_at)::bigint,
	extract(epoch FROM j.run_at)::bigint,
	extract(epoch FROM j.started_at)::bigint,
	extract(epoch FROM j.finished_at)::bigint, j.result, j.batch_id,
	extract(epoch FROM j.cancel_at)::bigint, j.worker_id
FROM job_seen j
WHERE ($1::bigint IS NULL OR j.shop_id = $1) AND j.id = $2::bigint;

-- name: job_progress_load
-- How far a job is. Uses the primary key. $1 shop, $2 id.
SELECT done, total, note FROM job_progress
WHERE shop_id = $1::bigint AND id = $2::bigint;

-- name: job_holder
-- The jobd that has a running job: its id, host, process, when its lease ends
-- and whether it has. Uses the primary key. $1 id of the worker.
SELECT id, host, pid, extract(epoch FROM lease_until)::bigint,
	lease_until > now() FROM worker WHERE id = $1::bigint;

-- name: job_kin
-- The jobs that one waits for (true) and those that wait for it, with their
-- states; at most 100. Uses the primary key of job_dep and the id indexes; for
-- those that it waits for, reads job_dep, which has rows of live jobs alone.
-- $1 shop, $2 id.
SELECT k.up, j.id, j.kind, j.state
FROM (SELECT true AS up, parent AS id FROM job_dep WHERE child = $2::bigint
    UNION ALL
    SELECT false, child FROM job_dep WHERE parent = $2::bigint) k
JOIN job_seen j ON j.id = k.id AND j.shop_id = $1
ORDER BY k.up DESC, j.id LIMIT 100;

-- name: job_why
-- Why a live job is not running now: a word (null: it runs), until when, by
-- how many jobs or up to how many, and its queue. Needs app.every_shop, for
-- caps count all shops' jobs. Uses the primary keys, job_run. $1 shop, $2 id,
-- $3 the pool that runs its kind.
WITH t AS (SELECT j.state, j.run_at, j.waiting_on, q.name, q.paused,
	q.max_running, q.id AS queue_id, r.key IS NOT NULL AS rated,
	coalesce(l.max_running_per_shop, q.max_running_per_shop) AS shop_cap,
	r.hold_until, least(r.burst, r.tokens + r.per_s
	    * extract(epoch FROM now() - r.at))
	    AS tokens, r.per_s
    FROM job j JOIN queue q ON q.id = j.queue_id
    LEFT JOIN rate r ON r.key = q.rate_key
    LEFT JOIN shop_limit l ON l.queue_id = j.queue_id AND l.shop_id = $1
    WHERE j.shop_id = $1::bigint AND j.id = $2::bigint),
w AS (SELECT t.*, CASE
	WHEN t.state = 'running' THEN NULL
	WHEN t.state = 'blocked' THEN 'blocked'
	WHEN t.state = 'scheduled' AND t.run_at > now() THEN 'scheduled'
	WHEN t.paused THEN 'paused'
	WHEN NOT EXISTS (SELECT 1 FROM worker w WHERE w.lease_until > now()
	    AND (w.slots IS NULL OR w.slots ? $3::text)) THEN 'no_worker'
	WHEN (SELECT count(*) FROM job x WHERE x.queue_id = t.queue_id
	    AND x.state = 'running') >= t.max_running THEN 'cap'
	WHEN t.rated AND t.hold_until > now() THEN 'hold'
	WHEN t.rated AND t.tokens < 1 THEN 'rate'
	WHEN (SELECT count(*) FROM job x WHERE x.queue_id = t.queue_id
	    AND x.shop_id = $1 AND x.state = 'running') >= t.shop_cap
	    THEN 'shop_cap'
	ELSE 'next' END AS why FROM t)
SELECT why, CASE
	WHEN why = 'scheduled' THEN extract(epoch FROM run_at)
	WHEN why = 'hold' AND isfinite(hold_until)
	    THEN ceil(extract(epoch FROM hold_until))
	WHEN why = 'rate' AND per_s > 0
	    THEN ceil(extract(epoch FROM now()) + (1 - tokens) / per_s)
	END::bigint,
	CASE why WHEN 'blocked' THEN waiting_on WHEN 'cap' THEN max_running
	    WHEN 'shop_cap' THEN shop_cap END, name
FROM w;

-- name: job_alive
-- Whether a jobd is alive. Reads worker, a row a jobd.
SELECT EXISTS (SELECT 1 FROM worker WHERE lease_until > now());

-- name: job_replayed
-- The job that was put to do a dead one once more. Uses job_done's index on id.
-- $1 shop, $2 id.
SELECT replay_id FROM job_done WHERE shop_id = $1::bigint AND id = $2::bigint;

-- name: batch_shop
-- Whose a batch is. Uses the primary key. $1 shop or null, $2 id.
SELECT shop_id FROM job_batch
WHERE ($1::bigint IS NULL OR shop_id = $1) AND id = $2::bigint;
