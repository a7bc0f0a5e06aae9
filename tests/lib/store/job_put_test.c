/* Jobs that are put once, behind others, or many at a time (queue.md 4). */
#include <atf-c.h>
#include <string.h>

#include "queue.h"
#include "store/batch.h"

static struct job_new
usual(void)
{
	return (struct job_new){
		.kind = JOB_PULL_PAGE,
		.shop_id = SHOP,
		.priority = JOB_USUAL,
	};
}

static int64_t
tied(const struct job_new *job)
{
	int64_t id;

	OK(db_begin(test_cx()));
	OK(job_put_tied(test_cx(), job, &id));
	OK(db_commit(test_cx()));
	return id;
}

static void
live(const char *want)
{
	test_answers(want, "t",
	    "SELECT string_agg(concat_ws(' ', id, state, args), ',' "
	    "ORDER BY id) FROM job");
}

/* ---- args */

SERVER_CASE(args_that_are_too_long_are_refused_by_rule_and_length)
{
	char *args = arena_alloc(test_arena(), JOB_ARGS_MAX_BYTES + 2);
	struct job_new job = usual();

	(void)test_shop("jobd");
	memset(args, ' ', JOB_ARGS_MAX_BYTES + 1);
	args[0] = '{';
	args[JOB_ARGS_MAX_BYTES] = '}';
	job.args = args;
	ATF_CHECK_EQ(RC_INPUT, job_put(test_cx(), &job, NULL));
	ATF_CHECK_STREQ("args", test_cx()->fault.field);
	ATF_CHECK_STREQ("at most 8192 bytes of JSON", test_cx()->fault.rule);
	ATF_CHECK_STREQ("8193 bytes", test_cx()->fault.got);
	rc_forget(test_cx());
	CODE(RC_INPUT, job_put_many(test_cx(), &job, 1, NULL));
	test_answers("0", "t", "SELECT count(*) FROM job");
	args[JOB_ARGS_MAX_BYTES - 1] = '}';
	args[JOB_ARGS_MAX_BYTES] = '\0';
	OK(job_put(test_cx(), &job, NULL));
}

/* ---- one of a name */

SERVER_CASE(dropped_it_leaves_a_running_one_as_it_is)
{
	struct job_new job = usual();
	int64_t first, second;

	(void)test_shop("jobd");
	job.unique = "a";
	job.same = JOB_DROP;
	OK(job_put(test_cx(), &job, &first));
	test_claim();
	OK(job_put(test_cx(), &job, &second));
	ATF_CHECK_EQ(first, second);
	test_answers("running|f", "t", "SELECT state, run_again FROM job");
	job.same = JOB_AGAIN;
	job.priority = JOB_LAST;
	OK(job_put(test_cx(), &job, NULL));
	test_answers(
	    "running|t|8", "t", "SELECT state, run_again, priority FROM job");
}

/* What keeps coming puts the job off; the last one's args are run. */
SERVER_CASE(replaced_it_has_the_new_ones_time_and_args)
{
	struct job_new job = usual();

	(void)test_shop("jobd");
	job.unique = "a";
	job.same = JOB_REPLACE;
	job.args = "{\"n\":1}";
	ATF_CHECK_EQ(1, tied(&job));
	job.args = "{\"n\":2}";
	job.delay_s = 60;
	job.priority = JOB_WATCHED;
	ATF_CHECK_EQ(1, tied(&job));
	live("1 scheduled {\"n\": 2}");
	test_answers("2|t", "t",
	    "SELECT priority, run_at > now() + interval '55 s' FROM job");
	job.delay_s = 0;
	job.priority = JOB_LAST;
	ATF_CHECK_EQ(1, tied(&job));
	test_answers("available|2|t", "t",
	    "SELECT state, priority, run_at <= now() FROM job");
}

SERVER_CASE(replaced_while_it_runs_it_runs_again_with_the_new_args)
{
	struct job_new job = usual();

	(void)test_shop("jobd");
	job.unique = "a";
	job.same = JOB_REPLACE;
	(void)tied(&job);
	test_claim();
	job.args = "{\"n\":2}";
	job.delay_s = 60;
	ATF_CHECK_EQ(1, tied(&job));
	test_answers("running|t|t", "t",
	    "SELECT state, run_again, run_at <= now() FROM job");
	test_end(1, "completed");
	live("1 available {\"n\": 2}");
}

/* Also when the first has ended, as a plain unique name would not. */
SERVER_CASE(of_a_period_there_is_one_whatever_became_of_it)
{
	struct job_new job = usual();

	(void)test_shop("jobd");
	job.unique = "a";
	job.period_s = 60;
	ATF_CHECK_EQ(1, tied(&job));
	ATF_CHECK_EQ(1, tied(&job));
	test_claim();
	test_end(1, "completed");
	ATF_CHECK_EQ(0, tied(&job));
	test_answers("0", "t", "SELECT count(*) FROM job");
	test_sql("t", "UPDATE job_period SET until = now()");
	ATF_CHECK(tied(&job) > 1);
	test_answers("1|1|t", "t",
	    "SELECT (SELECT count(*) FROM job), count(*), "
	    "min(until) > now() + interval '50 s' FROM job_period");
	job.unique = "b";
	ATF_CHECK(tied(&job) > 0);
}

static enum rc
put_the_same(struct cx *cx, int i)
{
	struct job_new job = usual();

	job.unique = "the same";
	job.same = i % 2 ? JOB_AGAIN : JOB_DROP;
	return job_put(cx, &job, NULL);
}

SERVER_CASE(fifty_clients_that_put_the_same_put_it_once)
{
	(void)test_shop("pulls");
	test_together(50, "pulls", put_the_same);
	test_answers(
	    "1|f", "t", "SELECT count(*), bool_or(run_again) FROM job");
}

static enum rc
put_in_the_period(struct cx *cx, int i)
{
	struct job_new job = usual();

	(void)i;
	job.unique = "the same";
	job.period_s = 600;
	return job_put_tied(cx, &job, NULL);
}

SERVER_CASE(of_a_period_there_is_one_of_ten_clients_too)
{
	(void)test_shop("pulls");
	test_together(10, "pulls", put_in_the_period);
	test_answers("1", "t", "SELECT count(*) FROM job");
}

/* ---- behind others */

static int64_t
behind(const int64_t *parents, size_t n, bool any)
{
	struct job_new job = usual();

	job.after = parents;
	job.after_n = n;
	job.after_any = any;
	return tied(&job);
}

static void
untied(int64_t cancelled, int64_t freed)
{
	struct job_untied u;

	OK(job_untie(test_cx(), 100, &u));
	ATF_CHECK_EQ(cancelled, u.cancelled);
	ATF_CHECK_EQ(freed, u.freed);
}

SERVER_CASE(it_runs_when_all_that_it_waits_for_have_completed)
{
	int64_t parents[2], child;

	(void)test_shop("jobd");
	parents[0] = test_put(NULL, 0);
	parents[1] = test_put(NULL, 0);
	child = behind(parents, 2, false);
	test_claim();
	test_answers("blocked|2", "t",
	    "SELECT state, waiting_on FROM job WHERE state <> 'running'");
	test_end(parents[0], "completed");
	untied(0, 0);
	test_answers("blocked|1", "t",
	    "SELECT state, waiting_on FROM job WHERE state <> 'running'");
	test_end(parents[1], "failed");
	untied(0, 0);
	test_sql("t", "UPDATE job SET state = 'available' "
		      "WHERE state = 'scheduled'");
	test_claim();
	test_end(parents[1], "completed");
	test_answers("3 available 0", "t",
	    "SELECT concat_ws(' ', id, state, waiting_on) FROM job");
	ATF_CHECK_EQ(3, child);
	untied(0, 0);
	test_answers("0", "t", "SELECT count(*) FROM job_dep");
}

/* And those behind it, one sweep later. */
SERVER_CASE(a_dead_or_cancelled_parent_cancels_its_children_and_theirs)
{
	int64_t parent, child, second;

	(void)test_shop("jobd");
	parent = test_put(NULL, 0);
	child = behind(&parent, 1, false);
	(void)behind(&child, 1, false);
	second = test_put(NULL, 60);
	(void)behind(&second, 1, false);
	test_claim();
	test_end(parent, "dead");
	test_end(second, "cancelled");
	untied(2, 0);
	untied(1, 0);
	untied(0, 0);
	test_answers("0|0", "t",
	    "SELECT (SELECT count(*) FROM job), "
	    "(SELECT count(*) FROM job_dep)");
	test_answers("2 cancelled job 1, which it waited for, has failed", "t",
	    "SELECT concat_ws(' ', id, outcome, error) FROM job_done "
	    "WHERE id = 2");
}

SERVER_CASE(where_any_end_will_do_it_runs_when_all_have_ended)
{
	int64_t parents[3];

	(void)test_shop("jobd");
	parents[0] = test_put(NULL, 0);
	parents[1] = test_put(NULL, 0);
	parents[2] = test_put(NULL, 0);
	(void)behind(parents, 3, true);
	test_claim();
	test_end(parents[0], "dead");
	test_end(parents[1], "completed");
	untied(0, 1);
	test_answers("blocked|1", "t",
	    "SELECT state, waiting_on FROM job WHERE state <> 'running'");
	test_end(parents[2], "cancelled");
	untied(0, 1);
	live("4 available {}");
	test_answers("0", "t", "SELECT count(*) FROM job_dep");
}

SERVER_CASE(a_child_that_is_cancelled_leaves_no_tie)
{
	int64_t parent, child;

	(void)test_shop("jobd");
	parent = test_put(NULL, 0);
	child = behind(&parent, 1, false);
	test_end(child, "cancelled");
	untied(0, 0);
	test_answers("0|1", "t",
	    "SELECT (SELECT count(*) FROM job_dep), count(*) FROM job");
}

SERVER_CASE(behind_one_that_has_ended_it_runs_at_once_or_is_refused)
{
	int64_t parents[2];
	struct job_new job = usual();

	(void)test_shop("jobd");
	parents[0] = test_put(NULL, 0);
	parents[1] = test_put(NULL, 0);
	test_claim();
	test_end(parents[0], "completed");
	test_end(parents[1], "dead");
	(void)behind(parents, 1, false);
	live("3 available {}");
	(void)behind(parents, 2, true);
	live("3 available {},4 available {}");
	job.after = parents;
	job.after_n = 2;
	OK(db_begin(test_cx()));
	ATF_CHECK_EQ(RC_CONFLICT, job_put_tied(test_cx(), &job, NULL));
	ATF_CHECK_STREQ("job 2, which it would wait for, is dead",
	    test_cx()->fault.sentence);
	rc_forget(test_cx());
	db_rollback(test_cx());
	parents[1] = 99;
	job.after_any = true;
	OK(db_begin(test_cx()));
	ATF_CHECK_EQ(RC_CONFLICT, job_put_tied(test_cx(), &job, NULL));
	ATF_CHECK_STREQ("job 99, which it would wait for, is not known",
	    test_cx()->fault.sentence);
	rc_forget(test_cx());
	db_rollback(test_cx());
}

/* A parent that ends while its child is put: either counts it down, or is seen
 * to have ended. */
static enum rc
end_or_wait(struct cx *cx, int i)
{
	const int64_t id = i / 2 + 1;
	const int64_t epoch = 1;
	const char *said = "completed";
	struct job_new job = usual();
	struct rows rows;

	cx->shop_id = SHOP;
	if (i % 2)
		return db_all(cx, Q_JOB_FINISH,
		    ARGS(a_ints(&id, 1), a_ints(&epoch, 1), a_texts(&said, 1),
			a_null(), a_null(), a_null()),
		    &rows);
	job.after = &id;
	job.after_n = 1;
	TRY(db_begin(cx));
	TRY(job_put_tied(cx, &job, NULL));
	return db_commit(cx);
}

SERVER_CASE(no_end_of_a_parent_is_missed_while_its_child_is_put)
{
	struct job_untied u;

	(void)test_shop("jobd");
	test_sql("t", "UPDATE queue SET max_running_per_shop = 99");
	for (int i = 0; i < 12; i++)
		(void)test_put(NULL, 0);
	test_claim();
	test_together(24, "jobd", end_or_wait);
	OK(job_untie(test_cx(), 100, &u));
	ATF_CHECK_EQ(0, u.cancelled);
	test_answers("12 available 0", "t",
	    "SELECT concat_ws(' ', count(*), state, max(waiting_on)) FROM job "
	    "GROUP BY state");
}

SERVER_CASE(what_cannot_be_is_a_fault_of_ours)
{
	const int64_t parent = 1;
	struct job_new job = usual();

	(void)test_shop("jobd");
	job.after = &parent;
	job.after_n = 1;
	CODE(RC_BUG, job_put(test_cx(), &job, NULL));
	CODE(RC_BUG, job_put_tied(test_cx(), &job, NULL));
	CODE(RC_BUG, job_put_many(test_cx(), &job, 1, NULL));
	OK(db_begin(test_cx()));
	job.delay_s = 1;
	CODE(RC_BUG, job_put_tied(test_cx(), &job, NULL));
	job = usual();
	job.period_s = 1;
	CODE(RC_BUG, job_put_tied(test_cx(), &job, NULL));
	CODE(RC_BUG, job_put_many(test_cx(), &job, 1, NULL));
	db_rollback(test_cx());
	test_answers("0", "t", "SELECT count(*) FROM job");
}

/* ---- many */

enum { MANY = 4500 };

static struct job_new *
many(int from)
{
	struct job_new *jobs = ARENA_ARRAY(test_arena(), struct job_new, MANY);

	for (int i = 0; i < MANY; i++) {
		jobs[i] = usual();
		jobs[i].args = text_fmt(test_arena(), "{\"n\":%d}", i);
		jobs[i].unique =
		    i % 9 ? text_fmt(test_arena(), "%d", from + i) : NULL;
	}
	return jobs;
}

SERVER_CASE(many_are_put_and_those_of_a_live_name_are_not)
{
	struct job_new *jobs;
	int64_t n;

	(void)test_shop("jobd");
	jobs = many(0);
	jobs[1].delay_s = 60;
	jobs[2].attempts = 3;
	jobs[3].unique = "4";
	test_cx()->trace = "0123";
	OK(job_put_many(test_cx(), jobs, MANY, &n));
	ATF_CHECK_EQ(MANY - 1, n);
	OK(job_put_many(test_cx(), jobs, MANY, &n));
	ATF_CHECK_EQ(MANY / 9, n);
	test_answers("2|pull_page|scheduled|4|{\"n\": 1}|10|60|120|0123|t", "t",
	    "SELECT queue_id, kind, state, priority, args, max_attempts, "
	    "soft_limit_s, hard_limit_s, encode(trace, 'escape'), "
	    "run_at > now() + interval '50 s' FROM job WHERE args->>'n' = '1'");
	test_answers(
	    "3", "t", "SELECT max_attempts FROM job WHERE args->>'n' = '2'");
	OK(job_put_many(test_cx(), jobs, 0, &n));
	ATF_CHECK_EQ(0, n);
}

/* In the other order, and half of them the same: no two lock each other out. */
static enum rc
put_many(struct cx *cx, int i)
{
	struct job_new *jobs = many(i * MANY / 2);

	cx->shop_id = SHOP;
	if (i % 2)
		for (int a = 0, b = MANY - 1; a < b; a++, b--) {
			const struct job_new swap = jobs[a];

			jobs[a] = jobs[b];
			jobs[b] = swap;
		}
	TRY(db_begin(cx));
	TRY(job_put_many(cx, jobs, MANY, NULL));
	return db_commit(cx);
}

SERVER_CASE(several_that_put_many_of_the_same_do_not_lock_each_other_out)
{
	(void)test_shop("jobd");
	test_together(3, "jobd", put_many);
	/* Numbers 0 to 2 * MANY, without those that have no name. */
	test_answers("t", "t",
	    "SELECT count(*) = count(DISTINCT unique_key) AND count(*) > 7000 "
	    "FROM job WHERE unique_key IS NOT NULL");
}

SERVER_CASE(many_come_into_a_batch_together)
{
	const struct batch_new b = { .shop_id = SHOP, .callback = JOB_KINDS };
	struct job_new *jobs;
	struct batch batch;
	int64_t id, n;

	(void)test_shop("jobd");
	OK(batch_begin(test_cx(), &b, &id));
	jobs = many(0);
	for (int i = 0; i < MANY; i++)
		jobs[i].batch_id = id;
	jobs[7].unique = jobs[8].unique;
	CODE(RC_BUG, job_put_many(test_cx(), jobs, MANY, &n));
	OK(db_begin(test_cx()));
	OK(job_put_many(test_cx(), jobs, MANY, &n));
	OK(db_commit(test_cx()));
	OK(batch_load(test_cx(), SHOP, id, &batch));
	ATF_CHECK_EQ(MANY - 1, batch.total);
	jobs[1].batch_id = 0;
	OK(db_begin(test_cx()));
	CODE(RC_BUG, job_put_many(test_cx(), jobs, MANY, &n));
	db_rollback(test_cx());
}

ATF_TC_WITHOUT_HEAD(they_are_spread_evenly);
ATF_TC_BODY(they_are_spread_evenly, tc)
{
	struct job_new jobs[4] = { { .delay_s = 9 } };

	job_spread(jobs, 4, 60);
	ATF_CHECK_EQ(0, jobs[0].delay_s);
	ATF_CHECK_EQ(15, jobs[1].delay_s);
	ATF_CHECK_EQ(45, jobs[3].delay_s);
	job_spread(jobs, 0, 60);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(
	    tp, args_that_are_too_long_are_refused_by_rule_and_length);
	ATF_TP_ADD_TC(tp, dropped_it_leaves_a_running_one_as_it_is);
	ATF_TP_ADD_TC(tp, replaced_it_has_the_new_ones_time_and_args);
	ATF_TP_ADD_TC(
	    tp, replaced_while_it_runs_it_runs_again_with_the_new_args);
	ATF_TP_ADD_TC(tp, of_a_period_there_is_one_whatever_became_of_it);
	ATF_TP_ADD_TC(tp, fifty_clients_that_put_the_same_put_it_once);
	ATF_TP_ADD_TC(tp, of_a_period_there_is_one_of_ten_clients_too);
	ATF_TP_ADD_TC(tp, it_runs_when_all_that_it_waits_for_have_completed);
	ATF_TP_ADD_TC(
	    tp, a_dead_or_cancelled_parent_cancels_its_children_and_theirs);
	ATF_TP_ADD_TC(tp, where_any_end_will_do_it_runs_when_all_have_ended);
	ATF_TP_ADD_TC(tp, a_child_that_is_cancelled_leaves_no_tie);
	ATF_TP_ADD_TC(
	    tp, behind_one_that_has_ended_it_runs_at_once_or_is_refused);
	ATF_TP_ADD_TC(tp, no_end_of_a_parent_is_missed_while_its_child_is_put);
	ATF_TP_ADD_TC(tp, what_cannot_be_is_a_fault_of_ours);
	ATF_TP_ADD_TC(tp, many_are_put_and_those_of_a_live_name_are_not);
	ATF_TP_ADD_TC(
	    tp, several_that_put_many_of_the_same_do_not_lock_each_other_out);
	ATF_TP_ADD_TC(tp, many_come_into_a_batch_together);
	ATF_TP_ADD_TC(tp, they_are_spread_evenly);
	return atf_no_error();
}
