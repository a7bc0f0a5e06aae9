/* Switches: how the pretended Shopify behaves, changeable while it runs. */
#ifndef SANDBOX_RULES_H
#define SANDBOX_RULES_H

#include "base/json.h"
#include "run.h"

struct rules {
	int64_t clock_skew_s; /* its clock, against the machine's */
	int64_t callback_skew_s; /* of the timestamp that a browser brings */
	int64_t code_s; /* life of an authorization code */
	int64_t access_token_s; /* of an expiring offline token */
	int64_t refresh_token_s;
	int64_t online_token_s;
	int64_t client_token_s; /* of a client credentials token */
	int64_t retry_s; /* a used refresh token's, from its first use */
	int64_t bucket; /* points */
	int64_t restore; /* points a second */
	int64_t cost_max; /* of one query */
	int64_t page_objects_max; /* where paging ends */
	int64_t all_orders; /* read_all_orders goes with read_orders */
	int64_t require_expiring; /* non-expiring tokens are barred */
	int64_t auto_accept; /* authorize asks nobody */
	int64_t client_credentials; /* the shops are of our organization */
	int64_t approval; /* enum approval */
	int64_t delay_ms; /* every GraphQL answer comes so much later */
	int64_t retry_scale; /* of webhooks: four hours last so much shorter */
	int64_t redact_s; /* from an uninstall to shop/redact */
	int64_t webhook_copies; /* each delivery comes so often again */
	int64_t webhook_late_ms;
	int64_t webhook_shuffle_ms; /* and by chance so much later */
	int64_t webhook_drop_every; /* the n-th is lost */
	int64_t webhook_forge_every; /* the n-th is signed with no secret */
	int64_t webhook_old_secret; /* signed with the one before */
	int64_t webhook_bare; /* bodies have but their id */
	int64_t webhook_pad_bytes; /* bodies have so many bytes */
	int64_t bulk_max; /* operations of a shop at once */
	int64_t bulk_ms; /* one takes so long at least */
	int64_t bulk_children_max; /* of each parent; 0: all */
	int64_t bulk_spread; /* 0 behind their parent, 1 later, 2 before it */
	int64_t bulk_url_s; /* life of a result's address */
	int64_t bulk_webhooks; /* that say it is over */
	int64_t bulk_webhook_ms; /* and come so much later */
};

/* A row of the table: also a name for control and, in upper case behind
 * SANDBOX_, in the environment. */
struct rule {
	const char *name;
	size_t offset;
	int64_t fallback;
	int64_t min, max;
	const char *what;
};

/* The i-th row; its name is NULL behind the last. */
const struct rule *rule_at(size_t i);

/* The fallbacks, and over them the environment. RC_INPUT names a wrong one. */
enum rc rules_start(struct cx *cx, struct rules *rules) MUST_USE;

/* Sets those that `in` has; true and false will do for 1 and 0. RC_INPUT, and
 * nothing is set, when one is out of its range. */
enum rc rules_set(struct cx *cx, struct rules *rules, struct json in) MUST_USE;

/* All of them or, with `but`, those that differ from it. */
void rules_write(struct jw *w, const char *name, const struct rules *rules,
    const struct rules *but);

bool is_rule(const char *name);

#endif
