/* Webhook bodies in the shape of the REST API (shopify.md 3.6): names in
 * snake_case, numeric ids, money as text, times with the shop's offset. */
#ifndef SANDBOX_PAYLOAD_H
#define SANDBOX_PAYLOAD_H

#include "base/json.h"
#include "stock.h"

/* One body that is being written. */
struct payload {
	struct jw *w;
	struct arena *mem;
	const struct shop *shop;
	bool personal; /* names, addresses and the like are shown */
};

/* Members of the object that `p->w` is in. */
typedef void payload_fn(const struct payload *p, const void *thing);

/* What a topic's body has in it. */
struct payload_row {
	const char *topic; /* "orders/create" */
	payload_fn *write;
	enum stock stock; /* what it is of; STOCK_COUNT: the shop */
	const char *header; /* also has its id, or NULL */
};

/* NULL when the sandbox knows no body for it. */
const struct payload_row *payload_find(const char *topic);

payload_fn payload_product, payload_order, payload_customer, payload_refund,
    payload_transaction, payload_shop, payload_id;

/* ---- for the writers */

void payload_time(const struct payload *p, const char *name, int64_t at);
void payload_money(const struct payload *p, const char *name, int64_t cents);
/* name_set: {shop_money, presentment_money}. */
void payload_bag(
    const struct payload *p, const char *name, const struct bag *bag);
/* A word of GraphQL's enums as REST has it: "partially_refunded". */
void payload_word(const struct payload *p, const char *name, const char *word);
/* "a, b" */
void payload_tags(const struct payload *p, struct texts tags);
void payload_gid(const struct payload *p, const char *type, int64_t id);
/* Text that is null unless personal data are shown. */
void payload_personal(
    const struct payload *p, const char *name, const char *text);
void payload_address(
    const struct payload *p, const char *name, const struct address *a);

#endif
