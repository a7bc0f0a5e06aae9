/* token_refresh: an idle shop's token is used once a week, whatever goes wrong
 * on the way (shopify.md 2.7); its schedule finds the idle ones. */
#include <atf-c.h>

#include "base/log.h"
#include "handled.h"
#include "io/http.h"
#include "pretend.h"

static void
begin(void)
{
	const struct job_new job = {
		.kind = JOB_TOKEN_REFRESH,
		.shop_id = SHOP,
		.shop_epoch = 1,
	};

	(void)test_shop("jobd");
	log_open(LOG_ERR + 1, 2);
	pretend_start();
	OK(http_start(test_cx()));
	test_token(1);
	OK(job_put(test_cx(), &job, NULL));
}

static struct frame
again(void)
{
	test_sql("t", "UPDATE job SET state = 'available'");
	return handled(JOB_TOKEN_REFRESH);
}

/* No attempt is used, and it comes back in so many seconds. */
static void
check_again(const char *words, int64_t seconds)
{
	const struct frame frame = again();

	handled_said(JOB_SNOOZED, words, frame);
	ATF_CHECK_EQ(seconds * 1000, frame.floor_ms);
	test_answers("scheduled|0", "t", "SELECT state, attempt FROM job");
}

SERVER_CASE(a_token_that_has_lapsed_is_refreshed)
{
	begin();
	pretend_says("refresh_token", 200,
	    "{\"access_token\":\"shpat_2\",\"refresh_token\":\"shprt_2\","
	    "\"expires_in\":3600}");
	handled_well(again());
	ATF_CHECK_EQ(1, pretend_calls("refresh_token"));
	test_answers("0", "t", "SELECT count(*) FROM job");
}

static void
scheduled(void)
{
	const struct job_new job = { .kind = JOB_TOKEN_REFRESH };

	test_cx()->every_shop = true;
	OK(job_put(test_cx(), &job, NULL));
	handled_well(handled(JOB_TOKEN_REFRESH));
}

/* Once, however often the schedule asks; spread, behind all others. */
SERVER_CASE(of_no_shop_it_puts_one_for_each_that_was_idle_for_a_week)
{
	begin();
	test_sql("t", "DELETE FROM job");
	scheduled();
	test_answers("0", "t", "SELECT count(*) FROM job");
	test_sql("t", "INSERT INTO token (shop_id, kind, access, refresh) "
		      "VALUES (2, 'expiring', 'a', 'b');"
		      "UPDATE token SET refreshed_at = now() - interval '8 d'"
		      "    - (shop_id = 2)::int * interval '1 d'");
	scheduled();
	test_answers("2 available 8,9007199254740993 scheduled 8", "t",
	    "SELECT string_agg(concat_ws(' ', shop_id, state, priority), ',' "
	    "ORDER BY shop_id) FROM job");
	test_sql("t", "UPDATE job SET state = 'scheduled'");
	scheduled();
	test_answers("2", "t", "SELECT count(*) FROM job");
	test_sql("t", "DELETE FROM job;"
		      "UPDATE token SET failed = 'dead' WHERE shop_id > 2;"
		      "UPDATE token SET refresh = NULL WHERE shop_id = 2");
	scheduled();
	test_answers("0", "t", "SELECT count(*) FROM job");
}

/* After 90 days the shop would be cut off; nobody must look after an outage. */
SERVER_CASE(an_outage_does_not_end_it)
{
	int i;

	begin();
	pretend_says("refresh_token", 503, "");
	for (i = 0; i < 12; i++)
		check_again("503", 6 * 3600);
	pretend_says("refresh_token", 400, "{}");
	check_again("400", 6 * 3600);
}

SERVER_CASE(a_dead_token_does)
{
	begin();
	pretend_says("refresh_token", 401, "{}");
	handled_said(JOB_DEAD, "authorize the app again", again());
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_token_that_has_lapsed_is_refreshed);
	ATF_TP_ADD_TC(
	    tp, of_no_shop_it_puts_one_for_each_that_was_idle_for_a_week);
	ATF_TP_ADD_TC(tp, an_outage_does_not_end_it);
	ATF_TP_ADD_TC(tp, a_dead_token_does);
	return atf_no_error();
}
