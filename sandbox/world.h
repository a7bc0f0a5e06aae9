/* The shops there are, made on first use. */
#ifndef SANDBOX_WORLD_H
#define SANDBOX_WORLD_H

#include "bucket.h"
#include "edits.h"

struct settings {
	const char *shop; /* the main one's domain */
	const char *csv; /* NULL: it is made up */
	uint64_t seed;
	int64_t products, orders, customers; /* of the main one */
	int64_t big_lines; /* of the order with very many */
	const char *state; /* file to keep what must last; NULL: none */
	const char *spool; /* folder of webhooks to send; NULL: none are */
	const char *bulk; /* folder of bulk files; NULL: there are none */
	const char *key_file; /* of the control key; NULL: no control */
	const char *scopes; /* of a managed installation */
	const char *redirects; /* allowed beside the app's own, or NULL */
	int64_t now; /* 0: the clock's */
	int64_t senders; /* webhooks under way at once */
};

struct world_shop {
	struct shop shop;
	struct bucket bucket;
	struct world_shop *next;
};

struct world {
	struct arena *mem; /* as long as the process */
	const struct settings *settings;
	int64_t now; /* what made-up times end at */
	const struct edits *edits; /* since the shops were made, or NULL */
	struct world_shop *shops;
};

/* From the environment (docs/sandbox.md). RC_INPUT names a wrong one. */
enum rc settings_read(struct cx *cx, struct settings *out) MUST_USE;

/* The shop of a domain: the main one, second-shop, third-shop, or any whose
 * name begins with test-. RC_ABSENT for any other; RC_INPUT when the CSV file
 * cannot be read. */
enum rc world_find(struct cx *cx, struct world *world, const char *domain,
    struct world_shop **out) MUST_USE;

/* Those that have a name: the i-th domain, or NULL. */
const char *world_domain(const struct world *world, size_t i);

/* A word of the domain: "Demo Shop" of demo-shop.myshopify.com. */
const char *world_title(struct arena *mem, const char *domain);

#endif
