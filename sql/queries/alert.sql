-- Alerts: whether each stands, and what was told of it.

-- name: alert_take
-- Both, locked until the transaction ends; none when another jobd is at them.
-- Gives name, firing, since, seconds since something was told, how many were
-- told. Reads the whole table, a row an alert.
SELECT name, firing, extract(epoch FROM since)::bigint,
	CASE WHEN isfinite(said_at)
	    THEN extract(epoch FROM now() - said_at) END::float8, said
FROM alert ORDER BY name FOR UPDATE SKIP LOCKED;

-- name: alert_dead
-- Dead letters that nobody was told of (an alert's own apart: those would never
-- end), and how many of all lie behind the mark
-- that alert_save will set: a minute ago, for a row may become visible as late
-- as its statement may take. Uses job_done's index of dead ones by queue.
SELECT n.behind - a.counted, n.late
FROM alert a CROSS JOIN LATERAL (
    SELECT coalesce(sum(x.behind), 0)::bigint AS behind,
	coalesce(sum(x.late), 0)::bigint AS late
    FROM queue q CROSS JOIN LATERAL (
	SELECT count(*) AS behind, count(*) FILTER (WHERE d.finished_at >
	    greatest(a.mark, now() - interval '1 minute')) AS late
	FROM job_done d WHERE d.queue_id = q.id AND d.outcome = 'dead'
	    AND d.kind <> 'alert'
	    AND d.finished_at > (SELECT mark FROM alert WHERE name = 'dead')) x) n
WHERE a.name = 'dead';

-- name: alert_save
-- Whether it stands now, whether something was told, and of the dead ones how
-- many behind the new mark are accounted for. Uses the primary key. $1 name,
-- $2 firing, $3 told, $4 accounted for or null.
UPDATE alert SET since = CASE WHEN NOT $2::bool THEN NULL
	ELSE coalesce(since, now()) END, firing = $2,
	said = said + $3::bool::int,
	said_at = CASE WHEN $3 THEN now() ELSE said_at END,
	counted = coalesce($4::bigint, counted),
	mark = CASE WHEN $4 IS NULL THEN mark
	    ELSE greatest(mark, now() - interval '1 minute') END
WHERE name = $1::text;
