/* Two clocks and RFC 3339. */
#include <atf-c.h>
#include <time.h>

#include "base/clock.h"
#include "test.h"

ATF_TC_WITHOUT_HEAD(the_steady_clock_does_not_go_back);
ATF_TC_BODY(the_steady_clock_does_not_go_back, tc)
{
	const int64_t us = clock_us();
	const int64_t ms = clock_ms();

	ATF_CHECK(ms >= us / 1000);
	ATF_CHECK(clock_us() >= us);
	ATF_CHECK(clock_ms() - ms < 60000);
}

ATF_TC_WITHOUT_HEAD(the_wall_clock_is_the_worlds);
ATF_TC_BODY(the_wall_clock_is_the_worlds, tc)
{
	ATF_CHECK(clock_wall() - (int64_t)time(NULL) <= 1);
	ATF_CHECK(clock_wall() > 1700000000);
}

ATF_TC_WITHOUT_HEAD(a_time_is_written_in_utc);
ATF_TC_BODY(a_time_is_written_in_utc, tc)
{
	struct arena *mem = test_arena();

	ATF_CHECK_STREQ("1970-01-01T00:00:00Z", clock_text(mem, 0));
	ATF_CHECK_STREQ("2026-11-24T23:17:00Z", clock_text(mem, 1795562220));
	ATF_CHECK_STREQ("1969-12-31T23:59:59Z", clock_text(mem, -1));
	ATF_CHECK_STREQ("0000-01-01T00:00:00Z", clock_text(mem, INT64_MIN));
	ATF_CHECK_STREQ("9999-12-31T23:59:59Z", clock_text(mem, INT64_MAX));
}

static void
reads(const char *text, int64_t us)
{
	int64_t got = -7;

	ATF_CHECK_MSG(clock_read(text, &got), "%s", text);
	ATF_CHECK_EQ_MSG(us, got, "%s", text);
}

ATF_TC_WITHOUT_HEAD(a_time_of_any_offset_and_fraction_is_read);
ATF_TC_BODY(a_time_of_any_offset_and_fraction_is_read, tc)
{
	const int64_t at = INT64_C(1795562220000000);

	reads("2026-11-24T23:17:00Z", at);
	reads("2026-11-24t23:17:00z", at);
	reads("2026-11-25T01:17:00+02:00", at);
	reads("2026-11-24T18:47:00-04:30", at);
	reads("2026-11-24T23:17:00-00:00", at);
	reads("2026-11-24T23:17:00.5Z", at + 500000);
	reads("2026-11-24T23:17:00.000001Z", at + 1);
	reads("2026-11-24T23:17:00.1234567891Z", at + 123456);
	reads("1970-01-01T00:00:00Z", 0);
	reads("1969-12-31T23:59:59.9Z", -100000);
	reads("2024-02-29T00:00:00Z", INT64_C(1709164800000000));
	reads("2000-02-29T00:00:00Z", INT64_C(951782400000000));
	reads("2016-12-31T23:59:60Z", INT64_C(1483228800000000));
	reads("0000-01-01T00:00:00Z", INT64_C(-62167219200000000));
}

ATF_TC_WITHOUT_HEAD(what_is_no_time_is_refused);
ATF_TC_BODY(what_is_no_time_is_refused, tc)
{
	static const char *const wrong[] = { "", "2026", "2026-11-24",
		"2026-11-24T23:17:00", "2026-11-24 23:17:00Z",
		"2026-11-24T23:17Z", "2026-13-24T23:17:00Z",
		"2026-00-24T23:17:00Z", "2026-11-31T23:17:00Z",
		"2026-11-00T23:17:00Z", "2026-02-29T00:00:00Z",
		"1900-02-29T00:00:00Z", "2026-11-24T24:00:00Z",
		"2026-11-24T23:60:00Z", "2026-11-24T23:17:61Z",
		"2026-11-24T23:17:00.Z", "2026-11-24T23:17:00.5",
		"2026-11-24T23:17:00+2:00", "2026-11-24T23:17:00+0200",
		"2026-11-24T23:17:00+24:00", "2026-11-24T23:17:00+02:60",
		"2026-11-24T23:17:00+", "2026-11-24T23:17:00ZZ",
		" 2026-11-24T23:17:00Z", "26-11-24T23:17:00Z",
		"+2026-11-24T23:17:00Z", "2026-1-24T23:17:00Z",
		"2026-11-24T23:17:00,5Z", "2026-11-24T-1:17:00Z",
		"2026/11-24T23:17:00Z", "2026-11/24T23:17:00Z",
		"2026-11-24T23.17:00Z", "2026-11-24T23:17.00Z",
		"2026-11-24T23:17:00+02.00", "202:-11-24T23:17:00Z",
		"2026-0:-24T23:17:00Z", "2026-11-0/T23:17:00Z",
		"2026-11-24T23:17:00+0::00" };
	int64_t got;
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		ATF_CHECK_MSG(!clock_read(wrong[i], &got), "%s", wrong[i]);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, the_steady_clock_does_not_go_back);
	ATF_TP_ADD_TC(tp, the_wall_clock_is_the_worlds);
	ATF_TP_ADD_TC(tp, a_time_is_written_in_utc);
	ATF_TP_ADD_TC(tp, a_time_of_any_offset_and_fraction_is_read);
	ATF_TP_ADD_TC(tp, what_is_no_time_is_refused);
	return atf_no_error();
}
