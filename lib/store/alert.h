/* Alerts: whether each stands, and what was told of it. */
#ifndef STORE_ALERT_H
#define STORE_ALERT_H

#include "io/db.h"

enum alert_name { ALERT_BACKLOG, ALERT_DEAD, ALERT_NAMES };

/* "backlog", "dead" */
const char *alert_word(enum alert_name name);

struct alert {
	bool firing;
	int64_t since; /* it stands; 0: it does not */
	double told_s; /* ago; -1: never */
	int64_t told; /* messages so far */
};

/*
 * All of them, locked until the transaction ends: it must be open. RC_ABSENT
 * when another has them.
 */
enum rc alert_take(struct cx *cx, struct alert out[ALERT_NAMES]) MUST_USE;

/* Dead letters that nobody was told of, and all that lie behind the mark that
 * alert_save sets. */
enum rc alert_dead(struct cx *cx, int64_t *untold, int64_t *behind) MUST_USE;

/* How it is now, inside that transaction. `accounted`: of the dead behind the
 * new mark so many are told; -1 for an alert that counts none. */
enum rc alert_save(struct cx *cx, enum alert_name name, bool firing, bool told,
    int64_t accounted) MUST_USE;

#endif
