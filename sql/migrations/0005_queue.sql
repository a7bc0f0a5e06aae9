-- The job table and what stands around it (queue.md 2). These tables are the
-- exception to "shop_id leads every key": they are claimed on one node, by
-- identity keys. Never add an index to job without measuring claims.
--
-- Beyond queue.md: job_note, what a handler writes down for people (32 KB a
-- job at most), and shop_id in job_progress and job_note, so that row-level
-- security and a shop's redaction reach them as they reach all the others.
SET search_path = stockroom;

CREATE TYPE job_state AS ENUM ('scheduled','available','running','blocked');
CREATE TYPE job_outcome AS ENUM ('completed','dead','cancelled');
CREATE TABLE queue (id smallint PRIMARY KEY, name text NOT NULL UNIQUE, paused boolean NOT NULL DEFAULT false,
  max_running int NOT NULL DEFAULT 64, max_running_per_shop int NOT NULL DEFAULT 4, rate_key text);
CREATE TABLE shop_limit (queue_id smallint, shop_id bigint, max_running_per_shop int NOT NULL, PRIMARY KEY (queue_id, shop_id)); -- 0 = shop paused
CREATE TABLE rate (key text PRIMARY KEY, tokens float8 NOT NULL, burst float8 NOT NULL, per_s float8 NOT NULL,
  at timestamptz NOT NULL DEFAULT now(), hold_until timestamptz NOT NULL DEFAULT '-infinity') WITH (fillfactor=50);
CREATE TABLE worker (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, host text, pid int, started_at timestamptz NOT NULL DEFAULT now(),
  lease_until timestamptz NOT NULL, idle boolean NOT NULL DEFAULT true) WITH (fillfactor=50);   -- one row per jobd; beats stay HOT
CREATE TABLE job (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, queue_id smallint NOT NULL REFERENCES queue,
  priority smallint NOT NULL DEFAULT 4 CHECK (priority BETWEEN 0 AND 9),
  state job_state NOT NULL DEFAULT 'available', run_again boolean NOT NULL DEFAULT false,
  shop_id bigint NOT NULL DEFAULT 0, kind text NOT NULL, args jsonb NOT NULL DEFAULT '{}', unique_key bytea,
  batch_id bigint, waiting_on smallint NOT NULL DEFAULT 0, has_children boolean NOT NULL DEFAULT false,
  run_at timestamptz NOT NULL DEFAULT now(), created_at timestamptz NOT NULL DEFAULT now(),
  epoch int NOT NULL DEFAULT 0, attempt smallint NOT NULL DEFAULT 0, crashes smallint NOT NULL DEFAULT 0,
  max_attempts smallint NOT NULL DEFAULT 10, soft_limit_s int NOT NULL DEFAULT 60, hard_limit_s int NOT NULL DEFAULT 90,
  worker_id bigint, started_at timestamptz, cancel_at timestamptz, error text,
  shop_epoch int NOT NULL DEFAULT 0, trace bytea, suspect boolean NOT NULL DEFAULT false
) WITH (fillfactor=80, autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=1000, autovacuum_vacuum_cost_delay=0,
        autovacuum_analyze_scale_factor=0, autovacuum_analyze_threshold=5000);
CREATE INDEX job_ready ON job (queue_id, shop_id, priority, run_at, id) WHERE state='available';
CREATE INDEX job_due   ON job (run_at) WHERE state='scheduled';
CREATE INDEX job_run   ON job (queue_id, shop_id, worker_id) WHERE state='running';
CREATE UNIQUE INDEX job_unique_key ON job (unique_key) WHERE unique_key IS NOT NULL;
CREATE TABLE job_done (id bigint NOT NULL, queue_id smallint NOT NULL, shop_id bigint NOT NULL, kind text NOT NULL, outcome job_outcome NOT NULL,
  args jsonb, result jsonb, error text, batch_id bigint, attempt smallint NOT NULL, epoch int NOT NULL, shop_epoch int NOT NULL, trace bytea,
  created_at timestamptz NOT NULL, started_at timestamptz, finished_at timestamptz NOT NULL DEFAULT now()) PARTITION BY RANGE (finished_at);
CREATE INDEX ON job_done (id); CREATE INDEX ON job_done (shop_id, finished_at); CREATE INDEX ON job_done (queue_id, finished_at) WHERE outcome='dead';
CREATE TABLE job_done_x PARTITION OF job_done DEFAULT;          -- safety net: a missing day never breaks a settlement
CREATE TABLE job_batch (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, shop_id bigint NOT NULL, total int NOT NULL DEFAULT 0,
  ok int NOT NULL DEFAULT 0, bad int NOT NULL DEFAULT 0, shop_epoch int NOT NULL DEFAULT 0, trace bytea, sealed boolean NOT NULL DEFAULT false, callback_queue_id smallint, callback_kind text) WITH (fillfactor=50);
CREATE TABLE job_dep (parent bigint NOT NULL, child bigint NOT NULL, PRIMARY KEY (parent, child));
CREATE TABLE job_progress (id bigint PRIMARY KEY, shop_id bigint NOT NULL DEFAULT 0, epoch int NOT NULL, done bigint, total bigint, note text, at timestamptz) WITH (fillfactor=50);
CREATE TABLE cron (name text PRIMARY KEY, shop_id bigint NOT NULL DEFAULT 0, queue_id smallint NOT NULL, kind text NOT NULL, args jsonb NOT NULL DEFAULT '{}',
  spec text NOT NULL, tz text NOT NULL DEFAULT 'UTC', paused boolean NOT NULL DEFAULT false, next_at timestamptz NOT NULL);

CREATE TABLE job_note (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	job_id bigint NOT NULL,
	shop_id bigint NOT NULL DEFAULT 0,
	at timestamptz NOT NULL DEFAULT clock_timestamp(),
	text text NOT NULL CHECK (octet_length(text) <= 32768)
);
CREATE INDEX job_note_job ON job_note (job_id, id);
CREATE INDEX job_note_shop ON job_note (shop_id, at); -- redaction, retention

SELECT describe_table('queue', $$
	id, name: none; ours
	paused: none; nothing starts while true
	max_running, max_running_per_shop: none; caps, exact
	rate_key: none; the row of rate that counts its starts
$$);
SELECT queue_table('shop_limit', $$
	queue_id, shop_id: none; whose cap in which queue
	max_running_per_shop: none; instead of the queue's; 0 = shop paused
$$);
SELECT describe_table('rate', $$
	key: none; a queue's or a provider's name
	tokens, burst, per_s: none; starts
	at: none; when tokens was so
	hold_until: none; a provider said wait
$$);
SELECT describe_table('worker', $$
	id: none; never used again once its lease is lost
	host, pid, started_at: none; which jobd
	lease_until: none; past it, its jobs are rescued
	idle: none; has room, so a wake-up is worth sending
$$);
SELECT queue_table('job', $$
	id, queue_id, priority, state: none; ours
	run_again: none; put once more while it ran
	shop_id: none; the shop, 0 for none
	kind: none; a row of the kind table
	args: none; ids and cursors only, 8 KB at most
	unique_key: none; SHA-256 of kind, shop and chosen args
	batch_id, waiting_on, has_children: none; batches and dependencies
	run_at, created_at, started_at, cancel_at: none; the database's clock
	epoch: none; the fence: raised at each claim and each return
	attempt, crashes, max_attempts, soft_limit_s, hard_limit_s: none; limits
	worker_id: none; the jobd that has it
	error: free text; why the last attempt failed
	shop_epoch: none; the shop's epoch when it was put
	trace: none; the request that put it
	suspect: none; one of several whose child died: runs alone
$$);
SELECT tenant_ingest('job', 'stockroom_webhooks');
SELECT queue_table('job_done', $$
	id, queue_id, shop_id, kind, outcome: none; as in job
	args: none; kept for dead and cancelled ones, so that they can be replayed
	result: free text; what the handler gave
	error: free text; why it ended so
	batch_id, attempt, epoch, shop_epoch, trace: none; as in job
	created_at, started_at, finished_at: none; the database's clock
$$);
SELECT queue_table('job_batch', $$
	id, shop_id: none; ours
	total, ok, bad: none; counts
	shop_epoch, trace: none; as in job
	sealed: none; no more jobs will be added
	callback_queue_id, callback_kind: none; put when all have ended
$$);
SELECT describe_table('job_dep', $$
	parent, child: none; ids in job
$$);
SELECT queue_table('job_progress', $$
	id, shop_id, epoch: none; as in job
	done, total: none; counts
	note: free text; one line for people
	at: none; when
$$);
SELECT queue_table('cron', $$
	name: none; the schedule's name
	shop_id, queue_id, kind, args: none; the job it puts
	spec, tz: none; when, as written
	paused, next_at: none; ours
$$);
SELECT queue_table('job_note', $$
	id, job_id, shop_id, at: none; ours
	text: free text; what the handler wrote down
$$);

-- A partition is reached through its parent only, whose policies hold. Read
-- directly it shows nothing but to the owner, who must move rows of the
-- default partition when a day is made late (part_ahead).
ALTER TABLE job_done_x ENABLE ROW LEVEL SECURITY;

INSERT INTO queue (id, name) VALUES (1, 'default'), (2, 'pulls'),
	(3, 'webhooks'), (4, 'tokens'), (5, 'ai'), (6, 'bulk');
