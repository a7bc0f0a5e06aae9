/* Reading a search: its fields, comparisons, values. */
#include <string.h>

#include "base/clock.h"
#include "search_in.h"

/* clang-format off */
#define BY(st, n, k, s, m) { st, n, k, offsetof(struct s, m) }
#define COMMON(st, s) \
	BY(st, "id", BY_NUMBER, s, thing.id), \
	BY(st, "created_at", BY_TIME, s, thing.created_at), \
	BY(st, "updated_at", BY_TIME, s, thing.updated_at)
/* clang-format on */

static const struct search_field search_fields[] = {
	COMMON(STOCK_PRODUCT, product),
	BY(STOCK_PRODUCT, "published_at", BY_TIME, product, published_at),
	BY(STOCK_PRODUCT, "title", BY_TEXT, product, title),
	BY(STOCK_PRODUCT, "handle", BY_TEXT, product, handle),
	BY(STOCK_PRODUCT, "vendor", BY_TEXT, product, vendor),
	BY(STOCK_PRODUCT, "product_type", BY_TEXT, product, product_type),
	BY(STOCK_PRODUCT, "status", BY_TEXT, product, status),
	BY(STOCK_PRODUCT, "tag", BY_TEXTS, product, tags),
	BY(STOCK_PRODUCT, "inventory_total", BY_NUMBER, product,
	    total_inventory),
	{ STOCK_PRODUCT, "sku", BY_SKU, 0 },
	COMMON(STOCK_VARIANT, variant),
	BY(STOCK_VARIANT, "sku", BY_TEXT, variant, sku),
	BY(STOCK_VARIANT, "barcode", BY_TEXT, variant, barcode),
	BY(STOCK_VARIANT, "title", BY_TEXT, variant, title),
	COMMON(STOCK_ORDER, order),
	BY(STOCK_ORDER, "processed_at", BY_TIME, order, processed_at),
	BY(STOCK_ORDER, "name", BY_TEXT, order, name),
	BY(STOCK_ORDER, "email", BY_TEXT, order, email),
	BY(STOCK_ORDER, "tag", BY_TEXTS, order, tags),
	BY(STOCK_ORDER, "test", BY_FLAG, order, test),
	BY(STOCK_ORDER, "financial_status", BY_TEXT, order, financial_status),
	BY(STOCK_ORDER, "fulfillment_status", BY_TEXT, order,
	    fulfillment_status),
	{ STOCK_ORDER, "status", BY_STATUS, 0 },
	{ STOCK_ORDER, "customer_id", BY_CUSTOMER, 0 },
	COMMON(STOCK_CUSTOMER, customer),
	BY(STOCK_CUSTOMER, "email", BY_TEXT, customer, email),
	BY(STOCK_CUSTOMER, "first_name", BY_TEXT, customer, first_name),
	BY(STOCK_CUSTOMER, "last_name", BY_TEXT, customer, last_name),
	BY(STOCK_CUSTOMER, "phone", BY_TEXT, customer, phone),
	BY(STOCK_CUSTOMER, "state", BY_TEXT, customer, state),
	BY(STOCK_CUSTOMER, "tag", BY_TEXTS, customer, tags),
};

static void
warn(struct run *run, const char *query, const struct term *t, const char *code,
    const char *message)
{
	struct jw *w = run->search;

	if (w->depth == 0)
		jw_list(w, NULL);
	jw_object(w, NULL);
	jw_list(w, "path");
	jw_text(w, NULL, run->field->key);
	jw_close(w);
	jw_text(w, "query", query);
	jw_object(w, "parsed");
	jw_text(w, "field", t->field ? t->field : "default");
	jw_text(w, "match_all", t->value);
	jw_close(w);
	jw_list(w, "warnings");
	jw_object(w, NULL);
	jw_text(w, "field", t->field ? t->field : "default");
	jw_text(w, "message", message);
	jw_text(w, "code", code);
	jw_close(w);
	jw_close(w);
	jw_close(w);
}

/* A value up to a blank, or what stands in quotes. */
static const char *
take_value(struct run *run, const char **p)
{
	struct buf b = buf_new(run->cx->mem, 4096);
	const char quote = **p;

	if (quote != '"' && quote != '\'') {
		for (; **p != '\0' && **p != ' '; (*p)++)
			buf_addc(&b, **p);
		return buf_text(&b);
	}
	for ((*p)++; **p != '\0' && **p != quote; (*p)++) {
		if (**p == '\\' && (*p)[1] != '\0')
			(*p)++;
		buf_addc(&b, **p);
	}
	*p += **p == quote;
	return buf_text(&b);
}

static const char *
take_compare(const char **p)
{
	static const char *const all[] = { ">=", "<=", ">", "<" };
	size_t i;

	for (i = 0; i < 4; i++)
		if (text_starts(*p, all[i])) {
			*p += strlen(all[i]);
			return all[i];
		}
	return "";
}

static void
take_term(struct run *run, const char **p, struct term *t)
{
	size_t n = 0;

	if (**p == '-' && (*p)[1] != ' ') {
		t->not = true;
		(*p)++;
	}
	while (((*p)[n] >= 'a' && (*p)[n] <= 'z') || (*p)[n] == '_')
		n++;
	if (n > 0 && (*p)[n] == ':') {
		t->field = text_of(run->cx->mem, (struct slice){ *p, n });
		*p += n + 1;
		t->compare = take_compare(p);
	}
	t->value = take_value(run, p);
}

static const struct search_field *
field_find(enum stock stock, const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(search_fields) / sizeof(search_fields[0]); i++)
		if (search_fields[i].stock == stock &&
		    text_same(search_fields[i].name, name))
			return &search_fields[i];
	return NULL;
}

/* A time with or without an offset (then the shop's), or a day. */
static bool
read_time(struct run *run, const char *text, int64_t *out)
{
	const size_t n = strlen(text);
	const char *full = text;
	bool local = false;

	if (n == 10)
		full = text_fmt(run->cx->mem, "%sT00:00:00Z", text);
	else if (n > 10 && !text_ends(text, "Z") &&
		 strchr(text + 10, '+') == NULL &&
		 strchr(text + 10, '-') == NULL)
		full = text_fmt(run->cx->mem, "%sZ", text);
	local = full != text;
	if (!clock_read(full, out))
		return false;
	*out /= 1000000;
	if (local)
		*out -= run->shop->offset_minutes * 60;
	return true;
}

/* Whether the value is one of its field's. */
static bool
value_ok(struct run *run, struct term *t)
{
	switch (t->row->kind) {
	case BY_TIME:
		return read_time(run, t->value, &t->number);
	case BY_NUMBER:
	case BY_CUSTOMER:
		return text_int(t->value, INT64_MIN, INT64_MAX, &t->number);
	case BY_FLAG:
		t->number = text_same(t->value, "true");
		return t->number || text_same(t->value, "false");
	default:
		return true;
	}
}

/* Whether the term filters; what it is not good for is warned of. */
static bool
usable(struct run *run, enum stock stock, const char *query, struct term *t)
{
	if (t->field == NULL &&
	    (text_same(t->value, "OR") || strpbrk(t->value, "()") != NULL)) {
		warn(run, query, t, "invalid_syntax",
		    "The sandbox joins terms by AND only.");
		return false;
	}
	if (t->field == NULL)
		return true;
	t->row = field_find(stock, t->field);
	if (t->row == NULL) {
		warn(run, query, t, "invalid_field",
		    "Invalid search field for this query.");
		return false;
	}
	if (value_ok(run, t))
		return true;
	warn(run, query, t, "invalid_value",
	    text_fmt(run->cx->mem, "Input `%s` is not an accepted value.",
		t->value));
	return false;
}

const struct term *
search_terms(struct run *run, enum stock stock, const char *query)
{
	struct term *first = NULL, *t;
	const char *p = query;
	bool not = false;

	for (;;) {
		p += strspn(p, " \t\n");
		if (*p == '\0')
			return first;
		t = ARENA_NEW(run->cx->mem, struct term);
		take_term(run, &p, t);
		if (t->field == NULL && text_same(t->value, "AND"))
			continue;
		if (t->field == NULL && text_same(t->value, "NOT")) {
			not = true;
			continue;
		}
		t->not |= not ;
		not = false;
		if (!usable(run, stock, query, t))
			continue;
		t->next = first;
		first = t;
	}
}
