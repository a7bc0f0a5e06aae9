/* kyua: timeout=60 */
/* pull_page: what happens between a page's read and its rows (design.md 5). */
#include <atf-c.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/pulls.h"
#include "base/log.h"
#include "handled.h"
#include "io/http.h"
#include "made.h"
#include "pretend.h"

static void
begin(void)
{
	(void)test_shop("jobd");
	log_open(LOG_ERR + 1, 2);
	pretend_start();
	OK(http_start(test_cx()));
	test_token(3600);
	pretend_data("Counts", "{\"productsCount\":"
			       "{\"count\":1,\"precision\":\"EXACT\"}}");
}

/* A pull of the products, as somebody asked for it. */
static void
asked(void)
{
	static const char *const products[] = { "products" };
	struct pull pull = { .mode = "paged", .shop_epoch = 1 };
	const struct shop shop = test_shop_row();

	OK(db_begin(test_cx()));
	OK(pull_put(test_cx(), &pull, products, 1, "test"));
	OK(pull_job_put(test_cx(), &shop, pull.id, "products", JOB_WATCHED));
	OK(db_commit(test_cx()));
}

/* Once Shopify was asked for the page, and before its answer is here. */
static pid_t
meanwhile(const char *sql)
{
	const pid_t pid = fork();
	int i;

	if (pid != 0)
		return pid;
	for (i = 0; i < 1000 && !pretend_calls("ProductsPage"); i++)
		(void)usleep(10000);
	test_server(text_fmt(test_arena(),
	    "echo 'SET search_path = stockroom; %s' | pg_sql t", sql));
	_exit(0);
}

SERVER_CASE(what_a_webhook_deleted_under_a_page_stays_deleted)
{
	int status;
	pid_t pid;

	begin();
	pretend_data(
	    "ProductsPage", made_page("products", made("product", NULL), NULL));
	asked();
	pretend_slow(1500);
	pid = meanwhile("INSERT INTO gone (shop_id, type, id) VALUES "
			"(9007199254740993, $$products$$, 9007199254741001)");
	handled_well(handled(JOB_PULL_PAGE));
	ATF_REQUIRE_EQ(pid, waitpid(pid, &status, 0));
	ATF_CHECK_EQ(0, status);
	test_answers("9007199254741001|t", "t",
	    "SELECT id, deleted_at IS NOT NULL FROM product");
	/* A page that was read since knows better. */
	pretend_slow(0);
	asked();
	handled_well(handled(JOB_PULL_PAGE));
	test_answers("9007199254741001|f", "t",
	    "SELECT id, deleted_at IS NOT NULL FROM product");
}

/* An order of many refunds takes many calls: so many orders fewer. */
SERVER_CASE(a_page_that_did_not_succeed_is_asked_for_by_half)
{
	begin();
	asked();
	pretend_says("ProductsPage", 502, "");
	handled_said(JOB_FAILED, "", handled(JOB_PULL_PAGE));
	GOT("ProductsPage", "\"first\":100");
	test_sql("t", "UPDATE job SET state = 'available'");
	handled_said(JOB_FAILED, "", handled(JOB_PULL_PAGE));
	GOT("ProductsPage", "\"first\":50");
	test_sql("t", "UPDATE job SET state = 'available'");
	pretend_data("ProductsPage",
	    made_page("products", made("product", NULL), "behind"));
	handled_well(handled(JOB_PULL_PAGE));
	GOT("ProductsPage", "\"first\":25");
	pretend_data(
	    "ProductsPage", made_page("products", made("product", NULL), NULL));
	/* The next is a page as ever. */
	handled_well(handled(JOB_PULL_PAGE));
	GOT("ProductsPage", "\"first\":100");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_a_webhook_deleted_under_a_page_stays_deleted);
	ATF_TP_ADD_TC(tp, a_page_that_did_not_succeed_is_asked_for_by_half);
	return atf_no_error();
}
