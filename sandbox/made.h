/* A shop made up from a seed: always the same one, odd corners included. */
#ifndef SANDBOX_MADE_H
#define SANDBOX_MADE_H

#include "dice.h"
#include "stock.h"

struct sizes {
	uint64_t seed;
	size_t products;
	size_t orders;
	size_t customers;
	size_t big_lines; /* of the one order with very many */
};

/*
 * Fills `shop`, whose mem, domain and currency are set. `now` is when its
 * youngest order was placed; all times are before it. The order with
 * big_lines is the only one of more than 250 lines.
 */
enum rc made_shop(struct cx *cx, struct shop *shop, const struct sizes *sizes,
    int64_t now) MUST_USE;

/* ---- between the files that make it */

enum made_kind {
	MADE_PRODUCT = 1,
	MADE_VARIANT,
	MADE_ORDER,
	MADE_LINE,
	MADE_TRANSACTION,
	MADE_REFUND,
	MADE_REFUND_LINE,
	MADE_CUSTOMER,
	MADE_OPTION,
	MADE_MEDIA,
	MADE_ADDRESS,
	MADE_FEE,
	MADE_ITEM
};

struct make {
	struct cx *cx;
	struct shop *shop;
	struct arena *mem; /* the shop's */
	const struct sizes *sizes;
	int64_t now;
	int64_t id_base;
	struct gather all[STOCK_COUNT];
};

/* Above 2^53, so that whoever keeps an id in a double loses it: the i-th of
 * its kind, or the i-th child of the parent-th. */
int64_t made_id(const struct make *m, enum made_kind kind, size_t i);
int64_t made_child_id(
    const struct make *m, enum made_kind kind, size_t parent, size_t i);

struct product *made_product(struct make *m, size_t i);
struct customer *made_customer(struct make *m, size_t i);
struct order *made_order(struct make *m, size_t i);

/* Transactions and refunds of an order whose lines and sums are there. */
void made_payments(struct make *m, struct order *o, size_t i, struct dice *d);
void made_refunds(struct make *m, struct order *o, size_t i, struct dice *d);

/* An amount in both currencies of the order. */
struct bag made_bag(const struct order *o, int64_t cents);

/* Texts as a list in the arena. */
struct texts made_texts(struct make *m, const char *const *items, size_t n);

/* A word for the i-th thing: now and then one of the odd ones. */
const char *made_title(struct make *m, struct dice *d, size_t i);
const char *made_sentence(struct make *m, struct dice *d);

#endif
