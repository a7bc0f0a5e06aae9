/* The handlers of this program, one file a resource. */
#ifndef PULLS_H
#define PULLS_H

#include "web/route.h"

/* preview.c: /api/data/shopify/... */
extern const struct shape preview_body, preview_reply;
handler_fn preview_products, preview_orders, preview_customers,
    preview_transactions;
/* pulls.c */
extern const struct shape pull_body, pull_reply, pulls_reply;
handler_fn pulls_create, pulls_list, pulls_show, pulls_cancel;
/* results.c */
extern const struct shape results_query, results_reply;
handler_fn results_list;

#endif
