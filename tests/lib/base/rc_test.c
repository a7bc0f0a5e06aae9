/* The table of codes is whole, and its words are those others rely on. */
#include <atf-c.h>
#include <string.h>

#include "test.h"

ATF_TC_WITHOUT_HEAD(every_code_has_a_word_a_title_and_a_status);
ATF_TC_BODY(every_code_has_a_word_a_title_and_a_status, tc)
{
	int rc, other;

	for (rc = 0; rc < RC_COUNT; rc++) {
		const struct rc_row *row = rc_row((enum rc)rc);

		ATF_REQUIRE_MSG(row->code && row->title, "%d", rc);
		ATF_CHECK(row->status >= 200 && row->status < 600);
		for (other = 0; other < rc; other++)
			ATF_CHECK(!text_same(
			    row->code, rc_row((enum rc)other)->code));
	}
}

static void
row(enum rc rc, const char *code, int status, const char *said, int level)
{
	const struct rc_row *r = rc_row(rc);

	ATF_CHECK_STREQ(code, r->code);
	ATF_CHECK_EQ_MSG(status, r->status, "%s", code);
	ATF_CHECK_STREQ(said, job_said_text(r->job));
	ATF_CHECK_EQ_MSG(level, (int)r->level, "%s", code);
}

ATF_TC_WITHOUT_HEAD(codes_mean_what_the_design_says);
ATF_TC_BODY(codes_mean_what_the_design_says, tc)
{
	row(RC_OK, "ok", 200, "completed", LOG_INFO);
	row(RC_INPUT, "input", 400, "dead", LOG_INFO);
	row(RC_TOO_BIG, "too_big", 413, "dead", LOG_INFO);
	row(RC_UNPROCESSABLE, "unprocessable", 422, "dead", LOG_INFO);
	row(RC_AUTH, "unauthorized", 401, "dead", LOG_INFO);
	row(RC_TOKEN, "token", 409, "dead", LOG_WARN);
	row(RC_DENIED, "forbidden", 403, "dead", LOG_INFO);
	row(RC_ABSENT, "not_found", 404, "dead", LOG_INFO);
	row(RC_CONFLICT, "conflict", 409, "dead", LOG_INFO);
	row(RC_LIMITED, "limited", 429, "snoozed", LOG_INFO);
	row(RC_REMOTE, "remote", 502, "failed", LOG_WARN);
	row(RC_BUSY, "busy", 503, "failed", LOG_WARN);
	row(RC_STOPPED, "stopped", 503, "snoozed", LOG_INFO);
	row(RC_BUG, "bug", 500, "dead", LOG_ERR);
}

ATF_TC_WITHOUT_HEAD(a_code_out_of_range_is_a_bug);
ATF_TC_BODY(a_code_out_of_range_is_a_bug, tc)
{
	ATF_CHECK_STREQ("bug", rc_row(RC_COUNT)->code);
	ATF_CHECK_STREQ("cancelled", job_said_text(JOB_CANCELLED));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, every_code_has_a_word_a_title_and_a_status);
	ATF_TP_ADD_TC(tp, codes_mean_what_the_design_says);
	ATF_TP_ADD_TC(tp, a_code_out_of_range_is_a_bug);
	return atf_no_error();
}
