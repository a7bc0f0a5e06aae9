-- Handlers of handlers.conf: how they fared, and what programs gave back.

-- name: handler_done
-- A run went well. Uses the primary key. $1 name, $2 job.
INSERT INTO handler AS h (name, last_job, done) VALUES ($1::text, $2::bigint, 1)
ON CONFLICT (name) DO UPDATE SET last_at = now(), last_job = excluded.last_job,
	done = h.done + 1, failing_since = NULL, error = NULL;

-- name: handler_fail
-- A run failed. It is switched off for a reason, or for having failed for so
-- many days; gives whether that happened now, and how long it has failed, in
-- seconds. Uses the primary key. $1 name, $2 job, $3 error, $4 the reason or
-- null, $5 days; 0 = never.
INSERT INTO handler AS h (name, last_job, failed, failing_since, error, off_at,
	off_reason)
VALUES ($1::text, $2::bigint, 1, now(), $3::text,
	CASE WHEN $4::text IS NOT NULL THEN now() END, $4::text)
ON CONFLICT (name) DO UPDATE SET last_at = now(), last_job = excluded.last_job,
	failed = h.failed + 1, error = excluded.error,
	failing_since = coalesce(h.failing_since, now()),
	off_at = coalesce(h.off_at, CASE WHEN $4::text IS NOT NULL
	    OR $5::int > 0 AND h.failing_since
		< now() - make_interval(days => $5::int) THEN now() END),
	off_reason = coalesce(h.off_reason, $4::text, CASE WHEN $5::int > 0
	    AND h.failing_since < now() - make_interval(days => $5::int)
	    THEN format('it has failed for %s days: %s', $5::int, $3::text) END)
RETURNING off_at = now(), extract(epoch FROM now() - failing_since)::bigint;

-- name: handler_off
-- Since when and why it is switched off; no row when it is not. Uses the
-- primary key. $1 name.
SELECT to_char(off_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
	off_reason
FROM handler WHERE name = $1::text AND off_at IS NOT NULL;

-- name: handler_on
-- Switched on again, with five days ahead. Uses the primary key. $1 name.
UPDATE handler SET off_at = NULL, off_reason = NULL, failing_since = NULL
WHERE name = $1::text AND off_at IS NOT NULL RETURNING name;

-- name: handler_list
-- How all fared. Reads the table, which has a row a handler.
SELECT name, extract(epoch FROM last_at)::bigint, last_job, done, failed,
	extract(epoch FROM failing_since)::bigint, error,
	extract(epoch FROM off_at)::bigint, off_reason
FROM handler ORDER BY name;

-- name: handler_result_put
-- What a program gave back; a later run of the job's takes the place. Uses the
-- primary key. $1 shop, $2 job, $3 handler, $4 bytes, $5 cut, $6 whose key:
-- kind and $7 id, $8 sealed.
INSERT INTO handler_result AS r (shop_id, id, handler, bytes, cut,
	subject_kind, subject_id, sealed)
VALUES ($1::bigint, $2::bigint, $3::text, $4::bigint, $5::bool, $6::char(1),
	$7::bigint, $8::bytea)
ON CONFLICT (shop_id, id) DO UPDATE SET at = now(),
	handler = excluded.handler, bytes = excluded.bytes, cut = excluded.cut,
	subject_kind = excluded.subject_kind, subject_id = excluded.subject_id,
	sealed = excluded.sealed WHERE r.shop_id = $1;

-- name: handler_result_load
-- One of them. Uses the primary key. $1 shop, $2 job.
SELECT handler, bytes, cut, subject_kind, subject_id, sealed,
	extract(epoch FROM at)::bigint
FROM handler_result WHERE shop_id = $1::bigint AND id = $2::bigint;

-- name: handler_result_prune
-- What is older than so many days; all shops. Uses handler_result_at. $1 days.
DELETE FROM handler_result WHERE at < now() - make_interval(days => $1::int);

-- name: handler_webhook
-- A delivery as a handler gets it. Uses the primary key of one day.
-- $1 shop, $2 received at, $3 id.
SELECT w.domain, w.topic, w.webhook_id, w.event_id, w.api_version,
	to_char(w.triggered_at AT TIME ZONE 'UTC',
	    'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
	to_char(w.received_at AT TIME ZONE 'UTC',
	    'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
	w.body, w.inbox_id, w.subject_kind, w.subject_id, w.shop_epoch
FROM webhook w WHERE w.shop_id = $1::bigint AND w.received_at = $2::timestamptz
	AND w.id = $3::uuid;

-- name: handler_due
-- When a schedule's job was put. Uses the primary key. $1 shop, $2 job.
SELECT to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
FROM job WHERE shop_id = $1::bigint AND id = $2::bigint;
