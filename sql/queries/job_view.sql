-- Jobs for people: the live ones and those that have ended, as one list.

-- name: job_list
-- Newest first. Uses the primary key of job and the id index of job_done.
-- $1 shop, $2 id behind which to go on or null, $3 state or outcome or null,
-- $4 kind or null, $5 at most.
(SELECT id, queue_id, shop_id, kind, state::text, priority, attempt,
	max_attempts, args, error, encode(trace, 'escape'),
	extract(epoch FROM created_at)::bigint,
	extract(epoch FROM run_at)::bigint,
	extract(epoch FROM started_at)::bigint, NULL::bigint AS finished_at,
	NULL::jsonb AS result
FROM job WHERE shop_id = $1::bigint
	AND ($2::bigint IS NULL OR id < $2::bigint)
	AND ($3::text IS NULL OR state::text = $3::text)
	AND ($4::text IS NULL OR kind = $4::text)
ORDER BY id DESC LIMIT $5::int)
UNION ALL
(SELECT id, queue_id, shop_id, kind, outcome::text, NULL, attempt, NULL, args,
	error, encode(trace, 'escape'), extract(epoch FROM created_at)::bigint,
	NULL, extract(epoch FROM started_at)::bigint,
	extract(epoch FROM finished_at)::bigint, result
FROM job_done WHERE shop_id = $1::bigint
	AND ($2::bigint IS NULL OR id < $2::bigint)
	AND ($3::text IS NULL OR outcome::text = $3::text)
	AND ($4::text IS NULL OR kind = $4::text)
ORDER BY id DESC LIMIT $5::int)
ORDER BY id DESC LIMIT $5::int;

-- name: job_list_all
-- The same over all shops, for the operator; needs app.every_shop. Uses the
-- same indexes. $1 id behind which to go on or null, $2 state or outcome or
-- null, $3 kind or null, $4 at most.
(SELECT id, queue_id, shop_id, kind, state::text, priority, attempt,
	max_attempts, args, error, encode(trace, 'escape'),
	extract(epoch FROM created_at)::bigint,
	extract(epoch FROM run_at)::bigint,
	extract(epoch FROM started_at)::bigint, NULL::bigint AS finished_at,
	NULL::jsonb AS result
FROM job WHERE ($1::bigint IS NULL OR id < $1::bigint)
	AND ($2::text IS NULL OR state::text = $2::text)
	AND ($3::text IS NULL OR kind = $3::text)
ORDER BY id DESC LIMIT $4::int)
UNION ALL
(SELECT id, queue_id, shop_id, kind, outcome::text, NULL, attempt, NULL, args,
	error, encode(trace, 'escape'), extract(epoch FROM created_at)::bigint,
	NULL, extract(epoch FROM started_at)::bigint,
	extract(epoch FROM finished_at)::bigint, result
FROM job_done WHERE ($1::bigint IS NULL OR id < $1::bigint)
	AND ($2::text IS NULL OR outcome::text = $2::text)
	AND ($3::text IS NULL OR kind = $3::text)
ORDER BY id DESC LIMIT $4::int)
ORDER BY id DESC LIMIT $4::int;

-- name: job_load
-- One job. Uses the same indexes. $1 shop, $2 id.
SELECT id, queue_id, shop_id, kind, state::text, priority, attempt,
	max_attempts, args, error, encode(trace, 'escape'),
	extract(epoch FROM created_at)::bigint,
	extract(epoch FROM run_at)::bigint,
	extract(epoch FROM started_at)::bigint, NULL::bigint AS finished_at,
	NULL::jsonb AS result
FROM job WHERE shop_id = $1::bigint
	AND id = $2::bigint
UNION ALL
SELECT id, queue_id, shop_id, kind, outcome::text, NULL, attempt, NULL, args,
	error, encode(trace, 'escape'), extract(epoch FROM created_at)::bigint,
	NULL, extract(epoch FROM started_at)::bigint,
	extract(epoch FROM finished_at)::bigint, result
FROM job_done WHERE shop_id = $1::bigint
	AND id = $2::bigint;

-- name: job_load_all
-- One job of any shop, for the operator; needs app.every_shop. Uses the same
-- indexes. $1 id.
SELECT id, queue_id, shop_id, kind, state::text, priority, attempt,
	max_attempts, args, error, encode(trace, 'escape'),
	extract(epoch FROM created_at)::bigint,
	extract(epoch FROM run_at)::bigint,
	extract(epoch FROM started_at)::bigint, NULL::bigint AS finished_at,
	NULL::jsonb AS result
FROM job WHERE id = $1::bigint
UNION ALL
SELECT id, queue_id, shop_id, kind, outcome::text, NULL, attempt, NULL, args,
	error, encode(trace, 'escape'), extract(epoch FROM created_at)::bigint,
	NULL, extract(epoch FROM started_at)::bigint,
	extract(epoch FROM finished_at)::bigint, result
FROM job_done WHERE id = $1::bigint;

-- name: job_progress_load
-- How far a job is. Uses the primary key. $1 shop, $2 id.
SELECT done, total, note FROM job_progress
WHERE shop_id = $1::bigint AND id = $2::bigint;

-- name: job_why
-- Why a live job is not running now, in words; NULL when it is. Uses the
-- primary keys and job_run. $1 shop, $2 id.
SELECT CASE
	WHEN j.state = 'running' THEN NULL
	WHEN j.state = 'blocked' THEN 'blocked by ' || j.waiting_on || ' job(s)'
	WHEN j.state = 'scheduled' THEN 'scheduled for '
	    || to_char(j.run_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
	WHEN q.paused THEN 'its queue is paused'
	WHEN NOT EXISTS (SELECT 1 FROM worker WHERE lease_until > now())
	    THEN 'no worker is running'
	WHEN (SELECT count(*) FROM job r WHERE r.queue_id = j.queue_id
	    AND r.state = 'running') >= q.max_running
	    THEN 'its queue runs as many jobs as it may'
	WHEN (SELECT count(*) FROM job r WHERE r.queue_id = j.queue_id
	    AND r.shop_id = $1 AND r.state = 'running') >=
	    coalesce(l.max_running_per_shop, q.max_running_per_shop)
	    THEN 'the shop runs as many jobs of this queue as it may'
	ELSE 'it is about to be claimed' END
FROM job j JOIN queue q ON q.id = j.queue_id
LEFT JOIN shop_limit l ON l.queue_id = j.queue_id AND l.shop_id = $1
WHERE j.shop_id = $1::bigint AND j.id = $2::bigint;

-- name: job_backlog
-- The age of the oldest job that could run, in seconds, and whether a jobd is
-- alive. Uses job_ready. All shops: only a number leaves.
SELECT coalesce(extract(epoch FROM now() - min(run_at)), 0)::float8,
	EXISTS (SELECT 1 FROM worker WHERE lease_until > now())
FROM job WHERE state = 'available';
