-- Schedules that know whose they are, batches that end once, jobs that wait for
-- others whatever becomes of them, one job a period, and dead letters that are
-- replayed once (queue.md 4).
SET search_path = stockroom;

ALTER TABLE cron ADD priority smallint NOT NULL DEFAULT 4
	CHECK (priority BETWEEN 0 AND 9);
ALTER TABLE cron ADD owner text NOT NULL DEFAULT 'operator'
	CHECK (owner IN ('stockroom', 'file', 'operator'));
ALTER TABLE cron ADD changed boolean NOT NULL DEFAULT false;
ALTER TABLE cron ADD job_id bigint;
ALTER TABLE cron ADD fired_at timestamptz;
SELECT describe_table('cron', $$
	priority: none; of the job it puts
	owner: none; who makes and drops it: stockroom, file or operator
	changed: none; its spec is an operator's, not its owner's
	job_id, fired_at: none; the job it put last, and when
$$);

ALTER TABLE job_batch ADD created_at timestamptz NOT NULL DEFAULT now();
ALTER TABLE job_batch ADD cancelled_at timestamptz;
ALTER TABLE job_batch ADD finished_at timestamptz;
ALTER TABLE job_batch ADD callback_priority smallint NOT NULL DEFAULT 4
	CHECK (callback_priority BETWEEN 0 AND 9);
ALTER TABLE job_batch ADD callback_attempts smallint NOT NULL DEFAULT 10;
ALTER TABLE job_batch ADD callback_soft_s int NOT NULL DEFAULT 60;
ALTER TABLE job_batch ADD callback_hard_s int NOT NULL DEFAULT 90;
SELECT describe_table('job_batch', $$
	created_at, cancelled_at, finished_at: none; the database's clock
	callback_priority, callback_attempts: none; as in job
	callback_soft_s, callback_hard_s: none; as in job
$$);
-- For cancelling a batch. It holds jobs of batches only, and no column of it is
-- ever changed, so others' claims and settlements do not meet it.
CREATE INDEX job_batch_jobs ON job (batch_id) WHERE batch_id IS NOT NULL;

ALTER TABLE job_dep ADD any_end boolean NOT NULL DEFAULT false;
CREATE INDEX job_dep_child ON job_dep (child);
SELECT describe_table('job_dep', $$
	any_end: none; the child runs whatever became of the parent
$$);

ALTER TABLE job_done ADD replay_id bigint;
SELECT describe_table('job_done', $$
	replay_id: none; the job that was put to do it once more
$$);

-- One job of a name in so many seconds, ended ones counted.
CREATE TABLE job_period (
	shop_id bigint NOT NULL,
	key bytea NOT NULL,
	until timestamptz NOT NULL,
	PRIMARY KEY (shop_id, key)
);
CREATE INDEX job_period_until ON job_period (until); -- retention
SELECT queue_table('job_period', $$
	shop_id: none; as in job
	key: none; as unique_key in job
	until: none; the next may be put then
$$);
