/*
 * A database that goes, comes and hangs (REL-6): what is tried again, what is
 * told, and how soon.
 */
#include <atf-c.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "io/db.h"
#include "io/wait.h"
#include "lib/io/db_slots.h"
#include "server.h"

/* Queries of the test's own, where the program's would stand. */
#define T_PID SLOT(1)
#define T_PUT SLOT(2)
#define T_COUNT SLOT(3)
#define T_DIE SLOT(4)
#define T_LAST SLOT(5)
#define T_SLEEP SLOT(6)
#define T_NOTIFY SLOT(7)

const struct query_text query_texts[Q_COUNT + 1] = {
	[Q_SCOPE_SET] = SCOPE_QUERY,
	[T_PID] = QUERY("t_pid", "SELECT pg_backend_pid()"),
	[T_PUT] = QUERY("t_put", "INSERT INTO a VALUES ($1::int)"),
	[T_COUNT] = QUERY("t_count", "SELECT count(*) FROM a"),
	[T_DIE] = QUERY("t_die",
	    "SELECT nextval('times'), pg_terminate_backend(pg_backend_pid())"),
	[T_LAST] = QUERY("t_last", "SELECT last_value, is_called FROM times"),
	[T_SLEEP] = QUERY("t_sleep", "SELECT pg_sleep($1::float8)"),
	[T_NOTIFY] = QUERY("t_notify", "SELECT pg_notify($1, $2)"),
};

static const char stop_words[] =
    "pg_as \"$(pg_bin)/pg_ctl\" -w -m fast -D \"$PG_DIR/data\" stop >/dev/null";
static const char restart_words[] =
    "pg_as \"$(pg_bin)/pg_ctl\" -w -m fast -D \"$PG_DIR/data\" stop >/dev/null"
    "; pg_up";

static struct cx *
start(void)
{
	struct cx *cx = test_cx();

	test_server("pg_start");
	cx->db = db_open("test", test_url("postgres", NULL), NULL, 1);
	OK(db_script(
	    cx, "CREATE TABLE a (x int PRIMARY KEY); CREATE SEQUENCE times"));
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
number(enum query q)
{
	struct row row;

	OK(db_one(test_cx(), q, NO_ARGS, &row));
	return row_int(row, 0);
}

static enum rc
put(int64_t x)
{
	return db_run(test_cx(), T_PUT, ARGS(a_int(x)), NULL);
}

static enum rc
code(enum rc rc)
{
	rc_forget(test_cx());
	return rc;
}

/* How long a query took that was refused with RC_BUSY. */
static int64_t
busy_ms(void)
{
	int64_t began = clock_ms();

	ATF_CHECK_EQ(RC_BUSY, put(1));
	ATF_CHECK(test_cx()->retry_after_ms > 0);
	rc_forget(test_cx());
	return clock_ms() - began;
}

/* How long until a query is answered again. */
static int64_t
well_ms(void)
{
	int64_t began = clock_ms();

	while (code(db_ping(test_cx())) != RC_OK)
		ATF_REQUIRE(clock_ms() - began < 10000);
	return clock_ms() - began;
}

SERVER_CASE(an_idle_connection_that_was_lost_is_replaced_unseen)
{
	(void)start();
	OK(put(1));
	test_server(restart_words);
	OK(put(2));
	test_server(restart_words);
	OK(db_begin(test_cx()));
	OK(put(3));
	OK(db_commit(test_cx()));
	ATF_CHECK_EQ(3, number(T_COUNT));
	stop();
}

SERVER_CASE(a_transaction_that_loses_its_connection_does_not_go_on)
{
	(void)start();
	OK(db_begin(test_cx()));
	OK(put(1));
	test_server(restart_words);
	ATF_CHECK_EQ(RC_BUSY, code(put(2)));
	ATF_CHECK_EQ(RC_BUSY, code(put(3)));
	ATF_CHECK_EQ(RC_BUSY, code(db_commit(test_cx())));
	ATF_CHECK_EQ(0, number(T_COUNT));
	stop();
}

SERVER_CASE(a_transaction_whose_first_query_finds_no_connection_begins_anew)
{
	(void)start();
	OK(db_begin(test_cx()));
	test_server(restart_words);
	OK(put(1));
	OK(db_commit(test_cx()));
	ATF_CHECK_EQ(1, number(T_COUNT));
	stop();
}

SERVER_CASE(a_commit_that_was_not_answered_is_not_called_done)
{
	(void)start();
	OK(db_begin(test_cx()));
	OK(put(1));
	test_server(restart_words);
	ATF_CHECK_EQ(RC_BUSY, code(db_commit(test_cx())));
	ATF_CHECK(!db_in_transaction(test_cx()));
	ATF_CHECK_EQ(0, number(T_COUNT));
	stop();
}

/* What a sequence gave is not taken back: it shows how often it ran. */
SERVER_CASE(a_query_that_may_have_run_is_not_run_again)
{
	(void)start();
	ATF_CHECK_EQ(RC_BUSY, code(db_run(test_cx(), T_DIE, NO_ARGS, NULL)));
	ATF_CHECK_EQ(1, number(T_LAST));
	stop();
}

/*
 * The session is told to end while it is frozen, so the query is on its way
 * before the server says so: nothing can have run, and nobody need know.
 */
SERVER_CASE(a_query_that_the_server_did_not_begin_is_sent_again)
{
	pid_t pid;

	(void)start();
	pid = (pid_t)number(T_PID);
	ATF_REQUIRE_EQ(0, kill(pid, SIGSTOP));
	ATF_REQUIRE_EQ(0, kill(pid, SIGTERM));
	if (fork() == 0) {
		(void)usleep(100 * 1000);
		(void)kill(pid, SIGCONT);
		_exit(0);
	}
	OK(put(1));
	ATF_CHECK_EQ(1, number(T_COUNT));
	ATF_CHECK(number(T_PID) != pid);
	stop();
}

SERVER_CASE(without_a_server_everybody_is_told_at_once)
{
	(void)start();
	test_server(stop_words);
	for (int i = 0; i < 3; i++)
		ATF_CHECK(busy_ms() < 500);
	ATF_CHECK_EQ(RC_BUSY, code(db_begin(test_cx())));
	ATF_CHECK(!db_in_transaction(test_cx()));
	test_server("pg_up");
	ATF_CHECK(well_ms() < 500);
	OK(put(1));
	stop();
}

SERVER_CASE(a_frozen_session_is_given_up_at_the_deadline)
{
	pid_t pid;
	int64_t ms;

	(void)start();
	db_deadline(test_cx()->db, 300);
	pid = (pid_t)number(T_PID);
	ATF_REQUIRE_EQ(0, kill(pid, SIGSTOP));
	ms = busy_ms();
	ATF_CHECK_MSG(ms >= 300 && ms < 600, "%d ms", (int)ms);
	OK(put(2)); /* on another connection */
	ATF_REQUIRE_EQ(0, kill(pid, SIGCONT));
	stop();
}

SERVER_CASE(a_frozen_server_holds_nobody_up)
{
	int64_t first;
	int64_t second;

	(void)start();
	stop();
	test_cx()->db = db_open("test", test_url("postgres", NULL), NULL, 1);
	ATF_REQUIRE_EQ(0, kill(test_server_pid(), SIGSTOP));
	first = busy_ms();
	second = busy_ms();
	ATF_REQUIRE_EQ(0, kill(test_server_pid(), SIGCONT));
	ATF_CHECK_MSG(first < 2300, "%d ms", (int)first);
	ATF_CHECK_MSG(second < 1000, "%d ms", (int)second);
	ATF_CHECK(well_ms() < 2000);
	stop();
}

SERVER_CASE(who_must_be_told_sooner_connects_no_longer)
{
	int64_t first;

	(void)start();
	stop();
	test_cx()->db = db_open("test", test_url("postgres", NULL), NULL, 1);
	db_deadline(test_cx()->db, 400);
	ATF_REQUIRE_EQ(0, kill(test_server_pid(), SIGSTOP));
	first = busy_ms();
	ATF_REQUIRE_EQ(0, kill(test_server_pid(), SIGCONT));
	ATF_CHECK_MSG(first < 700, "%d ms", (int)first);
	stop();
}

SERVER_CASE(a_query_past_its_deadline_is_not_waited_for)
{
	struct cx *cx = start();
	int64_t began = clock_ms();

	db_deadline(cx->db, 200);
	ATF_CHECK_EQ(RC_BUSY, code(db_run(cx, T_SLEEP, ARGS(a_real(5)), NULL)));
	ATF_CHECK(clock_ms() - began < 600);
	db_deadline(cx->db, 0);
	OK(db_run(cx, T_SLEEP, ARGS(a_real(0.3)), NULL));
	stop();
}

SERVER_CASE(the_servers_own_limit_is_told_as_busy)
{
	struct cx *cx = start();

	OK(db_script(cx, "SET statement_timeout = '100ms'"));
	ATF_CHECK_EQ(RC_BUSY, code(db_run(cx, T_SLEEP, ARGS(a_real(5)), NULL)));
	ATF_CHECK_EQ(0, number(T_COUNT)); /* the connection is kept */
	stop();
}

/* ---- several hosts */

/* A host that takes connections and says nothing. */
static const char *
silent_host(void)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX,
		.sun_path = "silent/.s.PGSQL.5432" };
	char *here = getcwd(NULL, 0);
	const char *path = text_fmt(test_arena(), "%s/silent", here);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	free(here);
	ATF_REQUIRE_EQ(0, mkdir("silent", 0700));
	ATF_REQUIRE_EQ(0, bind(fd, (struct sockaddr *)&at, sizeof(at)));
	ATF_REQUIRE_EQ(0, listen(fd, 5));
	return path;
}

SERVER_CASE(of_several_hosts_the_one_that_answers_is_taken_and_remembered)
{
	struct cx *cx = test_cx();
	int64_t began = clock_ms();

	test_server("pg_start");
	cx->db = db_open("test",
	    text_fmt(cx->mem,
		"host=/nonexistent,%s,%s dbname=postgres user=postgres",
		silent_host(), test_server_dir()),
	    NULL, 1);
	OK(db_ping(cx));
	ATF_CHECK_MSG(clock_ms() - began < 2000, "took too long");
	test_server(restart_words);
	began = clock_ms();
	OK(db_ping(cx)); /* straight to the one that was well */
	ATF_CHECK(clock_ms() - began < 300);
	stop();
}

SERVER_CASE(a_server_that_cannot_be_written_to_is_not_taken)
{
	struct cx *cx = start();

	OK(db_script(cx,
	    "ALTER DATABASE postgres SET default_transaction_read_only = on"));
	test_server(restart_words);
	ATF_CHECK_EQ(RC_BUSY, code(db_ping(test_cx())));
	stop();
}

/* ---- hints */

static bool
hint(const char **channel, const char **payload)
{
	struct cx *cx = test_cx();
	int64_t end = clock_ms() + 2000;

	while (!db_hint(cx, channel, payload)) {
		struct wait_fd fd = { db_listen_fd(cx), WAIT_READ, 0 };

		if (fd.fd < 0 || wait_any(cx, &fd, 1, end) != RC_OK)
			return false;
	}
	return true;
}

static void
notify(const char *channel, const char *payload)
{
	OK(db_run(
	    test_cx(), T_NOTIFY, ARGS(a_text(channel), a_text(payload)), NULL));
}

SERVER_CASE(hints_arrive_from_each_channel_and_again_after_a_loss)
{
	struct cx *cx = start();
	const char *channel = "";
	const char *payload = "";

	ATF_CHECK_EQ(-1, db_listen_fd(cx));
	ATF_CHECK(!db_hint(cx, &channel, &payload));
	OK(db_listen(cx, "job"));
	OK(db_listen(cx, "Od\"d"));
	notify("job", "7");
	ATF_REQUIRE(hint(&channel, &payload));
	ATF_CHECK_STREQ("job", channel);
	ATF_CHECK_STREQ("7", payload);
	notify("Od\"d", "");
	ATF_REQUIRE(hint(&channel, &payload));
	ATF_CHECK_STREQ("Od\"d", channel);
	ATF_CHECK(!db_hint(cx, &channel, &payload));

	test_server(restart_words);
	ATF_CHECK(!hint(&channel, &payload));
	ATF_CHECK_EQ(-1, db_listen_fd(cx));
	OK(db_listen(cx, "job"));
	notify("Od\"d", "x");
	ATF_REQUIRE(hint(&channel, &payload));
	ATF_CHECK_STREQ("x", payload);
	stop();
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, an_idle_connection_that_was_lost_is_replaced_unseen);
	ATF_TP_ADD_TC(
	    tp, a_transaction_that_loses_its_connection_does_not_go_on);
	ATF_TP_ADD_TC(tp,
	    a_transaction_whose_first_query_finds_no_connection_begins_anew);
	ATF_TP_ADD_TC(tp, a_commit_that_was_not_answered_is_not_called_done);
	ATF_TP_ADD_TC(tp, a_query_that_may_have_run_is_not_run_again);
	ATF_TP_ADD_TC(tp, a_query_that_the_server_did_not_begin_is_sent_again);
	ATF_TP_ADD_TC(tp, without_a_server_everybody_is_told_at_once);
	ATF_TP_ADD_TC(tp, a_frozen_session_is_given_up_at_the_deadline);
	ATF_TP_ADD_TC(tp, a_frozen_server_holds_nobody_up);
	ATF_TP_ADD_TC(tp, who_must_be_told_sooner_connects_no_longer);
	ATF_TP_ADD_TC(tp, a_query_past_its_deadline_is_not_waited_for);
	ATF_TP_ADD_TC(tp, the_servers_own_limit_is_told_as_busy);
	ATF_TP_ADD_TC(
	    tp, of_several_hosts_the_one_that_answers_is_taken_and_remembered);
	ATF_TP_ADD_TC(tp, a_server_that_cannot_be_written_to_is_not_taken);
	ATF_TP_ADD_TC(
	    tp, hints_arrive_from_each_channel_and_again_after_a_loss);
	return atf_no_error();
}
