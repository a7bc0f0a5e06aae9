/* When the operator is told, and of what (ALERT_URL). */
#ifndef APP_ALERTS_H
#define APP_ALERTS_H

#include "base/cx.h"

struct alerts_seen {
	double oldest_s; /* the oldest job that could run has waited */
	const char *queue; /* there; NULL: there is none */
};

/*
 * Compares what is seen with what was told, and puts a job for what is to be
 * told: dead letters that are new, a backlog older than ALERT_BACKLOG_S, and
 * that either is over. Each tells that it stands once in ALERT_EVERY_S at most.
 * What was told and the job commit together, so nothing is told twice or never,
 * however many jobd look and whenever they end. *put: call job_wake.
 */
enum rc alerts_look(
    struct cx *cx, const struct alerts_seen *seen, bool *put) MUST_USE;

#endif
