/* Queries: their scope, one round trip, what an answer becomes. */
#include <atf-c.h>
#include <stdio.h>
#include <string.h>

#include "io/db_inside.h"
#include "lib/io/db_slots.h"
#include "server.h"

/* Queries of the test's own, where the program's would stand. */
#define T_SCOPE SLOT(1)
#define T_SHOPS SLOT(2)
#define T_PUT SLOT(3)
#define T_COUNT SLOT(4)
#define T_RAISE SLOT(5)
#define T_NONE SLOT(7)
#define T_CAST SLOT(8)
#define T_WRONG SLOT(9)
#define T_STAR SLOT(10)
#define T_KEYRING SLOT(11)

const struct query_text query_texts[Q_COUNT + 1] = {
	[Q_SCOPE_SET] = SCOPE_QUERY,
	[T_SCOPE] =
	    QUERY("t_scope", "SELECT current_setting('app.shop_id', true), "
			     "current_setting('app.every_shop', true)"),
	[T_SHOPS] = QUERY("t_shops", "SELECT count(*) FROM stockroom.shop"),
	[T_PUT] = QUERY("t_put", "INSERT INTO a VALUES ($1::int)"),
	[T_COUNT] = QUERY("t_count", "SELECT count(*) FROM a"),
	[T_RAISE] = QUERY("t_raise", "SELECT throw($1)"),
	[T_NONE] = QUERY("t_none", "SELECT 1 WHERE false"),
	[T_CAST] = QUERY("t_cast", "SELECT $1::text::bigint"),
	[T_WRONG] = QUERY("t_wrong", "SELEC 1"),
	[T_STAR] = QUERY("t_star", "SELECT * FROM a"),
	[T_KEYRING] = { "t_keyring", "SELECT current_database()",
	    QUERY_KEYRING },
};

/* throw fails as it is told to. */
static const char schema[] =
    "CREATE TABLE a (x int PRIMARY KEY);"
    "CREATE FUNCTION throw(state text) RETURNS void LANGUAGE plpgsql AS $$ "
    "BEGIN RAISE 'told to' USING ERRCODE = state; END $$";

static struct cx *
start(void)
{
	struct cx *cx = test_cx();

	test_server("pg_start");
	cx->db = db_open("test", test_url("postgres", NULL), NULL, 1);
	OK(db_script(cx, schema));
	return cx;
}

static void
stop(void)
{
	arena_empty(test_cx()->mem);
	db_close(test_cx()->db);
	test_cx()->db = NULL;
}

static const char *
text_one(enum query q, int col)
{
	struct row row;

	OK(db_one(test_cx(), q, NO_ARGS, &row));
	return row_text(row, col);
}

static int64_t
count(void)
{
	struct row row;

	OK(db_one(test_cx(), T_COUNT, NO_ARGS, &row));
	return row_int(row, 0);
}

static enum rc
put(int64_t x)
{
	return db_run(test_cx(), T_PUT, ARGS(a_int(x)), NULL);
}

/* The code of a failure, of which the note is thrown away. */
static enum rc
code(enum rc rc)
{
	rc_forget(test_cx());
	return rc;
}

/* ---- the scope */

SERVER_CASE(each_query_has_the_scope_of_its_context_and_no_other)
{
	struct cx *cx = start();

	cx->shop_id = 12;
	ATF_CHECK_STREQ("12", text_one(T_SCOPE, 0));
	ATF_CHECK_STREQ("", text_one(T_SCOPE, 1));
	cx->shop_id = 0;
	cx->every_shop = true;
	ATF_CHECK_STREQ("0", text_one(T_SCOPE, 0));
	ATF_CHECK_STREQ("on", text_one(T_SCOPE, 1));
	cx->every_shop = false;
	ATF_CHECK_STREQ("", text_one(T_SCOPE, 1));
	stop();
}

SERVER_CASE(a_transaction_has_the_scope_too)
{
	struct cx *cx = start();

	cx->shop_id = 12;
	OK(db_begin(cx));
	ATF_CHECK_STREQ("12", text_one(T_SCOPE, 0));
	ATF_CHECK_STREQ("12", text_one(T_SCOPE, 0));
	OK(db_commit(cx));
	stop();
}

SERVER_CASE(another_shops_rows_are_not_there) /* SEC-13 */
{
	struct cx *cx = test_database("pulls");
	struct cx super = { .mem = test_arena() };
	struct row row;

	super.db = db_open("test", test_url("t", NULL), NULL, 1);
	OK(db_script(&super,
	    "INSERT INTO stockroom.shop (shop_id, domain) "
	    "VALUES (1, 'a.myshopify.com'), (2, 'b.myshopify.com'), "
	    "(3, 'c.myshopify.com')"));
	db_close(super.db);
	cx->shop_id = 2;
	OK(db_one(cx, T_SHOPS, NO_ARGS, &row));
	ATF_CHECK_EQ(1, row_int(row, 0));
	cx->shop_id = 0;
	OK(db_one(cx, T_SHOPS, NO_ARGS, &row));
	ATF_CHECK_EQ(0, row_int(row, 0));
	cx->every_shop = true;
	OK(db_one(cx, T_SHOPS, NO_ARGS, &row));
	ATF_CHECK_EQ(3, row_int(row, 0));
}

SERVER_CASE(a_query_goes_to_the_database_its_file_belongs_to)
{
	struct cx *cx = start();

	ATF_CHECK_EQ(RC_BUG, code(db_run(cx, T_KEYRING, NO_ARGS, NULL)));
	cx->keyring = db_open("test", test_url("template1", NULL), NULL, 1);
	ATF_CHECK_STREQ("template1", text_one(T_KEYRING, 0));
	OK(db_begin(cx));
	ATF_CHECK_STREQ("template1", text_one(T_KEYRING, 0));
	OK(db_commit(cx));
	db_close(cx->keyring);
	cx->keyring = NULL;
	stop();
}

/* ---- one round trip */

/* What was sent since the trace began, by the name of the message. */
static int
sent(const char *path, const char *message)
{
	FILE *f = fopen(path, "r");
	char line[256];
	int n = 0;

	ATF_REQUIRE(f != NULL);
	while (fgets(line, sizeof(line), f) != NULL)
		n += line[0] == 'F' && strstr(line, message) != NULL;
	(void)fclose(f);
	return n;
}

static void
trace(const char *path)
{
	FILE *f = fopen(path, "w");

	ATF_REQUIRE(f != NULL);
	PQtrace(test_cx()->db->conns[0].pg, f);
	PQsetTraceFlags(
	    test_cx()->db->conns[0].pg, PQTRACE_SUPPRESS_TIMESTAMPS);
}

SERVER_CASE(a_query_is_one_round_trip_and_is_prepared_once)
{
	(void)start();
	OK(db_ping(test_cx()));
	trace("first");
	(void)count();
	trace("second");
	(void)count();
	PQuntrace(test_cx()->db->conns[0].pg);
	ATF_CHECK_EQ(1, sent("first", "Sync"));
	ATF_CHECK_EQ(2, sent("first", "Parse"));
	ATF_CHECK_EQ(1, sent("second", "Sync"));
	ATF_CHECK_EQ(0, sent("second", "Parse"));
	ATF_CHECK_EQ(2, sent("second", "Execute"));
	stop();
}

SERVER_CASE(a_transactions_begin_goes_with_its_first_query)
{
	(void)start();
	(void)count();
	trace("sent");
	OK(db_begin(test_cx()));
	OK(put(1));
	OK(db_commit(test_cx()));
	PQuntrace(test_cx()->db->conns[0].pg);
	ATF_CHECK_EQ(2, sent("sent", "Sync"));
	stop();
}

/* ---- what an answer becomes */

SERVER_CASE(no_row_is_absent_and_no_failure)
{
	struct cx *cx = start();
	int64_t changed = -1;
	struct rows rows;
	struct row row;

	ATF_CHECK_EQ(RC_ABSENT, db_one(cx, T_NONE, NO_ARGS, &row));
	ATF_CHECK_EQ(RC_OK, cx->fault.rc);
	OK(db_all(cx, T_NONE, NO_ARGS, &rows));
	ATF_CHECK_EQ(0, rows.n);
	OK(db_run(cx, T_PUT, ARGS(a_int(1)), &changed));
	ATF_CHECK_EQ(1, changed);
	stop();
}

static const struct {
	const char *state;
	enum rc rc;
} states[] = {
	{ "23505", RC_CONFLICT },
	{ "22P05", RC_INPUT },
	{ "22021", RC_INPUT },
	{ "22003", RC_INPUT },
	{ "22008", RC_INPUT },
	{ "40001", RC_BUSY },
	{ "40P01", RC_BUSY },
	{ "25006", RC_BUSY },
	{ "55P03", RC_BUSY },
	{ "53100", RC_BUSY },
	{ "57014", RC_BUSY },
	{ "57P01", RC_BUSY },
	{ "08006", RC_BUSY },
	{ "58030", RC_BUSY },
	{ "23503", RC_BUG },
	{ "23514", RC_BUG },
	{ "42501", RC_BUG },
	{ "22P02", RC_BUG },
	{ "P0001", RC_BUG },
	{ "XX000", RC_BUG },
};

SERVER_CASE(each_sqlstate_becomes_the_code_of_its_row)
{
	struct cx *cx = start();

	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		ATF_CHECK_EQ_MSG(states[i].rc,
		    code(db_run(
			cx, T_RAISE, ARGS(a_text(states[i].state)), NULL)),
		    "%s", states[i].state);
	ATF_CHECK_EQ(RC_BUG, code(db_run(cx, T_WRONG, NO_ARGS, NULL)));
	ATF_CHECK_EQ(0, count());
	stop();
}

SERVER_CASE(a_busy_database_says_when_to_come_back)
{
	struct cx *cx = start();

	ATF_CHECK_EQ(RC_BUSY, db_run(cx, T_RAISE, ARGS(a_text("40001")), NULL));
	ATF_CHECK(cx->retry_after_ms > 0);
	stop();
}

SERVER_CASE(the_sentence_names_query_and_state_and_shows_no_value)
{
	struct cx *cx = start();

	ATF_CHECK_EQ(
	    RC_BUG, db_run(cx, T_CAST, ARGS(a_text("jo\"hn@example")), NULL));
	ATF_CHECK_STREQ("query t_cast: 22P02 invalid input syntax for type "
			"bigint: \"...\"",
	    cx->fault.sentence);
	rc_forget(cx);
	ATF_CHECK_EQ(RC_INPUT,
	    db_run(cx, T_CAST, ARGS(a_text("99999999999999999999")), NULL));
	ATF_CHECK_STREQ("query t_cast: 22003 value \"...\" is out of range for "
			"type bigint",
	    cx->fault.sentence);
	rc_forget(cx);
	OK(put(77));
	ATF_CHECK_EQ(RC_CONFLICT, put(77));
	ATF_CHECK(strstr(cx->fault.sentence, "a_pkey") != NULL);
	ATF_CHECK(strstr(cx->fault.sentence, "77") == NULL);
	stop();
}

SERVER_CASE(a_statement_prepared_before_its_table_changed_is_prepared_again)
{
	struct cx *cx = start();
	struct row row;

	OK(put(5));
	OK(db_one(cx, T_STAR, NO_ARGS, &row));
	OK(db_script(cx, "ALTER TABLE a ADD COLUMN y text DEFAULT 'new'"));
	OK(db_one(cx, T_STAR, NO_ARGS, &row));
	ATF_CHECK_EQ(2, row_cols(row));
	OK(db_script(cx, "DEALLOCATE ALL; ALTER TABLE a DROP COLUMN y"));
	OK(db_begin(cx));
	OK(db_one(cx, T_STAR, NO_ARGS, &row));
	ATF_CHECK_EQ(1, row_cols(row));
	OK(db_commit(cx));
	stop();
}

/* ---- scripts */

SERVER_CASE(a_script_is_all_or_nothing)
{
	struct cx *cx = start();

	OK(db_script(cx, "INSERT INTO a VALUES (1); INSERT INTO a VALUES (2)"));
	ATF_CHECK_EQ(RC_CONFLICT,
	    code(db_script(
		cx, "INSERT INTO a VALUES (3); INSERT INTO a VALUES (1)")));
	ATF_CHECK_EQ(2, count());
	OK(db_begin(cx));
	OK(db_script(cx, "INSERT INTO a VALUES (4); INSERT INTO a VALUES (5)"));
	db_rollback(cx);
	ATF_CHECK_EQ(2, count());
	stop();
}

SERVER_CASE(a_script_that_copies_is_refused)
{
	struct cx *cx = start();

	ATF_CHECK(db_script(cx, "COPY a FROM STDIN") != RC_OK);
	rc_forget(cx);
	ATF_CHECK_EQ(0, count());
	stop();
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, each_query_has_the_scope_of_its_context_and_no_other);
	ATF_TP_ADD_TC(tp, a_transaction_has_the_scope_too);
	ATF_TP_ADD_TC(tp, another_shops_rows_are_not_there);
	ATF_TP_ADD_TC(tp, a_query_goes_to_the_database_its_file_belongs_to);
	ATF_TP_ADD_TC(tp, a_query_is_one_round_trip_and_is_prepared_once);
	ATF_TP_ADD_TC(tp, a_transactions_begin_goes_with_its_first_query);
	ATF_TP_ADD_TC(tp, no_row_is_absent_and_no_failure);
	ATF_TP_ADD_TC(tp, each_sqlstate_becomes_the_code_of_its_row);
	ATF_TP_ADD_TC(tp, a_busy_database_says_when_to_come_back);
	ATF_TP_ADD_TC(
	    tp, the_sentence_names_query_and_state_and_shows_no_value);
	ATF_TP_ADD_TC(tp,
	    a_statement_prepared_before_its_table_changed_is_prepared_again);
	ATF_TP_ADD_TC(tp, a_script_is_all_or_nothing);
	ATF_TP_ADD_TC(tp, a_script_that_copies_is_refused);
	return atf_no_error();
}
