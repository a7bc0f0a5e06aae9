-- The inbox's public halves; the private ones are the keyring's (keyring.sql).

-- name: inbox_public_newest
-- What the door seals with now. Uses the primary key.
SELECT id, public, created_at > now() - interval '1 hour'
FROM inbox_public ORDER BY id DESC LIMIT 1;

-- name: inbox_public_put
-- A new pair's public half. $1 id, $2 public.
INSERT INTO inbox_public (id, public) VALUES ($1::int, $2::bytea);

-- name: inbox_public_spent
-- Pairs before the newest that nothing kept is sealed by any more. Uses
-- webhook_inbox. A door may use a pair for two minutes after the next is made.
SELECT p.id FROM inbox_public p
WHERE p.id < (SELECT max(id) FROM inbox_public)
	AND EXISTS (SELECT 1 FROM inbox_public q WHERE q.id > p.id
	    AND q.created_at < now() - interval '5 minutes')
	AND NOT EXISTS (SELECT 1 FROM webhook w WHERE w.inbox_id = p.id);

-- name: inbox_public_drop
-- Forget a pair, after its private half is destroyed. Uses the primary key.
-- $1 id.
DELETE FROM inbox_public WHERE id = $1::int;
