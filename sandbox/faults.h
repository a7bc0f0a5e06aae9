/* Faults on demand: what the next calls get instead of an answer. */
#ifndef SANDBOX_FAULTS_H
#define SANDBOX_FAULTS_H

#include "base/json.h"

enum fault_where { FAULT_GRAPHQL, FAULT_TOKEN, FAULT_BULK, FAULT_FILE };

enum fault_what {
	FAULT_THROTTLED, /* graphql */
	FAULT_TOO_DEAR, /* graphql: MAX_COST_EXCEEDED */
	FAULT_INTERNAL, /* graphql: INTERNAL_SERVER_ERROR */
	FAULT_DENIED, /* graphql: ACCESS_DENIED */
	FAULT_INACTIVE, /* graphql: SHOP_INACTIVE */
	FAULT_STATUS, /* an HTTP status, nothing done */
	FAULT_DROP, /* the work is done, the answer is lost (502) */
	FAULT_CUT, /* the answer ends in its middle */
	FAULT_DELAY, /* the answer comes late */
	FAULT_NO_EXPIRES_IN, /* token */
	FAULT_TIMEOUT, /* bulk: FAILED, half of it done */
	FAULT_CANCELED, /* bulk: by Shopify itself, half of it done */
	FAULT_STALL, /* bulk: it stays RUNNING */
	FAULT_HTML /* file: a page instead */
};

/* One switch, in force until its times are used up. */
struct fault_switch {
	enum fault_where where;
	enum fault_what what;
	const char *shop; /* NULL: any */
	const char *match; /* in the query's text, grant, file; NULL: any */
	int64_t skip; /* calls let through first */
	int64_t times; /* calls still to hit */
	int64_t status;
	int64_t delay_ms;
	const char *retry_after; /* header's value, or NULL */
	struct fault_switch *next;
};

struct faults {
	struct arena *mem;
	struct fault_switch *first;
};

/* From control's {"where","what",...}; RC_INPUT names the member at fault. */
enum rc faults_add(struct cx *cx, struct faults *f, struct json in) MUST_USE;

/* The switch that this call meets, one of its times used; NULL: none. */
const struct fault_switch *faults_take(struct faults *f, enum fault_where where,
    const char *shop, const char *text);

/* What Shopify's body says with a status (shopify.md 4.3). */
const char *faults_status_text(int64_t status);

/* Those with times left, as faults_add takes them; also in the state file. */
void faults_write(struct jw *w, const char *name, const struct faults *f);

#endif
