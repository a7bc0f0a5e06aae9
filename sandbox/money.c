/* Money as Shopify writes it. */
#include <string.h>

#include "base/text.h"
#include "money.h"

static char *
two_places(struct arena *mem, int64_t cents)
{
	const int64_t whole = cents / 100, rest = cents % 100;

	return text_fmt(mem, "%s%lld.%02lld", cents < 0 ? "-" : "",
	    (long long)(whole < 0 ? -whole : whole),
	    (long long)(rest < 0 ? -rest : rest));
}

const char *
money_text(struct arena *mem, int64_t cents)
{
	return two_places(mem, cents);
}

const char *
money_decimal(struct arena *mem, int64_t cents)
{
	char *text = two_places(mem, cents);

	if (cents % 10 == 0)
		text[strlen(text) - 1] = '\0';
	return text;
}

bool
money_read(const char *text, int64_t *cents)
{
	const bool minus = *text == '-';
	int64_t sum = 0;
	int places = -1;
	bool whole = false; /* does it end in a digit */

	for (text += minus; *text != '\0'; text++) {
		if (*text == '.' && places < 0) {
			places = 0;
			whole = false;
			continue;
		}
		if (*text < '0' || *text > '9' || places == 2 ||
		    sum > INT64_MAX / 1000)
			return false;
		sum = 10 * sum + (*text - '0');
		places += places >= 0;
		whole = true;
	}
	for (places = places < 0 ? 0 : places; places < 2; places++)
		sum *= 10;
	*cents = minus ? -sum : sum;
	return whole;
}
