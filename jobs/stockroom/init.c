/* stockroom init: databases and roles, for who migrates as somebody else. */
#include <stdio.h>

#include "command.h"
#include "keeper.h"

/* Safe to run twice and by two at once: it makes only what is missing. */
int
init_command(struct cx *cx, int argc, char **argv)
{
	struct keeper k;
	enum rc rc;

	if (!keeper_open(&k, argc, argv))
		return command_misused("init");
	rc = keeper_start(cx, &k);
	if (rc == RC_OK)
		rc = keeper_roles(cx, &k);
	keeper_close(&k);
	if (rc != RC_OK)
		return command_failed(cx);
	(void)printf("databases and roles are there\n");
	return 0;
}
