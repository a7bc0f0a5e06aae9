/*
 * When a schedule is due: crontab(5)'s five fields, or "every 15m".
 *
 *	minute hour day month weekday	lists, ranges, steps: 1,15 9-17 0-59/2;
 *					months and weekdays also by name, 7 is
 *					Sunday as 0 is. Where both days are
 *					restricted, either of them is enough.
 *	@hourly @daily @weekly @monthly @yearly
 *	every 15m, every 6h, every 2d	by the clock of UTC, zone or no zone
 *
 * Where a zone's clock jumps, a schedule that names its hours runs once a day
 * all the same: a time that is left out runs at the first instant behind the
 * gap, and a time that comes twice runs the first time. One of every hour goes
 * by time that really passes: no run for what is left out, and one each for
 * what comes twice.
 */
#ifndef BASE_CRON_H
#define BASE_CRON_H

#include "base/cx.h"

/* RC_INPUT when `spec` or `tz` cannot be read or never comes; it names the
 * field, its rule and what was got. */
enum rc cron_check(struct cx *cx, const char *spec, const char *tz) MUST_USE;

/* The first instant later than `after`, epoch seconds. Codes as cron_check. */
enum rc cron_next(struct cx *cx, const char *spec, const char *tz,
    int64_t after, int64_t *out) MUST_USE;

#endif
