/* A webhook's payload (REST's shape, shopify.md 3.6) in the Admin API's shape,
 * so that it goes through the one mapper: for shops that cannot be read. */
#ifndef APP_PAYLOAD_H
#define APP_PAYLOAD_H

#include "base/json.h"
#include "shopify/topic.h"

/* What a payload tells of. */
enum payload_is {
	PAYLOAD_BARE, /* which object it is, not what it is like */
	PAYLOAD_OBJECT, /* the topic's object */
	PAYLOAD_PARTS /* refunds or transactions of an order */
};
enum payload_is payload_is(const struct topic *topic, struct json payload);

/*
 * A list of one node: the object, or its order with the parts alone. A member
 * is there when the payload says anything of it, be it null. `customer` is
 * whose order it is when the payload does not say; 0: nobody's. RC_INPUT for a
 * payload that is bare; RC_TOO_BIG.
 */
enum rc payload_nodes(struct cx *cx, const struct topic *topic,
    struct json payload, int64_t customer, struct json *out) MUST_USE;

#endif
