-- The scope of a transaction: whose rows row-level security shows. It ends
-- with the transaction. Sent ahead of every query; no table, no index.

-- name: scope_set
-- No table. $1 the shop's number, 0 for none; $2 'on' for every shop, else ''.
SELECT set_config('app.shop_id', $1, true),
	set_config('app.every_shop', $2, true);
