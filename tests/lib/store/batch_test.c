/* Batches: counted to the end, told once, cancelled whole (queue.md 4). */
#include <atf-c.h>

#include "queue.h"
#include "store/batch.h"

static int64_t batch_id;

static void
begin(enum job_kind callback)
{
	const struct batch_new b = {
		.shop_id = SHOP,
		.shop_epoch = 3,
		.callback = callback,
		.callback_priority = JOB_EVENT,
	};

	(void)test_shop("jobd");
	test_sql("t", "UPDATE queue SET max_running_per_shop = 99");
	OK(batch_begin(test_cx(), &b, &batch_id));
}

static enum rc
add_some(struct cx *cx, int n, const char *unique)
{
	const struct job_new job = {
		.kind = JOB_PULL_PAGE,
		.shop_id = SHOP,
		.unique = unique,
		.priority = JOB_USUAL,
		.batch_id = batch_id,
	};

	TRY(db_begin(cx));
	for (int i = 0; i < n; i++)
		TRY(job_put_tied(cx, &job, NULL));
	return db_commit(cx);
}

static void
add(int n)
{
	OK(add_some(test_cx(), n, NULL));
}

static void
seal(void)
{
	OK(batch_seal(test_cx(), SHOP, batch_id));
}

static void
state(const char *want)
{
	struct batch b;

	OK(batch_load(test_cx(), SHOP, batch_id, &b));
	ATF_CHECK_STREQ(want,
	    text_fmt(test_arena(), "%lld %lld %lld%s%s%s", (long long)b.total,
		(long long)b.ok, (long long)b.bad, b.sealed ? " sealed" : "",
		b.cancelled_at ? " cancelled" : "",
		b.finished_at ? " finished" : ""));
	ATF_CHECK_EQ(SHOP, b.shop_id);
	ATF_CHECK(b.created_at > 0);
}

static void
callbacks(const char *want)
{
	ATF_CHECK_STREQ(
	    want, test_answer("t",
		      "SELECT coalesce(string_agg(concat_ws(' ', args, "
		      "priority, max_attempts, soft_limit_s, "
		      "hard_limit_s, shop_epoch), ','), 'none') FROM job "
		      "WHERE kind = 'subscriptions'"));
}

SERVER_CASE(when_all_have_ended_one_job_is_put_that_knows_how)
{
	begin(JOB_SUBSCRIPTIONS);
	add(3);
	state("3 0 0");
	seal();
	test_claim();
	test_end(1, "completed");
	test_end(2, "dead");
	state("3 1 1 sealed");
	callbacks("none");
	test_end(3, "completed");
	state("3 2 1 sealed finished");
	callbacks("{\"ok\": 2, \"bad\": 1, \"batch\": 1} 3 10 60 120 3");
	seal();
	callbacks("{\"ok\": 2, \"bad\": 1, \"batch\": 1} 3 10 60 120 3");
}

SERVER_CASE(one_that_is_complete_when_it_is_sealed_says_so_then)
{
	begin(JOB_SUBSCRIPTIONS);
	add(1);
	test_claim();
	test_end(1, "completed");
	state("1 1 0");
	callbacks("none");
	seal();
	state("1 1 0 sealed finished");
	callbacks("{\"ok\": 1, \"bad\": 0, \"batch\": 1} 3 10 60 120 3");
	/* Its end is no second one. */
	test_claim();
	test_end(2, "completed");
	seal();
	callbacks("none");
}

SERVER_CASE(an_empty_one_is_complete_when_it_is_sealed)
{
	begin(JOB_SUBSCRIPTIONS);
	seal();
	state("0 0 0 sealed finished");
	callbacks("{\"ok\": 0, \"bad\": 0, \"batch\": 1} 3 10 60 120 3");
}

SERVER_CASE(one_without_a_callback_only_counts)
{
	begin(JOB_KINDS);
	add(1);
	seal();
	test_claim();
	test_end(1, "completed");
	state("1 1 0 sealed finished");
	test_answers("0", "t", "SELECT count(*) FROM job");
}

SERVER_CASE(a_retry_is_not_an_end_and_a_duplicate_is_not_counted)
{
	begin(JOB_SUBSCRIPTIONS);
	OK(add_some(test_cx(), 2, "once"));
	state("1 0 0");
	seal();
	test_claim();
	test_end(1, "failed");
	state("1 0 0 sealed");
	test_end(1, "cancelled");
	state("1 0 1 sealed finished");
}

SERVER_CASE(sealed_or_another_shops_it_takes_no_more)
{
	begin(JOB_SUBSCRIPTIONS);
	seal();
	CODE(RC_CONFLICT, add_some(test_cx(), 1, NULL));
	db_rollback(test_cx());
	test_answers("1", "t", "SELECT count(*) FROM job");
	CODE(RC_ABSENT, batch_seal(test_cx(), OTHER, batch_id));
	CODE(RC_ABSENT, batch_seal(test_cx(), SHOP, 77));
	CODE(RC_ABSENT,
	    batch_load(test_cx(), OTHER, batch_id, &(struct batch){ .id = 0 }));
	CODE(RC_ABSENT, batch_cancel(test_cx(), OTHER, batch_id,
			    &(struct batch_cancelled){ .waiting = 0 }));
}

/* ---- at once */

static enum rc
end_or_seal(struct cx *cx, int i)
{
	const int64_t id = i;
	const int64_t epoch = 1;
	const char *said = i % 3 ? "completed" : "dead";
	struct rows rows;

	if (i == 0)
		return batch_seal(cx, SHOP, batch_id);
	return db_all(cx, Q_JOB_FINISH,
	    ARGS(a_ints(&id, 1), a_ints(&epoch, 1), a_texts(&said, 1), a_null(),
		a_null(), a_null()),
	    &rows);
}

SERVER_CASE(of_all_that_end_and_seal_at_once_one_puts_the_callback)
{
	begin(JOB_SUBSCRIPTIONS);
	add(20);
	test_claim();
	test_together(21, "jobd", end_or_seal);
	state("20 14 6 sealed finished");
	callbacks("{\"ok\": 14, \"bad\": 6, \"batch\": 1} 3 10 60 120 3");
}

/* ---- cancelled */

SERVER_CASE(cancelled_what_waits_ends_at_once_and_what_runs_is_asked)
{
	const struct job_new other = { .kind = JOB_PULL_PAGE, .shop_id = SHOP };
	struct batch_cancelled out;

	begin(JOB_SUBSCRIPTIONS);
	add(2);
	test_claim();
	add(3);
	test_sql("t", "UPDATE job SET state = 'scheduled' WHERE id = 4;"
		      "UPDATE job SET state = 'blocked' WHERE id = 5");
	OK(job_put(test_cx(), &other, NULL));
	seal();
	OK(batch_cancel(test_cx(), SHOP, batch_id, &out));
	ATF_CHECK_EQ(3, out.waiting);
	ATF_CHECK_EQ(2, out.running);
	state("5 0 3 sealed cancelled");
	test_answers("3|its batch was cancelled", "t",
	    "SELECT count(*), min(error) FROM job_done "
	    "WHERE outcome = 'cancelled'");
	test_answers("1 running t,2 running t,6 available f", "t",
	    "SELECT string_agg(concat_ws(' ', id, state, cancel_at IS NOT "
	    "NULL), ',' ORDER BY id) FROM job");
	OK(batch_cancel(test_cx(), SHOP, batch_id, &out));
	ATF_CHECK_EQ(0, out.waiting + out.running);
	/* What is asked to stop and fails does not come back. */
	test_end(1, "failed");
	test_end(2, "completed");
	state("5 1 4 sealed cancelled finished");
	callbacks("{\"ok\": 1, \"bad\": 4, \"batch\": 1} 3 10 60 120 3");
}

SERVER_CASE(cancelled_before_it_is_sealed_it_takes_no_more)
{
	struct batch_cancelled out;

	begin(JOB_SUBSCRIPTIONS);
	add(1500);
	OK(batch_cancel(test_cx(), SHOP, batch_id, &out));
	ATF_CHECK_EQ(1500, out.waiting);
	state("1500 0 1500 cancelled");
	CODE(RC_CONFLICT, add_some(test_cx(), 1, NULL));
	db_rollback(test_cx());
	callbacks("none");
	seal();
	callbacks("{\"ok\": 0, \"bad\": 1500, \"batch\": 1} 3 10 60 120 3");
}

static enum rc
cancel_or_end(struct cx *cx, int i)
{
	struct batch_cancelled out;

	if (i == 0)
		return batch_cancel(cx, SHOP, batch_id, &out);
	return end_or_seal(cx, i);
}

SERVER_CASE(while_jobs_end_a_cancel_misses_none_and_doubles_none)
{
	begin(JOB_SUBSCRIPTIONS);
	add(20);
	test_claim();
	add(200);
	seal();
	test_together(21, "jobd", cancel_or_end);
	test_answers("t", "t",
	    "SELECT ok + bad = total AND bad >= 200 AND finished_at IS NOT "
	    "NULL "
	    "FROM job_batch");
	test_answers("220|0|1", "t",
	    "SELECT (SELECT count(DISTINCT id) FROM job_done), "
	    "(SELECT count(*) FROM job WHERE batch_id IS NOT NULL), "
	    "(SELECT count(*) FROM job WHERE kind = 'subscriptions')");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, when_all_have_ended_one_job_is_put_that_knows_how);
	ATF_TP_ADD_TC(tp, one_that_is_complete_when_it_is_sealed_says_so_then);
	ATF_TP_ADD_TC(tp, an_empty_one_is_complete_when_it_is_sealed);
	ATF_TP_ADD_TC(tp, one_without_a_callback_only_counts);
	ATF_TP_ADD_TC(tp, a_retry_is_not_an_end_and_a_duplicate_is_not_counted);
	ATF_TP_ADD_TC(tp, sealed_or_another_shops_it_takes_no_more);
	ATF_TP_ADD_TC(
	    tp, of_all_that_end_and_seal_at_once_one_puts_the_callback);
	ATF_TP_ADD_TC(
	    tp, cancelled_what_waits_ends_at_once_and_what_runs_is_asked);
	ATF_TP_ADD_TC(tp, cancelled_before_it_is_sealed_it_takes_no_more);
	ATF_TP_ADD_TC(tp, while_jobs_end_a_cancel_misses_none_and_doubles_none);
	return atf_no_error();
}
