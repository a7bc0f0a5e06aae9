-- What became of each attempt of a job that was followed by another: the job's
-- own row keeps the last error alone. jobd writes them together, once a second.
SET search_path = stockroom;

CREATE TABLE job_attempt (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	job_id bigint NOT NULL,
	shop_id bigint NOT NULL DEFAULT 0,
	attempt smallint NOT NULL,
	became text NOT NULL,
	at timestamptz NOT NULL DEFAULT now(),
	error text
);
CREATE INDEX job_attempt_job ON job_attempt (job_id, id);
CREATE INDEX job_attempt_shop ON job_attempt (shop_id, at); -- redaction, retention
SELECT queue_table('job_attempt', $$
	id, job_id, shop_id, attempt: none; as in job
	became: none; retry, lost or suspect
	at: none; when
	error: free text; why it failed
$$);
