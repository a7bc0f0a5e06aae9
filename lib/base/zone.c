/* Time zones out of the tz database: TZif (RFC 8536), its second part. */
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "base/zone.h"
#include "base/zone_rule.h"

enum {
	FILE_MAX_BYTES = 64 << 10,
	NAME_MAX_BYTES = 64,
	HEAD_BYTES = 44,
	COUNTS_AT = 20,
	TYPE_BYTES = 6
};

struct zone {
	size_t n; /* changes */
	const int64_t *at; /* in order */
	const int64_t *offset; /* from that on */
	int64_t first; /* the offset before the first */
	bool has_rule; /* from the last change on */
	struct zone_rule rule;
};

/* ---- what stands in the file */

struct counts {
	size_t isut, isstd, leaps, times, types, chars;
};

/* The next `n` bytes, or NULL when there are not so many. */
static const char *
take(struct slice *rest, size_t n)
{
	const char *p = rest->p;

	if (rest->n < n)
		return NULL;
	rest->p += n;
	rest->n -= n;
	return p;
}

static uint32_t
be32_at(const char *p)
{
	uint32_t n;

	memcpy(&n, p, sizeof(n));
	return be32toh(n);
}

static int64_t
be64_at(const char *p)
{
	uint64_t n;

	memcpy(&n, p, sizeof(n));
	return (int64_t)be64toh(n);
}

static bool
take_head(struct slice *rest, struct counts *c)
{
	const char *p = take(rest, HEAD_BYTES);

	if (!p || memcmp(p, "TZif", 4) != 0 || p[4] < '2')
		return false;
	p += COUNTS_AT;
	*c = (struct counts){
		.isut = be32_at(p),
		.isstd = be32_at(p + 4),
		.leaps = be32_at(p + 8),
		.times = be32_at(p + 12),
		.types = be32_at(p + 16),
		.chars = be32_at(p + 20),
	};
	return c->types > 0 && c->types < FILE_MAX_BYTES &&
	       c->times < FILE_MAX_BYTES && c->chars < FILE_MAX_BYTES &&
	       c->leaps < FILE_MAX_BYTES && c->isut <= c->types &&
	       c->isstd <= c->types;
}

/* Behind the types come names, leap seconds and what POSIX needs: not for us.
 */
static size_t
tail_bytes(const struct counts *c, size_t leap_bytes)
{
	return c->chars + c->leaps * leap_bytes + c->isstd + c->isut;
}

static bool
skip_first_part(struct slice *rest)
{
	struct counts c;

	return take_head(rest, &c) &&
	       take(rest, c.times * 5 + c.types * TYPE_BYTES +
			      tail_bytes(&c, 8)) != NULL;
}

static bool
read_changes(struct arena *mem, const struct counts *c, const char *times,
    const char *which, const char *types, struct zone *out)
{
	int64_t *at = ARENA_ARRAY(mem, int64_t, c->times + 1);
	int64_t *offset = ARENA_ARRAY(mem, int64_t, c->times + 1);

	for (size_t i = 0; i < c->times; i++) {
		const size_t type = (unsigned char)which[i];

		if (type >= c->types)
			return false;
		at[i] = be64_at(times + i * 8);
		offset[i] = (int32_t)be32_at(types + type * TYPE_BYTES);
	}
	out->n = c->times;
	out->at = at;
	out->offset = offset;
	out->first = (int32_t)be32_at(types);
	return true;
}

/* The last line is empty where the zone has no rule. */
static bool
read_rule(struct arena *mem, struct slice rest, struct zone *out)
{
	const char *line;

	if (rest.n < 2 || rest.p[0] != '\n' || rest.p[rest.n - 1] != '\n')
		return false;
	line = text_of(mem, (struct slice){ rest.p + 1, rest.n - 2 });
	out->has_rule = line[0] != '\0';
	return !out->has_rule || zone_rule_read(line, &out->rule);
}

static bool
read_file(struct arena *mem, struct slice file, struct zone *out)
{
	const char *times, *which, *types;
	struct counts c;

	if (!skip_first_part(&file) || !take_head(&file, &c))
		return false;
	times = take(&file, c.times * 8);
	which = take(&file, c.times);
	types = take(&file, c.types * TYPE_BYTES);
	if (!times || !which || !types || !take(&file, tail_bytes(&c, 12)))
		return false;
	return read_changes(mem, &c, times, which, types, out) &&
	       read_rule(mem, file, out);
}

/* ---- by name */

static enum rc
refuse(struct cx *cx, const char *name)
{
	return rc_field(cx, RC_INPUT, "tz",
	    "a zone of the tz database, like Europe/Berlin, or UTC",
	    text_cut(cx->mem, name, NAME_MAX_BYTES));
}

/* A path below the folder, and nothing else. */
static bool
name_ok(const char *name)
{
	const size_t n = strlen(name);

	return n > 0 && n <= NAME_MAX_BYTES && name[0] != '/' &&
	       name[0] != '.' && strstr(name, "/.") == NULL &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-./") == n;
}

static const char *
path_of(struct cx *cx, const char *name)
{
	const char *dir = getenv("TZDIR");

	return text_fmt(
	    cx->mem, "%s/%s", dir ? dir : "/usr/share/zoneinfo", name);
}

enum rc
zone_load(struct cx *cx, const char *name, const struct zone **out)
{
	struct zone *zone = arena_alloc(cx->mem, sizeof(*zone));
	struct slice file;

	*zone = (struct zone){ 0 };
	*out = zone;
	if (text_same(name, "UTC"))
		return RC_OK;
	if (!name_ok(name))
		return refuse(cx, name);
	if (file_read(cx, path_of(cx, name), FILE_MAX_BYTES, FILE_ANY, &file) !=
	    RC_OK) {
		rc_forget(cx);
		return refuse(cx, name);
	}
	return read_file(cx->mem, file, zone) ? RC_OK : refuse(cx, name);
}

int64_t
zone_offset(const struct zone *zone, int64_t epoch_s)
{
	size_t lo = 0, hi = zone->n; /* how many changes are not later */

	while (lo < hi) {
		const size_t mid = lo + (hi - lo) / 2;

		if (zone->at[mid] <= epoch_s)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == zone->n && zone->has_rule)
		return zone_rule_offset(&zone->rule, epoch_s);
	return lo == 0 ? zone->first : zone->offset[lo - 1];
}
