-- A shop that was forgotten may install the app again: its tombstone is lifted,
-- and stands again with the next shop/redact.
SET search_path = keyring;

ALTER TABLE tombstone ADD lifted_at timestamptz;
COMMENT ON COLUMN tombstone.lifted_at IS
	'personal: none; when the shop came back; NULL: it stands';
