/* A shop out of a CSV file of invoice lines ("Online Retail", UCI 2015). */
#ifndef SANDBOX_SHEET_H
#define SANDBOX_SHEET_H

#include "stock.h"

/*
 * Reads InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice,
 * CustomerID, Country. StockCode is a product with one variant, InvoiceNo an
 * order, a line a line item, CustomerID a customer (docs/sandbox.md has the
 * mapping). `shop` has its mem and domain. RC_INPUT names the line at fault.
 */
enum rc sheet_load(struct cx *cx, struct shop *shop, const char *path) MUST_USE;

/* The same from bytes, which must stay. */
enum rc sheet_read(
    struct cx *cx, struct shop *shop, struct slice bytes) MUST_USE;

/* "2010-12-01 08:26:00", by the clocks of London, to epoch seconds. */
bool sheet_time(const char *text, int64_t *out) MUST_USE;

#endif
