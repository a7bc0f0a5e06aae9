# Named queries and migrations: told what they are for, and fit to run, as the
# programs send them and by the roles that send them.
# kyua: timeout=120
. "${STOCKROOM_SRC:-.}/tests/house/house.sh"
. "$top/tests/pg.sh"

# Which test holds which rule of the schema, as file:case, so that none goes
# by accident.
proofs()
{
	cat <<-'EOT'
	every_column_registered		schema:every_column_says_whether_it_is_personal
	register_asked_by_migrations	schema:a_column_left_out_of_the_register_stops_a_migration
	personal_is_sealed		schema:sealed_columns_hold_bytes_and_nothing_else_does_that_is_personal
	keys_led_by_shop_id		schema:every_key_is_led_by_the_shop
	row_security_forced		schema:every_table_of_a_shop_has_row_security_forced
	plpgsql_by_name			schema:plpgsql_is_the_queue_partitions_redaction_and_helpers_of_migrations
	no_triggers			schema:plpgsql_is_the_queue_partitions_redaction_and_helpers_of_migrations
	SEC-35_grants_equal_the_file	rights:the_catalogue_holds_the_grants_of_the_files_and_no_other
	SEC-35_by_hand_taken_back	rights:what_was_granted_by_hand_is_taken_back
	SEC-35_own_and_create_nothing	rights:run_time_roles_own_nothing_and_create_nothing
	keyring_closed			rights:the_keyring_is_closed_to_the_doors_and_to_backup
	SEC-13_rows_by_shop		rights:a_program_sees_and_writes_the_rows_of_its_shop_only
	SEC-13_none_without_a_shop	rights:without_a_shop_no_row_shows
	EOT
}

lost()
{
	proofs | while read -r proofs_rule proofs_at; do
		proofs_file=tests/sql/${proofs_at%%:*}_test.sh
		grep -q "^[ 	]*atf_add_test_case ${proofs_at#*:}\$" \
		    "$proofs_file" 2>/dev/null ||
		    echo "$proofs_rule: no $proofs_at in tests/sql"
	done
}

# ---- what is said of them

# Each file and each query begins with words, and a query that does not only
# insert says which index serves it, or that none does.
unsaid()
{
	files '*.sql' sql | xargs -r awk '
	function say(line, what) { print FILENAME ":" line ": " what }
	FNR == 1 && !/^-- [A-Za-z`]/ { say(1, "no comment begins it") }
	FNR == 1 { name = ""; got = 1 }
	/^-- name:/ {
		name = $3
		from = FNR
		got = 0
		words = ""
		next
	}
	name != "" && !got && /^-- / { words = words " " $0; next }
	name != "" && !got {
		got = 1
		plain = /^INSERT INTO/ && words != ""
		if (words == "")
			say(from, name " has no comment")
		else if (words !~ /[Uu]ses |[Rr]eads |[Nn]o table|index/ &&
		    !plain)
			say(from, name " does not say which index")
	}'
}

# ---- their texts, as the generator makes them

# generated [nofilter=1]: NAME and DATABASE lines with the text between.
generated()
{
	awk -f "$top/lib/gen/embed.awk" -v kind=queries -v out=made \
	    ${1+-v} ${1+"$1"} /dev/null "$top"/sql/queries/*.sql ||
	    atf_fail 'the generator fails'
	awk '
	/^\t\{ "[a-z_0-9]*",$/ {
		name = $2
		gsub(/[",]/, "", name)
		text = ""
	}
	/^\t\t"/ {
		line = substr($0, 4)
		sub(/",?$/, "", line)
		gsub(/\\n$/, "\n", line)
		gsub(/\\"/, "\"", line)
		gsub(/\\\\/, "\\", line)
		text = text line
	}
	/^\t\tQUERY_/ {
		print (/KEYRING/ ? "keyring" : "main") " " name
		print text
		print ";"
	}' made.c
}

# Of those, the ones of a database, as statements for psql; with "explain" a
# plan is made too, for which every right is looked at and nothing is run.
statements()
{
	awk -v want="$1" -v explain="${2-}" -v only=" ${3-} " '
	function send(    n, list) {
		print "\\echo == " name
		# The table of a session is made: the next names it.
		if (text ~ /^[ \n]*(CREATE TEMP|COPY|DISCARD) /) {
			print text ";" (text ~ /COPY/ ? "\n\\." : "")
			return
		}
		print "PREPARE " name " AS" text ";"
		if (!explain)
			return
		for (n = 1; index(text, "$" n); n++)
			list = list (n > 1 ? ", " : "") "NULL"
		print "EXPLAIN EXECUTE " name (n > 1 ? "(" list ")" : "") ";"
	}
	/^(main|keyring) [a-z_0-9]+$/ { base = $1; name = $2; text = ""; next }
	/^;$/ {
		if (base == want &&
		    (only == "  " || index(only, " " name " ")))
			send()
		next
	}
	{ text = text "\n" $0 }'
}

# Errors only, each with the query it is of.
run()
{
	PGOPTIONS='-c plan_cache_mode=force_generic_plan' psql -X -q -A -t \
	    -d "$(pg_url "$@")" -f - 2>&1 | awk '
	/^== / { name = $2; n++; next }
	/ERROR:|FATAL:/ {
		sub(/^.*(ERROR|FATAL): */, "")
		print name ": " $0
	}
	END { print n + 0 > "count" }'
}

none_refused()
{
	[ ! -s "$1" ] || broke "$1" "$2"
	[ "$(cat count)" -gt 0 ] || atf_fail 'nothing was sent'
}

# Tables whose rows are a shop's, and not the queue's (whose jobs are claimed
# over all shops, design.md 4).
shops_tables()
{
	pg_sql t <<-'EOT'
	SELECT c.relname FROM pg_class c JOIN pg_attribute a
	    ON a.attrelid = c.oid AND a.attname = 'shop_id'
	JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
	WHERE c.relnamespace = 'stockroom'::regnamespace
	    AND NOT c.relispartition AND i.indkey[0] = a.attnum
	    AND c.relkind IN ('r', 'p');
	EOT
}

# unfiltered TABLES: queries on standard input that name one of those tables
# and neither filter by "shop_id = $1" nor insert $1 as the shop. By name: the
# operator's lists over all shops, a batch that comes in at once for many, what
# is due whoever's it is, and what grows old likewise.
unfiltered()
{
	awk -v tables="$1" '
	function look(    i, hit) {
		for (i = 1; i <= n; i++)
			if (match(text, "(FROM|JOIN|UPDATE|INTO|USING) " \
			    table[i] "[^a-z_]"))
				hit = table[i]
		if (hit == "" || text ~ /shop_id = \$1[^0-9]/ ||
		    text ~ /INSERT INTO [a-z_ A-Z]*\(shop_id,[^)]*\)[ \n\t]*(VALUES \(|SELECT (DISTINCT ON \([^)]*\) )?)\$1[^0-9]/)
			return
		if (name !~ every)
			print name ": " hit " without its shop"
	}
	BEGIN {
		n = split(tables, table, "[ \n]+")
		every = "^(shop_list|webhook_list_all|" \
		    "webhook_view_all|webhook_keep|inbox_public_spent|changed_late|" \
		    "cron_fire|token_idle|webhook_failed|" \
		    "(webhook_(seen|body)|gone|session|idempotency|job_period|" \
		    "privacy_package|access|handler_result)_prune)$"
	}
	/^(main|keyring) [a-z_0-9]+$/ { base = $1; name = $2; text = ""; next }
	/^;$/ {
		if (base == "main")
			look()
		next
	}
	{ text = text " " $0 }'
}

# ---- who sends them

# The names of the queries that a program reaches.
reaches()
{
	c_lines code lib "$@" | awk -v roots="$1:main" -v show='^Q_[A-Z]' \
	    -f "$top/tests/house/reach.awk" | tr 'A-Z\n' 'a-z ' |
	    sed 's/\<q_//g; s/\<count\>//'
}

may()
{
	role=stockroom_$1
	[ -s "reached.$1" ] || (cd "$top" && reaches "$2") > "reached.$1"
	reached=$(cat "reached.$1")
	[ -n "$reached" ] || atf_fail "$2 reaches no query"
	for may_base in main keyring; do
		may_name=t
		[ $may_base = main ] || may_name=t_keys
		statements $may_base explain "$reached" < texts > sent
		[ ! -s sent ] ||
		    run $may_name "$role" < sent | sed "s/^/$1: /"
	done
}

# Every program that has a role of its own.
each_may()
{
	for may_dir in "$top"/cgi-bin/*; do
		may_program=${may_dir##*/}
		case $may_program in
		test-ui) ;;
		*) may "$may_program" "cgi-bin/$may_program" ;;
		esac
	done
	[ ! -f "$top/jobs/jobd.c" ] || may jobd jobs
}

atf_test_case the_rules_of_the_schema_have_their_tests
the_rules_of_the_schema_have_their_tests_body()
{
	kept lost
	plant tests/sql/rights_test.sh <<-'EOT'
	atf_add_test_case without_a_shop_no_row_shows
	EOT
	broken 'SEC-13_rows_by_shop: no' lost
	breaks $(($(proofs | wc -l) - 1)) lost
}

atf_test_case every_query_and_migration_says_what_it_is_for
every_query_and_migration_says_what_it_is_for_body()
{
	kept unsaid
	plant sql/queries/a.sql <<-'EOT'
	-- Shops.

	-- name: a
	SELECT 1;

	-- name: b
	-- Takes one.
	SELECT 1;

	-- name: c
	-- Takes one. Uses shop_domain.
	SELECT 1;
	EOT
	echo 'CREATE TABLE a ();' | plant sql/migrations/0001_a.sql
	broken 'a.sql:3: a has no comment' unsaid
	broken 'a.sql:6: b does not say' unsaid
	broken '0001_a.sql:1: no comment' unsaid
	breaks 3 unsaid
}

atf_test_case every_query_prepares_with_and_without_its_filter cleanup
every_query_prepares_with_and_without_its_filter_body()
{
	pg_case
	for form in nofilter=0 nofilter=1; do
		generated $form > texts
		statements main < texts | run t stockroom_jobd > refused
		none_refused refused "$form"
		statements keyring < texts | run t_keys stockroom_jobd > refused
		none_refused refused "$form"
	done
	echo 'SELECT 1; PREPARE a AS SELECT 1 FROM nowhere;' |
	    run t stockroom_jobd > refused
	atf_check -o match:'nowhere" does not exist' cat refused
}
every_query_prepares_with_and_without_its_filter_cleanup()
{
	pg_stop
}

atf_test_case every_query_on_a_shops_rows_asks_for_its_shop cleanup
every_query_on_a_shops_rows_asks_for_its_shop_body()
{
	pg_case
	shops_tables > tables
	atf_check [ "$(wc -l < tables)" -gt 15 ]
	generated > texts
	unfiltered "$(cat tables)" < texts > broken.out
	[ ! -s broken.out ] || broke broken.out unfiltered
	cat > texts <<-'EOT'
	main a
	SELECT 1 FROM product WHERE shop_id = $1 AND id = $2
	;
	main b
	SELECT 1 FROM product WHERE id = $1
	;
	main c
	INSERT INTO product (shop_id, id) VALUES ($2, $1)
	;
	main d
	INSERT INTO product AS p (shop_id,
	id) SELECT DISTINCT ON (a, b) $1::bigint, $2 FROM unnest($3)
	;
	EOT
	unfiltered product < texts > broken.out
	atf_check -o inline:'b: product without its shop
c: product without its shop
' cat broken.out
}
every_query_on_a_shops_rows_asks_for_its_shop_cleanup()
{
	pg_stop
}

atf_test_case each_program_may_run_the_queries_it_reaches cleanup
each_program_may_run_the_queries_it_reaches_body()
{
	pg_case
	generated > texts
	each_may > refused
	none_refused refused 'a right is missing'
	pg_sql t <<-'EOT'
	REVOKE UPDATE ON stockroom.token FROM stockroom_auth;
	EOT
	each_may > refused
	atf_check -o match:'^auth: token_.*permission denied for table token' \
	    cat refused
}
each_program_may_run_the_queries_it_reaches_cleanup()
{
	pg_stop
}

atf_init_test_cases()
{
	atf_add_test_case the_rules_of_the_schema_have_their_tests
	atf_add_test_case every_query_and_migration_says_what_it_is_for
	atf_add_test_case every_query_prepares_with_and_without_its_filter
	atf_add_test_case every_query_on_a_shops_rows_asks_for_its_shop
	atf_add_test_case each_program_may_run_the_queries_it_reaches
}
