/* A shop's access token that works now: loaded, and refreshed by one. */
#include "app/tokens.h"
#include "base/clock.h"
#include "base/log.h"
#include "io/count.h"
#include "io/wait.h"

enum {
	FRESH_S = 300, /* refresh five minutes before the end */
	STILL_GOOD_S = 5, /* another one refreshes: good enough to use */
	WAIT_MS = 10000, /* for another one's refresh */
	POLL_MS = 50
};

static struct token_pair
pair_of(const struct oauth_grant *grant)
{
	return (struct token_pair){
		.kind = token_kind_text(grant->kind),
		.access = grant->access,
		.refresh = grant->refresh,
		.expires_in_s = grant->expires_in_s,
		.refresh_expires_in_s = grant->refresh_expires_in_s,
	};
}

enum rc
token_keep(
    struct cx *cx, const struct keys *keys, const struct oauth_grant *grant)
{
	struct token_pair pair = pair_of(grant);

	/* An expiring token whose life was not said gets the usual hour, never
	 * "does not expire" (shopify.md 9.1). */
	if (grant->kind == TOKEN_EXPIRING && pair.expires_in_s <= 0)
		pair.expires_in_s = 3600;
	return token_save(cx, keys, &pair);
}

static enum rc
needs_authorization(struct cx *cx, const struct shop *shop, const char *why)
{
	TRY(shop_mark(cx, shop->id, shop->epoch, "needs_authorization", why));
	return rc_fail(
	    cx, RC_TOKEN, "the shop must authorize the app again: %s", why);
}

/* A pair whose answer or commit was lost is dead at Shopify when another was
 * given for the same token since: that token may be sent again until what it
 * gave is used (shopify.md 2.7). */
static enum rc
ask_by_previous(struct cx *cx, const struct shop *shop,
    struct token_lease *lease, struct oauth_grant *out)
{
	rc_forget(cx);
	log_info(cx, "token.previous", L_TEXT("shop", shop->domain));
	lease->by_previous = true;
	return oauth_refresh(cx, shop->domain, lease->previous, out);
}

static enum rc
ask(struct cx *cx, const struct shop *shop, struct token_lease *lease,
    struct oauth_grant *out)
{
	enum rc rc;

	if (text_same(lease->kind, "client_credentials"))
		return oauth_client_credentials(cx, shop->domain, out);
	if (!lease->refresh.p)
		return rc_fail(cx, RC_TOKEN, "there is no refresh token");
	rc = oauth_refresh(cx, shop->domain, lease->refresh, out);
	if (rc == RC_TOKEN && lease->previous.p)
		rc = ask_by_previous(cx, shop, lease, out);
	return rc;
}

static void
note_refresh(struct cx *cx, enum rc rc)
{
	count_add(M_token_refreshes_total,
	    text_fmt(cx->mem, "outcome=\"%s\"",
		rc == RC_OK ? "ok" : rc_row(rc)->code),
	    1);
	log_info(cx, "token.refresh",
	    L_TEXT("outcome", rc == RC_OK ? "ok" : rc_row(rc)->code));
}

/* Whoever has it now: the caller is to know `rc`. */
static enum rc
end_lease(struct cx *cx, const struct shop *shop,
    const struct token_lease *lease, enum rc rc)
{
	const enum rc ended = token_lease_end(cx, shop->id, lease, NULL);

	return ended == RC_OK || ended == RC_CONFLICT ? rc : ended;
}

/* The lease is ours: no lock and no transaction is held over the network.
 * RC_CONFLICT when it took longer than the lease, or the shop was authorized
 * anew meanwhile: another token counts now. */
static enum rc
refresh(struct cx *cx, const struct shop *shop, const struct keys *keys,
    struct token_lease *lease)
{
	struct oauth_grant grant;
	struct token_pair pair;
	const enum rc rc = ask(cx, shop, lease, &grant);

	note_refresh(cx, rc);
	if (rc == RC_OK) {
		pair = pair_of(&grant);
		return token_refreshed(cx, keys, lease, &pair);
	}
	if (rc != RC_TOKEN)
		return end_lease(cx, shop, lease, rc);
	rc_forget(cx);
	TRY(token_lease_end(
	    cx, shop->id, lease, "Shopify refused the refresh token"));
	return needs_authorization(
	    cx, shop, "Shopify refused the refresh token");
}

static bool
is_fresh(const struct token *token)
{
	return !token->expires || token->seconds_left >= FRESH_S;
}

/* Somebody else refreshes: theirs, or the old one while it is good. */
static enum rc
wait_for_other(struct cx *cx, const struct keys *keys, struct token *out)
{
	const int64_t until = clock_ms() + WAIT_MS;

	while (clock_ms() < until) {
		TRY(token_load(cx, keys, out));
		if (is_fresh(out) || out->seconds_left > STILL_GOOD_S)
			return RC_OK;
		if (!out->refreshing)
			break;
		TRY(wait_until(cx, clock_ms() + POLL_MS));
	}
	cx->retry_after_ms = 1000;
	return rc_fail(cx, RC_BUSY, "the token is being refreshed elsewhere");
}

enum rc
token_live(struct cx *cx, const struct shop *shop, struct token *out)
{
	struct token_lease lease;
	struct keys keys;
	enum rc rc;

	rc = keys_load(cx, shop->id, KEYS_AS_THEY_ARE, &keys);
	if (rc == RC_OK)
		rc = token_load(cx, &keys, out);
	if (rc == RC_ABSENT)
		return needs_authorization(cx, shop, "there is no token");
	TRY(rc);
	if (out->failed)
		return needs_authorization(cx, shop, out->failed);
	if (is_fresh(out))
		return RC_OK;
	rc = token_lease(cx, &keys, FRESH_S, &lease);
	if (rc == RC_CONFLICT)
		return wait_for_other(cx, &keys, out);
	TRY(rc);
	rc = refresh(cx, shop, &keys, &lease);
	if (rc == RC_CONFLICT)
		return wait_for_other(cx, &keys, out);
	TRY(rc);
	return token_load(cx, &keys, out);
}

enum rc
token_refused_anew(struct cx *cx, const struct shop *shop)
{
	rc_forget(cx);
	return needs_authorization(
	    cx, shop, "Shopify refused a token that it had just given");
}

enum rc
token_refused(struct cx *cx, const struct shop *shop, const struct token *token)
{
	if (token->expires)
		return token_expire(cx, shop->id, token);
	return needs_authorization(
	    cx, shop, "Shopify refused a token that does not expire");
}
