/* Deliveries as the door keeps them: sealed to the inbox, with its own rights.
 */
#ifndef TEST_DELIVERY_H
#define TEST_DELIVERY_H

#include "shop.h"
#include "store/webhook.h"

/* The door at work, with a database connection of its own. */
struct cx *test_door(void);

/* A delivery to SHOP, sealed to the newest pair; the first of a case makes the
 * pair. What it says may be changed until it is kept. */
struct webhook_new *test_delivery(const char *topic, const char *body);

/* The same at once, for good; gives its id. */
const char *test_delivered(const char *topic, const char *body);

/* The row, as the job of `shop` would load it. */
struct webhook test_webhook(int64_t shop, const char *id);

#endif
