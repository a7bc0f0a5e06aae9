/* Which topic has which body, and what all bodies are written with. */
#include "payload.h"
#include "money.h"
#include "wire.h"

static payload_fn write_edit, write_privacy, write_data_request, write_redact;

static const struct payload_row rows[] = {
	{ "products/create", payload_product, STOCK_PRODUCT, "Product" },
	{ "products/update", payload_product, STOCK_PRODUCT, "Product" },
	{ "products/delete", payload_id, STOCK_PRODUCT, "Product" },
	{ "orders/create", payload_order, STOCK_ORDER, "Order" },
	{ "orders/updated", payload_order, STOCK_ORDER, "Order" },
	{ "orders/paid", payload_order, STOCK_ORDER, "Order" },
	{ "orders/cancelled", payload_order, STOCK_ORDER, "Order" },
	{ "orders/fulfilled", payload_order, STOCK_ORDER, "Order" },
	{ "orders/partially_fulfilled", payload_order, STOCK_ORDER, "Order" },
	{ "orders/edited", write_edit, STOCK_ORDER, "Order" },
	{ "orders/delete", payload_id, STOCK_ORDER, "Order" },
	{ "order_transactions/create", payload_transaction, STOCK_TRANSACTION,
	    NULL },
	{ "refunds/create", payload_refund, STOCK_REFUND, NULL },
	{ "customers/create", payload_customer, STOCK_CUSTOMER, "Customer" },
	{ "customers/update", payload_customer, STOCK_CUSTOMER, "Customer" },
	{ "customers/enable", payload_customer, STOCK_CUSTOMER, "Customer" },
	{ "customers/disable", payload_customer, STOCK_CUSTOMER, "Customer" },
	{ "customers/delete", payload_id, STOCK_CUSTOMER, "Customer" },
	{ "customers/data_request", write_data_request, STOCK_CUSTOMER, NULL },
	{ "customers/redact", write_redact, STOCK_CUSTOMER, NULL },
	{ "shop/redact", write_privacy, STOCK_COUNT, NULL },
	{ "shop/update", payload_shop, STOCK_COUNT, NULL },
	{ "app/uninstalled", payload_shop, STOCK_COUNT, NULL },
	{ .topic = NULL },
};

const struct payload_row *
payload_find(const char *topic)
{
	const struct payload_row *r;

	for (r = rows; r->topic != NULL; r++)
		if (text_same(r->topic, topic))
			return r;
	return NULL;
}

/* ---- parts */

void
payload_time(const struct payload *p, const char *name, int64_t at)
{
	jw_text(p->w, name, wire_time(p->mem, at, p->shop->offset_minutes));
}

void
payload_money(const struct payload *p, const char *name, int64_t cents)
{
	jw_text(
	    p->w, name, cents == NO_MONEY ? NULL : money_text(p->mem, cents));
}

static void
write_amount(const struct payload *p, const char *name, const struct amount *a)
{
	jw_object(p->w, name);
	payload_money(p, "amount", a->cents);
	jw_text(p->w, "currency_code", a->currency);
	jw_close(p->w);
}

void
payload_bag(const struct payload *p, const char *name, const struct bag *bag)
{
	jw_object(p->w, text_fmt(p->mem, "%s_set", name));
	write_amount(p, "shop_money", &bag->shop);
	write_amount(p, "presentment_money", &bag->presentment);
	jw_close(p->w);
}

void
payload_word(const struct payload *p, const char *name, const char *word)
{
	jw_text(p->w, name, word ? text_lower(p->mem, word) : NULL);
}

void
payload_tags(const struct payload *p, struct texts tags)
{
	struct buf b = buf_new(p->mem, 64 << 10);
	size_t i;

	for (i = 0; i < tags.n; i++) {
		buf_add(&b, i > 0 ? ", " : "");
		buf_add(&b, tags.items[i]);
	}
	jw_text(p->w, "tags", buf_text(&b));
}

void
payload_gid(const struct payload *p, const char *type, int64_t id)
{
	jw_text(p->w, "admin_graphql_api_id",
	    text_fmt(p->mem, "gid://shopify/%s/%lld", type, (long long)id));
}

void
payload_personal(const struct payload *p, const char *name, const char *text)
{
	jw_text(p->w, name, p->personal ? text : NULL);
}

void
payload_address(
    const struct payload *p, const char *name, const struct address *a)
{
	if (a == NULL || !p->personal) {
		jw_null(p->w, name);
		return;
	}
	jw_object(p->w, name);
	jw_null(p->w, "first_name");
	jw_null(p->w, "last_name");
	jw_null(p->w, "address1");
	jw_text(p->w, "city", a->city);
	jw_text(p->w, "zip", a->zip);
	jw_null(p->w, "province");
	jw_text(p->w, "province_code", a->province_code);
	jw_text(p->w, "country_code", a->country_code);
	jw_close(p->w);
}

/* ---- small bodies */

void
payload_id(const struct payload *p, const void *thing)
{
	jw_int(p->w, "id", ((const struct thing *)thing)->id);
}

static void
write_edit(const struct payload *p, const void *thing)
{
	const struct order *o = thing;

	jw_object(p->w, "order_edit");
	jw_int(p->w, "id", o->thing.id + 1);
	jw_int(p->w, "app_id", 1357913579);
	payload_time(p, "created_at", o->thing.updated_at);
	payload_time(p, "committed_at", o->thing.updated_at);
	jw_bool(p->w, "notify_customer", false);
	jw_int(p->w, "order_id", o->thing.id);
	jw_null(p->w, "staff_note");
	jw_close(p->w);
}

/* ---- what the law asks for (shopify.md 3.5) */

static void
write_privacy(const struct payload *p, const void *thing)
{
	(void)thing;
	jw_int(p->w, "shop_id", p->shop->thing.id);
	jw_text(p->w, "shop_domain", p->shop->domain);
}

static void
write_subject(const struct payload *p, const struct customer *c)
{
	jw_object(p->w, "customer");
	jw_int(p->w, "id", c->thing.id);
	payload_personal(p, "email", c->email);
	payload_personal(p, "phone", c->phone);
	jw_close(p->w);
}

static void
write_orders(
    const struct payload *p, const char *name, const struct customer *c)
{
	const struct list *all = &p->shop->all[STOCK_ORDER];
	const struct order *o;
	size_t i;

	jw_list(p->w, name);
	for (i = 0; i < all->n; i++) {
		o = all->items[i];
		if (o->customer == c)
			jw_int(p->w, NULL, o->thing.id);
	}
	jw_close(p->w);
}

static void
write_data_request(const struct payload *p, const void *thing)
{
	write_privacy(p, thing);
	write_orders(p, "orders_requested", thing);
	write_subject(p, thing);
	jw_object(p->w, "data_request");
	jw_int(p->w, "id", ((const struct thing *)thing)->id % 100000);
	jw_close(p->w);
}

static void
write_redact(const struct payload *p, const void *thing)
{
	write_privacy(p, thing);
	write_subject(p, thing);
	write_orders(p, "orders_to_redact", thing);
}
