-- What Shopify said is gone, and when: a page that was read before and is kept
-- after must not bring it back, whether or not there was a row to mark. Also
-- which orders came with their transactions only.
SET search_path = stockroom;

CREATE TABLE gone (
	shop_id bigint NOT NULL,
	type text NOT NULL CHECK (type IN ('products', 'orders', 'customers')),
	id bigint NOT NULL,
	at timestamptz NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (shop_id, type, id)
);
CREATE INDEX gone_at ON gone (at); -- retention
SELECT tenant_table('gone', $$
	shop_id, type, id: none; which object of which shop
	at: none; when we heard of it last; kept thirty days
$$);

ALTER TABLE orders ADD stub bool NOT NULL DEFAULT false;
SELECT describe_table('orders', $$
	stub: none; it came with its transactions only, no lines, no refunds
$$);
