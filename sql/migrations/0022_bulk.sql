-- Pulls in bulk: how far a part's operation at Shopify and the reading of its
-- file have come, and what a file leaves to be done.
SET search_path = stockroom;

ALTER TABLE pull_part
	ADD mode text NOT NULL DEFAULT 'paged'
	    CHECK (mode IN ('paged', 'bulk', 'auto')),
	ADD bulk_id text,
	ADD bulk_status text,
	ADD bulk_look timestamptz,
	ADD bulk_tries int NOT NULL DEFAULT 0,
	ADD bulk_objects bigint,
	ADD bulk_roots bigint,
	ADD file_bytes bigint,
	ADD read_bytes bigint NOT NULL DEFAULT 0,
	ADD read_lines bigint NOT NULL DEFAULT 0;
SELECT describe_table('pull_part', $$
	mode: none; paged or bulk; auto until it was counted
	bulk_id: none; Shopify's, of the operation under way
	bulk_status: none; as Shopify said last
	bulk_look: none; when the operation began: what is gone since stays so
	bulk_tries: none; how many operations were begun for it
	bulk_objects, bulk_roots: none; by Shopify's count: lines, and those without a parent
	file_bytes: none; the file's length, by Shopify's word
	read_bytes, read_lines: none; of the file, with what was in them kept
$$);
CREATE INDEX pull_part_bulk ON pull_part (shop_id, bulk_id)
	WHERE bulk_id IS NOT NULL;

-- parent: its children may still come; child: its parent has not come yet;
-- refund: its lines must be asked for; short: read it again, children are
-- missing.
CREATE TABLE bulk_left (
	shop_id bigint NOT NULL,
	pull_id uuid NOT NULL,
	resource text NOT NULL,
	kind text NOT NULL CHECK (kind IN
	    ('parent', 'child', 'refund', 'short')),
	id bigint NOT NULL,
	updated_at timestamptz,
	subject_kind char(1) CHECK (subject_kind IN ('c', 'o')),
	subject_id bigint,
	wanted bigint,
	got bigint,
	line bytea,
	PRIMARY KEY (shop_id, pull_id, resource, kind, id),
	FOREIGN KEY (shop_id, pull_id) REFERENCES pull ON DELETE CASCADE
);
ALTER TABLE bulk_left ALTER line SET STORAGE EXTERNAL;
SELECT tenant_table('bulk_left', $$
	shop_id, pull_id, resource: none; of which part of which pull
	kind: none; parent, child, refund or short
	id: none; Shopify's number; a child's is where its line begins
	updated_at: none; Shopify's time of the parent
	subject_kind, subject_id: none; whose data it is
	wanted, got: none; children by the parent's own count, and those that came
	line: sealed; a child as it came, under the shop's key
$$);
