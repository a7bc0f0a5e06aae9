-- Attempts of a job that were followed by another.

-- name: job_attempt_put
-- How some ended, at most a hundred a job. Uses job_attempt_job. Arrays of one
-- length: $1 shops, $2 jobs, $3 attempts, $4 what became of them, $5 errors.
INSERT INTO job_attempt (shop_id, job_id, attempt, became, error)
SELECT u.shop_id, u.job_id, u.attempt, u.became, u.error
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[])
	AS u (shop_id, job_id, attempt, became, error)
WHERE (SELECT count(*) FROM job_attempt a WHERE a.job_id = u.job_id) < 100;

-- name: job_attempt_list
-- Of a job, oldest first. Uses job_attempt_job. $1 shop, $2 job.
SELECT attempt, became, extract(epoch FROM at)::bigint, error FROM job_attempt
WHERE shop_id = $1::bigint AND job_id = $2::bigint ORDER BY id;

-- name: job_attempt_prune
-- Of jobs that ended so long ago that they are not kept either. Reads the whole
-- table; uses job's primary key. $1 days.
DELETE FROM job_attempt a WHERE a.at < now() - make_interval(days => $1::int)
	AND NOT EXISTS (SELECT 1 FROM job j WHERE j.id = a.job_id);
