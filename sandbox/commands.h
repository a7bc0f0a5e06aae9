/* Commands of control that make something happen; each a member of its body,
 * or a list of them. What they write is a member of the answer's `done`. */
#ifndef SANDBOX_COMMANDS_H
#define SANDBOX_COMMANDS_H

#include "base/json.h"

/* `said` is inside an object. RC_INPUT names the member at fault. */
typedef enum rc command_fn(struct cx *cx, struct json v, struct jw *said);

/* {"shop", "type", "ids" or "count", "fields"} */
command_fn command_change;
/* {"shop", "type", "fields"} */
command_fn command_create;
/* {"shop", "type", "ids" or "count"} */
command_fn command_delete;

/* {"shop", "topic", "count", "numbered", "id", "payload", "uri", "spread_ms"}
 * (command_webhook.c) */
command_fn command_webhook;
/* true, a domain, or {"shop"} */
command_fn command_uninstall;
/* ["read_products"], or {"shop", "scopes"} */
command_fn command_scopes;

/* ---- for the commands */

struct world_shop;
struct outbox;

/* v.shop, or the main one. */
enum rc command_shop(
    struct cx *cx, struct json v, struct world_shop **out) MUST_USE;

/* "deliveries": [ids] */
void command_deliveries(struct jw *said, const struct outbox *o);

#endif
