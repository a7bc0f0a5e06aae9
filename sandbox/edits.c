/* Edits: a chain, kept in the state file. */
#include "edits.h"
#include "chain.h"
#include "sort.h"

static const struct member members[] = {
	ROW_TEXT(edit, shop),
	ROW_INT(edit, stock),
	ROW_INT(edit, id),
	ROW_INT(edit, from),
	ROW_INT(edit, children),
	ROW_INT(edit, payments),
	ROW_INT(edit, number),
	ROW_INT(edit, made_at),
	ROW_INT(edit, at),
	ROW_INT(edit, times),
	ROW_INT(edit, gone),
	ROW_TEXT(edit, title),
	ROW_TEXT(edit, html),
	ROW_TEXT(edit, seo_title),
	ROW_TEXT(edit, seo_description),
	ROW_TEXT(edit, note),
	ROW_TEXT(edit, tags),
	ROW_END,
};
static const struct chain chain = CHAIN("rows", edit, edits, first, members);

static bool
is_of(const struct edit *e, const char *shop, enum stock stock)
{
	return e->stock == (int64_t)stock && text_same(e->shop, shop);
}

struct edit *
edits_of(struct edits *e, const char *shop, enum stock stock, int64_t id)
{
	struct edit **end = &e->first;

	while (*end != NULL && ((*end)->id != id || !is_of(*end, shop, stock)))
		end = &(*end)->next;
	if (*end == NULL) {
		*end = ARENA_NEW(e->mem, struct edit);
		(*end)->shop = text_dup(e->mem, shop);
		(*end)->stock = (int64_t)stock;
		(*end)->id = id;
	}
	return *end;
}

const char *
edits_text(struct edits *e, const char *text)
{
	return text != NULL ? text_dup(e->mem, text) : NULL;
}

static int64_t
last_of(const struct shop *shop, enum stock stock)
{
	const struct list *l = &shop->all[stock];
	const struct thing *t = l->n > 0 ? l->items[l->n - 1] : NULL;

	return t != NULL ? t->id : 0;
}

static int64_t
larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* A copy has at most as many children as an order can have lines. */
enum { CHILDREN = 1000 };

int64_t
edits_new_id(const struct edits *e, const struct shop *shop, enum stock stock)
{
	int64_t id = last_of(shop, stock);
	const struct edit *edit;

	for (edit = e->first; edit != NULL; edit = edit->next) {
		if (!text_same(edit->shop, shop->domain))
			continue;
		if (edit->stock == (int64_t)stock)
			id = larger(id, edit->id);
		if (stock == STOCK_TRANSACTION)
			id = larger(id, edit->payments + CHILDREN);
		else if (stock == (edit->stock == STOCK_ORDER ? STOCK_LINE
							      : STOCK_VARIANT))
			id = larger(id, edit->children + CHILDREN);
	}
	return id + 1;
}

/* Copies first, also those that are gone again: others may be copies of them,
 * and what they were made of may be gone since. */
void
edits_replay(const struct edits *e, struct shop *shop)
{
	const struct edit *edit;
	int stock;

	for (edit = e->first; edit != NULL; edit = edit->next)
		if (edit->from != 0 && text_same(edit->shop, shop->domain))
			edit_copy(shop, edit);
	for (edit = e->first; edit != NULL; edit = edit->next) {
		if (!text_same(edit->shop, shop->domain))
			continue;
		if (edit->gone)
			edit_remove(shop, edit);
		else
			edit_apply(shop, edit);
	}
	for (stock = 0; stock < STOCK_COUNT; stock++)
		sort_again(shop, (enum stock)stock);
}

void
edits_write(struct jw *w, const char *name, const struct edits *e)
{
	jw_object(w, name);
	chain_write(w, &chain, e);
	jw_close(w);
}

void
edits_read(struct edits *e, struct json in)
{
	chain_read(e->mem, &chain, jat(in, "rows"), e);
}
