/* token_refresh: an idle shop's token is used once a week, whatever goes wrong
 * on the way (shopify.md 2.7). */
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

SERVER_CASE(it_comes_back_in_a_week)
{
	begin();
	pretend_says("refresh_token", 200,
	    "{\"access_token\":\"shpat_2\",\"refresh_token\":\"shprt_2\","
	    "\"expires_in\":3600}");
	check_again("again in a week", 7 * 24 * 3600);
	ATF_CHECK_EQ(1, pretend_calls("refresh_token"));
}

/* Nobody would put it anew, and after 90 days the shop would be cut off. */
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
	ATF_TP_ADD_TC(tp, it_comes_back_in_a_week);
	ATF_TP_ADD_TC(tp, an_outage_does_not_end_it);
	ATF_TP_ADD_TC(tp, a_dead_token_does);
	return atf_no_error();
}
