/* pulls: instant previews, pulls, and the rows they brought. */
#include "app/doors.h"
#include "app/lists.h"
#include "pulls.h"

enum { USUAL = PER_ADDRESS | PER_CALLER };

/* clang-format off */
static const struct route routes[] = {
	{ POST,   "/api/data/shopify/products",     BY_CALLER, "pulls:write", USUAL, NULL, &preview_body, &preview_reply, 200,
	    "One page of products from Shopify, now, and kept.", preview_products },
	{ POST,   "/api/data/shopify/orders",       BY_CALLER, "pulls:write", USUAL, NULL, &preview_body, &preview_reply, 200,
	    "One page of orders from Shopify, now, and kept.", preview_orders },
	{ POST,   "/api/data/shopify/customers",    BY_CALLER, "pulls:write", USUAL, NULL, &preview_body, &preview_reply, 200,
	    "One page of customers from Shopify, now, and kept.", preview_customers },
	{ POST,   "/api/data/shopify/transactions", BY_CALLER, "pulls:write", USUAL, NULL, &preview_body, &preview_reply, 200,
	    "One page of orders with their transactions from Shopify, now, and kept.", preview_transactions },
	{ POST,   "/api/pulls",                     BY_CALLER, "pulls:write", USUAL, NULL, &pull_body, &pull_reply, 202,
	    "Pull resources of a shop in the background.", pulls_create },
	{ GET,    "/api/pulls",                     BY_CALLER, "pulls:read", USUAL, &list_query, NULL, &pulls_reply, 200,
	    "Pulls, newest first.", pulls_list },
	{ GET,    "/api/pulls/:id",                 BY_CALLER, "pulls:read", USUAL, &shop_query, NULL, &pull_reply, 200,
	    "One pull and how far it is.", pulls_show },
	{ DELETE, "/api/pulls/:id",                 BY_CALLER, "pulls:write", USUAL, &shop_query, NULL, &pull_reply, 200,
	    "Cancel a pull; what it has kept stays.", pulls_cancel },
	{ GET,    "/api/pulls/:id/results",         BY_CALLER, "pulls:read", USUAL, &results_query, NULL, &results_reply, 200,
	    "The shop's rows of a resource, newest first.", results_list },
	{ .handler = NULL }
};
/* clang-format on */

int
main(int argc, char **argv)
{
	static const struct program program = { "pulls", routes, &app_doors };

	return serve(argc, argv, &program);
}
