/* Webhook subscriptions that the app made on a shop by the Admin API. */
#ifndef SANDBOX_HOOKS_H
#define SANDBOX_HOOKS_H

#include "base/json.h"
#include "stock.h"

struct hook {
	struct thing thing; /* first: pages know it by its id */
	const char *shop;
	const char *topic; /* "ORDERS_CREATE" */
	const char *uri;
	const char *format; /* "JSON" or "XML"; what is sent is JSON */
	const char *filter; /* or NULL; kept and shown, not applied */
	const char *name; /* or NULL */
	const char *include; /* includeFields, a blank between two */
	const char *namespaces; /* metafieldNamespaces, the same */
	int64_t ok_at_ms; /* when one of it was taken last */
	struct hook *next;
};

struct hooks {
	struct arena *mem; /* where all of it lies */
	struct hook *first; /* oldest first */
	int64_t last_id;
};

/* A copy of `like` with a new id, as the shop's last. */
struct hook *hooks_add(struct hooks *h, const struct hook *like);

/* Takes over topic, uri and so on; the id and the shop stay. */
void hooks_change(struct hooks *h, struct hook *hook, const struct hook *like);

/* By its number, or NULL. */
struct hook *hooks_find(const struct hooks *h, const char *shop, int64_t id);

/* Whether another than `but` has this topic and address already. */
bool hooks_taken(const struct hooks *h, const char *shop, const char *topic,
    const char *uri, const struct hook *but);

/* Takes it away; the row itself stays readable. */
void hooks_drop(struct hooks *h, const struct hook *hook);

/* Takes all of a shop away, as an uninstall does. */
void hooks_drop_all(struct hooks *h, const char *shop);

/* "https://...", or http on loopback: what can be an address here. */
bool hooks_address_ok(const char *uri);

/* To and from the state file. */
void hooks_write(struct jw *w, const char *name, const struct hooks *h);
void hooks_read(struct hooks *h, struct json in);

#endif
