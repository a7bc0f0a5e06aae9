/* One call to a shop's Admin API with its live token, and what follows. */
#include "app/shopcall.h"
#include "app/tokens.h"

static enum rc
try_once(struct cx *cx, const struct shop *shop, enum gql_doc doc,
    struct slice variables, struct token *token, struct gql_reply *out)
{
	TRY(token_live(cx, shop, token));
	return gql_call(cx, shop->domain, token->access, doc, variables, out);
}

/* Its token is refused: refreshed once, and the call made again. */
static enum rc
try_again(struct cx *cx, const struct shop *shop, enum gql_doc doc,
    struct slice variables, const struct token *refused, struct gql_reply *out)
{
	struct token token;
	enum rc rc;

	rc_forget(cx);
	TRY(token_refused(cx, shop, refused));
	TRY(token_live(cx, shop, &token));
	rc = gql_call(cx, shop->domain, token.access, doc, variables, out);
	return rc == RC_TOKEN ? token_refused_anew(cx, shop) : rc;
}

/* A shop that nobody can call now is marked, so that work for it can wait. */
static enum rc
mark_paused(
    struct cx *cx, const struct shop *shop, const struct gql_reply *reply)
{
	if (!reply->pause)
		return RC_DENIED;
	TRY(shop_mark(cx, shop->id, shop->epoch, "paused", reply->pause));
	return RC_DENIED;
}

enum rc
shop_call(struct cx *cx, const struct shop *shop, enum gql_doc doc,
    struct slice variables, struct gql_reply *out)
{
	struct token token = { .kind = NULL };
	enum rc rc;

	*out = (struct gql_reply){ .pause = NULL }; /* no call, no word of it */
	rc = try_once(cx, shop, doc, variables, &token, out);
	/* token.access is set only when it was Shopify that refused it. */
	if (rc == RC_TOKEN && token.access.p && !token.failed)
		rc = try_again(cx, shop, doc, variables, &token, out);
	if (rc == RC_DENIED)
		return mark_paused(cx, shop, out);
	if (rc == RC_OK && text_same(shop->status, "paused"))
		return shop_resume(cx, shop->id);
	return rc;
}
