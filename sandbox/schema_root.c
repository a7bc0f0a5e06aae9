/* Where a query or a mutation begins. */
#include <string.h>

#include "page.h"
#include "run.h"
#include "schema.h"
#include "search.h"

#define ARGS_SEARCH(keys, by)                                                  \
	ARGS_PAGE ", query: String, savedSearchId: ID, sortKey: " keys " ="    \
		  " " by
#define ARGS_COUNT "limit: Int = 10000, query: String, savedSearchId: ID"
#define ARGS_ID "id: ID!"
#define ARGS_HOOK(which)                                                       \
	which ", webhookSubscription: WebhookSubscriptionInput!"
#define ARGS_HOOKS                                                             \
	ARGS_PAGE ", callbackUrl: URL, format: WebhookSubscriptionFormat, "    \
		  "sortKey: WebhookSubscriptionSortKeys = CREATED_AT, "        \
		  "topics: [WebhookSubscriptionTopic!], uri: String"

/* ---- one thing by its id */

/* A node's type, and where its kind lies. */
static const struct {
	const char *type;
	enum stock stock;
} nodes[] = {
	{ "Product", STOCK_PRODUCT },
	{ "ProductVariant", STOCK_VARIANT },
	{ "Order", STOCK_ORDER },
	{ "Customer", STOCK_CUSTOMER },
	{ "Refund", STOCK_REFUND },
	{ "LineItem", STOCK_LINE },
	{ "OrderTransaction", STOCK_TRANSACTION },
};

/* gid://shopify/Type/number, with or without ?parameters behind. */
static bool
read_gid(struct cx *cx, const char *gid, const char **type, int64_t *id)
{
	struct slice rest = slice_of(gid), part;
	size_t i;

	for (i = 0; i < 4; i++)
		if (!text_next(&rest, '/', &part))
			return false;
	if (!text_starts(gid, "gid://shopify/"))
		return false;
	*type = text_of(cx->mem, part);
	return text_next(&rest, '?', &part) &&
	       text_int(text_of(cx->mem, part), 1, INT64_MAX, id);
}

/* The order a thing belongs to; NULL where it belongs to none. */
static const struct order *
order_of(enum stock stock, const void *thing)
{
	if (stock == STOCK_ORDER)
		return thing;
	if (stock == STOCK_REFUND)
		return ((const struct refund *)thing)->order;
	if (stock == STOCK_TRANSACTION)
		return ((const struct transaction *)thing)->order;
	return stock == STOCK_LINE ? ((const struct line *)thing)->order : NULL;
}

/* The thing, or a null when there is none that this token sees. */
static struct value
find_node(struct run *run, const char *type, int64_t id)
{
	const struct order *order;
	const void *thing;
	struct value v;
	size_t i;

	for (i = 0; i < sizeof(nodes) / sizeof(nodes[0]); i++)
		if (text_same(nodes[i].type, type))
			break;
	if (i == sizeof(nodes) / sizeof(nodes[0]))
		return value_null();
	thing = stock_find(run->shop, nodes[i].stock, id);
	order = thing ? order_of(nodes[i].stock, thing) : NULL;
	if (order != NULL && !run_sees(run, order))
		return value_null();
	v = value_object(thing);
	v.type = types_find(type);
	return v;
}

/* Of one type only: a gid of another is an error, as is what is none. */
static struct value
find_by_id(struct run *run, const struct plan_field *f)
{
	const char *gid = plan_text(f, "id"), *type;
	struct value v;
	int64_t id;

	if (!read_gid(run->cx, gid, &type, &id))
		return run_refuse(run, "argumentLiteralsIncompatible",
		    text_fmt(run->cx->mem, "Invalid global id '%s'", gid));
	if (!text_same(type, f->field->of->name))
		return run_refuse(run, "RESOURCE_NOT_FOUND", "invalid id");
	v = find_node(run, type, id);
	v.type = NULL;
	return v;
}

static struct value
by_id(struct run *run, const void *object, const struct plan_field *f)
{
	(void)object;
	return find_by_id(run, f);
}

static struct value
node(struct run *run, const void *object, const struct plan_field *f)
{
	const char *gid = plan_text(f, "id"), *type;
	int64_t id;

	(void)object;
	if (!read_gid(run->cx, gid, &type, &id))
		return run_refuse(run, "argumentLiteralsIncompatible",
		    text_fmt(run->cx->mem, "Invalid global id '%s'", gid));
	return find_node(run, type, id);
}

static struct value
node_list(struct run *run, const void *object, const struct plan_field *f)
{
	const struct literal *ids = plan_arg(f, "ids");
	const struct type **types;
	const void **items;
	const char *type;
	struct value v;
	int64_t id;
	size_t i;

	(void)object;
	if (ids->n > PAGE_FIRST_MAX)
		return run_refuse(run, "MAX_INPUT_SIZE_EXCEEDED",
		    "The input array size is greater than the maximum "
		    "allowed of 250.");
	items = ARENA_ARRAY(run->cx->mem, const void *, ids->n + 1);
	types = ARENA_ARRAY(run->cx->mem, const struct type *, ids->n + 1);
	for (i = 0; i < ids->n; i++) {
		if (!read_gid(run->cx, ids->items[i].text, &type, &id))
			return run_refuse(run, "argumentLiteralsIncompatible",
			    text_fmt(run->cx->mem, "Invalid global id '%s'",
				ids->items[i].text));
		v = find_node(run, type, id);
		items[i] = v.object;
		types[i] = v.type;
	}
	v = value_list((struct list){ items, ids->n });
	v.types = types;
	return v;
}

/* ---- lists and counts */

static struct list
seen_orders(struct run *run, struct list all)
{
	const void **items;
	size_t i, n = 0;

	if (run->app->all_orders)
		return all;
	items = ARENA_ARRAY(run->cx->mem, const void *, all.n + 1);
	for (i = 0; i < all.n; i++)
		if (run_sees(run, all.items[i]))
			items[n++] = all.items[i];
	return (struct list){ items, n };
}

static struct list
searched(struct run *run, enum stock stock, const struct sort *sort,
    const struct plan_field *f)
{
	struct list all = sort_view(run->shop, sort);

	if (stock == STOCK_ORDER)
		all = seen_orders(run, all);
	return search_list(run, stock, all, plan_text(f, "query"));
}

static struct value
list_of(struct run *run, enum stock stock, const struct plan_field *f)
{
	const struct sort *sort = sort_find(stock, plan_text(f, "sortKey"));

	return page_of(run, searched(run, stock, sort, f), sort, f);
}

static struct value
products(struct run *run, const void *object, const struct plan_field *f)
{
	(void)object;
	return list_of(run, STOCK_PRODUCT, f);
}

static struct value
variants(struct run *run, const void *object, const struct plan_field *f)
{
	(void)object;
	return list_of(run, STOCK_VARIANT, f);
}

static struct value
orders(struct run *run, const void *object, const struct plan_field *f)
{
	(void)object;
	return list_of(run, STOCK_ORDER, f);
}

static struct value
customers(struct run *run, const void *object, const struct plan_field *f)
{
	(void)object;
	return list_of(run, STOCK_CUSTOMER, f);
}

/* `limit: null` counts on to the end. */
static struct value
limited(struct run *run, size_t n, const struct plan_field *f)
{
	const int64_t limit = plan_int(f, "limit", INT64_MAX);
	struct count *c = ARENA_NEW(run->cx->mem, struct count);

	c->count = (int64_t)n < limit ? (int64_t)n : limit;
	c->precision = (int64_t)n > limit ? "AT_LEAST" : "EXACT";
	return value_object(c);
}

static struct value
count_of(struct run *run, enum stock stock, const struct plan_field *f)
{
	return limited(
	    run, searched(run, stock, sort_find(stock, "ID"), f).n, f);
}

static struct value
products_count(struct run *run, const void *object, const struct plan_field *f)
{
	(void)object;
	return count_of(run, STOCK_PRODUCT, f);
}

/* It ignores its filter without a word, as the real one does. */
static struct value
variants_count(struct run *run, const void *object, const struct plan_field *f)
{
	(void)object;
	return limited(run, run->shop->all[STOCK_VARIANT].n, f);
}

static struct value
orders_count(struct run *run, const void *object, const struct plan_field *f)
{
	(void)object;
	return count_of(run, STOCK_ORDER, f);
}

static struct value
customers_count(struct run *run, const void *object, const struct plan_field *f)
{
	(void)object;
	return count_of(run, STOCK_CUSTOMER, f);
}

static struct type_field root_fields[] = {
	F_CALL("shop", "Shop!", shop_itself),
	F_CALL("currentAppInstallation", "AppInstallation!", installation),
	F_CALL("publicApiVersions", "[ApiVersion!]!", api_versions),
	F_CALL("node", "Node", node, .args_text = ARGS_ID),
	F_CALL("nodes", "[Node]!", node_list, .args_text = "ids: [ID!]!"),
	F_CALL("product", "Product", by_id, .args_text = ARGS_ID),
	F_CALL("productVariant", "ProductVariant", by_id, .args_text = ARGS_ID),
	F_CALL("order", "Order", by_id, .args_text = ARGS_ID),
	F_CALL("refund", "Refund", by_id, .args_text = ARGS_ID),
	F_CALL("customer", "Customer", by_id, .args_text = ARGS_ID),
	F_CALL("products", "ProductConnection!", products,
	    .args_text = ARGS_SEARCH("ProductSortKeys", "ID")),
	F_CALL("productVariants", "ProductVariantConnection!", variants,
	    .args_text = ARGS_SEARCH("ProductVariantSortKeys", "ID")),
	F_CALL("orders", "OrderConnection!", orders,
	    .args_text = ARGS_SEARCH("OrderSortKeys", "PROCESSED_AT")),
	F_CALL("customers", "CustomerConnection!", customers,
	    .args_text =
		ARGS_PAGE ", query: String, sortKey: CustomerSortKeys = ID"),
	F_CALL("productsCount", "Count", products_count,
	    .args_text = ARGS_COUNT, .scope = "read_products"),
	F_CALL("productVariantsCount", "Count", variants_count,
	    .args_text = "limit: Int = 10000, query: String",
	    .scope = "read_products"),
	F_CALL("ordersCount", "Count", orders_count, .args_text = ARGS_COUNT,
	    .scope = "read_orders"),
	F_CALL("customersCount", "Count", customers_count,
	    .args_text = "limit: Int = 10000, query: String",
	    .scope = "read_customers"),
	F_CALL("webhookSubscriptions", "WebhookSubscriptionConnection!",
	    hook_list, .args_text = ARGS_HOOKS),
	F_CALL("webhookSubscriptionsCount", "Count", hook_count,
	    .args_text = "limit: Int = 10000"),
	F_CALL("webhookSubscription", "WebhookSubscription", hook_one,
	    .args_text = ARGS_ID),
	F_CALL(
	    "bulkOperation", "BulkOperation", bulk_one, .args_text = ARGS_ID),
	F_CALL("currentBulkOperation", "BulkOperation", bulk_current,
	    .args_text = "type: BulkOperationType = QUERY"),
	F_CALL("bulkOperations", "BulkOperationConnection!", bulk_list,
	    .args_text =
		ARGS_PAGE ", query: String, sortKey: BulkOperationsSortKeys = "
			  "CREATED_AT"),
	F_END,
};

static struct type_field mutation_fields[] = {
	F_CALL("productUpdate", "ProductUpdatePayload", product_update,
	    .args_text = "product: ProductUpdateInput",
	    .scope = "write_products"),
	F_CALL("webhookSubscriptionCreate", "WebhookSubscriptionCreatePayload",
	    hook_create,
	    .args_text = ARGS_HOOK("topic: "
				   "WebhookSubscriptionTopic!")),
	F_CALL("webhookSubscriptionUpdate", "WebhookSubscriptionUpdatePayload",
	    hook_update, .args_text = ARGS_HOOK(ARGS_ID)),
	F_CALL("webhookSubscriptionDelete", "WebhookSubscriptionDeletePayload",
	    hook_delete, .args_text = ARGS_ID),
	F_CALL("bulkOperationRunQuery", "BulkOperationRunQueryPayload",
	    bulk_run,
	    .args_text = "groupObjects: Boolean! = false, query: String!"),
	F_CALL("bulkOperationCancel", "BulkOperationCancelPayload", bulk_cancel,
	    .args_text = ARGS_ID),
	F_END,
};

struct type root_types[] = {
	{ .name = "QueryRoot",
	    .kind = TYPE_OBJECT,
	    .fields = root_fields,
	    .free = true },
	{ .name = "Mutation",
	    .kind = TYPE_OBJECT,
	    .fields = mutation_fields,
	    .free = true },
	{ .name = NULL },
};
