/*
 * Migrations that are not ours: outside a transaction, and failing ones. The
 * runner is taken in with tables of the test's own.
 */
#include <atf-c.h>
#include <string.h>

#include "../../../jobs/stockroom/keeper.c"
#include "../../../jobs/stockroom/migrate.c"
#include "server.h"

const char roles_sql[] = "DO $$ BEGIN CREATE ROLE stockroom_owner; "
			 "EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
			 "DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE "
			 "%I TO stockroom_owner', current_database()); END $$;";
const char grants_sql[] = "GRANT USAGE ON SCHEMA stockroom TO PUBLIC;";
const char keyring_grants_sql[] = "GRANT USAGE ON SCHEMA keyring TO PUBLIC;";

#define LIST(schema)                                                           \
	"CREATE SCHEMA " schema "; CREATE TABLE " schema                       \
	".migration (number int PRIMARY KEY, name text, sha256 bytea);"

/* Filled by each case; the last row stays empty. */
struct migration table[5];
extern const struct migration migrations[5] __attribute__((alias("table")));
const struct migration keyring_migrations[] = {
	{ 1, "0001_list", LIST("keyring") },
	{ 0, NULL, NULL },
};

int
command_failed(const struct cx *cx)
{
	atf_tc_fail("%s", cx->fault.sentence);
}

int
command_misused(const char *name)
{
	atf_tc_fail("%s misused", name);
}

static const struct migration first = { 1, "0001_list",
	LIST("stockroom") "CREATE TABLE stockroom.a (x int);"
			  "INSERT INTO stockroom.a VALUES (1), (2)" };

static const struct migration index_of_x = { 2, "0002_index",
	"-- outside a transaction\n"
	"CREATE INDEX CONCURRENTLY IF NOT EXISTS a_x ON stockroom.a (x);\n" };

static const struct migration half = { 3, "0003_half",
	"CREATE TABLE stockroom.b (x int); SELECT 1/0" };

/* What the run said; the databases are main and keyring. */
static enum rc
run(void)
{
	struct cx *cx = test_cx();
	char *argv[] = { "migrate", "--url", NULL, "--keyring-url", NULL,
		NULL };
	struct keeper k;
	enum rc rc;

	argv[2] = text_dup(cx->mem, test_url("main", NULL));
	argv[4] = text_dup(cx->mem, test_url("keyring", NULL));
	rc_forget(cx);
	optind = 1;
	ATF_REQUIRE(keeper_open(&k, 5, argv));
	rc = migrate(cx, &k);
	keeper_close(&k);
	return rc;
}

static void
answers(const char *want, const char *sql)
{
	test_server(text_fmt(test_arena(),
	    "pg_answers '%s' main <<-'EOT'\n%s;\nEOT", want, sql));
}

SERVER_CASE(a_migration_outside_a_transaction_runs_as_owner_and_is_noted)
{
	test_server("pg_start");
	table[0] = first;
	table[1] = index_of_x;
	OK(run());
	answers("stockroom_owner|t",
	    "SELECT relowner::regrole, indisvalid FROM pg_class "
	    "JOIN pg_index ON indexrelid = oid WHERE relname = 'a_x'");
	answers("1\n2", "SELECT number FROM stockroom.migration ORDER BY 1");
	OK(run());
}

SERVER_CASE(one_that_was_cut_before_its_note_runs_again)
{
	test_server("pg_start");
	table[0] = first;
	table[1] = index_of_x;
	OK(run());
	answers("", "DELETE FROM stockroom.migration WHERE number = 2");
	OK(run());
	answers("2", "SELECT max(number) FROM stockroom.migration");
}

SERVER_CASE(one_that_fails_leaves_nothing_and_is_named)
{
	test_server("pg_start");
	table[0] = first;
	table[1] = half;
	ATF_CHECK_EQ(RC_BUG, run());
	ATF_CHECK(strstr(test_cx()->fault.sentence,
		      "sql/migrations/0003_half.sql") != NULL);
	ATF_CHECK(strstr(test_cx()->fault.sentence, "22012") != NULL);
	answers("1||", "SELECT number, to_regclass('stockroom.b'), "
		       "to_regclass('keyring.migration') "
		       "FROM stockroom.migration");
	table[1] = index_of_x;
	OK(run());
}

/* As if another had run it between our look and our turn. */
SERVER_CASE(one_that_another_ran_meanwhile_is_not_run_again)
{
	struct keep at;
	struct run r;

	test_server("pg_start");
	table[0] = first;
	OK(run());
	table[1] = (struct migration){ 2, "0002_more",
		"INSERT INTO stockroom.a VALUES (3)" };
	keep_open(&at, SCHEMA_MAIN, grants_sql, test_url("main", NULL));
	OK(run_new(test_cx(), &at, &r));
	OK(run());
	OK(run_all(&r));
	ATF_CHECK_EQ(0, r.applied);
	keep_close(&at);
	answers("3", "SELECT count(*) FROM stockroom.a");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(
	    tp, a_migration_outside_a_transaction_runs_as_owner_and_is_noted);
	ATF_TP_ADD_TC(tp, one_that_was_cut_before_its_note_runs_again);
	ATF_TP_ADD_TC(tp, one_that_fails_leaves_nothing_and_is_named);
	ATF_TP_ADD_TC(tp, one_that_another_ran_meanwhile_is_not_run_again);
	return atf_no_error();
}
