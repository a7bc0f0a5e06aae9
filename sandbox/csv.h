/* Records of a CSV file (RFC 4180): quotes, doubled quotes, either line end. */
#ifndef SANDBOX_CSV_H
#define SANDBOX_CSV_H

#include "base/cx.h"
#include "base/text.h"

struct csv {
	struct arena *mem; /* where the cells go */
	const char *p;
	const char *end;
	size_t line; /* of the record last read, from 1 */
	size_t next_line;
};

struct csv csv_new(struct arena *mem, struct slice bytes);

/*
 * The next record's cells, at most `max`. RC_ABSENT at the end; RC_INPUT, with
 * the line, when a quote is never closed or there are more cells.
 */
enum rc csv_next(struct cx *cx, struct csv *csv, const char **cells, size_t max,
    size_t *n) MUST_USE;

#endif
