/* Orders, their lines, transactions and refunds. */
#include "run.h"
#include "schema.h"
#include "stock.h"

static struct value
transactions_count(
    struct run *run, const void *object, const struct plan_field *f)
{
	const struct order *o = object;

	(void)f;
	return run_count(run, (int64_t)o->transactions.n);
}

static struct value
unsettled(struct run *run, const void *object, const struct plan_field *f)
{
	const struct transaction *t = object;

	(void)run;
	(void)f;
	return value_object(t->unsettled.shop.currency ? &t->unsettled : NULL);
}

static struct value
application(struct run *run, const void *object, const struct plan_field *f)
{
	const struct discount *d = object;
	struct value v = value_object(d);

	(void)run;
	(void)f;
	v.type = types_find(
	    d->code ? "DiscountCodeApplication" : "ManualDiscountApplication");
	return v;
}

static struct type_field application_fields[] = {
	F_INT("index", "Int!", discount, index),
	F_END,
};

static struct type_field code_fields[] = {
	F_INT("index", "Int!", discount, index),
	F_TEXT("code", "String!", discount, code),
	F_END,
};

static struct type_field manual_fields[] = {
	F_INT("index", "Int!", discount, index),
	F_END,
};

static struct type_field allocation_fields[] = {
	F_PART("allocatedAmountSet", "MoneyBag!", discount, allocated),
	F_CALL("discountApplication", "DiscountApplication!", application),
	F_END,
};

static struct type_field line_fields[] = {
	F_ID("id", line, thing.id),
	F_TEXT("name", "String!", line, name),
	F_TEXT("title", "String!", line, title),
	F_TEXT("variantTitle", "String", line, variant_title),
	F_TEXT("sku", "String", line, sku),
	F_TEXT("vendor", "String", line, vendor),
	F_INT("quantity", "Int!", line, quantity),
	F_INT("currentQuantity", "Int!", line, current_quantity),
	F_INT("refundableQuantity", "Int!", line, refundable_quantity),
	F_INT("unfulfilledQuantity", "Int!", line, unfulfilled_quantity),
	F_BOOL("requiresShipping", "Boolean!", line, requires_shipping),
	F_BOOL("taxable", "Boolean!", line, taxable),
	F_BOOL("isGiftCard", "Boolean!", line, is_gift_card),
	F_LINK("product", "Product", line, product),
	F_LINK("variant", "ProductVariant", line, variant),
	F_PART("originalUnitPriceSet", "MoneyBag!", line, unit_price),
	F_PART("discountedTotalSet", "MoneyBag!", line, discounted_total,
	    .args_text = "withCodeDiscounts: Boolean = false"),
	F_PART("totalDiscountSet", "MoneyBag!", line, total_discount),
	F_LIST(
	    "discountAllocations", "[DiscountAllocation!]!", line, discounts),
	F_END,
};

static struct type_field fee_fields[] = {
	F_ID("id", fee, id),
	F_TEXT("type", "String!", fee, type),
	F_TEXT("rate", "Decimal!", fee, rate),
	F_PART("amount", "MoneyV2!", fee, amount),
	F_END,
};

static struct type_field transaction_fields[] = {
	F_ID("id", transaction, thing.id),
	F_TEXT("kind", "OrderTransactionKind!", transaction, kind),
	F_TEXT("status", "OrderTransactionStatus!", transaction, status),
	F_TEXT("gateway", "String", transaction, gateway),
	F_TEXT("formattedGateway", "String", transaction, formatted_gateway),
	F_BOOL("test", "Boolean!", transaction, test),
	F_TEXT(
	    "errorCode", "OrderTransactionErrorCode", transaction, error_code),
	F_TEXT("paymentId", "String", transaction, payment_id),
	F_BOOL("manualPaymentGateway", "Boolean!", transaction, manual),
	F_PART("amountSet", "MoneyBag!", transaction, amount),
	F_CALL("totalUnsettledSet", "MoneyBag", unsettled),
	F_LIST("fees", "[TransactionFee!]!", transaction, fees),
	F_LINK("parentTransaction", "OrderTransaction", transaction, parent),
	F_LINK("order", "Order", transaction, order),
	F_TIME("createdAt", "DateTime!", transaction, thing.created_at),
	F_TIME("processedAt", "DateTime", transaction, processed_at),
	F_TIME("authorizationExpiresAt", "DateTime", transaction, expires_at),
	F_END,
};

static struct type_field refund_line_fields[] = {
	F_AT("id", "ID", HOW_ID, refund_line, id),
	F_INT("quantity", "Int!", refund_line, quantity),
	F_TEXT("restockType", "RefundLineItemRestockType!", refund_line,
	    restock_type),
	F_LINK("lineItem", "LineItem!", refund_line, line),
	F_PART("subtotalSet", "MoneyBag!", refund_line, subtotal),
	F_PART("totalTaxSet", "MoneyBag!", refund_line, total_tax),
	F_END,
};

static struct type_field refund_fields[] = {
	F_ID("id", refund, thing.id),
	F_NUMBER("legacyResourceId", "UnsignedInt64!", refund, thing.id),
	F_TEXT("note", "String", refund, note),
	F_PART("totalRefundedSet", "MoneyBag!", refund, total),
	F_LINK("order", "Order!", refund, order),
	F_PAGE("refundLineItems", "RefundLineItemConnection!", refund, lines,
	    .args_text = ARGS_PAGE),
	F_PAGE("transactions", "OrderTransactionConnection!", refund,
	    transactions, .args_text = ARGS_PAGE),
	F_TIME("createdAt", "DateTime", refund, thing.created_at),
	F_TIME("processedAt", "DateTime!", refund, processed_at),
	F_TIME("updatedAt", "DateTime!", refund, thing.updated_at),
	F_END,
};

static struct type_field order_fields[] = {
	F_ID("id", order, thing.id),
	F_NUMBER("legacyResourceId", "UnsignedInt64!", order, thing.id),
	F_TEXT("name", "String!", order, name),
	F_INT("number", "Int!", order, number),
	F_TEXT("confirmationNumber", "String", order, confirmation_number),
	F_TEXT("checkoutToken", "String", order, checkout_token,
	    .since = "2026-07"),
	F_TEXT("email", "String", order, email, .personal = true),
	F_TEXT("phone", "String", order, phone, .personal = true),
	F_TEXT("note", "String", order, note),
	F_TEXTS("tags", "[String!]!", order, tags),
	F_TEXT("sourceName", "String", order, source_name),
	F_BOOL("test", "Boolean!", order, test),
	F_BOOL("confirmed", "Boolean!", order, confirmed),
	F_BOOL("closed", "Boolean!", order, closed),
	F_TEXT("cancelReason", "OrderCancelReason", order, cancel_reason),
	F_TEXT("displayFinancialStatus", "OrderDisplayFinancialStatus", order,
	    financial_status),
	F_TEXT("displayFulfillmentStatus", "OrderDisplayFulfillmentStatus!",
	    order, fulfillment_status),
	F_TEXT("returnStatus", "OrderReturnStatus!", order, return_status),
	F_TEXT("currencyCode", "CurrencyCode!", order, currency),
	F_TEXT("presentmentCurrencyCode", "CurrencyCode!", order,
	    presentment_currency),
	F_BOOL("taxesIncluded", "Boolean!", order, taxes_included),
	F_TEXTS("discountCodes", "[String!]!", order, discount_codes),
	F_TEXTS("paymentGatewayNames", "[String!]!", order, gateways),
	F_TEXT("customerLocale", "String", order, customer_locale),
	F_LINK("customer", "Customer", order, customer),
	F_LINK("billingAddress", "MailingAddress", order, billing),
	F_LINK("shippingAddress", "MailingAddress", order, shipping),
	F_INT("subtotalLineItemsQuantity", "Int!", order, items_quantity),
	F_CALL("transactionsCount", "Count", transactions_count),
	F_PART("subtotalPriceSet", "MoneyBag", order, subtotal),
	F_PART("totalDiscountsSet", "MoneyBag", order, discounts),
	F_PART("totalShippingPriceSet", "MoneyBag!", order, shipping_price),
	F_PART("totalTaxSet", "MoneyBag", order, tax),
	F_PART("totalPriceSet", "MoneyBag!", order, total),
	F_PART("currentTotalPriceSet", "MoneyBag!", order, current_total),
	F_PART("totalRefundedSet", "MoneyBag!", order, refunded),
	F_TIME("createdAt", "DateTime!", order, thing.created_at),
	F_TIME("processedAt", "DateTime!", order, processed_at),
	F_TIME("updatedAt", "DateTime!", order, thing.updated_at),
	F_TIME("closedAt", "DateTime", order, closed_at),
	F_TIME("cancelledAt", "DateTime", order, cancelled_at),
	F_PAGE("lineItems", "LineItemConnection!", order, lines,
	    .args_text = ARGS_PAGE),
	F_LIST("transactions", "[OrderTransaction!]!", order, transactions,
	    .args_text = "capturable: Boolean, first: Int, "
			 "manuallyResolvable: Boolean"),
	F_LIST(
	    "refunds", "[Refund!]!", order, refunds, .args_text = "first: Int"),
	F_END,
};

struct type order_types[] = {
	T_OBJECT("Order", order_fields, .is = "Node", .scope = "read_orders"),
	T_OBJECT("LineItem", line_fields, .is = "Node", .scope = "read_orders"),
	T_OBJECT("OrderTransaction", transaction_fields, .is = "Node",
	    .scope = "read_orders"),
	T_OBJECT("Refund", refund_fields, .is = "Node", .scope = "read_orders"),
	T_OBJECT("RefundLineItem", refund_line_fields, ),
	T_OBJECT("TransactionFee", fee_fields, .is = "Node"),
	T_OBJECT("DiscountAllocation", allocation_fields, ),
	T_OBJECT("DiscountCodeApplication", code_fields,
	    .is = "DiscountApplication"),
	T_OBJECT("ManualDiscountApplication", manual_fields,
	    .is = "DiscountApplication"),
	{ .name = "DiscountApplication",
	    .kind = TYPE_INTERFACE,
	    .fields = application_fields },
	{ .name = NULL },
};
