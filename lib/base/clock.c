/* Time: two clocks, and RFC 3339 both ways. */
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/text.h"

/* Years 0 to 9999, as far as RFC 3339 goes. */
#define FIRST_S INT64_C(-62167219200)
#define LAST_S INT64_C(253402300799)

int64_t
clock_us(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t
clock_ms(void)
{
	return clock_us() / 1000;
}

int64_t
clock_wall(void)
{
	return (int64_t)time(NULL);
}

char *
clock_text(struct arena *mem, int64_t epoch_s)
{
	time_t at = epoch_s < FIRST_S ? FIRST_S : epoch_s;
	struct tm tm;

	if (at > LAST_S)
		at = LAST_S;
	(void)gmtime_r(&at, &tm);
	return text_fmt(mem, "%04d-%02d-%02dT%02d:%02d:%02dZ",
	    tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
	    tm.tm_sec);
}

/* Exactly `digits` digits between min and max, then `after` unless it is 0. */
static bool
take(const char **at, int digits, int min, int max, char after, int *out)
{
	int i;

	*out = 0;
	for (i = 0; i < digits; i++, ++*at) {
		if (**at < '0' || **at > '9')
			return false;
		*out = *out * 10 + (**at - '0');
	}
	if (after != '\0' && *(*at)++ != after)
		return false;
	return *out >= min && *out <= max;
}

static bool
day_exists(int year, int month, int day)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return day <= days[month - 1] + (leap && month == 2);
}

static bool
take_day(const char **at, struct tm *tm)
{
	int year, month;

	if (!take(at, 4, 0, 9999, '-', &year) ||
	    !take(at, 2, 1, 12, '-', &month) ||
	    !take(at, 2, 1, 31, '\0', &tm->tm_mday))
		return false;
	tm->tm_year = year - 1900;
	tm->tm_mon = month - 1;
	return day_exists(year, month, tm->tm_mday);
}

/* A second 60 is a leap second; timegm makes it the next minute's first. */
static bool
take_time(const char **at, struct tm *tm)
{
	return take(at, 2, 0, 23, ':', &tm->tm_hour) &&
	       take(at, 2, 0, 59, ':', &tm->tm_min) &&
	       take(at, 2, 0, 60, '\0', &tm->tm_sec);
}

/* What is finer than a microsecond is dropped. */
static bool
take_fraction(const char **at, int64_t *us)
{
	int64_t unit = 100000;

	*us = 0;
	if (**at != '.')
		return true;
	++*at;
	if (**at < '0' || **at > '9')
		return false;
	for (; **at >= '0' && **at <= '9'; ++*at, unit /= 10)
		*us += (**at - '0') * unit;
	return true;
}

static bool
take_offset(const char **at, int64_t *seconds)
{
	const char sign = *(*at)++;
	int hours, minutes;

	*seconds = 0;
	if (sign == 'Z' || sign == 'z')
		return true;
	if ((sign != '+' && sign != '-') || !take(at, 2, 0, 23, ':', &hours) ||
	    !take(at, 2, 0, 59, '\0', &minutes))
		return false;
	*seconds = (hours * 60 + minutes) * (sign == '-' ? -60 : 60);
	return true;
}

bool
clock_read(const char *text, int64_t *epoch_us)
{
	const char *at = text;
	struct tm tm = { 0 };
	int64_t us, offset;

	if (!take_day(&at, &tm) || (*at != 'T' && *at != 't'))
		return false;
	at++;
	if (!take_time(&at, &tm) || !take_fraction(&at, &us) ||
	    !take_offset(&at, &offset) || *at != '\0')
		return false;
	*epoch_us = ((int64_t)timegm(&tm) - offset) * 1000000 + us;
	return true;
}
