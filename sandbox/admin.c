/* The shop's pretended admin: the app as it is installed, what it is told, and
 * a button for each thing that a merchant does to it. Works without script. */
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/conf.h"
#include "change.h"
#include "ends.h"
#include "say.h"

enum { BODY_BYTES = 60 << 10, ROWS = 20 };

/* ---- the page */

static const char *
escaped(const struct buf *b, const char *text)
{
	return html_text(b->mem, text ? text : "");
}

static void
button(struct buf *b, const char *act, const char *label)
{
	buf_addf(b,
	    "<button type=\"submit\" name=\"act\" value=\"%s\">%s</button>\n",
	    act, label);
}

static void
write_app(struct buf *b, const struct install *i, const char *shop)
{
	buf_addf(b,
	    "<p>This is the sandbox, not Shopify.</p>\n<h2>Stockroom</h2>\n");
	if (i == NULL)
		buf_add(b, "<p>The app is not installed.</p>\n");
	else
		buf_addf(b,
		    "<p>Installed %s.</p>\n<p>Scopes: <code>%s</code></p>\n",
		    clock_text(b->mem, i->installed_at), escaped(b, i->scope));
	buf_addf(b,
	    "<p><a href=\"/sandbox/%s/admin/open\">Open the app</a></p>\n",
	    escaped(b, shop));
}

static void
write_buttons(struct buf *b, const struct install *i)
{
	buf_add(b, "<form method=\"post\">\n<p>\n");
	button(b, "products", "Change a product");
	button(b, "orders", "Change an order");
	button(b, "customers", "Change a customer");
	buf_add(b, "</p>\n");
	if (i != NULL) {
		buf_add(b, "<p>\n");
		button(b, "uninstall", "Uninstall");
		buf_add(b, "</p>\n");
	}
	buf_add(b, "</form>\n");
}

static void
write_hooks(struct buf *b, const char *shop)
{
	const struct hook *hook = sandbox()->hooks.first;

	buf_add(b, "<h2>Webhook subscriptions</h2>\n<table>\n<thead><tr>"
		   "<th>Topic</th><th>Address</th></tr></thead>\n<tbody>\n");
	for (; hook != NULL; hook = hook->next)
		if (text_same(hook->shop, shop))
			buf_addf(b, "<tr><td>%s</td><td>%s</td></tr>\n",
			    escaped(b, hook->topic), escaped(b, hook->uri));
	buf_add(b, "</tbody>\n</table>\n");
}

static void
write_try(struct buf *b, const struct try_row *row)
{
	buf_addf(b,
	    "<tr><td>%s</td><td>%s</td><td>%lld</td><td>%lld</td><td>%s%s%s"
	    "</td><td>%lld ms</td></tr>\n",
	    clock_text(b->mem, row->at_ms / 1000), escaped(b, row->topic),
	    (long long)row->n, (long long)row->status, try_end_word(row->end),
	    row->error ? ": " : "", escaped(b, row->error), (long long)row->ms);
}

/* The last of the shop, youngest first. */
static void
write_tries(struct buf *b, const char *shop)
{
	const struct try_row *last[ROWS], *row = sandbox()->tries.first;
	size_t n = 0, i;

	for (; row != NULL; row = row->next)
		if (text_same(row->shop ? row->shop : "", shop))
			last[n++ % ROWS] = row;
	buf_add(b, "<h2>Last deliveries</h2>\n<table>\n<thead><tr><th>Sent</th>"
		   "<th>Topic</th><th>Try</th><th>Status</th><th>Became</th>"
		   "<th>Took</th></tr></thead>\n<tbody>\n");
	for (i = 0; i < n && i < ROWS; i++)
		write_try(b, last[(n - 1 - i) % ROWS]);
	buf_add(b, "</tbody>\n</table>\n");
}

/* GET /sandbox/{shop}/admin */
enum rc
admin_page(struct cx *cx, const struct req *rq, struct reply *rp)
{
	struct buf b = buf_new(cx->mem, BODY_BYTES);
	const struct install *i;
	struct world_shop *ws;
	const char *shop;

	TRY(sandbox_host_shop(cx, rq->params[0], &ws));
	shop = ws->shop.domain;
	event_follow(cx);
	i = grants_install(&sandbox()->grants, shop);
	write_app(&b, i, shop);
	write_buttons(&b, i);
	write_hooks(&b, shop);
	write_tries(&b, shop);
	reply_header(rp, "Cache-Control", "no-store");
	return say_page(cx, rp, 200,
	    text_fmt(cx->mem, "%s: apps", ws->shop.name), buf_text(&b), "");
}

/* ---- its buttons */

/* A page from elsewhere must not press them. */
static enum rc
check_origin(struct cx *cx, const struct req *rq)
{
	const char *site = req_header(rq, "Sec-Fetch-Site");

	if (site == NULL || text_same(site, "same-origin") ||
	    text_same(site, "none"))
		return RC_OK;
	return rc_fail(cx, RC_DENIED, "the form was sent by another site");
}

static enum rc
act_on(struct cx *cx, struct shop *shop, const char *act, struct outbox *o)
{
	static const struct change usual = { .title = NULL };
	const enum stock stock = change_stock(act);
	const struct thing *thing;

	if (text_same(act, "uninstall"))
		return change_uninstall(cx, o, shop);
	if (stock == STOCK_COUNT || shop->all[stock].n == 0)
		return rc_field(cx, RC_INPUT, "act",
		    "uninstall, products, orders or customers", act);
	thing = shop->all[stock].items[shop->all[stock].n - 1];
	return change_thing(cx, o, shop, stock, thing->id, &usual);
}

/* POST /sandbox/{shop}/admin */
enum rc
admin_act(struct cx *cx, const struct req *rq, struct reply *rp)
{
	struct world_shop *ws;
	struct pairs form;
	struct outbox o;
	const char *act;
	enum rc rc;

	TRY(check_origin(cx, rq));
	TRY(sandbox_host_shop(cx, rq->params[0], &ws));
	TRY(pairs_parse(cx, rq->raw_body, &form));
	act = pairs_find(&form, "act");
	TRY(outbox_begin(cx, &o));
	rc = act_on(cx, &ws->shop, act ? act : "", &o);
	if (rc == RC_OK)
		rc = outbox_end(cx, &o);
	outbox_forget(&o);
	sandbox_keep(cx);
	TRY(rc);
	reply_header(rp, "Location",
	    text_fmt(cx->mem, "/sandbox/%s/admin", ws->shop.domain));
	return reply_empty(rp, 303);
}
