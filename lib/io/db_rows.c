/* What a query answered, column by column, as C values. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/code.h"
#include "io/db_inside.h"

static void
answer_end(void *arg)
{
	PQclear(arg);
}

struct rows
rows_new(struct arena *mem, PGresult *pg)
{
	struct answer *a = ARENA_NEW(mem, struct answer);

	arena_tie(mem, pg, answer_end);
	a->pg = pg;
	a->mem = mem;
	return (struct rows){ .res = a, .n = (size_t)PQntuples(pg) };
}

struct row
rows_at(const struct rows *rows, size_t i)
{
	assert(i < rows->n);
	return (struct row){ .res = rows->res, .at = i };
}

static const PGresult *
pg_of(struct row r)
{
	const struct answer *a = r.res;

	return a->pg;
}

int
row_cols(struct row r)
{
	return PQnfields(pg_of(r));
}

const char *
row_name(struct row r, int col)
{
	return PQfname(pg_of(r), col);
}

bool
row_null(struct row r, int col)
{
	assert(col >= 0 && col < row_cols(r));
	return PQgetisnull(pg_of(r), (int)r.at, col);
}

const char *
row_text(struct row r, int col)
{
	return row_null(r, col) ? NULL : PQgetvalue(pg_of(r), (int)r.at, col);
}

int64_t
row_int(struct row r, int col)
{
	const char *text = row_text(r, col);

	return text == NULL ? 0 : strtoll(text, NULL, 10);
}

double
row_real(struct row r, int col)
{
	const char *text = row_text(r, col);

	return text == NULL ? 0 : strtod(text, NULL);
}

bool
row_bool(struct row r, int col)
{
	const char *text = row_text(r, col);

	return text != NULL && *text == 't';
}

/* bytea comes as \x and two digits a byte. */
struct slice
row_bytes(struct row r, int col)
{
	const struct answer *a = r.res;
	const char *text = row_text(r, col);
	struct slice hex;
	char *p;
	bool ok;

	if (text == NULL)
		return (struct slice){ NULL, 0 };
	assert(text_starts(text, "\\x"));
	hex = slice_of(text + 2);
	p = arena_alloc(a->mem, hex.n / 2 + 1);
	ok = hex_to(hex, p, hex.n / 2);
	assert(ok);
	return (struct slice){ p, ok ? hex.n / 2 : 0 };
}

/* How many elements {a,"b,c",NULL} has at most. */
static size_t
texts_most(const char *text)
{
	size_t n = 1;

	for (; *text != '\0'; text++)
		n += *text == ',';
	return n;
}

/* One element, from its first byte; the place behind it. */
static const char *
texts_one(struct arena *mem, const char *p, const char **out)
{
	struct buf b = buf_new(mem, strlen(p));
	bool quoted = *p == '"';

	p += quoted;
	while (*p != '\0' && (quoted ? *p != '"' : *p != ',' && *p != '}')) {
		p += *p == '\\';
		buf_addc(&b, *p++);
	}
	*out = buf_text(&b);
	if (!quoted && text_same(*out, "NULL"))
		*out = NULL;
	return p + quoted;
}

size_t
row_texts(struct cx *cx, struct row r, int col, const char *const **out)
{
	const char *p = row_text(r, col);
	const char **list;
	size_t n = 0;

	*out = NULL;
	if (p == NULL || text_same(p, "{}"))
		return 0;
	list = ARENA_ARRAY(cx->mem, const char *, texts_most(p));
	while (*p == '{' || *p == ',')
		p = texts_one(cx->mem, p + 1, &list[n++]);
	*out = list;
	return n;
}
