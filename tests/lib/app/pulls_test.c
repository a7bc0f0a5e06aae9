/* Pulls: asked for in one transaction, worked off by jobs. */
#include <atf-c.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "app/pulls.h"
#include "base/conf.h"
#include "shop.h"

static struct shop shop;

static void
begin(void)
{
	(void)test_shop("pulls");
	conf_set(C_RUN_DIR, ".");
	shop = test_shop_row();
}

static enum rc
asked(const char *const *words, size_t n, struct pull *out)
{
	const struct pull_ask ask = {
		.resources = words,
		.n = n,
		.since = 1767225600,
		.asked_by = "key 1",
	};

	rc_forget(test_cx());
	return pull_ask(test_cx(), &shop, &ask, out);
}

/* "products,orders" */
static const char *
parts_of(const struct pull *pull)
{
	const char *text = "";
	size_t i;

	for (i = 0; i < pull->n_parts; i++)
		text = text_fmt(test_arena(), "%s%s%s", text, i ? "," : "",
		    pull->parts[i].resource);
	return text;
}

SERVER_CASE(a_pull_has_a_part_and_a_job_for_each_resource)
{
	static const char *const list[] = { "products", "customers" };
	struct pull pull;

	begin();
	OK(asked(list, 2, &pull));
	ATF_CHECK_STREQ("products,customers", parts_of(&pull));
	ATF_CHECK_STREQ("queued", pull.state);
	ATF_CHECK_EQ(1767225600, pull.since);
	ATF_CHECK(pull.parts[0].job_id > 0 && pull.parts[1].job_id > 0);
	test_answers(
	    text_fmt(test_arena(),
		"pull_page|{\"pull\": \"%s\", \"resource\": \"products\"}|1|"
		"9007199254740993",
		pull.id),
	    "t",
	    "SELECT kind, args, shop_epoch, shop_id FROM job "
	    "ORDER BY id LIMIT 1");
}

SERVER_CASE(transactions_come_with_their_orders)
{
	static const char *const list[] = { "transactions", "orders",
		"orders" };
	struct pull pull;

	begin();
	OK(asked(list, 3, &pull));
	ATF_CHECK_STREQ("orders", parts_of(&pull));
	OK(asked(list, 1, &pull));
	ATF_CHECK_STREQ("transactions", parts_of(&pull));
}

SERVER_CASE(jobd_is_woken_when_all_is_there)
{
	static const char *const list[] = { "products" };
	struct sockaddr_un at = { AF_UNIX, "jobd.wake" };
	struct pull pull;
	char byte;
	int fd;

	begin();
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	ATF_REQUIRE(bind(fd, (struct sockaddr *)&at, sizeof(at)) == 0);
	OK(asked(list, 1, &pull));
	ATF_CHECK_EQ(1, recv(fd, &byte, 1, 0));
	(void)close(fd);
}

SERVER_CASE(a_shop_that_cannot_be_called_cannot_be_pulled)
{
	static const char *const list[] = { "products" };
	struct pull pull;

	begin();
	OK(pull_allowed(test_cx(), &shop));
	OK(shop_mark(test_cx(), SHOP, 1, "paused", "the shop is frozen"));
	shop = test_shop_row();
	ATF_CHECK_EQ(RC_CONFLICT, asked(list, 1, &pull));
	ATF_CHECK_STREQ("the shop is paused: the shop is frozen",
	    test_cx()->fault.sentence);
	OK(shop_mark(test_cx(), SHOP, 1, "needs_authorization", NULL));
	shop = test_shop_row();
	rc_forget(test_cx());
	ATF_CHECK_EQ(RC_CONFLICT, pull_allowed(test_cx(), &shop));
	ATF_CHECK_STREQ(
	    "the shop is needs_authorization", test_cx()->fault.sentence);
	test_answers("0|0", "t",
	    "SELECT (SELECT count(*) FROM pull), (SELECT count(*) FROM job)");
}

/* Pull, parts and jobs are there together or not at all. */
SERVER_CASE(where_the_jobs_cannot_be_put_there_is_no_pull)
{
	static const char *const list[] = { "products", "orders" };
	struct pull pull;

	begin();
	test_sql(
	    "t", "ALTER TABLE job ADD CHECK (args ->> 'resource' <> 'orders')");
	ATF_CHECK(asked(list, 2, &pull) != RC_OK);
	db_rollback(test_cx());
	test_answers("0|0|0", "t",
	    "SELECT (SELECT count(*) FROM pull), "
	    "(SELECT count(*) FROM pull_part), (SELECT count(*) FROM job)");
}

SERVER_CASE(a_part_has_one_job_at_a_time)
{
	static const char *const list[] = { "products" };
	struct pull pull;

	begin();
	OK(asked(list, 1, &pull));
	OK(pull_job_put(test_cx(), &shop, pull.id, "products", JOB_USUAL));
	test_answers("1", "t", "SELECT count(*) FROM job");
	/* Whoever asked sees the first page soon; the rest is as others'. */
	test_answers("2", "t", "SELECT priority FROM job");
	test_sql("t", "UPDATE job SET state = 'running'");
	OK(pull_job_put(test_cx(), &shop, pull.id, "products", JOB_USUAL));
	test_answers("4|t", "t", "SELECT priority, run_again FROM job");
	OK(asked(list, 1, &pull));
	test_answers("2", "t", "SELECT count(*) FROM job");
	shop.id = OTHER;
	ATF_CHECK(test_code(pull_job_put(test_cx(), &shop, pull.id, "orders",
		      JOB_USUAL)) != RC_OK);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_pull_has_a_part_and_a_job_for_each_resource);
	ATF_TP_ADD_TC(tp, transactions_come_with_their_orders);
	ATF_TP_ADD_TC(tp, jobd_is_woken_when_all_is_there);
	ATF_TP_ADD_TC(tp, a_shop_that_cannot_be_called_cannot_be_pulled);
	ATF_TP_ADD_TC(tp, where_the_jobs_cannot_be_put_there_is_no_pull);
	ATF_TP_ADD_TC(tp, a_part_has_one_job_at_a_time);
	return atf_no_error();
}
