/* Installing: from a shop's name to its tokens, keys and browser session. */
#include "app/install.h"
#include "app/record.h"
#include "app/subscriptions.h"
#include "app/tokens.h"
#include "base/clock.h"
#include "base/log.h"
#include "shopify/gql.h"
#include "shopify/name.h"
#include "shopify/sign.h"
#include "store/forget.h"
#include "store/job.h"
#include "store/session.h"
#include "store/state.h"

enum rc
install_begin(struct cx *cx, const char *shop, struct install_start *out)
{
	const char *state;

	TRY(shop_name(cx, shop, &out->shop));
	TRY(state_mint(cx, out->shop, &state, &out->cookie));
	return oauth_authorize_url(cx, out->shop, state, &out->authorize_url);
}

/* The record that goes with the token, read with it: also its first test. */
static enum rc
shop_read(struct cx *cx, const char *domain, const struct oauth_grant *grant,
    struct shop *out, const char **time_zone)
{
	static const struct slice none = { "{}", 2 };
	struct gql_reply reply;

	TRY(gql_call(cx, domain, grant->access, GQL_SHOP, none, &reply));
	TRY(record_read(cx, reply.data, out, time_zone));
	out->domain = domain;
	out->scopes = grant->scope ? grant->scope : "";
	out->status = "installed";
	return RC_OK;
}

/* Shop, token and first job, together: nobody meets the new install with the
 * token of the one before, and takes it for dead. */
static enum rc
keep_rows(struct cx *cx, const struct keys *keys,
    const struct oauth_grant *grant, const char *time_zone,
    struct scopes granted, struct shop *shop)
{
	TRY(db_begin(cx));
	TRY(shop_save(cx, shop, time_zone, granted.list, granted.n));
	TRY(token_keep(cx, keys, grant));
	TRY(subscriptions_put(cx, shop));
	return db_commit(cx);
}

/* The key first, then the rows it seals: a death in between leaves nothing that
 * harms, and the merchant tries again. */
static enum rc
keep(struct cx *cx, const char *domain, const struct oauth_grant *grant,
    struct shop *out)
{
	const char *time_zone;
	struct scopes granted;
	struct keys keys;

	TRY(shop_read(cx, domain, grant, out, &time_zone));
	cx->shop_id = out->id;
	granted = scopes_of(cx, out->scopes);
	TRY(forget_lift(cx, out->id));
	TRY(keys_load(cx, out->id, KEYS_MAKE, &keys));
	TRY(keep_rows(cx, &keys, grant, time_zone, granted, out));
	TRY(session_shop_end(cx, out->id));
	job_wake(cx);
	log_info(cx, "shop.installed", L_TEXT("shop", domain),
	    L_INT("epoch", out->epoch),
	    L_INT("missing_scopes",
		scopes_missing(cx, scopes_needed(cx), granted).n));
	return RC_OK;
}

/* Who else had to give it? A code that came with no code is refused first. */
static enum rc
code_of(struct cx *cx, const struct pairs *query, const char **out)
{
	*out = pairs_find(query, "code");
	if (!*out || (*out)[0] == '\0')
		return rc_field(
		    cx, RC_INPUT, "code", "the code that Shopify gave", NULL);
	return RC_OK;
}

enum rc
install_finish(struct cx *cx, const struct pairs *query, const char *cookie,
    struct shop *out)
{
	struct sign_secrets secrets;
	struct oauth_grant grant;
	const char *shop, *code;

	TRY(sign_secrets(cx, &secrets));
	TRY(sign_query(cx, &secrets, query, clock_wall()));
	TRY(shop_name(cx, pairs_find(query, "shop"), &shop));
	TRY(code_of(cx, query, &code));
	TRY(state_take(cx, pairs_find(query, "state"), cookie, shop));
	TRY(oauth_code(cx, shop, code, &grant));
	return keep(cx, shop, &grant, out);
}

/* Known, and its token works or can be refreshed: nothing to exchange. */
static bool
is_installed(struct cx *cx, const char *domain, struct shop *out)
{
	struct token token;

	if (shop_find(cx, domain, out) != RC_OK ||
	    !text_same(out->status, "installed"))
		return false;
	cx->shop_id = out->id;
	return token_live(cx, out, &token) == RC_OK &&
	       shop_load(cx, out->id, out) == RC_OK;
}

enum rc
install_exchange(struct cx *cx, const char *id_token,
    const struct idtoken *token, struct shop *out)
{
	struct oauth_grant grant;

	if (is_installed(cx, token->shop, out))
		return RC_OK;
	rc_forget(cx);
	TRY(oauth_exchange(cx, token->shop, id_token, &grant));
	return keep(cx, token->shop, &grant, out);
}
