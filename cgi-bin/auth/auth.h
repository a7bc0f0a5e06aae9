/* The handlers of this program, one file a resource. */
#ifndef AUTH_H
#define AUTH_H

#include "store/shop.h"
#include "web/route.h"

/* app.c */
handler_fn app_page;
/* install.c: /api/auth/shopify */
extern const struct shape connect_body, connect_query, connect_reply;
handler_fn connect_start, connect_redirect, callback_finish;
/* token.c */
extern const struct shape token_reply;
handler_fn token_exchange;
/* session.c, sessions.c */
extern const struct shape session_body, session_reply, sessions_reply;
handler_fn session_create, session_show, session_end, sessions_list,
    sessions_end;
/* keys.c */
extern const struct shape key_new, key_reply, keys_reply;
handler_fn keys_list, keys_create, keys_revoke;
/* shops.c */
extern const struct shape shop_reply, shops_reply, shops_query;
handler_fn shops_list, shops_show;

/* Begins a browser session for cx->shop_id and sets its cookie. */
struct session;
enum rc session_begin(struct cx *cx, const struct req *rq, struct reply *rp,
    int32_t shop_epoch, struct session *out) MUST_USE;

/* The cookie that ties an install to a browser. */
#define OAUTH_COOKIE "__Host-stockroom-oauth"
enum { OAUTH_COOKIE_S = 600 };

#endif
