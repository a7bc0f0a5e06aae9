-- How many live jobs each queue has, as a jobd counted them last: counting a
-- million takes half a second, which nobody who asks should wait for.
SET search_path = stockroom;

CREATE TABLE queue_level (
	queue_id smallint PRIMARY KEY,
	scheduled bigint NOT NULL,
	available bigint NOT NULL,
	running bigint NOT NULL,
	blocked bigint NOT NULL,
	oldest_at timestamptz,
	counted_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);
SELECT describe_table('queue_level', $$
	queue_id, scheduled, available, running, blocked: none; jobs by state
	oldest_at: none; the oldest that could run was due then
	counted_at: none; when
$$);
