/* What is said of schedules and done to them, in JSON; as app/jobs.h. All of it
 * is the operator's: it needs cx->every_shop. */
#ifndef APP_SCHEDULES_H
#define APP_SCHEDULES_H

#include "base/json.h"

/* Every schedule as `items`, by name. */
enum rc schedules_write(struct cx *cx, struct jw *w) MUST_USE;

/* What is to be otherwise; the rest stays. */
struct schedule_change {
	bool has_paused, paused;
	const char *spec, *tz; /* NULL: stays */
};

/* Changes one and says how it is now. RC_ABSENT; RC_INPUT names what cannot be
 * read; RC_CONFLICT when it stands in a file. Nothing is changed then. */
enum rc schedule_change_write(struct cx *cx, const char *name,
    const struct schedule_change *c, struct jw *w) MUST_USE;

/* Due at once, besides its times; `job` comes with the next jobd. RC_ABSENT;
 * RC_CONFLICT: paused. */
enum rc schedule_run_write(
    struct cx *cx, const char *name, struct jw *w) MUST_USE;

#endif
