# stockroom migrate, as an operator runs it (REL-18).
# kyua: timeout=120
top=${STOCKROOM_SRC:-$(cd "$(dirname "$0")/../.." && pwd)}
. "$top/tests/pg.sh"

stockroom=${STOCKROOM_BUILD:-build}/bin/stockroom
known=$(ls "$top"/sql/migrations/*.sql "$top"/sql/keyring/0*.sql | wc -l)

# A server on which nothing of ours was ever done.
bare()
{
	pg_start || atf_fail 'no server'
	pg_sql postgres <<-'EOT' || atf_fail 'the server is not bare'
	DROP DATABASE IF EXISTS stockroom_template;
	DROP DATABASE IF EXISTS stockroom_template_keys;
	SELECT format('DROP ROLE %I', rolname) FROM pg_roles
	WHERE rolname ~ '^stockroom_' \gexec
	EOT
	DATABASE_URL="postgresql://postgres@/stockroom?host=$PG_DIR"
	KEYRING_URL="postgresql://postgres@/stockroom_keys?host=$PG_DIR"
	export DATABASE_URL KEYRING_URL
}

# All that a schema and its rights are, and what has run. Of pg_dump's lines
# those with "restrict" hold a word that is another each time, and policies name
# their roles in the order these were last altered in.
dump()
{
	for db in stockroom stockroom_keys; do
		"$(pg_bin)/pg_dump" -s -d "$(pg_url $db)" |
		    sed '/^.\(un\)*restrict /d; /^CREATE POLICY/d'
		pg_sql $db <<-'EOT'
		SELECT schemaname, tablename, policyname, cmd, qual, with_check,
		    ARRAY(SELECT unnest(roles) ORDER BY 1)
		FROM pg_policies ORDER BY 1, 2, 3;
		SELECT unnest(datacl)::text FROM pg_database
		WHERE datname = current_database() ORDER BY 1;
		EOT
	done
	echo 'SELECT number, name, sha256 FROM stockroom.migration ORDER BY 1;' |
	    pg_sql stockroom
	echo 'SELECT number, name, sha256 FROM keyring.migration ORDER BY 1;' |
	    pg_sql stockroom_keys
}

atf_test_case from_nothing_it_makes_everything_and_says_each_step cleanup
from_nothing_it_makes_everything_and_says_each_step_body()
{
	bare
	atf_check -o save:out "$stockroom" migrate
	atf_check -o inline:"migrations: $known applied, $known known\n" \
	    tail -n 1 out
	atf_check -o inline:"$known\n" grep -c '^applied sql/' out
	pg_answers stockroom_owner stockroom <<-'EOT'
	SELECT DISTINCT tableowner FROM pg_tables
	WHERE schemaname = 'stockroom';
	EOT
	pg_answers 0 stockroom stockroom_auth <<-'EOT'
	SELECT count(*) FROM stockroom.shop;
	EOT
	pg_refused 'permission denied' stockroom_keys stockroom_webhooks <<-'EOT'
	SELECT count(*) FROM keyring.shop_key;
	EOT
}
from_nothing_it_makes_everything_and_says_each_step_cleanup()
{
	pg_stop
}

atf_test_case a_second_run_changes_nothing cleanup
a_second_run_changes_nothing_body()
{
	bare
	"$stockroom" migrate >/dev/null || atf_fail 'the first run failed'
	dump >before
	atf_check -o inline:"migrations: 0 applied, $known known\n" \
	    "$stockroom" migrate
	dump >after
	atf_check diff before after
}
a_second_run_changes_nothing_cleanup()
{
	pg_stop
}

atf_test_case two_at_once_do_it_once cleanup
two_at_once_do_it_once_body()
{
	bare
	for i in 1 2 3; do
		{
			"$stockroom" migrate >out.$i 2>err.$i
			echo $? >rc.$i
		} &
	done
	wait
	atf_check -o inline:'0\n0\n0\n' cat rc.1 rc.2 rc.3
	atf_check cat err.1 err.2 err.3
	atf_check -o inline:"$known\n" sh -c 'cat out.* | grep -c ^applied'
}
two_at_once_do_it_once_cleanup()
{
	pg_stop
}

# Killed after ever longer times, each in its own place; the last run finds
# whatever the others left.
atf_test_case killed_anywhere_the_next_run_ends_the_same cleanup
killed_anywhere_the_next_run_ends_the_same_body()
{
	bare
	"$stockroom" migrate >/dev/null || atf_fail 'the first run failed'
	dump >whole
	pg_sql postgres <<-'EOT'
	DROP DATABASE stockroom;
	DROP DATABASE stockroom_keys;
	EOT
	for ms in 005 010 020 030 040 050 060 070 080 100 120 140 160 180 200; do
		timeout -s KILL 0.$ms "$stockroom" migrate >>killed 2>&1
	done
	atf_check -o match:' known$' "$stockroom" migrate
	dump >cut
	atf_check diff whole cut
	atf_check sh -c 'grep ^applied killed | sort | uniq -d'
}
killed_anywhere_the_next_run_ends_the_same_cleanup()
{
	pg_stop
}

atf_test_case an_edited_migration_is_named_and_nothing_is_changed cleanup
an_edited_migration_is_named_and_nothing_is_changed_body()
{
	bare
	"$stockroom" migrate >/dev/null || atf_fail 'the first run failed'
	pg_sql stockroom <<-'EOT'
	UPDATE stockroom.migration SET sha256 = '\x00' WHERE number = 3;
	GRANT SELECT ON stockroom.shop TO stockroom_events;
	EOT
	dump >before
	file=$(basename "$top"/sql/migrations/0003_*.sql)
	atf_check -s exit:1 -e match:"sql/migrations/$file is not as it was" \
	    "$stockroom" migrate
	dump >after
	atf_check diff before after
}
an_edited_migration_is_named_and_nothing_is_changed_cleanup()
{
	pg_stop
}

atf_test_case a_newer_database_is_left_alone cleanup
a_newer_database_is_left_alone_body()
{
	bare
	"$stockroom" migrate >/dev/null || atf_fail 'the first run failed'
	pg_sql stockroom_keys <<-'EOT'
	INSERT INTO keyring.migration (number, name, sha256)
	VALUES (9999, '9999_later', '\x00');
	EOT
	atf_check -s exit:1 -e match:9999_later "$stockroom" migrate
}
a_newer_database_is_left_alone_cleanup()
{
	pg_stop
}

atf_test_case without_the_right_to_it_says_so cleanup
without_the_right_to_it_says_so_body()
{
	bare
	echo 'CREATE ROLE nobody LOGIN;' | pg_sql postgres
	atf_check -s exit:1 -e match:'permission denied' "$stockroom" migrate \
	    --url "host=$PG_DIR dbname=stockroom user=nobody"
	atf_check -s exit:1 -e match:'No such file' \
	    "$stockroom" migrate --url 'host=/nonexistent dbname=stockroom'
	atf_check -s exit:2 -e match:'use: stockroom migrate' \
	    "$stockroom" migrate --fast
}
without_the_right_to_it_says_so_cleanup()
{
	pg_stop
}

atf_test_case init_makes_databases_and_roles_only cleanup
init_makes_databases_and_roles_only_body()
{
	bare
	atf_check -o match:'^made database stockroom$' \
	    -o match:'^made database stockroom_keys$' \
	    -o match:'^databases and roles are there$' "$stockroom" init
	pg_answers '0|9' stockroom <<-'EOT'
	SELECT (SELECT count(*) FROM pg_namespace WHERE nspname = 'stockroom'),
	    count(*) FROM pg_roles WHERE rolname ~ '^stockroom_' AND rolcanlogin;
	EOT
}
init_makes_databases_and_roles_only_cleanup()
{
	pg_stop
}

atf_test_case check_is_red_while_hosts_are_mapped_and_green_without cleanup
check_is_red_while_hosts_are_mapped_and_green_without_body()
{
	bare
	mkdir -m 700 kek
	printf '%064d\n' 7 >kek/1
	chmod 400 kek/1
	KEK_DIR=$PWD/kek
	export KEK_DIR
	atf_check -s exit:1 -o match:'^red .*database' "$stockroom" check
	"$stockroom" migrate >/dev/null || atf_fail 'migrate failed'
	atf_check -o not-match:'^red' "$stockroom" check
	atf_check -s exit:1 -o match:'^red .*CONNECT_TO' \
	    env CONNECT_TO=a:443:b:443 "$stockroom" check
	chmod 444 kek/1
	atf_check -s exit:1 -o match:'^red .*KEK_DIR' "$stockroom" check
	chmod 400 kek/1
	echo 'DELETE FROM stockroom.migration WHERE number > 9;' |
	    pg_sql stockroom
	atf_check -s exit:1 -o match:'^red .*stockroom migrate' \
	    "$stockroom" check
}
check_is_red_while_hosts_are_mapped_and_green_without_cleanup()
{
	pg_stop
}

atf_init_test_cases()
{
	atf_add_test_case from_nothing_it_makes_everything_and_says_each_step
	atf_add_test_case a_second_run_changes_nothing
	atf_add_test_case two_at_once_do_it_once
	atf_add_test_case killed_anywhere_the_next_run_ends_the_same
	atf_add_test_case an_edited_migration_is_named_and_nothing_is_changed
	atf_add_test_case a_newer_database_is_left_alone
	atf_add_test_case without_the_right_to_it_says_so
	atf_add_test_case init_makes_databases_and_roles_only
	atf_add_test_case check_is_red_while_hosts_are_mapped_and_green_without
}
