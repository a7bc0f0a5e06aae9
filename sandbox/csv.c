/* Reading CSV. */
#include <string.h>

#include "base/buf.h"
#include "csv.h"

struct csv
csv_new(struct arena *mem, struct slice bytes)
{
	struct csv c = { mem, bytes.p, bytes.p + bytes.n, 0, 1 };

	if (bytes.n >= 3 && memcmp(bytes.p, "\xef\xbb\xbf", 3) == 0)
		c.p += 3;
	return c;
}

/* From the opening quote to behind the closing one; NULL: it never comes. */
static const char *
quoted_cell(struct csv *c)
{
	struct buf b = buf_new(c->mem, 1 << 20);

	for (c->p++; c->p < c->end; c->p++) {
		if (*c->p == '"') {
			c->p++;
			if (c->p == c->end || *c->p != '"')
				return buf_text(&b);
		}
		c->next_line += *c->p == '\n';
		buf_addc(&b, *c->p);
	}
	return NULL;
}

static const char *
plain_cell(struct csv *c)
{
	const char *start = c->p;

	while (c->p < c->end && *c->p != ',' && *c->p != '\n' && *c->p != '\r')
		c->p++;
	return arena_copy(c->mem, start, (size_t)(c->p - start));
}

/* Past the record's end; false when it goes on with another cell. */
static bool
record_ends(struct csv *c)
{
	if (c->p < c->end && *c->p == ',') {
		c->p++;
		return false;
	}
	if (c->p < c->end && *c->p == '\r')
		c->p++;
	if (c->p < c->end && *c->p == '\n')
		c->p++;
	c->next_line++;
	return true;
}

enum rc
csv_next(
    struct cx *cx, struct csv *csv, const char **cells, size_t max, size_t *n)
{
	*n = 0;
	csv->line = csv->next_line;
	if (csv->p >= csv->end)
		return RC_ABSENT;
	do {
		if (*n == max)
			return rc_fail(cx, RC_INPUT,
			    "line %zu has more than %zu cells", csv->line, max);
		cells[*n] = csv->p < csv->end && *csv->p == '"'
				? quoted_cell(csv)
				: plain_cell(csv);
		if (cells[(*n)++] == NULL)
			return rc_fail(cx, RC_INPUT,
			    "line %zu: a quote is never closed", csv->line);
	} while (!record_ends(csv));
	return RC_OK;
}
