/* Time zones: as the C library reads the same files (RFC 8536). */
#include <atf-c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/zone.h"
#include "base/zone_rule.h"
#include "test.h"

enum { HOUR_S = 3600, DAY_S = 86400 };

static int64_t
at(const char *text)
{
	int64_t us;

	ATF_REQUIRE_MSG(clock_read(text, &us), "%s", text);
	return us / 1000000;
}

static const struct zone *
loaded(const char *name)
{
	const struct zone *zone;

	OK(zone_load(test_cx(), name, &zone));
	return zone;
}

static void
refused(const char *name)
{
	const struct zone *zone;

	ATF_CHECK_EQ_MSG(
	    RC_INPUT, zone_load(test_cx(), name, &zone), "%s", name);
	ATF_CHECK_STREQ("tz", test_cx()->fault.field);
	rc_forget(test_cx());
}

ATF_TC_WITHOUT_HEAD(a_zone_has_its_offset_on_both_sides_of_a_change);
ATF_TC_BODY(a_zone_has_its_offset_on_both_sides_of_a_change, tc)
{
	const struct zone *berlin = loaded("Europe/Berlin");
	const struct zone *howe = loaded("Australia/Lord_Howe");

	ATF_CHECK_EQ(HOUR_S, zone_offset(berlin, at("2026-03-29T00:59:59Z")));
	ATF_CHECK_EQ(
	    2 * HOUR_S, zone_offset(berlin, at("2026-03-29T01:00:00Z")));
	ATF_CHECK_EQ(
	    39600, zone_offset(howe, at("2026-10-01T00:00:00Z") + 30 * DAY_S));
	ATF_CHECK_EQ(37800, zone_offset(howe, at("2026-07-01T00:00:00Z")));
	ATF_CHECK_EQ(0, zone_offset(loaded("UTC"), at("2026-07-01T00:00:00Z")));
}

/* Behind the last change that a file notes its rule goes on. */
static void
same_as_libc(const char *name, int64_t from, int64_t until, int64_t step)
{
	const struct zone *zone = loaded(name);

	ATF_REQUIRE_EQ(0, setenv("TZ", name, 1));
	tzset();
	for (time_t t = from; t < until; t += step) {
		struct tm tm;

		(void)localtime_r(&t, &tm);
		ATF_REQUIRE_EQ_MSG(tm.tm_gmtoff, zone_offset(zone, t),
		    "%s at %s", name, clock_text(test_arena(), t));
	}
}

ATF_TC_WITHOUT_HEAD(every_hour_of_a_zone_is_as_the_c_library_has_it);
ATF_TC_BODY(every_hour_of_a_zone_is_as_the_c_library_has_it, tc)
{
	static const char *const names[] = { "Europe/Berlin",
		"America/New_York", "Australia/Lord_Howe", "America/Nuuk",
		"Africa/Cairo", "Asia/Kolkata", "Pacific/Apia", "Asia/Gaza",
		"Africa/Casablanca", "America/Asuncion" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		same_as_libc(names[i], at("2025-12-20T00:30:00Z"),
		    at("2027-02-01T00:00:00Z"), HOUR_S / 2);
		same_as_libc(names[i], at("2049-12-20T00:30:00Z"),
		    at("2051-02-01T00:00:00Z"), HOUR_S / 2);
	}
}

ATF_TC_WITHOUT_HEAD(every_zone_of_the_database_is_as_the_c_library_has_it);
ATF_TC_BODY(every_zone_of_the_database_is_as_the_c_library_has_it, tc)
{
	FILE *f = fopen("/usr/share/zoneinfo/tzdata.zi", "r");
	char *line = NULL;
	size_t size = 0;
	char name[80];
	int n = 0;

	ATF_REQUIRE(f != NULL);
	while (getline(&line, &size, f) > 0)
		if (sscanf(line, "Z %79s", name) == 1) {
			same_as_libc(name, at("1950-01-01T00:00:00Z"),
			    at("2100-01-01T00:00:00Z"), 31 * DAY_S + 1111);
			n++;
		}
	free(line);
	(void)fclose(f);
	ATF_CHECK_MSG(n > 300, "%d zones", n);
}

ATF_TC_WITHOUT_HEAD(what_is_no_zone_is_refused);
ATF_TC_BODY(what_is_no_zone_is_refused, tc)
{
	refused("");
	refused("Europe/Atlantis");
	refused("Europe");
	refused("/etc/passwd");
	refused("../../../etc/passwd");
	refused("Europe/../../../../etc/passwd");
	refused(".");
	refused("Europe/Berlin ");
	refused("CET-1CEST,M3.5.0,M10.5.0/3");
	refused("zone1970.tab");
	refused("0123456789012345678901234567890123456789"
		"0123456789012345678901234567890123456789");
}

static void
put_zone(const void *bytes, size_t n)
{
	FILE *f = fopen("Zone", "w");

	ATF_REQUIRE(f && fwrite(bytes, 1, n, f) == n && fclose(f) == 0);
}

/* However a file is cut or changed, it is refused or read, and no byte behind
 * its end is looked at. */
ATF_TC_WITHOUT_HEAD(a_broken_file_is_no_zone);
ATF_TC_BODY(a_broken_file_is_no_zone, tc)
{
	char *bytes = arena_alloc(test_arena(), 8192);
	FILE *f = fopen("/usr/share/zoneinfo/Europe/Berlin", "r");
	size_t n = f ? fread(bytes, 1, 8192, f) : 0;

	ATF_REQUIRE(n > 100 && n < 8192);
	(void)fclose(f);
	ATF_REQUIRE_EQ(0, setenv("TZDIR", ".", 1));
	put_zone(bytes, n);
	(void)loaded("Zone");
	for (size_t i = 0; i < n; i += i < 200 ? 1 : 37) {
		put_zone(bytes, i);
		refused("Zone");
	}
	for (size_t i = 0; i < 44; i++) {
		const struct zone *zone;

		bytes[i] = (char)~bytes[i];
		put_zone(bytes, n);
		if (zone_load(test_cx(), "Zone", &zone) == RC_OK)
			(void)zone_offset(zone, 0);
		rc_forget(test_cx());
		bytes[i] = (char)~bytes[i];
	}
}

ATF_TC_WITHOUT_HEAD(a_rule_is_read_whole_or_not_at_all);
ATF_TC_BODY(a_rule_is_read_whole_or_not_at_all, tc)
{
	static const char *const bad[] = { "", "CET", "CE-1", "CET-1CEST",
		"CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0",
		"CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0",
		"CET-1CEST,J60,J300", "CET-1CEST,M3.5.0,M10.5.0/3x", "<+01-1",
		"CET-1:60", "CET-1:00:60" };
	struct zone_rule rule;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ATF_CHECK_MSG(!zone_rule_read(bad[i], &rule), "%s", bad[i]);
	ATF_REQUIRE(zone_rule_read("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", &rule));
	ATF_CHECK_EQ(-2 * HOUR_S, rule.offset_s);
	ATF_CHECK_EQ(-1 * HOUR_S, rule.summer_s);
	ATF_CHECK_EQ(-1 * HOUR_S, rule.begins.time_s);
	ATF_REQUIRE(zone_rule_read("<+0545>-5:45:30", &rule));
	ATF_CHECK_EQ(20730, zone_rule_offset(&rule, 0));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_zone_has_its_offset_on_both_sides_of_a_change);
	ATF_TP_ADD_TC(tp, every_hour_of_a_zone_is_as_the_c_library_has_it);
	ATF_TP_ADD_TC(
	    tp, every_zone_of_the_database_is_as_the_c_library_has_it);
	ATF_TP_ADD_TC(tp, what_is_no_zone_is_refused);
	ATF_TP_ADD_TC(tp, a_broken_file_is_no_zone);
	ATF_TP_ADD_TC(tp, a_rule_is_read_whole_or_not_at_all);
	return atf_no_error();
}
