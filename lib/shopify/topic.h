/* Webhook topics: what each means to us (topics.def). */
#ifndef SHOPIFY_TOPIC_H
#define SHOPIFY_TOPIC_H

#include "base/cx.h"
#include "base/json.h"

enum topic_does {
	TOPIC_CHANGED, /* an object is to be read again */
	TOPIC_GONE, /* an object is no more */
	TOPIC_SHOP, /* the shop's own record or our scopes: to be read again */
	TOPIC_UNINSTALLED, /* the shop has taken the app off */
	TOPIC_PRIVACY, /* one of the three the law asks for */
	TOPIC_BULK /* a bulk operation is over */
};

struct topic {
	const char *name;
	enum topic_does does;
	const char *type; /* "products", "orders", "customers", or NULL */
	const char *path; /* of the object's number in the payload */
	const char *scope; /* of a subscription; "": none; NULL: we make none */
};

/* Every one, ended by a NULL name. */
extern const struct topic topics[];

/* As the Admin API's enum has it: "PRODUCTS_CREATE" (shopify.md 3.4). */
const char *topic_enum(struct cx *cx, const struct topic *topic);

/* NULL when we have no use for it. */
const struct topic *topic_find(const char *name);

/* The object's number in a payload; RC_INPUT when it has none. */
enum rc topic_object(struct cx *cx, const struct topic *topic,
    struct json payload, int64_t *out) MUST_USE;

#endif
