/* Figures: counters and histograms in a file each process maps. */
#ifndef IO_COUNT_H
#define IO_COUNT_H

#include "base/buf.h"
#include "base/cx.h"

/*
 * A gauge is of its process, and all are added up. A level or a number of
 * seconds is of something they share: of several who tell it, the highest
 * stands.
 */
enum metric_type {
	METRIC_COUNTER,
	METRIC_GAUGE,
	METRIC_HISTOGRAM,
	METRIC_LEVEL,
	METRIC_SECONDS
};

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
/* Of a histogram: one more. Of a METRIC_SECONDS: so many now. */
void count_seconds(enum metric m, const char *labels, double seconds);

/* A figure as it stands. */
struct count_figure {
	const char *labels;
	int64_t n; /* a counter or gauge; of a histogram how many */
	double sum_s; /* of a histogram */
	double p95_s; /* 95 of 100 took no longer than this; -1: than 30 s */
};

/* The figures of a metric, of all processes or of this one; they live as long
 * as the arena. */
enum rc count_list(struct cx *cx, enum metric m, struct count_figure **out,
    size_t *n) MUST_USE;
void count_list_own(
    struct cx *cx, enum metric m, struct count_figure **out, size_t *n);

/* The value of one label, "" when there is none of that name. */
const char *count_label(
    struct arena *mem, const char *labels, const char *name);

/* Adds up every process's file and writes Prometheus text format 0.0.4. What
 * dead processes counted is kept. */
enum rc count_write(struct cx *cx, struct buf *out) MUST_USE;

#endif
