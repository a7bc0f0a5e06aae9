/* Time zones out of the tz database, without the process's own zone. */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include "base/cx.h"

struct zone;

/*
 * The zone of a name like "Europe/Berlin"; it lives in cx->mem. "UTC" is there
 * on any machine, all others are read from $TZDIR, else /usr/share/zoneinfo
 * (TZif, RFC 8536). RC_INPUT names `tz`, the rule and what was got.
 */
enum rc zone_load(
    struct cx *cx, const char *name, const struct zone **out) MUST_USE;

/* Seconds east of UTC at that instant. */
int64_t zone_offset(const struct zone *zone, int64_t epoch_s);

#endif
