/* What a zone does every year from its last noted change on: the line at the
 * end of its file, as POSIX writes TZ. */
#ifndef BASE_ZONE_RULE_H
#define BASE_ZONE_RULE_H

#include <stdbool.h>
#include <stdint.h>

/* The nth weekday of a month, and how far behind its midnight. */
struct zone_day {
	int month; /* 1 to 12 */
	int week; /* 1 to 4; 5: the last */
	int weekday; /* 0: Sunday */
	int64_t time_s; /* may lie in the days around */
};

struct zone_rule {
	int64_t offset_s; /* east of UTC */
	bool has_summer;
	int64_t summer_s; /* the offset then */
	struct zone_day begins; /* by the clock before it */
	struct zone_day ends;
};

/* "CET-1CEST,M3.5.0,M10.5.0/3". False when it cannot be read; of the ways to
 * name a day only M is known, as the tz database uses no other. */
bool zone_rule_read(const char *text, struct zone_rule *out);

int64_t zone_rule_offset(const struct zone_rule *rule, int64_t epoch_s);

#endif
