-- Who may do what: the whole of it. The runner sends this file as superuser,
-- in one transaction, after the migrations, every time. It takes all rights
-- from the run-time roles and gives what is written here; a test compares the
-- catalogue with these lines, so keep to GRANT ... ON ... TO ...;
-- (SEC-35). Rows are narrowed further by the policies of each table.
--
-- stockroom_backup reads by pg_read_all_data (roles.sql) and is not here.
SET search_path = stockroom;

REVOKE ALL ON ALL TABLES IN SCHEMA stockroom FROM PUBLIC, stockroom_auth,
	stockroom_webhooks, stockroom_events, stockroom_pulls, stockroom_ai,
	stockroom_ops, stockroom_jobd, stockroom_lookup, stockroom_reader;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA stockroom FROM PUBLIC, stockroom_auth,
	stockroom_webhooks, stockroom_events, stockroom_pulls, stockroom_ai,
	stockroom_ops, stockroom_jobd, stockroom_lookup, stockroom_reader;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA stockroom FROM PUBLIC, stockroom_auth,
	stockroom_webhooks, stockroom_events, stockroom_pulls, stockroom_ai,
	stockroom_ops, stockroom_jobd, stockroom_reader;
REVOKE ALL ON SCHEMA stockroom FROM PUBLIC, stockroom_auth,
	stockroom_webhooks, stockroom_events, stockroom_pulls, stockroom_ai,
	stockroom_ops, stockroom_jobd, stockroom_lookup, stockroom_reader;

-- The database: nobody but these comes in; only jobd makes temporary tables
-- (a bulk import copies into one).
DO $$
BEGIN
	EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
	EXECUTE format('GRANT CONNECT ON DATABASE %I TO stockroom_auth, '
	    'stockroom_webhooks, stockroom_events, stockroom_pulls, '
	    'stockroom_ai, stockroom_ops, stockroom_jobd, stockroom_reader, '
	    'stockroom_backup', current_database());
	EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO stockroom_jobd',
	    current_database());
END $$;
GRANT USAGE ON SCHEMA stockroom TO stockroom_auth, stockroom_webhooks, stockroom_events, stockroom_pulls, stockroom_ai, stockroom_ops, stockroom_jobd, stockroom_lookup, stockroom_reader;

-- lookup: what its find_* functions read.
GRANT SELECT (shop_id, domain, status, epoch, scopes, currency, iana_timezone, installed_at) ON shop TO stockroom_lookup;
GRANT SELECT (shop_id, id, hash, operator, user_id, created_at, seen_at, idle_until, expires_at, shop_epoch) ON session TO stockroom_lookup;
GRANT SELECT (shop_id, id, hash, scopes, operator, expires_at, last_used_at, revoked_at) ON api_key TO stockroom_lookup;
GRANT SELECT ON oauth_state TO stockroom_lookup;

-- Every program that answers callers: find who calls, by digest.
GRANT EXECUTE ON FUNCTION find_shop(text), find_key(bytea), find_session(bytea) TO stockroom_auth, stockroom_pulls, stockroom_ai, stockroom_ops;
-- jobd: a webhook's shop by its domain.
GRANT EXECUTE ON FUNCTION find_shop(text) TO stockroom_jobd;
-- Only the callback meets a state.
GRANT EXECUTE ON FUNCTION find_state(bytea) TO stockroom_auth;
-- They note that a session or key was used.
GRANT SELECT (shop_id, id, seen_at, idle_until, expires_at), UPDATE (seen_at, idle_until) ON session TO stockroom_pulls, stockroom_ai, stockroom_ops;
GRANT SELECT (shop_id, id, last_used_at), UPDATE (last_used_at) ON api_key TO stockroom_pulls, stockroom_ai, stockroom_ops;
-- Replies kept for a repeated POST.
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency TO stockroom_auth, stockroom_pulls, stockroom_ai, stockroom_ops;
-- Caches and door limits.
GRANT SELECT, INSERT, UPDATE, DELETE ON cache, rate_bucket TO stockroom_auth, stockroom_pulls, stockroom_ai, stockroom_ops, stockroom_jobd;
-- Is the schema the one this program was built for? (readyz, start)
GRANT SELECT ON migration TO stockroom_auth, stockroom_pulls, stockroom_ai, stockroom_ops, stockroom_jobd;

-- auth: installs shops, keeps their tokens, states, sessions and keys.
GRANT SELECT, INSERT, UPDATE ON shop TO stockroom_auth;
GRANT SELECT, INSERT, UPDATE, DELETE ON token, oauth_state, session, api_key TO stockroom_auth;
GRANT SELECT, INSERT, UPDATE ON shop_cost TO stockroom_auth;
-- auth puts jobs (first pull, subscriptions) and asks no more of the queue.
GRANT SELECT, INSERT, UPDATE (run_again, priority) ON job TO stockroom_auth;
GRANT SELECT ON queue TO stockroom_auth;
GRANT SELECT (id, idle, lease_until) ON worker TO stockroom_auth;

-- The doors: which shop a domain is, and whether work for it still counts.
GRANT SELECT (shop_id, domain, status, epoch) ON shop TO stockroom_webhooks, stockroom_events;
-- webhooks puts the job that applies a delivery; ON CONFLICT and RETURNING
-- need these two columns.
GRANT INSERT (queue_id, priority, shop_id, kind, args, unique_key, run_at, max_attempts, soft_limit_s, hard_limit_s, shop_epoch, trace), SELECT (id, unique_key) ON job TO stockroom_webhooks;
GRANT SELECT (id, idle, lease_until) ON worker TO stockroom_webhooks;
-- It keeps what came, sealed to the inbox's public half, and cannot read it.
GRANT INSERT (shop_id, id, domain, topic, webhook_id, event_id, api_version, triggered_at, shop_epoch, trace, body_sha256, body_bytes, body, inbox_id) ON webhook TO stockroom_webhooks;
GRANT INSERT (shop_id, key), SELECT (shop_id, key) ON webhook_seen TO stockroom_webhooks;
GRANT SELECT ON inbox_public TO stockroom_webhooks;

-- pulls: previews are kept, so it writes the pulled tables; it needs a token
-- and may refresh it.
GRANT SELECT ON shop TO stockroom_pulls;
GRANT SELECT, UPDATE ON token TO stockroom_pulls;
GRANT SELECT, INSERT, UPDATE ON shop_cost, pull, pull_part TO stockroom_pulls;
GRANT SELECT, INSERT, UPDATE ON product, variant, customer, orders, order_line, order_transaction, refund, refund_line TO stockroom_pulls;
-- What was gone before a preview is kept stays so.
GRANT SELECT ON gone TO stockroom_pulls;

-- A pulled row as the API gives it.
GRANT EXECUTE ON FUNCTION row_json(jsonb) TO stockroom_pulls, stockroom_jobd;
-- A shop that must authorize again or cannot be called now is marked so.
GRANT UPDATE (status, status_reason, updated_at) ON shop TO stockroom_pulls;

-- ai: reads shops and their rows.
GRANT SELECT ON shop TO stockroom_ai;
GRANT SELECT ON product, variant, customer, orders, order_line, order_transaction, refund, refund_line TO stockroom_ai;

-- ops: shops and pulls to look at, a shop to pause.
GRANT SELECT, UPDATE (status, status_reason, updated_at) ON shop TO stockroom_ops;
GRANT SELECT ON pull, pull_part, shop_cost TO stockroom_ops;

-- A shop as it is shown says how its token stands; never the token itself.
GRANT SELECT (shop_id, kind, expires_at, refresh_expires_at, failed) ON token TO stockroom_ai, stockroom_ops;

-- ops shows what came in, not what was in it.
GRANT SELECT (shop_id, id, received_at, domain, topic, webhook_id, event_id, api_version, triggered_at, shop_epoch, trace, body_sha256, body_bytes, subject_kind, subject_id, state, reason, applied_at) ON webhook TO stockroom_ops;
GRANT SELECT ON subscription TO stockroom_ops;

-- ops shows how handlers fare and what their programs gave back, and switches
-- one on again.
GRANT SELECT, UPDATE (off_at, off_reason, failing_since) ON handler TO stockroom_ops;
GRANT SELECT ON handler_result TO stockroom_ops;

-- pulls and ai put, read and cancel jobs; job_cancel settles one that has not
-- started by job_finish, which needs all of these.
GRANT SELECT, INSERT, UPDATE, DELETE ON job TO stockroom_pulls, stockroom_ai, stockroom_ops;
GRANT SELECT, INSERT ON job_done TO stockroom_pulls, stockroom_ai, stockroom_ops;
GRANT SELECT, INSERT, UPDATE ON job_batch TO stockroom_pulls, stockroom_ai, stockroom_ops;
GRANT SELECT, INSERT, DELETE ON job_dep TO stockroom_pulls, stockroom_ai, stockroom_ops;
GRANT SELECT ON job_progress, job_note, queue TO stockroom_pulls, stockroom_ai, stockroom_ops;
GRANT SELECT (id, idle, lease_until) ON worker TO stockroom_pulls, stockroom_ai;
GRANT EXECUTE ON FUNCTION job_cancel(bigint), job_finish(bigint[], int[], text[], jsonb[], text[], float8[]) TO stockroom_pulls, stockroom_ai, stockroom_ops;
-- One job a period.
GRANT SELECT, INSERT, UPDATE ON job_period TO stockroom_pulls, stockroom_ai, stockroom_ops;
-- ops runs the queue: caps, pauses, rates, schedules, dead letters.
GRANT UPDATE ON queue TO stockroom_ops;
GRANT SELECT, INSERT, UPDATE, DELETE ON shop_limit, cron, rate TO stockroom_ops;
GRANT UPDATE (replay_id) ON job_done TO stockroom_ops;
GRANT SELECT ON worker, queue_level, job_attempt, job_live, job_bad, job_good, job_seen, job_minute TO stockroom_ops;

-- jobd: does the work, so nearly everything, row-level security apart. It
-- makes no sessions, keys or states, but ends and prunes them (SEC-8).
GRANT SELECT, UPDATE, DELETE ON shop TO stockroom_jobd;
GRANT SELECT, INSERT, UPDATE, DELETE ON token, shop_cost TO stockroom_jobd;
GRANT SELECT, DELETE ON session, oauth_state, idempotency TO stockroom_jobd;
GRANT SELECT, UPDATE (revoked_at), DELETE ON api_key TO stockroom_jobd;
GRANT SELECT, INSERT, UPDATE, DELETE ON product, variant, customer, orders, order_line, order_transaction, refund, refund_line, pull, pull_part TO stockroom_jobd;
GRANT SELECT, INSERT, UPDATE, DELETE ON job, job_done, job_batch, job_dep, job_progress, job_note, job_attempt, job_period, worker, rate, cron, shop_limit TO stockroom_jobd;
GRANT SELECT ON queue TO stockroom_jobd;
GRANT SELECT, INSERT, UPDATE, DELETE ON job_minute, queue_level TO stockroom_jobd;
GRANT SELECT, UPDATE ON alert TO stockroom_jobd;
GRANT SELECT, UPDATE, DELETE ON webhook TO stockroom_jobd;
GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_seen, webhook_body, changed, gone, subscription, inbox_public TO stockroom_jobd;
GRANT SELECT, INSERT, UPDATE, DELETE ON handler, handler_result TO stockroom_jobd;
GRANT EXECUTE ON FUNCTION job_lanes(smallint, bigint, int), job_claim(smallint, bigint, int, bigint, int, bigint[], text[], int[]), job_take(bigint, int[], text[], smallint, smallint[], bigint[], int), job_finish(bigint[], int[], text[], jsonb[], text[], float8[]), job_rescue(int), job_stage(int), job_cancel(bigint), job_untie(int), part_ahead(text, int), part_drop(text, date) TO stockroom_jobd;

GRANT SELECT, INSERT, UPDATE, DELETE ON bulk_left TO stockroom_jobd;
-- Requests of the privacy law: jobd does them, ops shows them; who opened whose
-- data is only ever added to.
GRANT SELECT, INSERT, UPDATE, DELETE ON privacy, privacy_package TO stockroom_jobd;
GRANT SELECT, DELETE ON access_log TO stockroom_jobd;
GRANT SELECT, UPDATE ON forgotten TO stockroom_jobd;
GRANT SELECT ON personal_column TO stockroom_jobd;
GRANT SELECT, INSERT ON privacy TO stockroom_ops;
GRANT SELECT ON privacy_package, access_log TO stockroom_ops;
GRANT INSERT (shop_id, who, through, what, subjects, first_subject, trace) ON access_log TO stockroom_pulls, stockroom_ai, stockroom_ops;
GRANT EXECUTE ON FUNCTION redact_customer(bigint, bigint, bigint[], text[]), redact_shop(bigint, int), privacy_rows(bigint, bigint, bigint[]) TO stockroom_jobd;
GRANT EXECUTE ON FUNCTION row_json(jsonb) TO stockroom_jobd;

-- reader: people's own SQL.
GRANT SELECT ON shop, product, variant, customer, orders, order_line, order_transaction, refund, refund_line, pull, pull_part, orders_overview, sales_by_day TO stockroom_reader;
GRANT SELECT ON discount_allocation, sold_line, revenue_by_day, product_sales_by_day, top_products, refunds_by_day, customer_order, returning_by_month, cohort_by_month TO stockroom_reader;
