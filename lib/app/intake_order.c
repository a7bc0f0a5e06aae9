/* Orders with their lines, transactions and refunds. What is personal in them
 * is the customer's or, where there is none, the order's own. */
#include <string.h>

#include "app/intake.h"
#include "app/reread.h"
#include "base/log.h"
#include "shopify/name.h"

enum {
	LIST_FIRST = 10, /* as orders_page asks */
	LIST_MAX = 250 /* Shopify gives no more of a plain list */
};

enum rc
intake_order_read(struct cx *cx, struct json node, struct intake_order *out)
{
	const char *customer = jtext_or(node, "customer.id", NULL);

	TRY(jget_text(cx, node, "id", &out->gid));
	if (!gid_number(out->gid, &out->id))
		return rc_fail(cx, RC_REMOTE, "an order without an id");
	out->updated_at = jtext_or(node, "updatedAt", NULL);
	out->subject = (struct subject){ 'o', out->id };
	if (customer && gid_number(customer, &out->subject.id))
		out->subject.kind = 'c';
	return RC_OK;
}

static enum rc
load_subjects(struct cx *cx, struct intake *in, struct json nodes)
{
	struct subject *list =
	    ARENA_ARRAY(cx->mem, struct subject, jlen(nodes) + 1);
	struct intake_order order;
	size_t i, n = 0;

	for (i = 0; i < jlen(nodes); i++) {
		if (!jitem(nodes, i).node)
			continue;
		TRY(intake_order_read(cx, jitem(nodes, i), &order));
		list[n++] = order.subject;
	}
	return keys_subjects(cx, &in->keys, KEYS_MAKE, list, n);
}

struct map_owner
intake_order_child(const struct keys *keys, const struct intake_order *order)
{
	return (struct map_owner){
		.keys = keys,
		.subject = order->subject,
		.subject_columns = true,
		.parent_column = "order_id",
		.parent_id = order->id,
		.parent_updated_at = order->updated_at,
	};
}

static enum rc
take_lines(struct cx *cx, struct intake *in, struct json nodes, void *arg)
{
	const struct map_owner owner = intake_order_child(&in->keys, arg);
	int64_t id;
	size_t i;

	for (i = 0; i < jlen(nodes); i++)
		TRY(intake_record(
		    cx, in, IN_LINE, jitem(nodes, i), &owner, &id));
	return RC_OK;
}

static enum rc
take_transactions(
    struct cx *cx, struct intake *in, struct json nodes, void *arg)
{
	const struct map_owner owner = intake_order_child(NULL, arg);
	int64_t id;
	size_t i;

	for (i = 0; i < jlen(nodes); i++)
		TRY(intake_record(
		    cx, in, IN_TRANSACTION, jitem(nodes, i), &owner, &id));
	return RC_OK;
}

enum rc
intake_refund_lines(
    struct cx *cx, struct intake *in, struct json nodes, void *refund_id)
{
	const struct map_owner owner = {
		.parent_column = "refund_id",
		.parent_id = *(const int64_t *)refund_id,
	};
	int64_t id;
	size_t i;

	for (i = 0; i < jlen(nodes); i++)
		TRY(intake_record(
		    cx, in, IN_REFUND_LINE, jitem(nodes, i), &owner, &id));
	return RC_OK;
}

/* A page gives refunds without their lines (refund_lines.graphql). */
static enum rc
take_all_refund_lines(
    struct cx *cx, struct intake *in, struct json node, int64_t *id)
{
	if (in->partial)
		return intake_refund_lines(
		    cx, in, jat(node, "refundLineItems.nodes"), id);
	return reread_connection(cx, in, GQL_REFUND_LINES,
	    jtext_or(node, "id", ""), "refund.refundLineItems", NULL,
	    intake_refund_lines, id);
}

static enum rc
take_refunds(struct cx *cx, struct intake *in, struct json nodes, void *arg)
{
	const struct map_owner owner = intake_order_child(&in->keys, arg);
	int64_t id;
	size_t i;

	for (i = 0; i < jlen(nodes); i++) {
		const struct json node = jitem(nodes, i);

		TRY(intake_record(cx, in, IN_REFUND, node, &owner, &id));
		TRY(take_all_refund_lines(cx, in, node, &id));
	}
	return RC_OK;
}

static enum rc
take_all_lines(struct cx *cx, struct intake *in, struct json node,
    struct intake_order *order)
{
	TRY(take_lines(cx, in, jat(node, "lineItems.nodes"), order));
	if (!jbool_or(node, "lineItems.pageInfo.hasNextPage", false))
		return RC_OK;
	return reread_connection(cx, in, GQL_ORDER_LINES, order->gid,
	    "order.lineItems",
	    jtext_or(node, "lineItems.pageInfo.endCursor", NULL), take_lines,
	    order);
}

/* What is behind the end of a plain list nobody can ask for: the row says that
 * it is not all. */
static void
note_cut(struct cx *cx, struct intake *in, const char *list,
    const struct intake_order *order)
{
	int64_t *longer = ARENA_ARRAY(cx->mem, int64_t, in->n_cut + 1);

	if (in->n_cut > 0)
		memcpy(longer, in->cut, in->n_cut * sizeof(*longer));
	longer[in->n_cut++] = order->id;
	in->cut = longer;
	log_warn(cx, "order.cut", L_TEXT("list", list),
	    L_INT("order", order->id), L_INT("most", LIST_MAX));
}

/* Plain lists have no cursor: one that came back full is asked again whole. */
static enum rc
take_all_transactions(struct cx *cx, struct intake *in, struct json node,
    struct intake_order *order)
{
	const struct json list = jat(node, "transactions");
	const int64_t count =
	    jint_or(node, "transactionsCount.count", (int64_t)jlen(list));

	if (count <= (int64_t)jlen(list))
		return take_transactions(cx, in, list, order);
	if (count > LIST_MAX)
		note_cut(cx, in, "transactions", order);
	return reread_list(cx, in, GQL_ORDER_TRANSACTIONS, order->gid,
	    "order.transactions", count < LIST_MAX ? count : LIST_MAX,
	    take_transactions, order);
}

static enum rc
take_most_refunds(
    struct cx *cx, struct intake *in, struct json nodes, void *arg)
{
	if (jlen(nodes) >= LIST_MAX)
		note_cut(cx, in, "refunds", arg);
	return take_refunds(cx, in, nodes, arg);
}

static enum rc
take_all_refunds(struct cx *cx, struct intake *in, struct json node,
    struct intake_order *order)
{
	const struct json list = jat(node, "refunds");

	if (in->partial || jlen(list) < LIST_FIRST)
		return take_refunds(cx, in, list, order);
	return reread_list(cx, in, GQL_ORDER_REFUNDS, order->gid,
	    "order.refunds", LIST_MAX, take_most_refunds, order);
}

/* The order's own row, whole or a stub. */
static enum rc
take_row(struct cx *cx, struct intake *in, enum intake_table table,
    struct json node, struct intake_order *order)
{
	struct map_owner owner = {
		.keys = &in->keys,
		.subject_columns = true,
	};

	TRY(intake_order_read(cx, node, order));
	owner.subject = order->subject;
	return intake_record(cx, in, table, node, &owner, &order->id);
}

static enum rc
take_order(struct cx *cx, struct intake *in, struct json node)
{
	struct intake_order order;

	TRY(take_row(cx, in, IN_ORDER, node, &order));
	TRY(take_all_lines(cx, in, node, &order));
	TRY(take_all_transactions(cx, in, node, &order));
	return take_all_refunds(cx, in, node, &order);
}

enum rc
intake_orders(struct cx *cx, struct intake *in, struct json nodes)
{
	size_t i;

	TRY(load_subjects(cx, in, nodes));
	for (i = 0; i < jlen(nodes); i++)
		if (jitem(nodes, i).node)
			TRY(take_order(cx, in, jitem(nodes, i)));
	return RC_OK;
}

static enum rc
take_parts(struct cx *cx, struct intake *in, struct json node)
{
	struct intake_order order;

	TRY(intake_order_read(cx, node, &order));
	TRY(take_all_transactions(cx, in, node, &order));
	return take_all_refunds(cx, in, node, &order);
}

enum rc
intake_order_parts(struct cx *cx, struct intake *in, struct json nodes)
{
	size_t i;

	TRY(load_subjects(cx, in, nodes));
	for (i = 0; i < jlen(nodes); i++)
		TRY(take_parts(cx, in, jitem(nodes, i)));
	return RC_OK;
}

static enum rc
take_stub(struct cx *cx, struct intake *in, struct json node)
{
	struct intake_order order;

	TRY(take_row(cx, in, IN_ORDER_STUB, node, &order));
	order.updated_at = NULL; /* whichever row there is */
	return take_all_transactions(cx, in, node, &order);
}

enum rc
intake_transactions(struct cx *cx, struct intake *in, struct json nodes)
{
	size_t i;

	TRY(load_subjects(cx, in, nodes));
	for (i = 0; i < jlen(nodes); i++)
		if (jitem(nodes, i).node)
			TRY(take_stub(cx, in, jitem(nodes, i)));
	return RC_OK;
}
