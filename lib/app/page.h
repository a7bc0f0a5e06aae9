/* One page of a resource, asked of Shopify: for previews and pulls alike. */
#ifndef APP_PAGE_H
#define APP_PAGE_H

#include "app/resources.h"
#include "shopify/gql.h"

struct page_ask {
	const struct resource *resource;
	const char *query; /* Shopify's search syntax, or NULL */
	const char *after; /* Shopify's cursor, or NULL */
	int first; /* halved while Shopify finds it too dear */
};

struct page {
	struct json nodes;
	size_t n;
	bool more;
	const char *cursor; /* behind the last node; NULL when there is none */
	struct gql_cost cost;
};

/* Codes as shop_call's; ask->first says afterwards what was really asked. */
enum rc page_read(struct cx *cx, const struct shop *shop, struct page_ask *ask,
    struct page *out) MUST_USE;

/* Shopify's own count of what `query` (NULL: all) selects; -1 when it gives no
 * exact one. */
enum rc page_count(struct cx *cx, const struct shop *shop,
    const struct resource *resource, const char *query, int64_t *out) MUST_USE;

#endif
