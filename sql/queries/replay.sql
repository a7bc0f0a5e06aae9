-- Dead letters, put once more (queue.md 4).

-- name: replay_count
-- How many there are that were not replayed. Uses job_done's indexes: of dead
-- ones by queue, or by shop. $1 shop or null, $2 queue or null, $3 kind or null,
-- $4 and $5 from and until when they ended, or null, $6 kinds that there are.
SELECT count(*) FROM job_done
WHERE ($1::bigint IS NULL OR shop_id = $1)
	AND outcome = 'dead' AND replay_id IS NULL
	AND ($2::smallint IS NULL OR queue_id = $2::smallint)
	AND ($3::text IS NULL OR kind = $3::text)
	AND ($4::timestamptz IS NULL OR finished_at >= $4::timestamptz)
	AND ($5::timestamptz IS NULL OR finished_at < $5::timestamptz)
	AND kind = ANY ($6::text[]);

-- name: replay_put
-- Put some of them once more, the oldest first, and note that on each: a rival
-- waits for the row and then passes it by. Gives the new jobs' ids. Uses
-- job_done's indexes, and job_unique_key. $1 to $5 as replay_count, $6 one of
-- them or null; arrays of one length, of the kinds that there are: $7 words,
-- $8 attempts, $9 soft and $10 hard limits in seconds; then $11 at most,
-- $12 how many were put before, $13 seconds between two, $14 priority.
WITH d AS MATERIALIZED (SELECT * FROM job_done
    WHERE ($1::bigint IS NULL OR shop_id = $1)
	AND outcome = 'dead' AND replay_id IS NULL
	AND ($2::smallint IS NULL OR queue_id = $2::smallint)
	AND ($3::text IS NULL OR kind = $3::text)
	AND ($4::timestamptz IS NULL OR finished_at >= $4::timestamptz)
	AND ($5::timestamptz IS NULL OR finished_at < $5::timestamptz)
	AND ($6::bigint IS NULL OR id = $6::bigint)
	AND kind = ANY ($7::text[])
    ORDER BY finished_at, id LIMIT $11::int FOR UPDATE),
n AS (SELECT d.*, k.attempts, k.soft_s, k.hard_s, $13::float8
	* (row_number() OVER (ORDER BY d.finished_at, d.id) - 1 + $12::bigint)
	AS delay_s
    FROM d JOIN unnest($7::text[], $8::smallint[], $9::int[], $10::int[])
	k(kind, attempts, soft_s, hard_s) USING (kind)),
i AS (INSERT INTO job (shop_id, queue_id, kind, args, shop_epoch, trace,
	unique_key, priority, max_attempts, soft_limit_s, hard_limit_s, state,
	run_at)
    SELECT shop_id, queue_id, kind, coalesce(args, '{}'), shop_epoch, trace,
	convert_to('replay:' || id, 'UTF8'), $14::smallint, attempts, soft_s,
	hard_s, CASE WHEN delay_s > 0 THEN 'scheduled'
	    ELSE 'available' END::job_state,
	now() + make_interval(secs => delay_s)
    FROM n ORDER BY finished_at, n.id
    ON CONFLICT (unique_key) WHERE unique_key IS NOT NULL DO NOTHING
    RETURNING id, substr(convert_from(unique_key, 'UTF8'), 8)::bigint AS old)
UPDATE job_done o SET replay_id = i.id FROM i JOIN d ON d.id = i.old
WHERE o.id = d.id AND o.finished_at = d.finished_at RETURNING i.id;

-- name: replay_find
-- What became of a job, its kind, and the job that replays it. Uses job_done's
-- index on id. $1 shop or null, $2 id.
SELECT outcome::text, kind, replay_id FROM job_done
WHERE ($1::bigint IS NULL OR shop_id = $1)
	AND id = $2::bigint;

-- name: retry_now
-- One that waits for its time is due. Uses the primary key. $1 shop or null,
-- $2 id.
UPDATE job SET state = 'available', run_at = now()
WHERE ($1::bigint IS NULL OR shop_id = $1)
	AND id = $2::bigint AND state = 'scheduled' RETURNING id;

-- name: retry_state
-- Why it was not. Uses the primary key. $1 shop or null, $2 id.
SELECT state::text FROM job
WHERE ($1::bigint IS NULL OR shop_id = $1)
	AND id = $2::bigint;
