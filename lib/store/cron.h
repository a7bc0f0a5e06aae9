/* Schedules: rows of table cron, fired by whichever jobd comes first. */
#ifndef STORE_CRON_H
#define STORE_CRON_H

#include "store/job.h"

/* Whose a schedule is: only they make it and drop it. */
enum cron_owner { CRON_OURS, CRON_FILE, CRON_OPERATOR, CRON_OWNERS };

/* The word of an owner in the table: "stockroom", "file", "operator". */
const char *cron_owner_word(enum cron_owner owner);

struct cron_new {
	const char *name; /* a-z 0-9 . _ - : up to 80 */
	enum cron_owner owner;
	const char *spec; /* base/cron.h */
	const char *tz; /* NULL: UTC */
	enum job_kind kind;
	int64_t shop_id; /* 0: of no shop */
	const char *args; /* a JSON object's text; NULL: {} */
	int priority; /* as job_new's */
};

struct cron_row {
	const char *name;
	const char *owner;
	const char *spec;
	const char *tz;
	const char *kind;
	int64_t shop_id;
	const char *args; /* JSON */
	int priority;
	bool paused;
	bool changed; /* its spec is an operator's, not its owner's */
	int64_t next_at;
	int64_t fired_at; /* 0: never */
	int64_t job_id; /* that it put last; 0: none */
};

/*
 * Makes it, or makes it so. One that is there keeps its pause, and its next
 * time unless spec or zone are others; what an operator changed stays. Of shop
 * 0 it needs cx->every_shop. RC_INPUT names what is wrong; RC_CONFLICT when the
 * name is another owner's.
 */
enum rc cron_put(struct cx *cx, const struct cron_new *c) MUST_USE;

/* Drops the owner's schedules that are not among `names`; *dropped may be
 * NULL. */
enum rc cron_keep(struct cx *cx, enum cron_owner owner,
    const char *const *names, size_t n, int64_t *dropped) MUST_USE;

/* By name, those that cx may see; all that there are. */
enum rc cron_list(struct cx *cx, struct cron_row **out, size_t *n) MUST_USE;

/* RC_ABSENT, noted as nothing, when there is none of that name. So are: */
enum rc cron_load(
    struct cx *cx, const char *name, struct cron_row *out) MUST_USE;

/* Another time, or zone, or both: NULL leaves one as it is. It stays when its
 * owner puts it again. RC_INPUT as cron_put;
 * RC_CONFLICT when it stands in a file, which is the place to change it. */
enum rc cron_change(
    struct cx *cx, const char *name, const char *spec, const char *tz) MUST_USE;

/* While paused nothing is fired; resumed, it begins with its next time. */
enum rc cron_pause(struct cx *cx, const char *name) MUST_USE;
enum rc cron_resume(struct cx *cx, const char *name) MUST_USE;

/* Due at once; the times to come stay as they are. RC_CONFLICT: paused. */
enum rc cron_run(struct cx *cx, const char *name) MUST_USE;

/* RC_CONFLICT unless it is an operator's. */
enum rc cron_drop(struct cx *cx, const char *name) MUST_USE;

struct cron_fired {
	int64_t jobs; /* put */
	int64_t skipped; /* the one before has not begun yet */
	double lag_s; /* of the latest, from its time until now; -1: none was */
};

/*
 * Puts the jobs of what is due, `most` schedules at most, and moves each to its
 * next time. However many jobd do so at once, each instant is fired once, and
 * what was missed meanwhile is one run. A spec that cannot be read (the zone is
 * gone) is paused, and said in the log. Needs cx->every_shop.
 */
enum rc cron_fire(struct cx *cx, int most, struct cron_fired *out) MUST_USE;

#endif
