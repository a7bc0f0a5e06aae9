-- Handlers: programs and addresses of handlers.conf, how they fared, and what
-- they gave back (handlers.conf(5)).
SET search_path = stockroom;

-- Beside the queues of ours, so that somebody else's program that takes its
-- time, or an address that does not answer, holds up nothing: half of jobd's
-- processes at its default for programs.
INSERT INTO queue (id, name, max_running, max_running_per_shop) VALUES
	(7, 'handlers', 2, 2), (8, 'forward', 64, 8);

-- A row a name that has run; what handlers.conf says of it is not here.
CREATE TABLE handler (
	name text PRIMARY KEY,
	last_at timestamptz NOT NULL DEFAULT now(),
	last_job bigint NOT NULL,
	done bigint NOT NULL DEFAULT 0,
	failed bigint NOT NULL DEFAULT 0,
	failing_since timestamptz,
	error text,
	off_at timestamptz,
	off_reason text
) WITH (fillfactor=50);
SELECT describe_table('handler', $$
	name: none; as in handlers.conf
	last_at, last_job: none; its last run that ended
	done, failed: none; counts
	failing_since: none; the first failure behind which nothing went well
	error: none; our sentence on the last failure, NULL after a good run
	off_at, off_reason: none; switched off: its jobs end dead
$$);

-- What a program wrote on its standard output.
CREATE TABLE handler_result (
	shop_id bigint NOT NULL,
	id bigint NOT NULL,
	handler text NOT NULL,
	at timestamptz NOT NULL DEFAULT now(),
	bytes bigint NOT NULL,
	cut boolean NOT NULL,
	subject_kind char(1) NOT NULL CHECK (subject_kind IN ('c', 'o', 's')),
	subject_id bigint NOT NULL,
	sealed bytea NOT NULL,
	PRIMARY KEY (shop_id, id)
);
ALTER TABLE handler_result ALTER sealed SET STORAGE EXTERNAL;
CREATE INDEX handler_result_at ON handler_result (at); -- retention
CREATE INDEX handler_result_subject -- redaction, the data package
	ON handler_result (shop_id, subject_kind, subject_id);
SELECT tenant_table('handler_result', $$
	shop_id, id, handler: none; the job's number, and whose run it was
	at: none; when it ended
	bytes, cut: none; how much it wrote, and whether that was too much
	subject_kind, subject_id: none; whose key seals it; s = the shop's own
	sealed: sealed; its output, 64 KB at most, in JSON
$$);
