/* What can be pulled: a row a resource says how (design.md 3). */
#include "app/resources.h"

const struct resource resources[] = {
	{ "products", GQL_PRODUCTS_PAGE, "products", "productsCount", 100,
	    intake_products, IN_PRODUCT, GQL_BULK_PRODUCTS, GQL_PRODUCTS_BY_IDS,
	    IN_VARIANT, "variantsCount.count" },
	{ "customers", GQL_CUSTOMERS_PAGE, "customers", "customersCount", 100,
	    intake_customers, IN_CUSTOMER, GQL_BULK_CUSTOMERS,
	    GQL_CUSTOMERS_BY_IDS, IN_TABLES, NULL },
	{ "orders", GQL_ORDERS_PAGE, "orders", "ordersCount", 50, intake_orders,
	    IN_ORDER, GQL_BULK_ORDERS, GQL_ORDERS_BY_IDS, IN_LINE,
	    "subtotalLineItemsQuantity" },
	{ "transactions", GQL_TRANSACTIONS_PAGE, "orders", "ordersCount", 50,
	    intake_transactions, IN_ORDER_STUB, GQL_BULK_ORDER_TRANSACTIONS,
	    GQL_ORDERS_BY_IDS, IN_TABLES, NULL },
	{ .word = NULL },
};

const char *const resource_words[] = { "products", "orders", "transactions",
	"customers", NULL };

const struct resource *
resource_find(const char *word)
{
	const struct resource *r;

	for (r = resources; r->word; r++)
		if (text_same(r->word, word))
			return r;
	return NULL;
}
