/* What a zone does every year: read, and applied. */
#include <time.h>

#include "base/zone_rule.h"

enum { DAY_S = 86400, HOUR_S = 3600, SUMMER_BEGINS_S = 2 * HOUR_S };

/* ---- reading */

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* CET, or <+0330>; what it is does not matter. */
static bool
skip_name(const char **at)
{
	const char *begin = *at;

	if (**at != '<') {
		while (is_letter(**at))
			++*at;
		return *at - begin >= 3;
	}
	while (**at != '\0' && **at != '>')
		++*at;
	if (**at != '>')
		return false;
	++*at;
	return true;
}

static bool
take_number(const char **at, int min, int max, int *out)
{
	const char *begin = *at;

	*out = 0;
	while (is_digit(**at) && *at - begin < 3)
		*out = *out * 10 + (*(*at)++ - '0');
	return *at > begin && *out >= min && *out <= max;
}

/* [+-]h[:mm[:ss]] */
static bool
take_time(const char **at, int64_t *out)
{
	const int sign = **at == '-' ? -1 : 1;
	int h, m = 0, s = 0;

	if (**at == '-' || **at == '+')
		++*at;
	if (!take_number(at, 0, 167, &h))
		return false;
	if (**at == ':' && (++*at, !take_number(at, 0, 59, &m)))
		return false;
	if (**at == ':' && (++*at, !take_number(at, 0, 59, &s)))
		return false;
	*out = sign * ((int64_t)h * HOUR_S + m * 60 + s);
	return true;
}

static bool
take_char(const char **at, char c)
{
	if (**at != c)
		return false;
	++*at;
	return true;
}

/* ,M3.5.0/2 */
static bool
take_day(const char **at, struct zone_day *out)
{
	out->time_s = SUMMER_BEGINS_S;
	if (!take_char(at, ',') || !take_char(at, 'M') ||
	    !take_number(at, 1, 12, &out->month) || !take_char(at, '.') ||
	    !take_number(at, 1, 5, &out->week) || !take_char(at, '.') ||
	    !take_number(at, 0, 6, &out->weekday))
		return false;
	return !take_char(at, '/') || take_time(at, &out->time_s);
}

/* What POSIX counts west of Greenwich we count east of it. */
static bool
take_summer(const char **at, struct zone_rule *out)
{
	if (!skip_name(at))
		return false;
	out->summer_s = out->offset_s + HOUR_S;
	if (**at != ',' && **at != '\0') {
		if (!take_time(at, &out->summer_s))
			return false;
		out->summer_s = -out->summer_s;
	}
	out->has_summer = true;
	return take_day(at, &out->begins) && take_day(at, &out->ends);
}

bool
zone_rule_read(const char *text, struct zone_rule *out)
{
	const char *at = text;

	*out = (struct zone_rule){ 0 };
	if (!skip_name(&at) || !take_time(&at, &out->offset_s))
		return false;
	out->offset_s = -out->offset_s;
	if (*at != '\0' && !take_summer(&at, out))
		return false;
	return *at == '\0';
}

/* ---- applying */

static int
year_of(int64_t local_s)
{
	const time_t t = local_s;
	struct tm tm;

	return gmtime_r(&t, &tm) ? tm.tm_year : 70;
}

/* By the local clock, as if it were UTC; `year` is since 1900. */
static int64_t
day_at(const struct zone_day *day, int year)
{
	struct tm first = {
		.tm_year = year, .tm_mon = day->month - 1, .tm_mday = 1
	};
	struct tm next = {
		.tm_year = year, .tm_mon = day->month, .tm_mday = 1
	};
	const int64_t begin = timegm(&first); /* fills in its weekday */
	const int64_t end = timegm(&next);
	int64_t at = begin + (day->weekday - first.tm_wday + 7) % 7 * DAY_S;

	for (int week = 1; week < day->week && at + 7 * DAY_S < end; week++)
		at += 7 * DAY_S;
	return at + day->time_s;
}

int64_t
zone_rule_offset(const struct zone_rule *rule, int64_t epoch_s)
{
	const int year = year_of(epoch_s + rule->offset_s);
	int64_t begins, ends;
	bool summer;

	if (!rule->has_summer)
		return rule->offset_s;
	begins = day_at(&rule->begins, year) - rule->offset_s;
	ends = day_at(&rule->ends, year) - rule->summer_s;
	summer = begins < ends ? epoch_s >= begins && epoch_s < ends
			       : epoch_s >= begins || epoch_s < ends;
	return summer ? rule->summer_s : rule->offset_s;
}
