/* Who calls: session token, API key or browser session (design.md 3). */
#include <string.h>

#include "app/callers.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "io/count.h"
#include "shopify/idtoken.h"
#include "shopify/name.h"
#include "store/apikey.h"
#include "store/session.h"

static const char *const every_scope[] = { "*" };

/* One answer for all that is wrong, so that a guess learns nothing. */
static enum rc
nobody(struct cx *cx, const char *kind)
{
	count_add(M_security_events_total,
	    text_fmt(cx->mem, "kind=\"refused_%s\"", kind), 1);
	log_info(cx, "caller.refused", L_TEXT("kind", kind));
	rc_forget(cx);
	return rc_fail(cx, RC_AUTH, "no valid session, key or token");
}

static void
who_every_scope(struct who *who)
{
	who->scopes = every_scope;
	who->n_scopes = 1;
}

/* A session token of a shop that installed us. */
static enum rc
by_id_token(struct cx *cx, const char *token, struct who *who)
{
	struct sign_secrets secrets;
	struct idtoken id;
	struct shop shop;

	TRY(sign_secrets(cx, &secrets));
	if (idtoken_read(cx, &secrets, conf_text(C_SHOPIFY_API_KEY), token,
		clock_wall(), &id) != RC_OK ||
	    shop_find(cx, id.shop, &shop) != RC_OK ||
	    text_same(shop.status, "uninstalled"))
		return nobody(cx, "token");
	*who = (struct who){
		.by = BY_ID_TOKEN,
		.shop_id = shop.id,
		.shop = shop.domain,
		.user_id = id.user_id,
	};
	who_every_scope(who);
	return RC_OK;
}

static enum rc
by_key(struct cx *cx, const char *secret, struct who *who)
{
	struct apikey key;
	const enum rc rc = apikey_find(cx, secret, &key);

	if (rc == RC_ABSENT)
		return nobody(cx, "key");
	TRY(rc);
	*who = (struct who){
		.by = key.operator? BY_OPERATOR_KEY : BY_SHOP_KEY,
		.shop_id = key.shop_id,
		.shop = key.shop,
		.id = key.id,
		.scopes = key.scopes,
		.n_scopes = key.n_scopes,
	};
	cx->shop_id = key.shop_id;
	return key.stale ? apikey_used(cx, key.shop_id, key.id) : RC_OK;
}

static enum rc
by_session(struct cx *cx, const char *cookie, struct who *who)
{
	struct session session;
	const enum rc rc = session_find(cx, cookie, &session);

	if (rc == RC_ABSENT)
		return nobody(cx, "session");
	TRY(rc);
	*who = (struct who){
		.by = session.operator? BY_OPERATOR_SESSION : BY_SHOP_SESSION,
		.shop_id = session.shop_id,
		.shop = session.shop,
		.id = session.id,
		.user_id = session.user_id,
	};
	who_every_scope(who);
	cx->shop_id = session.shop_id;
	return session.stale ? session_seen(cx, session.shop_id, session.id)
			     : RC_OK;
}

/* A key is told from a JWT by its prefix; a Bearer goes before a cookie. */
static enum rc
credentials(struct cx *cx, const struct req *rq, struct who *who)
{
	const char *bearer = req_bearer(rq);
	const char *cookie;

	if (bearer)
		return text_starts(bearer, "sk_")
			   ? by_key(cx, bearer, who)
			   : by_id_token(cx, bearer, who);
	cookie = req_cookie(cx, rq, SESSION_COOKIE);
	if (cookie)
		return by_session(cx, cookie, who);
	return rc_fail(cx, RC_AUTH, "no valid session, key or token");
}

enum rc
caller_find(struct cx *cx, const struct route *route, struct req *rq)
{
	TRY(credentials(cx, rq, &rq->who));
	cx->shop_id = rq->who.shop_id;
	cx->every_shop = (rq->who.by & BY_OPERATOR) != 0;
	if (!((int)rq->who.by & route->caller))
		return rc_fail(
		    cx, RC_DENIED, "this call is not for callers of this kind");
	if (route->scope &&
	    !scope_in(rq->who.scopes, rq->who.n_scopes, route->scope))
		return rc_fail(
		    cx, RC_DENIED, "the key lacks the scope %s", route->scope);
	return RC_OK;
}

/* The operator must say which; everybody else has one. */
static enum rc
named_shop(
    struct cx *cx, const struct req *rq, const char *named, const char **out)
{
	if (named)
		return shop_name(cx, named, out);
	if (!rq->who.shop)
		return rc_field(cx, RC_INPUT, "shop",
		    "the shop that the operator means", NULL);
	*out = rq->who.shop;
	return RC_OK;
}

enum rc
caller_shop(
    struct cx *cx, const struct req *rq, const char *named, struct shop *out)
{
	const char *domain;

	TRY(named_shop(cx, rq, named, &domain));
	if (rq->who.shop && !text_same(domain, rq->who.shop))
		return rc_fail(cx, RC_ABSENT, "no such shop");
	/* A shop's caller is known by its number: a name may pass to another.
	 */
	*out = (struct shop){ .id = rq->who.shop_id };
	if (out->id == 0)
		TRY(shop_find(cx, domain, out));
	cx->shop_id = out->id;
	cx->every_shop = false; /* from here on it is this shop's work */
	return shop_load(cx, out->id, out);
}

enum rc
caller_scope(
    struct cx *cx, const struct req *rq, const char *named, const char **domain)
{
	struct shop shop;

	*domain = NULL;
	if (!named && !rq->who.shop)
		return RC_OK;
	TRY(caller_shop(cx, rq, named, &shop));
	*domain = shop.domain;
	return RC_OK;
}

void
caller_refused(
    struct cx *cx, const struct req *rq, struct reply *rp, enum rc rc)
{
	const char *bearer = req_bearer(rq);

	if (!bearer || text_starts(bearer, "sk_"))
		return;
	if (rc == RC_AUTH)
		reply_header(
		    rp, "X-Shopify-Retry-Invalid-Session-Request", "1");
	if (rc != RC_TOKEN || !rq->who.shop)
		return;
	reply_header(rp, "X-Shopify-API-Request-Failure-Reauthorize", "1");
	reply_header(rp, "X-Shopify-API-Request-Failure-Reauthorize-Url",
	    text_fmt(
		cx->mem, "/api/auth/shopify/connect?shop=%s", rq->who.shop));
}

const char *
caller_text(struct cx *cx, const struct req *rq)
{
	const struct who *who = &rq->who;

	if (who->by & (BY_SHOP_KEY | BY_OPERATOR_KEY))
		return text_fmt(cx->mem, "key %s", who->id);
	if (who->id)
		return text_fmt(cx->mem, "session %s", who->id);
	return text_fmt(cx->mem, "user %lld", (long long)who->user_id);
}
