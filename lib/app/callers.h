/* Who calls: session token, API key or browser session (design.md 3). */
#ifndef APP_CALLERS_H
#define APP_CALLERS_H

#include "store/shop.h"
#include "web/route.h"

/* The session cookie; __Host- as reply_cookie makes it. */
#define SESSION_COOKIE "__Host-stockroom"

/*
 * Fills rq->who and sets cx->shop_id (and cx->every_shop for the operator).
 * RC_AUTH, always in the same words, for nobody and for whatever is wrong with
 * a token, key or cookie; RC_DENIED for a caller of the wrong kind or a key
 * without the route's scope (SEC-7).
 */
enum rc caller_find(
    struct cx *cx, const struct route *route, struct req *rq) MUST_USE;

/*
 * The shop a call is about: the caller's own, or for the operator the one that
 * `named` (a domain, from ?shop= or a body) says. Sets cx->shop_id. RC_INPUT
 * names `shop`; RC_ABSENT for a shop we do not know or another than the
 * caller's own.
 */
enum rc caller_shop(struct cx *cx, const struct req *rq, const char *named,
    struct shop *out) MUST_USE;

/*
 * What a call about callers' own things (keys, sessions) is about: as
 * caller_shop, but the operator who names no shop means the operator's own;
 * *domain is NULL then.
 */
enum rc caller_scope(struct cx *cx, const struct req *rq, const char *named,
    const char **domain) MUST_USE;

/* Tells App Bridge what to do about a refused session token (shopify.md 2.5):
 * fetch a new one and try once more, or authorize the app again. */
void caller_refused(
    struct cx *cx, const struct req *rq, struct reply *rp, enum rc rc);

/* Kind and id of the caller, for records: "key 0193..", "session ..". */
const char *caller_text(struct cx *cx, const struct req *rq);

#endif
