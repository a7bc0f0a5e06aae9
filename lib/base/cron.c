/* When a schedule is due: the next instant, over a zone's jumps. */
#include <time.h>

#include "base/cron.h"
#include "base/cron_spec.h"
#include "base/text.h"
#include "base/zone.h"

enum {
	MINUTE_S = 60,
	HOUR_S = 3600,
	DAY_S = 86400,
	/* From one 29 February to the next over 2100, and some. */
	DAYS_MOST = 9 * 366
};

/* ---- a day of the local clock; its seconds count as if it were UTC's */

static int64_t
floor_to(int64_t n, int64_t unit)
{
	const int64_t rest = n % unit;

	return n - rest - (rest < 0 ? unit : 0);
}

static bool
bit(uint64_t set, int n)
{
	return (set >> n & 1) != 0;
}

/* Where both kinds of days are restricted, either is enough. */
static bool
day_matches(const struct cron_spec *c, int64_t local_s)
{
	const time_t t = local_s;
	struct tm tm;
	bool day, weekday;

	if (!gmtime_r(&t, &tm) || !bit(c->months, tm.tm_mon + 1))
		return false;
	day = bit(c->days, tm.tm_mday);
	weekday = bit(c->weekdays, tm.tm_wday);
	if (c->days == CRON_DAYS || c->weekdays == CRON_WEEKDAYS)
		return day && weekday;
	return day || weekday;
}

/* ---- from the local clock to instants */

/* Where between two instants the offset changes: the first with the new. */
static int64_t
change_between(const struct zone *zone, int64_t lo, int64_t hi)
{
	const int64_t before = zone_offset(zone, lo);

	while (hi - lo > 1) {
		const int64_t mid = lo + (hi - lo) / 2;

		if (zone_offset(zone, mid) == before)
			lo = mid;
		else
			hi = mid;
	}
	return hi;
}

/*
 * The first instant at which the local clock shows this time or a later one:
 * behind a gap that leaves it out; the first of two.
 */
static int64_t
first_at(const struct zone *zone, int64_t local_s)
{
	const int64_t one = zone_offset(zone, local_s - DAY_S);
	const int64_t two = zone_offset(zone, local_s + DAY_S);
	const int64_t early = local_s - (one > two ? one : two);
	const int64_t late = local_s - (one > two ? two : one);

	if (early + zone_offset(zone, early) >= local_s)
		return early;
	if (late + zone_offset(zone, late) == local_s)
		return late;
	return change_between(zone, early, late);
}

/* ---- a schedule that names its hours: each of its times, in order */

static bool
in_day(const struct cron_spec *c, const struct zone *zone, int64_t day_s,
    int64_t after, int64_t *out)
{
	for (int hour = 0; hour < 24; hour++) {
		if (!bit(c->hours, hour))
			continue;
		for (int minute = 0; minute < 60; minute++) {
			if (!bit(c->minutes, minute))
				continue;
			*out = first_at(
			    zone, day_s + hour * HOUR_S + minute * MINUTE_S);
			if (*out > after)
				return true;
		}
	}
	return false;
}

static bool
next_named(const struct cron_spec *c, const struct zone *zone, int64_t after,
    int64_t *out)
{
	int64_t day_s = floor_to(after + zone_offset(zone, after), DAY_S);

	for (int i = 0; i < DAYS_MOST; i++, day_s += DAY_S)
		if (day_matches(c, day_s) && in_day(c, zone, day_s, after, out))
			return true;
	return false;
}

/* ---- one of every hour: each minute that passes */

static bool
next_hourly(const struct cron_spec *c, const struct zone *zone, int64_t after,
    int64_t *out)
{
	int64_t t = floor_to(after, MINUTE_S) + MINUTE_S;
	int days = 0;

	while (days < DAYS_MOST) {
		const int64_t local_s = t + zone_offset(zone, t);
		const int64_t day_s = floor_to(local_s, DAY_S);

		if (!day_matches(c, day_s)) {
			t = first_at(zone, day_s + DAY_S);
			days++;
			continue;
		}
		if (bit(c->minutes, (int)((local_s - day_s) / MINUTE_S % 60))) {
			*out = t;
			return true;
		}
		t += MINUTE_S;
	}
	return false;
}

enum rc
cron_next(struct cx *cx, const char *spec, const char *tz, int64_t after,
    int64_t *out)
{
	const struct zone *zone;
	struct cron_spec c;
	bool found;

	TRY(cron_spec_read(cx, spec, &c));
	TRY(zone_load(cx, tz, &zone));
	if (c.every_s > 0) {
		*out = floor_to(after, c.every_s) + c.every_s;
		return RC_OK;
	}
	found = c.hours == CRON_HOURS ? next_hourly(&c, zone, after, out)
				      : next_named(&c, zone, after, out);
	if (!found)
		return rc_field(cx, RC_INPUT, "spec", "a day that comes",
		    text_cut(cx->mem, spec, CRON_SPEC_MAX_BYTES));
	return RC_OK;
}

enum rc
cron_check(struct cx *cx, const char *spec, const char *tz)
{
	int64_t next;

	return cron_next(cx, spec, tz, 0, &next);
}
