-- Webhooks: what came in, once; what it says has changed; which subscriptions
-- there are. (shopify.md 3, design.md 5.)
--
-- The door (stockroom_webhooks) only puts rows: webhook_seen makes a delivery
-- single, webhook holds it, sealed by a key that the door cannot open again.
-- The job webhook_apply opens it, seals it anew under its data subject's key,
-- and notes in `changed` what is to be read again. webhook_body makes a body
-- single within an installation: the delivery id is an unsigned header.
SET search_path = stockroom;

CREATE OR REPLACE FUNCTION part_tables() RETURNS text[]
LANGUAGE sql IMMUTABLE AS $$ SELECT ARRAY['job_done', 'webhook'] $$;

CREATE TABLE webhook (
	shop_id bigint NOT NULL,
	id uuid NOT NULL,
	received_at timestamptz NOT NULL DEFAULT now(),
	domain text NOT NULL,
	topic text NOT NULL,
	webhook_id text,
	event_id text,
	api_version text,
	triggered_at timestamptz,
	shop_epoch int NOT NULL DEFAULT 0,
	trace bytea,
	body_sha256 bytea NOT NULL,
	body_bytes int NOT NULL,
	body bytea,
	inbox_id int,
	subject_kind char(1) CHECK (subject_kind IN ('c', 'o', 's')),
	subject_id bigint,
	state text NOT NULL DEFAULT 'kept' CHECK (state IN ('kept', 'applied',
	    'ignored', 'duplicate', 'unreadable', 'failed')),
	reason text,
	applied_at timestamptz,
	PRIMARY KEY (shop_id, received_at, id)
) PARTITION BY RANGE (received_at);
ALTER TABLE webhook ALTER body SET STORAGE EXTERNAL;
CREATE INDEX webhook_inbox ON webhook (inbox_id) WHERE inbox_id IS NOT NULL;
CREATE INDEX webhook_id ON webhook (shop_id, id); -- one, by the API and its job
CREATE TABLE webhook_x PARTITION OF webhook DEFAULT;
ALTER TABLE webhook_x ENABLE ROW LEVEL SECURITY;
SELECT tenant_table('webhook', $$
	shop_id: none; the shop the header's domain stood for, 0 = none we know
	id: none; ours, UUIDv7
	received_at: none; when the door kept it
	domain, topic, webhook_id, event_id, api_version, triggered_at: none; headers
	shop_epoch: none; the shop's epoch then: work from before a reinstall dies
	trace: none; the request
	body_sha256, body_bytes: none; of the body as it came
	body: sealed; by the inbox key, then by its data subject's or the shop's
	inbox_id: none; the inbox pair that seals it; NULL once it is sealed anew
	subject_kind, subject_id: none; whose key seals it then; s = the shop's own
	state: none; kept, applied, ignored, duplicate, unreadable or failed
	reason: none; our sentence on the state
	applied_at: none; when the state was noted
$$);
SELECT tenant_ingest('webhook', 'stockroom_webhooks');

CREATE TABLE webhook_seen (
	shop_id bigint NOT NULL,
	key bytea NOT NULL,
	seen_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (shop_id, key)
);
CREATE INDEX webhook_seen_at ON webhook_seen (seen_at); -- retention
SELECT tenant_table('webhook_seen', $$
	shop_id: none; as in webhook
	key: none; SHA-256 of domain and delivery id
	seen_at: none; kept seven days and more
$$);
SELECT tenant_ingest('webhook_seen', 'stockroom_webhooks');

CREATE TABLE webhook_body (
	shop_id bigint NOT NULL,
	key bytea NOT NULL,
	seen_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (shop_id, key)
);
CREATE INDEX webhook_body_at ON webhook_body (seen_at); -- retention
SELECT tenant_table('webhook_body', $$
	shop_id: none; the shop
	key: none; SHA-256 of topic, install epoch and body
	seen_at: none; kept thirty days
$$);

-- What webhooks said has changed and nobody has read again yet.
CREATE TABLE changed (
	shop_id bigint NOT NULL,
	type text NOT NULL CHECK (type IN ('products', 'orders', 'customers')),
	id bigint NOT NULL,
	noted_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (shop_id, type, id)
);
SELECT tenant_table('changed', $$
	shop_id, type, id: none; which object of which shop
	noted_at: none; when the first webhook said so
$$);

-- Subscriptions as Shopify has them, of the last comparison.
CREATE TABLE subscription (
	shop_id bigint NOT NULL,
	topic text NOT NULL,
	gid text NOT NULL,
	uri text NOT NULL,
	made_at timestamptz NOT NULL DEFAULT now(),
	seen_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (shop_id, topic)
);
SELECT tenant_table('subscription', $$
	shop_id, topic: none; which
	gid: none; Shopify's id of it
	uri: none; where it delivers
	made_at, seen_at: none; ours
$$);

-- The public halves of the inbox's keys; the private ones lie in the keyring.
-- The door seals with the newest that is not retired.
CREATE TABLE inbox_public (
	id int PRIMARY KEY,
	public bytea NOT NULL CHECK (length(public) = 32),
	created_at timestamptz NOT NULL DEFAULT now()
);
SELECT describe_table('inbox_public', $$
	id: none; the keyring's number of the pair
	public: none; X25519
	created_at: none; when
$$);
