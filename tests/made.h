/* Shopify's objects, as tests/fixtures/shopify has them, and changed ones. */
#ifndef TEST_MADE_H
#define TEST_MADE_H

#include "test.h"

/* The fixture's text ("order"), with each `from` of from, to, from, to, NULL
 * replaced wherever it stands; the test ends when it stands nowhere. */
const char *made(const char *name, ...) __attribute__((sentinel));

/* The object, and a list of it, as an answer of Shopify's is read. */
struct json made_object(const char *text);
struct json made_list(const char *text);

/* {"orders":{"nodes":[TEXT],"pageInfo":...}}: a page, the last one where
 * `cursor` is NULL. */
const char *made_page(const char *root, const char *text, const char *cursor);

#endif
