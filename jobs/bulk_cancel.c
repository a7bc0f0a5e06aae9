/*
 * Tells Shopify to stop a bulk operation that nobody waits for any more. Safe
 * to run twice: one that is over says so, and that is as good.
 */
#include "app/bulk.h"
#include "app/shopcall.h"
#include "base/log.h"
#include "table.h"

enum rc
bulk_cancel_run(struct cx *cx, const struct job *job)
{
	struct gql_reply reply;
	struct slice vars;
	struct shop shop;
	const char *id;

	TRY(jget_text(cx, job->args, "id", &id));
	TRY(shop_load(cx, job->shop_id, &shop));
	TRY(bulk_id_variables(cx, id, &vars));
	TRY(shop_call(cx, &shop, GQL_BULK_CANCEL, vars, &reply));
	log_info(cx, "bulk.cancelled", L_TEXT("operation", id));
	return RC_OK;
}
