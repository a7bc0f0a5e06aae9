/* stockroom shops: which shops have this app. */
#include <stdio.h>

#include "app/start.h"
#include "base/clock.h"
#include "command.h"
#include "store/shop.h"

enum { PAGE = 100 };

static enum rc
list(struct cx *cx)
{
	struct shop *shops;
	int64_t after = 0;
	size_t n, i;

	cx->every_shop = true;
	do {
		TRY(shop_list(cx, after, PAGE, &shops, &n));
		for (i = 0; i < n; i++) {
			(void)printf("%lld  %s  %s  %s\n",
			    (long long)shops[i].id, shops[i].domain,
			    shops[i].status,
			    clock_text(cx->mem, shops[i].installed_at));
			after = shops[i].id;
		}
	} while (n == PAGE);
	return RC_OK;
}

int
shops_command(struct cx *cx, int argc, char **argv)
{
	(void)argv;
	if (argc != 1)
		return command_misused("shops");
	if (app_open(cx, "stockroom_auth") != RC_OK || list(cx) != RC_OK)
		return command_failed(cx);
	return 0;
}
