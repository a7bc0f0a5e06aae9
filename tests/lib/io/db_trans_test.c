/* Transactions: what stays, what goes, what may be awaited meanwhile. */
#include <atf-c.h>
#include <signal.h>

#include "base/clock.h"
#include "base/log.h"
#include "io/db.h"
#include "io/wait.h"
#include "lib/io/db_slots.h"
#include "server.h"

#define T_PUT SLOT(1)
#define T_COUNT SLOT(2)
#define T_LATE SLOT(3)

const struct query_text query_texts[Q_COUNT + 1] = {
	[Q_SCOPE_SET] = SCOPE_QUERY,
	[T_PUT] = QUERY("t_put", "INSERT INTO a VALUES ($1::int)"),
	[T_COUNT] = QUERY("t_count", "SELECT count(*) FROM a"),
	[T_LATE] = QUERY("t_late", "INSERT INTO late VALUES (1), (1)"),
};

/* `late` notices a repeat only at the commit. */
static const char schema[] =
    "CREATE TABLE a (x int PRIMARY KEY);"
    "CREATE TABLE late (x int UNIQUE DEFERRABLE INITIALLY DEFERRED)";

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

SERVER_CASE(what_is_committed_stays)
{
	(void)start();
	OK(db_begin(test_cx()));
	ATF_CHECK(db_in_transaction(test_cx()));
	OK(put(1));
	OK(put(2));
	OK(db_commit(test_cx()));
	ATF_CHECK(!db_in_transaction(test_cx()));
	arena_empty(test_arena());
	ATF_CHECK_EQ(2, count());
	stop();
}

SERVER_CASE(what_is_not_committed_goes_with_the_arena)
{
	(void)start();
	OK(db_begin(test_cx()));
	OK(put(1));
	arena_empty(test_arena());
	ATF_CHECK(!db_in_transaction(test_cx()));
	ATF_CHECK_EQ(0, count());
	stop();
}

SERVER_CASE(it_goes_when_the_arena_goes_back_too)
{
	struct arena_mark mark;

	(void)start();
	mark = arena_mark(test_arena());
	OK(db_begin(test_cx()));
	OK(put(1));
	arena_back(test_arena(), mark);
	ATF_CHECK_EQ(0, count());
	OK(wait_until(test_cx(), 0)); /* and the ban is lifted */
	stop();
}

SERVER_CASE(a_rollback_undoes_and_may_come_twice)
{
	(void)start();
	OK(db_begin(test_cx()));
	OK(put(1));
	db_rollback(test_cx());
	db_rollback(test_cx());
	ATF_CHECK_EQ(0, count());
	stop();
}

SERVER_CASE(an_empty_transaction_commits)
{
	(void)start();
	OK(db_begin(test_cx()));
	OK(db_commit(test_cx()));
	stop();
}

SERVER_CASE(a_begin_within_and_a_commit_without_are_bugs)
{
	(void)start();
	ATF_CHECK_EQ(RC_BUG, code(db_commit(test_cx())));
	OK(db_begin(test_cx()));
	ATF_CHECK_EQ(RC_BUG, code(db_begin(test_cx())));
	OK(put(1));
	OK(db_commit(test_cx()));
	ATF_CHECK_EQ(1, count());
	stop();
}

SERVER_CASE(after_a_failed_query_nothing_of_the_transaction_is_kept)
{
	(void)start();
	OK(db_begin(test_cx()));
	OK(put(1));
	ATF_CHECK_EQ(RC_CONFLICT, code(put(1)));
	ATF_CHECK_EQ(RC_CONFLICT, code(put(2)));
	ATF_CHECK_EQ(RC_CONFLICT, code(db_commit(test_cx())));
	ATF_CHECK(!db_in_transaction(test_cx()));
	ATF_CHECK_EQ(0, count());
	stop();
}

SERVER_CASE(what_only_the_commit_finds_is_told_by_it)
{
	struct cx *cx = start();

	OK(db_begin(cx));
	OK(db_run(cx, T_LATE, NO_ARGS, NULL));
	ATF_CHECK_EQ(RC_CONFLICT, code(db_commit(cx)));
	ATF_CHECK_EQ(RC_CONFLICT, code(db_run(cx, T_LATE, NO_ARGS, NULL)));
	ATF_CHECK_EQ(0, count()); /* the connection still works */
	stop();
}

SERVER_CASE(waiting_for_the_outside_in_a_transaction_asserts)
{
	struct wait_fd fd = { 0, WAIT_READ, 0 };

	(void)start();
	OK(db_begin(test_cx()));
	OK(put(1));
	log_open(LOG_ERR + 1, 2);
	atf_tc_expect_signal(SIGABRT, "the outside was awaited");
	(void)(wait_any(test_cx(), &fd, 1, 0) == RC_OK);
}

SERVER_CASE(when_all_connections_are_out_the_next_is_told_in_half_a_second)
{
	struct cx *cx = start(); /* REL-11 */
	struct cx other = { .mem = arena_new(), .db = cx->db };
	int64_t began;

	OK(db_begin(cx));
	OK(put(1));
	began = clock_ms();
	ATF_CHECK_EQ(RC_BUSY, db_run(&other, T_COUNT, NO_ARGS, NULL));
	ATF_CHECK(clock_ms() - began >= 500 && clock_ms() - began < 800);
	OK(db_commit(cx));
	rc_forget(&other);
	ATF_CHECK_EQ(RC_OK, db_run(&other, T_COUNT, NO_ARGS, NULL));
	arena_free(other.mem);
	stop();
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_is_committed_stays);
	ATF_TP_ADD_TC(tp, what_is_not_committed_goes_with_the_arena);
	ATF_TP_ADD_TC(tp, it_goes_when_the_arena_goes_back_too);
	ATF_TP_ADD_TC(tp, a_rollback_undoes_and_may_come_twice);
	ATF_TP_ADD_TC(tp, an_empty_transaction_commits);
	ATF_TP_ADD_TC(tp, a_begin_within_and_a_commit_without_are_bugs);
	ATF_TP_ADD_TC(
	    tp, after_a_failed_query_nothing_of_the_transaction_is_kept);
	ATF_TP_ADD_TC(tp, what_only_the_commit_finds_is_told_by_it);
	ATF_TP_ADD_TC(tp, waiting_for_the_outside_in_a_transaction_asserts);
	ATF_TP_ADD_TC(
	    tp, when_all_connections_are_out_the_next_is_told_in_half_a_second);
	return atf_no_error();
}
