/* For the log: how often a kind of line may be written. */
#ifndef BASE_LOG_RATE_H
#define BASE_LOG_RATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rc.h"

enum { LOG_PER_SECOND = 10 };

/*
 * Whether a line of this kind may be written at `now_ms` of the steady clock;
 * then *repeats is how many were left out before it. For any thread.
 */
bool log_may(
    enum log_level level, const char *at, int64_t now_ms, int64_t *repeats);

#endif
