/* The invoice lines of a real shop, as a shop. */
#include <stdio.h>

#include "sheet_in.h"

enum { SHEET_BYTES_MAX = 256 << 20 };

static void
finish_product(struct product *p)
{
	struct variant *v = (struct variant *)(uintptr_t)p->variants.items[0];

	if (*p->title == '\0')
		p->title = v->sku;
	v->display_name = p->title;
	v->thing.updated_at = p->thing.updated_at;
}

/* A line without a description is called as its product. */
static void
finish_line(struct line *l)
{
	if (*l->title == '\0')
		l->title = l->name = l->product->title;
}

static enum rc
finish(struct sheet *s)
{
	size_t i;
	int stock;

	for (i = 0; i < s->all[STOCK_PRODUCT].n; i++)
		finish_product(
		    (struct product *)(uintptr_t)s->all[STOCK_PRODUCT]
			.items[i]);
	for (i = 0; i < s->all[STOCK_LINE].n; i++)
		finish_line(
		    (struct line *)(uintptr_t)s->all[STOCK_LINE].items[i]);
	for (i = 0; i < s->all[STOCK_ORDER].n; i++)
		sheet_close_order(
		    s, (struct open_order *)(uintptr_t)s->all[STOCK_ORDER]
			   .items[i]);
	for (stock = 0; stock < STOCK_COUNT; stock++)
		TRY(stock_put(
		    s->cx, s->shop, (enum stock)stock, &s->all[stock]));
	return RC_OK;
}

enum rc
sheet_read(struct cx *cx, struct shop *shop, struct slice bytes)
{
	struct sheet s = { .cx = cx, .shop = shop, .mem = shop->mem };
	struct csv csv = csv_new(shop->mem, bytes);
	struct entry e;
	enum rc rc;
	int stock;

	for (stock = 0; stock < STOCK_COUNT; stock++)
		s.all[stock].mem = shop->mem;
	s.products.mem = s.orders.mem = s.customers.mem = shop->mem;
	TRY(sheet_heading(cx, &csv));
	while ((rc = sheet_entry(cx, &csv, &e)) == RC_OK)
		sheet_line(&s, &e);
	return rc == RC_ABSENT ? finish(&s) : rc;
}

enum rc
sheet_load(struct cx *cx, struct shop *shop, const char *path)
{
	FILE *f = fopen(path, "re");
	char *bytes = arena_alloc(shop->mem, 1);
	size_t n = 0;
	long size;

	if (f == NULL)
		return rc_fail(cx, RC_INPUT, "%s cannot be read", path);
	if (fseek(f, 0, SEEK_END) == 0 && (size = ftell(f)) > 0 &&
	    size < SHEET_BYTES_MAX && fseek(f, 0, SEEK_SET) == 0) {
		bytes = arena_alloc(shop->mem, (size_t)size);
		n = fread(bytes, 1, (size_t)size, f);
	}
	(void)fclose(f);
	if (n == 0)
		return rc_fail(cx, RC_INPUT, "%s has nothing in it", path);
	return sheet_read(cx, shop, (struct slice){ bytes, n });
}
