/* A webhook's payload in the Admin API's shape, for the one mapper. */
#include "app/payload.h"

enum { NODES_MAX_BYTES = 4 << 20 };

/* How REST writes what GraphQL writes otherwise. */
enum how {
	AS_IT_IS,
	AS_UPPER, /* "active" -> "ACTIVE" */
	AS_TAGS, /* "a, b" -> ["a","b"] */
	AS_CODES, /* [{code}] -> [code] */
	AS_FULFILLED, /* null -> UNFULFILLED, "partial" -> PARTIALLY_FULFILLED
		       */
	AS_SET, /* "2026-..." -> true, null -> false */
	AS_GID, /* 1 -> gid://shopify/TYPE/1 */
	AS_LINK, /* 1 -> {id: gid://shopify/TYPE/1} */
	AS_MONEY, /* {shop_money: {amount, currency_code}, ...} -> a MoneyBag */
	AS_OBJECT, /* an object of `members` */
	AS_LIST, /* [...] of `members` */
	AS_NODES /* [...] -> {nodes: [...]} of `members`: all there are */
};

struct member {
	const char *name;
	const char *from; /* in the payload; "": the object itself */
	enum how how;
	const char *type; /* of a gid */
	const struct member *members;
};

/* clang-format off */
#define SAME(name, from) { name, from, AS_IT_IS, NULL, NULL }
#define LIKE(name, from, how) { name, from, how, NULL, NULL }
#define GID(name, from, type) { name, from, AS_GID, type, NULL }
#define LINK(name, from, type) { name, from, AS_LINK, type, NULL }
#define DEEP(name, from, how, members) { name, from, how, NULL, members }
#define END { NULL, NULL, AS_IT_IS, NULL, NULL }

static const struct member variant[] = {
	GID("id", "id", "ProductVariant"),
	SAME("title", "title"),
	SAME("sku", "sku"),
	SAME("barcode", "barcode"),
	SAME("position", "position"),
	SAME("price", "price"),
	SAME("compareAtPrice", "compare_at_price"),
	SAME("taxable", "taxable"),
	LIKE("inventoryPolicy", "inventory_policy", AS_UPPER),
	SAME("inventoryQuantity", "inventory_quantity"),
	LINK("inventoryItem", "inventory_item_id", "InventoryItem"),
	SAME("createdAt", "created_at"),
	SAME("updatedAt", "updated_at"),
	END
};
static const struct member option[] = {
	GID("id", "id", "ProductOption"),
	SAME("name", "name"),
	SAME("position", "position"),
	SAME("values", "values"),
	END
};
static const struct member product[] = {
	GID("id", "id", "Product"),
	SAME("title", "title"),
	SAME("handle", "handle"),
	SAME("descriptionHtml", "body_html"),
	SAME("vendor", "vendor"),
	SAME("productType", "product_type"),
	LIKE("status", "status", AS_UPPER),
	LIKE("tags", "tags", AS_TAGS),
	SAME("createdAt", "created_at"),
	SAME("updatedAt", "updated_at"),
	SAME("publishedAt", "published_at"),
	DEEP("options", "options", AS_LIST, option),
	DEEP("variants", "variants", AS_NODES, variant),
	END
};

static const struct member email[] = {
	SAME("emailAddress", "email"),
	LIKE("marketingState", "email_marketing_consent.state", AS_UPPER),
	LIKE("marketingOptInLevel",
	    "email_marketing_consent.opt_in_level", AS_UPPER),
	SAME("marketingUpdatedAt",
	    "email_marketing_consent.consent_updated_at"),
	END
};
static const struct member sms[] = {
	LIKE("state", "sms_marketing_consent.state", AS_UPPER),
	LIKE("optInLevel", "sms_marketing_consent.opt_in_level", AS_UPPER),
	SAME("updatedAt", "sms_marketing_consent.consent_updated_at"),
	END
};
static const struct member phone[] = {
	SAME("phoneNumber", "phone"),
	DEEP("smsMarketingConsent", "", AS_OBJECT, sms),
	END
};
static const struct member home[] = {
	GID("id", "id", "MailingAddress"),
	SAME("city", "city"),
	SAME("provinceCode", "province_code"),
	SAME("countryCodeV2", "country_code"),
	SAME("zip", "zip"),
	END
};
static const struct member spent[] = {
	SAME("amount", "total_spent"),
	SAME("currencyCode", "currency"),
	END
};
static const struct member customer[] = {
	GID("id", "id", "Customer"),
	SAME("firstName", "first_name"),
	SAME("lastName", "last_name"),
	LIKE("state", "state", AS_UPPER),
	SAME("verifiedEmail", "verified_email"),
	SAME("taxExempt", "tax_exempt"),
	LIKE("tags", "tags", AS_TAGS),
	SAME("note", "note"),
	SAME("numberOfOrders", "orders_count"),
	SAME("createdAt", "created_at"),
	SAME("updatedAt", "updated_at"),
	DEEP("defaultEmailAddress", "", AS_OBJECT, email),
	DEEP("defaultPhoneNumber", "", AS_OBJECT, phone),
	DEEP("defaultAddress", "default_address", AS_OBJECT, home),
	DEEP("amountSpent", "", AS_OBJECT, spent),
	END
};

static const struct member place[] = {
	SAME("countryCodeV2", "country_code"),
	SAME("provinceCode", "province_code"),
	END
};
static const struct member line[] = {
	GID("id", "id", "LineItem"),
	SAME("name", "name"),
	SAME("title", "title"),
	SAME("variantTitle", "variant_title"),
	SAME("sku", "sku"),
	SAME("vendor", "vendor"),
	SAME("quantity", "quantity"),
	SAME("currentQuantity", "current_quantity"),
	SAME("requiresShipping", "requires_shipping"),
	SAME("taxable", "taxable"),
	SAME("isGiftCard", "gift_card"),
	LINK("product", "product_id", "Product"),
	LINK("variant", "variant_id", "ProductVariant"),
	LIKE("originalUnitPriceSet", "price_set", AS_MONEY),
	LIKE("totalDiscountSet", "total_discount_set", AS_MONEY),
	END
};
static const struct member refund_line[] = {
	GID("id", "id", "RefundLineItem"),
	SAME("quantity", "quantity"),
	LIKE("restockType", "restock_type", AS_UPPER),
	LINK("lineItem", "line_item_id", "LineItem"),
	LIKE("subtotalSet", "subtotal_set", AS_MONEY),
	LIKE("totalTaxSet", "total_tax_set", AS_MONEY),
	END
};
static const struct member refund[] = {
	GID("id", "id", "Refund"),
	SAME("note", "note"),
	SAME("createdAt", "created_at"),
	SAME("processedAt", "processed_at"),
	DEEP("refundLineItems", "refund_line_items", AS_NODES, refund_line),
	END
};
/* Amounts are left out: REST does not say whose currency they are in. */
static const struct member transaction[] = {
	GID("id", "id", "OrderTransaction"),
	LIKE("kind", "kind", AS_UPPER),
	LIKE("status", "status", AS_UPPER),
	SAME("gateway", "gateway"),
	SAME("test", "test"),
	LIKE("errorCode", "error_code", AS_UPPER),
	SAME("paymentId", "payment_id"),
	LINK("parentTransaction", "parent_id", "OrderTransaction"),
	SAME("createdAt", "created_at"),
	SAME("processedAt", "processed_at"),
	END
};
static const struct member order[] = {
	GID("id", "id", "Order"),
	SAME("name", "name"),
	SAME("number", "order_number"),
	SAME("confirmationNumber", "confirmation_number"),
	SAME("checkoutToken", "checkout_token"),
	SAME("email", "email"),
	SAME("phone", "phone"),
	SAME("note", "note"),
	LIKE("tags", "tags", AS_TAGS),
	SAME("sourceName", "source_name"),
	SAME("test", "test"),
	SAME("confirmed", "confirmed"),
	LIKE("closed", "closed_at", AS_SET),
	LIKE("cancelReason", "cancel_reason", AS_UPPER),
	LIKE("displayFinancialStatus", "financial_status", AS_UPPER),
	LIKE("displayFulfillmentStatus", "fulfillment_status", AS_FULFILLED),
	SAME("currencyCode", "currency"),
	SAME("presentmentCurrencyCode", "presentment_currency"),
	SAME("taxesIncluded", "taxes_included"),
	LIKE("discountCodes", "discount_codes", AS_CODES),
	SAME("paymentGatewayNames", "payment_gateway_names"),
	SAME("customerLocale", "customer_locale"),
	LINK("customer", "customer.id", "Customer"),
	DEEP("billingAddress", "billing_address", AS_OBJECT, place),
	DEEP("shippingAddress", "shipping_address", AS_OBJECT, place),
	LIKE("subtotalPriceSet", "subtotal_price_set", AS_MONEY),
	LIKE("totalDiscountsSet", "total_discounts_set", AS_MONEY),
	LIKE("totalShippingPriceSet", "total_shipping_price_set", AS_MONEY),
	LIKE("totalTaxSet", "total_tax_set", AS_MONEY),
	LIKE("totalPriceSet", "total_price_set", AS_MONEY),
	LIKE("currentTotalPriceSet", "current_total_price_set", AS_MONEY),
	SAME("createdAt", "created_at"),
	SAME("processedAt", "processed_at"),
	SAME("updatedAt", "updated_at"),
	SAME("closedAt", "closed_at"),
	SAME("cancelledAt", "cancelled_at"),
	DEEP("lineItems", "line_items", AS_NODES, line),
	DEEP("refunds", "refunds", AS_LIST, refund),
	END
};

/* What comes alone, as a member of its order. */
static const struct member refund_alone[] = {
	GID("id", "order_id", "Order"),
	DEEP("refunds", "", AS_LIST, refund),
	DEEP("transactions", "transactions", AS_LIST, transaction),
	END
};
static const struct member transaction_alone[] = {
	GID("id", "order_id", "Order"),
	DEEP("transactions", "", AS_LIST, transaction),
	END
};
/* clang-format on */

/* ---- writing one */

static void write_members(
    struct jw *w, const struct member *members, struct json from);

static void
write_upper(struct jw *w, const char *name, struct json value)
{
	char *text = text_dup(w->out->mem, jtext_or(value, "", ""));
	char *p;

	for (p = text; *p; p++)
		if (*p >= 'a' && *p <= 'z')
			*p = (char)(*p - 'a' + 'A');
	jw_text(w, name, text);
}

static void
write_tags(struct jw *w, const char *name, struct json value)
{
	struct slice rest = slice_of(jtext_or(value, "", ""));
	struct slice tag;

	jw_list(w, name);
	while (text_next(&rest, ',', &tag)) {
		while (tag.n > 0 && tag.p[0] == ' ') {
			tag.p++;
			tag.n--;
		}
		if (tag.n > 0)
			jw_textn(w, NULL, tag);
	}
	jw_close(w);
}

static void
write_codes(struct jw *w, const char *name, struct json list)
{
	size_t i;

	jw_list(w, name);
	for (i = 0; i < jlen(list); i++)
		jw_text(w, NULL, jtext_or(jitem(list, i), "code", NULL));
	jw_close(w);
}

static void
write_fulfilled(struct jw *w, const char *name, struct json value)
{
	const char *word = jtext_or(value, "", NULL);

	if (!word)
		jw_text(w, name, "UNFULFILLED");
	else if (text_same(word, "partial"))
		jw_text(w, name, "PARTIALLY_FULFILLED");
	else
		write_upper(w, name, value);
}

static void
write_gid(struct jw *w, const char *name, const char *type, int64_t id)
{
	if (id > 0)
		jw_text(w, name,
		    text_fmt(w->out->mem, "gid://shopify/%s/%lld", type,
			(long long)id));
	else
		jw_null(w, name);
}

static void
write_link(struct jw *w, const char *name, const char *type, int64_t id)
{
	if (id <= 0) {
		jw_null(w, name);
		return;
	}
	jw_object(w, name);
	write_gid(w, "id", type, id);
	jw_close(w);
}

static void
write_side(struct jw *w, const char *name, struct json side)
{
	jw_object(w, name);
	jw_text(w, "amount", jtext_or(side, "amount", NULL));
	jw_text(w, "currencyCode", jtext_or(side, "currency_code", NULL));
	jw_close(w);
}

static void
write_money(struct jw *w, const char *name, struct json bag)
{
	jw_object(w, name);
	write_side(w, "shopMoney", jat(bag, "shop_money"));
	write_side(w, "presentmentMoney", jat(bag, "presentment_money"));
	jw_close(w);
}

static void
write_object(struct jw *w, const struct member *m, struct json value)
{
	jw_object(w, m->name);
	write_members(w, m->members, value);
	jw_close(w);
}

/* One that is no list is the only one of it. */
static void
write_list(
    struct jw *w, const char *name, const struct member *m, struct json value)
{
	const bool one = json_kind(value) != JSON_LIST;
	const size_t n = one ? 1 : jlen(value);
	size_t i;

	jw_list(w, name);
	for (i = 0; i < n; i++) {
		jw_object(w, NULL);
		write_members(w, m->members, one ? value : jitem(value, i));
		jw_close(w);
	}
	jw_close(w);
}

static void
write_nodes(struct jw *w, const struct member *m, struct json value)
{
	jw_object(w, m->name);
	write_list(w, "nodes", m, value);
	jw_close(w);
}

static void
write_member(struct jw *w, const struct member *m, struct json value)
{
	const int64_t id = jint_or(value, "", 0);

	if (m->how == AS_SET)
		jw_bool(w, m->name, value.node != NULL);
	else if (m->how == AS_FULFILLED)
		write_fulfilled(w, m->name, value);
	else if (!value.node)
		jw_null(w, m->name);
	else if (m->how == AS_UPPER)
		write_upper(w, m->name, value);
	else if (m->how == AS_TAGS)
		write_tags(w, m->name, value);
	else if (m->how == AS_CODES)
		write_codes(w, m->name, value);
	else if (m->how == AS_GID)
		write_gid(w, m->name, m->type, id);
	else if (m->how == AS_LINK)
		write_link(w, m->name, m->type, id);
	else if (m->how == AS_MONEY)
		write_money(w, m->name, value);
	else if (m->how == AS_OBJECT)
		write_object(w, m, value);
	else if (m->how == AS_LIST)
		write_list(w, m->name, m, value);
	else if (m->how == AS_NODES)
		write_nodes(w, m, value);
	else
		jw_json(w, m->name, value);
}

static void
write_members(struct jw *w, const struct member *members, struct json from)
{
	const struct member *m;

	for (m = members; m->name; m++)
		if (jhas(from, m->from))
			write_member(w, m, jat(from, m->from));
}

/* "Ada Canary", as Shopify shows a customer. */
static void
write_display(struct jw *w, struct json payload)
{
	const char *first = jtext_or(payload, "first_name", "");
	const char *last = jtext_or(payload, "last_name", "");

	if (!jhas(payload, "first_name"))
		return;
	if (*first || *last)
		jw_text(w, "displayName",
		    text_fmt(w->out->mem, "%s%s%s", first,
			*first && *last ? " " : "", last));
	else
		jw_null(w, "displayName");
}

/* ---- which */

static const struct member *
members_of(const struct topic *topic, struct json payload)
{
	const bool whole = text_same(topic->path, "id") &&
			   jat(payload, "updated_at").node != NULL;

	if (text_same(topic->name, "refunds/create"))
		return jat(payload, "id").node ? refund_alone : NULL;
	if (text_same(topic->name, "order_transactions/create"))
		return jat(payload, "id").node ? transaction_alone : NULL;
	if (!whole)
		return NULL;
	if (text_same(topic->type, "products"))
		return product;
	return text_same(topic->type, "orders") ? order : customer;
}

enum payload_is
payload_is(const struct topic *topic, struct json payload)
{
	const struct member *members = members_of(topic, payload);

	if (!members)
		return PAYLOAD_BARE;
	return members == refund_alone || members == transaction_alone
		   ? PAYLOAD_PARTS
		   : PAYLOAD_OBJECT;
}

enum rc
payload_nodes(struct cx *cx, const struct topic *topic, struct json payload,
    int64_t whose, struct json *out)
{
	const struct member *members = members_of(topic, payload);
	struct buf text = buf_new(cx->mem, NODES_MAX_BYTES);
	struct jw w = jw_new(&text);

	if (!members)
		return rc_fail(cx, RC_INPUT,
		    "the payload says which, not what it is like");
	jw_list(&w, NULL);
	jw_object(&w, NULL);
	write_members(&w, members, payload);
	if (text_same(topic->type, "orders") && !jhas(payload, "customer.id"))
		write_link(&w, "customer", "Customer", whose);
	if (members == customer)
		write_display(&w, payload);
	jw_close(&w);
	jw_close(&w);
	TRY(jw_end(&w));
	return json_read(cx, buf_slice(&text), NODES_MAX_BYTES, RC_INPUT, out);
}
