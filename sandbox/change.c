/* What happens to things, and who is told. */
#include <string.h>

#include "change.h"
#include "hook_topic.h"
#include "scopes.h"
#include "sort.h"

static const struct {
	const char *word;
	enum stock stock;
	const char *made, *changed, *gone; /* topics */
} kinds[] = {
	{ "products", STOCK_PRODUCT, "products/create", "products/update",
	    "products/delete" },
	{ "orders", STOCK_ORDER, "orders/create", "orders/updated",
	    "orders/delete" },
	{ "customers", STOCK_CUSTOMER, "customers/create", "customers/update",
	    "customers/delete" },
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static size_t
kind_of(enum stock stock)
{
	size_t i = 0;

	while (i < KINDS - 1 && kinds[i].stock != stock)
		i++;
	return i;
}

enum stock
change_stock(const char *word)
{
	size_t i;

	for (i = 0; i < KINDS; i++)
		if (text_same(kinds[i].word, word))
			return kinds[i].stock;
	return STOCK_COUNT;
}

const char *
change_word(enum stock stock)
{
	return kinds[kind_of(stock)].word;
}

static enum rc
tell(struct cx *cx, struct outbox *o, const struct shop *shop,
    const char *topic, const void *thing)
{
	const struct event e = { .shop = shop, .topic = topic, .thing = thing };

	return outbox_add(cx, o, &e);
}

/* ---- changing */

static enum rc
absent(struct cx *cx, enum stock stock, int64_t id)
{
	return rc_fail(cx, RC_ABSENT, "there is none of %s with the id %lld",
	    change_word(stock), (long long)id);
}

/* Later than it was, also within one second. */
static int64_t
later(const struct thing *t)
{
	const int64_t now = sandbox_now();

	return now > t->updated_at ? now : t->updated_at + 1;
}

static void
take(const char **to, const char *text)
{
	if (text != NULL)
		*to = edits_text(&sandbox()->edits, text);
}

static void
take_all(struct edit *e, const struct change *c)
{
	take(&e->title, c->title);
	take(&e->html, c->html);
	take(&e->seo_title, c->seo_title);
	take(&e->seo_description, c->seo_description);
	take(&e->note, c->note);
	take(&e->tags, c->tags);
}

/* "Mug", "Mug (changed 1)", "Mug (changed 2)" */
static const char *
counted(struct arena *mem, const char *title, int64_t times)
{
	const char *mark = strstr(title, " (changed ");
	const size_t n = mark ? (size_t)(mark - title) : strlen(title);

	return text_fmt(
	    mem, "%.*s (changed %lld)", (int)n, title, (long long)times);
}

static bool
is_empty(const struct change *c)
{
	return !c->title && !c->html && !c->seo_title && !c->seo_description &&
	       !c->note && !c->tags;
}

static struct change
usual(struct cx *cx, const struct edit *e, const void *thing)
{
	struct change c = { .title = NULL };

	if (e->stock == STOCK_PRODUCT)
		c.title = counted(
		    cx->mem, ((const struct product *)thing)->title, e->times);
	else
		c.note = text_fmt(
		    cx->mem, "Changed %lld times", (long long)e->times);
	return c;
}

enum rc
change_thing(struct cx *cx, struct outbox *o, struct shop *shop,
    enum stock stock, int64_t id, const struct change *c)
{
	const struct thing *thing = stock_find(shop, stock, id);
	struct change all = *c;
	struct edit *e;

	if (thing == NULL)
		return absent(cx, stock, id);
	e = edits_of(&sandbox()->edits, shop->domain, stock, id);
	e->at = later(thing);
	e->times++;
	if (is_empty(&all))
		all = usual(cx, e, thing);
	take_all(e, &all);
	edit_apply(shop, e);
	sort_again(shop, stock);
	return tell(cx, o, shop, kinds[kind_of(stock)].changed, thing);
}

/* ---- making */

/* One to copy: small, and whole. */
static bool
is_model(enum stock stock, const void *thing)
{
	const struct order *order = thing;
	const struct product *product = thing;

	if (stock == STOCK_PRODUCT)
		return product->variants.n <= 10;
	if (stock == STOCK_CUSTOMER)
		return true;
	return order->lines.n <= 10 && order->transactions.n > 0 &&
	       order->refunds.n == 0 && order->cancelled_at == 0 &&
	       order->number > 0;
}

static const struct thing *
find_model(const struct shop *shop, enum stock stock)
{
	const struct list *all = &shop->all[stock];
	size_t i;

	for (i = 0; i < all->n; i++)
		if (is_model(stock, all->items[i]))
			return all->items[i];
	return NULL;
}

static int64_t
next_number(const struct shop *shop)
{
	const struct list *all = &shop->all[STOCK_ORDER];
	const struct order *o;
	int64_t most = 1000;
	size_t i;

	for (i = 0; i < all->n; i++) {
		o = all->items[i];
		if (o->number > most)
			most = o->number;
	}
	return most + 1;
}

static struct edit *
new_edit(struct shop *shop, enum stock stock, const struct thing *model)
{
	struct edits *all = &sandbox()->edits;
	const int64_t id = edits_new_id(all, shop, stock);
	const int64_t children = edits_new_id(
	    all, shop, stock == STOCK_ORDER ? STOCK_LINE : STOCK_VARIANT);
	const int64_t payments = edits_new_id(all, shop, STOCK_TRANSACTION);
	struct edit *e = edits_of(all, shop->domain, stock, id);

	e->from = model->id;
	e->made_at = e->at = sandbox_now();
	if (stock != STOCK_CUSTOMER)
		e->children = children;
	if (stock == STOCK_ORDER) {
		e->payments = payments;
		e->number = next_number(shop);
	}
	return e;
}

/* What a new order moves: its buyer's sums, and the money itself. */
static enum rc
tell_of_order(struct cx *cx, struct outbox *o, struct shop *shop,
    const struct order *order)
{
	static const struct change none = { .title = NULL };
	size_t i;

	for (i = 0; i < order->transactions.n; i++)
		TRY(tell(cx, o, shop, "order_transactions/create",
		    order->transactions.items[i]));
	if (order->customer == NULL)
		return RC_OK;
	return change_thing(
	    cx, o, shop, STOCK_CUSTOMER, order->customer->thing.id, &none);
}

static void
sort_all(struct shop *shop)
{
	int stock;

	for (stock = 0; stock < STOCK_COUNT; stock++)
		sort_again(shop, (enum stock)stock);
}

enum rc
change_make(struct cx *cx, struct outbox *o, struct shop *shop,
    enum stock stock, const struct change *c, int64_t *id)
{
	const struct thing *model = find_model(shop, stock);
	const struct product *product = (const void *)model;
	struct edit *e;

	if (model == NULL)
		return rc_fail(cx, RC_ABSENT, "the shop has none of %s to copy",
		    change_word(stock));
	e = new_edit(shop, stock, model);
	if (stock == STOCK_PRODUCT) {
		take(&e->title, "New product");
		take(&e->html, product->description_html);
	}
	take(&e->note, "");
	take(&e->tags, "new");
	take_all(e, c);
	edit_copy(shop, e);
	edit_apply(shop, e);
	sort_all(shop);
	*id = e->id;
	TRY(tell(cx, o, shop, kinds[kind_of(stock)].made,
	    stock_find(shop, stock, e->id)));
	if (stock != STOCK_ORDER)
		return RC_OK;
	return tell_of_order(cx, o, shop, stock_find(shop, STOCK_ORDER, e->id));
}

enum rc
change_remove(struct cx *cx, struct outbox *o, struct shop *shop,
    enum stock stock, int64_t id)
{
	const struct thing *thing = stock_find(shop, stock, id);
	struct edit *e;

	if (thing == NULL)
		return absent(cx, stock, id);
	e = edits_of(&sandbox()->edits, shop->domain, stock, id);
	e->gone = 1;
	e->at = later(thing);
	edit_remove(shop, e);
	sort_all(shop);
	return tell(cx, o, shop, kinds[kind_of(stock)].gone, thing);
}
