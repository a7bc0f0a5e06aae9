/* Figures for people, in JSON; as app/jobs.h. */
#ifndef APP_FIGURES_H
#define APP_FIGURES_H

#include "base/json.h"

/* What was done in each of the last so many minutes, as `items`, the oldest
 * first; of a queue and a kind alone where they are not NULL. */
enum rc figures_write(struct cx *cx, int64_t minutes, const char *queue,
    const char *kind, struct jw *w) MUST_USE;

/* In which order queries are told; ended by NULL: slow, frequent, total. */
extern const char *const figures_orders[];

/* The named queries that all programs of this host have asked, as `items`, at
 * most so many: by mean time, by count or by time in all. */
enum rc figures_queries(
    struct cx *cx, const char *order, size_t limit, struct jw *w) MUST_USE;

#endif
