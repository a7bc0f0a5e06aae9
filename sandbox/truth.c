/* What there really is: for whoever compares. */
#include "truth.h"
#include "ends.h"
#include "money.h"
#include "sandbox.h"

/* Counts what hangs on the orders and products, one by one. */
static void
count_children(const struct shop *shop, struct truth *t)
{
	const struct list *orders = &shop->all[STOCK_ORDER];
	const struct list *products = &shop->all[STOCK_PRODUCT];
	const struct product *p;
	const struct order *o;
	size_t i;

	for (i = 0; i < products->n; i++) {
		p = products->items[i];
		t->n[STOCK_VARIANT] += (int64_t)p->variants.n;
	}
	for (i = 0; i < orders->n; i++) {
		o = orders->items[i];
		t->n[STOCK_LINE] += (int64_t)o->lines.n;
		t->n[STOCK_TRANSACTION] += (int64_t)o->transactions.n;
		t->n[STOCK_REFUND] += (int64_t)o->refunds.n;
	}
}

static void
add_up(const struct transaction *tr, struct truth *t)
{
	const int64_t cents = tr->amount.shop.cents;

	if (!text_same(tr->status, "SUCCESS"))
		return;
	if (text_same(tr->kind, "SALE"))
		t->net_cents += cents;
	else if (text_same(tr->kind, "REFUND"))
		t->net_cents -= cents;
	else if (text_same(tr->kind, "CAPTURE"))
		t->captured_cents += cents;
}

struct truth
truth_of(const struct shop *shop)
{
	const struct list *orders = &shop->all[STOCK_ORDER];
	const struct order *o;
	struct truth t = { 0 };
	size_t i, k;

	t.n[STOCK_PRODUCT] = (int64_t)shop->all[STOCK_PRODUCT].n;
	t.n[STOCK_ORDER] = (int64_t)orders->n;
	t.n[STOCK_CUSTOMER] = (int64_t)shop->all[STOCK_CUSTOMER].n;
	count_children(shop, &t);
	for (i = 0; i < orders->n; i++) {
		o = orders->items[i];
		for (k = 0; k < o->transactions.n; k++)
			add_up(o->transactions.items[k], &t);
	}
	return t;
}

static void
write_amount(struct cx *cx, struct jw *w, const char *name, int64_t cents,
    const char *currency)
{
	jw_object(w, name);
	jw_text(w, "amount", money_text(cx->mem, cents));
	jw_text(w, "currency", currency);
	jw_close(w);
}

/* GET /sandbox/{shop}/api/truth */
enum rc
truth_show(struct cx *cx, const struct req *rq, struct reply *rp)
{
	static const char *const names[] = { "products", "variants", "orders",
		"customers", "refunds", "lines", "transactions" };
	struct world_shop *ws;
	struct truth t;
	struct jw *w;
	size_t i;

	TRY(sandbox_host_shop(cx, rq->params[0], &ws));
	t = truth_of(&ws->shop);
	w = reply_json(rp, 200);
	jw_text(w, "shop", ws->shop.domain);
	for (i = 0; i < STOCK_COUNT; i++)
		jw_int(w, names[i], t.n[i]);
	write_amount(cx, w, "net", t.net_cents, ws->shop.currency);
	write_amount(cx, w, "captured", t.captured_cents, ws->shop.currency);
	return reply_end(rp);
}

/* GET /sandbox/shops */
enum rc
shops_list(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct world *world = &sandbox()->world;
	struct jw *w = reply_json(rp, 200);
	const char *domain;
	size_t i;

	(void)rq;
	jw_list(w, "items");
	for (i = 0; (domain = world_domain(world, i)) != NULL; i++) {
		jw_object(w, NULL);
		jw_text(w, "domain", domain);
		jw_text(w, "name", world_title(cx->mem, domain));
		jw_close(w);
	}
	jw_close(w);
	return reply_end(rp);
}
