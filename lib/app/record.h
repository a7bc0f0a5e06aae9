/* A shop's own record, as Shopify gives it. */
#ifndef APP_RECORD_H
#define APP_RECORD_H

#include "app/scopes.h"
#include "store/shop.h"

/* Of the document `shop`: number, name, currency, country and plan; *time_zone
 * may be NULL. RC_REMOTE when it has no number. */
enum rc record_read(struct cx *cx, struct json data, struct shop *out,
    const char **time_zone) MUST_USE;

/* Reads the record and what was really granted, by calls of the shop; `out` has
 * its scopes, too. Codes as shop_call's. */
enum rc record_call(struct cx *cx, const struct shop *shop, struct shop *out,
    const char **time_zone) MUST_USE;

#endif
