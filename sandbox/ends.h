/* The end points, each a handler of main.c's table. */
#ifndef SANDBOX_ENDS_H
#define SANDBOX_ENDS_H

#include "web/route.h"

/* On the shop's own host, by TLS. */
handler_fn graphql_answer; /* graphql.c */
handler_fn scopes_show;
handler_fn token_grant; /* token.c */

/* On the host of bulk files, by TLS. */
handler_fn bulk_file; /* bulk_file.c */

/* In the browser, below /sandbox. */
handler_fn authorize_page; /* authorize.c */
handler_fn app_open;
handler_fn admin_page; /* admin.c */
handler_fn admin_act;
handler_fn shops_list; /* truth.c */
handler_fn truth_show;

/* For tests. */
handler_fn control_set; /* control.c */
handler_fn control_show;
handler_fn id_token_mint;
handler_fn ledger_show;
handler_fn deliveries_show; /* deliveries.c */

/* RC_AUTH unless the caller has the key of control. */
enum rc control_key(struct cx *cx, const struct req *rq) MUST_USE;

#endif
