/* One call to a shop's Admin API with its live token, and what follows. */
#ifndef APP_SHOPCALL_H
#define APP_SHOPCALL_H

#include "shopify/gql.h"
#include "store/shop.h"

/*
 * gql_call with the shop's token: a refused token is refreshed once and the
 * call made again. Codes as gql_call's; RC_TOKEN and a pause have marked the
 * shop. `variables` is a JSON object's text.
 */
enum rc shop_call(struct cx *cx, const struct shop *shop, enum gql_doc doc,
    struct slice variables, struct gql_reply *out) MUST_USE;

#endif
