/* A schedule's line, read. */
#ifndef BASE_CRON_SPEC_H
#define BASE_CRON_SPEC_H

#include "base/cx.h"

enum { CRON_SPEC_MAX_BYTES = 200 };

/* Sets with a bit for each number; these are whole. */
#define CRON_HOURS UINT64_C(0xffffff)
#define CRON_DAYS UINT64_C(0xfffffffe)
#define CRON_WEEKDAYS UINT64_C(0x7f)

struct cron_spec {
	int64_t every_s; /* 0: by the sets */
	uint64_t minutes, hours, days, months, weekdays;
};

/* RC_INPUT names the field of the line, its rule and what was got. */
enum rc cron_spec_read(
    struct cx *cx, const char *text, struct cron_spec *out) MUST_USE;

#endif
