/* Scalars, enums, money and the small types that all others use. */
#include "page.h"
#include "schema.h"
#include "stock.h"

/* clang-format off */
#define SCALAR(n) { .name = (n), .kind = TYPE_SCALAR }
#define ENUM(n) { .name = (n), .kind = TYPE_ENUM }
#define WORDS(n, w) { .name = (n), .kind = TYPE_ENUM, .words = (w) }
/* clang-format on */

static struct type_field money_fields[] = {
	F_AT("amount", "Decimal!", HOW_DECIMAL, amount, cents),
	F_TEXT("currencyCode", "CurrencyCode!", amount, currency),
	F_END,
};

static struct type_field bag_fields[] = {
	F_PART("shopMoney", "MoneyV2!", bag, shop),
	F_PART("presentmentMoney", "MoneyV2!", bag, presentment),
	F_END,
};

static struct type_field count_fields[] = {
	F_INT("count", "Int!", count, count),
	F_TEXT("precision", "CountPrecision!", count, precision),
	F_END,
};

static struct type_field page_info_fields[] = {
	F_BOOL("hasNextPage", "Boolean!", page, has_next),
	F_BOOL("hasPreviousPage", "Boolean!", page, has_previous),
	F_CALL("startCursor", "String", page_start_cursor),
	F_CALL("endCursor", "String", page_end_cursor),
	F_END,
};

/* An interface's fields are only names and types: what is asked is an object
 * of some type, whose own rows answer. */
static struct type_field node_fields[] = {
	F_("id", "ID!", HOW_ID, .offset = 0),
	F_END,
};

static struct type_field address_fields[] = {
	F_ID("id", address, id),
	F_TEXT("city", "String", address, city, .personal = true),
	F_TEXT(
	    "provinceCode", "String", address, province_code, .personal = true),
	F_TEXT("countryCodeV2", "CountryCode", address, country_code),
	F_TEXT("zip", "String", address, zip, .personal = true),
	F_END,
};

struct type scalar_types[] = {
	SCALAR("ID"),
	SCALAR("String"),
	SCALAR("Int"),
	SCALAR("Float"),
	SCALAR("Boolean"),
	SCALAR("DateTime"),
	SCALAR("Decimal"),
	SCALAR("HTML"),
	SCALAR("Money"),
	SCALAR("UnsignedInt64"),
	SCALAR("URL"),
	ENUM("CountPrecision"),
	ENUM("CountryCode"),
	ENUM("CurrencyCode"),
	ENUM("CustomerEmailAddressMarketingState"),
	ENUM("CustomerMarketingConsentState"),
	ENUM("CustomerMarketingOptInLevel"),
	ENUM("CustomerState"),
	ENUM("OrderCancelReason"),
	ENUM("OrderDisplayFinancialStatus"),
	ENUM("OrderDisplayFulfillmentStatus"),
	ENUM("OrderReturnStatus"),
	ENUM("OrderTransactionErrorCode"),
	ENUM("OrderTransactionKind"),
	ENUM("OrderTransactionStatus"),
	ENUM("ProductStatus"),
	ENUM("ProductVariantInventoryPolicy"),
	ENUM("RefundLineItemRestockType"),
	ENUM("UnitSystem"),
	ENUM("WeightUnit"),
	/* Of the sort keys those that sort.c can sort by. */
	WORDS("ProductSortKeys",
	    "CREATED_AT ID INVENTORY_TOTAL PRODUCT_TYPE PUBLISHED_AT "
	    "RELEVANCE TITLE UPDATED_AT VENDOR"),
	WORDS("ProductVariantSortKeys",
	    "ID INVENTORY_QUANTITY NAME POSITION RELEVANCE SKU TITLE"),
	WORDS("OrderSortKeys",
	    "CREATED_AT ID ORDER_NUMBER PROCESSED_AT RELEVANCE TOTAL_PRICE "
	    "UPDATED_AT"),
	WORDS("CustomerSortKeys", "CREATED_AT ID NAME RELEVANCE UPDATED_AT"),
	{ .name = "MoneyV2",
	    .kind = TYPE_OBJECT,
	    .fields = money_fields,
	    .free = true },
	{ .name = "MoneyBag", .kind = TYPE_OBJECT, .fields = bag_fields },
	{ .name = "Count", .kind = TYPE_OBJECT, .fields = count_fields },
	{ .name = "PageInfo", .kind = TYPE_OBJECT, .fields = page_info_fields },
	{ .name = "Node", .kind = TYPE_INTERFACE, .fields = node_fields },
	{ .name = "MailingAddress",
	    .kind = TYPE_OBJECT,
	    .fields = address_fields,
	    .is = "Node" },
	{ .name = NULL },
};
