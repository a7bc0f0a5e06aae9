/* What a browser meets: the page that asks to install, and the app's opening
 * from the admin. */
#include <string.h>

#include "base/clock.h"
#include "base/conf.h"
#include "ends.h"
#include "jwt.h"
#include "query_sign.h"
#include "say.h"
#include "scopes.h"

enum { BODY_BYTES = 32 << 10 };

/* A request to install, as it came. */
struct wish {
	struct world_shop *shop;
	const char *client_id;
	const char *redirect_uri;
	const char *scope;
	const char *state;
	bool online;
};

static const char *
param(const struct req *rq, const char *name, const char *fallback)
{
	const char *value = pairs_find(&rq->query_pairs, name);

	return value != NULL ? value : fallback;
}

/* The app's callback, or one named in SANDBOX_REDIRECTS; exactly. */
static bool
redirect_ok(struct cx *cx, const char *uri)
{
	const char *listed = sandbox()->settings.redirects;
	struct slice rest = slice_of(listed ? listed : ""), part;

	if (text_same(uri, text_fmt(cx->mem, "%s/api/auth/shopify/callback",
			       conf_text(C_APP_URL))))
		return true;
	while (text_next(&rest, ',', &part))
		if (slice_same(part, slice_of(uri)))
			return true;
	return false;
}

/* scheme://host[:port] of an address. */
static const char *
origin_of(struct arena *mem, const char *uri)
{
	const char *host = strstr(uri, "://");

	if (host == NULL)
		return "";
	host += 3;
	return text_of(mem,
	    (struct slice){ uri, (size_t)(host - uri) + strcspn(host, "/?#") });
}

static const char *
wrong(struct cx *cx, const struct wish *w)
{
	const struct texts scopes = scopes_read(cx->mem, w->scope);

	if (!text_same(w->client_id, conf_text(C_SHOPIFY_API_KEY)))
		return "Oauth error application_cannot_be_found: The client_id "
		       "is not that of the app.";
	if (!redirect_ok(cx, w->redirect_uri))
		return "Oauth error invalid_request: The redirect_uri is not "
		       "whitelisted.";
	if (!scopes_ok(&scopes))
		return "Oauth error invalid_scope: The scope is not a list of "
		       "access scopes.";
	return NULL;
}

/* ---- the page */

static void
hidden(struct buf *b, const char *name, const char *value)
{
	buf_addf(b, "<input type=\"hidden\" name=\"%s\" value=\"%s\">\n",
	    html_text(b->mem, name), html_text(b->mem, value));
}

static enum rc
show_page(struct cx *cx, const struct wish *w, struct reply *rp)
{
	struct buf b = buf_new(cx->mem, BODY_BYTES);

	buf_addf(&b,
	    "<p>%s would be installed on <strong>%s</strong>. This is the "
	    "sandbox, not Shopify.</p>\n<form method=\"get\">\n",
	    html_text(cx->mem, conf_text(C_APP_URL)),
	    html_text(cx->mem, w->shop->shop.name));
	hidden(&b, "client_id", w->client_id);
	hidden(&b, "redirect_uri", w->redirect_uri);
	hidden(&b, "state", w->state);
	if (w->online)
		hidden(&b, "grant_options[]", "per-user");
	hidden(&b, "accept", "1");
	buf_addf(&b,
	    "<p><label>Scopes <input name=\"scope\" size=\"60\" "
	    "value=\"%s\"></label></p>\n"
	    "<p><button type=\"submit\">Install app</button></p>\n</form>\n",
	    html_text(cx->mem, w->scope));
	return say_page(cx, rp, 200, "Install app", buf_text(&b),
	    origin_of(cx->mem, w->redirect_uri));
}

/* ---- the way back */

/* By the machine's clock: what the browser brings is fresh even when the clock
 * of tokens is put forward. */
static const char *
timestamp(struct cx *cx)
{
	return text_fmt(cx->mem, "%lld",
	    (long long)(clock_wall() + sandbox()->rules.callback_skew_s));
}

static enum rc
send_back(struct cx *cx, const struct wish *w, struct reply *rp)
{
	struct sandbox *s = sandbox();
	const char *shop = w->shop->shop.domain, *code, *query;
	const char *scope =
	    scopes_grant(cx, w->scope, s->rules.all_orders != 0);

	TRY(grants_code(cx, &s->grants, &s->rules, shop, scope, w->online,
	    sandbox_now(), &code));
	TRY(query_signed(cx,
	    (const struct pair[]){ { "code", code },
		{ "host", query_host(cx->mem, shop) }, { "shop", shop },
		{ "state", w->state }, { "timestamp", timestamp(cx) } },
	    5, &query));
	ledger_count(&s->ledger, "authorize.accepted");
	sandbox_keep(cx);
	reply_header(rp, "Location",
	    text_fmt(cx->mem, "%s%s%s", w->redirect_uri,
		strchr(w->redirect_uri, '?') ? "&" : "?", query));
	return reply_empty(rp, 302);
}

static bool
accepted(const struct req *rq)
{
	return sandbox()->rules.auto_accept != 0 ||
	       text_same(param(rq, "auto", ""), "1") ||
	       text_same(param(rq, "accept", ""), "1");
}

/* GET /sandbox/{shop}/admin/oauth/authorize */
enum rc
authorize_page(struct cx *cx, const struct req *rq, struct reply *rp)
{
	struct wish w = { .client_id = param(rq, "client_id", ""),
		.redirect_uri = param(rq, "redirect_uri", ""),
		.state = param(rq, "state", "") };
	const char *why;

	TRY(sandbox_host_shop(cx, rq->params[0], &w.shop));
	w.scope = param(rq, "scope", sandbox()->settings.scopes);
	w.online = text_same(param(rq, "grant_options[]", ""), "per-user");
	ledger_count(&sandbox()->ledger, "authorize");
	why = wrong(cx, &w);
	if (why != NULL)
		return say_page(cx, rp, 400, "Not installed",
		    text_fmt(cx->mem, "<p>%s</p>\n", why), "");
	return accepted(rq) ? send_back(cx, &w, rp) : show_page(cx, &w, rp);
}

/* GET /sandbox/{shop}/admin/open: as a click on the app in the admin. */
enum rc
app_open(struct cx *cx, const struct req *rq, struct reply *rp)
{
	struct world_shop *ws;
	const char *shop, *token, *query;

	TRY(sandbox_host_shop(cx, rq->params[0], &ws));
	shop = ws->shop.domain;
	TRY(jwt_mint(cx, shop, (struct json){ NULL, RC_INPUT }, &token));
	TRY(query_signed(cx,
	    (const struct pair[]){ { "embedded", "1" },
		{ "host", query_host(cx->mem, shop) }, { "id_token", token },
		{ "locale", "en" },
		{ "session", "0f0e0d0c0b0a09080706050403020100" },
		{ "shop", shop }, { "timestamp", timestamp(cx) } },
	    7, &query));
	reply_header(rp, "Location",
	    text_fmt(cx->mem, "%s/app?%s", conf_text(C_APP_URL), query));
	return reply_empty(rp, 302);
}
