# A shop with very many jobs beside many with few, for the tests of fairness.
# Sourced.
#	fair_begin        a thousand shops, and one more with the least number
#	fair_whale JOBS   that many of the one's
#	fair_small        three of each other's, run to their end
#	fair_wait         the 95th percentile of their wait in ms
#	fair_share        how many of the one's have ended meanwhile
. "${STOCKROOM_SRC:?}/tests/jobd.sh"

fair_begin()
{
	jobd_case
	sql <<-'EOT'
	UPDATE queue SET max_running = 4000 WHERE id = 1;
	INSERT INTO shop (shop_id, domain, name)
	SELECT n, 's' || n || '.myshopify.com', 'Shop ' || n
	FROM generate_series(1, 1001) n;
	EOT
	start
}

fair_whale()
{
	sql <<-EOT
	INSERT INTO job (queue_id, shop_id, shop_epoch, kind, args, soft_limit_s)
	SELECT 1, 1, 1, 'webhook_apply', '{"do": ""}', 10
	FROM generate_series(1, $1);
	VACUUM ANALYZE job;
	NOTIFY jobd;
	EOT
	await_sql t 'SELECT count(*) > 0 FROM job_done WHERE shop_id = 1'
}

fair_small()
{
	sql <<-'EOT'
	DELETE FROM job_done WHERE shop_id > 1;
	INSERT INTO job (queue_id, shop_id, shop_epoch, kind, args, soft_limit_s)
	SELECT 1, 2 + n % 1000, 1, 'webhook_apply', '{"do": ""}', 10
	FROM generate_series(1, 3000) n;
	NOTIFY jobd;
	EOT
	await_sql 3000 'SELECT count(*) FROM job_done WHERE shop_id > 1'
}

fair_wait()
{
	sql <<-'EOT'
	SELECT round(1000 * percentile_cont(0.95) WITHIN GROUP
	    (ORDER BY extract(epoch FROM started_at - created_at)))
	FROM job_done WHERE shop_id > 1;
	EOT
}

fair_share()
{
	sql <<-'EOT'
	SELECT count(*) FROM job_done a, (SELECT min(created_at) AS from_at,
	    max(started_at) AS to_at FROM job_done WHERE shop_id > 1) s
	WHERE a.shop_id = 1 AND a.started_at BETWEEN s.from_at AND s.to_at;
	EOT
}
