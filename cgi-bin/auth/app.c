/* /app: the App URL, which Shopify opens for a merchant (shopify.md 2.2). */
#include <string.h>

#include "app/install.h"
#include "auth.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/file.h"
#include "shopify/name.h"
#include "shopify/sign.h"

enum { PAGE_MAX_BYTES = 256 << 10 };

/* What only this page may do: be framed by the verified shop's admin, and load
 * App Bridge, which must come from Shopify (shopify.md 2.9). */
static const char *
policy(struct cx *cx, const char *shop)
{
	return text_fmt(cx->mem,
	    "default-src 'none'; base-uri 'none'; form-action 'self'; "
	    "script-src 'self' https://cdn.shopify.com; "
	    "style-src 'self' https://cdn.shopify.com; "
	    "img-src 'self' data: https://cdn.shopify.com; "
	    "connect-src 'self' https://%s https://*.shopify.com; "
	    "frame-ancestors https://%s https://admin.shopify.com",
	    shop, shop);
}

/* The page as it lies in WWW_DIR, with the client id put in. */
static enum rc
page_text(struct cx *cx, struct slice *out)
{
	static const char mark[] = "%SHOPIFY_API_KEY%";
	const char *path =
	    text_fmt(cx->mem, "%s/embedded/index.html", conf_text(C_WWW_DIR));
	struct buf page = buf_new(cx->mem, PAGE_MAX_BYTES);
	struct slice file;
	const char *at;

	TRY(file_read(cx, path, PAGE_MAX_BYTES, FILE_ANY, &file));
	at = memmem(file.p, file.n, mark, sizeof(mark) - 1);
	if (!at) {
		*out = file;
		return RC_OK;
	}
	buf_addn(&page, file.p, (size_t)(at - file.p));
	buf_add(&page, conf_text(C_SHOPIFY_API_KEY));
	at += sizeof(mark) - 1;
	buf_addn(&page, at, file.n - (size_t)(at - file.p));
	*out = buf_slice(&page);
	return RC_OK;
}

static enum rc
show(struct cx *cx, const char *shop, struct reply *rp)
{
	struct slice page;

	TRY(page_text(cx, &page));
	reply_header(rp, "Content-Security-Policy", policy(cx, shop));
	reply_header(rp, "Link",
	    "<https://cdn.shopify.com/shopifycloud/app-bridge.js>; "
	    "rel=\"preload\"; as=\"script\"");
	return reply_bytes(rp, 200, "text/html; charset=utf-8", page);
}

static enum rc
authorize(struct cx *cx, const char *shop, struct reply *rp)
{
	struct install_start start;

	TRY(install_begin(cx, shop, &start));
	reply_cookie(cx, rp, OAUTH_COOKIE, start.cookie, OAUTH_COOKIE_S);
	reply_header(rp, "Location", start.authorize_url);
	return reply_empty(rp, 302);
}

/* An embedded app is installed by Shopify and exchanges its token from the
 * page; a shop we do not know that is not embedded goes through the code grant.
 */
static bool
gets_page(struct cx *cx, const struct pairs *query, const char *shop)
{
	const char *embedded = pairs_find(query, "embedded");
	struct shop known;

	if (embedded && text_same(embedded, "1"))
		return true;
	return shop_find(cx, shop, &known) == RC_OK &&
	       text_same(known.status, "installed");
}

enum rc
app_page(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct pairs *query = &rq->query_pairs;
	struct sign_secrets secrets;
	const char *shop;

	TRY(sign_secrets(cx, &secrets));
	TRY(sign_query(cx, &secrets, query, clock_wall()));
	TRY(shop_name(cx, pairs_find(query, "shop"), &shop));
	if (gets_page(cx, query, shop))
		return show(cx, shop, rp);
	rc_forget(cx);
	return authorize(cx, shop, rp);
}
