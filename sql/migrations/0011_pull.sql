-- Pulls: what was asked for, and how far each resource has come. A pull ends
-- completed only when every part says so.
SET search_path = stockroom;

CREATE TABLE pull (
	shop_id bigint NOT NULL,
	id uuid NOT NULL,
	mode text NOT NULL CHECK (mode IN ('paged', 'bulk', 'auto')),
	state text NOT NULL DEFAULT 'queued' CHECK (state IN
	    ('queued', 'running', 'completed', 'failed', 'cancelled')),
	resources text[] NOT NULL,
	since timestamptz,
	filter text,
	shop_epoch int NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now(),
	started_at timestamptz,
	finished_at timestamptz,
	error text,
	asked_by text,
	trace bytea,
	PRIMARY KEY (shop_id, id)
);
CREATE INDEX pull_created ON pull (shop_id, created_at DESC);
SELECT tenant_table('pull', $$
	shop_id, id: none; ours, UUIDv7
	mode: none; paged, bulk or auto
	state: none; queued, running, completed, failed or cancelled
	resources: none; products, orders, customers, transactions
	since: none; only what changed from then on
	filter: free text; a search in Shopify's syntax, as the caller wrote it
	shop_epoch: none; the shop's epoch when it was asked for
	created_at, started_at, finished_at: none; ours
	error: none; our sentence, for people
	asked_by: none; kind and id of the caller: key, session, user or schedule
	trace: none; the request that asked
$$);
SELECT tenant_reader('pull');

CREATE TABLE pull_part (
	shop_id bigint NOT NULL,
	pull_id uuid NOT NULL,
	resource text NOT NULL,
	state text NOT NULL DEFAULT 'queued' CHECK (state IN
	    ('queued', 'running', 'completed', 'failed', 'cancelled')),
	cursor text,
	window_from timestamptz,
	page_size int NOT NULL DEFAULT 0,
	pages int NOT NULL DEFAULT 0,
	done bigint NOT NULL DEFAULT 0,
	total bigint,
	children jsonb NOT NULL DEFAULT '{}',
	cost_points bigint NOT NULL DEFAULT 0,
	error text,
	started_at timestamptz,
	finished_at timestamptz,
	PRIMARY KEY (shop_id, pull_id, resource),
	FOREIGN KEY (shop_id, pull_id) REFERENCES pull ON DELETE CASCADE
) WITH (fillfactor = 70);
SELECT tenant_table('pull_part', $$
	shop_id, pull_id, resource: none; which part of which pull
	state: none; as the pull's
	cursor: none; Shopify's, after the last page that was kept
	window_from: none; the start of the window being read, where windowed
	page_size: none; what the next page asks for; 0 = not tried yet
	pages, done, total: none; counts; total is Shopify's own, NULL = unknown
	children: none; counts by kind of child
	cost_points: none; what it has cost
	error: none; our sentence, for people
	started_at, finished_at: none; ours
$$);
SELECT tenant_reader('pull_part');
