/* /api/auth/shopify/connect and callback: the authorization code grant. */
#include "app/install.h"
#include "auth.h"
#include "base/conf.h"
#include "shopify/name.h"
#include "store/session.h"

struct connect_body {
	const char *shop;
};

static const struct field connect_fields[] = {
	FIELD_TEXT(connect_body, shop, .need = true, .min = 1, .max = 100,
	    .note = "name.myshopify.com"),
	FIELD_END,
};
const struct shape connect_body = SHAPE(connect_body, connect_fields);
const struct shape connect_query = {
	.name = "connect_query",
	.bytes = sizeof(struct connect_body),
	.fields = connect_fields,
};

static const struct field connect_reply_fields[] = {
	R_TEXT("shop", .note = "The shop's name as it was understood."),
	R_TEXT("authorize_url", .note = "Send the browser here."),
	FIELD_END,
};
const struct shape connect_reply =
    REPLY_SHAPE("connect_reply", connect_reply_fields);

static enum rc
begin(struct cx *cx, const char *shop, struct reply *rp,
    struct install_start *out)
{
	TRY(install_begin(cx, shop, out));
	reply_cookie(cx, rp, OAUTH_COOKIE, out->cookie, OAUTH_COOKIE_S);
	return RC_OK;
}

/* POST /api/auth/shopify/connect */
enum rc
connect_start(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct connect_body *in = rq->body;
	struct install_start start;
	struct jw *w;

	TRY(begin(cx, in->shop, rp, &start));
	w = reply_json(rp, 200);
	jw_text(w, "shop", start.shop);
	jw_text(w, "authorize_url", start.authorize_url);
	return reply_end(rp);
}

/* GET /api/auth/shopify/connect?shop= */
enum rc
connect_redirect(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct connect_body *in = rq->query;
	struct install_start start;

	TRY(begin(cx, in->shop, rp, &start));
	reply_header(rp, "Location", start.authorize_url);
	return reply_empty(rp, 302);
}

/* Our own page, or the app's place in the admin that the merchant came from
 * (shopify.md 2.2, 2.3). */
static enum rc
home(struct cx *cx, const struct pairs *query, const struct shop *shop,
    const char **out)
{
	const char *admin;

	*out = text_fmt(cx->mem, "%s%s?connected=%s", conf_text(C_APP_URL),
	    conf_text(C_APP_HOME), shop->domain);
	if (conf_text(C_APP_HOME)[0] != '\0')
		return RC_OK;
	TRY(host_name(cx, pairs_find(query, "host"), &admin));
	*out = text_fmt(
	    cx->mem, "https://%s/apps/%s", admin, conf_text(C_SHOPIFY_API_KEY));
	return RC_OK;
}

/* GET /api/auth/shopify/callback: signed in, and on to the app's page. */
enum rc
callback_finish(struct cx *cx, const struct req *rq, struct reply *rp)
{
	struct session session;
	const char *location;
	struct shop shop;

	TRY(install_finish(
	    cx, &rq->query_pairs, req_cookie(cx, rq, OAUTH_COOKIE), &shop));
	reply_cookie(cx, rp, OAUTH_COOKIE, "", 0);
	TRY(session_begin(cx, rq, rp, shop.epoch, &session));
	TRY(home(cx, &rq->query_pairs, &shop, &location));
	reply_header(rp, "Location", location);
	return reply_empty(rp, 302);
}
