/* The documents of graphql/, which the build embeds with fragments put in. */
#ifndef SHOPIFY_GQL_TEXT_H
#define SHOPIFY_GQL_TEXT_H

#include "gen/graphql.h"

/* One document, alive as long as the program. */
struct gql_text {
	const char *name; /* its path below graphql/: "bulk/orders" */
	const char *text; /* ready to send: no comment, no fragment */
	const char *operation; /* "OrdersPage"; NULL in the texts of bulk/ */
};

/* By enum gql_doc; the row behind the last is all NULL. */
extern const struct gql_text gql_texts[];

#endif
