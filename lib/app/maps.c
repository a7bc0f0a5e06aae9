/* Where each field of lib/shopify/graphql/fields goes. What is personal or free
 * text is sealed (design.md 5); the rest that has no column is in doc. */
#include "app/map.h"

#define COLUMN(name, path, how)                                                \
	{                                                                      \
		name, path, how, TO_COLUMN                                     \
	}
#define DOC(name, path, how)                                                   \
	{                                                                      \
		name, path, how, TO_DOC                                        \
	}
#define SEALED(name, path, how)                                                \
	{                                                                      \
		name, path, how, TO_SEALED                                     \
	}
#define END                                                                    \
	{                                                                      \
		NULL, NULL, MAP_TEXT, TO_COLUMN                                \
	}

/* clang-format off */
static const struct map_field product_fields[] = {
	COLUMN("title", "title", MAP_TEXT),
	COLUMN("handle", "handle", MAP_TEXT),
	COLUMN("description_html", "descriptionHtml", MAP_TEXT),
	COLUMN("vendor", "vendor", MAP_TEXT),
	COLUMN("product_type", "productType", MAP_TEXT),
	COLUMN("category_id", "category.id", MAP_TEXT),
	COLUMN("category_name", "category.name", MAP_TEXT),
	COLUMN("status", "status", MAP_TEXT),
	COLUMN("tags", "tags", MAP_JSON),
	COLUMN("is_gift_card", "isGiftCard", MAP_BOOL),
	COLUMN("total_inventory", "totalInventory", MAP_INT),
	COLUMN("tracks_inventory", "tracksInventory", MAP_BOOL),
	COLUMN("variants_count", "variantsCount.count", MAP_INT),
	COLUMN("price_min", "priceRangeV2.minVariantPrice.amount", MAP_TEXT),
	COLUMN("price_max", "priceRangeV2.maxVariantPrice.amount", MAP_TEXT),
	COLUMN("currency",
	    "priceRangeV2.minVariantPrice.currencyCode", MAP_TEXT),
	COLUMN("online_store_url", "onlineStoreUrl", MAP_TEXT),
	COLUMN("created_at", "createdAt", MAP_TEXT),
	COLUMN("updated_at", "updatedAt", MAP_TEXT),
	COLUMN("published_at", "publishedAt", MAP_TEXT),
	DOC("options", "options", MAP_JSON),
	DOC("seo", "seo", MAP_JSON),
	DOC("featuredMedia", "featuredMedia", MAP_JSON),
	DOC("categoryFullName", "category.fullName", MAP_TEXT),
	DOC("variantsCountPrecision", "variantsCount.precision", MAP_TEXT),
	END
};
const struct map map_product = { "product", product_fields };

static const struct map_field variant_fields[] = {
	COLUMN("title", "title", MAP_TEXT),
	COLUMN("display_name", "displayName", MAP_TEXT),
	COLUMN("sku", "sku", MAP_TEXT),
	COLUMN("barcode", "barcode", MAP_TEXT),
	COLUMN("position", "position", MAP_INT),
	COLUMN("price", "price", MAP_TEXT),
	COLUMN("compare_at_price", "compareAtPrice", MAP_TEXT),
	COLUMN("taxable", "taxable", MAP_BOOL),
	COLUMN("available_for_sale", "availableForSale", MAP_BOOL),
	COLUMN("inventory_policy", "inventoryPolicy", MAP_TEXT),
	COLUMN("inventory_quantity", "inventoryQuantity", MAP_INT),
	COLUMN("inventory_item_id", "inventoryItem.id", MAP_GID),
	COLUMN("tracked", "inventoryItem.tracked", MAP_BOOL),
	COLUMN("requires_shipping", "inventoryItem.requiresShipping", MAP_BOOL),
	COLUMN("unit_cost", "inventoryItem.unitCost.amount", MAP_TEXT),
	COLUMN("unit_cost_currency",
	    "inventoryItem.unitCost.currencyCode", MAP_TEXT),
	COLUMN("created_at", "createdAt", MAP_TEXT),
	COLUMN("updated_at", "updatedAt", MAP_TEXT),
	DOC("selectedOptions", "selectedOptions", MAP_JSON),
	END
};
const struct map map_variant = { "variant", variant_fields };

static const struct map_field customer_fields[] = {
	COLUMN("state", "state", MAP_TEXT),
	COLUMN("locale", "locale", MAP_TEXT),
	COLUMN("country", "defaultAddress.countryCodeV2", MAP_TEXT),
	COLUMN("verified_email", "verifiedEmail", MAP_BOOL),
	COLUMN("email_valid", "defaultEmailAddress.validFormat", MAP_BOOL),
	COLUMN("email_marketing_state",
	    "defaultEmailAddress.marketingState", MAP_TEXT),
	COLUMN("email_opt_in_level",
	    "defaultEmailAddress.marketingOptInLevel", MAP_TEXT),
	COLUMN("email_marketing_at",
	    "defaultEmailAddress.marketingUpdatedAt", MAP_TEXT),
	COLUMN("sms_marketing_state",
	    "defaultPhoneNumber.smsMarketingConsent.state", MAP_TEXT),
	COLUMN("sms_opt_in_level",
	    "defaultPhoneNumber.smsMarketingConsent.optInLevel", MAP_TEXT),
	COLUMN("sms_marketing_at",
	    "defaultPhoneNumber.smsMarketingConsent.updatedAt", MAP_TEXT),
	COLUMN("tax_exempt", "taxExempt", MAP_BOOL),
	COLUMN("data_sale_opt_out", "dataSaleOptOut", MAP_BOOL),
	COLUMN("number_of_orders", "numberOfOrders", MAP_INT),
	COLUMN("amount_spent", "amountSpent.amount", MAP_TEXT),
	COLUMN("currency", "amountSpent.currencyCode", MAP_TEXT),
	COLUMN("created_at", "createdAt", MAP_TEXT),
	COLUMN("updated_at", "updatedAt", MAP_TEXT),
	SEALED("firstName", "firstName", MAP_TEXT),
	SEALED("lastName", "lastName", MAP_TEXT),
	SEALED("displayName", "displayName", MAP_TEXT),
	SEALED("email", "defaultEmailAddress.emailAddress", MAP_TEXT),
	SEALED("phone", "defaultPhoneNumber.phoneNumber", MAP_TEXT),
	SEALED("addressId", "defaultAddress.id", MAP_TEXT),
	SEALED("city", "defaultAddress.city", MAP_TEXT),
	SEALED("provinceCode", "defaultAddress.provinceCode", MAP_TEXT),
	SEALED("zip", "defaultAddress.zip", MAP_TEXT),
	SEALED("tags", "tags", MAP_JSON),
	SEALED("note", "note", MAP_TEXT),
	END
};
const struct map map_customer = { "customer", customer_fields };

static const struct map_field order_fields[] = {
	COLUMN("name", "name", MAP_TEXT),
	COLUMN("order_number", "number", MAP_INT),
	COLUMN("confirmation_number", "confirmationNumber", MAP_TEXT),
	COLUMN("checkout_token", "checkoutToken", MAP_TEXT),
	COLUMN("customer_id", "customer.id", MAP_GID),
	COLUMN("source_name", "sourceName", MAP_TEXT),
	COLUMN("test", "test", MAP_BOOL),
	COLUMN("confirmed", "confirmed", MAP_BOOL),
	COLUMN("closed", "closed", MAP_BOOL),
	COLUMN("cancel_reason", "cancelReason", MAP_TEXT),
	COLUMN("financial_status", "displayFinancialStatus", MAP_TEXT),
	COLUMN("fulfillment_status", "displayFulfillmentStatus", MAP_TEXT),
	COLUMN("return_status", "returnStatus", MAP_TEXT),
	COLUMN("customer_locale", "customerLocale", MAP_TEXT),
	COLUMN("billing_country", "billingAddress.countryCodeV2", MAP_TEXT),
	COLUMN("billing_province", "billingAddress.provinceCode", MAP_TEXT),
	COLUMN("shipping_country", "shippingAddress.countryCodeV2", MAP_TEXT),
	COLUMN("shipping_province", "shippingAddress.provinceCode", MAP_TEXT),
	COLUMN("gateways", "paymentGatewayNames", MAP_JSON),
	COLUMN("taxes_included", "taxesIncluded", MAP_BOOL),
	COLUMN("line_quantity", "subtotalLineItemsQuantity", MAP_INT),
	COLUMN("transactions_count", "transactionsCount.count", MAP_INT),
	COLUMN("currency", "currencyCode", MAP_TEXT),
	COLUMN("subtotal", "subtotalPriceSet.shopMoney.amount", MAP_TEXT),
	COLUMN("total_discounts",
	    "totalDiscountsSet.shopMoney.amount", MAP_TEXT),
	COLUMN("total_shipping",
	    "totalShippingPriceSet.shopMoney.amount", MAP_TEXT),
	COLUMN("total_tax", "totalTaxSet.shopMoney.amount", MAP_TEXT),
	COLUMN("total", "totalPriceSet.shopMoney.amount", MAP_TEXT),
	COLUMN("current_total",
	    "currentTotalPriceSet.shopMoney.amount", MAP_TEXT),
	COLUMN("total_refunded", "totalRefundedSet.shopMoney.amount", MAP_TEXT),
	COLUMN("presentment_currency", "presentmentCurrencyCode", MAP_TEXT),
	COLUMN("presentment_total",
	    "totalPriceSet.presentmentMoney.amount", MAP_TEXT),
	COLUMN("presentment_current_total",
	    "currentTotalPriceSet.presentmentMoney.amount", MAP_TEXT),
	COLUMN("presentment_total_refunded",
	    "totalRefundedSet.presentmentMoney.amount", MAP_TEXT),
	COLUMN("created_at", "createdAt", MAP_TEXT),
	COLUMN("processed_at", "processedAt", MAP_TEXT),
	COLUMN("updated_at", "updatedAt", MAP_TEXT),
	COLUMN("closed_at", "closedAt", MAP_TEXT),
	COLUMN("cancelled_at", "cancelledAt", MAP_TEXT),
	DOC("transactionsCountPrecision",
	    "transactionsCount.precision", MAP_TEXT),
	DOC("subtotalPresentment",
	    "subtotalPriceSet.presentmentMoney.amount", MAP_TEXT),
	DOC("totalDiscountsPresentment",
	    "totalDiscountsSet.presentmentMoney.amount", MAP_TEXT),
	DOC("totalShippingPresentment",
	    "totalShippingPriceSet.presentmentMoney.amount", MAP_TEXT),
	DOC("totalTaxPresentment",
	    "totalTaxSet.presentmentMoney.amount", MAP_TEXT),
	SEALED("email", "email", MAP_TEXT),
	SEALED("phone", "phone", MAP_TEXT),
	SEALED("note", "note", MAP_TEXT),
	SEALED("tags", "tags", MAP_JSON),
	SEALED("discountCodes", "discountCodes", MAP_JSON),
	END
};
const struct map map_order = { "orders", order_fields };

static const struct map_field order_line_fields[] = {
	COLUMN("product_id", "product.id", MAP_GID),
	COLUMN("variant_id", "variant.id", MAP_GID),
	COLUMN("sku", "sku", MAP_TEXT),
	COLUMN("vendor", "vendor", MAP_TEXT),
	COLUMN("quantity", "quantity", MAP_INT),
	COLUMN("current_quantity", "currentQuantity", MAP_INT),
	COLUMN("refundable_quantity", "refundableQuantity", MAP_INT),
	COLUMN("unfulfilled_quantity", "unfulfilledQuantity", MAP_INT),
	COLUMN("requires_shipping", "requiresShipping", MAP_BOOL),
	COLUMN("taxable", "taxable", MAP_BOOL),
	COLUMN("is_gift_card", "isGiftCard", MAP_BOOL),
	COLUMN("currency",
	    "originalUnitPriceSet.shopMoney.currencyCode", MAP_TEXT),
	COLUMN("unit_price", "originalUnitPriceSet.shopMoney.amount", MAP_TEXT),
	COLUMN("discounted_total",
	    "discountedTotalSet.shopMoney.amount", MAP_TEXT),
	COLUMN("total_discount", "totalDiscountSet.shopMoney.amount", MAP_TEXT),
	DOC("discountAllocations", "discountAllocations", MAP_JSON),
	DOC("unitPricePresentment",
	    "originalUnitPriceSet.presentmentMoney", MAP_JSON),
	DOC("discountedTotalPresentment",
	    "discountedTotalSet.presentmentMoney", MAP_JSON),
	DOC("totalDiscountPresentment",
	    "totalDiscountSet.presentmentMoney", MAP_JSON),
	SEALED("name", "name", MAP_TEXT),
	SEALED("title", "title", MAP_TEXT),
	SEALED("variantTitle", "variantTitle", MAP_TEXT),
	END
};
const struct map map_order_line = { "order_line", order_line_fields };

static const struct map_field order_transaction_fields[] = {
	COLUMN("parent_id", "parentTransaction.id", MAP_GID),
	COLUMN("kind", "kind", MAP_TEXT),
	COLUMN("status", "status", MAP_TEXT),
	COLUMN("gateway", "gateway", MAP_TEXT),
	COLUMN("formatted_gateway", "formattedGateway", MAP_TEXT),
	COLUMN("manual_gateway", "manualPaymentGateway", MAP_BOOL),
	COLUMN("payment_id", "paymentId", MAP_TEXT),
	COLUMN("test", "test", MAP_BOOL),
	COLUMN("error_code", "errorCode", MAP_TEXT),
	COLUMN("amount", "amountSet.shopMoney.amount", MAP_TEXT),
	COLUMN("currency", "amountSet.shopMoney.currencyCode", MAP_TEXT),
	COLUMN("presentment_amount",
	    "amountSet.presentmentMoney.amount", MAP_TEXT),
	COLUMN("presentment_currency",
	    "amountSet.presentmentMoney.currencyCode", MAP_TEXT),
	COLUMN("total_unsettled",
	    "totalUnsettledSet.shopMoney.amount", MAP_TEXT),
	COLUMN("created_at", "createdAt", MAP_TEXT),
	COLUMN("processed_at", "processedAt", MAP_TEXT),
	COLUMN("authorization_expires_at", "authorizationExpiresAt", MAP_TEXT),
	DOC("fees", "fees", MAP_JSON),
	DOC("totalUnsettledPresentment",
	    "totalUnsettledSet.presentmentMoney", MAP_JSON),
	END
};
const struct map map_order_transaction = { "order_transaction", order_transaction_fields };

static const struct map_field refund_fields[] = {
	COLUMN("total", "totalRefundedSet.shopMoney.amount", MAP_TEXT),
	COLUMN("currency", "totalRefundedSet.shopMoney.currencyCode", MAP_TEXT),
	COLUMN("presentment_total",
	    "totalRefundedSet.presentmentMoney.amount", MAP_TEXT),
	COLUMN("presentment_currency",
	    "totalRefundedSet.presentmentMoney.currencyCode", MAP_TEXT),
	COLUMN("created_at", "createdAt", MAP_TEXT),
	COLUMN("processed_at", "processedAt", MAP_TEXT),
	COLUMN("updated_at", "updatedAt", MAP_TEXT),
	SEALED("note", "note", MAP_TEXT),
	END
};
const struct map map_refund = { "refund", refund_fields };

static const struct map_field refund_line_fields[] = {
	COLUMN("line_id", "lineItem.id", MAP_GID),
	COLUMN("quantity", "quantity", MAP_INT),
	COLUMN("restock_type", "restockType", MAP_TEXT),
	COLUMN("currency", "subtotalSet.shopMoney.currencyCode", MAP_TEXT),
	COLUMN("subtotal", "subtotalSet.shopMoney.amount", MAP_TEXT),
	COLUMN("total_tax", "totalTaxSet.shopMoney.amount", MAP_TEXT),
	DOC("subtotalPresentment", "subtotalSet.presentmentMoney", MAP_JSON),
	DOC("totalTaxPresentment", "totalTaxSet.presentmentMoney", MAP_JSON),
	END
};
const struct map map_refund_line = { "refund_line", refund_line_fields };

/* clang-format on */
