/* When schedules are due, over both jumps of several zones' clocks. */
#include <atf-c.h>
#include <string.h>

#include "base/clock.h"
#include "base/cron.h"
#include "test.h"

static int64_t
at(const char *text)
{
	int64_t us;

	ATF_REQUIRE_MSG(clock_read(text, &us), "%s", text);
	return us / 1000000;
}

/* The instants behind `after`, one after the other, are just these. */
static void
runs(const char *spec, const char *tz, const char *after, const char *want)
{
	struct slice rest = slice_of(want), part;
	int64_t t = at(after);

	while (text_next(&rest, ' ', &part)) {
		const char *wanted = text_of(test_arena(), part);

		OK(cron_next(test_cx(), spec, tz, t, &t));
		ATF_CHECK_MSG(text_same(wanted, clock_text(test_arena(), t)),
		    "%s in %s: %s, not %s", spec, tz,
		    clock_text(test_arena(), t), wanted);
		t = at(wanted);
	}
}

ATF_TC_WITHOUT_HEAD(a_line_is_due_when_it_says);
ATF_TC_BODY(a_line_is_due_when_it_says, tc)
{
	runs("* * * * *", "UTC", "2026-11-25T02:59:59Z",
	    "2026-11-25T03:00:00Z 2026-11-25T03:01:00Z");
	/* Later than `after`, not at it. */
	runs("0 3 * * *", "UTC", "2026-11-25T03:00:00Z",
	    "2026-11-26T03:00:00Z 2026-11-27T03:00:00Z");
	runs("0,30 9-17/4 * * mon-fri", "UTC", "2026-11-27T12:00:00Z",
	    "2026-11-27T13:00:00Z 2026-11-27T13:30:00Z 2026-11-27T17:00:00Z "
	    "2026-11-27T17:30:00Z 2026-11-30T09:00:00Z");
	runs("15 */12 * * *", "UTC", "2026-12-31T12:15:00Z",
	    "2027-01-01T00:15:00Z 2027-01-01T12:15:00Z");
	runs("0 0 31 * *", "UTC", "2026-01-31T00:00:00Z",
	    "2026-03-31T00:00:00Z 2026-05-31T00:00:00Z");
	runs("0 0 29 feb *", "UTC", "2096-02-29T00:00:00Z",
	    "2104-02-29T00:00:00Z");
	runs("0 0 1 JAN,Jul *", "UTC", "2026-01-01T00:00:00Z",
	    "2026-07-01T00:00:00Z 2027-01-01T00:00:00Z");
	runs("0 6 * * 7", "UTC", "2026-11-25T00:00:00Z",
	    "2026-11-29T06:00:00Z 2026-12-06T06:00:00Z");
	runs("0 6 * * 5-7", "UTC", "2026-11-25T00:00:00Z",
	    "2026-11-27T06:00:00Z 2026-11-28T06:00:00Z 2026-11-29T06:00:00Z "
	    "2026-12-04T06:00:00Z");
	runs("\t0  6 * *   sun", "UTC", "2026-11-25T00:00:00Z",
	    "2026-11-29T06:00:00Z");
}

/* As everywhere: the 13th, and each Friday. */
ATF_TC_WITHOUT_HEAD(where_both_days_are_restricted_either_is_enough);
ATF_TC_BODY(where_both_days_are_restricted_either_is_enough, tc)
{
	runs("0 0 13 * fri", "UTC", "2026-11-01T00:00:00Z",
	    "2026-11-06T00:00:00Z 2026-11-13T00:00:00Z 2026-11-20T00:00:00Z "
	    "2026-11-27T00:00:00Z 2026-12-04T00:00:00Z 2026-12-11T00:00:00Z "
	    "2026-12-13T00:00:00Z");
}

ATF_TC_WITHOUT_HEAD(words_and_spans_are_short_for_lines);
ATF_TC_BODY(words_and_spans_are_short_for_lines, tc)
{
	runs("@hourly", "UTC", "2026-11-25T02:10:00Z", "2026-11-25T03:00:00Z");
	runs("@daily", "Europe/Berlin", "2026-11-25T02:10:00Z",
	    "2026-11-25T23:00:00Z");
	runs(
	    "@midnight", "UTC", "2026-11-25T02:10:00Z", "2026-11-26T00:00:00Z");
	runs("@weekly", "UTC", "2026-11-25T02:10:00Z", "2026-11-29T00:00:00Z");
	runs("@monthly", "UTC", "2026-11-25T02:10:00Z",
	    "2026-12-01T00:00:00Z 2027-01-01T00:00:00Z");
	runs("@yearly", "UTC", "2026-11-25T02:10:00Z", "2027-01-01T00:00:00Z");
	runs(
	    "@annually", "UTC", "2026-11-25T02:10:00Z", "2027-01-01T00:00:00Z");
	runs("every 15m", "UTC", "2026-11-25T02:10:00Z",
	    "2026-11-25T02:15:00Z 2026-11-25T02:30:00Z");
	runs("every 6h", "Europe/Berlin", "2026-03-29T00:00:01Z",
	    "2026-03-29T06:00:00Z 2026-03-29T12:00:00Z");
	runs("every 2d", "UTC", "1970-01-01T00:00:00Z", "1970-01-03T00:00:00Z");
}

/* ---- in spring a time is left out: it runs once, behind the gap */

ATF_TC_WITHOUT_HEAD(what_the_clock_leaves_out_runs_once_behind_the_gap);
ATF_TC_BODY(what_the_clock_leaves_out_runs_once_behind_the_gap, tc)
{
	/* 02:00 to 03:00 is not there. */
	runs("30 2 * * *", "Europe/Berlin", "2026-03-28T00:00:00Z",
	    "2026-03-28T01:30:00Z 2026-03-29T01:00:00Z 2026-03-30T00:30:00Z");
	/* Four of its times are one run, with the one that is there. */
	runs("*/15 2,3 29 3 *", "Europe/Berlin", "2026-03-29T00:59:00Z",
	    "2026-03-29T01:00:00Z 2026-03-29T01:15:00Z 2026-03-29T01:30:00Z "
	    "2026-03-29T01:45:00Z 2027-03-29T00:00:00Z");
	runs("5 2 * * sun", "America/New_York", "2026-03-02T00:00:00Z",
	    "2026-03-08T07:00:00Z 2026-03-15T06:05:00Z");
	/* 02:00 to 02:30. */
	runs("15 2 4 10 *", "Australia/Lord_Howe", "2026-10-03T00:00:00Z",
	    "2026-10-03T15:30:00Z 2027-10-03T15:15:00Z");
	runs("45 2 4 10 *", "Australia/Lord_Howe", "2026-10-03T00:00:00Z",
	    "2026-10-03T15:45:00Z");
	/* 00:00 to 01:00: a midnight that is not there. */
	runs("0 0 * * *", "Africa/Cairo", "2026-04-22T23:00:00Z",
	    "2026-04-23T22:00:00Z 2026-04-24T21:00:00Z");
	runs("30 2 * * *", "UTC", "2026-03-28T03:00:00Z",
	    "2026-03-29T02:30:00Z 2026-03-30T02:30:00Z");
}

/* ---- in autumn a time comes twice: it runs the first time */

ATF_TC_WITHOUT_HEAD(what_the_clock_shows_twice_runs_once);
ATF_TC_BODY(what_the_clock_shows_twice_runs_once, tc)
{
	runs("30 2 * * *", "Europe/Berlin", "2026-10-24T00:00:00Z",
	    "2026-10-24T00:30:00Z 2026-10-25T00:30:00Z 2026-10-26T01:30:00Z");
	runs("0,30 1-3 25 10 *", "Europe/Berlin", "2026-10-24T22:00:00Z",
	    "2026-10-24T23:00:00Z 2026-10-24T23:30:00Z 2026-10-25T00:00:00Z "
	    "2026-10-25T00:30:00Z 2026-10-25T02:00:00Z 2026-10-25T02:30:00Z "
	    "2027-10-24T23:00:00Z");
	/* Asked in the second of the two. */
	runs("45 2 * * *", "Europe/Berlin", "2026-10-25T01:30:00Z",
	    "2026-10-26T01:45:00Z");
	runs("30 1 * * *", "America/New_York", "2026-11-01T04:00:00Z",
	    "2026-11-01T05:30:00Z 2026-11-02T06:30:00Z");
	/* 01:30 to 02:00 comes twice. */
	runs("45 1 * * *", "Australia/Lord_Howe", "2026-04-04T00:00:00Z",
	    "2026-04-04T14:45:00Z 2026-04-05T15:15:00Z");
	runs("30 1 1 11 *", "UTC", "2026-11-01T01:00:00Z",
	    "2026-11-01T01:30:00Z 2027-11-01T01:30:00Z");
}

/* ---- one of every hour goes by time that passes */

ATF_TC_WITHOUT_HEAD(one_of_every_hour_runs_each_hour_that_passes);
ATF_TC_BODY(one_of_every_hour_runs_each_hour_that_passes, tc)
{
	runs("30 * * * *", "Europe/Berlin", "2026-03-29T00:00:00Z",
	    "2026-03-29T00:30:00Z 2026-03-29T01:30:00Z 2026-03-29T02:30:00Z");
	runs("30 * * * *", "Europe/Berlin", "2026-10-24T23:00:00Z",
	    "2026-10-24T23:30:00Z 2026-10-25T00:30:00Z 2026-10-25T01:30:00Z "
	    "2026-10-25T02:30:00Z");
	runs("0,30 * * * *", "Australia/Lord_Howe", "2026-04-04T14:00:00Z",
	    "2026-04-04T14:30:00Z 2026-04-04T15:00:00Z 2026-04-04T15:30:00Z "
	    "2026-04-04T16:00:00Z");
	runs("0 * * * sun", "America/New_York", "2026-03-07T12:00:00Z",
	    "2026-03-08T05:00:00Z 2026-03-08T06:00:00Z 2026-03-08T07:00:00Z");
	runs("59 * 1 1 *", "Pacific/Auckland", "2026-06-01T00:00:00Z",
	    "2026-12-31T11:59:00Z");
}

/* Every line of a year: each instant later than the one before, and as many as
 * days of the year. */
static void
once_a_day(const char *spec, const char *tz)
{
	int64_t t = at("2025-12-31T12:07:00Z"), next;
	const int64_t end = t + 365 * 86400;
	int n = 0;

	for (;; t = next, n++) {
		OK(cron_next(test_cx(), spec, tz, t, &next));
		ATF_REQUIRE(next > t);
		if (next >= end)
			break;
	}
	ATF_CHECK_EQ_MSG(365, n, "%s in %s: %d", spec, tz, n);
}

ATF_TC_WITHOUT_HEAD(a_time_of_the_day_comes_on_every_day_of_the_year);
ATF_TC_BODY(a_time_of_the_day_comes_on_every_day_of_the_year, tc)
{
	static const char *const zones[] = { "UTC", "Europe/Berlin",
		"America/New_York", "Australia/Lord_Howe", "Africa/Cairo",
		"America/Havana", "Atlantic/Azores", "Pacific/Chatham" };
	static const char *const lines[] = { "0 0 * * *", "0 1 * * *",
		"45 1 * * *", "15 2 * * *", "30 2 * * *", "59 23 * * *" };

	for (size_t z = 0; z < sizeof(zones) / sizeof(zones[0]); z++)
		for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
			const struct arena_mark mark = arena_mark(test_arena());

			once_a_day(lines[i], zones[z]);
			arena_back(test_arena(), mark);
		}
}

/* ---- what cannot be read */

static void
refused(const char *spec, const char *rule)
{
	struct cx *cx = test_cx();

	ATF_CHECK_EQ_MSG(RC_INPUT, cron_check(cx, spec, "UTC"), "%s", spec);
	ATF_CHECK_STREQ("spec", cx->fault.field);
	ATF_CHECK_MSG(cx->fault.rule && strstr(cx->fault.rule, rule),
	    "of %s it says: %s", spec, cx->fault.rule);
	ATF_CHECK(cx->fault.got && cx->fault.got[0] == spec[0]);
	rc_forget(cx);
}

ATF_TC_WITHOUT_HEAD(what_cannot_be_read_is_refused_by_field_and_rule);
ATF_TC_BODY(what_cannot_be_read_is_refused_by_field_and_rule, tc)
{
	struct cx *cx = test_cx();

	ATF_CHECK_EQ(RC_INPUT, cron_check(cx, "0 25 * * *", "UTC"));
	ATF_CHECK_STREQ("25", cx->fault.got);
	ATF_CHECK(text_starts(cx->fault.rule, "hour: "));
	rc_forget(cx);
	ATF_CHECK_EQ(RC_INPUT, cron_check(cx, "0 2 * * *", "Mars/Olympus"));
	ATF_CHECK_STREQ("tz", cx->fault.field);
	rc_forget(cx);
	ATF_CHECK_EQ(RC_INPUT, cron_check(cx, "", "UTC"));
	rc_forget(cx);

	refused("* * * *", "five fields");
	refused("* * * * * *", "no more");
	refused("60 * * * *", "minute: ");
	refused("-1 * * * *", "minute: ");
	refused("1,,2 * * * *", "minute: ");
	refused("1, * * * *", "minute: ");
	refused("5/10 * * * *", "minute: ");
	refused("*/0 * * * *", "minute: ");
	refused("*/60 * * * *", "minute: ");
	refused("*/x * * * *", "minute: ");
	refused("30-10 * * * *", "minute: ");
	refused("1-2-3 * * * *", "minute: ");
	refused("? * * * *", "minute: ");
	refused("/ * * * *", "minute: ");
	refused("01 * * * *", "minute: ");
	refused("jan * * * *", "minute: ");
}

ATF_TC_WITHOUT_HEAD(the_other_fields_and_words_are_refused_likewise);
ATF_TC_BODY(the_other_fields_and_words_are_refused_likewise, tc)
{
	struct cx *cx = test_cx();
	static const char *const bad[][2] = {
		{ "0 0 0 * *", "day: " },
		{ "0 0 32 * *", "day: " },
		{ "0 0 L * *", "day: " },
		{ "0 0 * 13 *", "month: " },
		{ "0 0 * january *", "month: " },
		{ "0 0 * * 8", "weekday: " },
		{ "0 0 * * monday", "weekday: " },
		{ "0 0 30 2 *", "a day that comes" },
		{ "0 0 31 4,6 *", "a day that comes" },
		{ "@reboot", "@hourly" },
		{ "@", "@hourly" },
		{ "every", "minute: " },
		{ "every 15", "every so many" },
		{ "every 0m", "every so many" },
		{ "every 15s", "every so many" },
		{ "every 367d", "every so many" },
		{ "every -1h", "every so many" },
		{ "every m", "every so many" },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ATF_CHECK_EQ_MSG(RC_INPUT, cron_check(cx, bad[i][0], "UTC"),
		    "%s", bad[i][0]);
		ATF_CHECK_MSG(
		    cx->fault.rule && text_starts(cx->fault.rule, bad[i][1]),
		    "of %s it says: %s", bad[i][0], cx->fault.rule);
		rc_forget(cx);
	}
	refused(text_fmt(test_arena(), "%0300d", 1), "200 bytes");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_line_is_due_when_it_says);
	ATF_TP_ADD_TC(tp, where_both_days_are_restricted_either_is_enough);
	ATF_TP_ADD_TC(tp, words_and_spans_are_short_for_lines);
	ATF_TP_ADD_TC(tp, what_the_clock_leaves_out_runs_once_behind_the_gap);
	ATF_TP_ADD_TC(tp, what_the_clock_shows_twice_runs_once);
	ATF_TP_ADD_TC(tp, one_of_every_hour_runs_each_hour_that_passes);
	ATF_TP_ADD_TC(tp, a_time_of_the_day_comes_on_every_day_of_the_year);
	ATF_TP_ADD_TC(tp, what_cannot_be_read_is_refused_by_field_and_rule);
	ATF_TP_ADD_TC(tp, the_other_fields_and_words_are_refused_likewise);
	return atf_no_error();
}
