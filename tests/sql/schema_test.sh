# The schema as a whole: it applies, and keeps the rules of the house (D3, D4).
top=${STOCKROOM_SRC:-$(cd "$(dirname "$0")/../../.." && pwd)}
. "$top/tests/pg.sh"

# What the catalogue knows of rights and settings, to compare two states.
catalogue()
{
	pg_sql "$1" <<-'EOT'
	SELECT relname, relacl FROM pg_class c
	JOIN pg_namespace n ON n.oid = relnamespace
	WHERE nspname = 'stockroom' ORDER BY 1;
	SELECT attrelid::regclass, attname, attacl FROM pg_attribute
	WHERE attacl IS NOT NULL AND attrelid > 16384 ORDER BY 1, 2;
	SELECT proname, proacl, proowner::regrole FROM pg_proc
	WHERE pronamespace = 'stockroom'::regnamespace ORDER BY 1;
	SELECT rolname, rolsuper, rolbypassrls, rolcanlogin, rolconfig
	FROM pg_roles WHERE rolname LIKE 'stockroom%' ORDER BY 1;
	SELECT datacl FROM pg_database WHERE datname = current_database();
	EOT
}

# Named queries as PREPARE statements: MAIN or KEYRING's. What is no query can
# only be prepared by the protocol.
prepares()
{
	for file in "$top"/sql/queries/*.sql; do
		case $1$file in
		main*/keyring.sql) continue ;;
		keyring*/keyring.sql) ;;
		keyring*) continue ;;
		esac
		awk '/^-- name:/ { name = "PREPARE " $3 " AS"; next }
		    /^[ \t]*--/ || /^DISCARD / || /^$/ { next }
		    name != "" { print name; name = "" }
		    { print }' "$file"
	done
}

atf_test_case roles_and_grants_may_run_again cleanup
roles_and_grants_may_run_again_body()
{
	pg_case
	catalogue t >before
	pg_rights t "$top/sql/grants.sql"
	catalogue t >after
	atf_check [ -s before ]
	atf_check diff before after
}
roles_and_grants_may_run_again_cleanup()
{
	pg_stop
}

atf_test_case a_second_database_takes_the_same_migrations cleanup
a_second_database_takes_the_same_migrations_body()
{
	pg_case
	pg_sql postgres <<-EOT
	CREATE DATABASE other;
	EOT
	pg_migrate other "$top/sql/migrations" "$top/sql/grants.sql" ||
	    atf_fail 'does not apply where the roles exist'
	pg_answers t other <<-EOT
	SELECT count(*) >= 6 FROM stockroom.queue;
	EOT
}
a_second_database_takes_the_same_migrations_cleanup()
{
	pg_stop
}

atf_test_case every_column_says_whether_it_is_personal cleanup
every_column_says_whether_it_is_personal_body()
{
	pg_case
	for name in t t_keys; do
		pg_answers '' "$name" <<-'EOT'
		SELECT c.relname, a.attname,
		    col_description(c.oid, a.attnum)
		FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
		WHERE c.relnamespace = ANY (ARRAY[to_regnamespace('stockroom'),
			to_regnamespace('keyring')]::oid[])
		    AND c.relkind IN ('r', 'p') AND NOT c.relispartition
		    AND a.attnum > 0 AND NOT a.attisdropped
		    AND coalesce(col_description(c.oid, a.attnum), '') !~
			'^personal: (none|sealed|free text)($|; [^ ].*)';
		EOT
	done
}
every_column_says_whether_it_is_personal_cleanup()
{
	pg_stop
}

atf_test_case sealed_columns_hold_bytes_and_nothing_else_does_that_is_personal cleanup
sealed_columns_hold_bytes_and_nothing_else_does_that_is_personal_body()
{
	pg_case
	pg_answers '' t <<-'EOT'
	SELECT c.relname, a.attname FROM pg_class c
	JOIN pg_attribute a ON a.attrelid = c.oid
	WHERE c.relnamespace = 'stockroom'::regnamespace
	    AND c.relkind IN ('r', 'p') AND a.attnum > 0
	    AND (col_description(c.oid, a.attnum) LIKE 'personal: sealed%'
		AND a.atttypid <> 'bytea'::regtype
		OR a.attname IN ('email', 'phone', 'note', 'first_name',
		    'last_name', 'address', 'zip', 'city')
		AND c.relname <> 'job_progress');
	EOT
}
sealed_columns_hold_bytes_and_nothing_else_does_that_is_personal_cleanup()
{
	pg_stop
}

atf_test_case a_column_left_out_of_the_register_stops_a_migration cleanup
a_column_left_out_of_the_register_stops_a_migration_body()
{
	pg_case
	pg_refused 'nothing said of note' t <<-'EOT'
	BEGIN; SET ROLE stockroom_owner; SET search_path = stockroom;
	CREATE TABLE extra (shop_id bigint PRIMARY KEY, note text);
	SELECT tenant_table('extra', $$ shop_id: none; the shop $$);
	EOT
	pg_refused 'cannot read' t <<-'EOT'
	BEGIN; SET ROLE stockroom_owner; SET search_path = stockroom;
	CREATE TABLE extra (shop_id bigint PRIMARY KEY);
	SELECT tenant_table('extra', $$ shop_id: perhaps $$);
	EOT
	pg_refused 'does not exist' t <<-'EOT'
	BEGIN; SET ROLE stockroom_owner; SET search_path = stockroom;
	CREATE TABLE extra (shop_id bigint PRIMARY KEY);
	SELECT tenant_table('extra', $$ shop_id, gone: none; words $$);
	EOT
}
a_column_left_out_of_the_register_stops_a_migration_cleanup()
{
	pg_stop
}

atf_test_case every_key_is_led_by_the_shop cleanup
every_key_is_led_by_the_shop_body()
{
	pg_case
	# The queue's tables are claimed on one node; the last are
	# of no shop.
	for name in t t_keys; do
		pg_answers '' "$name" <<-'EOT'
		SELECT i.indexrelid::regclass FROM pg_index i
		JOIN pg_class c ON c.oid = i.indrelid
		LEFT JOIN pg_attribute a ON a.attrelid = c.oid
		    AND a.attnum = i.indkey[0]
		WHERE c.relnamespace = ANY (ARRAY[to_regnamespace('stockroom'),
			to_regnamespace('keyring')]::oid[])
		    AND i.indisunique AND a.attname IS DISTINCT FROM 'shop_id'
		    AND c.relname <> ALL ('{queue,shop_limit,rate,worker,job,
			job_batch,job_dep,job_progress,job_note,
			job_attempt,cron,
			migration,rate_bucket,inbox_key,inbox_public,job_minute,
			queue_level,
			alert,forgotten,handler}');
		EOT
	done
}
every_key_is_led_by_the_shop_cleanup()
{
	pg_stop
}

atf_test_case every_table_of_a_shop_has_row_security_forced cleanup
every_table_of_a_shop_has_row_security_forced_body()
{
	pg_case
	for name in t t_keys; do
		pg_answers '' "$name" <<-'EOT'
		SELECT c.relname FROM pg_class c
		JOIN pg_attribute a ON a.attrelid = c.oid
		    AND a.attname = 'shop_id'
		WHERE c.relnamespace = ANY (ARRAY[to_regnamespace('stockroom'),
			to_regnamespace('keyring')]::oid[])
		    AND c.relkind IN ('r', 'p') AND NOT c.relispartition
		    AND NOT (c.relrowsecurity AND c.relforcerowsecurity
			AND EXISTS (SELECT 1 FROM pg_policy p
			    WHERE p.polrelid = c.oid AND polname = 'one_shop'
				AND p.polroles = '{0}'));
		SELECT c.relname FROM pg_class c
		WHERE c.relispartition AND c.relkind = 'r'
		    AND NOT c.relrowsecurity;
		EOT
	done
}
every_table_of_a_shop_has_row_security_forced_cleanup()
{
	pg_stop
}

atf_test_case plpgsql_is_the_queue_partitions_redaction_and_helpers_of_migrations cleanup
plpgsql_is_the_queue_partitions_redaction_and_helpers_of_migrations_body()
{
	pg_case
	pg_answers 'describe_table
job_cancel
job_claim
job_finish
job_lanes
job_rescue
job_take
job_untie
part_ahead
part_check
part_day
part_drop
privacy_rows
queue_table
redact_customer
redact_sealed
redact_shop
redact_text
tenant_ingest
tenant_lookup
tenant_reader
tenant_table' t <<-'EOT'
	SELECT proname FROM pg_proc p JOIN pg_language l ON l.oid = prolang
	WHERE pronamespace = 'stockroom'::regnamespace
	    AND lanname = 'plpgsql' ORDER BY 1;
	SELECT tgname FROM pg_trigger WHERE NOT tgisinternal;
	EOT
}
plpgsql_is_the_queue_partitions_redaction_and_helpers_of_migrations_cleanup()
{
	pg_stop
}

atf_test_case every_query_prepares cleanup
every_query_prepares_body()
{
	pg_case
	prepares main | pg_sql t stockroom_jobd >out 2>&1 ||
	    atf_fail "$(cat out)"
	prepares keyring | pg_sql t_keys stockroom_jobd >out 2>&1 ||
	    atf_fail "$(cat out)"
}
every_query_prepares_cleanup()
{
	pg_stop
}

atf_init_test_cases()
{
	atf_add_test_case roles_and_grants_may_run_again
	atf_add_test_case a_second_database_takes_the_same_migrations
	atf_add_test_case every_column_says_whether_it_is_personal
	atf_add_test_case sealed_columns_hold_bytes_and_nothing_else_does_that_is_personal
	atf_add_test_case a_column_left_out_of_the_register_stops_a_migration
	atf_add_test_case every_key_is_led_by_the_shop
	atf_add_test_case every_table_of_a_shop_has_row_security_forced
	atf_add_test_case plpgsql_is_the_queue_partitions_redaction_and_helpers_of_migrations
	atf_add_test_case every_query_prepares
}
