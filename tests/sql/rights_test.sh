# Who may do what, and who sees which rows (SEC-13, SEC-35).
top=${STOCKROOM_SRC:-$(cd "$(dirname "$0")/../../.." && pwd)}
. "$top/tests/pg.sh"

# role|what|object|verb|column, one a line, as the file of grants says.
granted()
{
	awk -f - "$1" <<-'EOT'
	# Split at commas that stand in no bracket.
	function parts(text, out,    i, c, depth, n) {
		n = 1
		out[1] = ""
		for (i = 1; i <= length(text); i++) {
			c = substr(text, i, 1)
			depth += (c == "(") - (c == ")")
			if (c == "," && !depth)
				out[++n] = ""
			else if (c != " " || out[n] != "")
				out[n] = out[n] c
		}
		return n
	}
	function signature(f) {
		gsub(/, +/, ",", f)
		gsub(/int\[/, "integer[", f)
		gsub(/int,/, "integer,", f)
		gsub(/int\)/, "integer)", f)
		gsub(/bigint/, "bigint", f)
		gsub(/biginteger/, "bigint", f)
		gsub(/smallinteger/, "smallint", f)
		gsub(/float8/, "double precision", f)
		return f
	}
	function grant(text,    what, verbs, nv, objs, no, roles, nr, cols, nc,
	    i, j, k, m, verb, col) {
		sub(/^GRANT /, "", text)
		match(text, / TO /)
		nr = parts(substr(text, RSTART + 4), roles)
		text = substr(text, 1, RSTART - 1)
		match(text, / ON /)
		nv = parts(substr(text, 1, RSTART - 1), verbs)
		text = substr(text, RSTART + 4)
		what = "table"
		if (sub(/^FUNCTION /, "", text))
			what = "function"
		if (sub(/^SCHEMA /, "", text))
			what = "schema"
		no = parts(text, objs)
		for (i = 1; i <= nv; i++) {
			verb = verbs[i]
			col = ""
			if (match(verb, / \(/)) {
				col = substr(verb, RSTART + 2)
				sub(/\)$/, "", col)
				verb = substr(verb, 1, RSTART - 1)
			}
			nc = parts(col, cols)
			for (j = 1; j <= no; j++)
				for (k = 1; k <= nr; k++)
					for (m = 1; m <= nc; m++)
						print roles[k] "|" what "|" \
						    signature(objs[j]) "|" \
						    verb "|" cols[m]
		}
	}
	/^[ \t]*--/ { next }
	/^DO / { inside = 1 }
	inside { if (/^END/) inside = 0; next }
	{
		statement = statement (statement == "" ? "" : " ") $0
		if (/;$/) {
			gsub(/[ \t]+/, " ", statement)
			sub(/;$/, "", statement)
			if (statement ~ /^GRANT /)
				grant(statement)
			statement = ""
		}
	}
	EOT
}

# The same lines from the catalogue; the owners' own rights left out.
held()
{
	pg_sql "$1" <<-EOT
	SET search_path = $2;
	WITH space AS (SELECT oid FROM pg_namespace WHERE nspname = '$2'),
	acl AS (
		SELECT 'table' AS what, relname::text AS object, '' AS col,
		    relowner AS owner, relacl AS acl
		FROM pg_class WHERE relnamespace = (TABLE space)
		    AND relkind IN ('r', 'p', 'v', 'S')
		UNION ALL
		SELECT 'table', c.relname, a.attname, c.relowner, a.attacl
		FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
		WHERE c.relnamespace = (TABLE space) AND a.attacl IS NOT NULL
		UNION ALL
		SELECT 'function', p.oid::regprocedure::text, '', proowner,
		    coalesce(proacl, acldefault('f', proowner))
		FROM pg_proc p WHERE pronamespace = (TABLE space)
		UNION ALL
		SELECT 'schema', nspname, '', nspowner, nspacl
		FROM pg_namespace WHERE oid = (TABLE space))
	SELECT CASE x.grantee WHEN 0 THEN 'PUBLIC'
	    ELSE x.grantee::regrole::text END,
	    what, object, x.privilege_type, col
	FROM acl, aclexplode(acl.acl) x WHERE x.grantee <> owner;
	EOT
}

# Two shops, a customer, a key, a session and a job each; runs as superuser.
two_shops()
{
	pg_sql t <<-'EOT'
	SET search_path = stockroom;
	INSERT INTO shop (shop_id, domain) VALUES
	    (1, 'one.myshopify.com'), (2, 'two.myshopify.com');
	INSERT INTO customer (shop_id, id) VALUES (1, 10), (2, 20);
	INSERT INTO token (shop_id, kind, access) VALUES
	    (1, 'non_expiring', 'x'), (2, 'non_expiring', 'x');
	INSERT INTO job (queue_id, shop_id, kind) VALUES
	    (1, 1, 'a'), (1, 2, 'b');
	INSERT INTO api_key (shop_id, id, hash, prefix, operator)
	SELECT n, gen_random_uuid(), sha256(n::text::bytea), 'sr_', n = 0
	FROM generate_series(0, 2) n;
	INSERT INTO session (shop_id, id, hash, operator, idle_until,
	    expires_at, shop_epoch)
	SELECT n, gen_random_uuid(), sha256(n::text::bytea), n = 0,
	    now() + interval '1 hour', now() + interval '1 day',
	    CASE WHEN n = 0 THEN 0 ELSE 1 END
	FROM generate_series(0, 2) n;
	INSERT INTO oauth_state (hash, domain, cookie_hash, expires_at) VALUES
	    (sha256('s'), 'one.myshopify.com', sha256('c'),
		now() + interval '10 minutes');
	EOT
}

atf_test_case the_catalogue_holds_the_grants_of_the_files_and_no_other cleanup
the_catalogue_holds_the_grants_of_the_files_and_no_other_body()
{
	pg_case
	granted "$top/sql/grants.sql" | sort -u >file
	held t stockroom | sort -u >catalogue
	atf_check [ "$(wc -l <file)" -gt 200 ]
	atf_check diff file catalogue
	granted "$top/sql/keyring/grants.sql" | sort -u >file
	held t_keys keyring | sort -u >catalogue
	atf_check [ "$(wc -l <file)" -gt 20 ]
	atf_check diff file catalogue
}
the_catalogue_holds_the_grants_of_the_files_and_no_other_cleanup()
{
	pg_stop
}

atf_test_case what_was_granted_by_hand_is_taken_back cleanup
what_was_granted_by_hand_is_taken_back_body()
{
	pg_case
	pg_sql t <<-'EOT'
	GRANT ALL ON stockroom.token TO stockroom_events;
	GRANT SELECT (access) ON stockroom.token TO stockroom_ai;
	GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA stockroom TO PUBLIC;
	EOT
	pg_rights t "$top/sql/grants.sql"
	granted "$top/sql/grants.sql" | sort -u >file
	held t stockroom | sort -u >catalogue
	atf_check diff file catalogue
}
what_was_granted_by_hand_is_taken_back_cleanup()
{
	pg_stop
}

atf_test_case run_time_roles_own_nothing_and_create_nothing cleanup
run_time_roles_own_nothing_and_create_nothing_body()
{
	pg_case
	pg_answers '' t <<-'EOT'
	SELECT d.objid, d.classid::regclass, d.refobjid::regrole
	FROM pg_shdepend d WHERE d.deptype = 'o'
	    AND d.refclassid = 'pg_authid'::regclass
	    AND d.refobjid IN (SELECT oid FROM pg_roles WHERE rolname IN (
		'stockroom_auth', 'stockroom_webhooks', 'stockroom_events',
		'stockroom_pulls', 'stockroom_ai', 'stockroom_ops',
		'stockroom_jobd', 'stockroom_reader', 'stockroom_backup'));
	SELECT rolname FROM pg_roles WHERE rolname LIKE 'stockroom%'
	    AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication
		OR rolbypassrls AND rolname <> 'stockroom_backup'
		OR has_schema_privilege(oid, 'stockroom', 'CREATE')
		    AND rolname <> 'stockroom_owner'
		OR has_schema_privilege(oid, 'public', 'CREATE')
		OR has_database_privilege(oid, current_database(), 'TEMP')
		    AND rolname NOT IN ('stockroom_jobd'));
	EOT
	for role in auth webhooks events pulls ai ops jobd reader; do
		pg_refused 'permission denied' t "stockroom_$role" <<-'EOT'
		SET default_transaction_read_only = off;
		CREATE TABLE stockroom.mine (a int);
		EOT
	done
}
run_time_roles_own_nothing_and_create_nothing_cleanup()
{
	pg_stop
}

atf_test_case sessions_of_the_roles_begin_with_their_limits cleanup
sessions_of_the_roles_begin_with_their_limits_body()
{
	pg_case
	pg_answers 'stockroom
off
2s
1s
10s' t stockroom_pulls <<-'EOT'
	SHOW search_path; SHOW jit; SHOW statement_timeout;
	SHOW lock_timeout; SHOW idle_in_transaction_session_timeout;
	EOT
	pg_answers 30s t stockroom_jobd <<-'EOT'
	SHOW statement_timeout;
	EOT
}
sessions_of_the_roles_begin_with_their_limits_cleanup()
{
	pg_stop
}

atf_test_case the_keyring_is_closed_to_the_doors_and_to_backup cleanup
the_keyring_is_closed_to_the_doors_and_to_backup_body()
{
	pg_case
	for role in webhooks events reader backup; do
		pg_refused 'permission denied for database' t_keys \
		    "stockroom_$role" </dev/null
	done
	pg_answers 0 t_keys stockroom_pulls <<-'EOT'
	SELECT count(*) FROM keyring.shop_key;
	EOT
	pg_refused 'permission denied' t_keys stockroom_pulls <<-'EOT'
	DELETE FROM keyring.shop_key;
	EOT
}
the_keyring_is_closed_to_the_doors_and_to_backup_cleanup()
{
	pg_stop
}

atf_test_case without_a_shop_no_row_shows cleanup
without_a_shop_no_row_shows_body()
{
	pg_case
	two_shops
	for role in auth pulls ai ops jobd; do
		pg_answers 0 t "stockroom_$role" <<-'EOT'
		SELECT count(*) FROM shop;
		EOT
	done
	pg_answers '0
0
0' t stockroom_pulls <<-'EOT'
	SELECT count(*) FROM customer;
	SELECT count(*) FROM token;
	SELECT count(*) FROM job;
	EOT
	# As a connection shows it that had a shop in its last transaction.
	pg_answers '
0' t stockroom_pulls <<-'EOT'
	BEGIN; SELECT set_config('app.shop_id', '', true);
	SELECT count(*) FROM customer; COMMIT;
	EOT
}
without_a_shop_no_row_shows_cleanup()
{
	pg_stop
}

atf_test_case a_program_sees_and_writes_the_rows_of_its_shop_only cleanup
a_program_sees_and_writes_the_rows_of_its_shop_only_body()
{
	pg_case
	two_shops
	pg_answers '10
1' t stockroom_pulls <<-'EOT'
	SET app.shop_id = '1';
	SELECT id FROM customer;
	SELECT shop_id FROM job;
	EOT
	pg_refused 'row-level security' t stockroom_pulls <<-'EOT'
	SET app.shop_id = '1';
	INSERT INTO customer (shop_id, id) VALUES (2, 11);
	EOT
	pg_refused 'row-level security' t stockroom_pulls <<-'EOT'
	SET app.shop_id = '1';
	UPDATE customer SET shop_id = 2;
	EOT
	pg_answers '' t stockroom_pulls <<-'EOT'
	SET app.shop_id = '1';
	UPDATE customer SET state = 'X' WHERE shop_id = 2 RETURNING id;
	EOT
	# The owner is no exception, and neither is a partition's own name.
	pg_answers 0 t <<-'EOT'
	SET ROLE stockroom_owner;
	SELECT count(*) FROM stockroom.customer;
	EOT
	pg_refused 'permission denied' t stockroom_jobd <<-'EOT'
	SELECT * FROM job_done_x;
	EOT
}
a_program_sees_and_writes_the_rows_of_its_shop_only_cleanup()
{
	pg_stop
}

atf_test_case every_shop_is_for_the_named_roles cleanup
every_shop_is_for_the_named_roles_body()
{
	pg_case
	two_shops
	for role in auth pulls ai ops jobd; do
		pg_answers 2 t "stockroom_$role" <<-'EOT'
		SET app.every_shop = 'on';
		SELECT count(*) FROM shop;
		EOT
	done
	pg_sql t <<-'EOT'
	GRANT SELECT ON stockroom.token TO stockroom_webhooks,
	    stockroom_events, stockroom_reader;
	EOT
	for role in webhooks events reader; do
		pg_answers 0 t "stockroom_$role" <<-'EOT'
		SET app.every_shop = 'on';
		SELECT count(*) FROM token;
		EOT
	done
	pg_answers '{stockroom_auth,stockroom_pulls,stockroom_ai,stockroom_ops,stockroom_jobd}' t <<-'EOT'
	SELECT DISTINCT array_agg(r::regrole ORDER BY r) FROM pg_policy p,
	    unnest(polroles) WITH ORDINALITY u(r, n)
	WHERE polname = 'every_shop' GROUP BY p.oid;
	EOT
}
every_shop_is_for_the_named_roles_cleanup()
{
	pg_stop
}

atf_test_case jobd_sees_the_queue_of_all_shops_and_nothing_else_of_them cleanup
jobd_sees_the_queue_of_all_shops_and_nothing_else_of_them_body()
{
	pg_case
	two_shops
	pg_answers '2
0
0' t stockroom_jobd <<-'EOT'
	SELECT count(*) FROM job;
	SELECT count(*) FROM customer;
	SELECT count(*) FROM token;
	EOT
}
jobd_sees_the_queue_of_all_shops_and_nothing_else_of_them_cleanup()
{
	pg_stop
}

atf_test_case callers_are_found_under_forced_security cleanup
callers_are_found_under_forced_security_body()
{
	pg_case
	two_shops
	pg_answers '1|one.myshopify.com|installed|1
1|f|one.myshopify.com|1
0|t||0
2|two.myshopify.com|1
0|one.myshopify.com' t stockroom_auth <<-'EOT'
	SELECT shop_id, domain, status, epoch
	FROM find_shop('one.myshopify.com');
	SELECT shop_id, operator, domain, epoch FROM find_key(sha256('1'));
	SELECT shop_id, operator, domain, epoch FROM find_key(sha256('0'));
	SELECT shop_id, domain, epoch FROM find_session(sha256('2'));
	SELECT shop_id, domain FROM find_state(sha256('s'));
	SELECT * FROM find_shop('three.myshopify.com');
	SELECT * FROM find_key(sha256('9'));
	EOT
	pg_refused 'permission denied' t stockroom_pulls <<-'EOT'
	SELECT * FROM find_state(sha256('s'));
	EOT
	pg_refused 'permission denied' t stockroom_webhooks <<-'EOT'
	SELECT * FROM find_key(sha256('1'));
	EOT
	# The owner's own function would see nothing: that is why lookup is.
	pg_sql t <<-'EOT'
	ALTER FUNCTION stockroom.find_shop(text) OWNER TO stockroom_owner;
	EOT
	pg_answers 0 t stockroom_auth <<-'EOT'
	SELECT count(*) FROM find_shop('one.myshopify.com');
	EOT
}
callers_are_found_under_forced_security_cleanup()
{
	pg_stop
}

atf_test_case lapsed_and_revoked_callers_are_not_found cleanup
lapsed_and_revoked_callers_are_not_found_body()
{
	pg_case
	two_shops
	pg_sql t <<-'EOT'
	SET search_path = stockroom;
	UPDATE api_key SET revoked_at = now() WHERE shop_id = 1;
	UPDATE api_key SET expires_at = now() WHERE shop_id = 0;
	UPDATE session SET idle_until = now() WHERE shop_id = 0;
	UPDATE shop SET epoch = 2 WHERE shop_id = 1;
	UPDATE shop SET status = 'uninstalled' WHERE shop_id = 2;
	UPDATE oauth_state SET expires_at = now();
	EOT
	pg_answers '' t stockroom_auth <<-'EOT'
	SELECT k.id FROM generate_series(0, 2) n,
	    find_key(sha256(n::text::bytea)) k;
	SELECT k.id FROM generate_series(0, 2) n,
	    find_session(sha256(n::text::bytea)) k;
	SELECT * FROM find_state(sha256('s'));
	EOT
}
lapsed_and_revoked_callers_are_not_found_cleanup()
{
	pg_stop
}

atf_test_case a_domain_stands_for_the_shop_that_is_installed cleanup
a_domain_stands_for_the_shop_that_is_installed_body()
{
	pg_case
	pg_sql t <<-'EOT'
	INSERT INTO stockroom.shop (shop_id, domain, status, installed_at)
	VALUES (7, 'x.myshopify.com', 'installed', now() - interval '1 day'),
	    (8, 'x.myshopify.com', 'uninstalled', now()),
	    (9, 'y.myshopify.com', 'uninstalled', now());
	EOT
	pg_answers '7
9' t stockroom_auth <<-'EOT'
	SELECT shop_id FROM find_shop('x.myshopify.com');
	SELECT shop_id FROM find_shop('y.myshopify.com');
	EOT
}
a_domain_stands_for_the_shop_that_is_installed_cleanup()
{
	pg_stop
}

atf_test_case the_door_puts_jobs_of_any_shop_and_reads_keys_only cleanup
the_door_puts_jobs_of_any_shop_and_reads_keys_only_body()
{
	pg_case
	two_shops
	pg_answers '1|2
t' t stockroom_webhooks <<-'EOT'
	SELECT min(shop_id), max(shop_id) FROM shop;
	WITH put AS (INSERT INTO job (shop_id, queue_id, kind, unique_key)
	SELECT shop_id, 3, 'webhook_apply', domain::bytea FROM shop
	ON CONFLICT (unique_key) WHERE unique_key IS NOT NULL DO NOTHING
	RETURNING id) SELECT count(*) = 2 FROM put;
	EOT
	for refused in 'SELECT args FROM job' 'SELECT name FROM shop' \
	    'UPDATE job SET args = $${}$$' 'DELETE FROM job' \
	    'SELECT * FROM token' 'SELECT * FROM customer' \
	    'UPDATE shop SET epoch = 9'; do
		pg_refused 'permission denied' t stockroom_webhooks <<-EOT
		$refused;
		EOT
	done
	for refused in 'SELECT id FROM job' 'SELECT scopes FROM shop' \
	    'INSERT INTO job (queue_id, kind) VALUES (1, $$x$$)'; do
		pg_refused 'permission denied' t stockroom_events <<-EOT
		$refused;
		EOT
	done
}
the_door_puts_jobs_of_any_shop_and_reads_keys_only_cleanup()
{
	pg_stop
}

atf_test_case people_read_all_shops_and_change_none cleanup
people_read_all_shops_and_change_none_body()
{
	pg_case
	two_shops
	pg_sql t <<-'EOT'
	SET search_path = stockroom;
	INSERT INTO orders (shop_id, id, currency, total, processed_at,
	    customer_id, line_quantity)
	VALUES (1, 5, 'EUR', 12.30, '2026-03-01 23:30Z', 10, 3),
	    (1, 6, 'EUR', 1.00, '2026-03-02 10:00Z', 10, 1);
	UPDATE shop SET iana_timezone = 'Europe/Berlin' WHERE shop_id = 1;
	INSERT INTO order_line (shop_id, id, order_id, quantity)
	VALUES (1, 50, 5, 2), (1, 51, 5, 1);
	INSERT INTO order_transaction (shop_id, id, order_id, kind, status,
	    amount) VALUES (1, 60, 5, 'SALE', 'SUCCESS', 12.30),
	    (1, 61, 5, 'SALE', 'FAILURE', 12.30);
	EOT
	pg_answers '2
5|2|3|12.30
6|0|0|0
2026-03-02|2|13.30|1' t stockroom_reader <<-'EOT'
	SELECT count(*) FROM shop;
	SELECT id, lines, quantity, paid FROM orders_overview ORDER BY id;
	SELECT day, orders, total, customers FROM sales_by_day;
	EOT
	pg_refused 'permission denied' t stockroom_reader <<-'EOT'
	SET default_transaction_read_only = off;
	DELETE FROM orders;
	EOT
	pg_refused 'permission denied' t stockroom_reader <<-'EOT'
	SELECT * FROM token;
	EOT
	# A view shows no more than its caller may see.
	pg_answers 0 t <<-'EOT'
	GRANT SELECT ON stockroom.orders_overview TO stockroom_ai;
	SET ROLE stockroom_ai;
	SELECT count(*) FROM stockroom.orders_overview;
	EOT
}
people_read_all_shops_and_change_none_cleanup()
{
	pg_stop
}

atf_test_case a_dump_holds_all_shops_and_no_key cleanup
a_dump_holds_all_shops_and_no_key_body()
{
	pg_case
	two_shops
	atf_check -o save:dump "$(pg_bin)/pg_dump" --data-only \
	    -d "$(pg_url t stockroom_backup)"
	atf_check -o ignore grep one.myshopify.com dump
	atf_check -o ignore grep two.myshopify.com dump
}
a_dump_holds_all_shops_and_no_key_cleanup()
{
	pg_stop
}

atf_init_test_cases()
{
	atf_add_test_case the_catalogue_holds_the_grants_of_the_files_and_no_other
	atf_add_test_case what_was_granted_by_hand_is_taken_back
	atf_add_test_case run_time_roles_own_nothing_and_create_nothing
	atf_add_test_case sessions_of_the_roles_begin_with_their_limits
	atf_add_test_case the_keyring_is_closed_to_the_doors_and_to_backup
	atf_add_test_case without_a_shop_no_row_shows
	atf_add_test_case a_program_sees_and_writes_the_rows_of_its_shop_only
	atf_add_test_case every_shop_is_for_the_named_roles
	atf_add_test_case jobd_sees_the_queue_of_all_shops_and_nothing_else_of_them
	atf_add_test_case callers_are_found_under_forced_security
	atf_add_test_case lapsed_and_revoked_callers_are_not_found
	atf_add_test_case a_domain_stands_for_the_shop_that_is_installed
	atf_add_test_case the_door_puts_jobs_of_any_shop_and_reads_keys_only
	atf_add_test_case people_read_all_shops_and_change_none
	atf_add_test_case a_dump_holds_all_shops_and_no_key
}
