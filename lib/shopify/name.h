/* Shop names and hosts: checked before they are used for anything. */
#ifndef SHOPIFY_NAME_H
#define SHOPIFY_NAME_H

#include "base/cx.h"

/*
 * The shop's domain in lower case, in cx->mem. RC_INPUT, naming the field
 * `shop`, unless the whole text is `^[a-z0-9][a-z0-9-]{0,59}\.myshopify\.com$`
 * by bytes (security.md SEC-1).
 */
enum rc shop_name(struct cx *cx, const char *text, const char **out) MUST_USE;

/*
 * What Shopify's `host` parameter names ("admin.shopify.com/store/x"): base64
 * whose host ends in .myshopify.com or .shopify.com (shopify.md 2.2).
 * RC_INPUT otherwise.
 */
enum rc host_name(struct cx *cx, const char *host, const char **out) MUST_USE;

/* The number at the end of gid://shopify/Type/123; false when there is none. */
bool gid_number(const char *gid, int64_t *out) MUST_USE;

#endif
