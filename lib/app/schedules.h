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

/* One of the operator's own, to be made or made so. */
struct schedule_new {
	const char *name;
	const char *kind; /* a word of kinds.def */
	const char *spec;
	const char *tz; /* NULL: UTC */
	struct json args; /* an object; of kind NULL: {} */
	int64_t shop_id; /* 0: of no shop */
	int64_t priority;
};

/* Makes it and says how it is. RC_INPUT names what is wrong; RC_CONFLICT when
 * the name is another owner's. */
enum rc schedule_put_write(
    struct cx *cx, const struct schedule_new *n, struct jw *w) MUST_USE;

/* RC_ABSENT; RC_CONFLICT unless it is an operator's. */
enum rc schedule_drop(struct cx *cx, const char *name) MUST_USE;

/* Due at once, besides its times; `job` comes with the next jobd. RC_ABSENT;
 * RC_CONFLICT: paused. */
enum rc schedule_run_write(
    struct cx *cx, const char *name, struct jw *w) MUST_USE;

#endif
