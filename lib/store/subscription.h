/* Webhook subscriptions as Shopify had them when they were last compared. */
#ifndef STORE_SUBSCRIPTION_H
#define STORE_SUBSCRIPTION_H

#include "io/db.h"

struct subscription {
	const char *topic; /* "products/create" */
	const char *gid;
	const char *uri;
	int64_t made_at;
	int64_t seen_at;
};

/* Of cx->shop_id. */
enum rc subscription_save(struct cx *cx, const char *topic, const char *gid,
    const char *uri) MUST_USE;
enum rc subscription_list(
    struct cx *cx, struct subscription **out, size_t *n) MUST_USE;

#endif
