/* Migrations: how a database stands to this program. */
#include <atf-c.h>
#include <string.h>

#include "io/crypt.h"
#include "io/db.h"
#include "shop.h"
#include "store/migration.h"

/* Only the owner and the superuser write the list. */
static void
begin(void)
{
	(void)test_shop("ops");
	db_close(test_cx()->db);
	db_close(test_cx()->keyring);
	test_cx()->db = db_open("test", test_url("t", NULL), NULL, 1);
	test_cx()->keyring = db_open("test", test_url("t_keys", NULL), NULL, 1);
}

static struct migration_state
state_of(enum schema which)
{
	struct migration_state state;

	OK(migration_load(test_cx(), which, &state));
	return state;
}

static void
put_all(enum schema which)
{
	const struct migration *m;

	for (m = migration_table(which); m->name; m++)
		OK(migration_put(test_cx(), which, m));
}

ATF_TC_WITHOUT_HEAD(they_are_in_order_and_known_by_their_file);
ATF_TC_BODY(they_are_in_order_and_known_by_their_file, tc)
{
	const struct migration *m = migration_table(SCHEMA_MAIN);
	const struct migration *k = migration_table(SCHEMA_KEYRING);
	int i;

	ATF_CHECK_STREQ("sql/migrations/0001_schema.sql",
	    migration_file(test_arena(), SCHEMA_MAIN, m));
	ATF_CHECK_STREQ("sql/keyring/0001_keyring.sql",
	    migration_file(test_arena(), SCHEMA_KEYRING, k));
	for (i = 1; m[i].name; i++)
		ATF_CHECK(m[i].number > m[i - 1].number);
	ATF_CHECK(i > 10);
}

SERVER_CASE(both_databases_have_a_list_of_their_own)
{
	struct migration_state state;

	begin();
	state = state_of(SCHEMA_MAIN);
	ATF_CHECK(state.listed);
	ATF_CHECK_EQ(0, state.applied);
	ATF_CHECK(!state.has[0]);
	put_all(SCHEMA_MAIN);
	state = state_of(SCHEMA_MAIN);
	ATF_CHECK_EQ(state.known, state.applied);
	ATF_CHECK(state.has[0] && state.has[state.known - 1]);
	ATF_CHECK_EQ(NULL, state.changed);
	ATF_CHECK_EQ(NULL, state.newer);
	ATF_CHECK_EQ(0, state_of(SCHEMA_KEYRING).applied);
	put_all(SCHEMA_KEYRING);
	state = state_of(SCHEMA_KEYRING);
	ATF_CHECK_EQ(state.known, state.applied);
	CODE(RC_CONFLICT, migration_put(test_cx(), SCHEMA_MAIN,
			      migration_table(SCHEMA_MAIN)));
}

SERVER_CASE(a_changed_one_and_a_newer_one_are_named)
{
	struct migration_state state;

	begin();
	put_all(SCHEMA_MAIN);
	test_sql("t", "UPDATE migration SET sha256 = 'other' WHERE number = 2;"
		      "INSERT INTO migration VALUES (9999, '9999_later', 'x')");
	state = state_of(SCHEMA_MAIN);
	ATF_CHECK_STREQ("sql/migrations/0002_shop.sql", state.changed);
	ATF_CHECK_STREQ("9999_later", state.newer);
	ATF_CHECK_EQ(state.known, state.applied);
}

SERVER_CASE(an_empty_database_has_no_list)
{
	struct migration_state state;

	begin();
	test_sql("t", "DROP TABLE migration");
	state = state_of(SCHEMA_MAIN);
	ATF_CHECK(!state.listed);
	ATF_CHECK_EQ(0, state.applied);
	ATF_CHECK(state.known > 10);
}

SERVER_CASE(a_program_may_count_them)
{
	int64_t applied, known;

	(void)test_shop("ops");
	OK(migration_count(test_cx(), &applied, &known));
	ATF_CHECK_EQ(0, applied);
	ATF_CHECK(known > 10);
	test_sql("t", "INSERT INTO migration VALUES (1, '0001_schema', 'x')");
	OK(migration_count(test_cx(), &applied, &known));
	ATF_CHECK_EQ(1, applied);
	test_sql("t", "DROP TABLE migration");
	ATF_CHECK(
	    test_code(migration_count(test_cx(), &applied, &known)) != RC_OK);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, they_are_in_order_and_known_by_their_file);
	ATF_TP_ADD_TC(tp, both_databases_have_a_list_of_their_own);
	ATF_TP_ADD_TC(tp, a_changed_one_and_a_newer_one_are_named);
	ATF_TP_ADD_TC(tp, an_empty_database_has_no_list);
	ATF_TP_ADD_TC(tp, a_program_may_count_them);
	return atf_no_error();
}
