# What is not written in this house (SEC-33, and the rules of its text).
. "${STOCKROOM_SRC:-.}/tests/house/house.sh"

# ---- C

calls()
{
	# Variable arrays and formats are the compiler's: -Wvla -Wformat=2.
	# shellcheck disable=SC2086
	c_lines code $product tests | grep -E \
	    '(^|[^A-Za-z0-9_])(strcpy|stpcpy|strcat|sprintf|vsprintf|gets|strtok(_r)?|ato(i|l|ll|f)|tmpnam|mktemp|system|popen|alloca|strdupa|PQexec|PQescape[A-Za-z]*)[ 	]*\(' |
	    grep -v '^lib/io/db_listen\.c:.*PQescapeIdentifier('
}

# A wait is io/wait's, where it can be told to stop; a test may look at a clock.
sleeps()
{
	# shellcheck disable=SC2086
	c_lines code $product |
	    grep -E '(^|[^A-Za-z0-9_])((u|nano|clock_nano)?sleep|pause|sigsuspend|p?select)[ 	]*\('
}

# Text is built in a buf. What may stand: a magic word of 8, and two tables that
# are bytes in a mapped file or a read-ahead, with their length beside them.
arrays()
{
	# shellcheck disable=SC2086
	c_lines code $product |
	    grep -E '(^|[^d] |[^a-z ])char[ 	]+[a-z_0-9]+\[[^]]+\]' |
	    grep -vE ':	char magic\[8\];|const char |^lib/io/count_table\.h:|^lib/web/peek\.c:'
}

# Only the type of a function may have a name of its own.
typedefs()
{
	# shellcheck disable=SC2086
	c_lines code $product tests | grep -E ':[ 	]*typedef' |
	    grep -vE 'typedef [a-z_ ]+[ *][a-z_]+\('
}

# A word that begins a statement, in a literal; io/db's own are three, and a
# name that comes from a query of its own.
sql()
{
	# shellcheck disable=SC2086
	c_lines strings $product | grep -E \
	    '"[( ]*(SELECT|INSERT INTO|UPDATE [a-z_.]+ SET|DELETE FROM|TRUNCATE|WITH [a-z_]+ AS|COPY|CREATE|ALTER|DROP|GRANT|REVOKE|SET [a-z_]|RESET|BEGIN|START TRANSACTION|COMMIT|ROLLBACK|SAVEPOINT|LOCK|LISTEN|NOTIFY|EXECUTE|PREPARE|DEALLOCATE|DISCARD|EXPLAIN|VACUUM|CALL|DO)[^A-Za-z_]' |
	    grep -vE '^lib/io/db_trans\.c:[0-9]+:"(BEGIN|COMMIT|ROLLBACK)" $|^lib/io/db_listen\.c:[0-9]+:"LISTEN %s" $'
}

atf_test_case no_banned_call_is_made
no_banned_call_is_made_body()
{
	kept calls
	plant lib/base/a.c <<-'EOT'
	/* strcpy(a, b) is only spoken of here. */
	say("not atoi(3) either");
	xstrcpy(a, b);
	strcpy(a, b);
	n = atoi(text) + system ("ls");
	EOT
	broken 'lib/base/a.c:4:strcpy(a, b);' calls
	broken 'lib/base/a.c:5:' calls
	breaks 2 calls
}

atf_test_case nothing_sleeps_by_itself
nothing_sleeps_by_itself_body()
{
	kept sleeps
	plant lib/base/a.c <<-'EOT'
	sleep_s(3);
	usleep(3);
	(void)nanosleep(&t, NULL);
	EOT
	breaks 2 sleeps
}

atf_test_case text_has_no_fixed_array
text_has_no_fixed_array_body()
{
	kept arrays
	plant lib/base/a.c <<-'EOT'
	const unsigned char hash[32];
	static const char *const names[] = { 0 };
	static const char digits[] = "012";
		char text[256];
	static char other[SIZE];
	static const char zeros[8];
	f(char at[3]);
	EOT
	broken 'lib/base/a.c:4:' arrays
	breaks 3 arrays
}

atf_test_case only_functions_types_have_names_of_their_own
only_functions_types_have_names_of_their_own_body()
{
	kept typedefs
	plant lib/base/a.h <<-'EOT'
	typedef enum rc job_fn(struct cx *cx);
	typedef struct json value_fn(
	typedef struct shop shop;
	typedef int (*old)(void);
	EOT
	broken 'lib/base/a.h:3:' typedefs
	breaks 2 typedefs
}

atf_test_case no_sql_is_written_in_c
no_sql_is_written_in_c_body()
{
	kept sql
	plant lib/store/a.c <<-'EOT'
	say("nothing to SELECT");
	say("SELECTED");
	run("DELETE FROM shop");
	getenv("NOTIFY_SOCKET");
	run("(SELECT 1)");
	run("UPDATE shop SET a = 1");
	run("BEGIN");
	run("TRUNCATE %s;");
	EOT
	broken 'lib/store/a.c:3:' sql
	broken 'lib/store/a.c:8:' sql
	breaks 5 sql
}

# ---- all texts

# Files people wrote: what others gave us, and locks, are theirs.
texts()
{
	for texts_dir in . lib cgi-bin jobs sandbox sql www etc tests man docs \
	    bench examples extension .ci; do
		case $texts_dir in
		.) find . -maxdepth 1 -type f \( -name '*.md' -o -name '.[a-z]*' \
		    -o -name GNUmakefile \) ;;
		*) files '*' "$texts_dir" ;;
		esac
	done | sed 's,^\./,,' | grep -vE \
	    '^tests/fixtures/|^tests/fuzz/corpus/|^www/vendor/|^tests/house/banned_test\.sh$|(^|/)package-lock\.json$'
}

in_texts()
{
	texts | xargs -r grep -InE "$@" /dev/null
}

unfinished()
{
	in_texts '\<(TODO|FIXME|XXX|HACK|TBD)\>|[Nn]ot (yet )?implemented|@ts-ignore'
}

# Folders of a machine, and pages that are not in this tree.
places()
{
	in_texts '(^|[^A-Za-z0-9_.$}-])/(work|home|root|Users)/[A-Za-z0-9]|\.\./shared' |
	    grep -v '^docs/.*/home/you/'
}

# Packages come by their names, from whatever a machine is set up to ask.
registries()
{
	in_texts '"resolved":|_authToken|registry[.=:/][a-z0-9./:]*|https?://[^ ]*/(npm|pypi|debian)/|\<(deb|security)\.debian\.org|deb http|npmjs' |
	    grep -vE 'omit-lockfile-registry-resolved=true|registry\.\$'
	files package-lock.json etc tests www | xargs -r grep -n '"resolved"' \
	    /dev/null
}

# Line ends, blanks at the end, and the last line, that every editor agrees on.
layout()
{
	texts | grep -vE '\.svg$|\.patch$' |
	    xargs -r grep -InE "$(printf '\r')\$|[ 	]+\$" /dev/null
	texts | xargs -r grep -ILzP '(\n|^)\z' |
	    sed 's/$/: no newline at its end/'
}

atf_test_case nothing_is_left_for_later
nothing_is_left_for_later_body()
{
	kept unfinished
	plant lib/base/a.c <<-'EOT'
	/* TODO: more */
	METHODOLOGY
	EOT
	broken 'lib/base/a.c:1:' unfinished
	breaks 1 unfinished
}

atf_test_case no_text_names_a_machine
no_text_names_a_machine_body()
{
	kept places
	plant README.md <<-'EOT'
	See ../shared/style.md.
	cd /home/me/stockroom
	the folder $HOME/trees/x is fine, and https://a.test/home/x too
	EOT
	broken 'README.md:1:' places
	breaks 2 places
}

atf_test_case no_text_names_a_registry
no_text_names_a_registry_body()
{
	kept registries
	plant www/package-lock.json <<-'EOT'
	      "integrity": "sha512-x",
	      "resolved": "https://r.test/uplot.tgz",
	EOT
	plant www/.npmrc <<-'EOT'
	omit-lockfile-registry-resolved=true
	registry=https://r.test/
	EOT
	broken 'package-lock.json:2:' registries
	broken 'www/.npmrc:2:' registries
	breaks 2 registries
}

atf_test_case lines_end_as_they_should
lines_end_as_they_should_body()
{
	kept layout
	printf 'a\r\nb \nc' | plant lib/a.c
	breaks 3 layout
}

# ---- SQL (so that it can move to an engine that is spread out)

sql_lines()
{
	files '*.sql' sql | xargs -r awk '
		{ sub(/--.*/, "") } /[^ \t]/ { print FILENAME ":" FNR ":" $0 }'
}

# Advisory locks: the runner of migrations, and the queue's claim.
advisory()
{
	sql_lines | grep -i 'advisory' |
	    grep -vE '^sql/queries/migration\.sql:|^sql/migrations/[0-9]+_(queue_functions|claim)\.sql:'
}

# Nothing happens behind a statement's back; tests/sql/schema_test looks in the
# catalogue which functions are plpgsql.
hidden()
{
	sql_lines | grep -iE \
	    'create( or replace)? (constraint )?trigger|create( or replace)? rule|event trigger|listen |returns trigger'
}

# Tables that a crash empties are the cache's; losing them must be right.
unlogged()
{
	unlogged_names=$(sql_lines | sed -n \
	    's/.*CREATE UNLOGGED TABLE[ IF NOT EXISTS]*[ ]\([a-z_]*\).*/\1/p' |
	    tr '\n' '|')
	[ -n "$unlogged_names" ] || echo "there is no unlogged table"
	sql_lines | grep -E "^sql/queries/.*\<(${unlogged_names%|})\>" |
	    grep -v '^sql/queries/cache\.sql:'
	# shellcheck disable=SC2086
	c_lines code $product |
	    grep -E "\\<Q_($(query_names sql/queries/cache.sql | tr 'a-z\n' 'A-Z|')x)\\>" |
	    grep -v '^lib/store/cache[a-z_]*\.c:'
}

query_names()
{
	[ ! -f "$1" ] || sed -n 's/^-- name: *//p' "$1"
}

atf_test_case advisory_locks_are_the_claims_and_the_migrations
advisory_locks_are_the_claims_and_the_migrations_body()
{
	kept advisory
	plant sql/queries/shop.sql <<-'EOT'
	-- an advisory lock would be easy
	SELECT pg_advisory_lock(1);
	EOT
	broken 'shop.sql:2:' advisory
	breaks 1 advisory
}

atf_test_case no_trigger_or_rule_works_unseen
no_trigger_or_rule_works_unseen_body()
{
	kept hidden
	plant sql/migrations/0001_a.sql <<-'EOT'
	CREATE TRIGGER t BEFORE INSERT ON a EXECUTE FUNCTION f();
	EOT
	breaks 1 hidden
}

atf_test_case only_the_cache_knows_tables_that_a_crash_empties
only_the_cache_knows_tables_that_a_crash_empties_body()
{
	kept unlogged
	plant sql/migrations/0001_a.sql <<-'EOT'
	CREATE UNLOGGED TABLE bucket (
	EOT
	plant sql/queries/cache.sql <<-'EOT'
	-- name: bucket_take
	UPDATE bucket
	EOT
	plant sql/queries/shop.sql <<-'EOT'
	SELECT 1 FROM bucket_list, bucket;
	SELECT 1 FROM bucket_list;
	EOT
	plant lib/store/cache.c <<-'EOT'
	db_one(Q_BUCKET_TAKE)
	EOT
	plant lib/app/a.c <<-'EOT'
	db_one(Q_BUCKET_TAKE)
	EOT
	broken 'shop.sql:1:' unlogged
	broken 'lib/app/a.c:1:' unlogged
	breaks 2 unlogged
}

atf_init_test_cases()
{
	atf_add_test_case no_banned_call_is_made
	atf_add_test_case nothing_sleeps_by_itself
	atf_add_test_case text_has_no_fixed_array
	atf_add_test_case only_functions_types_have_names_of_their_own
	atf_add_test_case no_sql_is_written_in_c
	atf_add_test_case nothing_is_left_for_later
	atf_add_test_case no_text_names_a_machine
	atf_add_test_case no_text_names_a_registry
	atf_add_test_case lines_end_as_they_should
	atf_add_test_case advisory_locks_are_the_claims_and_the_migrations
	atf_add_test_case no_trigger_or_rule_works_unseen
	atf_add_test_case only_the_cache_knows_tables_that_a_crash_empties
}
