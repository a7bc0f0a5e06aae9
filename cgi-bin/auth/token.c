/* /api/auth/shopify/token: App Bridge's session token becomes an offline one.
 */
#include "app/install.h"
#include "app/scopes.h"
#include "auth.h"
#include "base/clock.h"
#include "base/conf.h"
#include "shopify/idtoken.h"

static const struct field token_reply_fields[] = {
	R_TEXT("shop"),
	R_TEXT("shop_id", .note = "Shopify's number of the shop."),
	R_TEXTS("scopes", .note = "Granted."),
	R_TEXTS("missing", .note = "Needed, but not granted."),
	R_TIME("token_expires_at", .null = true),
	FIELD_END,
};
const struct shape token_reply = REPLY_SHAPE("token_reply", token_reply_fields);

static enum rc
read_token(struct cx *cx, const struct req *rq, struct idtoken *out)
{
	struct sign_secrets secrets;

	TRY(sign_secrets(cx, &secrets));
	return idtoken_read(cx, &secrets, conf_text(C_SHOPIFY_API_KEY),
	    req_bearer(rq), clock_wall(), out);
}

enum rc
token_exchange(struct cx *cx, const struct req *rq, struct reply *rp)
{
	struct idtoken token;
	struct shop shop;
	struct scopes granted;
	struct jw *w;

	TRY(read_token(cx, rq, &token));
	TRY(install_exchange(cx, req_bearer(rq), &token, &shop));
	TRY(shop_load(cx, shop.id, &shop));
	granted = scopes_of(cx, shop.scopes);
	w = reply_json(rp, 200);
	jw_text(w, "shop", shop.domain);
	jw_id(w, "shop_id", shop.id);
	scopes_write(w, "scopes", granted);
	scopes_write(
	    w, "missing", scopes_missing(cx, scopes_needed(cx), granted));
	jw_time(w, "token_expires_at", shop.token_expires_at);
	return reply_end(rp);
}
