/* Many tasks over few connections: whose turn it is, and what stays apart. */
#include <atf-c.h>
#include <signal.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "io/db.h"
#include "io/task.h"
#include "io/wait.h"
#include "lib/io/db_slots.h"
#include "server.h"

#define T_PUT SLOT(1)
#define T_COUNT SLOT(2)
#define T_PID SLOT(3)
#define T_KILL SLOT(4)
#define T_SLOW SLOT(5)
#define T_BACKENDS SLOT(6)

const struct query_text query_texts[Q_COUNT + 1] = {
	[Q_SCOPE_SET] = SCOPE_QUERY,
	[T_PUT] = QUERY("t_put", "INSERT INTO a VALUES ($1::int)"),
	[T_COUNT] = QUERY("t_count", "SELECT count(*) FROM a"),
	[T_PID] = QUERY("t_pid", "SELECT pg_backend_pid()"),
	[T_KILL] = QUERY("t_kill", "SELECT pg_terminate_backend($1::int)"),
	[T_SLOW] = QUERY("t_slow", "SELECT pg_sleep(0.05)"),
	[T_BACKENDS] =
	    QUERY("t_backends", "SELECT count(*) FROM pg_stat_activity "
				"WHERE application_name = 'test'"),
};

enum { MAX = 4, MANY = 20, LONG_MS = 20 * 1000 };

/* One at work, with a context of its own. */
struct worker {
	struct task *task;
	struct cx cx;
	int x;
	int64_t pid; /* of its backend */
	int64_t count; /* what it saw */
	struct wait_line gate; /* where it stops within a transaction */
	bool in; /* it has its connection */
	bool ended;
	enum rc rc;
};

static struct worker workers[MANY];

static void
start(void)
{
	struct cx *cx = test_cx();

	log_open(LOG_ERR + 1, STDERR_FILENO);
	test_server("pg_start");
	cx->db = db_open("test", test_url("postgres", NULL), NULL, 1);
	db_widen(cx->db, MAX);
	OK(db_script(cx, "CREATE TABLE a (x int)"));
}

static void
stop(void)
{
	ATF_CHECK_EQ(0, tasks_count());
	for (int i = 0; i < MANY; i++)
		arena_free(workers[i].cx.mem);
	arena_empty(test_cx()->mem);
	db_close(test_cx()->db);
	test_cx()->db = NULL;
}

static struct worker *
work(void (*run)(void *), int x)
{
	struct worker *w = &workers[x];

	w->cx = (struct cx){
		.program = "test",
		.mem = arena_new(),
		.db = test_cx()->db,
	};
	w->x = x;
	w->task = task_spawn(run, w);
	ATF_REQUIRE(w->task != NULL);
	return w;
}

static void
go_on(int64_t ms)
{
	ATF_CHECK_EQ(RC_BUSY, wait_any(NULL, NULL, 0, clock_ms() + ms));
}

static void
go_on_until(const bool *flag)
{
	const int64_t end = clock_ms() + LONG_MS;

	while (!*flag && clock_ms() < end)
		go_on(1);
	ATF_REQUIRE(*flag);
}

static void
let_go_on(int i)
{
	ATF_CHECK(wait_call(&workers[i].gate, NULL));
}

static int64_t
asked(struct cx *cx, enum query q)
{
	struct row row;

	OK(db_one(cx, q, NO_ARGS, &row));
	return row_int(row, 0);
}

static void
ends(struct worker *w, enum rc rc)
{
	w->rc = rc;
	w->ended = true;
}

/* Puts its row, stops at the gate, looks what there is, commits. */
static enum rc
put_and_stop(struct worker *w)
{
	void *gift;

	TRY(db_begin(&w->cx));
	TRY(db_run(&w->cx, T_PUT, ARGS(a_int(w->x)), NULL));
	w->pid = asked(&w->cx, T_PID);
	w->in = true;
	TRY(wait_in_line(NULL, &w->gate, -1, &gift));
	TRY(db_run(&w->cx, T_PUT, ARGS(a_int(w->x)), NULL));
	w->count = asked(&w->cx, T_COUNT);
	return db_commit(&w->cx);
}

static void
puts_and_stops(void *arg)
{
	struct worker *w = arg;
	const enum rc rc = put_and_stop(w);

	arena_empty(w->cx.mem);
	ends(w, rc);
}

SERVER_CASE(a_fifth_waits_until_one_of_four_has_committed)
{
	start();
	for (int i = 0; i < MAX + 2; i++)
		(void)work(puts_and_stops, i);
	for (int i = 0; i < MAX; i++)
		go_on_until(&workers[i].in);
	go_on(20);
	ATF_CHECK(!workers[MAX].in && !workers[MAX + 1].in);
	let_go_on(0);
	go_on_until(&workers[MAX].in);
	go_on(20);
	/* The first to come, and nobody behind it. */
	ATF_CHECK(workers[0].ended && !workers[MAX + 1].in);
	ATF_CHECK_EQ(workers[0].pid, workers[MAX].pid);
	for (int i = 1; i < MAX + 2; i++) {
		let_go_on(i);
		go_on_until(&workers[i].ended);
		go_on(20);
	}
	for (int i = 0; i < MAX + 2; i++)
		ATF_CHECK_EQ(RC_OK, workers[i].rc);
	ATF_CHECK_EQ(2 * (MAX + 2), asked(test_cx(), T_COUNT));
	stop();
}

SERVER_CASE(from_begin_to_commit_a_connection_is_one_tasks_alone)
{
	start();
	for (int i = 0; i < 2; i++)
		(void)work(puts_and_stops, i);
	go_on_until(&workers[0].in);
	go_on_until(&workers[1].in);
	ATF_CHECK(workers[0].pid != workers[1].pid);
	ATF_CHECK_EQ(0, asked(test_cx(), T_COUNT));
	let_go_on(0);
	go_on_until(&workers[0].ended);
	ATF_CHECK_EQ(2, workers[0].count);
	let_go_on(1);
	go_on_until(&workers[1].ended);
	ATF_CHECK_EQ(4, workers[1].count);
	stop();
}

SERVER_CASE(a_lost_connection_is_its_borrowers_loss_alone)
{
	start();
	for (int i = 0; i < MAX; i++)
		(void)work(puts_and_stops, i);
	(void)work(puts_and_stops, MAX);
	for (int i = 0; i < MAX; i++)
		go_on_until(&workers[i].in);
	{
		struct cx other = { .program = "test", .mem = test_arena() };

		other.db = db_beside(test_cx()->db, "postgres");
		OK(db_run(&other, T_KILL, ARGS(a_int(workers[1].pid)), NULL));
		db_close(other.db);
	}
	for (int i = 0; i < MAX; i++)
		let_go_on(i);
	go_on_until(&workers[MAX].in); /* on a new one, or another's */
	let_go_on(MAX);
	for (int i = 0; i <= MAX; i++) {
		go_on_until(&workers[i].ended);
		ATF_CHECK_EQ(i == 1 ? RC_BUSY : RC_OK, workers[i].rc);
	}
	ATF_CHECK_EQ(2 * MAX, asked(test_cx(), T_COUNT));
	stop();
}

static void
asks_slowly(void *arg)
{
	struct worker *w = arg;
	enum rc rc = db_run(&w->cx, T_SLOW, NO_ARGS, NULL);

	if (rc == RC_OK)
		rc = db_run(&w->cx, T_SLOW, NO_ARGS, NULL);
	arena_empty(w->cx.mem);
	ends(w, rc);
}

SERVER_CASE(outside_of_transactions_many_share_them_a_round_trip_each)
{
	const int64_t began = clock_ms();

	start();
	for (int i = 0; i < MANY; i++)
		(void)work(asks_slowly, i);
	for (int i = 0; i < MANY; i++) {
		go_on_until(&workers[i].ended);
		ATF_CHECK_EQ(RC_OK, workers[i].rc);
	}
	ATF_CHECK(clock_ms() - began >= 50 * 2 * MANY / MAX);
	ATF_CHECK_EQ(MAX, asked(test_cx(), T_BACKENDS));
	stop();
}

/* ---- with a stop, and without an end */

static bool
told(void)
{
	return true;
}

SERVER_CASE(who_was_told_to_stop_has_his_turn_for_last_words)
{
	start();
	for (int i = 0; i < MAX; i++)
		(void)work(puts_and_stops, i);
	for (int i = 0; i < MAX; i++)
		go_on_until(&workers[i].in);
	work(asks_slowly, MAX)->cx.should_stop = told;
	go_on(20);
	ATF_CHECK(!workers[MAX].ended);
	for (int i = 0; i < MAX; i++)
		let_go_on(i);
	go_on_until(&workers[MAX].ended);
	ATF_CHECK_EQ(RC_OK, workers[MAX].rc);
	for (int i = 0; i < MAX; i++)
		go_on_until(&workers[i].ended);
	stop();
}

SERVER_CASE(a_wait_without_hope_ends_as_an_answer_would)
{
	start();
	db_deadline(test_cx()->db, 300);
	for (int i = 0; i < MAX; i++)
		(void)work(puts_and_stops, i);
	for (int i = 0; i < MAX; i++)
		go_on_until(&workers[i].in);
	(void)work(asks_slowly, MAX);
	go_on_until(&workers[MAX].ended);
	ATF_CHECK_EQ(RC_BUSY, workers[MAX].rc);
	for (int i = 0; i < MAX; i++) {
		let_go_on(i);
		go_on_until(&workers[i].ended);
		ATF_CHECK_EQ(RC_OK, workers[i].rc);
	}
	stop();
}

static void
waits_within_its_transaction(void *arg)
{
	struct worker *w = arg;

	OK(db_begin(&w->cx));
	OK(db_run(&w->cx, T_PUT, ARGS(a_int(1)), NULL));
	(void)!wait_until(&w->cx, clock_ms() + 1);
}

SERVER_CASE(waiting_for_the_outside_in_a_transaction_is_a_bug)
{
	start();
	(void)work(puts_and_stops, 0); /* whose ban is not lifted by it */
	go_on_until(&workers[0].in);
	OK(wait_until(NULL, clock_ms() + 1));
	(void)work(waits_within_its_transaction, 1);
	atf_tc_expect_signal(SIGABRT, "slept in a transaction");
	go_on(LONG_MS);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_fifth_waits_until_one_of_four_has_committed);
	ATF_TP_ADD_TC(tp, from_begin_to_commit_a_connection_is_one_tasks_alone);
	ATF_TP_ADD_TC(tp, a_lost_connection_is_its_borrowers_loss_alone);
	ATF_TP_ADD_TC(
	    tp, outside_of_transactions_many_share_them_a_round_trip_each);
	ATF_TP_ADD_TC(tp, who_was_told_to_stop_has_his_turn_for_last_words);
	ATF_TP_ADD_TC(tp, a_wait_without_hope_ends_as_an_answer_would);
	ATF_TP_ADD_TC(tp, waiting_for_the_outside_in_a_transaction_is_a_bug);
	return atf_no_error();
}
