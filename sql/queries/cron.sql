-- Schedules. The instants are computed in C (base/cron.h) from the database's
-- clock, and moved on by whoever comes first (queue.md 4).

-- name: clock_now
-- The database's time, in whole seconds. Reads no table.
SELECT floor(extract(epoch FROM clock_timestamp()))::bigint;

-- name: cron_save
-- Make a schedule, or make it so. Its pause stays, and so do time and zone that
-- an operator changed, and the next time where neither is another. No row: the
-- name is another owner's. Uses the primary key. $1 shop, $2 name, $3 owner,
-- $4 queue, $5 kind, $6 args, $7 spec, $8 zone, $9 priority, $10 its next time.
INSERT INTO cron AS c (shop_id, name, owner, queue_id, kind, args, spec, tz,
	priority, next_at)
VALUES ($1::bigint, $2::text, $3::text, $4::smallint, $5::text, $6::jsonb,
	$7::text, $8::text, $9::smallint, to_timestamp($10::bigint))
ON CONFLICT (name) DO UPDATE SET shop_id = excluded.shop_id,
	queue_id = excluded.queue_id, kind = excluded.kind,
	args = excluded.args, priority = excluded.priority,
	spec = CASE WHEN c.changed THEN c.spec ELSE excluded.spec END,
	tz = CASE WHEN c.changed THEN c.tz ELSE excluded.tz END,
	next_at = CASE WHEN c.changed OR (c.spec = excluded.spec
	    AND c.tz = excluded.tz) THEN c.next_at ELSE excluded.next_at END
	WHERE c.owner = excluded.owner
RETURNING name;

-- name: cron_keep
-- Drop the owner's schedules that are not among these. Reads the whole table,
-- which is small. $1 owner, $2 names.
DELETE FROM cron WHERE owner = $1::text AND name <> ALL ($2::text[]);

-- name: cron_list
-- All schedules that the caller may see, or the one of a name. Reads the whole
-- table, which is small. $1 name or null.
SELECT name, owner, spec, tz, kind, shop_id, args, priority, paused, changed,
	extract(epoch FROM next_at)::bigint,
	extract(epoch FROM fired_at)::bigint, job_id
FROM cron WHERE $1::text IS NULL OR name = $1::text ORDER BY name;

-- name: cron_change
-- An operator's own time for it. Uses the primary key. $1 name, $2 spec,
-- $3 zone, $4 the next time.
UPDATE cron SET spec = $2::text, tz = $3::text,
	next_at = to_timestamp($4::bigint), changed = owner <> 'operator'
WHERE name = $1::text RETURNING name;

-- name: cron_pause
-- Nothing is fired any more. Uses the primary key. $1 name.
UPDATE cron SET paused = true WHERE name = $1::text RETURNING name;

-- name: cron_resume
-- It begins with its next time. Uses the primary key. $1 name, $2 that.
UPDATE cron SET paused = false, next_at = CASE WHEN paused
	THEN to_timestamp($2::bigint) ELSE next_at END
WHERE name = $1::text RETURNING name;

-- name: cron_run
-- Due at once, unless it is paused. Uses the primary key. $1 name.
UPDATE cron SET next_at = least(next_at, date_trunc('second', now()))
WHERE name = $1::text AND NOT paused RETURNING name;

-- name: cron_drop
-- It is no more. Uses the primary key. $1 name.
DELETE FROM cron WHERE name = $1::text RETURNING name;

-- name: cron_due
-- What is due, the longest first, and how late it is. Reads the whole table,
-- which is small. $1 at most, $2 the kinds that we know.
SELECT name, spec, tz, kind, extract(epoch FROM next_at)::bigint,
	extract(epoch FROM clock_timestamp() - next_at)::float8
FROM cron WHERE NOT paused AND next_at <= now() AND kind = ANY ($2::text[])
ORDER BY next_at LIMIT $1::int;

-- name: cron_fire
-- Move a schedule to its next time and put its job, in one; no row when another
-- jobd did so first. There is no job when the one before has not begun. Gives
-- the job's id or null. Uses the primary keys and job_unique_key. $1 name, $2 the
-- time that is due, $3 the next, $4 the job's unique key, $5 its attempts,
-- $6 and $7 its limits in seconds.
WITH due AS MATERIALIZED (SELECT * FROM cron
    WHERE name = $1::text AND next_at = to_timestamp($2::bigint)
	AND NOT paused FOR UPDATE),
j AS (INSERT INTO job (shop_id, queue_id, kind, args, priority, unique_key,
	max_attempts, soft_limit_s, hard_limit_s, shop_epoch)
    SELECT d.shop_id, d.queue_id, d.kind, d.args, d.priority, $4::bytea,
	$5::smallint, $6::int, $7::int, coalesce((SELECT epoch FROM shop s
	    WHERE s.shop_id = d.shop_id), 0)
    FROM due d WHERE NOT EXISTS (SELECT 1 FROM job o WHERE o.id = d.job_id
	AND o.state <> 'running' AND o.attempt = 0)
    ON CONFLICT (unique_key) WHERE unique_key IS NOT NULL DO NOTHING
    RETURNING id)
UPDATE cron c SET next_at = to_timestamp($3::bigint),
	job_id = coalesce((SELECT id FROM j), c.job_id),
	fired_at = CASE WHEN EXISTS (SELECT 1 FROM j) THEN now()
	    ELSE c.fired_at END
FROM due WHERE c.name = due.name RETURNING (SELECT id FROM j);
