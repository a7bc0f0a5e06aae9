/* A shop's access token that works now: loaded, and refreshed by one. */
#ifndef APP_TOKENS_H
#define APP_TOKENS_H

#include "shopify/oauth.h"
#include "store/shop.h"
#include "store/token.h"

enum { TOKEN_IDLE_S = 7 * 24 * 3600 }; /* an idle shop's is used once a week */

/*
 * The shop's live token. One with less than five minutes left is refreshed, by
 * whoever gets the lease; the others use it while it is good or wait. RC_TOKEN:
 * there is none that works, the shop must authorize us again (and is marked
 * so). RC_REMOTE, RC_BUSY: try again later.
 */
enum rc token_live(
    struct cx *cx, const struct shop *shop, struct token *out) MUST_USE;

/* Keeps what a grant gave, in place of whatever was there; may be inside a
 * transaction. `keys` are the shop's. */
enum rc token_keep(struct cx *cx, const struct keys *keys,
    const struct oauth_grant *grant) MUST_USE;

/* Shopify refused the one that token_live gave behind a token_refused, too:
 * there is none that works. Marks the shop; RC_TOKEN. */
enum rc token_refused_anew(struct cx *cx, const struct shop *shop) MUST_USE;

/* Shopify refused `token` before its time: the next token_live refreshes. */
enum rc token_refused(
    struct cx *cx, const struct shop *shop, const struct token *token) MUST_USE;

#endif
