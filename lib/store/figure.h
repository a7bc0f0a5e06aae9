/* Figures of the queue: how much there is now, what was done each minute. */
#ifndef STORE_FIGURE_H
#define STORE_FIGURE_H

#include "io/db.h"

/* A queue's live jobs by state. */
struct figure_queue {
	int64_t id;
	const char *name;
	int64_t scheduled, available, running, blocked;
	double oldest_s; /* the oldest that could run has waited; 0: none */
};

/* Of every queue, by number; over all shops: needs cx->every_shop. Reads every
 * live job: a million takes half a second. */
enum rc figure_queues(
    struct cx *cx, struct figure_queue **out, size_t *n) MUST_USE;

/* The same for those who cannot wait: where there are many, as a jobd counted
 * them within the last minutes. */
enum rc figure_levels(
    struct cx *cx, struct figure_queue **out, size_t *n) MUST_USE;

/* What figure_queues gave, for figure_levels. */
enum rc figure_levels_save(
    struct cx *cx, const struct figure_queue *list, size_t n) MUST_USE;

struct figure_rate {
	const char *key;
	double tokens; /* now */
	double hold_s; /* 0: not held */
};

enum rc figure_rates(
    struct cx *cx, struct figure_rate **out, size_t *n) MUST_USE;

struct figure_database {
	double cron_lag_s; /* of the most overdue schedule */
	int64_t batches; /* that have not ended */
	int64_t dead_tuples; /* of table job */
	double xmin_age_s; /* so long has a transaction held vacuum back */
};

enum rc figure_database(struct cx *cx, struct figure_database *out) MUST_USE;

/* What was done with the jobs of a queue and kind. */
struct figure_share {
	const char *queue;
	const char *kind;
	int64_t claimed, completed, dead, cancelled, retried;
	int64_t wait_ms; /* the claimed ones had been ready, summed */
	int64_t ran, run_ms; /* runs that ended, and their time, summed */
};

/* Adds shares, each of another queue and kind, to the minute that it is. */
enum rc figure_minute_add(
    struct cx *cx, const struct figure_share *list, size_t n) MUST_USE;

struct figure_minute {
	int64_t at; /* its beginning */
	int64_t claimed, completed, dead, cancelled, retried;
	double wait_s;
	int64_t ran;
	double run_s;
};

enum { FIGURE_MINUTES_MOST = 24 * 60 };

/* The last so many minutes, the oldest first, none left out; of a queue and a
 * kind alone where they are not NULL. */
enum rc figure_minute_list(struct cx *cx, int64_t minutes, const char *queue,
    const char *kind, struct figure_minute **out, size_t *n) MUST_USE;

#endif
