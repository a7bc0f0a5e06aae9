/* Orders, and what comes of them alone: transactions and refunds. */
#include "payload.h"

enum { APP_ID = 1357913579 };

/* ---- lines */

static void
write_ids(const struct payload *p, const struct line *l)
{
	if (l->product != NULL)
		jw_int(p->w, "product_id", l->product->thing.id);
	else
		jw_null(p->w, "product_id");
	if (l->variant != NULL)
		jw_int(p->w, "variant_id", l->variant->thing.id);
	else
		jw_null(p->w, "variant_id");
}

static void
write_line(const struct payload *p, const char *name, const struct line *l)
{
	struct jw *w = p->w;

	jw_object(w, name);
	jw_int(w, "id", l->thing.id);
	payload_gid(p, "LineItem", l->thing.id);
	write_ids(p, l);
	jw_text(w, "title", l->title);
	jw_text(w, "variant_title", l->variant_title);
	jw_text(w, "name", l->name);
	jw_text(w, "sku", l->sku);
	jw_text(w, "vendor", l->vendor);
	jw_int(w, "quantity", l->quantity);
	jw_int(w, "current_quantity", l->current_quantity);
	payload_money(p, "price", l->unit_price.shop.cents);
	payload_bag(p, "price", &l->unit_price);
	payload_money(p, "total_discount", l->total_discount.shop.cents);
	payload_bag(p, "total_discount", &l->total_discount);
	jw_bool(w, "taxable", l->taxable);
	jw_bool(w, "requires_shipping", l->requires_shipping);
	jw_bool(w, "gift_card", l->is_gift_card);
	jw_list(w, "tax_lines");
	jw_close(w);
	jw_close(w);
}

static void
write_lines(const struct payload *p, const struct order *o)
{
	size_t i;

	jw_list(p->w, "line_items");
	for (i = 0; i < o->lines.n; i++)
		write_line(p, NULL, o->lines.items[i]);
	jw_close(p->w);
}

/* ---- transactions and refunds */

void
payload_transaction(const struct payload *p, const void *thing)
{
	const struct transaction *t = thing;
	struct jw *w = p->w;

	jw_int(w, "id", t->thing.id);
	payload_gid(p, "OrderTransaction", t->thing.id);
	jw_int(w, "order_id", t->order->thing.id);
	payload_word(p, "kind", t->kind);
	jw_text(w, "gateway", t->gateway);
	payload_word(p, "status", t->status);
	jw_null(w, "message");
	payload_time(p, "created_at", t->thing.created_at);
	jw_bool(w, "test", t->test);
	if (t->parent != NULL)
		jw_int(w, "parent_id", t->parent->thing.id);
	else
		jw_null(w, "parent_id");
	payload_time(p, "processed_at", t->processed_at);
	payload_word(p, "error_code", t->error_code);
	jw_text(w, "source_name", "web");
	jw_text(w, "payment_id", t->payment_id);
	payload_money(p, "amount", t->amount.shop.cents);
	jw_text(w, "currency", t->amount.shop.currency);
}

static void
write_refund_line(const struct payload *p, const struct refund_line *l)
{
	jw_object(p->w, NULL);
	jw_int(p->w, "id", l->id);
	jw_int(p->w, "line_item_id", l->line->thing.id);
	jw_int(p->w, "quantity", l->quantity);
	payload_word(p, "restock_type", l->restock_type);
	payload_money(p, "subtotal", l->subtotal.shop.cents);
	payload_bag(p, "subtotal", &l->subtotal);
	payload_money(p, "total_tax", l->total_tax.shop.cents);
	payload_bag(p, "total_tax", &l->total_tax);
	write_line(p, "line_item", l->line);
	jw_close(p->w);
}

void
payload_refund(const struct payload *p, const void *thing)
{
	const struct refund *r = thing;
	size_t i;

	jw_int(p->w, "id", r->thing.id);
	payload_gid(p, "Refund", r->thing.id);
	jw_int(p->w, "order_id", r->order->thing.id);
	payload_time(p, "created_at", r->thing.created_at);
	payload_time(p, "processed_at", r->processed_at);
	jw_text(p->w, "note", r->note);
	jw_list(p->w, "refund_line_items");
	for (i = 0; i < r->lines.n; i++)
		write_refund_line(p, r->lines.items[i]);
	jw_close(p->w);
	jw_list(p->w, "transactions");
	for (i = 0; i < r->transactions.n; i++) {
		jw_object(p->w, NULL);
		payload_transaction(p, r->transactions.items[i]);
		jw_close(p->w);
	}
	jw_close(p->w);
}

static void
write_refunds(const struct payload *p, const struct order *o)
{
	size_t i;

	jw_list(p->w, "refunds");
	for (i = 0; i < o->refunds.n; i++) {
		jw_object(p->w, NULL);
		payload_refund(p, o->refunds.items[i]);
		jw_close(p->w);
	}
	jw_close(p->w);
}

/* ---- the order */

/* REST says null for what nobody has begun to send. */
static void
write_fulfillment(const struct payload *p, const struct order *o)
{
	if (text_same(o->fulfillment_status, "FULFILLED"))
		jw_text(p->w, "fulfillment_status", "fulfilled");
	else if (text_same(o->fulfillment_status, "PARTIALLY_FULFILLED"))
		jw_text(p->w, "fulfillment_status", "partial");
	else
		jw_null(p->w, "fulfillment_status");
}

static void
write_prices(const struct payload *p, const struct order *o)
{
	const struct {
		const char *name;
		const struct bag *bag;
	} all[] = {
		{ "total_price", &o->total },
		{ "subtotal_price", &o->subtotal },
		{ "total_tax", &o->tax },
		{ "total_discounts", &o->discounts },
		{ "total_line_items_price", &o->subtotal },
		{ "current_total_price", &o->current_total },
	};
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		payload_money(p, all[i].name, all[i].bag->shop.cents);
		payload_bag(p, all[i].name, all[i].bag);
	}
	payload_bag(p, "total_shipping_price", &o->shipping_price);
}

static void
write_texts(const struct payload *p, const char *name, struct texts texts)
{
	size_t i;

	jw_list(p->w, name);
	for (i = 0; i < texts.n; i++)
		jw_text(p->w, NULL, texts.items[i]);
	jw_close(p->w);
}

static void
write_codes(const struct payload *p, const struct order *o)
{
	size_t i;

	jw_list(p->w, "discount_codes");
	for (i = 0; i < o->discount_codes.n; i++) {
		jw_object(p->w, NULL);
		jw_text(p->w, "code", o->discount_codes.items[i]);
		jw_text(p->w, "type", "percentage");
		jw_close(p->w);
	}
	jw_close(p->w);
}

static void
write_times(const struct payload *p, const struct order *o)
{
	payload_time(p, "created_at", o->thing.created_at);
	payload_time(p, "processed_at", o->processed_at);
	payload_time(p, "updated_at", o->thing.updated_at);
	payload_time(p, "cancelled_at", o->cancelled_at);
	payload_time(p, "closed_at", o->closed_at);
}

static void
write_buyer(const struct payload *p, const struct order *o)
{
	payload_personal(p, "email", o->email);
	payload_personal(p, "contact_email", o->email);
	payload_personal(p, "phone", o->phone);
	payload_address(p, "billing_address", o->billing);
	payload_address(p, "shipping_address", o->shipping);
	if (o->customer == NULL) {
		jw_null(p->w, "customer");
		return;
	}
	jw_object(p->w, "customer");
	payload_customer(p, o->customer);
	jw_close(p->w);
}

static void
write_empty(const struct payload *p, const char *name)
{
	jw_list(p->w, name);
	jw_close(p->w);
}

static void
write_state(const struct payload *p, const struct order *o)
{
	struct jw *w = p->w;

	jw_text(w, "note", o->note);
	payload_tags(p, o->tags);
	jw_bool(w, "test", o->test);
	jw_bool(w, "confirmed", o->confirmed);
	jw_text(w, "confirmation_number", o->confirmation_number);
	jw_text(w, "checkout_token", o->checkout_token);
	jw_text(w, "currency", o->currency);
	jw_text(w, "presentment_currency", o->presentment_currency);
	payload_word(p, "financial_status", o->financial_status);
	write_fulfillment(p, o);
	payload_word(p, "cancel_reason", o->cancel_reason);
	jw_text(w, "source_name", o->source_name);
	jw_text(w, "customer_locale", o->customer_locale);
	jw_bool(w, "buyer_accepts_marketing", false);
	jw_bool(w, "taxes_included", o->taxes_included);
}

void
payload_order(const struct payload *p, const void *thing)
{
	const struct order *o = thing;

	jw_int(p->w, "id", o->thing.id);
	payload_gid(p, "Order", o->thing.id);
	jw_int(p->w, "app_id", APP_ID);
	jw_text(p->w, "name", o->name);
	jw_int(p->w, "number", o->number - 1000);
	jw_int(p->w, "order_number", o->number);
	write_times(p, o);
	write_state(p, o);
	write_prices(p, o);
	write_codes(p, o);
	write_texts(p, "payment_gateway_names", o->gateways);
	write_empty(p, "tax_lines");
	write_buyer(p, o);
	write_lines(p, o);
	write_empty(p, "shipping_lines");
	write_empty(p, "fulfillments");
	write_refunds(p, o);
}
