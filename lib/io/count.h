/* Figures: counters and histograms in a file each process maps. */
#ifndef IO_COUNT_H
#define IO_COUNT_H

#include "base/buf.h"
#include "base/cx.h"

enum metric_type { METRIC_COUNTER, METRIC_GAUGE, METRIC_HISTOGRAM };

enum metric {
#define METRIC(name, type, help) M_##name,
#include "io/metrics.def"
#undef METRIC
	M_COUNT
};

/*
 * Maps RUN_DIR/metrics/PROGRAM.PID. Without it (tests, CGI) figures are kept in
 * memory and lost. Never fails a program: a folder that cannot be written is
 * logged once.
 */
void count_start(struct cx *cx);

/* labels: NULL, or written as Prometheus has them: "query=\"shop_load\"". Few
 * different ones a process; never a shop. */
void count_add(enum metric m, const char *labels, int64_t n);
void count_set(enum metric m, const char *labels, int64_t value);
void count_seconds(enum metric m, const char *labels, double seconds);

/* Adds up every process's file and writes Prometheus text format 0.0.4. What
 * dead processes counted is kept. */
enum rc count_write(struct cx *cx, struct buf *out) MUST_USE;

#endif
