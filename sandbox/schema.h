/* The tables of types; each ends with a row without a name. */
#ifndef SANDBOX_SCHEMA_H
#define SANDBOX_SCHEMA_H

#include "types.h"

extern struct type scalar_types[]; /* schema_scalar.c: and enums, money */
extern struct type root_types[]; /* schema_root.c: QueryRoot and Mutation */
extern struct type shop_types[]; /* schema_shop.c: and the app on it */
extern struct type product_types[]; /* schema_product.c */
extern struct type order_types[]; /* schema_order.c */
extern struct type customer_types[]; /* schema_customer.c */
extern struct type hook_types[]; /* schema_hook.c */
extern struct type change_types[]; /* schema_change.c */
extern struct type bulk_types[]; /* schema_bulk.c */

/* Of QueryRoot, in schema_shop.c. */
value_fn shop_itself;
value_fn installation;
value_fn api_versions;

/* Of QueryRoot and Mutation, in hook_calls.c and schema_change.c. */
value_fn hook_list;
value_fn hook_count;
value_fn hook_one;
value_fn hook_create;
value_fn hook_update;
value_fn hook_delete;
value_fn product_update;

/* Of both, in schema_bulk.c. */
value_fn bulk_run;
value_fn bulk_one;
value_fn bulk_current;
value_fn bulk_list;
value_fn bulk_cancel;

/* ThingConnection or ThingEdge, by its name, in cx->mem (page.c). */
const struct type *page_type(
    struct cx *cx, const char *name, const struct type *node);

#endif
