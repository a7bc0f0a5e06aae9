/* alert: what the operator's address is told. */
#include <atf-c.h>

#include "base/conf.h"
#include "base/log.h"
#include "handled.h"
#include "io/http.h"
#include "pretend.h"

#define URL "https://alerts.myshopify.com/hook"

static void
begin(const char *args)
{
	const struct job_new job = { .kind = JOB_ALERT, .args = args };

	(void)test_shop("jobd");
	log_open(LOG_ERR + 1, 2);
	test_cx()->shop_id = 0;
	test_cx()->every_shop = true;
	pretend_start();
	OK(http_start(test_cx()));
	conf_set(C_ALERT_URL, URL);
	conf_set(C_APP_URL, "https://app.test");
	OK(job_put(test_cx(), &job, NULL));
}

SERVER_CASE(it_tells_what_stands_in_words_and_numbers)
{
	begin("{\"alert\":\"dead\",\"state\":\"firing\",\"dead\":2,"
	      "\"number\":3}");
	pretend_says("?", 204, "");
	handled_well(handled(JOB_ALERT));
	ATF_CHECK_EQ(1, pretend_calls("?"));
	GOT("?", "\"text\":\"2 jobs died\"");
	GOT("?", "\"alert\":\"dead\"");
	GOT("?", "\"number\":3");
	GOT("?", "\"from\":\"https://app.test\"");
}

SERVER_CASE(a_backlog_is_told_with_its_queue)
{
	begin("{\"alert\":\"backlog\",\"state\":\"firing\",\"oldest_s\":700,"
	      "\"queue\":\"pulls\"}");
	pretend_says("?", 200, "thank you");
	handled_well(handled(JOB_ALERT));
	GOT("?", "a job in queue pulls has waited for 700 s");
}

SERVER_CASE(what_is_over_is_told)
{
	begin("{\"alert\":\"backlog\",\"state\":\"recovered\"}");
	pretend_says("?", 200, "");
	handled_well(handled(JOB_ALERT));
	GOT("?", "no job waits for long any more");
}

SERVER_CASE(an_address_that_will_not_hear_is_tried_again)
{
	begin("{\"alert\":\"dead\",\"state\":\"recovered\"}");
	pretend_says("?", 500, "");
	handled_said(JOB_FAILED, "ALERT_URL answered 500", handled(JOB_ALERT));
	GOT("?", "no more jobs have died");
}

SERVER_CASE(only_https_is_called)
{
	begin("{\"alert\":\"dead\",\"state\":\"firing\",\"dead\":1}");
	conf_set(C_ALERT_URL, "http://alerts.myshopify.com/hook");
	handled_said(
	    JOB_DEAD, "ALERT_URL is no https:// address", handled(JOB_ALERT));
	ATF_CHECK_EQ(0, pretend_calls("?"));
}

SERVER_CASE(without_an_address_there_is_nothing_to_do)
{
	begin("{\"alert\":\"dead\",\"state\":\"firing\",\"dead\":1}");
	conf_set(C_ALERT_URL, "");
	handled_well(handled(JOB_ALERT));
	ATF_CHECK_EQ(0, pretend_calls("?"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, it_tells_what_stands_in_words_and_numbers);
	ATF_TP_ADD_TC(tp, a_backlog_is_told_with_its_queue);
	ATF_TP_ADD_TC(tp, what_is_over_is_told);
	ATF_TP_ADD_TC(tp, an_address_that_will_not_hear_is_tried_again);
	ATF_TP_ADD_TC(tp, only_https_is_called);
	ATF_TP_ADD_TC(tp, without_an_address_there_is_nothing_to_do);
	return atf_no_error();
}
