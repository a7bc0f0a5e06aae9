/* What was asked of the sandbox: counts by kind, and each token call. */
#ifndef SANDBOX_LEDGER_H
#define SANDBOX_LEDGER_H

#include "base/json.h"

struct tally {
	const char *name; /* "graphql", "token.refresh_token" */
	int64_t n;
	struct tally *next;
};

/* One call to the token end point. */
struct token_call {
	int64_t at_ms; /* epoch, by the machine's clock */
	const char *shop;
	const char *grant; /* "refresh_token" */
	int64_t status; /* that was answered */
	const char *error; /* NULL: it went well */
	struct token_call *next; /* the one before */
};

enum { LEDGER_CALLS_MAX = 1000 };

struct ledger {
	struct arena *mem;
	struct tally *tallies;
	struct token_call *calls; /* last first */
	size_t n_calls;
};

void ledger_count(struct ledger *l, const char *name);
void ledger_add(struct ledger *l, const char *name, int64_t n);
/* Texts are copied. Past LEDGER_CALLS_MAX only the count goes on. */
void ledger_call(struct ledger *l, const struct token_call *call);

/* All back to nothing. */
void ledger_clear(struct ledger *l);

/* "counts": {name: n}, "tokens": [{at_ms, shop, grant, status, error}] in the
 * order they came; the same in the state file. */
void ledger_write(struct jw *w, const struct ledger *l);
void ledger_read(struct ledger *l, struct json in);

#endif
