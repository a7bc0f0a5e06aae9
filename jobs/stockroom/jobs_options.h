/* What stockroom jobs is told, by the rules of the API. */
#ifndef STOCKROOM_JOBS_OPTIONS_H
#define STOCKROOM_JOBS_OPTIONS_H

#include "web/shape.h"

struct jobs_options {
	struct words state;
	const char *kind;
	const char *queue;
	int64_t since, before;
	const char *text;
	int64_t batch;
	int64_t after;
	int64_t limit;
	const char *shop;
	int64_t spread_s;
	bool dry_run;
	int64_t max_running, max_running_per_shop; /* -1: not said */
	bool has_max, has_per_shop;
	const char *rate;
	bool has_rate;
	const char *spec, *tz;
	const char *args;
	int64_t priority;
	const char *per_s, *burst;
	int64_t minutes;
	const char *order;
	bool json;
};

/*
 * Reads --name value and the lone --json and --dry-run in front of or behind
 * the other words, which come out in `words`; `known` has the names that may
 * come. RC_INPUT names the option, its rule and what was got.
 */
enum rc jobs_options_read(struct cx *cx, int argc, char **argv,
    const char *known, const struct jobs_options **out,
    struct words *words) MUST_USE;

#endif
