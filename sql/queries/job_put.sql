-- Putting jobs (queue.md 4): one, with what a live one of the same key means,
-- or many.

-- name: job_put
-- Put one job, or find that it is there: already queued, it is a duplicate;
-- running, it goes round once more where $15 says so, at the new one's priority.
-- No row: a rival put the same key a moment ago, a duplicate too. Gives id, dup.
-- Uses job_unique_key.
-- $1 shop, $2 queue, $3 kind, $4 args, $5 priority, $6 unique key or null,
-- $7 delay in seconds, $8 shop's epoch, $9 trace, $10 attempts at most,
-- $11 soft limit and $12 hard limit in seconds, $13 batch or null, $14 jobs to
-- wait for, $15 whether a running one goes round again.
WITH i AS (INSERT INTO job (shop_id, queue_id, kind, args, priority,
	unique_key, state, run_at, shop_epoch, trace, max_attempts,
	soft_limit_s, hard_limit_s, batch_id, waiting_on)
    VALUES ($1::bigint, $2::smallint, $3::text, $4::jsonb, $5::smallint,
	$6::bytea, CASE WHEN $14::smallint > 0 THEN 'blocked'
	    WHEN $7::float8 > 0 THEN 'scheduled'
	    ELSE 'available' END::job_state,
	now() + make_interval(secs => greatest($7::float8, 0)), $8::int,
	$9::bytea, $10::smallint, $11::int, $12::int, $13::bigint,
	$14::smallint)
    ON CONFLICT (unique_key) WHERE unique_key IS NOT NULL
	DO UPDATE SET run_again = true, priority = excluded.priority
	WHERE $15::bool AND job.state = 'running' AND NOT job.run_again
    RETURNING id, xmax <> 0 AS dup)
SELECT id, dup FROM i
UNION ALL
SELECT id, true FROM job
WHERE shop_id = $1 AND unique_key = $6 AND NOT EXISTS (SELECT 1 FROM i);

-- name: job_put_replace
-- Put one job, or give the one that is there the new one's arguments: one that
-- waits also its time and, when it is more urgent, its priority; one that runs
-- goes round once more with them. Gives id, dup. Uses job_unique_key.
-- $1 shop, $2 queue, $3 kind, $4 args, $5 priority, $6 unique key or null,
-- $7 delay in seconds, $8 shop's epoch, $9 trace, $10 attempts at most,
-- $11 soft limit and $12 hard limit in seconds, $13 batch or null, $14 jobs to
-- wait for.
INSERT INTO job (shop_id, queue_id, kind, args, priority,
	unique_key, state, run_at, shop_epoch, trace, max_attempts,
	soft_limit_s, hard_limit_s, batch_id, waiting_on)
VALUES ($1::bigint, $2::smallint, $3::text, $4::jsonb, $5::smallint,
	$6::bytea, CASE WHEN $14::smallint > 0 THEN 'blocked'
	    WHEN $7::float8 > 0 THEN 'scheduled'
	    ELSE 'available' END::job_state,
	now() + make_interval(secs => greatest($7::float8, 0)), $8::int,
	$9::bytea, $10::smallint, $11::int, $12::int, $13::bigint,
	$14::smallint)
ON CONFLICT (unique_key) WHERE unique_key IS NOT NULL DO UPDATE SET
	args = excluded.args,
	run_again = job.state = 'running',
	run_at = CASE WHEN job.state = 'running' THEN job.run_at
	    ELSE excluded.run_at END,
	state = CASE WHEN job.state IN ('running', 'blocked') THEN job.state
	    ELSE excluded.state END,
	priority = least(job.priority, excluded.priority)
RETURNING id, xmax <> 0;

-- name: job_put_period
-- Put one job unless one of this name was put in so many seconds, whatever
-- became of that; then no row, or the live one's id. Gives id, dup. Uses the
-- primary key of job_period, and job_unique_key.
-- $1 shop, $2 queue, $3 kind, $4 args, $5 priority, $6 unique key or null,
-- $7 delay in seconds, $8 shop's epoch, $9 trace, $10 attempts at most,
-- $11 soft limit and $12 hard limit in seconds, $13 batch or null, $14 jobs to
-- wait for, $15 the period in seconds.
WITH p AS (INSERT INTO job_period AS o (shop_id, key, until)
    VALUES ($1::bigint, $6::bytea, now() + make_interval(secs => $15::float8))
    ON CONFLICT (shop_id, key) DO UPDATE SET until = excluded.until
	WHERE o.until <= now()
    RETURNING key),
i AS (INSERT INTO job (shop_id, queue_id, kind, args, priority,
	unique_key, state, run_at, shop_epoch, trace, max_attempts,
	soft_limit_s, hard_limit_s, batch_id, waiting_on)
    SELECT $1::bigint, $2::smallint, $3::text, $4::jsonb, $5::smallint,
	$6::bytea, CASE WHEN $14::smallint > 0 THEN 'blocked'
	    WHEN $7::float8 > 0 THEN 'scheduled'
	    ELSE 'available' END::job_state,
	now() + make_interval(secs => greatest($7::float8, 0)), $8::int,
	$9::bytea, $10::smallint, $11::int, $12::int, $13::bigint,
	$14::smallint
    FROM p
    ON CONFLICT (unique_key) WHERE unique_key IS NOT NULL DO NOTHING
    RETURNING id)
SELECT id, false FROM i
UNION ALL
SELECT id, true FROM job
WHERE shop_id = $1 AND unique_key = $6 AND NOT EXISTS (SELECT 1 FROM i);

-- name: job_period_prune
-- Periods that are over. Uses job_period_until.
DELETE FROM job_period WHERE until < now() - interval '1 minute';

-- name: job_put_many
-- Put many jobs; those whose key is live are left out. Sorted by key, so that
-- two that put the same do not lock each other out. Gives how many. Uses
-- job_unique_key. Arrays of one length: $1 shops, $2 queues, $3 kinds, $4 args,
-- $5 priorities, $6 unique keys (with nulls), $7 delays in milliseconds,
-- $8 shops' epochs, $9 attempts, $10 soft and $11 hard limits in seconds;
-- then $12 trace, $13 batch or null.
WITH i AS (INSERT INTO job (shop_id, queue_id, kind, args, priority,
	unique_key, state, run_at, shop_epoch, max_attempts, soft_limit_s,
	hard_limit_s, trace, batch_id)
    SELECT u.shop_id, u.queue_id, u.kind, u.args::jsonb, u.priority,
	u.unique_key, CASE WHEN u.delay_ms > 0 THEN 'scheduled'
	    ELSE 'available' END::job_state,
	now() + make_interval(secs => greatest(u.delay_ms, 0) / 1000.0),
	u.epoch, u.attempts, u.soft_s, u.hard_s, $12::bytea, $13::bigint
    FROM unnest($1::bigint[], $2::smallint[], $3::text[], $4::text[],
	$5::smallint[], $6::bytea[], $7::bigint[], $8::int[], $9::smallint[],
	$10::int[], $11::int[]) u(shop_id, queue_id, kind, args, priority,
	unique_key, delay_ms, epoch, attempts, soft_s, hard_s)
    ORDER BY u.unique_key
    ON CONFLICT (unique_key) WHERE unique_key IS NOT NULL DO NOTHING
    RETURNING 1)
SELECT count(*) FROM i;

-- name: job_parents_hold
-- Those of a job's parents that are live, held until the end of the
-- transaction and told that somebody waits. Uses the primary key. $1 shop,
-- $2 ids.
UPDATE job j SET has_children = true
FROM (SELECT id FROM job WHERE shop_id = $1::bigint
	AND id = ANY ($2::bigint[]) ORDER BY id FOR UPDATE) p
WHERE j.id = p.id AND shop_id = $1 RETURNING j.id;

-- name: job_parents_failed
-- Of parents that are not live: the first that has not completed, and what
-- became of it ('not known' when nobody knows). Uses job_done's index on id.
-- $1 shop, $2 ids.
SELECT u.id, coalesce(o.outcome, 'not known') FROM unnest($2::bigint[]) u(id)
LEFT JOIN LATERAL (SELECT outcome::text FROM job_done
    WHERE shop_id = $1::bigint
	AND id = u.id LIMIT 1) o ON true
WHERE o.outcome IS DISTINCT FROM 'completed' ORDER BY u.id LIMIT 1;

-- name: job_dep_put
-- A job waits for others. Adds rows only. $1 parents, $2 child, $3 whether any
-- end will do.
INSERT INTO job_dep (parent, child, any_end)
SELECT p, $2::bigint, $3::bool FROM unnest($1::bigint[]) p;

-- name: job_untie
-- Children of parents that have failed, and what is left of ties. Gives how many
-- were cancelled and how many wait for fewer now. Reads job_dep, which holds ties of
-- live jobs only; uses the primary keys. $1 at most.
SELECT cancelled, freed FROM job_untie($1::int);
