/* The lines of a sheet, cell by cell. */
#include <string.h>

#include "base/buf.h"
#include "money.h"
#include "sheet_in.h"

enum { COLUMNS = 8 };

static const char heading[] =
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,"
    "CustomerID,Country";

static enum rc
wrong(struct cx *cx, const struct entry *e, const char *column, const char *got)
{
	return rc_fail(
	    cx, RC_INPUT, "line %zu: %s is \"%s\"", e->line, column, got);
}

/* "17850.0" or "17850"; nothing at all is not known. */
static bool
customer_number(struct cx *cx, const char *text, int64_t *out)
{
	const size_t n = strlen(text);

	*out = 0;
	if (n == 0)
		return true;
	if (text_ends(text, ".0"))
		text = text_of(cx->mem, (struct slice){ text, n - 2 });
	return text_int(text, 1, 1000000000, out);
}

static enum rc
read_entry(struct cx *cx, const char *const *cells, struct entry *e)
{
	e->invoice = cells[0];
	e->code = cells[1];
	e->description = cells[2];
	e->country = cells[7];
	if (*e->invoice == '\0')
		return wrong(cx, e, "InvoiceNo", "");
	if (*e->code == '\0')
		return wrong(cx, e, "StockCode", "");
	if (!text_int(cells[3], -100000000, 100000000, &e->quantity))
		return wrong(cx, e, "Quantity", cells[3]);
	if (!sheet_time(cells[4], &e->at))
		return wrong(cx, e, "InvoiceDate", cells[4]);
	if (!money_read(cells[5], &e->price_cents))
		return wrong(cx, e, "UnitPrice", cells[5]);
	if (!customer_number(cx, cells[6], &e->customer))
		return wrong(cx, e, "CustomerID", cells[6]);
	return RC_OK;
}

enum rc
sheet_heading(struct cx *cx, struct csv *csv)
{
	const char *cells[COLUMNS];
	struct buf b = buf_new(cx->mem, 1000);
	size_t i, n;

	TRY(csv_next(cx, csv, cells, COLUMNS, &n));
	for (i = 0; i < n; i++)
		buf_addf(&b, "%s%s", i ? "," : "", cells[i]);
	if (!text_same(buf_text(&b), heading))
		return rc_fail(
		    cx, RC_INPUT, "the first line is not %s", heading);
	return RC_OK;
}

enum rc
sheet_entry(struct cx *cx, struct csv *csv, struct entry *out)
{
	const char *cells[COLUMNS];
	size_t n;

	do
		TRY(csv_next(cx, csv, cells, COLUMNS, &n));
	while (n == 1 && *cells[0] == '\0');
	out->line = csv->line;
	if (n != COLUMNS)
		return rc_fail(
		    cx, RC_INPUT, "line %zu has %zu cells", out->line, n);
	return read_entry(cx, cells, out);
}
