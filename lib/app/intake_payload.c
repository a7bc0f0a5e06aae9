/* What a webhook's payload says of an object, for a shop that cannot be read.
 */
#include "app/before.h"
#include "app/intake.h"
#include "app/payload.h"

/* What is gone is not brought back by what was said before it went. */
static const char ALWAYS[] = "-infinity";

/* The order as we have it: whose it is, when the payload does not say (0:
 * nobody's). RC_ABSENT (not noted): parts of one that we do not have. */
static enum rc
whose_order(
    struct cx *cx, const struct topic *topic, struct json payload, int64_t *out)
{
	const int64_t id = jint_or(payload, topic->path, 0);
	struct map_before before;

	TRY(before_load(cx, "orders", id, &before));
	if (!before.row.node && payload_is(topic, payload) == PAYLOAD_PARTS)
		return RC_ABSENT;
	/* Numbers that JavaScript would spoil are text in it. */
	if (!text_int(
		jtext_or(before.row, "customer_id", ""), 1, INT64_MAX, out))
		*out = 0;
	return RC_OK;
}

static enum rc
take_order(struct cx *cx, struct intake *in, const struct topic *topic,
    struct json payload)
{
	struct json nodes;
	int64_t whose;

	TRY(whose_order(cx, topic, payload, &whose));
	TRY(payload_nodes(cx, topic, payload, whose, &nodes));
	in->alone = payload_is(topic, payload) == PAYLOAD_PARTS;
	return in->alone ? intake_order_parts(cx, in, nodes)
			 : intake_orders(cx, in, nodes);
}

enum rc
intake_payload(struct cx *cx, struct intake *in, const struct topic *topic,
    struct json payload)
{
	struct json nodes;

	if (payload_is(topic, payload) == PAYLOAD_BARE)
		return RC_ABSENT;
	in->partial = true;
	in->look = ALWAYS;
	if (text_same(topic->type, "orders"))
		return take_order(cx, in, topic, payload);
	TRY(payload_nodes(cx, topic, payload, 0, &nodes));
	return text_same(topic->type, "products")
		   ? intake_products(cx, in, nodes)
		   : intake_customers(cx, in, nodes);
}
