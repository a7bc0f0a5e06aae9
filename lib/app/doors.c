/* What every prefork program gives to serve: who calls, how often, our start.
 */
#include "app/doors.h"
#include "app/callers.h"
#include "app/limits.h"
#include "app/start.h"

const struct doors app_doors = {
	.start = app_start,
	.stop = app_stop,
	.who = caller_find,
	.limit = limits_take,
	.refused = caller_refused,
};
