/* Uninstalling: what the shop gave us is gone at once (SEC-8). */
#include "app/uninstall.h"
#include "base/clock.h"
#include "base/log.h"
#include "store/shop.h"

enum rc
shop_uninstall(struct cx *cx, int64_t triggered_at, bool *done)
{
	const int64_t now = clock_wall();
	int32_t epoch;
	enum rc rc;

	/* A time that lies ahead is bounded by our own clock (shopify.md 2.10).
	 */
	if (triggered_at > now)
		triggered_at = now;
	rc = shop_end(cx, cx->shop_id, triggered_at, &epoch);
	*done = rc == RC_OK;
	if (rc == RC_ABSENT)
		return RC_OK;
	TRY(rc);
	TRY(shop_forget_access(cx, cx->shop_id));
	log_info(cx, "shop.uninstalled", L_INT("epoch", epoch));
	return RC_OK;
}
