-- What the operator looks at: jobs live and ended as one list, what happened
-- in each minute, which alerts stand, and what each jobd's children do.
SET search_path = stockroom;

-- Ended ones in two parts: the few that did not complete have an index of
-- their own. A list takes a page of each part by id; job_seen is all of them.
CREATE INDEX job_done_bad ON job_done (id) WHERE outcome <> 'completed';
CREATE VIEW job_live WITH (security_invoker = true) AS
SELECT id, queue_id, shop_id, kind, state::text AS state, priority, attempt,
	max_attempts, args, error, trace, created_at, run_at, started_at,
	NULL::timestamptz AS finished_at, NULL::jsonb AS result, batch_id,
	cancel_at, worker_id
FROM job;
CREATE VIEW job_bad WITH (security_invoker = true) AS
SELECT id, queue_id, shop_id, kind, outcome::text AS state,
	NULL::smallint AS priority, attempt, NULL::smallint AS max_attempts,
	args, error, trace, created_at, NULL::timestamptz AS run_at, started_at,
	finished_at, result, batch_id, NULL::timestamptz AS cancel_at,
	NULL::bigint AS worker_id
FROM job_done WHERE outcome <> 'completed';
CREATE VIEW job_good WITH (security_invoker = true) AS
SELECT id, queue_id, shop_id, kind, outcome::text AS state,
	NULL::smallint AS priority, attempt, NULL::smallint AS max_attempts,
	args, error, trace, created_at, NULL::timestamptz AS run_at, started_at,
	finished_at, result, batch_id, NULL::timestamptz AS cancel_at,
	NULL::bigint AS worker_id
FROM job_done WHERE outcome = 'completed';
CREATE VIEW job_seen WITH (security_invoker = true) AS
SELECT * FROM job_live UNION ALL SELECT * FROM job_bad
UNION ALL SELECT * FROM job_good;

-- What jobds did in each minute; each adds its share every 10 s.
CREATE TABLE job_minute (
	minute timestamptz NOT NULL,
	queue text NOT NULL,
	kind text NOT NULL,
	claimed bigint NOT NULL DEFAULT 0,
	completed bigint NOT NULL DEFAULT 0,
	dead bigint NOT NULL DEFAULT 0,
	cancelled bigint NOT NULL DEFAULT 0,
	retried bigint NOT NULL DEFAULT 0,
	wait_s float8 NOT NULL DEFAULT 0,
	ran bigint NOT NULL DEFAULT 0,
	run_s float8 NOT NULL DEFAULT 0,
	PRIMARY KEY (minute, queue, kind)
) WITH (fillfactor = 50);
SELECT describe_table('job_minute', $$
	minute, queue, kind: none; of what
	claimed, completed, dead, cancelled, retried: none; how many then
	wait_s: none; how long the claimed ones had been ready, summed
	ran, run_s: none; runs that ended, and how long they took, summed
$$);

-- One row an alert: whether it stands, and what was said of it.
CREATE TABLE alert (
	name text PRIMARY KEY CHECK (name IN ('dead', 'backlog')),
	firing bool NOT NULL DEFAULT false,
	since timestamptz,
	said_at timestamptz NOT NULL DEFAULT '-infinity',
	mark timestamptz NOT NULL DEFAULT now(),
	counted bigint NOT NULL DEFAULT 0,
	said bigint NOT NULL DEFAULT 0
);
SELECT describe_table('alert', $$
	name: none; which
	firing, since: none; whether it stands, and since when
	said_at: none; when the last message was put
	mark: none; dead letters up to here are all accounted for
	counted: none; how many behind mark have been told of
	said: none; how many messages there were, the number of the last
$$);
INSERT INTO alert (name) VALUES ('dead'), ('backlog');

ALTER TABLE worker ADD slots jsonb;
SELECT describe_table('worker', $$
	slots: none; how many children a pool has, by state; NULL: not yet said
$$);

INSERT INTO queue (id, name, max_running) VALUES (21, 'alerts', 4);
