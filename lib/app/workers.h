/* What is said of jobds, in JSON; as app/jobs.h. */
#ifndef APP_WORKERS_H
#define APP_WORKERS_H

#include "base/json.h"

/* Every jobd as `items`, those that live first. Needs cx->every_shop. */
enum rc workers_write(struct cx *cx, struct jw *w) MUST_USE;

#endif
