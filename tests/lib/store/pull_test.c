/* Pulls and their parts: begun, moved on, ended once, and by whom. */
#include <atf-c.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shop.h"
#include "store/job.h"
#include "store/pull.h"

static const char *const both[] = { "orders", "products" };

static const char *
put(int64_t since)
{
	struct pull pull = { .mode = "paged", .since = since, .shop_epoch = 1 };

	OK(db_begin(test_cx()));
	OK(pull_put(test_cx(), &pull, both, 2, "key 1"));
	OK(db_commit(test_cx()));
	return pull.id;
}

/* As app/pulls does: the job's name is its part's. */
static void
put_job(const char *id, const char *resource)
{
	const struct job_new job = {
		.kind = JOB_PULL_PAGE,
		.shop_id = SHOP,
		.unique = text_fmt(test_arena(), "pull:%s:%s", id, resource),
	};

	OK(job_put(test_cx(), &job, NULL));
}

static const char *
begun(int64_t since)
{
	const char *id;

	(void)test_shop("pulls");
	id = put(since);
	put_job(id, "orders");
	put_job(id, "products");
	return id;
}

static struct pull
loaded(const char *id)
{
	struct pull pull;

	OK(pull_load(test_cx(), id, &pull));
	return pull;
}

static const struct pull_page page = { .cursor = "c1",
	.page_size = 50,
	.objects = 50,
	.children = "{\"lines\": 120}",
	.cost_points = 300,
	.more = true };
static const struct pull_page last = { .cursor = "c2",
	.page_size = 25,
	.objects = 7,
	.children = "{\"lines\": 9, \"refunds\": 1}",
	.cost_points = 40,
	.more = false };

static enum rc
advance(struct cx *cx, const char *id, const char *resource,
    const struct pull_page *p)
{
	enum rc rc = db_begin(cx);

	if (rc == RC_OK)
		rc = pull_advance(cx, id, resource, p);
	if (rc == RC_OK)
		return db_commit(cx);
	db_rollback(cx);
	return rc;
}

/* ---- loading */

SERVER_CASE(a_pull_is_put_with_its_parts)
{
	const char *id = begun(1767225600);
	const struct pull pull = loaded(id);

	ATF_CHECK_STREQ("paged", pull.mode);
	ATF_CHECK_STREQ("queued", pull.state);
	ATF_CHECK_EQ(1767225600, pull.since);
	ATF_CHECK_EQ(1, pull.shop_epoch);
	ATF_CHECK(pull.created_at > 0);
	ATF_CHECK_EQ(0, pull.started_at + pull.finished_at);
	ATF_REQUIRE_EQ(2, pull.n_parts);
	ATF_CHECK_STREQ("products", pull.parts[0].resource);
	ATF_CHECK_STREQ("orders", pull.parts[1].resource);
	ATF_CHECK_STREQ("queued", pull.parts[1].state);
	ATF_CHECK_EQ(-1, pull.parts[1].total);
	ATF_CHECK_STREQ("{}", pull.parts[1].children);
	ATF_CHECK(pull.parts[0].job_id != pull.parts[1].job_id);
	ATF_CHECK_STREQ("available", pull.parts[1].job_state);
	test_answers("key 1", "t", "SELECT asked_by FROM pull");
}

SERVER_CASE(another_shops_and_an_unknown_pull_are_absent)
{
	const char *id = begun(0);
	struct pull_step step;
	struct pull pull;

	ATF_CHECK_EQ(0, loaded(id).since);
	CODE(RC_ABSENT, pull_load(test_cx(),
			    "01936d6e-0000-7000-8000-000000000000", &pull));
	CODE(RC_ABSENT, pull_step_load(test_cx(), id, "customers", &step));
	test_cx()->shop_id = OTHER;
	CODE(RC_ABSENT, pull_load(test_cx(), id, &pull));
	CODE(RC_ABSENT, pull_step_load(test_cx(), id, "orders", &step));
	CODE(RC_ABSENT, pull_cancel(test_cx(), id));
	db_rollback(test_cx());
	CODE(RC_ABSENT, pull_fail(test_cx(), id, "orders", "no"));
	db_rollback(test_cx());
	CODE(RC_ABSENT, advance(test_cx(), id, "orders", &last));
	test_cx()->shop_id = SHOP;
	ATF_CHECK_STREQ("queued", loaded(id).state);
}

SERVER_CASE(a_list_is_paged_from_the_newest_each_with_its_parts)
{
	const char *first = begun(0);
	const char *second = put(0);
	struct pull *list;
	size_t n;

	OK(pull_list(test_cx(), NULL, 1, &list, &n));
	ATF_REQUIRE_EQ(1, n);
	ATF_CHECK_STREQ(second, list[0].id);
	OK(pull_list(test_cx(), NULL, 10, &list, &n));
	ATF_REQUIRE_EQ(2, n);
	ATF_REQUIRE_EQ(2, list[1].n_parts);
	ATF_CHECK_STREQ(first, list[1].parts[0].pull_id);
	ATF_CHECK_STREQ(first, list[1].parts[1].pull_id);
	ATF_CHECK_STREQ(second, list[0].parts[1].pull_id);
	OK(pull_list(test_cx(), second, 10, &list, &n));
	ATF_REQUIRE_EQ(1, n);
	OK(pull_list(test_cx(), first, 10, &list, &n));
	ATF_CHECK_EQ(0, n);
}

/* ---- going on */

SERVER_CASE(pages_add_up_and_the_next_begins_behind_the_last)
{
	const char *id = begun(1767225600);
	struct pull_step step;
	struct pull_part part;

	OK(pull_step_load(test_cx(), id, "orders", &step));
	ATF_CHECK_EQ(NULL, step.cursor);
	ATF_CHECK_EQ(-1, step.total);
	ATF_CHECK_EQ(0, step.page_size);
	OK(pull_begin(test_cx(), id, "orders", 57));
	ATF_CHECK_STREQ("running", loaded(id).state);
	OK(advance(test_cx(), id, "orders", &page));
	OK(pull_step_load(test_cx(), id, "orders", &step));
	ATF_CHECK_STREQ("running", step.state);
	ATF_CHECK_STREQ("running", step.pull_state);
	ATF_CHECK_STREQ("c1", step.cursor);
	ATF_CHECK_EQ(50, step.page_size);
	ATF_CHECK_EQ(1, step.pages);
	ATF_CHECK_EQ(50, step.done);
	ATF_CHECK_EQ(57, step.total);
	ATF_CHECK_EQ(1, step.shop_epoch);
	ATF_CHECK_STREQ("2026-01-01T00:00:00Z", step.since);
	OK(advance(test_cx(), id, "orders", &last));
	part = loaded(id).parts[1];
	ATF_CHECK_STREQ("completed", part.state);
	ATF_CHECK_EQ(57, part.done);
	ATF_CHECK_EQ(2, part.pages);
	ATF_CHECK_EQ(340, part.cost_points);
	ATF_CHECK_STREQ("{\"lines\": 129, \"refunds\": 1}", part.children);
	ATF_CHECK(part.finished_at >= part.started_at && part.started_at > 0);
	ATF_CHECK_STREQ("running", loaded(id).state);
}

SERVER_CASE(the_pull_ends_with_its_last_part)
{
	const char *id = begun(0);

	OK(pull_begin(test_cx(), id, "orders", -1));
	OK(advance(test_cx(), id, "orders", &last));
	OK(advance(test_cx(), id, "products", &last));
	ATF_CHECK_STREQ("completed", loaded(id).state);
	ATF_CHECK(loaded(id).finished_at > 0);
	ATF_CHECK_EQ(NULL, loaded(id).error);
	CODE(RC_STOPPED, advance(test_cx(), id, "products", &last));
	ATF_CHECK_EQ(7, loaded(id).parts[0].done);
}

/* Waits until somebody waits for a lock; five seconds at most. */
#define UNTIL_ONE_WAITS                                                        \
	"DO $$ BEGIN FOR i IN 1..500 LOOP "                                    \
	"PERFORM pg_stat_clear_snapshot(); "                                   \
	"PERFORM 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'; "     \
	"EXIT WHEN FOUND; PERFORM pg_sleep(0.01); END LOOP; END $$"

SERVER_CASE(two_parts_that_end_at_once_end_the_pull)
{
	const char *id = begun(0);
	int status;
	pid_t pid;

	OK(db_begin(test_cx()));
	OK(pull_advance(test_cx(), id, "orders", &last));
	pid = fork();
	if (pid == 0)
		_exit((int)advance(test_rival("pulls"), id, "products", &last));
	test_sql("t", UNTIL_ONE_WAITS);
	OK(db_commit(test_cx()));
	ATF_REQUIRE_EQ(pid, waitpid(pid, &status, 0));
	ATF_CHECK_EQ(0, status);
	ATF_CHECK_STREQ("completed", loaded(id).state);
}

/* ---- ending otherwise */

SERVER_CASE(a_failed_part_fails_the_pull_when_the_others_have_ended)
{
	const char *id = begun(0);

	OK(pull_fail(test_cx(), id, "orders", "the shop is frozen"));
	ATF_CHECK_STREQ("failed", loaded(id).parts[1].state);
	ATF_CHECK_STREQ("the shop is frozen", loaded(id).parts[1].error);
	ATF_CHECK_STREQ("queued", loaded(id).state);
	CODE(RC_STOPPED, advance(test_cx(), id, "orders", &page));
	OK(advance(test_cx(), id, "products", &last));
	ATF_CHECK_STREQ("failed", loaded(id).state);
	ATF_CHECK_STREQ("orders: the shop is frozen", loaded(id).error);
	/* What has ended does not fail afterwards. */
	OK(pull_fail(test_cx(), id, "products", "too late"));
	ATF_CHECK_STREQ("completed", loaded(id).parts[0].state);
}

SERVER_CASE(a_cancelled_pull_stops_its_parts_and_their_jobs)
{
	const char *id = begun(0);
	const char *other = put(0);

	put_job(other, "orders");
	OK(pull_begin(test_cx(), id, "orders", 57));
	OK(advance(test_cx(), id, "orders", &page));
	OK(advance(test_cx(), id, "products", &last));
	OK(pull_cancel(test_cx(), id));
	ATF_CHECK_STREQ("cancelled", loaded(id).state);
	ATF_CHECK_STREQ("completed", loaded(id).parts[0].state);
	ATF_CHECK_STREQ("cancelled", loaded(id).parts[1].state);
	ATF_CHECK_EQ(50, loaded(id).parts[1].done);
	CODE(RC_STOPPED, advance(test_cx(), id, "orders", &last));
	OK(pull_begin(test_cx(), id, "orders", 99));
	ATF_CHECK_EQ(57, loaded(id).parts[1].total);
	test_answers("1|2", "t",
	    "SELECT (SELECT count(*) FROM job), count(*) FROM job_done "
	    "WHERE outcome = 'cancelled'");
	ATF_CHECK_STREQ("queued", loaded(other).state);
}

SERVER_CASE(one_that_is_over_cannot_be_cancelled)
{
	const char *id = begun(0);

	OK(advance(test_cx(), id, "orders", &last));
	OK(advance(test_cx(), id, "products", &last));
	OK(pull_cancel(test_cx(), id));
	ATF_CHECK_STREQ("completed", loaded(id).state);
	ATF_CHECK_STREQ("completed", loaded(id).parts[0].state);
}

SERVER_CASE(a_part_whose_job_is_gone_is_shown_as_failed)
{
	const char *id = begun(0);

	OK(pull_begin(test_cx(), id, "orders", 57));
	test_sql("t", text_fmt(test_arena(),
			  "DELETE FROM job WHERE unique_key = "
			  "sha256(convert_to('pull:%s:orders', 'UTF8'))",
			  id));
	ATF_CHECK_STREQ("queued", loaded(id).parts[0].state);
	ATF_CHECK_STREQ("failed", loaded(id).parts[1].state);
	ATF_CHECK_STREQ(
	    "its job ended without finishing it", loaded(id).parts[1].error);
	ATF_CHECK_EQ(0, loaded(id).parts[1].job_id);
}

SERVER_CASE(why_the_time_before_failed_is_shown_beside_the_part)
{
	const char *id = begun(0);

	test_sql("t",
	    "UPDATE job SET state = 'scheduled', error = 'Shopify said 502', "
	    "run_at = '2100-01-01 00:00:00Z'");
	ATF_CHECK_STREQ("Shopify said 502", loaded(id).parts[1].job_error);
	ATF_CHECK_STREQ("scheduled", loaded(id).parts[1].job_state);
	ATF_CHECK_EQ(4102444800, loaded(id).parts[1].job_run_at);
	ATF_CHECK_STREQ("queued", loaded(id).parts[1].state);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_pull_is_put_with_its_parts);
	ATF_TP_ADD_TC(tp, another_shops_and_an_unknown_pull_are_absent);
	ATF_TP_ADD_TC(tp, a_list_is_paged_from_the_newest_each_with_its_parts);
	ATF_TP_ADD_TC(tp, pages_add_up_and_the_next_begins_behind_the_last);
	ATF_TP_ADD_TC(tp, the_pull_ends_with_its_last_part);
	ATF_TP_ADD_TC(tp, two_parts_that_end_at_once_end_the_pull);
	ATF_TP_ADD_TC(
	    tp, a_failed_part_fails_the_pull_when_the_others_have_ended);
	ATF_TP_ADD_TC(tp, a_cancelled_pull_stops_its_parts_and_their_jobs);
	ATF_TP_ADD_TC(tp, one_that_is_over_cannot_be_cancelled);
	ATF_TP_ADD_TC(tp, a_part_whose_job_is_gone_is_shown_as_failed);
	ATF_TP_ADD_TC(tp, why_the_time_before_failed_is_shown_beside_the_part);
	return atf_no_error();
}
