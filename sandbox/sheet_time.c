/* London's clocks: an hour ahead from the last Sunday of March, 1:00 UTC, to
 * that of October. */
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "sheet.h"

/* Midnight UTC of the last Sunday of a month of 31 days. */
static int64_t
last_sunday(int year, int month)
{
	struct tm tm = {
		.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = 31
	};
	const time_t t = timegm(&tm);

	return (int64_t)t - (int64_t)tm.tm_wday * 24 * 3600;
}

bool
sheet_time(const char *text, int64_t *out)
{
	char iso[] = "0000-00-00T00:00:00Z";
	int64_t us, year;

	if (strlen(text) != 19)
		return false;
	memcpy(iso, text, 19);
	iso[10] = 'T';
	if (!clock_read(iso, &us))
		return false;
	iso[4] = '\0';
	if (!text_int(iso, 1970, 9999, &year))
		return false;
	*out = us / 1000000;
	if (*out >= last_sunday((int)year, 3) + 3600 &&
	    *out < last_sunday((int)year, 10) + 2 * 3600)
		*out -= 3600;
	return true;
}
