/* Installing: from a shop's name to its tokens, keys and browser session. */
#ifndef APP_INSTALL_H
#define APP_INSTALL_H

#include "app/scopes.h"
#include "base/pairs.h"
#include "shopify/idtoken.h"
#include "shopify/oauth.h"
#include "store/session.h"
#include "store/shop.h"

struct install_start {
	const char *shop; /* in lower case */
	const char *authorize_url;
	const char *cookie; /* what the callback must bring back */
};

/* A shop's name as somebody typed it. RC_INPUT names `shop`. */
enum rc install_begin(
    struct cx *cx, const char *shop, struct install_start *out) MUST_USE;

/*
 * The callback (SEC-2): signature, freshness, shop name, state and cookie, in
 * that order and before any call to Shopify; then code against token, the
 * shop's record read with it, everything kept. cx->shop_id is the shop's
 * afterwards. RC_INPUT, RC_AUTH: refused, no token was asked for.
 */
enum rc install_finish(struct cx *cx, const struct pairs *query,
    const char *cookie, struct shop *out) MUST_USE;

/*
 * Token exchange (shopify.md 2.4): the shop is the token's. Installs it where
 * we do not know it or its token no longer works.
 */
enum rc install_exchange(struct cx *cx, const char *id_token,
    const struct idtoken *token, struct shop *out) MUST_USE;

#endif
