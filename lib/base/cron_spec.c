/* A schedule's line: five fields, a word for them, or "every 15m". */
#include <string.h>

#include "base/cron_spec.h"
#include "base/text.h"

#define BLANKS " \t"

enum { PARTS = 5, EVERY_MOST_S = 366 * 86400 };

static const char *const months[] = { "jan", "feb", "mar", "apr", "may", "jun",
	"jul", "aug", "sep", "oct", "nov", "dec", NULL };
static const char *const weekdays[] = { "sun", "mon", "tue", "wed", "thu",
	"fri", "sat", NULL };

static const struct part {
	int min, max;
	const char *const *words; /* for min, min + 1, ... */
	const char *rule;
} parts[PARTS] = {
	{ 0, 59, NULL,
	    "minute: *, 0 to 59, or lists, ranges and steps of these" },
	{ 0, 23, NULL,
	    "hour: *, 0 to 23, or lists, ranges and steps of these" },
	{ 1, 31, NULL, "day: *, 1 to 31, or lists, ranges and steps of these" },
	{ 1, 12, months,
	    "month: *, 1 to 12, jan to dec, or lists, ranges and steps of "
	    "these" },
	{ 0, 7, weekdays,
	    "weekday: *, 0 to 7, sun to sat, or lists, ranges and steps of "
	    "these" },
};

static enum rc
refuse(struct cx *cx, const char *rule, const char *got)
{
	return rc_field(cx, RC_INPUT, "spec", rule,
	    text_cut(cx->mem, got, CRON_SPEC_MAX_BYTES));
}

/* ---- one field */

static bool
value_read(struct cx *cx, const struct part *p, struct slice text, int *out)
{
	const char *word = text_of(cx->mem, text);
	int64_t n;

	for (int i = 0; p->words && p->words[i]; i++)
		if (text_same_nocase(p->words[i], word)) {
			*out = p->min + i;
			return true;
		}
	if (!text_int(word, p->min, p->max, &n))
		return false;
	*out = (int)n;
	return true;
}

/* Splits at the first `sep`; false, and all of it in `head`, when there is
 * none. */
static bool
split(struct slice text, char sep, struct slice *head, struct slice *tail)
{
	const char *at = text.n ? memchr(text.p, sep, text.n) : NULL;

	*head = text;
	if (!at)
		return false;
	head->n = (size_t)(at - text.p);
	*tail = (struct slice){ at + 1, text.n - head->n - 1 };
	return true;
}

/* *, 5, 1-5, all of them but a single number with a step. */
static bool
item_read(struct cx *cx, const struct part *p, struct slice text, uint64_t *set)
{
	struct slice range, step, from, to;
	const bool stepped = split(text, '/', &range, &step);
	int lo = p->min, hi = p->max;
	int64_t by = 1;

	if (stepped && !text_int(text_of(cx->mem, step), 1, p->max, &by))
		return false;
	if (!slice_same(range, slice_of("*"))) {
		const bool ranged = split(range, '-', &from, &to);

		if (!value_read(cx, p, from, &lo) || (stepped && !ranged))
			return false;
		hi = lo;
		if (ranged && (!value_read(cx, p, to, &hi) || hi < lo))
			return false;
	}
	for (; lo <= hi; lo += (int)by)
		*set |= UINT64_C(1) << lo;
	return true;
}

static enum rc
part_read(struct cx *cx, const struct part *p, struct slice text, uint64_t *set)
{
	struct slice rest = text, item;
	bool more;

	*set = 0;
	do {
		more = split(rest, ',', &item, &rest);
		if (!item_read(cx, p, item, set))
			return refuse(cx, p->rule, text_of(cx->mem, text));
	} while (more);
	return RC_OK;
}

/* ---- the line */

static bool
next_word(const char **at, struct slice *out)
{
	*at += strspn(*at, BLANKS);
	*out = (struct slice){ *at, strcspn(*at, BLANKS) };
	*at += out->n;
	return out->n > 0;
}

/* Sunday is 0 and 7. */
static uint64_t
one_sunday(uint64_t set)
{
	return (set | set >> 7) & CRON_WEEKDAYS;
}

static enum rc
fields_read(struct cx *cx, const char *text, struct cron_spec *out)
{
	uint64_t *const sets[PARTS] = { &out->minutes, &out->hours, &out->days,
		&out->months, &out->weekdays };
	const char *at = text;
	struct slice word;

	for (int i = 0; i < PARTS; i++) {
		if (!next_word(&at, &word))
			return refuse(cx,
			    "five fields, a word like @daily, or every 15m",
			    text);
		TRY(part_read(cx, &parts[i], word, sets[i]));
	}
	if (next_word(&at, &word))
		return refuse(cx, "five fields and no more", text);
	out->weekdays = one_sunday(out->weekdays);
	return RC_OK;
}

static const char *
fields_of(const char *word)
{
	static const char *const words[][2] = {
		{ "@hourly", "0 * * * *" },
		{ "@daily", "0 0 * * *" },
		{ "@midnight", "0 0 * * *" },
		{ "@weekly", "0 0 * * 0" },
		{ "@monthly", "0 0 1 * *" },
		{ "@yearly", "0 0 1 1 *" },
		{ "@annually", "0 0 1 1 *" },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (text_same(words[i][0], word))
			return words[i][1];
	return NULL;
}

/* 15m, 6h, 2d */
static enum rc
every_read(struct cx *cx, const char *text, int64_t *out)
{
	static const char units[] = "mhd";
	static const int64_t seconds[] = { 60, 3600, 86400 };
	const size_t n = strlen(text);
	const char *unit = n ? strchr(units, text[n - 1]) : NULL;
	int64_t count;

	if (!unit || *unit == '\0' ||
	    !text_int(text_of(cx->mem, (struct slice){ text, n - 1 }), 1,
		EVERY_MOST_S / seconds[unit - units], &count))
		return refuse(
		    cx, "every so many m, h or d, 366d at most", text);
	*out = count * seconds[unit - units];
	return RC_OK;
}

enum rc
cron_spec_read(struct cx *cx, const char *text, struct cron_spec *out)
{
	const char *fields;

	*out = (struct cron_spec){ 0 };
	if (strlen(text) > CRON_SPEC_MAX_BYTES)
		return refuse(cx, "200 bytes at most", text);
	if (text_starts(text, "every "))
		return every_read(cx, text + strlen("every "), &out->every_s);
	if (text[0] != '@')
		return fields_read(cx, text, out);
	fields = fields_of(text);
	if (!fields)
		return refuse(
		    cx, "@hourly, @daily, @weekly, @monthly or @yearly", text);
	return fields_read(cx, fields, out);
}
