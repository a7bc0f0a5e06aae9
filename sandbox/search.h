/* Shopify's search syntax: updated_at:>='2026-11-01T00:00:00Z' status:active */
#ifndef SANDBOX_SEARCH_H
#define SANDBOX_SEARCH_H

#include "run.h"

/*
 * Those of `all` that `query` asks for (NULL or "": all of them, as they are).
 * Terms are joined by blanks or AND, and a - or NOT before one turns it round.
 * A field that is not known, a value that is none, OR and brackets are left
 * out and warned of in extensions.search.
 */
struct list search_list(
    struct run *run, enum stock stock, struct list all, const char *query);

#endif
